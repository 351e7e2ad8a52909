/** What the runbook of the README promises: a backup restored, a key lost, a database that fails over, an upgrade. */
import { randomBytes } from "node:crypto"
import { list, text } from "@portolan/app-demo/Http"
import { Effect, Logger } from "effect"
import postgres from "postgres"
import { expect, inject, test } from "vitest"
import { Settings, Worker } from "../src/index.ts"
import { account, connect, member, type Place, server, until } from "./support/place.ts"
import { parse, valueIn } from "./support/prometheus.ts"

const key = () => randomBytes(32).toString("base64")
const secrets = { SECRET: "one secret for every process of this test", MASTER_KEYS: `k1:${key()}` }

/** Two databases of one server: one to work on, and the name of one to restore into. */
const databases = Effect.acquireRelease(
  Effect.promise(async () => {
    const admin = postgres(inject("postgresUrl"), { max: 1, onnotice: () => undefined })
    const name = `runbook_${randomBytes(6).toString("hex")}`
    await admin.unsafe(`create database ${name}`)
    const address = (database: string) => {
      const url = new URL(inject("postgresUrl"))
      url.pathname = `/${database}`
      return url.href
    }
    return { admin, name, copy: `${name}_copy`, url: address(name), copyUrl: address(`${name}_copy`) }
  }),
  ({ admin, copy, name }) =>
    Effect.promise(async () => {
      for (const one of [name, copy]) await admin.unsafe(`drop database if exists ${one} with (force)`)
      await admin.end()
    })
)

type Databases = Effect.Success<typeof databases>

/** Cuts every connection and lets none in, as a fail-over does; then lets them in again. */
const failOver = async ({ admin, name }: Databases, meanwhile: () => Promise<unknown>) => {
  await admin.unsafe(`alter database ${name} allow_connections false`)
  await admin.unsafe(`select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`)
  // A connection that was being made when the others were cut is gone a moment later.
  await until("the copy", 20, () =>
    meanwhile().then(
      () => true,
      () => undefined
    )
  )
  await admin.unsafe(`alter database ${name} allow_connections true`)
}

const ready = async ({ origin }: Pick<Place, "origin">) => {
  const answer = await fetch(new URL("/readyz", origin))
  return { status: answer.status, body: await answer.text() }
}

