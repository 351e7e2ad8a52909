/** The worker's side of a first load: plan it, fetch window after window, land the rows, watch the deadlines. */
import { Backfill, Connection, DataClass, Day, Failure, type Id, type Intent, Marketplace } from "@portolan/domain"
import { DateTime, Effect } from "effect"
import { ConnectionStore } from "../driven/ConnectionStore.ts"
import { DataSink } from "../driven/DataSink.ts"
import { ProviderApi, type Row } from "../driven/ProviderApi.ts"
import { Secrets } from "../driven/Secrets.ts"
import { AccessTokens } from "./AccessTokens.ts"
import { decide, onConflictAgain } from "./change.ts"
import { done, type Job, makeRecords } from "./job.ts"
import { withToken } from "./withToken.ts"

type Of<T extends Intent.Work["_tag"]> = Extract<Intent.Work, { readonly _tag: T }>

const consentGone = "The consent is gone; authorize the account again."

/** Builds the handlers, once per service. */
export const makeLoading = Effect.gen(function*() {
  const store = yield* ConnectionStore
  const provider = yield* ProviderApi
  const tokens = yield* AccessTokens
  const sink = yield* DataSink
  const secrets = yield* Secrets
  const { commit, finish, frame, limit, loseGrant, prove } = yield* makeRecords

  /** Plans the load of a connection, or adds to the plan what a new consent makes possible. */
  const plan = (job: Job, { connectionId, finalisedAt }: Of<"PlanBackfill">) =>
    onConflictAgain(Effect.gen(function*() {
      const { organizationId } = job
      const { state: connection } = yield* store.find("connection", organizationId, connectionId)
      const at = yield* DateTime.now
      if (!Connection.isLinked(connection)) return yield* finish(job, at, [])
      const { state: account } = yield* store.find("account", organizationId, connection.accountId)
      const existing = yield* store.backfillOf(organizationId, connectionId).pipe(
        Effect.catchTag("NotFound", () => Effect.succeed(undefined))
      )
      const id = existing?.state.id ?? (yield* secrets.id("backfill"))
      const timeZone = Marketplace.get(connection.link.profile.key.marketplaceId).timeZone
      const decided = yield* Effect.fromResult(decide("backfill", id, existing, {
        _tag: "Plan",
        backfill: { id, organizationId, connectionId, accountId: account.id },
        sources: DataClass.sources(connection.channel, account.accountType),
        today: Day.at(finalisedAt, timeZone),
        finalisedAt
      }))
      return yield* finish(job, at, [decided])
    }))

  /** Decides one command on a load and commits it together with what the call proved about the connection. */
  const record = (
    job: Job, backfillId: Of<"LoadWindow">["backfillId"], command: (at: DateTime.Utc) => Backfill.Command, proves?: Id.GrantId
  ) =>
    onConflictAgain(Effect.gen(function*() {
      const at = yield* DateTime.now
      const read = yield* store.find("backfill", job.organizationId, backfillId)
      const decided = yield* Effect.fromResult(decide("backfill", backfillId, read, command(at)))
      const proof = proves === undefined ? [] : yield* prove(
        yield* store.find("connection", job.organizationId, read.state.connectionId),
        (at) => ({ _tag: "Prove", grantId: proves, at })
      )
      return yield* finish(job, at, [decided, ...proof])
    }))

  const restarted = (job: Job, { backfillId, windowId }: Of<"LoadWindow">, reason: string) =>
    onConflictAgain(Effect.gen(function*() {
      const at = yield* DateTime.now
      const read = yield* store.find("backfill", job.organizationId, backfillId)
      yield* commit({ ...frame(job), at }, [
        yield* Effect.fromResult(decide("backfill", backfillId, read, { _tag: "RestartWindow", windowId, reason, at }))
      ])
    }))

  /** The provider is still preparing: its ticket goes on record, and the same work comes back later. */
  const requested = (job: Job, { backfillId, windowId }: Of<"LoadWindow">, ticket: string, retryAfterSeconds: number) =>
    onConflictAgain(Effect.gen(function*() {
      const at = yield* DateTime.now
      const read = yield* store.find("backfill", job.organizationId, backfillId)
      const decided = yield* Effect.fromResult(
        decide("backfill", backfillId, read, { _tag: "RequestWindow", windowId, ticket, at })
      )
      yield* commit({ ...frame(job), at }, [decided])
      return { _tag: "Later", at: DateTime.add(at, { seconds: Math.min(Math.max(1, retryAfterSeconds), 3_600) }) } as const
    }))

  /** Fetches one window and lands it. Landing is idempotent by key, and the ledger entry completes the work. */
  const load = (job: Job, work: Of<"LoadWindow">) =>
    Effect.gen(function*() {
      const { backfillId, windowId } = work
      const { organizationId } = job
      const { state: backfill } = yield* store.find("backfill", organizationId, backfillId)
      const window = Backfill.open(backfill).find((open) => open.id === windowId)
      if (window === undefined) return done
      const { state: connection } = yield* store.find("connection", organizationId, backfill.connectionId)
      if (!Connection.isLinked(connection)) return done
      const block = (reason: string) => record(job, backfillId, (at) => ({ _tag: "BlockWindow", windowId, reason, at }))
      if (connection._tag === "ReauthorizationNeeded") return yield* block(consentGone)
      const { link } = connection
      const { state: account } = yield* store.find("account", organizationId, backfill.accountId)
      const { state: grant } = yield* store.find("grant", organizationId, link.grantId)

      const land = (rows: ReadonlyArray<Row>) =>
        Effect.andThen(
          sink.land({
            organizationId, connectionId: connection.id, accountId: account.id, dataClass: window.dataClass, windowId, rows
          }),
          record(job, backfillId, (at) => ({ _tag: "LoadWindow", windowId, rows: rows.length, at }), link.grantId)
        )

      const fetched = Effect.gen(function*() {
        const answer = yield* withToken(tokens, organizationId, link.grantId, (accessToken) =>
          provider.load({
            channel: connection.channel, region: link.profile.key.region, accountType: account.accountType, accessToken,
            marketplaceId: link.profile.key.marketplaceId, ...(grant.grantor === undefined ? {} : { grantor: grant.grantor })
          }, {
            dataClass: window.dataClass, profile: link.profile, from: window.from, until: window.until,
            ...(window.progress._tag === "Requested" ? { ticket: window.progress.ticket } : {})
          }))
        switch (answer._tag) {
          case "Rows": return yield* land(answer.rows)
          case "NotReady": return yield* requested(job, work, answer.ticket, answer.retryAfterSeconds)
          case "Lost":
            // The ticket is forgotten at once; the new attempt waits like after any other failure.
            yield* restarted(job, work, answer.reason)
            return yield* new Failure.Temporary({ detail: answer.reason, throttled: false })
        }
      })

      return yield* fetched.pipe(
        Effect.catchTag("GrantRefused", () => Effect.andThen(loseGrant(job, link.grantId), block(consentGone))),
        Effect.catchTag("PermissionMissing", (failure) =>
          Effect.andThen(limit(job, connection.id, link.grantId, failure), block(`Missing at the provider: ${failure.missing}.`))),
        Effect.catchTag("RequestRefused", (failure) =>
          failure.beyondRetention
            ? record(job, backfillId, (at) => ({ _tag: "SkipWindow", windowId, reason: failure.detail, at }))
            : block(failure.message))
      )
    })

  /** Reports a missed deadline, once, when it is true (law DOM-29). */
  const checkDeadline = (job: Job, { backfillId, dataClass }: Of<"CheckDeadline">) =>
    record(job, backfillId, (at) => ({ _tag: "CheckDeadline", dataClass, at }))

  /** Stops the load of a connection that was ended. */
  const cancel = (job: Job, { connectionId }: Of<"CancelBackfill">) =>
    Effect.flatMap(store.backfillOf(job.organizationId, connectionId), ({ state }) =>
      record(job, state.id, (at) => ({ _tag: "Cancel", at })))

  return { plan, load, checkDeadline, cancel }
})
