/**
 * What the conformance suite needs to test the adapters on a real server: `npm run conformance -- --subject postgres`.
 * The server is the test run's, or one that is started for this run alone.
 */
import { defineSubjects, type Subject, type VaultInstance } from "@portolan/conformance"
import { Context, Effect, Layer, Redacted } from "effect"
import { Database, Store } from "./src/index.ts"
import { freshDatabaseOn } from "./test/support/databases.ts"
import * as Embedded from "./test/support/embedded.ts"
import * as Faults from "./test/support/Faults.ts"
import { secrets } from "./test/support/subjects.ts"
import { type Client, makeVault } from "./test/support/vaultSubject.ts"

const server = Effect.suspend(() => {
  const known = process.env[Embedded.addressVariable]
  return known !== undefined ? Effect.succeed(known) : Effect.map(
    Effect.acquireRelease(Effect.promise(() => Embedded.start()), ({ stop }) => Effect.promise(stop)), ({ url }) => url)
})

const ground = Effect.gen(function*() {
  const { url } = yield* freshDatabaseOn(yield* server)
  const scope = yield* Effect.scope
  const connect = (wrap?: Faults.Faults["wrap"]) => Layer.buildWithScope(
    Layer.provide(Store.layer, Database.layerPostgres({ url, poolSize: 3, ...(wrap === undefined ? {} : { wrap }) })), scope
  ).pipe(Effect.map(Context.get(Store.Store)))
  const faults = Faults.make()
  const open: Array<Client> = [yield* connect(faults.wrap)]
  return {
    faults,
    clients: (count: number) => Effect.gen(function*() {
      while (open.length < count) open.push(yield* connect())
      return open.slice(0, count)
    })
  }
})

const tokenVault: Subject<VaultInstance> = {
  name: "postgres",
  version: "0.1.0",
  place: "outside",
  manifest: { features: ["leases", "durable", "rollback-protection"], clock: "store" },
  open: Effect.map(ground, (shared) => Effect.provide(makeVault(shared), secrets))
}

/** The address of the server in use, for a person who wants to look. */
export const address = Effect.map(server, Redacted.make)

export default defineSubjects({ tokenVault })
