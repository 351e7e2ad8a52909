/** Trips to the provider on the wire. Digests of `state` and of the browser's cookie stay inside. */
import { AccountType, type Authorization, Channel, Evidence as Standing, Id, Region } from "@portolan/domain"
import type { PendingAuthorizations } from "@portolan/ports"
import { Schema } from "effect"
import * as Evidence from "./Evidence.ts"
import * as Profile from "./Profile.ts"
import { Explanation, Instant, instant } from "./Text.ts"

/** A trip. */
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
}).annotate({ identifier: "Authorization", description: "One trip to the provider and what came back." })

/** A trip with the names around it. */
export const Pending = Schema.Struct({
  ...Answer.fields,
  accountName: Schema.String,
  companyName: Schema.String
}).annotate({ identifier: "PendingAuthorization", description: "A consent that waits for a person's choice." })

/** A trip with what can be chosen. */
export const Detail = Schema.Struct({ ...Pending.fields, choices: Schema.Array(Profile.Choice) }).annotate({
  identifier: "AuthorizationDetail",
  description: "A trip with the profiles to choose from."
})

/** Where the browser goes next. */
export const Departure = Schema.Struct({
  authorizationId: Id.AuthorizationId,
  url: Schema.String.annotate({
    format: "uri",
    description: "The provider's consent page. Open it in the browser that made this request."
  })
}).annotate({ identifier: "Departure", description: "A trip that starts: where the browser goes next." })

/** What choosing a profile takes. */
export const Selection = Schema.Struct({
  profile: Schema.Union([Profile.Reference, Profile.Key]).annotate({
    description: "The `reference` or the `key` of one of the choices."
  }),
  confirmed: Schema.optionalKey(
    Schema.Boolean.annotate({ description: "The person has seen the warnings and goes on." })
  ),
  keepsReplaced: Schema.optionalKey(
    Schema.Boolean.annotate({
      description:
        "Where the connection is live already: leave the earlier login in place, to fall back to when the new one is lost (rule S-R7)."
    })
  )
})

/** Why a consent is dropped. */
export const Dismissal = Schema.Struct({ because: Schema.optionalKey(Explanation) })

type Trip = Authorization.Present

const more = (trip: Trip) => {
  switch (trip._tag) {
    case "Started":
      return { state: "started" } as const
    case "Exchanging":
      return { state: "exchanging" } as const
    case "AwaitingSelection":
      return { state: "awaiting-selection", consentedAt: instant(trip.consentedAt) } as const
    case "Finalised":
      return {
        state: "finalised",
        consentedAt: instant(trip.consentedAt),
        endedAt: instant(trip.finalisedAt),
        profile: Profile.of(trip.selected)
      } as const
    case "Declined":
      return { state: "declined", endedAt: instant(trip.declinedAt) } as const
    case "Failed":
      return { state: "failed", endedAt: instant(trip.failedAt) } as const
    case "Expired":
      return { state: "expired", endedAt: instant(trip.expiredAt) } as const
    case "Dismissed":
      return { state: "dismissed", consentedAt: instant(trip.consentedAt), endedAt: instant(trip.dismissedAt) } as const
  }
}

/** Writes a trip. */
export const of = (trip: Trip): typeof Answer.Type => ({
  id: trip.id,
  connectionId: trip.connectionId,
  companyId: trip.companyId,
  accountId: trip.accountId,
  channel: trip.channel,
  accountType: trip.accountType,
  region: trip.region,
  marketplaceId: trip.marketplaceId,
  outcome: Evidence.outcome(Standing.ofAuthorization(trip)),
  ...(trip.origin._tag === "ByLink" ? { authLinkId: trip.origin.invitationId } : {}),
  startedAt: instant(trip.startedAt),
  expiresAt: instant(trip.expiresAt),
  ...more(trip)
})

/** Writes a trip that waits. */
export const pending = ({ account, company, trip }: PendingAuthorizations.TripView): typeof Pending.Type => ({
  ...of(trip),
  accountName: account.name,
  companyName: company.name
})

/** Writes a trip with what can be chosen. */
export const detail = (view: PendingAuthorizations.TripView): typeof Detail.Type => ({
  ...pending(view),
  choices: view.choices.map(Profile.choice)
})
