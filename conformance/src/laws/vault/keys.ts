/** VAULT-17 and 18: keys are changed, and no secret is lost. */
import { Effect } from "effect"
import * as fc from "fast-check"
import { core, type Law } from "../../Law.ts"
import { race } from "../../race.ts"
import { opening } from "../../inTurn.ts"
import { must, mustEqual } from "../../Violation.ts"
import { check, clientsOf, probe, reading, secret } from "./support.ts"
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

type Step = "write" | "rotate" | "seal anew and withdraw"

const steps: fc.Arbitrary<ReadonlyArray<Step>> = fc.array(
  fc.constantFrom<Step>("write", "write", "rotate", "seal anew and withdraw"),
  { minLength: 2, maxLength: 8 }
)

const rotations = (list: typeof steps) =>
  fc.record({ secrets: fc.integer({ min: 1, max: 9 }), page: fc.integer({ min: 1, max: 5 }), steps: list })

/** Key rotation keeps every secret. */
export const vault17: Law<VaultInstance> = {
  id: "VAULT-17",
  title: "Changing keys keeps every secret, and a key can go once everything is sealed anew",
  rationale: "Keys are changed every year by people who trust the word 'done'; what was left out is gone for good.",
  checkFirst:
    "Look at how `rewrap` counts: `remaining` is every secret of the organization that is not under the active key " +
    "after the call. Paging by offset skips secrets, because those that are done leave the selection.",
  see: ["TokenVault.rewrap"],
  level: core,
  parts: [
    check({
      name: "alone",
      kind: "model",
      needs: ["keys"],
      labels: { withdrawn: 0.08 },
      // In every other case a key is replaced and withdrawn before anything else.
      input: [rotations(opening<Step>(["rotate", "seal anew and withdraw"], steps)), rotations(steps)],
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

const death = (call: fc.Arbitrary<number>) =>
  fc.record({
    secrets: fc.integer({ min: 1, max: 5 }),
    call,
    side: fc.constantFrom("before" as const, "after" as const)
  })

/** Rotation survives a crash anywhere. */
export const vault18: Law<VaultInstance> = {
  id: "VAULT-18",
  title: "Dying at any point of sealing anew loses nothing, and doing it again finishes the work",
  rationale: "Deployments kill processes at any moment; the longest-running job is the likeliest to be hit.",
  checkFirst:
    "Look at how one secret is sealed anew: one update of its row. A deletion followed by an insertion loses the " +
    "secret when the process dies in between.",
  see: ["TokenVault.rewrap"],
  level: core,
  parts: [
    check({
      name: "crash",
      kind: "crash",
      needs: ["keys", "crash", "restart"],
      labels: { died: 0.1 },
      // Every rotation makes one call to storage; only some make fourteen.
      input: [death(fc.constant(1)), death(fc.integer({ min: 1, max: 14 }))],
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
