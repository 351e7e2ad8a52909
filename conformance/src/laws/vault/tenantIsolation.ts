/** VAULT-10 and 11: organizations are isolated from each other. */
import type { TokenVault } from "@portolan/ports"
import { Duration, Effect, Result } from "effect"
import * as fc from "fast-check"
import { core, type Law } from "../../Law.ts"
import { race } from "../../race.ts"
import { mustEqual } from "../../Violation.ts"
import { check, clientsOf, outcome, plainSecret, reading, references, secret, tagOf, describe } from "./support.ts"
import type { Vault, VaultInstance } from "./VaultInstance.ts"

/** How long a lease of these laws lasts. */
export const life = Duration.minutes(5)

/** What a refusal shows: its name, its fields and its message, with the reference it was asked for taken out. */
const refusal = (result: Result.Result<unknown, Error & { readonly _tag: string }>, reference: string) =>
  Result.isSuccess(result)
    ? "a secret"
    : JSON.stringify({ ...result.failure, tag: result.failure._tag, says: result.failure.message }).replaceAll(
        reference,
        "<reference>"
      )

/** Tenants cannot read each other. */
export const vault10: Law<VaultInstance> = {
  id: "VAULT-10",
  title: "Another organization's secret reads exactly like one that never existed",
  rationale: "A stranger who can tell the two apart finds out who is a customer; one who can read has their tokens.",
  checkFirst:
    "Look for a query by reference alone: the organization belongs into every condition. If both reads fail, compare " +
    "the two errors field by field, the message included.",
  see: ["SecretNotFound", "TokenVault.get"],
  level: core,
  parts: [
    check({
      name: "alone",
      kind: "property",
      labels: { foreign: 0.3 },
      input: fc.record({
        owner: fc.constantFrom<0 | 1>(0, 1),
        written: fc.subarray([...references], { minLength: 1 }),
        text: plainSecret
      }),
      check: ({ vault, organizations }, { owner, written, text }, testCase) =>
        Effect.gen(function* () {
          for (const reference of written) yield* vault.put(organizations[owner], reference, secret(text))
          testCase.label("foreign")
          for (const reference of written) {
            const foreign = yield* outcome(vault.get(organizations[owner === 0 ? 1 : 0], reference))
            const absent = yield* outcome(vault.get(organizations[owner], "was never written"))
            testCase.note(`get ${reference} by the other organization -> ${describe(foreign)}`)
            yield* mustEqual("a secret that never existed was read", {
              expected: "SecretNotFound",
              actual: tagOf(absent)
            })
            yield* mustEqual("a foreign secret does not read like one that never existed", {
              expected: refusal(absent, "was never written"),
              actual: refusal(foreign, reference)
            })
          }
        })
    }),
    check({
      name: "race",
      kind: "race",
      interleavings: 3,
      input: fc.integer({ min: 1, max: 4 }),
      check: (instance, writes, testCase) =>
        Effect.gen(function* () {
          const [owner, stranger] = instance.organizations
          const clients = yield* clientsOf(instance, 2)
          const write = Effect.forEach(Array.from({ length: writes }), () =>
            clients(0).put(owner, "grant", secret("mine"))
          )
          const read = Effect.forEach(Array.from({ length: writes }), () => reading(clients(1), stranger, "grant"))
          const [, seen] = yield* race<unknown, unknown>(testCase, [write, read])
          yield* mustEqual("another organization saw something while a secret was written", {
            expected: Array.from({ length: writes }, () => "SecretNotFound"),
            actual: seen?.exit._tag === "Success" ? seen.exit.value : seen?.exit
          })
        })
    })
  ]
}

/** What a stranger may try on the secret of another organization. */
const attempts = [
  "swap",
  "remove",
  "acquire a lease",
  "renew the lease",
  "release the lease",
  "seal anew",
  "put"
] as const

