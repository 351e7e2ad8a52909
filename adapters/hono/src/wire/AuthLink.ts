/** Auth links on the wire. The address is shown where one link is read, never in lists. */
import { type Aggregate, Channel, Evidence as Outcome, Id } from "@portolan/domain"
import type { AuthLinks } from "@portolan/ports"
import { type DateTime, Redacted, Schema } from "effect"
import * as Evidence from "./Evidence.ts"
import { By, by, Instant, instant } from "./Text.ts"

/** A link. */
export const Answer = Schema.Struct({
  id: Id.InvitationId,
  connectionId: Id.ConnectionId,
  companyId: Id.CompanyId,
  accountId: Id.AccountId,
  channel: Channel.Channel,
  state: Schema.Literals(["open", "used", "revoked", "expired"]),
  outcome: Evidence.Outcome,
  issuedBy: By,
  issuedAt: Instant,
  expiresAt: Instant,
  attempts: Schema.optionalKey(Schema.Int),
  authorizationId: Schema.optionalKey(Id.AuthorizationId),
  endedAt: Schema.optionalKey(Instant)
}).annotate({ identifier: "AuthLink", description: "A link that is sent to the person who may consent." })

/** A link with its address. */
export const WithAddress = Schema.Struct({
  ...Answer.fields,
  url: Schema.optionalKey(
    Schema.String.annotate({
      format: "uri",
      description:
        "Send it to the person who may consent: anybody who has it can. Absent once the link no longer works."
    })
  )
}).annotate({ identifier: "AuthLinkWithAddress", description: "A link with the address to send." })

/** What making a link takes. */
export const New = Schema.Struct({
  lifeHours: Schema.optionalKey(
    Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 720 })).annotate({
      description: "How long the link works; seven days by default."
    })
  )
})

type Link = Aggregate.Present<"invitation">

const more = (link: Link) => {
  switch (link._tag) {
    case "Open":
      return { state: "open", attempts: link.attempts } as const
    case "Used":
      return { state: "used", authorizationId: link.authorizationId, endedAt: instant(link.usedAt) } as const
    case "Revoked":
      return { state: "revoked", endedAt: instant(link.revokedAt) } as const
    case "Expired":
      return { state: "expired", endedAt: instant(link.expiredAt) } as const
  }
}

/** Writes a link as it stands at an instant. */
export const of = (link: Link, now: DateTime.Utc): typeof Answer.Type => ({
  id: link.id,
  connectionId: link.connectionId,
  companyId: link.companyId,
  accountId: link.accountId,
  channel: link.channel,
  outcome: Evidence.outcome(Outcome.ofInvitation(link, now)),
  issuedBy: by(link.issuedBy),
  issuedAt: instant(link.issuedAt),
  expiresAt: instant(link.expiresAt),
  ...more(link)
})

/** Writes a link with its address. */
export const withAddress = ({ link, url }: AuthLinks.LinkWithAddress, now: DateTime.Utc): typeof WithAddress.Type => ({
  ...of(link, now),
  ...(url === undefined ? {} : { url: Redacted.value(url) })
})
