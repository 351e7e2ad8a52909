/**
 * The secrets of one application at a provider: the one that is used, the one before while the provider still accepts
 * it, and a new one that waits for its test. Nothing here is a customer's; operators change it, and processes read it
 * while they run.
 *
 * Add → try → Promote, as AWS Secrets Manager stages a rotation (create, set, test, finish:
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda.html); a promoted secret that the
 * provider refuses falls back to the one before.
 */
import * as DateTime from "effect/DateTime"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import { given } from "../kernel/given.ts"
import type { Source, State, TestResult, Version } from "./applicationSecret/state.ts"

type Secret = Redacted.Redacted<string>

export { daysUntil, dueNotices, type Keyed, mark, moments, type Notice } from "./applicationSecret/notices.ts"
export { Outcome, Source, State, TestResult, Version } from "./applicationSecret/state.ts"

/** What is known of how long the secrets of an application work. */
export interface Life {
  /** Days that a secret works; null when nothing is known of an end. */
  readonly lifeDays: number | null
  /** Days that the one before works after a new one is made; null when it is not known. */
  readonly overlapDays: number | null
}

/** Why a secret is not taken. */
export type Obstacle = "known" | "older" | "another-pending" | "nothing-pending" | "not-accepted" | "nothing-previous"

const isSame = (one: Secret, other: Secret): boolean => Redacted.value(one) === Redacted.value(other)

/** Every secret, in the order in which they are tried: the first is used, the others when the provider refuses it. */
export const versions = ({ current, pending, previous }: State): ReadonlyArray<Version> =>
  [current, previous, pending].filter((one) => one !== undefined)

/** The version of a secret; nothing when it is not one of this application's. */
export const find = (state: State, secret: Secret): Version | undefined =>
  versions(state).find((one) => isSame(one.secret, secret))

const daysAfter = (at: DateTime.Utc, days: number | null) => (days === null ? undefined : DateTime.add(at, { days }))

/** A secret that is about to be stored. */
export interface Added {
  readonly secret: Secret
  readonly label?: string
  readonly source: Source
  readonly endsAt?: DateTime.Utc
}

const versionOf = (number: number, { endsAt, label, secret, source }: Added, life: Life, at: DateTime.Utc): Version =>
  given({
    number,
    secret,
    label,
    source,
    addedAt: at,
    endsAt: endsAt ?? daysAfter(at, life.lifeDays),
    endIsAssumed: endsAt === undefined
  })

/** The state before anything was stored: the secret of the settings is used. */
export const seed = (added: Added, life: Life, at: DateTime.Utc): State => ({
  format: 1,
  last: 1,
  current: versionOf(1, added, life, at),
  sent: []
})

/** The state without a secret that is forgotten. */
const withoutPrevious = ({ previous: _, ...rest }: State): State => rest
const withoutPending = ({ pending: _, ...rest }: State): State => rest

/** When the one that is used stops working once a new one was made at `at`. */
const endOfPrevious = ({ endIsAssumed, endsAt }: Version, { overlapDays }: Life, at: DateTime.Utc) => {
  const overlap = daysAfter(at, overlapDays)
  if (endsAt === undefined || overlap === undefined) return overlap ?? endsAt
  return endIsAssumed ? overlap : DateTime.min(endsAt, overlap)
}

/** Lets another secret take the place of the one that is used, which becomes the one before. */
const replace = (state: State, next: Version, life: Life, at: DateTime.Utc): State => {
  const { fellBack: _, ...rest } = withoutPending(state)
  const { endsAt: _end, ...before } = state.current
  return { ...rest, current: next, previous: given({ ...before, endsAt: endOfPrevious(state.current, life, at) }) }
}

/**
 * Follows the settings of a process that starts: while no other secret was ever stored than those of settings, a change
 * of the settings counts as a change of the secret. A secret that is known already changes nothing, so that a process
 * with older settings does not take a change back.
 */
export const follow = (state: State, added: Added, life: Life, at: DateTime.Utc): State =>
  state.current.source !== "settings" || state.pending !== undefined || find(state, added.secret) !== undefined
    ? state
    : adopt(state, added, life, at)

/** Uses a secret at once that the provider was seen to accept. */
export const adopt = (state: State, added: Added, life: Life, at: DateTime.Utc): State => ({
  ...replace(state, versionOf(state.last + 1, added, life, at), life, at),
  last: state.last + 1
})

/** When a secret ends, judged by when it was made: nothing for one of settings, which may be of any age. */
const endByAge = ({ addedAt, endsAt, source }: Version, { lifeDays }: Life): DateTime.Utc | undefined => {
  if (source === "settings") return undefined
  return source === "provider" ? endsAt : daysAfter(addedAt, lifeDays)
}

