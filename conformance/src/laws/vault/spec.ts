/**
 * The port's words about one secret, as a relation: whether a call may have answered so in a state, and what the
 * state is then. Versions and fences are the vault's own choice as long as they grow, so the answer is taken for them.
 */
import type { TokenVault } from "@portolan/ports"

/** One call on one secret, with everything that it depends on but the state. */
export type Request =
  | { readonly call: "get" }
  | { readonly call: "put" | "create"; readonly text: string }
  | { readonly call: "swap"; readonly text: string; readonly expected: number; readonly fence: number | undefined }
  | { readonly call: "remove" }
  | { readonly call: "acquire"; readonly life: number }
  | { readonly call: "renew"; readonly lease: TokenVault.Lease; readonly life: number }
  | { readonly call: "release"; readonly lease: TokenVault.Lease }
  | { readonly call: "seal anew" }

/** The names of all calls. */
export const callNames = ["get", "put", "create", "swap", "remove", "acquire", "renew", "release", "seal anew"] as const

/** The name of a call. */
export type CallName = (typeof callNames)[number]

/** What a call answered: the name of the refusal, or what it gave. */
export type Answer =
  | { readonly refused: string; readonly found?: number; readonly until?: number }
  | { readonly secret: string; readonly version: number; readonly updatedAt: number }
  | { readonly version: number }
  | { readonly fence: number; readonly expiresAt: number; readonly reference: string }
  | { readonly did: boolean }
  | { readonly remaining: number }

/** What is known about one secret. */
export interface State {
  readonly entry: { readonly secret: string; readonly version: number; readonly updatedAt: number } | undefined
  /** The largest version and the largest fence that there ever were. */
  readonly version: number
  readonly fence: number
  /** The lease that was given last, unless it was given back or forgotten. */
  readonly lease: Leased | undefined
}

/** A lease by the time of the case, the end that was stated, and when it was. */
export interface Leased {
  readonly fence: number
  readonly until: number
  readonly stated: number
  readonly statedAt: number
}

/** Before anything was request. */
export const nothing: State = { entry: undefined, version: 0, fence: 0, lease: undefined }

/** The time of a call: what the vault's clock says, and whether it can be told to the millisecond. */
export interface Moment {
  readonly now: number
  readonly isExact: boolean
}

const refusal = (answer: Answer, tag: string) => "refused" in answer && answer.refused === tag

const held = ({ lease }: State, { now }: Moment) => (lease !== undefined && now < lease.until ? lease : undefined)

const written = (state: State, text: string, answer: Answer, { now }: Moment): State | undefined => {
  if (!("version" in answer) || "secret" in answer || answer.version <= state.version) return
  const { version } = answer
  return { ...state, entry: { secret: text, version, updatedAt: now }, version }
}

const afterGet = (state: State, answer: Answer, { isExact }: Moment): State | undefined => {
  const { entry } = state
  if (entry === undefined) return refusal(answer, "SecretNotFound") ? state : undefined
  if (!("secret" in answer) || answer.secret !== entry.secret || answer.version !== entry.version) return
  return !isExact || answer.updatedAt === entry.updatedAt ? state : undefined
}

const afterSwap = (
  state: State,
  { expected, fence, text }: Extract<Request, { readonly call: "swap" }>,
  answer: Answer,
  moment: Moment
): State | undefined => {
  const { entry } = state
  if (entry === undefined) return refusal(answer, "SecretNotFound") ? state : undefined
  const isFenced = fence !== undefined && fence < state.fence
  const isStale = entry.version !== expected
  if (isFenced && refusal(answer, "Fenced")) return state
  if (isStale && "found" in answer) return answer.found === entry.version ? state : undefined
  return isFenced || isStale ? undefined : written(state, text, answer, moment)
}

const given = (state: State, answer: Answer, life: number, moment: Moment): State | undefined => {
  if (!("fence" in answer)) return
  // A store that keeps time itself tells an end by its own clock: what it tells is what it has to keep.
  if (moment.isExact && answer.expiresAt !== moment.now + life) return
  const until = moment.now + life
  const { expiresAt: stated, fence } = answer
  return { ...state, fence, lease: { fence, until, stated, statedAt: moment.now } }
}

/** Whether an end is the one that was told; a store with a clock of its own may have moved its ends instead. */
const isTold = ({ stated, statedAt }: Leased, until: number, { isExact, now }: Moment) => {
  if (isExact) return until === stated
  return [0, now - statedAt].some((moved) => Math.abs(stated - moved - until) <= 2)
}

const afterLeaseCall = (
  state: State,
  request: Extract<Request, { readonly call: "acquire" | "renew" | "release" }>,
  answer: Answer,
  moment: Moment
): State | undefined => {
  const lease = held(state, moment)
  if (request.call === "acquire") {
    if (state.entry === undefined) return refusal(answer, "SecretNotFound") ? state : undefined
    if (lease === undefined) {
      return "fence" in answer && answer.fence > state.fence ? given(state, answer, request.life, moment) : undefined
    }
    if (!("refused" in answer) || answer.refused !== "LeaseHeld" || answer.until === undefined) return
    return isTold(lease, answer.until, moment) ? state : undefined
  }
  const isOwn = lease !== undefined && lease.fence === request.lease.fence
  if (request.call === "release") {
    if (!("did" in answer) || answer.did !== isOwn) return
    return isOwn ? { ...state, lease: undefined } : state
  }
  if (!isOwn) return refusal(answer, "LeaseLost") ? state : undefined
  return "fence" in answer && answer.fence === lease.fence ? given(state, answer, request.life, moment) : undefined
}

/** The state after a call, or undefined when the call cannot have answered so in this state. */
export const after = (state: State, request: Request, answer: Answer, moment: Moment): State | undefined => {
  switch (request.call) {
    case "get":
      return afterGet(state, answer, moment)
    case "put":
      return written(state, request.text, answer, moment)
    case "create": {
      if (state.entry === undefined) return written(state, request.text, answer, moment)
      const isRefused = refusal(answer, "SecretExists") && "found" in answer && answer.found === state.entry.version
      return isRefused ? state : undefined
    }
    case "swap":
      return afterSwap(state, request, answer, moment)
    case "remove":
      if (!("did" in answer) || answer.did !== (state.entry !== undefined)) return
      return { ...state, entry: undefined, lease: undefined }
    case "seal anew":
      return "remaining" in answer ? state : undefined
    default:
      return afterLeaseCall(state, request, answer, moment)
  }
}

/** What would have been right, in words. */
export const expectation = (state: State, moment: Moment): string => {
  const lease = held(state, moment)
  const kept =
    state.entry === undefined ? "no secret" : `the secret ${state.entry.secret} at version ${state.entry.version}`
  const leased = lease === undefined ? "no lease" : `a lease with fence ${lease.fence} that ends at ${lease.stated}`
  return `an answer that fits ${kept}, ${leased}, versions up to ${state.version}, fences up to ${state.fence}`
}
