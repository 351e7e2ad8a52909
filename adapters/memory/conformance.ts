/** What the conformance suite needs to test the adapters in memory: `npm run conformance -- --subject memory`. */
import { defineSubjects, type Subject, type VaultInstance } from "@portolan/conformance"
import { Id } from "@portolan/domain"
import { TokenVault } from "@portolan/ports"
import { Context, Effect, Layer } from "effect"
import * as Memory from "./src/Memory.ts"
import * as TokenVaultMemory from "./src/TokenVaultMemory.ts"

/** Every case has a world of its own, so all cases may use the same two organizations. */
const organizations: VaultInstance["organizations"] = [
  Id.make("organization", 1, new Uint8Array(10).fill(1)),
  Id.make("organization", 2, new Uint8Array(10).fill(2))
]

const makeVault = Effect.gen(function* () {
  const memory = yield* Layer.build(Memory.layer())
  const open = Effect.map(
    Effect.provideContext(Layer.build(Layer.fresh(TokenVaultMemory.layer)), memory),
    Context.get(TokenVault.TokenVault)
  )
  const vault = yield* open
  const instance: VaultInstance = {
    vault,
    features: vault.features,
    organizations,
    probes: { clients: (count) => Effect.all(Array.from({ length: count }, () => open)) }
  }
  return instance
})

const tokenVault: Subject<VaultInstance> = {
  name: "memory",
  version: "0.1.0",
  place: "in-process",
  manifest: {
    features: ["leases"],
    clock: "effect",
    attested: {
      dump: "nothing is at rest: a world in memory ends with its process",
      tamper: "nothing is at rest: there are no stored bytes to change",
      crash: "a step on the world is one assignment, and the world dies with the process"
    },
    notVerified: {
      keys: "nothing is sealed in memory, so there are no keys to change",
      outage: "the process cannot lose the connection to itself",
      restart: "a world in memory ends with its process"
    }
  },
  open: Effect.succeed(makeVault)
}

export default defineSubjects({ tokenVault })
