/** VAULT-23: leases end on time. */
import { Clock, DateTime, Effect, Result } from "effect"
import * as fc from "fast-check"
import { turnOf } from "../../inTurn.ts"
import { type Law } from "../../Law.ts"
import { mustEqual } from "../../Violation.ts"
import { check, clientsOf, outcome, secret, tagOf, describe } from "./support.ts"
import type { VaultInstance } from "./VaultInstance.ts"
import { level, millisLong, edge, minute } from "./leaseSupport.ts"

/** Leases end on time, not early. */
export const vault23: Law<VaultInstance> = {
  id: "VAULT-23",
  title: "Before its deadline a lease keeps others out; from the deadline on the next one gets it without any help",
  rationale: "Too early, and two work at once; too late, and one crashed worker keeps a customer's data from coming.",
  checkFirst:
    "Look at which clock is read: the deadline and the present both come from the store. At the deadline the lease " +
    "is over, so the comparison is `expires_at <= now`.",
  see: ["TokenVault.acquireLease"],
  level,
  parts: [
    check({
      name: "alone",
      kind: "model",
      needs: ["time"],
      input: turnOf(["before", "at", "after"] as const, (at) =>
        fc.record({
          life: fc.constantFrom(20_000, 60_000, 3_600_000, 12_345),
          renewed: fc.boolean(),
          at: fc.constant(at)
        })
      ),
      check: (instance, { life, renewed, at }, testCase) =>
        Effect.gen(function* () {
          const {
            organizations: [organizationId]
          } = instance
          const clients = yield* clientsOf(instance, 2)
          yield* instance.vault.put(organizationId, "grant", secret("kept"))
          const first = yield* clients(0).acquireLease(organizationId, "grant", millisLong(life))
          let passed = 0
          if (renewed) {
            passed = Math.floor(life / 2)
            yield* testCase.advance(passed)
            yield* clients(0).renewLease(organizationId, first, millisLong(life))
          }
          const distance = { before: -edge(testCase), at: 0, after: edge(testCase) }[at]
          yield* testCase.advance(life + distance)
          const result = yield* outcome(clients(1).acquireLease(organizationId, "grant", millisLong(life)))
          testCase.note(`${distance} ms from the deadline another asks -> ${describe(result)}`)
          yield* mustEqual(`${Math.abs(distance)} ms ${at === "before" ? "before" : "from"} the deadline`, {
            expected: at === "before" ? "LeaseHeld" : "ok",
            actual: tagOf(result)
          })
          if (!testCase.exactTime || renewed || Result.isFailure(result)) return
          const between = DateTime.toEpochMillis(result.success.expiresAt) - DateTime.toEpochMillis(first.expiresAt)
          yield* mustEqual("two leases of the same life told deadlines that do not fit", {
            expected: life + distance,
            actual: between
          })
        })
    }),
    check({
      name: "skew",
      kind: "property",
      needs: ["time", "own-clock"],
      input: fc.record({ skewMinutes: fc.constantFrom(-5, -1, 1, 5), over: fc.boolean() }),
      check: (instance, { skewMinutes, over }, testCase) =>
        Effect.gen(function* () {
          const {
            organizations: [organizationId]
          } = instance
          const clients = yield* clientsOf(instance, 2)
          yield* instance.vault.put(organizationId, "grant", secret("kept"))
          const life = 2 * minute
          yield* clients(0).acquireLease(organizationId, "grant", millisLong(life))
          yield* testCase.advance(over ? life + edge(testCase) : life / 2)
          const result = yield* outcome(
            skewed(clients(1).acquireLease(organizationId, "grant", millisLong(life)), skewMinutes * minute)
          )
          testCase.note(`a contender whose clock is ${skewMinutes} minutes off -> ${describe(result)}`)
          yield* mustEqual("a contender's own clock decided who holds the lease", {
            expected: over ? "ok" : "LeaseHeld",
            actual: tagOf(result)
          })
        })
    })
  ]
}

/** Runs a call on a machine whose clock is off by this many milliseconds. */
const skewed = <A, E>(call: Effect.Effect<A, E>, millis: number) =>
  Clock.clockWith((clock) => {
    const now = () => clock.currentTimeMillisUnsafe() + millis
    const nanos = () => BigInt(now()) * 1_000_000n
    return Effect.provideService(call, Clock.Clock, {
      currentTimeMillisUnsafe: now,
      currentTimeMillis: Effect.sync(now),
      currentTimeNanosUnsafe: nanos,
      currentTimeNanos: Effect.sync(nanos),
      monotonicTimeNanosUnsafe: nanos,
      monotonicTimeNanos: Effect.sync(nanos),
      sleep: (duration) => clock.sleep(duration)
    })
  })
