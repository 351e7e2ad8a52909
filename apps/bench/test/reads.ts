/**
 * `npm run bench -- reads`: what reads over HTTP cost on a real PostgreSQL. The yardstick is a bare server of Hono and
 * postgres.js that finds one row by its key and opens it with AES-GCM; both take turns in one run. No spans are made, as in
 * a server without a collector.
 */
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto"
import { Api } from "@portolan/hono"
import { ProviderScript } from "@portolan/memory"
import { ApiKeys, useCases } from "@portolan/ports"
import { Effect, Layer, Redacted, References } from "effect"
import { Hono } from "hono"
import postgres from "postgres"
import { driven } from "../../faults/test/matrix/Installation.ts"
import { connected, organization } from "../../faults/test/matrix/walk.ts"
import * as Embedded from "../../../adapters/postgres/test/support/embedded.ts"
import { type Case, compare } from "../src/measure.ts"
import { get, listening } from "./http.ts"
import * as Tap from "./tap.ts"

/** A route: how fast it is compared with the bare server, and how many statements one request sends. */
export interface Read {
  readonly ratio: number
  readonly statements: number
}

const lanes = 8

/** One SELECT by primary key and one AES-GCM open. */
const bare = Effect.fnUntraced(function* (url: string) {
  const sql = yield* Effect.acquireRelease(
    Effect.sync(() => postgres(url, { max: 12, onnotice: () => undefined })),
    (open) => Effect.promise(() => open.end({ timeout: 1 }))
  )
  const [key, nonce] = [randomBytes(32), randomBytes(12)]
  const cipher = createCipheriv("aes-256-gcm", key, nonce)
  const sealed = Buffer.concat([cipher.update("Atza|".padEnd(400, "x")), cipher.final()])
  const tag = cipher.getAuthTag()
  yield* Effect.promise(async () => {
    await sql`create table bare (id text primary key, sealed bytea, nonce bytea, tag bytea)`
    await sql`insert into bare values ('one', ${sealed}, ${nonce}, ${tag})`
  })
  const app = new Hono()
  app.get("/:id", async (c) => {
    const [row] = await sql`select sealed, nonce, tag from bare where id = ${c.req.param("id")}`
    if (row === undefined) return c.notFound()
    const decipher = createDecipheriv("aes-256-gcm", key, row["nonce"])
    decipher.setAuthTag(row["tag"])
    return c.json({ accessToken: Buffer.concat([decipher.update(row["sealed"]), decipher.final()]).toString() })
  })
  return `${(yield* listening(app.fetch)).url}/one`
})

const sessionCookie = "portolan_session"
const repeats = 20

/** A server of ours over a database, with one connected account and an API key. */
const installation = Effect.fnUntraced(function* (database: string) {
  const context = yield* Layer.build(Layer.provideMerge(useCases, driven(Redacted.make(database))))
  return yield* Effect.provide(
    Effect.gen(function* () {
      yield* (yield* ProviderScript.ProviderScript).tokens({ accessLife: "10 hours" })
      const by = yield* organization()
      const { ads } = yield* connected(by)
      const { secret } = yield* (yield* ApiKeys.ApiKeys).create(by, { name: "Bench", scopes: ["read", "connect"] })
      const app = yield* Api.make({
        sessionCookie,
        readiness: Effect.die("not asked"),
        rateLimit: { calls: Number.MAX_SAFE_INTEGER, windowSeconds: 60 }
      }).pipe(Effect.provideService(References.TracerEnabled, false))
      const { url } = yield* listening(app.fetch)
      return { url, connection: ads, key: secret === undefined ? "" : Redacted.value(secret) }
    }),
    context
  )
})

const headersOf = ({ key }: { readonly key: string }) => ({ authorization: `Bearer ${key}` })
const tokenPath = (connection: string) => `/v1/connections/${connection}/access-token`

/** The insert of the function that reads tokens. */
const recording = /insert into portolan\.token_reads[\s\S]*?;/

/** The same installation on a database of its own, where the function that reads tokens records nothing. */
const unrecorded = Effect.fnUntraced(function* (server: string) {
  const [admin, target] = [new URL(server), new URL(server)]
  target.pathname = "/unrecorded"
  const sql = (url: URL) =>
    Effect.acquireRelease(
      Effect.sync(() => postgres(url.href, { max: 1, onnotice: () => undefined })),
      (open) => Effect.promise(() => open.end({ timeout: 1 }))
    )
  const first = yield* sql(admin)
  yield* Effect.promise(() => first.unsafe("create database unrecorded"))
  const installed = yield* installation(target.href)
  const second = yield* sql(target)
  yield* Effect.promise(async () => {
    const name = "portolan.read_tokens_by_key(text[], text[], text[], text[])"
    const [row] = await second`select pg_get_functiondef(${name}::regprocedure) as text`
    const text = String(row?.["text"])
    if (!recording.test(text)) throw new Error("the function that reads tokens has no record to leave out")
    await second.unsafe(text.replace(recording, ""))
  })
  return get(`${installed.url}${tokenPath(installed.connection)}`, headersOf(installed))
})

/** Measures the routes, by name; `recorded` is a token read beside one that leaves no record. */
export const reads = (millis: number) =>
  Effect.gen(function* () {
    const server = yield* Effect.acquireRelease(
      Effect.promise(() => Embedded.start()),
      ({ stop }) => Effect.promise(() => stop())
    )
    const tap = yield* Effect.acquireRelease(
      Effect.promise(() => Tap.open(server.url)),
      ({ stop }) => Effect.promise(stop)
    )
    const ours = yield* installation(tap.url)
    const paths = {
      tokenRead: tokenPath(ours.connection),
      connection: `/v1/connections/${ours.connection}`,
      connections: "/v1/connections?limit=100",
      grants: "/v1/grants?limit=100"
    }
    const cases = Object.entries(paths).map(([name, path]): Case => ({
      name,
      operation: get(`${ours.url}${path}`, headersOf(ours))
    }))
    const statements = new Map<string, number>()
    for (const { name, operation } of cases) {
      yield* operation
      const before = tap.statements()
      for (let at = 0; at < repeats; at++) yield* operation
      statements.set(name, (tap.statements() - before) / repeats)
    }
    const yardstick = { name: "bare", operation: get(yield* bare(tap.url)) }
    const figures = yield* compare(yardstick, cases, { millis, lanes })
    const silent = { name: "unrecorded", operation: yield* unrecorded(tap.url) }
    const [, recorded] = yield* compare(silent, cases.slice(0, 1), { millis, lanes })
    return {
      ...Object.fromEntries(
        figures.map(({ name, perSecond, ratio }) => [
          name,
          { perSecond, ratio: Number(ratio.toFixed(3)), statements: statements.get(name) ?? 1 }
        ])
      ),
      recorded: { perSecond: recorded?.perSecond ?? 0, ratio: Number((recorded?.ratio ?? 0).toFixed(3)), statements: 1 }
    }
  }).pipe(Effect.scoped)
