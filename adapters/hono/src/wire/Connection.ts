/** Connections and their first load on the wire. */
import { Channel, Connection, DataClass, Id, Incident } from "@portolan/domain"
import type { Connections } from "@portolan/ports"
import { Option, Schema } from "effect"
import * as Evidence from "./Evidence.ts"
import * as Identity from "./Identity.ts"
import * as Profile from "./Profile.ts"
import { By, by, Day, Instant, instant } from "./Text.ts"

const Class = Schema.Struct({
  dataClass: DataClass.DataClass,
  label: Schema.String,
  daysDone: Schema.Int,
  daysTotal: Schema.Int,
  fraction: Schema.Finite,
  rows: Schema.Int,
  windowsDone: Schema.Int,
  windowsTotal: Schema.Int,
  dueAt: Instant,
  status: Schema.Literals(["on-time", "done", "overdue", "action-needed"]),
  /** What keeps days from loading, when somebody must act. */
  actionNeeded: Schema.Array(Schema.String)
}).annotate({
  identifier: "ClassProgress",
  description: "The progress of the first load of one kind of data, and its deadline."
})

/** How a first load stands: one bar a data class. */
export const Progress = Schema.Struct({
  state: Schema.Literals(["running", "complete", "cancelled"]),
  overall: Schema.Finite.annotate({ description: "0 to 1, over all classes." }),
  finalisedAt: Instant,
  nextDeadline: Schema.optionalKey(Instant),
  classes: Schema.Array(Class)
}).annotate({ identifier: "BackfillProgress", description: "The progress of the first load, by kind of data." })

const Window = Schema.Struct({
  id: Schema.String,
  dataClass: DataClass.DataClass,
  from: Day,
  until: Day,
  progress: Schema.Literals(["waiting", "requested", "loaded", "skipped", "blocked"]),
  rows: Schema.optionalKey(Schema.Int),
  reason: Schema.optionalKey(Schema.String),
  at: Schema.optionalKey(Instant)
}).annotate({
  identifier: "BackfillWindow",
  description: "Days `from` (included) to `until` (excluded), and their result."
})

/** The ledger, window by window. */
export const Ledger = Schema.Struct({ ...Progress.fields, windows: Schema.Array(Window) }).annotate({
  identifier: "Backfill",
  description: "The first load with its ledger, window by window."
})

/** Which days are asked for again. */
export const RetryRequest = Schema.Struct({
  dataClass: Schema.optionalKey(
    DataClass.Known.annotate({ description: "Only the days of this kind of data. Left out: those of all kinds." })
  )
}).annotate({ identifier: "RetryRequest", description: "The kind of data that is asked for again." })

const KnownIncident = Schema.Struct({ kind: Incident.Kind, since: Instant, text: Schema.String }).annotate({
  identifier: "KnownIncident",
  description: "Trouble at the provider or of this installation that many meet. Nobody of you has to act on it."
})

/** A connection with what its status rests on. */
export const Answer = Schema.Struct({
  id: Id.ConnectionId,
  companyId: Id.CompanyId,
  accountId: Id.AccountId,
  channel: Channel.Channel,
  marketplaceId: Schema.String,
  optional: Schema.Boolean,
  proposedAt: Instant,
  evidence: Evidence.Answer,
  incident: Schema.optionalKey(KnownIncident),
  profile: Schema.optionalKey(Profile.Answer),
  identity: Schema.optionalKey(Identity.Answer),
  linkedAt: Schema.optionalKey(Instant),
  linkedBy: Schema.optionalKey(By),
  consentExpiresAt: Schema.optionalKey(Instant),
  paused: Schema.optionalKey(Schema.Struct({ at: Instant, by: By })),
  expected: Schema.optionalKey(
    Schema.Struct({
      advertiser: Schema.String,
      by: By,
      since: Instant,
      overdueAt: Schema.optionalKey(Instant),
      arrived: Schema.optionalKey(
        Schema.Struct({ advertiser: Schema.String, at: Instant }).annotate({
          description: "The advertiser that is ready to be linked, under its own name."
        })
      )
    }).annotate({ description: "The advertiser that somebody named with `expectAdvertiser`." })
  ),
  pending: Schema.optionalKey(Schema.Struct({ authorizationId: Id.AuthorizationId, since: Instant })),
  backfill: Schema.optionalKey(Progress)
}).annotate({ identifier: "Connection", description: "The connection of one account through one channel." })

/** A connection with the names around it. */
export const Detail = Schema.Struct({
  ...Answer.fields,
  account: Schema.Struct({ id: Id.AccountId, name: Schema.String }),
  company: Schema.Struct({ id: Id.CompanyId, name: Schema.String })
}).annotate({ identifier: "ConnectionDetail", description: "A connection with its account and company." })

