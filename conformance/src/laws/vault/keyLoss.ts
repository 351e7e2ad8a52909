/** VAULT-19 and 20: sealing anew undoes no write, and a missing key is not a missing secret. */
import { Effect, Result } from "effect"
import * as fc from "fast-check"
import { core, type Law } from "../../Law.ts"
import { race } from "../../race.ts"
import { mustEqual } from "../../Violation.ts"
import { check, clientsOf, outcome, probe, reading, secret, tagOf, describe } from "./support.ts"
import type { VaultInstance } from "./VaultInstance.ts"

/** Rotation never undoes a newer write. */
export const vault19: Law<VaultInstance> = {
  id: "VAULT-19",
  title: "A write or a removal that meets sealing anew wins",
  rationale: "Sealing anew holds a copy of the token from before the refresh; written last, it ends the consent.",
  checkFirst:
    "Look at the condition of the update in `rewrap`: it names the version or the seal that was read, so that it " +
    "leaves a newer write alone, and it is an update and never an insert, so that nothing that was removed comes back.",
  see: ["TokenVault.rewrap"],
  level: core,
  parts: [
    check({
      name: "race",
      kind: "race",
      needs: ["overlap", "keys"],
      interleavings: 8,
      labels: { "swap acknowledged": 0.5 },
      input: fc.record({ writes: fc.integer({ min: 1, max: 3 }), others: fc.integer({ min: 0, max: 2 }) }),
      check: (instance, { writes, others }, testCase) =>
        Effect.gen(function* () {
          const {
            vault,
            organizations: [organizationId]
          } = instance
          const clients = yield* clientsOf(instance, 2)
          let expected = { secret: "before", version: yield* vault.put(organizationId, "grant", secret("before")) }
          for (let index = 0; index < others; index++) {
            yield* vault.put(organizationId, `other ${index}`, secret("other"))
          }
          yield* probe(instance, "keys").rotate()
          const refresh = Effect.gen(function* () {
            for (let index = 0; index < writes; index++) {
              const text = `refreshed ${index}`
              const result = yield* outcome(
                clients(0).compareAndSwap(organizationId, "grant", expected.version, secret(text))
              )
              testCase.note(`swap ${index} -> ${describe(result)}`)
              if (Result.isSuccess(result)) expected = { secret: text, version: result.success }
            }
          })
          const finishes = yield* race<unknown, unknown>(testCase, [refresh, clients(1).rewrap(organizationId, 10)])
          yield* Effect.forEach(finishes, ({ exit }) => exit)
          if (expected.secret !== "before") testCase.label("swap acknowledged")
          yield* mustEqual("sealing anew undid a newer write, or kept it from taking place", {
            expected: { secret: `refreshed ${writes - 1}`, version: expected.version },
            actual: yield* reading(vault, organizationId, "grant")
          })
        })
    }),
    check({
      name: "removal",
      kind: "race",
      needs: ["overlap", "keys"],
      interleavings: 8,
      input: fc.record({ again: fc.boolean(), others: fc.integer({ min: 0, max: 3 }) }),
      check: (instance, { again, others }, testCase) =>
        Effect.gen(function* () {
          const {
            vault,
            organizations: [organizationId]
          } = instance
          const clients = yield* clientsOf(instance, 2)
          const version = yield* vault.put(organizationId, "grant", secret("before"))
          for (let index = 0; index < others; index++) {
            yield* vault.put(organizationId, `other ${index}`, secret("other"))
          }
          yield* probe(instance, "keys").rotate()
          const remove = Effect.gen(function* () {
            yield* clients(0).remove(organizationId, "grant")
            return again ? yield* clients(0).create(organizationId, "grant", secret("after")) : version
          })
          const finishes = yield* race<number, unknown>(testCase, [
            remove,
            Effect.map(clients(1).rewrap(organizationId, 10), ({ rewrapped }) => rewrapped)
          ])
          const [last = version] = yield* Effect.forEach(finishes, ({ exit }) => exit)
          testCase.note(`removed${again ? " and created anew" : ""} while all was sealed anew`)
          yield* mustEqual("sealing anew undid a removal", {
            expected: again ? { secret: "after", version: last } : "SecretNotFound",
            actual: yield* reading(vault, organizationId, "grant")
          })
        })
    })
  ]
}

type Attempt = "get" | "swap" | "put" | "seal anew"

/** Which key is away, the one before a rotation or the active one, and what is tried meanwhile. */
const outage = (rotated: boolean) =>
  fc.record({
    rotated: fc.constant(rotated),
    during: fc.array(fc.constantFrom<Attempt>("get", "swap", "put", "seal anew"), { minLength: 1, maxLength: 4 })
  })

/** A missing key is not a missing secret. */
export const vault20: Law<VaultInstance> = {
  id: "VAULT-20",
  title: "Without its key a secret is unavailable, not missing; with the key it is back",
  rationale: "An outage of the key service that reads like deleted tokens makes every customer consent again.",
  checkFirst:
    "Look at how the ways to fail at opening a seal are told apart: a key out of reach is KeyUnavailable, never " +
    "SecretNotFound or SecretCorrupted. `rewrap` never deletes what it cannot open.",
  see: ["KeyUnavailable"],
  level: core,
  parts: [
    check({
      name: "alone",
      kind: "property",
      needs: ["keys"],
      labels: { "key of old secrets only": 0.08, "active key": 0.08 },
      input: [outage(true), outage(false)],
      check: (instance, { rotated, during }, testCase) =>
        Effect.gen(function* () {
          const {
            vault,
            organizations: [organizationId]
          } = instance
          const keys = probe(instance, "keys")
          const version = yield* vault.put(organizationId, "grant", secret("kept"))
          const keyId = rotated ? yield* keys.rotate() : yield* keys.active()
          yield* keys.withdraw(keyId)
          testCase.label(rotated ? "key of old secrets only" : "active key")
          const attempts: Readonly<Record<Attempt, Effect.Effect<unknown, { readonly _tag: string }>>> = {
            get: vault.get(organizationId, "grant"),
            swap: vault.compareAndSwap(organizationId, "grant", version, secret("new")),
            put: vault.put(organizationId, "grant", secret("new")),
            "seal anew": vault.rewrap(organizationId, 10)
          }
          for (const call of during) {
            // With a new active key at hand, writes need no old one; sealing anew and reading do.
            if (rotated && (call === "put" || call === "swap")) continue
            const result = yield* outcome(attempts[call])
            testCase.note(`${call} without the key -> ${describe(result)}`)
            // Without a rotation nothing has to be sealed anew, which needs no key.
            if (call === "seal anew" && !rotated && Result.isSuccess(result)) continue
            yield* mustEqual(`a ${call} without the key met the wrong answer`, {
              expected: "KeyUnavailable",
              actual: tagOf(result)
            })
          }
          yield* keys.restore(keyId)
          yield* mustEqual("after the key came back, the secret is not as it was", {
            expected: { secret: "kept", version },
            actual: yield* reading(vault, organizationId, "grant")
          })
        })
    })
  ]
}
