/** Calls of a vault as data: drawn, carried out, and judged by the relation in `spec.ts`. */
import type { TokenVault } from "@portolan/ports"
import { DateTime, Effect, Redacted, Result } from "effect"
import * as fc from "fast-check"
import type { Case } from "../../Case.ts"
import { show } from "../../show.ts"
import { must } from "../../Violation.ts"
import { minute, millisLong } from "./leaseSupport.ts"
import {
  type Answer,
  type CallName,
  type Request,
  type Moment,
  type State,
  after,
  expectation,
  nothing
} from "./spec.ts"
import { clientsOf, outcome, secret } from "./support.ts"
import type { Vault, VaultInstance } from "./VaultInstance.ts"

/** Which of the leases that were given is meant, and which version a swap expects. */
export type Which = "latest" | "earlier"

/** One call as it is drawn; versions and leases are named, not embedded. */
export interface Drawn {
  readonly call: CallName | "wait"
  readonly client: 0 | 1
  readonly organization: 0 | 1
  readonly reference: "grant" | "grant:a"
  readonly which: Which
  readonly fenced: boolean
  /** Minutes: the life of a lease, or how long to wait. */
  readonly minutes: number
}

const calls = (weights: Partial<Record<Drawn["call"], number>>) =>
  fc.oneof(
    ...Object.entries(weights).map(([call, weight]) => ({ weight, arbitrary: fc.constant(call as Drawn["call"]) }))
  )

/** Draws one call. */
export const drawn = (weights: Partial<Record<Drawn["call"], number>>): fc.Arbitrary<Drawn> =>
  fc.record({
    call: calls(weights),
    client: fc.constantFrom<0 | 1>(0, 1),
    organization: fc.constantFrom<0 | 1>(0, 0, 0, 1),
    reference: fc.constantFrom<"grant" | "grant:a">("grant", "grant", "grant", "grant:a"),
    which: fc.constantFrom<Which>("latest", "latest", "earlier"),
    fenced: fc.boolean(),
    // A lease of four minutes ends between two of these, or at the very end of one.
    minutes: fc.constantFrom(1, 2, 4, 5)
  })

/** A call of the first client on the first secret. */
export const one = (call: Drawn["call"], more: Partial<Drawn> = {}): Drawn => ({
  call,
  client: 0,
  organization: 0,
  reference: "grant",
  which: "latest",
  fenced: false,
  minutes: 4,
  ...more
})

/** What a case knows: the state of each secret and the leases that were given for it, the latest last. */
export interface Known {
  /** How many milliseconds the case let pass. */
  passed: number
  readonly states: Map<string, State>
  readonly leases: Map<string, ReadonlyArray<TokenVault.Lease>>
}

/** Knows nothing yet. */
export const know = (): Known => ({ passed: 0, states: new Map(), leases: new Map() })

/** The name of a secret's place. */
export const placeOf = ({ organization, reference }: Pick<Drawn, "organization" | "reference">) =>
  `${reference} of organization ${organization}`

/** The state of a secret. */
export const stateOf = ({ states }: Known, at: Pick<Drawn, "organization" | "reference">) =>
  states.get(placeOf(at)) ?? nothing

/** A lease that nobody ever had. */
const neverGiven = (reference: string, now: number): TokenVault.Lease => ({
  reference,
  fence: 0,
  expiresAt: DateTime.makeUnsafe(now)
})

/** What a drawn call asks for, by what is known; `position` makes its text unlike any other. */
export const requestOf = (known: Known, each: Drawn, position: string, now: number): Request => {
  const { call, fenced, minutes, reference, which } = each
  const state = stateOf(known, each)
  const leases = known.leases.get(placeOf(each)) ?? []
  const lease = leases.at(which === "latest" ? -1 : -2) ?? neverGiven(reference, now)
  const text = `secret ${position}`
  switch (call) {
    case "put":
    case "create":
      return { call, text }
    case "swap":
      return {
        call,
        text,
        expected: which === "latest" ? state.version : state.version - 1,
        fence: fenced ? lease.fence : undefined
      }
    case "acquire":
      return { call, life: minutes * minute }
    case "renew":
      return { call, lease, life: minutes * minute }
    case "release":
      return { call, lease }
    case "wait":
      return { call: "get" }
    default:
      return { call }
  }
}

const refused = (failure: { readonly _tag: string }): Answer => ({
  refused: failure._tag,
  ...("found" in failure && typeof failure.found === "number" ? { found: failure.found } : {}),
  ...("version" in failure && typeof failure.version === "number" ? { found: failure.version } : {}),
  ...("until" in failure && DateTime.isDateTime(failure.until) ? { until: DateTime.toEpochMillis(failure.until) } : {})
})

