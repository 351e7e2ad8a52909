/** VAULT-03 to 07: versions, compare-and-swap, creation and deletion. */
import { TokenVault } from "@portolan/ports"
import { Duration, Effect, Exit, Result } from "effect"
import * as fc from "fast-check"
import { core, type Law } from "../../Law.ts"
import { race } from "../../race.ts"
import { must, mustEqual } from "../../Violation.ts"
import { commands, walk } from "./commandGenerator.ts"
import { check, clientsOf, outcome, plainSecret, reading, secret, tagOf } from "./support.ts"
import type { VaultInstance } from "./VaultInstance.ts"

const runners = fc.integer({ min: 2, max: 5 })

/** Compare-and-swap needs the current version. */
export const vault03: Law<VaultInstance> = {
  id: "VAULT-03",
  title: "A swap succeeds exactly if the expected version is the stored one",
  rationale: "Two workers that refresh one grant must not both believe that their token is the one that counts.",
  level: core,
  parts: [
    check({
      name: "alone",
      kind: "model",
      labels: { "right version": 0.08, "wrong version": 0.08 },
      input: commands({ get: 0, remove: 1, put: 3, create: 1, swap: 6 }),
      check: (instance, list, testCase) =>
        walk(instance, list, testCase, ({ command, before, expected, result }) => {
          if (command.call !== "swap") return Effect.void
          if (before === undefined) {
            return mustEqual("a swap of a secret that is not there met the wrong answer", {
              expected: "SecretNotFound",
              actual: tagOf(result)
            })
          }
          const right = before.version === expected
          testCase.label(right ? "right version" : "wrong version")
          return mustEqual(`a swap that expected version ${expected} of a secret at version ${before.version}`, {
            expected: right ? "ok" : "StaleVersion",
            actual: tagOf(result)
          })
        })
    }),
    check({
      name: "race",
      kind: "race",
      interleavings: 4,
      input: runners,
      check: (instance, count, testCase) =>
        Effect.gen(function* () {
          const [organizationId] = instance.organizations
          const clients = yield* clientsOf(instance, count)
          const version = yield* instance.vault.put(organizationId, "grant", secret("before"))
          const swap = (index: number) =>
            outcome(clients(index).compareAndSwap(organizationId, "grant", version, secret(`of client ${index}`)))
          const finishes = yield* race(
            testCase,
            Array.from({ length: count }, (_, index) => swap(index))
          )
          const results = yield* Effect.forEach(finishes, ({ exit }) => exit)
          const winners = results.flatMap((result, index) => (Result.isSuccess(result) ? [index] : []))
          testCase.note(results.map((result, index) => `client ${index}: ${tagOf(result)}`).join(", "))
          yield* mustEqual(`of ${count} swaps that expected the same version, not exactly one succeeded`, {
            expected: 1,
            actual: winners.length
          })
        })
    })
  ]
}

