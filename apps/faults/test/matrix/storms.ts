/** Faults that strike many at once: F19, F20 and F28. */
import { ProviderScript } from "@portolan/memory"
import type { Id } from "@portolan/domain"
import { AccessTokens, Connections, PendingAuthorizations, Repository, Secrets, TokenVault } from "@portolan/ports"
import { Database } from "@portolan/postgres"
import { Clock, Duration, Effect, Fiber, Redacted, Ref, Result, Schedule } from "effect"
import { sql } from "kysely"
import { asSuperuser, freshDatabaseOn } from "../../../../adapters/postgres/test/support/databases.ts"
import { drill } from "../keys/drill.ts"
import { DatabaseUrl, type Driven, process } from "./Installation.ts"
import { all, type Fault } from "./Row.ts"
import { tired } from "./tokens.ts"
import {
  account,
  adsKey,
  calls,
  comeBack,
  freshDigits,
  goAndConsent,
  makeDue,
  organization,
  until,
  viewOf,
  working
} from "./walk.ts"

/**
 * Ends sessions inside a transaction, again and again, until it is interrupted; counts them. A commit is one statement
 * of some milliseconds: it is held up where it counts its events, after it wrote its states, and ended there.
 */
const cutting = (organizationId: Id.OrganizationId, ended: Ref.Ref<number>) =>
  Effect.gen(function* () {
    const url = Redacted.value(yield* DatabaseUrl)
    yield* asSuperuser(url, (admin) =>
      admin.begin(async (holding) => {
        await holding`select from portolan.histories where organization_id = ${organizationId} for update`
        await holding`select pg_sleep(0.03)`
        const rows = await holding`select pg_terminate_backend(pid) from pg_stat_activity
          where datname = current_database() and pg_backend_pid() = any (pg_blocking_pids(pid))`
        return rows.length
      })
    ).pipe(
      Effect.flatMap((count) => Ref.update(ended, (before) => before + count)),
      Effect.repeat(Schedule.spaced("1 millis"))
    )
  })

/** What a person does whose page answered with an error: they try again. */
const again = <A, E, R>(step: Effect.Effect<A, E, R>) =>
  Effect.retry(step, { schedule: Schedule.spaced("50 millis"), times: 60 })

const pairs = 40

/** Aggregates without an event, with one that their state does not know yet, or with two of the same version. */
const halfStates = Effect.gen(function* () {
  const { kysely } = yield* Database.Database
  const tables = ["connections", "authorizations", "grants"].map(
    (table) => sql`select organization_id, id, version from ${sql.table(`portolan.${table}`)}`
  )
  const { rows } = yield* Effect.promise(() =>
    sql<{ readonly count: number }>`select count(*)::int as count from (${sql.join(tables, sql` union all `)}) as state
      left join (select organization_id, aggregate_id, max(version) as version, count(*) as events,
        count(distinct version) as versions from portolan.events group by 1, 2) as past
        on past.organization_id = state.organization_id and past.aggregate_id = state.id
      where past.version is null or past.version > state.version or past.events <> past.versions`.execute(kysely)
  )
  return rows[0]?.count ?? -1
})

const f19 = Effect.gen(function* () {
  const whole = yield* process()
  const by = yield* whole(organization())
  const newcomers = yield* Effect.forEach(Array.from({ length: pairs }), () =>
    Effect.gen(function* () {
      const digits = yield* whole(freshDigits)
      return { digits, ...(yield* whole(account(by, `Harbour ${digits}`))) }
    })
  )
  yield* Effect.forkScoped(whole(working))
  const struck = yield* Ref.make(0)
  const cuts = yield* Effect.forkScoped(cutting(by.organizationId, struck))
  /** Looks first: an answer that was lost may stand for something that happened. */
  const connect = ({ ads, digits }: (typeof newcomers)[number]) =>
    Effect.gen(function* () {
      if ((yield* viewOf(by, ads)).connection._tag === "Connected") return
      const key = adsKey(digits)
      const candidates = [ProviderScript.candidate(key)]
      const gone = yield* goAndConsent(by, ads, { grantor: `person-${digits}`, candidates })
      yield* comeBack(gone)
      const { select } = yield* PendingAuthorizations.PendingAuthorizations
      yield* select(by, gone.authorizationId, { key, confirmed: true })
    })
  const journey = (one: (typeof newcomers)[number], index: number) =>
    Effect.gen(function* () {
      yield* again(connect(one))
      if (index % 2 === 1) yield* again((yield* Connections.Connections).disconnect(by, one.ads))
    })
  yield* Effect.forEach(newcomers, (one, index) => whole(journey(one, index)), { concurrency: 4, discard: true })
  yield* Fiber.interrupt(cuts)
  const tags = yield* Effect.forEach(newcomers, ({ ads }) =>
    Effect.map(again(whole(viewOf(by, ads))), ({ connection }) => connection._tag)
  )
  const expected = newcomers.map((_, index) => (index % 2 === 1 ? "Disconnected" : "Connected"))
  const ended = Effect.gen(function* () {
    const { items } = yield* (yield* Repository.Repository).grants(
      by.organizationId,
      { states: ["Ended"] },
      { limit: 99 }
    )
    const vault = yield* TokenVault.TokenVault
    const read = yield* Effect.forEach(items, ({ id }) => Effect.result(vault.get(by.organizationId, id)))
    return read.filter((one) => Result.isFailure(one) && one.failure._tag === "SecretNotFound").length
  })
  const forgotten = yield* until(Effect.andThen(makeDue, whole(ended)), (count) => count >= pairs / 2, 60)
  const half = yield* halfStates
  return all(
    [(yield* Ref.get(struck)) >= 10, `${yield* Ref.get(struck)} sessions ended inside a transaction`],
    [tags.join() === expected.join(), `${pairs} people got to the end by trying again`],
    [half === 0, `${half} half states`],
    [forgotten >= pairs / 2, `the jobs ran again: the tokens of ${forgotten} consents that ended are forgotten`]
  )
})

