/** Starting: what cannot work is said in one sentence and ends with a non-zero exit; what was kept is there again. */
import { spawn } from "node:child_process"
import { createServer, type Server as NetServer } from "node:net"
import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { list, text } from "@portolan/app-demo/Http"
import { Settings } from "@portolan/server"
import { table } from "../src/settingsTable.ts"
import { Effect, Result } from "effect"
import postgres from "postgres"
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest"
import { account, startAuthorization, member, server } from "./support/place.ts"

const main = fileURLToPath(new URL("../src/main.ts", import.meta.url))
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "portolan-start-"))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const run = (environment: { readonly [name: string]: string }, ...args: ReadonlyArray<string>) =>
  new Promise<{ readonly code: number | null; readonly out: string; readonly err: string }>((resolve) => {
    const { DATABASE_URL: _none, ...clean } = process.env
    const child = spawn(process.execPath, [main, ...args], {
      env: { ...clean, DATA_DIR: folder, PORT: "0", SIMULATOR_PORT: "0", ...environment }
    })
    let out = ""
    let err = ""
    child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()))
    child.stderr.on("data", (chunk: Buffer) => (err += chunk.toString()))
    child.once("exit", (code) => resolve({ code, out, err }))
  })

const sentence = ({ code, err }: { readonly code: number | null; readonly err: string }) => {
  expect(code).not.toBe(0)
  expect(err.trim().split("\n"), err).toHaveLength(1)
  return err.trim()
}

const taken = () =>
  new Promise<{ readonly port: number; readonly server: NetServer }>((resolve) => {
    const holder = createServer().listen(0, "127.0.0.1", () => {
      const address = holder.address()
      resolve({ port: typeof address === "object" && address !== null ? address.port : 0, server: holder })
    })
  })

describe("one clear sentence and a non-zero exit", () => {
  test("a malformed setting", async () => {
    expect(sentence(await run({ PORT: "many" }))).toBe(
      "The setting PORT needs a port from 0 to 65535 (0 takes a free one). The same command with --help lists all settings."
    )
  })

  test("several settings, all of them at once, without the value of a secret one", async () => {
    const settings = { PORT: "many", WORKER: "sometimes", AMAZON_ADS_CLIENT_ID: "amzn1.x", SECRET: "hunter2-too-short" }
    const { code, err: told } = await run(settings)
    expect(code).not.toBe(0)
    for (const name of ["PORT", "WORKER", "AMAZON_ADS_CLIENT_SECRET", "SECRET"]) {
      expect(told).toContain(`The setting ${name} needs `)
    }
    expect(told).not.toContain("hunter2")
  })

  test("an occupied port", async () => {
    const { port, server: holder } = await taken()
    expect(sentence(await run({ PORT: String(port) }))).toContain(`Port ${port} on 127.0.0.1 is taken`)
    holder.close()
  })

  test("an unreachable database, without its password", async () => {
    const { port, server: holder } = await taken()
    await new Promise((resolve) => holder.close(resolve))
    const told = sentence(await run({ DATABASE_URL: `postgres://user:hunter2@127.0.0.1:${port}/x` }))
    expect(told).toContain(`127.0.0.1:${port}`)
    expect(told).not.toContain("hunter2")
  })

  test("a data folder that is a file", async () => {
    const file = join(folder, "file")
    await writeFile(file, "")
    expect(sentence(await run({ DATA_DIR: file }))).toContain(`The data folder ${file} cannot be used`)
  })

  test("an argument that is not known", async () => {
    expect(sentence(await run({}, "--bogus"))).toContain("There is no argument --bogus")
  })

  test("no worker beside an embedded database", async () => {
    expect(sentence(await run({ WORKER: "none" }))).toContain("WORKER")
  })

  test("live Amazon without credentials", async () => {
    expect(sentence(await run({ PROVIDER: "live" }))).toContain("AMAZON_ADS_CLIENT_ID")
  })
}, 60_000)

