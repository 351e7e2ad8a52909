/**
 * `npm run bench -- queue`: what the queue costs on a real PostgreSQL.
 *
 * - `fetchIdle`: milliseconds of a look for due work that finds none, with 1,000 and with 100,000 connected accounts, each
 *   of which leaves seven jobs that are far ahead. Both databases take turns.
 * - `drainRatio`: jobs a second through the scheduler, with the same far jobs beside them, over those of bare pg-boss in
 *   the same batch size, on an empty queue. Both take turns.
 * - `idleStatementsPerMinute`: what a worker process that has nothing to do sends, counted on the wire.
 */
import { fileURLToPath } from "node:url"
import { Scheduler } from "@portolan/ports"
import { Database, PostgresAdapters } from "@portolan/postgres"
import { Settings, Worker } from "@portolan/server"
import { listen, Simulator } from "@portolan/simulator"
import { Context, Deferred, Effect, Exit, Layer, Redacted, Scope } from "effect"
import { PgBoss } from "pg-boss"
import postgres from "postgres"
import * as Embedded from "../../../adapters/postgres/test/support/embedded.ts"
import { options } from "../../../adapters/postgres/test/support/subjects.ts"
import { median } from "../src/measure.ts"
import * as Tap from "./tap.ts"

/** What was measured. */
export interface Figures {
  /** Median milliseconds of a look that finds nothing. */
  readonly fetchIdle: { readonly at1k: number; readonly at100k: number }
  readonly drainRatio: number
  readonly idleStatementsPerMinute: number
}

const batchSize = 100
const rounds = 7
const jobsPerRound = 2_000
const looks = 300

const connectTo = (url: string) =>
  Effect.acquireRelease(
    Effect.sync(() => postgres(url, { max: 1, onnotice: () => undefined })),
    (sql) => Effect.promise(() => sql.end({ timeout: 1 }))
  )

/** A database of its own, with the adapters on it. */
const database = Effect.fnUntraced(function* (admin: postgres.Sql, server: string, name: string) {
  yield* Effect.promise(() => admin.unsafe(`create database ${name}`))
  const url = new URL(server)
  url.pathname = `/${name}`
  const context = yield* Layer.build(
    Layer.provideMerge(
      PostgresAdapters.layer(options),
      Database.layerPostgres({ url: Redacted.make(url.href), poolSize: 4 })
    )
  )
  return { url: url.href, context, sql: yield* connectTo(url.href) }
})

const id = "lpad(to_hex(n), 26, '0')"

/** The jobs that connected accounts leave: seven each, from a day to a year ahead; ten accounts an organization. */
const fill = (sql: postgres.Sql, accounts: number) =>
  Effect.promise(async () => {
    await sql.unsafe(`insert into portolan.jobs (organization_id, id, due_at, task)
      select 'org_' || lpad(to_hex(n / 70), 26, '0'), 'int_' || ${id},
        now() + interval '1 day' + make_interval(mins => (n::bigint * 7919 % 500000)::integer),
        json_build_object('_tag', 'ExpireInvitation', 'invitationId', 'inv_' || ${id})
      from generate_series(1, ${accounts * 7}) as n`)
    await sql.unsafe("vacuum analyze portolan.jobs")
  })

const fetchIdle = Effect.fnUntraced(function* (small: postgres.Sql, large: postgres.Sql) {
  const seen: { readonly [K in "at1k" | "at100k"]: Array<number> } = { at1k: [], at100k: [] }
  const look = async (sql: postgres.Sql) => {
    const began = performance.now()
    await sql`select * from portolan.claim_jobs(4, 10, '{}', null)`
    return performance.now() - began
  }
  yield* Effect.promise(async () => {
    for (let warm = 0; warm < 10; warm++) for (const sql of [small, large]) await look(sql)
    for (let round = 0; round < looks; round++) {
      seen.at1k.push(await look(small))
      seen.at100k.push(await look(large))
    }
  })
  return { at1k: median(seen.at1k), at100k: median(seen.at100k) }
})

type Place = Effect.Success<ReturnType<typeof database>>

/** Drains a backlog through the scheduler; gives milliseconds. */
const drainOurs = Effect.fnUntraced(function* ({ context, sql }: Place, round: number) {
  yield* Effect.promise(() =>
    sql.unsafe(`insert into portolan.jobs (organization_id, id, due_at, task)
      select 'org_' || lpad(to_hex(n % 50), 26, '0'), 'int_' || lpad('${round}', 6, '9') || right(${id}, 20), now(),
        json_build_object('_tag', 'ExpireInvitation', 'invitationId', 'inv_' || ${id})
      from generate_series(1, ${jobsPerRound}) as n`)
  )
  const began = performance.now()
  const scope = yield* Scope.make()
  const over = yield* Deferred.make<void>()
  let done = 0
  const outcome = { _tag: "Done" } as const
  yield* Context.get(context, Scheduler.Scheduler)
    .consume(
      () =>
        Effect.suspend(() => {
          done += 1
          return done === jobsPerRound ? Effect.as(Deferred.succeed(over, undefined), outcome) : Effect.succeed(outcome)
        }),
      { concurrency: batchSize }
    )
    .pipe(Scope.provide(scope))
  yield* Deferred.await(over).pipe(Effect.timeout("60 seconds"))
  // What runs is settled before the scope is closed.
  yield* Scope.close(scope, Exit.void)
  return performance.now() - began
})

