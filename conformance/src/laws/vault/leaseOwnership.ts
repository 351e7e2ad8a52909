/** VAULT-25: only the holder renews or releases, and a vault without leases gives none. */
import type { TokenVault } from "@portolan/ports"
import { Effect } from "effect"
import * as fc from "fast-check"
import { turnOf } from "../../inTurn.ts"
import { type Law } from "../../Law.ts"
import { race } from "../../race.ts"
import { must, mustEqual } from "../../Violation.ts"
import { check, clientsOf, outcome, secret, tagOf } from "./support.ts"
import type { Vault, VaultInstance } from "./VaultInstance.ts"
import { level, millisLong, minute, edge } from "./leaseSupport.ts"

/** Only the holder may renew or release. */
export const vault25: Law<VaultInstance> = {
  id: "VAULT-25",
  title: "Only the holder renews or releases a lease; anybody else changes nothing and is told so",
  rationale: "A worker that cleans up after its deadline would free the lease of its successor.",
  checkFirst:
    "Look at the conditions of `renewLease` and `releaseLease`: organization, reference and fence have to match, and " +
    "the deadline must not have passed.",
  see: ["TokenVault.renewLease", "TokenVault.releaseLease"],
  level,
  parts: [
    check({
      name: "alone",
      kind: "model",
      needs: ["time"],
      input: turnOf(
        ["expired and taken over", "released and taken over", "expired", "released", "not ended"],
        (ended) => fc.record({ ended: fc.constant(ended), call: fc.constantFrom("renew", "release") })
      ),
      check: (instance, { ended, call }, testCase) =>
        Effect.gen(function* () {
          const {
            vault,
            organizations: [organizationId]
          } = instance
          yield* vault.put(organizationId, "grant", secret("kept"))
          const lease = yield* vault.acquireLease(organizationId, "grant", millisLong(10 * minute))
          if (ended.startsWith("expired")) yield* testCase.advance(10 * minute + edge(testCase))
          if (ended.startsWith("released")) yield* vault.releaseLease(organizationId, lease)
          const over = ended.endsWith("taken over")
          const next = over ? yield* vault.acquireLease(organizationId, "grant", millisLong(10 * minute)) : undefined
          const mine = ended === "not ended"
          const result =
            call === "renew"
              ? tagOf(yield* outcome(vault.renewLease(organizationId, lease, millisLong(10 * minute))))
              : String(yield* vault.releaseLease(organizationId, lease))
          testCase.note(`a lease that is ${ended}: ${call} -> ${result}`)
          yield* mustEqual(`a ${call} of a lease that is ${ended} met the wrong answer`, {
            expected: call === "renew" ? (mine ? "ok" : "LeaseLost") : String(mine),
            actual: result
          })
          const other = yield* outcome(vault.acquireLease(organizationId, "grant", millisLong(minute)))
          const free = next === undefined && !(mine && call === "renew")
          yield* mustEqual(`after that ${call}, a stranger asked for the lease`, {
            expected: free ? "ok" : "LeaseHeld",
            actual: tagOf(other)
          })
          if (next === undefined) return
          const renewed = yield* outcome(vault.renewLease(organizationId, next, millisLong(minute)))
          yield* mustEqual("after that, the holder itself was turned away", { expected: "ok", actual: tagOf(renewed) })
        })
    }),
    check({
      name: "race",
      kind: "race",
      needs: ["overlap", "time"],
      interleavings: 4,
      input: fc.constantFrom("release", "renew"),
      check: (instance, call, testCase) =>
        Effect.gen(function* () {
          const {
            vault,
            organizations: [organizationId]
          } = instance
          const clients = yield* clientsOf(instance, 2)
          yield* vault.put(organizationId, "grant", secret("kept"))
          const lease = yield* vault.acquireLease(organizationId, "grant", millisLong(minute))
          yield* testCase.advance(minute + edge(testCase))
          const late = lateCall(clients(0), organizationId, lease, call)
          const finishes = yield* race<unknown, unknown>(testCase, [
            late,
            clients(1).acquireLease(organizationId, "grant", millisLong(10 * minute))
          ])
          yield* Effect.forEach(finishes, ({ exit }) => exit)
          const stranger = yield* outcome(vault.acquireLease(organizationId, "grant", millisLong(minute)))
          yield* mustEqual(`a late ${call} by the former holder freed the next one's lease`, {
            expected: "LeaseHeld",
            actual: tagOf(stranger)
          })
        })
    })
  ]
}

/** A vault that does not claim leases gives none. */
export const leasesRefused = check({
  name: "leases",
  kind: "property",
  input: fc.constantFrom("present", "absent"),
  check: ({ vault, organizations: [organizationId] }, which) =>
    Effect.gen(function* () {
      if (which === "present") yield* vault.put(organizationId, "grant", secret("kept"))
      const exit = yield* Effect.exit(vault.acquireLease(organizationId, "grant", millisLong(minute)))
      yield* must(exit._tag === "Failure", "a vault that does not claim leases gave one", {
        expected: "a refusal",
        actual: exit._tag === "Success" ? exit.value : "a refusal"
      })
    })
})

const lateCall = (
  vault: Vault,
  organizationId: VaultInstance["organizations"][0],
  lease: TokenVault.Lease,
  call: "release" | "renew"
): Effect.Effect<unknown, unknown> =>
  call === "release"
    ? vault.releaseLease(organizationId, lease)
    : outcome(vault.renewLease(organizationId, lease, millisLong(minute)))
