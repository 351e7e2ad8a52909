/** VAULT-24: a former holder is fenced out. */
import type { TokenVault } from "@portolan/ports"
import { Effect, Result } from "effect"
import * as fc from "fast-check"
import { turnOf } from "../../inTurn.ts"
import { type Law } from "../../Law.ts"
import { race } from "../../race.ts"
import { must, mustEqual } from "../../Violation.ts"
import { check, clientsOf, outcome, reading, secret, tagOf } from "./support.ts"
import type { VaultInstance } from "./VaultInstance.ts"
import { level, millisLong, minute, edge } from "./leaseSupport.ts"

/** A stale holder is fenced. */
export const vault24: Law<VaultInstance> = {
  id: "VAULT-24",
  title: "Every lease has a larger fence than all before it, and a write with a smaller one is refused",
  rationale: "A worker that was paused past its deadline wakes up and writes an old token over its successor's.",
  checkFirst:
    "Look at where the last fence is kept: it outlives release, expiry and deletion of the secret. Then look at " +
    "`compareAndSwap`: it refuses a fence below the last one, whatever the version.",
  see: ["Fenced", "Lease"],
  level,
  parts: [
    check({
      name: "alone",
      kind: "model",
      needs: ["time"],
      input: turnOf(["expires", "is released", "is deleted with the secret"], (ends) =>
        fc.record({ grants: fc.integer({ min: 2, max: 4 }), ends: fc.constant(ends), stale: fc.nat({ max: 3 }) })
      ),
      check: (instance, { grants, ends, stale }, testCase) =>
        Effect.gen(function* () {
          const {
            vault,
            organizations: [organizationId]
          } = instance
          let version = yield* vault.put(organizationId, "grant", secret("kept"))
          const leases: Array<TokenVault.Lease> = []
          for (let index = 0; index < grants; index++) {
            const lease = yield* vault.acquireLease(organizationId, "grant", millisLong(minute))
            const [last] = leases.slice(-1)
            testCase.note(`lease ${index} has fence ${lease.fence}`)
            yield* must(last === undefined || lease.fence > last.fence, "a lease has no larger fence than one before", {
              expected: `more than ${last?.fence}`,
              actual: String(lease.fence)
            })
            leases.push(lease)
            if (index === grants - 1) break
            if (ends === "expires") yield* testCase.advance(minute + edge(testCase))
            if (ends === "is released") yield* vault.releaseLease(organizationId, lease)
            if (ends === "is deleted with the secret") {
              yield* vault.remove(organizationId, "grant")
              version = yield* vault.put(organizationId, "grant", secret("kept"))
            }
          }
          const old = leases[stale % (grants - 1)]
          const late = yield* outcome(
            vault.compareAndSwap(organizationId, "grant", version, secret("late"), old?.fence)
          )
          yield* mustEqual("a write by a former holder, with the right version, met the wrong answer", {
            expected: "Fenced",
            actual: tagOf(late)
          })
          yield* mustEqual("a write that was refused for its fence had an effect", {
            expected: { secret: "kept", version },
            actual: yield* reading(vault, organizationId, "grant")
          })
          const [latest] = leases.slice(-1)
          const fine = yield* outcome(
            vault.compareAndSwap(organizationId, "grant", version, secret("new"), latest?.fence)
          )
          yield* mustEqual("a write by the holder met the wrong answer", { expected: "ok", actual: tagOf(fine) })
        })
    }),
    check({
      name: "race",
      kind: "race",
      needs: ["overlap", "time"],
      interleavings: 4,
      input: fc.constantFrom("the first swap", "both swaps"),
      check: (instance, what, testCase) =>
        Effect.gen(function* () {
          const {
            vault,
            organizations: [organizationId]
          } = instance
          const clients = yield* clientsOf(instance, 2)
          const version = yield* vault.put(organizationId, "grant", secret("kept"))
          const former = yield* clients(0).acquireLease(organizationId, "grant", millisLong(minute))
          yield* testCase.advance(minute + edge(testCase))
          const holder = yield* clients(1).acquireLease(organizationId, "grant", millisLong(10 * minute))
          const swap = (index: 0 | 1, text: string, lease: TokenVault.Lease, expected: number) =>
            outcome(clients(index).compareAndSwap(organizationId, "grant", expected, secret(text), lease.fence))
          const holders = Effect.gen(function* () {
            const first = yield* swap(1, "of the holder", holder, version)
            if (what === "the first swap" || Result.isFailure(first)) return first
            return yield* swap(1, "of the holder", holder, first.success)
          })
          const finishes = yield* race(testCase, [swap(0, "of the former holder", former, version), holders])
          const [late, fine] = yield* Effect.forEach(finishes, ({ exit }) => exit)
          const seen = yield* reading(vault, organizationId, "grant")
          yield* mustEqual("a former holder's write got past the holder's", {
            expected: ["Fenced", "ok", "of the holder"],
            actual: [
              late === undefined ? "" : tagOf(late),
              fine === undefined ? "" : tagOf(fine),
              typeof seen === "string" ? seen : seen.secret
            ]
          })
        })
    })
  ]
}