test(
  "a dump of a running system opens on a new server, and is closed without the master key",
  { timeout: 240_000 },
  () =>
    Effect.runPromise(
      Effect.scoped(
        Effect.gen(function* () {
          const store = yield* databases
          const place = yield* server({ ...secrets, DATABASE_URL: store.url, WORKER: "none" })
          const beside = { ...secrets, DATABASE_URL: store.url, SIMULATOR_URL: place.simulator, METRICS_PORT: "0" }
          const { DATA_DIR } = place.settings
          const settings = yield* Effect.fromResult(Settings.decode({ ...beside, DATA_DIR }))
          const { metrics = "" } = yield* Effect.provide(Worker.start(settings), Logger.layer([]))
          const before = yield* Effect.promise(async () => {
            const who = await member(place)
            const { ads, marketplace } = await account(who.api, "Restored")
            await connect(who, ads, marketplace)
            const token = text((await who.api("GET", `/v1/connections/${ads}/access-token`, 200)).json, "accessToken")
            // The worker has metrics of its own.
            const families = parse(await (await fetch(new URL("/metrics", metrics))).text())
            expect(valueIn(families, "portolan_workers_living")).toBe(1)
            expect(valueIn(families, "portolan_database_pool_limit")).toBeGreaterThan(1)
            // The dump is one instant of a system at work. Its connections are cut for it, which it has to survive.
            await failOver(store, () => store.admin.unsafe(`create database ${store.copy} template ${store.name}`))
            await until("the first server", 30, async () => ((await ready(place)).status === 200 ? true : undefined))
            await who.api("GET", `/v1/connections/${ads}/access-token`, 200)
            return { who, ads, token }
          })
          const path = `/v1/connections/${before.ads}/access-token`
          yield* Effect.scoped(
            Effect.gen(function* () {
              const lost = { ...secrets, MASTER_KEYS: `k2:${key()}`, DATABASE_URL: store.copyUrl, WORKER: "none" }
              const other = yield* server({ ...lost, SIMULATOR_URL: place.simulator })
              yield* Effect.promise(async () => {
                const { body, status } = await ready(other)
                expect(status).toBe(503)
                expect(body).toContain("k1")
                const answer = await fetch(new URL(path, other.origin), {
                  headers: { cookie: before.who.browser.cookie }
                })
                expect(answer.status).toBe(503)
              })
            })
          )
          const restored = yield* server({ ...secrets, DATABASE_URL: store.copyUrl, SIMULATOR_URL: place.simulator })
          yield* Effect.promise(async () => {
            await until("the restored server", 60, async () =>
              (await ready(restored)).status === 200 ? true : undefined
            )
            // Sessions, keys and tokens are those of the moment of the dump.
            const answer = await fetch(new URL(path, restored.origin), {
              headers: { cookie: before.who.browser.cookie }
            })
            expect(answer.status).toBe(200)
            expect(await answer.json()).toMatchObject({ accessToken: before.token })
            // What was under way goes on.
            const who = await member(restored)
            const backfill = `/v1/connections/${before.ads}/backfill`
            await until("the plan of the first load, which may be younger than the dump", 30, async () => {
              const headers = { cookie: who.browser.cookie }
              const { status } = await fetch(new URL(backfill, restored.origin), { headers })
              return status === 200 ? true : undefined
            })
            await until("the first load", 90, async () => {
              const { json } = await who.api("GET", backfill, 200)
              const done = list(json, "classes").every((one) => one["windowsDone"] === one["windowsTotal"])
              return done ? true : undefined
            })
          })
        })
      )
    )
)

/** Migrates as a newer program might: a table, a column and an index that this version knows nothing of. */
const startNewer = async (url: string) => {
  const sql = postgres(url, { max: 1, onnotice: () => undefined })
  try {
    await sql.begin(async (trx) => {
      await trx.unsafe("create table portolan.of_the_next_version (id text)")
      await trx.unsafe("alter table portolan.companies add column next text not null default 'x'")
      await trx.unsafe("create index companies_next on portolan.companies (organization_id, next)")
      await trx.unsafe("insert into portolan.migrations (name, timestamp) values ('9999_next', now()::text)")
    })
  } finally {
    await sql.end()
  }
}

test(
  "an older version reads and writes while a newer one migrates, and can be started after it",
  { timeout: 180_000 },
  () =>
    Effect.runPromise(
      Effect.scoped(
        Effect.gen(function* () {
          const store = yield* databases
          const settings = { ...secrets, DATABASE_URL: store.url }
          const older = yield* server(settings)
          const who = yield* Effect.promise(() => member(older))
          const over = new AbortController()
          const written = yield* Effect.promise(async () => {
            const work = (async () => {
              let count = 0
              for (; !over.signal.aborted; count++) {
                await who.api("POST", "/v1/companies", 201, { name: `Company ${count}`, brand: "B" }, idempotent())
                await who.api("GET", "/v1/companies", 200)
              }
              return count
            })()
            try {
              await startNewer(store.url)
              await new Promise((resolve) => setTimeout(resolve, 500))
            } finally {
              over.abort()
            }
            return await work
          })
          expect(written).toBeGreaterThan(1)
          // One that is started again, e.g. because the upgrade is taken back, works beside the newer one.
          const again = yield* server({ ...settings, WORKER: "none", SIMULATOR_URL: older.simulator })
          yield* Effect.promise(async () => {
            const { body, status } = await ready(again)
            expect([status, body]).toEqual([200, expect.stringContaining("0 pending")])
            await (await member(again)).api("POST", "/v1/companies", 201, { name: "After", brand: "B" }, idempotent())
          })
        })
      )
    )
)

const idempotent = () => ({ "idempotency-key": crypto.randomUUID() })
