import { spawn } from "node:child_process"
import { fileURLToPath } from "node:url"
import { list, number, software, text } from "@portolan/app-demo/Http"
import { Expected, listen, Simulator, type World } from "@portolan/simulator"
import { Effect } from "effect"
import postgres from "postgres"
import { expect, inject, test } from "vitest"
import { account, connect, folder, member, server, until } from "../../server/test/support/place.ts"

/** `KILLS=20` for a longer run; each start of a worker takes more than a second. */
const kills = Number(process.env.KILLS ?? 3)
const seed = Number(process.env.SEED ?? Date.now() % 100_000)
const main = fileURLToPath(new URL("../src/main.ts", import.meta.url))

/** A small generator of its own, so that a printed seed repeats the moments of the kills. */
const random = (state: number) => () => {
  state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296
  return state / 4_294_967_296
}

const database = Effect.acquireRelease(
  Effect.promise(async () => {
    const name = `kill_${crypto.randomUUID().replaceAll("-", "")}`
    const admin = postgres(inject("postgresUrl"), { max: 1, onnotice: () => undefined })
    await admin.unsafe(`create database ${name}`)
    await admin.end()
    const url = new URL(inject("postgresUrl"))
    url.pathname = `/${name}`
    return { name, url: url.href }
  }),
  ({ name }) =>
    Effect.promise(async () => {
      const admin = postgres(inject("postgresUrl"), { max: 1, onnotice: () => undefined })
      await admin.unsafe(`drop database if exists ${name} with (force)`)
      await admin.end()
    })
)

const simulator = Effect.acquireRelease(
  Effect.promise(async () => {
    const simulator = Simulator.make({ preset: "seller-na-three", policy: { quotaScale: 1000 } })
    simulator.act({
      kind: "policy",
      policy: {
        adsReport: { pendingSeconds: 1, processingSeconds: 1 },
        spReport: { queuedSeconds: 1, processingSeconds: 1 }
      }
    })
    // Slow enough that a load is still under way when the worker dies.
    const slow: Simulator.Simulator = {
      ...simulator,
      fetch: async (request) => {
        if (!request.url.includes("/_sim/")) await new Promise((resolve) => setTimeout(resolve, 120))
        return simulator.fetch(request)
      }
    }
    return { simulator, listening: await listen(slow) }
  }),
  ({ listening }) => Effect.promise(listening.close)
)

interface Child {
  readonly ready: Promise<void>
  readonly kill: (signal: NodeJS.Signals) => Promise<void>
}

const worker = (environment: { readonly [name: string]: string }): Child => {
  const child = spawn(process.execPath, [main], {
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "pipe"]
  })
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()))
  let explainFailure = ""
  const ready = new Promise<void>((resolve, reject) => {
    child.stdout.on("data", (chunk: Buffer) => {
      explainFailure += chunk.toString()
      if (explainFailure.includes("is running")) resolve()
    })
    child.stderr.on("data", (chunk: Buffer) => {
      explainFailure += chunk.toString()
    })
    child.once("exit", (code) => reject(new Error(`the worker ended with ${code}: ${explainFailure.slice(-2000)}`)))
  })
  return { ready, kill: (signal) => (child.kill(signal), gone) }
}

/** What the simulated world holds of one account's window, by landed key. */
const rowsOf = (world: World.World, profileId: string, from: string, until: string) =>
  Expected.adRows(world, { profileId, from, to: new Date(Date.parse(until) - 86_400_000).toISOString().slice(0, 10) })

test(
  `a worker killed ${kills} times at random moments loses no window and loads none twice (seed ${seed})`,
  { timeout: 400_000 },
  () =>
    Effect.runPromise(
      Effect.scoped(
        Effect.gen(function* () {
          const chance = random(seed)
          const { url } = yield* database
          const { listening, simulator: amazon } = yield* simulator
          const DATA_DIR = yield* folder
          const shared = { DATABASE_URL: url, SIMULATOR_URL: listening.url, DATA_DIR, DATABASE_POOL: "6" }
          const place = yield* server({ ...shared, WORKER: "none" })
          const rounds = yield* Effect.promise(async () => {
            const who = await member(place)
            const accounts = []
            for (const marketplace of ["ATVPDKIKX0DER", "A2EUQ1WTGCTBG2", "A1AM78C64UM0Y8"]) {
              const opened = await account(who.api, `Lanterns ${marketplace}`, marketplace)
              await connect(who, opened.ads, marketplace)
              await connect(who, opened.sp, marketplace)
              accounts.push(opened)
            }
            const connections = accounts.flatMap(({ ads, sp }) => [ads, sp])
            const ledgers = async () => {
              const found = []
              for (const id of connections) {
                const { json } = await software(place.origin, { cookie: who.browser.cookie, origin: place.origin })(
                  "GET",
                  `/v1/connections/${id}`,
                  200
                )
                if (json.backfill === undefined) return undefined
                found.push((await who.api("GET", `/v1/connections/${id}/backfill`, 200)).json)
              }
              return found
            }
            const isDone = async () => {
              const all = await ledgers()
              return all !== undefined && all.every((one) => one.state === "complete") ? all : undefined
            }
            const early: Array<number> = []
            for (let round = 0; round < kills; round++) {
              const running = worker(shared)
              await running.ready
              await new Promise((resolve) => setTimeout(resolve, 30 + chance() * 500))
              await running.kill("SIGKILL")
              if ((await isDone()) !== undefined) early.push(round)
            }
            const last = worker(shared)
            await last.ready
            const finished = await until("the loads", 180, isDone)
            await last.kill("SIGTERM")
            return { finished, early, connections }
          })
          expect(
            rounds.early.length,
            `the load was over after kill ${rounds.early[0]}; it must outlive most kills`
          ).toBeLessThan(kills / 2)

          yield* Effect.promise(async () => {
            const sql = postgres(url, { max: 1, onnotice: () => undefined })
            const windows = rounds.finished.flatMap((ledger) => list(ledger, "windows"))
            expect(windows.every((window) => window.progress === "loaded")).toBe(true)

            const loaded = await sql<Array<{ aggregate: string; window: string; times: number }>>`
        select aggregate_id as aggregate, event->>'windowId' as window, count(*)::int as times
        from portolan.events where event->>'_tag' = 'WindowLoaded' group by 1, 2`
            expect(loaded.filter(({ times }) => times !== 1)).toEqual([])
            expect(loaded).toHaveLength(windows.length)

            const [landed] = await sql<Array<{ rows: number; distinct: number }>>`
        select count(*)::int as rows, count(distinct (connection_id, profile, data_class, key))::int as distinct from portolan.landing_rows`
            const promised = windows.reduce((sum, window) => sum + number(window, "rows"), 0)
            expect(landed).toEqual({ rows: promised, distinct: promised })

            const advertising = await sql<Array<{ connection: string; profile: string }>>`
        select id as connection, state->'link'->'profile'->'key'->>'externalId' as profile from portolan.connections
        where channel = 'amazon-ads' and state->'link' is not null`
            for (const { connection, profile } of advertising) {
              const ledger = rounds.finished[rounds.connections.indexOf(connection)] ?? {}
              const own = list(ledger, "windows")
              const expected = own.flatMap((window) =>
                rowsOf(amazon.world(), profile, text(window, "from"), text(window, "until"))
              )
              const [count] = await sql<Array<{ rows: number }>>`
          select count(*)::int as rows from portolan.landing_rows where connection_id = ${connection} and data_class = 'advertising'`
              expect(count?.rows).toBe(expected.length)
            }
            await sql.end()
          })
        })
      )
    )
)