/** A live access token. */
export const AccessToken = Schema.Struct({
  accessToken: Schema.String.annotate({ description: "Send it to the provider as a bearer token. Do not store it." }),
  expiresAt: Instant
}).annotate({ identifier: "AccessToken", description: "An access token that is good for at least five minutes." })

/** The longest access token that a request may name; those of the providers have up to some 2,000 characters. */
const tokenLimit = 10_000

/** What a request for an access token may say. */
export const AccessTokenRequest = Schema.Struct({
  refusedToken: Schema.optionalKey(
    Schema.NonEmptyString.check(Schema.isMaxLength(tokenLimit)).annotate({
      description: "A token that the provider answered with 401. If it is still the latest one, it is replaced."
    })
  )
}).annotate({ identifier: "AccessTokenRequest", description: "The token that the provider refused, if one was." })

const states = { Running: "running", Complete: "complete", Cancelled: "cancelled" } as const

const progress = ({ classes, nextDeadline, overall, state }: Connections.BackfillView): typeof Progress.Type => ({
  state: states[state._tag],
  overall,
  finalisedAt: instant(state.finalisedAt),
  ...(Option.isNone(nextDeadline) ? {} : { nextDeadline: instant(nextDeadline.value) }),
  classes: classes.map((one) => ({
    dataClass: one.dataClass,
    label: DataClass.label(one.dataClass),
    daysDone: one.daysDone,
    daysTotal: one.daysTotal,
    fraction: one.fraction,
    rows: one.rows,
    windowsDone: one.windowsDone,
    windowsTotal: one.windowsTotal,
    dueAt: instant(one.dueAt),
    status: one.status,
    actionNeeded: one.blockedBy
  }))
})

// A provider's ticket is of no use to anybody else, so it stays inside.
const window = (found: Connections.Ledger["windows"][number]): typeof Window.Type => {
  const { dataClass, from, until, windowId: id } = found
  const common = { id, dataClass, from, until }
  switch (found._tag) {
    case "Waiting":
      return { ...common, progress: "waiting" }
    case "Requested":
      return { ...common, progress: "requested", at: instant(found.at) }
    case "Loaded":
      return { ...common, progress: "loaded", rows: found.rows, at: instant(found.at) }
    case "Skipped":
      return { ...common, progress: "skipped", reason: found.reason, at: instant(found.at) }
    case "Blocked":
      return { ...common, progress: "blocked", reason: found.reason, at: instant(found.at) }
  }
}

/** Writes a ledger. */
export const ledger = (view: Connections.Ledger): typeof Ledger.Type => ({
  ...progress(view),
  windows: view.windows.map(window)
})

/** Writes a connection. */
export const of = ({ backfill, connection, evidence, incident }: Connections.ConnectionView): typeof Answer.Type => {
  const pending = Connection.pendingOf(connection)
  const link = Connection.isLinked(connection) ? connection.link : undefined
  const paused = Connection.isLinked(connection) ? connection.paused : undefined
  const expected = connection._tag === "AwaitingAccess" ? connection.expected : undefined
  return {
    id: connection.id,
    companyId: connection.companyId,
    accountId: connection.accountId,
    channel: connection.channel,
    marketplaceId: connection.marketplaceId,
    optional: connection.optional,
    proposedAt: instant(connection.proposedAt),
    evidence: Evidence.of(evidence),
    ...(incident === undefined ? {} : { incident: { ...incident, since: instant(incident.since) } }),
    ...(link === undefined
      ? {}
      : {
          profile: Profile.of(link.profile),
          ...(Channel.claimsIdentity(connection.channel) ? { identity: Identity.of(link.identity) } : {}),
          linkedAt: instant(link.linkedAt),
          linkedBy: by(link.linkedBy),
          ...(link.expiresAt === undefined ? {} : { consentExpiresAt: instant(link.expiresAt) })
        }),
    ...(paused === undefined ? {} : { paused: { at: instant(paused.at), by: by(paused.by) } }),
    ...(expected === undefined
      ? {}
      : {
          expected: {
            advertiser: expected.advertiser,
            by: by(expected.by),
            since: instant(expected.since),
            ...(expected.overdueAt === undefined ? {} : { overdueAt: instant(expected.overdueAt) }),
            ...(expected.arrived === undefined
              ? {}
              : { arrived: { advertiser: expected.arrived.advertiser, at: instant(expected.arrived.at) } })
          }
        }),
    ...(pending === undefined
      ? {}
      : { pending: { authorizationId: pending.authorizationId, since: instant(pending.since) } }),
    ...(backfill === undefined ? {} : { backfill: progress(backfill) })
  }
}

/** Writes a connection with the names around it. */
export const detail = (view: Connections.ConnectionDetail): typeof Detail.Type => ({
  ...of(view),
  account: { id: view.account.id, name: view.account.name },
  company: { id: view.company.id, name: view.company.name }
})
