/**
 * `npm run bench -- reads`: what reads over HTTP cost on a real PostgreSQL. The yardstick is a bare server of Hono and
 * postgres.js that finds one row by its key and opens it with AES-GCM; both take turns in one run.
 */
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto"
import { Api } from "@portolan/hono"
import { ProviderScript } from "@portolan/memory"
import { ApiKeys, useCases } from "@portolan/ports"
import { Effect, Layer, Redacted } from "effect"
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

/** Measures the routes, by name. */
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
    const context = yield* Layer.build(Layer.provideMerge(useCases, driven(Redacted.make(tap.url))))
    const { url, key, connection } = yield* Effect.provide(
      Effect.gen(function* () {
        yield* (yield* ProviderScript.ProviderScript).tokens({ accessLife: "10 hours" })
        const by = yield* organization()
        const { ads } = yield* connected(by)
        const { secret } = yield* (yield* ApiKeys.ApiKeys).create(by, { name: "Bench", scopes: ["read", "connect"] })
        const app = yield* Api.make({
          sessionCookie,
          readiness: Effect.die("not asked"),
          rateLimit: { calls: Number.MAX_SAFE_INTEGER, windowSeconds: 60 }
        })
        const { url } = yield* listening(app.fetch)
        return { url, connection: ads, key: secret === undefined ? "" : Redacted.value(secret) }
      }),
      context
    )
    const headers = { authorization: `Bearer ${key}` }
    const paths = {
      tokenRead: `/v1/connections/${connection}/access-token`,
      connection: `/v1/connections/${connection}`,
      connections: "/v1/connections?limit=100",
      grants: "/v1/grants?limit=100"
    }
    const cases = Object.entries(paths).map(([name, path]): Case => ({
      name,
      operation: get(`${url}${path}`, headers)
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
    return Object.fromEntries(
      figures.map(({ name, perSecond, ratio }) => [
        name,
        { perSecond, ratio: Number(ratio.toFixed(3)), statements: statements.get(name) ?? 1 }
      ])
    )
  }).pipe(Effect.scoped)
