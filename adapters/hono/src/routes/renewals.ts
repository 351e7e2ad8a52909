/** Consents that end: as a list, as a calendar, and at an address that calendar programs can read. */
import { Channel, given, Id } from "@portolan/domain"
import { type Deployment, Renewals } from "@portolan/ports"
import { Effect, Redacted, Schema } from "effect"
import { calendarRoute } from "../calendarRoute.ts"
import * as Query from "../Query.ts"
import { route } from "../Route.ts"
import { calendarText, type Entry } from "../wire/calendarText.ts"
import * as Renewal from "../wire/Renewal.ts"
import { page } from "../wire/Text.ts"
import { pageOf, pageQuery, showPage } from "./shared.ts"

const at = "/v1/renewals"
const feedAt = `${at}/calendar-feed`
const tag = "Consents"

const Filter = Schema.Struct({
  ...pageQuery,
  withinDays: Schema.optionalKey(
    Query.integer({
      minimum: 0,
      maximum: Renewals.daysAhead,
      standard: Renewals.daysAhead,
      description: "Only consents that end within this number of days. Those that are over or lost are included."
    })
  ),
  companyId: Schema.optionalKey(Id.CompanyId),
  accountId: Schema.optionalKey(Id.AccountId),
  channel: Schema.optionalKey(Channel.Known)
})

const entryOf =
  (origin: string) =>
  (one: Renewals.Renewal): ReadonlyArray<Entry> => {
    const { accountName, companyName, connection, expiresAt, sharedWith } = one
    if (expiresAt === undefined) return []
    const channel = Channel.label(connection.channel)
    const others = sharedWith === 0 ? "" : ` One renewal answers for ${sharedWith} more of the same login.`
    return [
      {
        uid: `${connection.id}@${new URL(origin).hostname}`,
        at: expiresAt,
        changedAt: connection.link.linkedAt,
        summary: `${accountName} (${companyName}): the consent for the ${channel} ends`,
        description: `Renew it before, as the same login; nothing is lost.${others}`,
        url: Renewal.urlOf(origin, one)
      }
    ]
  }

const written = (
  { origin, productName = "Portolan" }: Deployment.Deployment["Service"],
  items: ReadonlyArray<Renewals.Renewal>
): string => calendarText({ name: `${productName}: renewals`, entries: items.flatMap(entryOf(origin)) })

/** The routes. */
export const renewals = [
  route({
    method: "GET",
    path: at,
    operationId: "listRenewals",
    tag,
    summary: "Lists consents that end, the nearest end first",
    description:
      "Lost consents come first: they have to be given again. A consent that was renewed, and a connection that " +
      "ended, are listed no more.",
    query: Filter,
    answer: page(Renewal.Answer),
    problems: ["invalid-cursor"],
    call: ({ deployment, renewals }, { caller, query: { accountId, channel, companyId, withinDays, ...query } }) =>
      Effect.map(
        renewals.list(caller, given({ accountId, channel, companyId, withinDays }), pageOf(query)),
        (found) => ({ found, origin: deployment.origin })
      ),
    show: ({ found, origin }, now) => showPage(Renewal.of(origin))(found, now)
  }),
  calendarRoute({
    principal: "member",
    path: `${at}.ics`,
    operationId: "readRenewalCalendar",
    tag,
    summary: "Reads the consents that end as a calendar (RFC 5545)",
    description:
      "Each connection is one entry, whose UID stays the same when a renewal moves the end. Calendar programs send " +
      "no header: they read the address that `POST /v1/renewals/calendar-feed` makes.",
    call: ({ deployment, renewals }, { caller }) =>
      Effect.map(renewals.calendar(caller), (items) => written(deployment, items))
  }),
  calendarRoute({
    principal: "anyone",
    path: `${at}/feeds/{feed}`,
    operationId: "readCalendarFeed",
    tag,
    summary: "Reads the same at a person's own address, without credentials",
    description:
      "The address holds a secret and shows what its member may see now. It is not found once it was withdrawn or " +
      "made anew, and when its member left.",
    params: Schema.Struct({ feed: Schema.String.check(Schema.isMaxLength(200)) }),
    problems: ["not-found", "not-possible-now"],
    call: ({ deployment, renewals }, { params: { feed } }) =>
      Effect.map(renewals.byFeed(Redacted.make(feed.replace(/\.ics$/, ""))), (items) => written(deployment, items))
  }),
  route({
    method: "GET",
    path: feedAt,
    operationId: "getCalendarFeed",
    sessionOnly: true,
    tag,
    summary: "Reads whether there is an address for your calendar",
    answer: Renewal.FeedAnswer,
    problems: ["not-found"],
    call: ({ renewals }, { caller }) => renewals.feed(caller),
    show: Renewal.feed
  }),
  route({
    method: "POST",
    path: feedAt,
    operationId: "openCalendarFeed",
    sessionOnly: true,
    tag,
    summary: "Makes an address for your calendar, in place of one before",
    description: "The address is shown once; only a digest of it is kept.",
    answer: Renewal.NewFeed,
    problems: ["not-found", "changed-meanwhile"],
    call: ({ deployment, renewals }, { caller }) =>
      Effect.map(renewals.openFeed(caller), (token) => `${deployment.origin}${at}/feeds/${Redacted.value(token)}.ics`),
    show: (url) => ({ url }),
    location: () => feedAt
  }),
  route({
    method: "DELETE",
    path: feedAt,
    operationId: "closeCalendarFeed",
    sessionOnly: true,
    tag,
    summary: "Withdraws the address of your calendar",
    status: 204,
    problems: ["not-found", "changed-meanwhile"],
    call: ({ renewals }, { caller }) => renewals.closeFeed(caller)
  })
]
