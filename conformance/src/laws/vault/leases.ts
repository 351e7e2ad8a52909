/** VAULT-22 to 25: one worker at a time spends a refresh token, and a late one is kept out. */
import type { TokenVault } from "@portolan/ports"
import { Clock, DateTime, Duration, Effect, Result } from "effect"
import * as fc from "fast-check"
import { extended, type Law } from "../../Law.ts"
import { race } from "../../race.ts"
import type { Case } from "../../Case.ts"
import { must, mustEqual } from "../../Violation.ts"
import { check, clientsOf, outcome, reading, secret, tagOf, describe } from "./support.ts"
import type { Vault, VaultInstance } from "./VaultInstance.ts"

const level = extended("leases")
const minute = 60_000

/** How far from a deadline a call has to be to be sure of its side: real time goes on where it does not stand still. */
const edge = (testCase: Case) => (testCase.exactTime ? 1 : 5_000)

const millisLong = (millis: number) => Duration.millis(millis)

/** One contender's call, and time passing in between. */
type Move =
  | { readonly move: "acquire" | "renew" | "release"; readonly contender: number }
  | { readonly move: "wait"; readonly quarters: number }

const moves = fc.array<Move>(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ move: fc.constant("acquire" as const), contender: fc.nat({ max: 2 }) }) },
    { weight: 2, arbitrary: fc.record({ move: fc.constant("renew" as const), contender: fc.nat({ max: 2 }) }) },
    { weight: 2, arbitrary: fc.record({ move: fc.constant("release" as const), contender: fc.nat({ max: 2 }) }) },
    // Quarters of a life: 4 is the deadline itself, which belongs to the next one; 12 is three lives.
    {
      weight: 3,
      arbitrary: fc.record({ move: fc.constant("wait" as const), quarters: fc.constantFrom(1, 2, 5, 9, 12) })
    }
  ),
  { minLength: 2, maxLength: 12, size: "max" }
)

/** One lease holder at a time. */
export const vault22: Law<VaultInstance> = {
  id: "VAULT-22",
  title: "At any instant at most one unexpired lease exists for a reference",
  rationale: "Two workers that refresh at once spend one refresh token twice; some providers then end the consent.",
  level,
  parts: [
    check({
      name: "alone",
      kind: "model",
      needs: ["time"],
      labels: { "turned away": 0.1, "taken over": 0.04 },
      input: moves,
      check: (instance, list, testCase) =>
        Effect.gen(function* () {
          const {
            organizations: [organizationId]
          } = instance
          const clients = yield* clientsOf(instance, 3)
          const life = 4 * minute
          yield* instance.vault.put(organizationId, "grant", secret("kept"))
          let now = 0
          let live: { readonly contender: number; readonly until: number } | undefined
          const leases = new Map<number, TokenVault.Lease>()
          for (const step of list) {
            if (step.move === "wait") {
              yield* testCase.advance(step.quarters * minute)
              now += step.quarters * minute
              testCase.note(`${step.quarters} minutes pass`)
              continue
            }
            const { contender, move } = step
            const held = live !== undefined && now < live.until ? live : undefined
            const own = leases.get(contender)
            if (move === "acquire") {
              const result = yield* outcome(clients(contender).acquireLease(organizationId, "grant", millisLong(life)))
              testCase.note(`contender ${contender} acquires -> ${describe(result)}`)
              if (held !== undefined) testCase.label("turned away")
              if (held === undefined && live !== undefined) testCase.label("taken over")
              yield* mustEqual(`a lease was asked for while ${held === undefined ? "nobody" : "somebody"} held one`, {
                expected: held === undefined ? "ok" : "LeaseHeld",
                actual: tagOf(result)
              })
              if (Result.isFailure(result)) continue
              leases.set(contender, result.success)
              live = { contender, until: now + life }
            } else if (own !== undefined && move === "renew") {
              const result = yield* outcome(clients(contender).renewLease(organizationId, own, millisLong(life)))
              testCase.note(`contender ${contender} renews -> ${describe(result)}`)
              if (Result.isSuccess(result) && held?.contender === contender) live = { contender, until: now + life }
            } else if (own !== undefined && move === "release") {
              const released = yield* clients(contender).releaseLease(organizationId, own)
              testCase.note(`contender ${contender} releases -> ${released}`)
              if (released && held?.contender === contender) live = undefined
            }
          }
        })
    }),
    check({
      name: "race",
      kind: "race",
      interleavings: 5,
      input: fc.integer({ min: 2, max: 6 }),
      check: (instance, contenders, testCase) =>
        Effect.gen(function* () {
          const {
            vault,
            organizations: [organizationId]
          } = instance
          const clients = yield* clientsOf(instance, contenders)
          yield* vault.put(organizationId, "grant", secret("kept"))
          const acquire = (index: number) =>
            outcome(clients(index).acquireLease(organizationId, "grant", millisLong(10 * minute)))
          const finishes = yield* race(
            testCase,
            Array.from({ length: contenders }, (_, index) => acquire(index))
          )
          const results = yield* Effect.forEach(finishes, ({ exit }) => exit)
          testCase.note(results.map((result, index) => `contender ${index}: ${tagOf(result)}`).join(", "))
          yield* mustEqual(`of ${contenders} that asked for one lease, not exactly one got it`, {
            expected: ["ok", ...Array.from({ length: contenders - 1 }, () => "LeaseHeld")],
            actual: results.map(tagOf).toSorted((one, other) => (one === "ok" ? -1 : other === "ok" ? 1 : 0))
          })
        })
    })
  ]
}

/** Leases end on time, not early. */
export const vault23: Law<VaultInstance> = {
  id: "VAULT-23",
  title: "Before its deadline a lease keeps others out; from the deadline on the next one gets it without any help",
  rationale: "Too early, and two work at once; too late, and one crashed worker keeps a customer's data from coming.",
  level,
  parts: [
    check({
      name: "alone",
      kind: "model",
      needs: ["time"],
      input: fc.record({
        life: fc.constantFrom(20_000, 60_000, 3_600_000, 12_345),
        renewed: fc.boolean(),
        at: fc.constantFrom("before", "at", "after")
      }),
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
          const distance = at === "before" ? -edge(testCase) : at === "at" ? 0 : edge(testCase)
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

/** A stale holder is fenced. */
export const vault24: Law<VaultInstance> = {
  id: "VAULT-24",
  title: "Every lease has a larger fence than all before it, and a write with a smaller one is refused",
  rationale: "A worker that was paused past its deadline wakes up and writes an old token over its successor's.",
  level,
  parts: [
    check({
      name: "alone",
      kind: "model",
      needs: ["time"],
      input: fc.record({
        grants: fc.integer({ min: 2, max: 4 }),
        ends: fc.constantFrom("expires", "is released", "is deleted with the secret"),
        stale: fc.nat({ max: 3 })
      }),
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

/** Only the holder may renew or release. */
export const vault25: Law<VaultInstance> = {
  id: "VAULT-25",
  title: "Only the holder renews or releases a lease; anybody else changes nothing and is told so",
  rationale: "A worker that cleans up after its deadline would free the lease of whoever took over.",
  level,
  parts: [
    check({
      name: "alone",
      kind: "model",
      needs: ["time"],
      input: fc.record({
        ended: fc.constantFrom("expired and taken over", "released and taken over", "expired", "released", "not ended"),
        call: fc.constantFrom("renew", "release")
      }),
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
