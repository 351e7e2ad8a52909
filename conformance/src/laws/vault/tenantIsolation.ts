/** VAULT-10, 11, 26: organizations and references are worlds apart. */
import { DateTime, Duration, Effect, Result } from "effect"
import * as fc from "fast-check"
import { core, type Law } from "../../Law.ts"
import { race } from "../../race.ts"
import { must, mustEqual } from "../../Violation.ts"
import { check, clientsOf, outcome, plainSecret, reading, references, secret, tagOf, describe } from "./support.ts"
import type { Vault, VaultInstance } from "./VaultInstance.ts"

const life = Duration.minutes(5)

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
  rationale: "Whoever can tell the two apart can find out who is a customer; whoever can read has their tokens.",
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
            const found = yield* strike(vault, stranger, attempt, version, lease)
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
  version: number,
  lease: Effect.Success<ReturnType<Vault["acquireLease"]>> | undefined
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

/** References that folding, trimming, joining or decoding would make one. */
const lookAlikes = [
  "grant",
  "Grant",
  "grant ",
  " grant",
  "grant:",
  "grant::",
  ":grant",
  "grant:a",
  "grant/a",
  "grant%3Aa",
  "grant_a",
  "gr%nt",
  "gränt",
  "gra\u0308nt"
] as const

const pair = fc
  .tuple(fc.constantFrom(...lookAlikes), fc.constantFrom(...lookAlikes))
  .filter(([busy, still]) => busy !== still)

/** References do not disturb each other. */
export const vault26: Law<VaultInstance> = {
  id: "VAULT-26",
  title: "Nothing done to one reference changes another, however alike their names",
  rationale: "Two accounts whose tokens share a place end up working on each other's data.",
  level: core,
  parts: [
    check({
      name: "alone",
      kind: "property",
      labels: { "other is absent": 0.1, "other is present": 0.1 },
      input: fc.record({
        busy: fc.constantFrom(...lookAlikes),
        others: fc.subarray([...lookAlikes], { minLength: 1 }),
        present: fc.boolean(),
        calls: fc.array(fc.constantFrom("put", "swap", "remove", "lease"), { minLength: 1, maxLength: 4 })
      }),
      check: ({ vault, organizations: [organizationId] }, { busy, others, present, calls }, testCase) =>
        Effect.gen(function* () {
          const still = others.filter((each) => each !== busy)
          const before = new Map<string, unknown>()
          for (const each of still) {
            const version = present ? yield* vault.put(organizationId, each, secret(`of ${each}`)) : 0
            before.set(each, present ? { secret: `of ${each}`, version } : "SecretNotFound")
          }
          testCase.label(present ? "other is present" : "other is absent")
          let version = yield* vault.put(organizationId, busy, secret("first"))
          for (const call of calls) {
            if (call === "put") version = yield* vault.put(organizationId, busy, secret("next"))
            if (call === "swap") yield* outcome(vault.compareAndSwap(organizationId, busy, version, secret("swapped")))
            if (call === "remove") yield* vault.remove(organizationId, busy)
            if (call === "lease" && vault.features.has("leases")) {
              yield* outcome(vault.acquireLease(organizationId, busy, life))
            }
            testCase.note(`${call} ${JSON.stringify(busy)}`)
          }
          for (const each of still) {
            yield* mustEqual(`work on ${JSON.stringify(busy)} changed ${JSON.stringify(each)}`, {
              expected: before.get(each),
              actual: yield* reading(vault, organizationId, each)
            })
            if (!present || !vault.features.has("leases")) continue
            const lease = yield* outcome(vault.acquireLease(organizationId, each, life))
            yield* mustEqual(`a lease on ${JSON.stringify(busy)} keeps ${JSON.stringify(each)} from being leased`, {
              expected: "ok",
              actual: tagOf(lease)
            })
          }
        })
    }),
    check({
      name: "race",
      kind: "race",
      interleavings: 3,
      input: pair,
      check: (instance, [busy, still], testCase) =>
        Effect.gen(function* () {
          const [organizationId] = instance.organizations
          const clients = yield* clientsOf(instance, 2)
          const version = yield* instance.vault.put(organizationId, still, secret("of the other"))
          const updatedAt = (yield* instance.vault.get(organizationId, still)).updatedAt
          const turns = Array.from({ length: 4 })
          const write = Effect.forEach(turns, (_, turn) => clients(0).put(organizationId, busy, secret(`turn ${turn}`)))
          const read = Effect.forEach(turns, () => reading(clients(1), organizationId, still))
          const [, seen] = yield* race<unknown, unknown>(testCase, [write, read])
          yield* mustEqual(`while ${JSON.stringify(busy)} was written, ${JSON.stringify(still)} changed`, {
            expected: turns.map(() => ({ secret: "of the other", version })),
            actual: seen?.exit._tag === "Success" ? seen.exit.value : seen?.exit
          })
          const after = (yield* instance.vault.get(organizationId, still)).updatedAt
          yield* must(
            DateTime.toEpochMillis(after) === DateTime.toEpochMillis(updatedAt),
            "the time of the last write changed without a write"
          )
        })
    })
  ]
}