const drilled = 2_000

const f20 = Effect.gen(function* () {
  const { url } = yield* freshDatabaseOn(Redacted.value(yield* DatabaseUrl))
  const report = yield* drill({ databaseUrl: Redacted.value(url), secrets: drilled, say: () => undefined })
  return all(
    [report.failedReads === 0, `${report.failedReads} of ${report.reads} reads failed`],
    [report.killed >= 1, `${report.killed} processes were killed while they sealed anew`],
    [report.rewrapped === drilled, `${report.rewrapped} of ${drilled} secrets are under the new key after a restart`]
  )
})

const due = 10_000

/** Copies of a grant with tokens of their own. */
const copies = Effect.fnUntraced(function* (
  { by, grantId }: Pick<Effect.Success<ReturnType<typeof tired>>, "by" | "grantId">,
  count: number
) {
  const { kysely } = yield* Database.Database
  const vault = yield* TokenVault.TokenVault
  const { id } = yield* Secrets.Secrets
  const { secret } = yield* vault.get(by.organizationId, grantId)
  const ids = yield* Effect.all(Array.from({ length: count }, () => id("grant")))
  yield* Effect.promise(() =>
    sql`insert into portolan.grants
      select (jsonb_populate_record(one, jsonb_build_object('id', copy, 'state',
        replace(one.state::text, ${grantId}, copy)::jsonb))).*
      from portolan.grants as one, unnest(${sql.val(ids)}::text[]) as copy
      where one.id = ${grantId}`.execute(kysely)
  )
  yield* Effect.forEach(ids, (copy) => vault.create(by.organizationId, copy, secret), {
    concurrency: 12,
    discard: true
  })
  return ids
})

const f28 = Effect.gen(function* () {
  const processes = [yield* process(), yield* process()]
  const it = yield* processes[0]!(tired())
  yield* (yield* ProviderScript.ProviderScript).tokens({ accessLife: "1 hour" })
  const ids = yield* copies(it, due)
  const before = yield* calls("refresh")
  const begun = yield* Clock.currentTimeMillis
  let refused = 0
  let latest = 0
  const read = (grantId: (typeof ids)[number], index: number) =>
    processes[index % 2]!(
      Effect.flatMap(AccessTokens.AccessTokens, ({ ofGrant }) => ofGrant(it.by.organizationId, grantId))
    ).pipe(
      Effect.matchEffect({
        onFailure: () => Effect.sync(() => (refused += 1)),
        onSuccess: () => Effect.map(Clock.currentTimeMillis, (now) => (latest = Math.max(latest, now - begun)))
      })
    )
  yield* Effect.forEach(ids, read, { concurrency: 64, discard: true })
  const spent = (yield* calls("refresh")) - before
  return all(
    [ids.length === due && spent === due, `${spent} calls of the provider for ${due} grants in 2 processes`],
    [refused === 0, `${refused} readers were refused`],
    [
      latest < 5 * 60_000,
      `the last has its token ${(latest / 1000).toFixed(0)} s after all fell due; the margin is 300 s`
    ]
  )
})

/** The faults of storms. */
export const stormFaults: ReadonlyArray<Fault<Driven>> = [
  {
    id: "F19",
    fault: "The database fails over in the middle of a transaction",
    expected: "No half state; the job runs again",
    run: f19
  },
  {
    id: "F20",
    fault: "The master key is changed under load, and the processes that seal anew are killed",
    expected: "No failed read; finishes after a restart",
    run: f20
  },
  {
    id: "F28",
    fault: "10,000 grants fall due in the same minute",
    expected: "Spread; the refresh is never later than the margin",
    run: f28,
    within: Duration.minutes(10)
  }
]
