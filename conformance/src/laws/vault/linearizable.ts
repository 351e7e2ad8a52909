/** VAULT-29: whatever happens at once looks as if it had happened one after the other. */
import { Effect, Result } from "effect"
import * as fc from "fast-check"
import { core, type Law } from "../../Law.ts"
import { race } from "../../race.ts"
import { must } from "../../Violation.ts"
import { check, clientsOf, outcome, reading, secret } from "./support.ts"
import type { Vault, VaultInstance } from "./VaultInstance.ts"

/** One call of a history: when it began and ended, counted in events, and what came of it. */
export interface Call {
  readonly client: number
  readonly call: "get" | "put" | "create" | "swap" | "remove"
  readonly began: number
  readonly ended: number
  readonly text: string
  readonly expected: number
  /** What a read showed, the version that a write gave, whether something was removed, or the name of the refusal. */
  readonly answer: unknown
}

interface State {
  readonly entry: { readonly secret: string; readonly version: number } | undefined
  readonly highest: number
}

/** Gives the state after a call, or undefined when the call could not have answered so in this state. */
const after = ({ entry, highest }: State, { call, text, expected, answer }: Call): State | undefined => {
  const same: State = { entry, highest }
  const written = (): State | undefined =>
    typeof answer === "number" && answer > highest
      ? { entry: { secret: text, version: answer }, highest: answer }
      : undefined
  switch (call) {
    case "get":
      return JSON.stringify(answer) === JSON.stringify(entry ?? "SecretNotFound") ? same : undefined
    case "remove":
      return answer === (entry !== undefined) ? { entry: undefined, highest } : undefined
    case "put":
      return written()
    case "create":
      if (entry !== undefined) return answer === "SecretExists" ? same : undefined
      return written()
    case "swap":
      if (entry === undefined) return answer === "SecretNotFound" ? same : undefined
      if (entry.version !== expected) return answer === "StaleVersion" ? same : undefined
      return written()
  }
}

/**
 * Looks for an order of the calls that explains all answers and keeps calls apart that did not overlap (Wing and Gong,
 * 1993): of the calls that may come next, each is tried that explains its answer.
 */
export const explained = (history: ReadonlyArray<Call>, state: State = { entry: undefined, highest: 0 }): boolean => {
  if (history.length === 0) return true
  const firstEnd = Math.min(...history.map((call) => call.ended))
  return history.some((call) => {
    if (call.began > firstEnd) return false
    const next = after(state, call)
    return (
      next !== undefined &&
      explained(
        history.filter((each) => each !== call),
        next
      )
    )
  })
}

const plans = fc.array(
  fc.array(
    fc.record({
      call: fc.constantFrom<Call["call"]>("get", "get", "put", "swap", "create", "remove"),
      // The version that a swap expects: these are small, so that some are right.
      expected: fc.integer({ min: 1, max: 3 })
    }),
    { minLength: 1, maxLength: 4 }
  ),
  { minLength: 2, maxLength: 3 }
)

const answerOf = (result: Result.Result<unknown, { readonly _tag: string }>): unknown =>
  Result.isSuccess(result) ? result.success : result.failure._tag

const perform = (
  vault: Vault,
  organizationId: VaultInstance["organizations"][0],
  { call, expected, text }: Pick<Call, "call" | "expected" | "text">
): Effect.Effect<unknown> => {
  switch (call) {
    case "get":
      return reading(vault, organizationId, "grant")
    case "put":
      return Effect.map(outcome(vault.put(organizationId, "grant", secret(text))), answerOf)
    case "create":
      return Effect.map(outcome(vault.create(organizationId, "grant", secret(text))), answerOf)
    case "swap":
      return Effect.map(outcome(vault.compareAndSwap(organizationId, "grant", expected, secret(text))), answerOf)
    case "remove":
      return Effect.map(outcome(vault.remove(organizationId, "grant")), answerOf)
  }
}

/** Concurrent histories are linearizable. */
export const vault29: Law<VaultInstance> = {
  id: "VAULT-29",
  title: "Every history of overlapping calls can be explained by an order in which they happened one by one",
  rationale: "All code reasons step by step, and is wrong on a store that does not behave step by step.",
  checkFirst:
    "Find the call in the story whose answer fits no order. Often it is a version that was read after the write " +
    "instead of being returned by it.",
  sources: [
    {
      fact: "Histories are judged by the search of Wing and Gong (1993).",
      url: "https://doi.org/10.1006/jpdc.1993.1015"
    }
  ],
  see: ["TokenVault"],
  level: core,
  parts: [
    check({
      name: "race",
      kind: "race",
      interleavings: 4,
      input: plans,
      check: (instance, plans, testCase) =>
        Effect.gen(function* () {
          const [organizationId] = instance.organizations
          const clients = yield* clientsOf(instance, plans.length)
          const history: Array<Call> = []
          let events = 0
          const runner = (client: number, plan: (typeof plans)[number]) =>
            Effect.gen(function* () {
              for (const [index, { call, expected }] of plan.entries()) {
                const began = events++
                const text = `client ${client}, call ${index}`
                const answer = yield* perform(clients(client), organizationId, { call, text, expected })
                history.push({ client, call, began, ended: events++, text, expected, answer })
              }
            })
          const finishes = yield* race(
            testCase,
            plans.map((plan, client) => runner(client, plan))
          )
          yield* Effect.forEach(finishes, ({ exit }) => exit)
          for (const { client, call, began, ended, expected, answer } of history) {
            const what = call === "swap" ? `swap expecting ${expected}` : call
            testCase.note(`client ${client}: ${what} from ${began} to ${ended} -> ${JSON.stringify(answer)}`)
          }
          yield* must(explained(history), "no order of these calls explains their answers")
        })
    })
  ]
}
