/** VAULT-03 to 05: versions and compare-and-swap. */
import { TokenVault } from "@portolan/ports"
import { Effect, Result } from "effect"
import * as fc from "fast-check"
import { core, type Law } from "../../Law.ts"
import { race } from "../../race.ts"
import { must, mustEqual } from "../../Violation.ts"
import { commandsAfter, first, walk } from "./commandGenerator.ts"
import { check, clientsOf, outcome, plainSecret, reading, secret, tagOf } from "./support.ts"
import type { VaultInstance } from "./VaultInstance.ts"

/** How many clients call at once. */
export const runners = fc.integer({ min: 2, max: 5 })

/** Compare-and-swap needs the current version. */
export const vault03: Law<VaultInstance> = {
  id: "VAULT-03",
  title: "A swap succeeds exactly if the expected version is the stored one",
  rationale: "Two workers that refresh one grant must not both believe that their token is the one that counts.",
  checkFirst:
    "Look at the statement behind `compareAndSwap`: the expected version belongs into the condition of the write " +
    "itself (`update … where version = $1`), not into a read before it.",
  see: ["TokenVault.compareAndSwap"],
  level: core,
  parts: [
    check({
      name: "alone",
      kind: "model",
      labels: { "right version": 0.08, "wrong version": 0.08 },
      input: commandsAfter([first.put, first.swap, first.staleSwap], { get: 0, remove: 1, put: 3, create: 1, swap: 6 }),
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
  checkFirst:
    "Look at the order of statements in `compareAndSwap`: nothing is written before the versions are compared. " +
    "`found` in StaleVersion is the stored version.",
  see: ["TokenVault.compareAndSwap", "StaleVersion"],
  level: core,
  parts: [
    check({
      name: "alone",
      kind: "model",
      labels: { refused: 0.08 },
      input: commandsAfter([first.put, first.staleSwap], { get: 0, remove: 1, put: 3, create: 1, swap: 6 }),
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
  checkFirst:
    "Look at where the next version comes from: the counter has to outlive the deletion of the secret, in a table of " +
    "its own or in a row that stays.",
  see: ["Stored", "TokenVault.remove"],
  level: core,
  parts: [
    check({
      name: "alone",
      kind: "model",
      labels: { "re-created": 0.08 },
      input: commandsAfter(
        [first.put, first.remove, first.create],
        { get: 0, remove: 3, put: 3, create: 3, swap: 2 },
        20
      ),
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
