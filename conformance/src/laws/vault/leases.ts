/** VAULT-22: one lease at a time. */
import type { TokenVault } from "@portolan/ports"
import { Effect, Result } from "effect"
import * as fc from "fast-check"
import { type Law } from "../../Law.ts"
import { opening } from "../../inTurn.ts"
import { race } from "../../race.ts"
import { mustEqual } from "../../Violation.ts"
import { check, clientsOf, outcome, secret, tagOf, describe } from "./support.ts"
import type { VaultInstance } from "./VaultInstance.ts"
import { level, minute, millisLong } from "./leaseSupport.ts"

/** One contender's call, and time passing in between. */
type Move =
  | { readonly move: "acquire" | "renew" | "release"; readonly contender: number }
  | { readonly move: "wait"; readonly quarters: number }

/** Two ask for a lease, and the second gets it once its deadline has passed. */
const takeover: ReadonlyArray<Move> = [
  { move: "acquire", contender: 0 },
  { move: "acquire", contender: 1 },
  { move: "wait", quarters: 5 },
  { move: "acquire", contender: 1 }
]

const moves: fc.Arbitrary<ReadonlyArray<Move>> = fc.array<Move>(
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
  checkFirst:
    "Look at how a lease is taken: by one conditional statement (`insert … on conflict do update … where expires_at " +
    "<= now()`), not by a read and a write.",
  sources: [
    {
      fact: "A provider may end a consent when a refresh token that was replaced is used again.",
      url: "https://www.rfc-editor.org/rfc/rfc9700#section-4.14"
    }
  ],
  see: ["TokenVault.acquireLease"],
  level,
  parts: [
    check({
      name: "alone",
      kind: "model",
      needs: ["time"],
      labels: { "turned away": 0.1, "taken over": 0.04 },
      input: [opening(takeover, moves), moves],
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
            actual: results.map(tagOf).toSorted((one, other) => Number(other === "ok") - Number(one === "ok"))
          })
        })
    })
  ]
}