/** Whether a secret of the provider was made no later than one that is here. */
const isOlder = ({ current, pending }: State, endsAt: DateTime.Utc, life: Life): boolean =>
  [current, pending].some((one) => {
    const end = one === undefined ? undefined : endByAge(one, life)
    return end !== undefined && DateTime.isLessThanOrEqualTo(endsAt, end)
  })

/**
 * Stores a new secret beside the one that is used. One that waits already gives way only when the provider refused it.
 * `currentEndsAt`: when the one that is used stops working, where the provider says so.
 */
export const add = (
  state: State,
  added: Added & { readonly promotesItself: boolean; readonly currentEndsAt?: DateTime.Utc },
  life: Life,
  at: DateTime.Utc
): Result.Result<State, Obstacle> => {
  if (find(state, added.secret) !== undefined) return Result.fail("known")
  if (state.pending !== undefined && state.pending.tested?.outcome !== "refused" && added.source !== "provider")
    return Result.fail("another-pending")
  // A notice that comes late, or again after its secret is gone, takes nothing back.
  if (added.source === "provider" && added.endsAt !== undefined && isOlder(state, added.endsAt, life))
    return Result.fail("older")
  const number = state.last + 1
  const { currentEndsAt, promotesItself } = added
  return Result.succeed({
    ...state,
    last: number,
    current:
      currentEndsAt === undefined ? state.current : { ...state.current, endsAt: currentEndsAt, endIsAssumed: false },
    pending: { ...versionOf(number, added, life, at), promotesItself }
  })
}

/** Puts on record when the provider stops accepting a secret. */
export const endsAt = (state: State, number: number, end: DateTime.Utc): State => {
  const said = <V extends Version>(version: V): V => ({ ...version, endsAt: end, endIsAssumed: false })
  if (state.current.number === number) return { ...state, current: said(state.current) }
  return state.pending?.number === number ? { ...state, pending: said(state.pending) } : state
}

/**
 * The provider announced the end of a secret without saying of which one. Where it said itself when the one that is
 * used ends, this is news of an earlier one that came late.
 */
export const announceEnd = (state: State, end: DateTime.Utc): State =>
  state.current.source === "provider" && !state.current.endIsAssumed ? state : endsAt(state, state.current.number, end)

/** Puts a test on record, for the secret of this number if it is still there. */
export const tried = (state: State, number: number, tested: TestResult): State => ({
  ...state,
  current: state.current.number === number ? { ...state.current, tested } : state.current,
  ...(state.pending?.number === number ? { pending: { ...state.pending, tested } } : {})
})

/**
 * Lets the secret that waits be used; the one that was used becomes the one before, for as long as the provider accepts
 * it. Refused until the provider accepted it, unless an operator insists.
 */
export const promote = (state: State, life: Life, insists: boolean): Result.Result<State, Obstacle> => {
  const { pending } = state
  if (pending === undefined) return Result.fail("nothing-pending")
  if (pending.tested?.outcome !== "accepted" && !insists) return Result.fail("not-accepted")
  const { promotesItself: _, ...next } = pending
  // The overlap began when the new secret was made, which was not later than it was stored here.
  return Result.succeed(replace(state, next, life, pending.addedAt))
}

/** Forgets the secret before, or the one that waits. */
export const retire = (state: State, which: "previous" | "pending"): Result.Result<State, Obstacle> => {
  if (state[which] === undefined) return Result.fail(which === "pending" ? "nothing-pending" : "nothing-previous")
  return Result.succeed(which === "pending" ? withoutPending(state) : withoutPrevious(state))
}

/** Forgets the secret before once the provider accepts it no more. */
export const expire = (state: State, at: DateTime.Utc): State => {
  const endsAt = state.previous?.endsAt
  if (endsAt === undefined || DateTime.isLessThan(at, endsAt)) return state
  return withoutPrevious(state)
}

/**
 * What a request showed that the provider refused with some secrets and accepted with another. The accepted one is used
 * from now on: the one before (the promotion is taken back), the one that waited, or, when it is none of these, one
 * that a process has in its settings.
 */
export const settle = (
  state: State,
  seen: { readonly accepted: Added; readonly refused: ReadonlyArray<Secret>; readonly detail: string },
  life: Life,
  at: DateTime.Utc
): State => {
  const { current, pending, previous } = state
  if (!seen.refused.some((secret) => isSame(secret, current.secret))) return state
  const accepted = find(state, seen.accepted.secret)
  if (accepted === undefined) return adopt(state, seen.accepted, life, at)
  const tested: TestResult = { at, outcome: "refused", detail: seen.detail }
  if (previous !== undefined && accepted.number === previous.number) {
    return {
      ...withoutPrevious(state),
      current: previous,
      pending: pending ?? { ...current, tested, promotesItself: false },
      fellBack: { number: current.number, at, detail: seen.detail }
    }
  }
  if (pending === undefined || accepted.number !== pending.number) return state
  return Result.getOrElse(promote(state, life, true), () => state)
}
