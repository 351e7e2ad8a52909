/** Consents that end, on the wire. */
import { Channel, given, Id } from "@portolan/domain"
import type { Renewals } from "@portolan/ports"
import { Schema } from "effect"
import { Instant, instant } from "./Text.ts"

/** A connection whose consent ends or is lost. */
export const Answer = Schema.Struct({
  connectionId: Id.ConnectionId,
  companyId: Id.CompanyId,
  companyName: Schema.String,
  accountId: Id.AccountId,
  accountName: Schema.String,
  channel: Channel.Channel,
  marketplaceId: Schema.String,
  state: Schema.Literals(["ends", "ended", "lost"]).annotate({
    description: "`ends`: the end lies ahead; `ended`: its date is over; `lost`: the provider refuses the consent."
  }),
  consentExpiresAt: Schema.optionalKey(Instant),
  daysLeft: Schema.optionalKey(
    Schema.Int.annotate({ description: "Whole days until the end; 0 within the last day and afterwards." })
  ),
  grantId: Id.GrantId,
  sharedWith: Schema.Int.annotate({
    description: "Other connections of the same login that end, too: one renewal answers for them."
  }),
  openRequestId: Schema.optionalKey(Id.InvitationId),
  renewUrl: Schema.String.annotate({ description: "The page on which a member renews it." })
}).annotate({ identifier: "Renewal", description: "A connection whose consent ends or is lost." })

/** The page on which a member renews the consent of a connection. */
export const urlOf = (origin: string, { connection }: Renewals.Renewal): string =>
  `${origin}/connections/${connection.id}`

/** Writes one, for an installation at an address. */
export const of =
  (origin: string) =>
  (one: Renewals.Renewal): typeof Answer.Type => ({
    connectionId: one.connection.id,
    companyId: one.connection.companyId,
    companyName: one.companyName,
    accountId: one.connection.accountId,
    accountName: one.accountName,
    channel: one.connection.channel,
    marketplaceId: one.connection.marketplaceId,
    state: one.state,
    grantId: one.connection.link.grantId,
    sharedWith: one.sharedWith,
    renewUrl: urlOf(origin, one),
    ...given({
      consentExpiresAt: one.expiresAt === undefined ? undefined : instant(one.expiresAt),
      daysLeft: one.daysLeft,
      openRequestId: one.openRequest
    })
  })

/** Whether there is an address for the caller's calendar. */
export const FeedAnswer = Schema.Struct({ isOpen: Schema.Boolean, createdAt: Schema.optionalKey(Instant) }).annotate({
  identifier: "CalendarFeed",
  description: "Whether there is an address for the caller's calendar."
})

/** Writes whether there is one. */
export const feed = (found: Renewals.CalendarFeed | undefined): typeof FeedAnswer.Type =>
  found === undefined ? { isOpen: false } : { isOpen: true, createdAt: instant(found.createdAt) }

/** The address for a calendar program, shown once. */
export const NewFeed = Schema.Struct({
  url: Schema.String.annotate({ description: "Shown once. Everybody who has it can read when consents end." })
}).annotate({ identifier: "NewCalendarFeed", description: "The address for the caller's calendar program." })
