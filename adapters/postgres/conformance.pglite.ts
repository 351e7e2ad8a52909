/** What the conformance suite needs to test the adapters on PGlite: `npm run conformance -- --subject pglite`. */
import { defineSubjects, type Subject, type VaultInstance } from "@portolan/conformance"
import { Context, Effect, Layer } from "effect"
import { Database, Store } from "./src/index.ts"
import * as Faults from "./test/support/Faults.ts"
import { secrets } from "./test/support/subjects.ts"
import { makeVault } from "./test/support/vaultSubject.ts"

const ground = Effect.gen(function*() {
  const faults = Faults.make()
  const store = Context.get(
    yield* Layer.build(Layer.provide(Store.layer, Database.layerPGlite({ wrap: faults.wrap }))), Store.Store)
  // Clients share the one connection; what each keeps in process is its own.
  return { faults, clients: (count: number) => Effect.succeed(Array.from({ length: count }, () => store)) }
})

const tokenVault: Subject<VaultInstance> = {
  name: "pglite",
  version: "0.1.0",
  place: "outside",
  manifest: {
    features: ["leases", "durable", "rollback-protection"],
    clock: "store",
    notVerified: { overlap: "an embedded database has one connection; its clients never overlap" }
  },
  open: Effect.map(ground, (shared) => Effect.provide(makeVault(shared), secrets))
}

export default defineSubjects({ tokenVault })