/** A refused swap changes nothing. */
export const vault04: Law<VaultInstance> = {
  id: "VAULT-04",
  title: "A refused swap changes nothing and says which version is stored",
  rationale: "The loser of a refresh goes by what the refusal says; if it overwrote the winner's token, both lose.",
  level: core,
  parts: [
    check({
      name: "alone",
      kind: "model",
      labels: { refused: 0.08 },
      input: commands({ get: 0, remove: 1, put: 3, create: 1, swap: 6 }),
      check: (instance, list, testCase) =>
        walk(instance, list, testCase, ({ command, vault, before, expected, result }) =>
          Effect.gen(function* () {
            if (command.call !== "swap" || Result.isSuccess(result) || before === undefined) return
            testCase.label("refused")
            const organizationId = instance.organizations[command.organization]
            yield* mustEqual("a refused swap changed what is stored", {
              expected: before,
              actual: yield* reading(vault, organizationId, command.reference)
            })
            yield* mustEqual("a refusal did not tell the stored version", {
              expected: new TokenVault.StaleVersion({ reference: command.reference, expected, found: before.version }),
              actual: result.failure
            })
          })
        )
    }),
    check({
      name: "race",
      kind: "race",
      interleavings: 4,
      input: fc.integer({ min: -1, max: 3 }),
      check: (instance, distance, testCase) =>
        Effect.gen(function* () {
          const [organizationId] = instance.organizations
          const clients = yield* clientsOf(instance, 2)
          const version = yield* instance.vault.put(organizationId, "grant", secret("before"))
          const wrong = version + (distance >= 0 ? distance + 2 : distance)
          const [, won] = yield* Effect.flatMap(
            race(testCase, [
              outcome(clients(0).compareAndSwap(organizationId, "grant", wrong, secret("of the refused"))),
              outcome(clients(1).compareAndSwap(organizationId, "grant", version, secret("of the winner")))
            ]),
            Effect.forEach(({ exit }) => exit)
          )
          const seen = yield* reading(instance.vault, organizationId, "grant")
          yield* mustEqual("next to a refused swap, the winner's write is not what is stored", {
            expected: {
              secret: "of the winner",
              version: won !== undefined && Result.isSuccess(won) ? won.success : -1
            },
            actual: seen
          })
        })
    })
  ]
}

/** Versions never repeat. */
export const vault05: Law<VaultInstance> = {
  id: "VAULT-05",
  title: "Versions of a reference only grow, also across deletion and re-creation",
  rationale: "A worker that slept through a disconnection and a new consent would swap an old token over the new one.",
  level: core,
  parts: [
    check({
      name: "alone",
      kind: "model",
      labels: { "re-created": 0.08 },
      input: commands({ get: 0, remove: 3, put: 3, create: 3, swap: 2 }, 20),
      check: (instance, list, testCase) =>
        walk(instance, list, testCase, ({ before, highest, result }) => {
          if (Result.isFailure(result) || typeof result.success !== "number") return Effect.void
          if (before === undefined && highest > 0) testCase.label("re-created")
          return must(result.success > highest, "a version did not grow", {
            expected: `more than ${highest}`,
            actual: String(result.success)
          })
        })
    }),
    check({
      name: "race",
      kind: "race",
      interleavings: 4,
      input: plainSecret,
      check: (instance, text, testCase) =>
        Effect.gen(function* () {
          const [organizationId] = instance.organizations
          const clients = yield* clientsOf(instance, 2)
          const version = yield* instance.vault.put(organizationId, "grant", secret("before"))
          const recreate = Effect.andThen(
            clients(0).remove(organizationId, "grant"),
            clients(0).create(organizationId, "grant", secret(text))
          )
          const late = outcome(clients(1).compareAndSwap(organizationId, "grant", version, secret("late")))
          yield* race<unknown, unknown>(testCase, [recreate, late])
          yield* mustEqual("a swap from before a deletion overwrote what was created after it", {
            expected: text,
            actual: yield* Effect.map(reading(instance.vault, organizationId, "grant"), (seen) =>
              typeof seen === "string" ? seen : seen.secret
            )
          })
        })
    })
  ]
}