const answerOf = <A, E extends { readonly _tag: string }>(call: Effect.Effect<A, E>, read: (value: A) => Answer) =>
  Effect.map(outcome(call), (result) => (Result.isSuccess(result) ? read(result.success) : refused(result.failure)))

const leased = ({ expiresAt, fence, reference }: TokenVault.Lease): Answer => ({
  fence,
  expiresAt: DateTime.toEpochMillis(expiresAt),
  reference
})

/** Carries out a call and gives its answer as plain data. */
export const perform = (
  vault: Vault,
  organizationId: VaultInstance["organizations"][0],
  reference: string,
  request: Request
): Effect.Effect<Answer> => {
  switch (request.call) {
    case "get":
      return answerOf(vault.get(organizationId, reference), (found) => ({
        secret: Redacted.value(found.secret),
        version: found.version,
        updatedAt: DateTime.toEpochMillis(found.updatedAt)
      }))
    case "put":
      return answerOf(vault.put(organizationId, reference, secret(request.text)), (version) => ({ version }))
    case "create":
      return answerOf(vault.create(organizationId, reference, secret(request.text)), (version) => ({ version }))
    case "swap": {
      const { expected, fence, text } = request
      const swap = vault.compareAndSwap(organizationId, reference, expected, secret(text), fence)
      return answerOf(swap, (version) => ({ version }))
    }
    case "remove":
      return answerOf(vault.remove(organizationId, reference), (did) => ({ did }))
    case "acquire":
      return answerOf(vault.acquireLease(organizationId, reference, millisLong(request.life)), leased)
    case "renew":
      return answerOf(vault.renewLease(organizationId, request.lease, millisLong(request.life)), leased)
    case "release":
      return answerOf(vault.releaseLease(organizationId, request.lease), (did) => ({ did }))
    case "seal anew":
      return answerOf(vault.rewrap(organizationId, 10), ({ remaining }) => ({ remaining }))
  }
}

/** Whether a vault without leases can be request this. */
export const isOffered = (vault: Vault, call: Drawn["call"]) =>
  vault.features.has("leases") || !["acquire", "renew", "release"].includes(call)

/** Keeps the lease that an answer gave. */
export const keep = ({ leases }: Known, each: Drawn, request: Request, answer: Answer) => {
  if (!("fence" in answer)) return
  const lease = { ...answer, expiresAt: DateTime.makeUnsafe(answer.expiresAt) }
  const before = leases.get(placeOf(each)) ?? []
  leases.set(placeOf(each), request.call === "renew" ? [...before.slice(0, -1), lease] : [...before, lease])
}

/** The present of a case: a store that keeps time itself is known by what the case let pass. */
export const momentOf = (testCase: Case, { passed }: Known): Moment => ({
  now: testCase.exactTime ? testCase.now() : passed,
  isExact: testCase.exactTime
})

/** Carries out calls one after the other, and fails the case at the first answer that the port's words do not give. */
export const follow = Effect.fnUntraced(function* (
  instance: VaultInstance,
  list: ReadonlyArray<Drawn>,
  testCase: Case,
  known: Known = know()
) {
  const clients = yield* clientsOf(instance, 2)
  for (const [position, each] of list.entries()) {
    if (!isOffered(instance.vault, each.call)) continue
    if (each.call === "wait") {
      yield* testCase.advance(each.minutes * minute)
      known.passed += each.minutes * minute
      testCase.note(`${each.minutes} minutes pass`)
      continue
    }
    yield* judged(instance, { vault: clients(each.client), each, position: String(position) }, testCase, known)
  }
  return known
})

/** One call with the client that makes it. */
export interface Made {
  readonly vault: Vault
  readonly each: Drawn
  readonly position: string
}

/** Carries out one call and judges its answer. */
export const judged = Effect.fnUntraced(function* (
  instance: VaultInstance,
  { each, position, vault }: Made,
  testCase: Case,
  known: Known
) {
  const before = stateOf(known, each)
  const request = requestOf(known, each, position, testCase.now())
  const answer = yield* perform(vault, instance.organizations[each.organization], each.reference, request)
  const moment = momentOf(testCase, known)
  testCase.note(`client ${each.client}: ${each.call} ${placeOf(each)} -> ${show(answer)}`)
  if ("refused" in answer) testCase.label("refused")
  const next = after(before, request, answer, moment)
  yield* must(next !== undefined, `${each.call} answered what does not fit what was done before`, {
    expected: expectation(before, moment),
    actual: answer
  })
  known.states.set(placeOf(each), next ?? before)
  keep(known, each, request, answer)
})