/** Tenants cannot write, delete or lease each other. */
export const vault11: Law<VaultInstance> = {
  id: "VAULT-11",
  title: "Writes, deletions and leases by another organization have no effect and find nothing",
  rationale: "One customer's worker must not overwrite another's tokens, even with the right version in hand.",
  checkFirst:
    "Look at the conditions of `compareAndSwap`, `remove`, `rewrap` and the lease methods one by one: each needs the " +
    "organization. If row-level security does it, check that it covers writes and that the role does not bypass it.",
  see: ["TokenVault"],
  level: core,
  parts: [
    check({
      name: "alone",
      kind: "model",
      input: fc.record({
        owner: fc.constantFrom<0 | 1>(0, 1),
        attempts: fc.array(fc.constantFrom(...attempts), { minLength: 1, maxLength: 6 })
      }),
      check: ({ vault, organizations }, { owner, attempts }, testCase) =>
        Effect.gen(function* () {
          const own = organizations[owner]
          const stranger = organizations[owner === 0 ? 1 : 0]
          const leases = vault.features.has("leases")
          const version = yield* vault.put(own, "grant", secret("mine"))
          const lease = leases ? yield* vault.acquireLease(own, "grant", life) : undefined
          for (const attempt of attempts) {
            const found = yield* strike(vault, stranger, attempt, { version, lease })
            testCase.note(`${attempt} by the other organization -> ${found.was}`)
            yield* mustEqual(`another organization's attempt to ${attempt} met the wrong answer`, {
              expected: found.shouldBe,
              actual: found.was
            })
            yield* mustEqual(`another organization's attempt to ${attempt} had an effect`, {
              expected: { secret: "mine", version },
              actual: yield* reading(vault, own, "grant")
            })
            if (lease === undefined) continue
            const again = yield* outcome(vault.acquireLease(own, "grant", life))
            yield* mustEqual(`another organization's attempt to ${attempt} ended the owner's lease`, {
              expected: "LeaseHeld",
              actual: tagOf(again)
            })
          }
        })
    }),
    check({
      name: "race",
      kind: "race",
      interleavings: 4,
      input: plainSecret,
      check: (instance, text, testCase) =>
        Effect.gen(function* () {
          const [own, stranger] = instance.organizations
          const clients = yield* clientsOf(instance, 2)
          const version = yield* instance.vault.put(own, "grant", secret("before"))
          const finishes = yield* race(testCase, [
            outcome(clients(0).compareAndSwap(own, "grant", version, secret(text))),
            outcome(clients(1).compareAndSwap(stranger, "grant", version, secret("of a stranger")))
          ])
          const [owners] = yield* Effect.forEach(finishes, ({ exit }) => exit)
          const seen = yield* reading(instance.vault, own, "grant")
          yield* mustEqual("a stranger's swap kept the owner's from taking place", {
            expected: ["ok", text],
            actual: [owners === undefined ? "nothing" : tagOf(owners), typeof seen === "string" ? seen : seen.secret]
          })
        })
    })
  ]
}

const strike = Effect.fnUntraced(function* (
  vault: Vault,
  stranger: VaultInstance["organizations"][0],
  attempt: (typeof attempts)[number],
  { lease, version }: { readonly version: number; readonly lease: TokenVault.Lease | undefined }
) {
  const nothing = { shouldBe: "not tried", was: "not tried" }
  switch (attempt) {
    case "swap": {
      const was = yield* outcome(vault.compareAndSwap(stranger, "grant", version, secret("theirs"), lease?.fence))
      return { shouldBe: "SecretNotFound", was: tagOf(was) }
    }
    case "put": {
      // A put of one's own is allowed; it is undone, so that the next attempt finds nothing again.
      yield* vault.put(stranger, "grant", secret("theirs"))
      yield* vault.remove(stranger, "grant")
      return nothing
    }
    case "remove":
      return { shouldBe: "false", was: String(yield* vault.remove(stranger, "grant")) }
    case "seal anew": {
      const { rewrapped } = yield* vault.rewrap(stranger, 10)
      return { shouldBe: "0 sealed anew", was: `${rewrapped} sealed anew` }
    }
    case "acquire a lease":
      if (lease === undefined) return nothing
      return { shouldBe: "SecretNotFound", was: tagOf(yield* outcome(vault.acquireLease(stranger, "grant", life))) }
    case "renew the lease":
      if (lease === undefined) return nothing
      return { shouldBe: "LeaseLost", was: tagOf(yield* outcome(vault.renewLease(stranger, lease, life))) }
    case "release the lease":
      if (lease === undefined) return nothing
      return { shouldBe: "false", was: String(yield* vault.releaseLease(stranger, lease)) }
  }
})