test("--help lists every setting, and names the command that was run: the package's, or npm's in a clone", async () => {
  const { code, out } = await run({ npm_lifecycle_event: "" }, "--help")
  expect(code).toBe(0)
  for (const name of Object.keys(table)) expect(out).toContain(name)
  expect(out).toMatch(/^portolan-server .*\nportolan-server --help\n/)
  expect((await run({ npm_lifecycle_event: "start" }, "--help")).out).toMatch(/^npm start .*\nnpm start -- --help\n/)
})

test("an environment without settings is a complete set of settings", () => {
  const settings = Settings.decode({})
  expect(Result.isSuccess(settings) && settings.success.PROVIDER).toBe("simulator")
})

test("stopping and starting again loses nothing", { timeout: 120_000 }, async () => {
  const kept = join(folder, "kept")
  const first = await Effect.runPromise(
    Effect.scoped(
      Effect.gen(function* () {
        const place = yield* server({ DATA_DIR: kept })
        return yield* Effect.promise(async () => {
          const who = await member(place)
          const opened = await account(who.api, "Kept")
          return { opened, cookie: who.browser.cookie }
        })
      })
    )
  )
  await Effect.runPromise(
    Effect.scoped(
      Effect.gen(function* () {
        const place = yield* server({ DATA_DIR: kept })
        yield* Effect.promise(async () => {
          const answer = await fetch(new URL(`/v1/accounts/${first.opened.accountId}`, place.origin), {
            headers: { cookie: first.cookie }
          })
          expect(answer.status).toBe(200)
          const who = await member(place)
          const { json } = await who.api("GET", "/v1/companies", 200)
          expect(
            list(json, "items")
              .map((one) => text(one, "name"))
              .toSorted()
          ).toEqual(["Kept Ltd", "Lindqvist Lanterns"])
          const ready = await fetch(new URL("/readyz", place.origin))
          expect(ready.status).toBe(200)
        })
      })
    )
  )
})

test("/readyz tells when work is due and nobody does it", { timeout: 60_000 }, async () => {
  const admin = postgres(inject("postgresUrl"), { max: 1, onnotice: () => undefined })
  const name = `ready_${crypto.randomUUID().replaceAll("-", "")}`
  await admin.unsafe(`create database ${name}`)
  const url = new URL(inject("postgresUrl"))
  url.pathname = `/${name}`
  const sql = postgres(url.href, { max: 1, onnotice: () => undefined })
  try {
    await Effect.runPromise(
      Effect.scoped(
        Effect.gen(function* () {
          const place = yield* server({ DATABASE_URL: url.href, WORKER: "none" })
          yield* Effect.promise(async () => {
            const who = await member(place)
            await startAuthorization(who, (await account(who.api, "Waiting")).ads)
            const ready = async () => {
              const answer = await fetch(new URL("/readyz", place.origin))
              return { status: answer.status, body: await answer.text() }
            }
            const idle = await ready()
            expect([idle.status, idle.body]).toEqual([200, expect.stringContaining("0 workers live")])
            await sql`update portolan.jobs set due_at = now() - interval '5 minutes'`
            const stalled = await ready()
            expect(stalled.status).toBe(503)
            expect(stalled.body).toMatch(
              /nobody has worked for 30\d s: 0 workers live; the oldest job has been due for/
            )
            await sql`update portolan.jobs set claimed_until = now() + interval '1 minute'`
            expect((await ready()).status).toBe(200)
            await sql`update portolan.jobs set claimed_until = null, due_at = now() + interval '1 day'`
            await sql`insert into portolan.workers (id, seen_at, living_until)
              values ('a', now(), now() + interval '30 seconds')`
            expect((await ready()).body).toContain("1 worker lives; no job is due")
            await sql`update portolan.workers set seen_at = now() - interval '2 minutes', living_until = now()`
            const dead = await ready()
            expect([dead.status, dead.body]).toEqual([503, expect.stringContaining("nobody has worked for 120 s")])
          })
        })
      )
    )
  } finally {
    await sql.end()
    await admin.unsafe(`drop database ${name} with (force)`)
    await admin.end()
  }
})