/** Create-only put has one winner. */
export const vault06: Law<VaultInstance> = {
  id: "VAULT-06",
  title: "Of several that create the same secret exactly one succeeds, and its secret is stored",
  rationale: "Two callbacks of one consent must not both believe that they stored its tokens.",
  level: core,
  parts: [
    check({
      name: "alone",
      kind: "model",
      labels: { present: 0.08, absent: 0.08 },
      input: commands({ get: 0, remove: 2, put: 2, create: 6, swap: 0 }),
      check: (instance, list, testCase) =>
        walk(instance, list, testCase, ({ command, before, result }) => {
          if (command.call !== "create") return Effect.void
          testCase.label(before === undefined ? "absent" : "present")
          return mustEqual("creating a secret met the wrong answer", {
            expected: before === undefined ? "ok" : "SecretExists",
            actual: tagOf(result)
          })
        })
    }),
    check({
      name: "race",
      kind: "race",
      interleavings: 4,
      input: fc.record({ count: runners, present: fc.boolean() }),
      check: (instance, { count, present }, testCase) =>
        Effect.gen(function* () {
          const [organizationId] = instance.organizations
          const clients = yield* clientsOf(instance, count)
          if (present) yield* instance.vault.put(organizationId, "grant", secret("before"))
          const create = (index: number) =>
            outcome(clients(index).create(organizationId, "grant", secret(`of client ${index}`)))
          const finishes = yield* race(
            testCase,
            Array.from({ length: count }, (_, index) => create(index))
          )
          const results = yield* Effect.forEach(finishes, ({ exit }) => exit)
          const winners = results.flatMap((result, index) => (Result.isSuccess(result) ? [index] : []))
          testCase.note(results.map((result, index) => `client ${index}: ${tagOf(result)}`).join(", "))
          yield* mustEqual(`of ${count} that created one secret, the wrong number succeeded`, {
            expected: present ? 0 : 1,
            actual: winners.length
          })
          const seen = yield* reading(instance.vault, organizationId, "grant")
          yield* mustEqual("what is stored is not the secret of the one that succeeded", {
            expected: present ? "before" : `of client ${winners[0]}`,
            actual: typeof seen === "string" ? seen : seen.secret
          })
        })
    })
  ]
}

/** Delete is idempotent and final. */
export const vault07: Law<VaultInstance> = {
  id: "VAULT-07",
  title: "Deleting says whether something was removed, can be repeated, and leaves nothing to work on",
  rationale: "After a customer disconnects, nobody may go on with the tokens, least of all by a side entrance.",
  level: core,
  parts: [
    check({
      name: "alone",
      kind: "model",
      labels: { removed: 0.1, repeated: 0.04 },
      input: commands({ get: 2, remove: 5, put: 3, create: 1, swap: 4 }, 20),
      check: (instance, list, testCase) =>
        walk(instance, list, testCase, ({ command, vault, before, highest, result }) => {
          if (command.call === "remove") {
            if (before !== undefined) testCase.label("removed")
            else if (highest > 0) testCase.label("repeated")
            return Effect.gen(function* () {
              yield* mustEqual("deleting did not say whether something was removed", {
                expected: before !== undefined,
                actual: Result.isSuccess(result) ? result.success : result.failure
              })
              if (!vault.features.has("leases")) return
              const organizationId = instance.organizations[command.organization]
              const lease = yield* outcome(vault.acquireLease(organizationId, command.reference, Duration.minutes(1)))
              yield* mustEqual("a lease of what was deleted met the wrong answer", {
                expected: "SecretNotFound",
                actual: tagOf(lease)
              })
            })
          }
          if (before !== undefined || highest === 0) return Effect.void
          if (command.call !== "get" && command.call !== "swap") return Effect.void
          return mustEqual(`a ${command.call} after the deletion met the wrong answer`, {
            expected: "SecretNotFound",
            actual: tagOf(result)
          })
        })
    }),
    check({
      name: "race",
      kind: "race",
      interleavings: 3,
      input: runners,
      check: (instance, count, testCase) =>
        Effect.gen(function* () {
          const [organizationId] = instance.organizations
          const clients = yield* clientsOf(instance, count)
          yield* instance.vault.put(organizationId, "grant", secret("before"))
          const finishes = yield* race(
            testCase,
            Array.from({ length: count }, (_, index) => clients(index).remove(organizationId, "grant"))
          )
          const removals = finishes.filter(({ exit }) => Exit.isSuccess(exit) && exit.value)
          yield* mustEqual(`of ${count} deletions at once, not exactly one says that it removed the secret`, {
            expected: 1,
            actual: removals.length
          })
        })
    })
  ]
}
