/** VAULT-06 and 07: creation has one winner, deletion is final. */
import { Duration, Effect, Exit, Result } from "effect"
import * as fc from "fast-check"
import { core, type Law } from "../../Law.ts"
import { race } from "../../race.ts"
import { mustEqual } from "../../Violation.ts"
import { commandsAfter, first, walk } from "./commandGenerator.ts"
import { check, clientsOf, outcome, reading, secret, tagOf } from "./support.ts"
import type { VaultInstance } from "./VaultInstance.ts"
import { runners } from "./versions.ts"

/** Create-only put has one winner. */
export const vault06: Law<VaultInstance> = {
  id: "VAULT-06",
  title: "Of several that create the same secret exactly one succeeds, and its secret is stored",
  rationale: "Two callbacks of one consent must not both believe that they stored its tokens.",
  checkFirst:
    "Look for an upsert behind `create`: it has to be a plain insert, and the violation of its unique key becomes " +
    "SecretExists.",
  see: ["TokenVault.create", "SecretExists"],
  level: core,
  parts: [
    check({
      name: "alone",
      kind: "model",
      labels: { present: 0.08, absent: 0.08 },
      input: commandsAfter([first.create, first.create], { get: 0, remove: 2, put: 2, create: 6, swap: 0 }),
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
  checkFirst:
    "If a deletion only marks the row, look for the statement that ignores the mark: `get`, `compareAndSwap` and " +
    "`acquireLease` all answer SecretNotFound. `remove` says whether this very call removed the secret.",
  see: ["TokenVault.remove"],
  level: core,
  parts: [
    check({
      name: "alone",
      kind: "model",
      labels: { removed: 0.1, repeated: 0.04 },
      input: commandsAfter(
        [first.put, first.remove, first.remove],
        { get: 2, remove: 5, put: 3, create: 1, swap: 4 },
        20
      ),
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
