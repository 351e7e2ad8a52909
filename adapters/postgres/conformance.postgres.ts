/**
 * The adapters on a real PostgreSQL: `npm run conformance -- --subject postgres`. Uses the server of `CONFORMANCE_URL` if
 * that is set (as a superuser, in a database of its own), and starts one otherwise.
 */
import { defineSubjects } from "@portolan/conformance"
import { Context, Effect, Layer, Redacted } from "effect"
import { tokenVault } from "./conformance.ts"
import * as Database from "./src/Database.ts"
import * as Store from "./src/Store.ts"
import { start } from "./test/support/embedded.ts"

const server = Effect.suspend(() => {
  const given = process.env["CONFORMANCE_URL"]
  if (given !== undefined) return Effect.succeed(given)
  const started = Effect.acquireRelease(Effect.promise(start), ({ stop }) => Effect.promise(stop))
  return Effect.map(started, ({ url }) => url)
})

/** One store for the instance and six for clients, each with connections of its own. */
const stores = Effect.gen(function* () {
  const url = Redacted.make(yield* server)
  const open = Effect.map(
    Layer.build(Layer.fresh(Store.layer.pipe(Layer.provide(Database.layerPostgres({ url, poolSize: 3 }))))),
    Context.get(Store.Store)
  )
  return [yield* open, ...(yield* Effect.all(Array.from({ length: 6 }, () => open)))] as const
})

export default defineSubjects({ tokenVault: tokenVault("postgres", {}, stores) })
