/** A token by an API key in one statement: it gives what the ordinary way gives, and nothing where that refuses. */
import { expect, it } from "@effect/vitest"
import type { Id } from "@portolan/domain"
import {
  AccessTokens,
  ApiKeys,
  Connections,
  Organizations,
  Secrets,
  TokenReads,
  type ApiKeys as Keys
} from "@portolan/ports"
import { Database } from "@portolan/postgres"
import { Context, Effect, Layer, Redacted } from "effect"
import { sql } from "kysely"
import { freshDatabase } from "../../../adapters/postgres/test/support/databases.ts"
import * as Tap from "../../bench/test/tap.ts"
import { driven, process } from "./matrix/Installation.ts"
import { account, connected, organization } from "./matrix/walk.ts"

const composed = Layer.effectContext(
  Effect.map(
    Layer.build(Layer.fresh(TokenReads.composed)),
    (context) => context as Context.Context<TokenReads.TokenReads>
  )
)

/** What both ways give for a key and a connection; fails when they differ. */
const both = Effect.fnUntraced(function* (key: string, connectionId: Id.ConnectionId) {
  const digest = yield* (yield* Secrets.Secrets).digest(Redacted.make(key))
  const one = yield* (yield* TokenReads.TokenReads).byKey(digest, connectionId, "test")
  const many = yield* Effect.scoped(
    Effect.provide(
      Effect.flatMap(TokenReads.TokenReads, ({ byKey }) => byKey(digest, connectionId, "test")),
      composed
    )
  )
  expect(one).toEqual(many)
  return one
})

const keyOf = (made: { readonly secret?: Redacted.Redacted<string> }) =>
  made.secret === undefined ? "" : Redacted.value(made.secret)

const recorded = Effect.gen(function* () {
  const { kysely } = yield* Database.Database
  const { rows } = yield* Effect.promise(() =>
    sql<{ readonly actor: string }>`select actor from portolan.token_reads where operation = 'test'`.execute(kysely)
  )
  return rows.map(({ actor }) => JSON.parse(actor) as { readonly _tag: string; readonly keyId?: string })
})

const recordedFor = Effect.fnUntraced(function* (operation: string) {
  const { kysely } = yield* Database.Database
  const { rows } = yield* Effect.promise(() =>
    sql`select organization_id, count(*)::integer as reads from portolan.token_reads where operation = ${operation}
      group by organization_id order by min(id)`.execute(kysely)
  )
  return rows
})

it.live("gives the same in one statement as with a question for each part", () =>
  Effect.gen(function* () {
    const { url } = yield* freshDatabase
    const tap = yield* Effect.acquireRelease(
      Effect.promise(() => Tap.open(Redacted.value(url))),
      ({ stop }) => Effect.promise(stop)
    )
    const services = yield* Layer.build(Layer.fresh(driven(Redacted.make(tap.url))))
    yield* Effect.gen(function* () {
      const whole = yield* process()
      yield* whole(
        Effect.gen(function* () {
          const keys = yield* ApiKeys.ApiKeys
          const connections = yield* Connections.Connections
          const by = yield* organization()
          const it = yield* connected(by)
          const scopes: Parameters<Keys.ApiKeys["Service"]["create"]>[1]["scopes"] = ["read", "connect"]
          const made = yield* keys.create(by, { name: "Import", scopes })
          const key = keyOf(made)
          expect(yield* both(key, it.ads)).toMatchObject({ connection: { id: it.ads }, key: { name: "Import" } })
          const reads = yield* recorded
          expect(reads.map(({ _tag, keyId }) => [_tag, keyId])).toEqual([
            ["ApiKey", made.key.id],
            ["ApiKey", made.key.id]
          ])
          const headers = new Headers({ authorization: `Bearer ${key}` })
          const { ofConnection, ofKey } = yield* AccessTokens.AccessTokens
          expect(yield* ofKey(headers, it.ads)).toEqual(yield* ofConnection(by, it.ads))
          const before = tap.statements()
          expect(yield* ofKey(headers, it.ads)).not.toBe(undefined)
          expect(tap.statements() - before).toBe(1)

          // Nobody else's, and nothing that is not in use.
          const other = yield* organization("Other")
          const theirs = yield* keys.create(other, { name: "Theirs", scopes })

          // Many at once share statements, and each has what it would have alone, and its record.
          const theirOwn = yield* connected(other)
          const started = tap.statements()
          const strangers = new Headers({ authorization: `Bearer ${keyOf(theirs)}` })
          const asked = [
            [headers, it.ads],
            [strangers, it.ads],
            [strangers, theirOwn.ads],
            [new Headers({ authorization: `Bearer ptl_${"x".repeat(40)}` }), it.ads],
            [headers, theirOwn.ads],
            [headers, it.ads]
          ] as const
          const atOnce = yield* Effect.all(
            asked.map(([by, connectionId]) => ofKey(by, connectionId, "at once")),
            { concurrency: "unbounded" }
          )
          expect(tap.statements() - started).toBeLessThanOrEqual(3)
          expect(atOnce.map((token) => token !== undefined)).toEqual([true, false, true, false, false, true])
          expect(atOnce[2]).toEqual(yield* ofConnection(other, theirOwn.ads))
          expect(yield* recordedFor("at once")).toEqual([
            { organization_id: by.organizationId, reads: 2 },
            { organization_id: other.organizationId, reads: 1 }
          ])
          expect(yield* both(keyOf(theirs), it.ads)).toBe(undefined)
          expect(yield* both(key, (yield* account(by, "New")).ads)).toBe(undefined)
          expect(yield* both("no key", it.ads)).toBe(undefined)
          const reader = yield* keys.create(by, { name: "Reader", scopes: ["read"] })
          expect(yield* ofKey(new Headers({ authorization: `Bearer ${keyOf(reader)}` }), it.ads)).toBe(undefined)
          for (const odd of ["", "con_1", "' or true --", "\u0000", "x".repeat(5000)])
            expect(yield* ofKey(headers, odd)).toBe(undefined)
          const narrow = yield* keys.create(by, {
            name: "Narrow",
            scopes,
            accessScope: {
              _tag: "Limited",
              companies: [],
              brands: [],
              accounts: [{ id: it.account.id, right: "write" }]
            }
          })
          expect(yield* both(keyOf(narrow), it.ads)).toBe(undefined)
          yield* connections.pause(by, it.ads)
          expect(yield* ofKey(headers, it.ads)).toBe(undefined)
          yield* connections.resume(by, it.ads)
          expect(yield* ofKey(headers, it.ads)).not.toBe(undefined)
          yield* keys.revoke(by, made.key.id)
          expect(yield* both(key, it.ads)).toBe(undefined)
          expect(yield* ofKey(headers, it.ads)).toBe(undefined)
          const next = keyOf(yield* keys.create(by, { name: "Next", scopes }))
          yield* (yield* Organizations.Organizations).close(by)
          expect(yield* both(next, it.ads)).toBe(undefined)
        })
      )
    }).pipe(Effect.provide(services))
  }).pipe(Effect.scoped)
)
