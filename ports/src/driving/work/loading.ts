/** The worker's side of a first load: plan it, fetch window after window, land the rows, watch the deadlines. */
import { Backfill, Connection, DataClass, Day, Failure, Id, type Job, Marketplace, Profile } from "@portolan/domain"
import { DateTime, Duration, Effect, Redacted } from "effect"
import { Repository, type Versioned } from "../../driven/Repository.ts"
import { DataSink } from "../../driven/DataSink.ts"
import { ProviderApi, type Row } from "../../driven/ProviderApi.ts"
import { Secrets } from "../../driven/Secrets.ts"
import { AccessTokens } from "../tokens/AccessTokens.ts"
import { type Decided, decide, onConflictAgain } from "../shared/change.ts"
import { done, dueNow, type JobContext, makeRecords } from "./job.ts"
import { accessTo, asGrant } from "../tokens/withToken.ts"

type Of<T extends Job.Task["_tag"]> = Extract<Job.Task, { readonly _tag: T }>

/**
 * How long a provider may prepare one window. Reports of the Ads API take up to three hours; a ticket that is older than
 * this is given up and the window asked for anew, with the waits and the limit of any other failure.
 */
export const ticketLife = Duration.hours(24)

const consentGone = "The consent is gone; authorize the account again."

/** Builds the handlers, once per service. */
export const makeLoading = Effect.gen(function* () {
  const store = yield* Repository
  const provider = yield* ProviderApi
  const tokens = yield* AccessTokens
  const sink = yield* DataSink
  const secrets = yield* Secrets
  const { commit, finish, commitContext, limit, loseGrant, prove } = yield* makeRecords

  /**
   * The id of a load follows from its connection and the load before it, so two plans at one moment make one load: the
   * slower one finds it there. A later load sorts behind an earlier one.
   */
  const nextId = (connection: Connection.Linked, before: Backfill.Present | undefined) =>
    Effect.map(secrets.digest(Redacted.make(`backfill/${connection.id}/${before?.id ?? ""}`)), (digest) =>
      Id.make(
        "backfill",
        before === undefined ? DateTime.toEpochMillis(connection.proposedAt) : Id.millis(before.id) + 1,
        Uint8Array.from({ length: Id.entropyBytes }, (_, index) =>
          Number.parseInt(digest.slice(2 * index, 2 * index + 2), 16)
        )
      )
    )

  /** What a plan changes: the load of the bound profile, and one of a profile that was bound before, which ends. */
  const planned = (
    { id: connectionId, link, ...connection }: Connection.Linked,
    existing: Versioned<Backfill.Present> | undefined,
    finalisedAt: DateTime.Utc,
    ...first: ReadonlyArray<Backfill.Command>
  ) =>
    Effect.gen(function* () {
      const { accountId, channel, organizationId } = connection
      const { state: account } = yield* store.find("account", organizationId, accountId)
      const { key } = link.profile
      // What was erased since is not in the ledger's past any more: it is loaded anew, by a load of its own.
      const erased =
        existing !== undefined &&
        account.erasedAt !== undefined &&
        DateTime.isLessThan(existing.state.finalisedAt, account.erasedAt)
      const own = existing !== undefined && !erased && Backfill.isOf(existing.state, key) ? existing : undefined
      const id = own?.state.id ?? (yield* nextId({ ...connection, id: connectionId, link }, existing?.state))
      const decided: Array<Decided> = [
        yield* Effect.fromResult(
          decide("backfill", id, own, ...(own === undefined ? [] : first), {
            _tag: "Plan",
            backfill: { id, organizationId, connectionId, accountId, profile: key },
            sources: DataClass.sources(channel, account.accountType),
            today: Day.at(finalisedAt, Marketplace.get(key.marketplaceId).timeZone),
            finalisedAt
          })
        )
      ]
      if (existing !== undefined && own === undefined) {
        decided.push(
          yield* Effect.fromResult(decide("backfill", existing.state.id, existing, { _tag: "Cancel", at: finalisedAt }))
        )
      }
      return decided
    })

  const loadOf = (job: JobContext, connectionId: Id.ConnectionId) =>
    Effect.catchTag(store.backfillOf(job.organizationId, connectionId), "NotFound", () => Effect.succeed(undefined))

  /** Plans the load of a connection, or adds to the plan what a new consent makes possible. */
  const plan = (job: JobContext, { connectionId, finalisedAt }: Of<"PlanBackfill">) =>
    onConflictAgain(
      Effect.gen(function* () {
        const { state: connection } = yield* store.find("connection", job.organizationId, connectionId)
        const at = yield* DateTime.now
        if (!Connection.isLinked(connection)) return yield* finish(job, at, [])
        return yield* finish(job, at, yield* planned(connection, yield* loadOf(job, connectionId), finalisedAt))
      })
    )

  /** Decides one command on a load and commits it together with what the call proved about the connection. */
  const record = (
    job: JobContext,
    backfillId: Of<"LoadWindow">["backfillId"],
    command: (at: DateTime.Utc) => Backfill.Command,
    proves?: Id.GrantId
  ) =>
    onConflictAgain(
      Effect.gen(function* () {
        const at = yield* dueNow(job)
        const read = yield* store.find("backfill", job.organizationId, backfillId)
        const decided = yield* Effect.fromResult(decide("backfill", backfillId, read, command(at)))
        const proof =
          proves === undefined
            ? []
            : yield* prove(yield* store.find("connection", job.organizationId, read.state.connectionId), (at) => ({
                _tag: "Prove",
                grantId: proves,
                at
              }))
        return yield* finish(job, at, [decided, ...proof])
      })
    )

  /**
   * Puts it on record that a window waits for somebody. Whoever renewed the consent meanwhile has taken up what was
   * blocked then, and this window was not: it comes back at once.
   */
  const blocked = (
    job: JobContext,
    { backfillId, windowId }: Of<"LoadWindow">,
    { id, link, paused }: Connection.Linked,
    reason: string
  ) =>
    Effect.gen(function* () {
      yield* onConflictAgain(
        Effect.gen(function* () {
          const at = yield* DateTime.now
          const read = yield* store.find("backfill", job.organizationId, backfillId)
          yield* commit({ ...commitContext(job), at }, [
            yield* Effect.fromResult(
              decide("backfill", backfillId, read, { _tag: "BlockWindow", windowId, reason, at })
            )
          ])
        })
      )
      const { state: now } = yield* store.find("connection", job.organizationId, id)
      const renewed =
        Connection.isLinked(now) &&
        now._tag !== "ReauthorizationNeeded" &&
        (now.link.grantId !== link.grantId || (paused !== undefined && now.paused === undefined))
      return renewed ? ({ _tag: "RetryAt", at: yield* DateTime.now } as const) : done
    })

  const restarted = (job: JobContext, { backfillId, windowId }: Of<"LoadWindow">, reason: string) =>
    onConflictAgain(
      Effect.gen(function* () {
        const at = yield* DateTime.now
        const read = yield* store.find("backfill", job.organizationId, backfillId)
        yield* commit({ ...commitContext(job), at }, [
          yield* Effect.fromResult(
            decide("backfill", backfillId, read, { _tag: "RestartWindow", windowId, reason, at })
          )
        ])
      })
    )

  /** The provider is still preparing: its ticket goes on record, and the same work comes back later. */
  const requested = (
    job: JobContext,
    { backfillId, windowId }: Of<"LoadWindow">,
    ticket: string,
    retryAfterSeconds: number
  ) =>
    onConflictAgain(
      Effect.gen(function* () {
        const at = yield* DateTime.now
        const read = yield* store.find("backfill", job.organizationId, backfillId)
        const decided = yield* Effect.fromResult(
          decide("backfill", backfillId, read, { _tag: "RequestWindow", windowId, ticket, at })
        )
        yield* commit({ ...commitContext(job), at }, [decided])
        return {
          _tag: "RetryAt",
          at: DateTime.add(at, { seconds: Math.min(Math.max(1, retryAfterSeconds), 3_600) })
        } as const
      })
    )

  /** Fetches one window and lands it. Landing is idempotent by key, and the ledger entry completes the work. */
  const load = (job: JobContext, task: Of<"LoadWindow">) =>
    Effect.gen(function* () {
      const { backfillId, windowId } = task
      const { organizationId } = job
      const { state: backfill } = yield* store.find("backfill", organizationId, backfillId)
      const window = Backfill.open(backfill).find((open) => open.id === windowId)
      if (window === undefined) return done
      const { state: connection } = yield* store.find("connection", organizationId, backfill.connectionId)
      if (!Connection.isLinked(connection) || !Backfill.isOf(backfill, connection.link.profile.key)) return done
      const block = (reason: string) => blocked(job, task, connection, reason)
      if (connection._tag === "ReauthorizationNeeded") return yield* block(consentGone)
      if (connection.paused !== undefined) return yield* block("The connection is paused.")
      const { link } = connection
      const { state: account } = yield* store.find("account", organizationId, backfill.accountId)
      const { state: grant } = yield* store.find("grant", organizationId, link.grantId)

      const land = (rows: ReadonlyArray<Row>) =>
        Effect.gen(function* () {
          // Disconnected, or bound to another profile, while the provider was asked: nothing comes back to life (fault F30).
          const { state: now } = yield* store.find("connection", organizationId, connection.id)
          if (!Connection.isLinked(now) || !Profile.sameKey(now.link.profile.key, link.profile.key)) return done
          yield* sink.land({
            organizationId,
            connectionId: connection.id,
            accountId: account.id,
            profile: link.profile.key,
            dataClass: window.dataClass,
            windowId,
            rows
          })
          return yield* record(
            job,
            backfillId,
            (at) => ({ _tag: "LoadWindow", windowId, rows: rows.length, at }),
            link.grantId
          )
        })

      const lost = (reason: string) =>
        // The ticket is forgotten at once; the new attempt waits like after any other failure.
        Effect.andThen(restarted(job, task, reason), new Failure.Temporary({ detail: reason, throttled: false }))

      const fetched = Effect.gen(function* () {
        const answer = yield* asGrant(tokens, grant, (accessToken) =>
          provider.load(accessTo({ ...link.profile.key, accountType: account.accountType }, accessToken, grant), {
            dataClass: window.dataClass,
            profile: link.profile,
            from: window.from,
            until: window.until,
            ...(window.progress._tag === "Requested" ? { ticket: window.progress.ticket } : {})
          })
        )
        switch (answer._tag) {
          case "Rows":
            return yield* land(answer.rows)
          case "NotReady":
            return window.progress._tag === "Requested" &&
              window.progress.ticket === answer.ticket &&
              DateTime.isGreaterThan(yield* DateTime.now, DateTime.addDuration(window.progress.at, ticketLife))
              ? yield* lost("The provider did not finish the report within a day.")
              : yield* requested(job, task, answer.ticket, answer.retryAfterSeconds)
          case "Lost":
            return yield* lost(answer.reason)
        }
      })

      return yield* fetched.pipe(
        Effect.catchTag("GrantRefused", () => Effect.andThen(loseGrant(job, link.grantId), block(consentGone))),
        Effect.catchTag("PermissionMissing", (failure) =>
          Effect.andThen(
            limit(job, connection.id, link.grantId, failure),
            block(`Missing at the provider: ${failure.missing}.`)
          )
        ),
        Effect.catchTag("RequestRefused", (failure) =>
          failure.beyondRetention
            ? record(job, backfillId, (at) => ({ _tag: "SkipWindow", windowId, reason: failure.detail, at }))
            : block(failure.message)
        )
      )
    })

  /** Reports a missed deadline, once, when it is true (law DOM-29). */
  const checkDeadline = (job: JobContext, { backfillId, dataClass }: Of<"CheckDeadline">) =>
    record(job, backfillId, (at) => ({ _tag: "CheckDeadline", dataClass, at }))

  /**
   * Reports, once, that a load is not in sync after 48 hours, when it is true (rule P-R13). Nobody is alarmed about what is
   * paused: resuming plans the rest, and that is looked at in its turn.
   */
  const checkSync = (job: JobContext, { backfillId }: Of<"CheckSync">) =>
    Effect.gen(function* () {
      const { state: backfill } = yield* store.find("backfill", job.organizationId, backfillId)
      const { state: connection } = yield* store.find("connection", job.organizationId, backfill.connectionId)
      return Connection.isLinked(connection) && connection.paused !== undefined
        ? yield* finish(job, yield* DateTime.now, [])
        : yield* record(job, backfillId, (at) => ({ _tag: "CheckSync", at }))
    })

  /**
   * Stops the load of a connection that was ended. When it was connected again meanwhile, the load is planned anew:
   * work that was handed out in between found nothing to do.
   */
  const cancel = (job: JobContext, { connectionId }: Of<"CancelBackfill">) =>
    onConflictAgain(
      Effect.gen(function* () {
        const at = yield* DateTime.now
        const existing = yield* loadOf(job, connectionId)
        if (existing === undefined) return yield* finish(job, at, [])
        const { state: connection } = yield* store.find("connection", job.organizationId, connectionId)
        return yield* finish(
          job,
          at,
          Connection.isLinked(connection)
            ? yield* planned(connection, existing, connection.link.linkedAt, { _tag: "Cancel", at })
            : [yield* Effect.fromResult(decide("backfill", existing.state.id, existing, { _tag: "Cancel", at }))]
        )
      })
    )

  return { plan, load, checkDeadline, checkSync, cancel }
})
