/** VAULT-17 to 20: keys are changed, lost and found again, and no secret goes with them. */
import { Effect, Result } from "effect"
import * as fc from "fast-check"
import { core, type Law } from "../../Law.ts"
import { race } from "../../race.ts"
import { must, mustEqual } from "../../Violation.ts"
import { check, clientsOf, outcome, probe, reading, secret, tagOf, describe } from "./support.ts"
import type { Vault, VaultInstance } from "./VaultInstance.ts"

type OrganizationId = VaultInstance["organizations"][0]

/** Seals anew until nothing remains; a vault that gets nowhere is stopped. */
const rewrapAll = Effect.fnUntraced(function* (
  vault: Vault,
  organizationId: OrganizationId,
  limit: number,
  secrets: number
) {
  for (let round = 0; round <= secrets + 2; round++) {
    const { rewrapped, remaining } = yield* vault.rewrap(organizationId, limit)
    yield* must(rewrapped <= limit, "sealing anew did more than it was asked for", {
      expected: limit,
      actual: rewrapped
    })
    if (remaining === 0) return
    yield* must(rewrapped > 0, "sealing anew got nowhere, though some remain", { expected: 0, actual: remaining })
  }
  yield* must(false, "sealing anew does not come to an end")
})

const mustAllRead = Effect.fnUntraced(function* (
  vault: Vault,
  organizationId: OrganizationId,
  expected: ReadonlyMap<string, { readonly secret: string; readonly version: number }>,
  when: string
) {
  for (const [place, entry] of expected) {
    yield* mustEqual(`a secret was lost or changed ${when}`, {
      expected: entry,
      actual: yield* reading(vault, organizationId, place)
    })
  }
})

const steps = fc.array(fc.constantFrom("write", "write", "rotate", "seal anew and withdraw"), {
  minLength: 2,
  maxLength: 8
})

/** Key rotation keeps every secret. */
export const vault17: Law<VaultInstance> = {
  id: "VAULT-17",
  title: "Changing keys keeps every secret, and a key can go once everything is sealed anew",
  rationale: "Keys are changed every year by people who trust the word 'done'; what was left out is gone for good.",
  level: core,
  parts: [
    check({
      name: "alone",
      kind: "model",
      needs: ["keys"],
      labels: { withdrawn: 0.08 },
      input: fc.record({ secrets: fc.integer({ min: 1, max: 9 }), page: fc.integer({ min: 1, max: 5 }), steps }),
      check: (instance, { secrets, page, steps }, testCase) =>
        Effect.gen(function* () {
          const {
            vault,
            organizations: [organizationId]
          } = instance
          const keys = probe(instance, "keys")
          const expected = new Map<string, { readonly secret: string; readonly version: number }>()
          const write = Effect.fnUntraced(function* (place: string, text: string) {
            expected.set(place, { secret: text, version: yield* vault.put(organizationId, place, secret(text)) })
          })
          for (let index = 0; index < secrets; index++) yield* write(`grant ${index}`, `secret ${index}`)
          const old: Array<string> = []
          for (const [index, step] of steps.entries()) {
            testCase.note(step)
            if (step === "write") yield* write(`grant ${index}`, `written at step ${index}`)
            if (step === "rotate") old.push(yield* keys.rotate())
            if (step === "seal anew and withdraw") {
              yield* rewrapAll(vault, organizationId, page, expected.size)
              if (old.length > 0) testCase.label("withdrawn")
              for (const keyId of old.splice(0)) yield* keys.withdraw(keyId)
            }
            yield* mustAllRead(vault, organizationId, expected, `after '${step}'`)
          }
        })
    })
  ]
}

