/** Authorizations to the provider on the wire. Digests of `state` and of the browser's cookie stay inside. */
import { AccountType, type Authorization, Channel, Evidence as Standing, Id, Region } from "@portolan/domain"
import type { PendingAuthorizations } from "@portolan/ports"
import { type DateTime, Schema } from "effect"
import * as Evidence from "./Evidence.ts"
import * as Profile from "./Profile.ts"
import { Explanation, Instant, instant } from "./Text.ts"

/** An authorization. */
export const Answer = Schema.Struct({
  id: Id.AuthorizationId,
  connectionId: Id.ConnectionId,
  companyId: Id.CompanyId,
  accountId: Id.AccountId,
  channel: Channel.Channel,
  accountType: AccountType.AccountType,
  region: Region.Region,
  marketplaceId: Schema.String,
  state: Schema.Literals([
    "started",
    "exchanging",
    "awaiting-selection",
    "finalised",
    "declined",
    "failed",
    "expired",
    "dismissed"
  ]),
  outcome: Evidence.Outcome,
  authLinkId: Schema.optionalKey(Id.InvitationId),
  startedAt: Instant,
  expiresAt: Instant,
  consentedAt: Schema.optionalKey(Instant),
  endedAt: Schema.optionalKey(Instant),
  profile: Schema.optionalKey(Profile.Answer)
}).annotate({ identifier: "Authorization", description: "One authorization at the provider and its outcome." })

/** An authorization with the names around it. */
export const Pending = Schema.Struct({
  ...Answer.fields,
  accountName: Schema.String,
  companyName: Schema.String
}).annotate({
  identifier: "PendingAuthorization",
  description: "An authorization that waits for the selection of a profile."
})

/** An authorization with what can be chosen. */
export const Detail = Schema.Struct({ ...Pending.fields, choices: Schema.Array(Profile.Choice) }).annotate({
  identifier: "AuthorizationDetail",
  description: "An authorization with the profiles to select from."
})

/** Where the browser goes next. */
export const AuthorizationRedirect = Schema.Struct({
  authorizationId: Id.AuthorizationId,
  url: Schema.String.annotate({
    format: "uri",
    description: "The provider's consent page. Open it in the browser that made this request."
  })
}).annotate({ identifier: "Departure", description: "An authorization that starts: where the browser goes next." })

/** What choosing a profile takes. */
export const Selection = Schema.Struct({
  profile: Schema.Union([Profile.Reference, Profile.Key]).annotate({
    description: "The `reference` or the `key` of one of the choices."
  }),
  confirmed: Schema.optionalKey(
    Schema.Boolean.annotate({ description: "The person has seen the warnings and continues." })
  ),
  keepsReplaced: Schema.optionalKey(
    Schema.Boolean.annotate({
      description:
        "If the connection is live already: keep the earlier login as a fallback for when the new one is lost."
    })
  )
})

/** Why a consent is dropped. */
export const Dismissal = Schema.Struct({ because: Schema.optionalKey(Explanation) })

type AuthorizationView = Authorization.Present

const more = (authorization: AuthorizationView) => {
  switch (authorization._tag) {
    case "Started":
      return { state: "started" } as const
    case "Exchanging":
      return { state: "exchanging" } as const
    case "AwaitingSelection":
      return { state: "awaiting-selection", consentedAt: instant(authorization.consentedAt) } as const
    case "Finalised":
      return {
        state: "finalised",
        consentedAt: instant(authorization.consentedAt),
        endedAt: instant(authorization.finalisedAt),
        profile: Profile.of(authorization.selected)
      } as const
    case "Declined":
      return { state: "declined", endedAt: instant(authorization.declinedAt) } as const
    case "Failed":
      return { state: "failed", endedAt: instant(authorization.failedAt) } as const
    case "Expired":
      return { state: "expired", endedAt: instant(authorization.expiredAt) } as const
    case "Dismissed":
      return {
        state: "dismissed",
        consentedAt: instant(authorization.consentedAt),
        endedAt: instant(authorization.dismissedAt)
      } as const
  }
}

/** Writes an authorization. */
export const of = (authorization: AuthorizationView, now: DateTime.Utc): typeof Answer.Type => ({
  id: authorization.id,
  connectionId: authorization.connectionId,
  companyId: authorization.companyId,
  accountId: authorization.accountId,
  channel: authorization.channel,
  accountType: authorization.accountType,
  region: authorization.region,
  marketplaceId: authorization.marketplaceId,
  outcome: Evidence.outcome(Standing.ofAuthorization(authorization, now)),
  ...(authorization.origin._tag === "ByLink" ? { authLinkId: authorization.origin.invitationId } : {}),
  startedAt: instant(authorization.startedAt),
  expiresAt: instant(authorization.expiresAt),
  ...more(authorization)
})

/** Writes an authorization that waits. */
export const pending = (
  { account, authorization, company }: PendingAuthorizations.AuthorizationView,
  now: DateTime.Utc
): typeof Pending.Type => ({ ...of(authorization, now), accountName: account.name, companyName: company.name })

/** Writes an authorization with what can be chosen. */
export const detail = (view: PendingAuthorizations.AuthorizationView, now: DateTime.Utc): typeof Detail.Type => ({
  ...pending(view, now),
  choices: view.choices.map(Profile.choice)
})