const pgBoss = (url: string) =>
  Effect.acquireRelease(
    Effect.promise(async () => {
      const boss = new PgBoss({ connectionString: url, max: 4, schedule: false, supervise: false })
      boss.on("error", () => undefined)
      await boss.start()
      await boss.createQueue("work", { retryLimit: 0 })
      return boss
    }),
    (boss) => Effect.promise(() => boss.stop({ graceful: false }))
  )

/** The same with pg-boss; gives milliseconds. */
const drainBoss = (boss: PgBoss) =>
  Effect.promise(async () => {
    const data = { organizationId: "org_".padEnd(30, "0"), jobId: "job_".padEnd(30, "0") }
    const jobs = Array.from({ length: jobsPerRound }, () => ({ data }))
    for (let at = 0; at < jobs.length; at += 500) await boss.insert("work", jobs.slice(at, at + 500))
    const began = performance.now()
    for (;;) {
      const found = await boss.fetch("work", { batchSize })
      if (found.length === 0) return performance.now() - began
      await boss.complete(
        "work",
        found.map((job) => job.id)
      )
    }
  })

const drain = Effect.fnUntraced(function* (place: Place, boss: PgBoss) {
  const ratios: Array<number> = []
  yield* drainBoss(boss)
  yield* drainOurs(place, 0)
  for (let round = 1; round <= rounds; round++) {
    const bossMillis = yield* drainBoss(boss)
    ratios.push(bossMillis / (yield* drainOurs(place, round)))
  }
  return median(ratios)
})

/** Statements that an idle worker sends in a minute, after it has settled down. */
const idle = (url: string, seconds: number) =>
  Effect.gen(function* () {
    const tap = yield* Effect.acquireRelease(
      Effect.promise(() => Tap.open(url)),
      ({ stop }) => Effect.promise(stop)
    )
    const simulator = yield* Effect.acquireRelease(
      Effect.promise(() => listen(Simulator.make({ preset: "seller-na-three" }))),
      ({ close }) => Effect.promise(close)
    )
    const settings = yield* Effect.fromResult(
      Settings.decode({
        DATABASE_URL: tap.url,
        SIMULATOR_URL: simulator.url,
        SECRET: "a secret for the bench, 32 characters or more",
        MASTER_KEYS: `bench:${Buffer.alloc(32, 7).toString("base64")}`,
        DATA_DIR: fileURLToPath(new URL("../../../node_modules/.cache/bench", import.meta.url)),
        METRICS_PORT: undefined
      })
    )
    yield* Worker.start(settings)
    // Longer than anything is put off at the start.
    yield* Effect.sleep("15 seconds")
    const before = tap.statements()
    yield* Effect.sleep(`${seconds} seconds`)
    return Math.round(((tap.statements() - before) * 60) / seconds)
  }).pipe(Effect.scoped)

/** Measures the queue. */
export const queue = (seconds = 60) =>
  Effect.gen(function* () {
    const server = yield* Effect.acquireRelease(
      Effect.promise(() => Embedded.start()),
      ({ stop }) => Effect.promise(() => stop())
    )
    const admin = yield* connectTo(server.url)
    const small = yield* database(admin, server.url, "small")
    const large = yield* database(admin, server.url, "large")
    yield* fill(small.sql, 1_000)
    yield* fill(large.sql, 100_000)
    const looked = yield* fetchIdle(small.sql, large.sql)
    yield* Effect.promise(() => admin.unsafe("create database boss"))
    const boss = yield* pgBoss(Object.assign(new URL(server.url), { pathname: "/boss" }).href)
    const drainRatio = yield* drain(large, boss)
    yield* Effect.promise(() => admin.unsafe("create database idle"))
    const quiet = yield* idle(Object.assign(new URL(server.url), { pathname: "/idle" }).href, seconds)
    const round = (value: number) => Number(value.toFixed(3))
    return {
      fetchIdle: { at1k: round(looked.at1k), at100k: round(looked.at100k) },
      drainRatio: round(drainRatio),
      idleStatementsPerMinute: quiet
    } satisfies Figures
  }).pipe(Effect.scoped)
