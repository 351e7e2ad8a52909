/** VAULT-31: a lease is held for as long as it says, however often it was renewed. */
import { DateTime, Effect, Result } from "effect"
import * as fc from "fast-check"
import { turnOf } from "../../inTurn.ts"
import { type Law } from "../../Law.ts"
import { must, mustEqual } from "../../Violation.ts"
import { edge, level, millisLong } from "./leaseSupport.ts"
import { check, clientsOf, outcome, secret, tagOf } from "./support.ts"
import type { VaultInstance } from "./VaultInstance.ts"

/** Lives between two asks have to leave room for the edges where real time goes on. */
const lives = [30_000, 60_000, 600_000]

/** A lease never tells a later end than it keeps. */
export const vault31: Law<VaultInstance> = {
  id: "VAULT-31",
  title: "A lease that is taken or renewed keeps others out until the end it states, and not after",
  rationale:
    "A worker that renews a short lease while a provider answers believes the end that it is given: beyond the real " +
    "one it spends a refresh token that another one is spending already.",
  checkFirst:
    "Look at what `renewLease` gives: the end that was stored, read back from the same statement, in the precision " +
    "that the store keeps. A renewal counts from the store's present, and keeps the fence.",
  see: ["TokenVault.renewLease", "Lease"],
  level,
  parts: [
    check({
      name: "alone",
      kind: "model",
      needs: ["time"],
      input: turnOf(["before", "at"] as const, (side) =>
        fc.record({
          side: fc.constant(side),
          first: fc.constantFrom(...lives),
          renewals: fc.array(fc.constantFrom(...lives), { maxLength: 4 })
        })
      ),
      check: (instance, { first, renewals, side }, testCase) =>
        Effect.gen(function* () {
          const {
            organizations: [organizationId]
          } = instance
          const clients = yield* clientsOf(instance, 2)
          yield* instance.vault.put(organizationId, "grant", secret("kept"))
          let lease = yield* clients(0).acquireLease(organizationId, "grant", millisLong(first))
          const [start, fence] = [DateTime.toEpochMillis(lease.expiresAt) - first, lease.fence]
          let life = first
          let passed = 0
          for (const next of renewals) {
            const step = Math.floor(life / 3)
            yield* testCase.advance(step)
            passed += step
            const renewed = yield* outcome(clients(0).renewLease(organizationId, lease, millisLong(next)))
            testCase.note(`renewed for ${next} ms after ${passed} ms -> ${tagOf(renewed)}`)
            if (Result.isFailure(renewed))
              return yield* mustEqual("a holder could not renew", { expected: "ok", actual: tagOf(renewed) })
            lease = renewed.success
            life = next
            yield* mustEqual("a renewal changed the fence", { expected: fence, actual: lease.fence })
          }
          // Where time goes on by itself, a subject may move its deadlines instead of its clock.
          const stated = DateTime.toEpochMillis(lease.expiresAt) - start - passed
          yield* must(!testCase.exactTime || stated === life, "a lease states another end than it was asked for", {
            expected: String(life),
            actual: String(stated)
          })
          yield* testCase.advance(
            (testCase.exactTime ? stated : life) + (side === "before" ? -edge(testCase) : edge(testCase) - 1)
          )
          const other = yield* outcome(clients(1).acquireLease(organizationId, "grant", millisLong(first)))
          yield* mustEqual(`${side} the stated end of a lease, another asked for it`, {
            expected: side === "before" ? "LeaseHeld" : "ok",
            actual: tagOf(other)
          })
        })
    })
  ]
}