/** Rotation survives a crash anywhere. */
export const vault18: Law<VaultInstance> = {
  id: "VAULT-18",
  title: "Dying at any point of sealing anew loses nothing, and doing it again finishes the work",
  rationale: "Deployments kill processes at any moment; the longest-running job is the likeliest to be hit.",
  level: core,
  parts: [
    check({
      name: "crash",
      kind: "crash",
      needs: ["keys", "crash", "restart"],
      labels: { died: 0.1 },
      input: fc.record({
        secrets: fc.integer({ min: 1, max: 5 }),
        call: fc.integer({ min: 1, max: 14 }),
        side: fc.constantFrom("before" as const, "after" as const)
      }),
      check: (instance, { secrets, call, side }, testCase) =>
        Effect.gen(function* () {
          const {
            vault,
            organizations: [organizationId]
          } = instance
          const trap = probe(instance, "crash")
          const expected = new Map<string, { readonly secret: string; readonly version: number }>()
          for (let index = 0; index < secrets; index++) {
            const text = `secret ${index}`
            expected.set(text, { secret: text, version: yield* vault.put(organizationId, text, secret(text)) })
          }
          const old = yield* probe(instance, "keys").rotate()
          yield* trap.arm(call, side)
          yield* Effect.exit(vault.rewrap(organizationId, 10))
          if (yield* trap.disarm()) testCase.label("died")
          const reopened = yield* probe(instance, "reopen")()
          yield* mustAllRead(reopened, organizationId, expected, "when sealing anew died half-way")
          yield* rewrapAll(reopened, organizationId, 10, secrets)
          yield* probe(instance, "keys").withdraw(old)
          yield* mustAllRead(reopened, organizationId, expected, "after sealing anew was done again")
        })
    }),
    check({
      name: "race",
      kind: "race",
      needs: ["overlap", "keys"],
      interleavings: 3,
      input: fc.integer({ min: 1, max: 5 }),
      check: (instance, secrets, testCase) =>
        Effect.gen(function* () {
          const {
            vault,
            organizations: [organizationId]
          } = instance
          const clients = yield* clientsOf(instance, 2)
          const expected = new Map<string, { readonly secret: string; readonly version: number }>()
          for (let index = 0; index < secrets; index++) {
            const text = `secret ${index}`
            expected.set(text, { secret: text, version: yield* vault.put(organizationId, text, secret(text)) })
          }
          const old = yield* probe(instance, "keys").rotate()
          const finishes = yield* race(testCase, [
            clients(0).rewrap(organizationId, 10),
            clients(1).rewrap(organizationId, 10)
          ])
          yield* Effect.forEach(finishes, ({ exit }) => exit)
          yield* rewrapAll(vault, organizationId, 10, secrets)
          yield* probe(instance, "keys").withdraw(old)
          yield* mustAllRead(vault, organizationId, expected, "when two sealed anew at once")
        })
    })
  ]
}

/** Rotation never undoes a newer write. */
export const vault19: Law<VaultInstance> = {
  id: "VAULT-19",
  title: "A write that meets sealing anew wins",
  rationale: "Sealing anew holds a copy of the token from before the refresh; written last, it ends the consent.",
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
    })
  ]
}

/** A missing key is not a missing secret. */
export const vault20: Law<VaultInstance> = {
  id: "VAULT-20",
  title: "Without its key a secret is unavailable, not missing; with the key it is back",
  rationale: "An outage of the key service that reads like deleted tokens makes every customer consent again.",
  level: core,
  parts: [
    check({
      name: "alone",
      kind: "property",
      needs: ["keys"],
      labels: { "key of old secrets only": 0.08, "active key": 0.08 },
      input: fc.record({
        rotated: fc.boolean(),
        during: fc.array(fc.constantFrom("get", "swap", "put", "seal anew"), { minLength: 1, maxLength: 4 })
      }),
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
          for (const call of during) {
            // With a new active key at hand, writes need no old one; sealing anew and reading do.
            if (rotated && (call === "put" || call === "swap")) continue
            const attempt: Effect.Effect<unknown, { readonly _tag: string }> =
              call === "get"
                ? vault.get(organizationId, "grant")
                : call === "swap"
                  ? vault.compareAndSwap(organizationId, "grant", version, secret("new"))
                  : call === "put"
                    ? vault.put(organizationId, "grant", secret("new"))
                    : vault.rewrap(organizationId, 10)
            const result = yield* outcome(attempt)
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
