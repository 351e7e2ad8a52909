/** How many statements a start sends, counted on the wire. The numbers may only fall. */
import { expect, it } from "@effect/vitest"
import { Database, Migrations, Store } from "@portolan/postgres"
import { Effect, Layer, Redacted } from "effect"
import { freshDatabase } from "../../../adapters/postgres/test/support/databases.ts"
import { open } from "../../bench/test/tap.ts"

it.live("a database is migrated in a handful of statements, and opened again in fewer", () =>
  Effect.gen(function* () {
    const { url } = yield* freshDatabase
    const tap = yield* Effect.acquireRelease(
      Effect.promise(() => open(Redacted.value(url))),
      ({ stop }) => Effect.promise(stop)
    )
    const opening = Layer.provideMerge(
      Store.layer,
      Database.layerPostgres({ url: Redacted.make(tap.url), poolSize: 2 })
    )
    const count = Effect.gen(function* () {
      const before = tap.statements()
      yield* Effect.scoped(Layer.build(opening))
      return tap.statements() - before
    })
    const [fresh, warm] = [yield* count, yield* count]
    // Two fewer where another database of the server has made the role already.
    expect(fresh).toBeLessThanOrEqual(18)
    expect(warm).toBe(6)
    const status = yield* Effect.flatMap(Database.Database, Migrations.status).pipe(
      Effect.provide(Database.layerPostgres({ url }))
    )
    expect(status).toEqual({ applied: Object.keys(Migrations.versions), pending: [] })
  })
)
