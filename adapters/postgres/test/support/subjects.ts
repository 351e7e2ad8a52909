import { Effect, Layer, Redacted } from "effect"
import { SecretsCrypto } from "@portolan/secrets"
import { Database, KeyRingLocal, PostgresAdapters } from "../../src/index.ts"

/** Settings of the adapters in tests. */
export const options: PostgresAdapters.Options = {
  keyRing: KeyRingLocal.layer({ active: { id: "m1", key: Redacted.make("11".repeat(32)) } }),
  cursorSecret: Redacted.make("a cursor secret for tests, 32 or more")
}

/** Ids and tokens that never repeat, also over several runs on one database. */
export const secrets = SecretsCrypto.layer(Redacted.make("a deployment secret for tests, 32 or more"))

/** All ports on an embedded database, in memory unless a folder is given. */
export const pglite = (dataDir?: string) =>
  Layer.merge(
    secrets,
    Layer.provideMerge(PostgresAdapters.layer(options), Database.layerPGlite(dataDir === undefined ? {} : { dataDir }))
  )

/** All ports on a server. */
export const server = (url: Redacted.Redacted<string>, poolSize = 5) =>
  Layer.merge(secrets, Layer.provideMerge(PostgresAdapters.layer(options), Database.layerPostgres({ url, poolSize })))

/** Runs an effect against the ports of one client: own pool, own caches, closed at the end of the scope. */
export const client = (url: Redacted.Redacted<string>, poolSize = 5) =>
  Layer.build(server(url, poolSize)).pipe(
    Effect.map(
      (context) =>
        <A, E, R>(effect: Effect.Effect<A, E, R>) =>
          Effect.provide(effect, context)
    )
  )
