/**
 * How long a window is asked for again before anything counts as proven. Gaps grow: most refusals of a provider that
 * look final (a page token that died, a report asked for too often, a gateway that was changed) are over in seconds or
 * hours, and none of them is a person's business until they are not.
 */
import * as DateTime from "effect/DateTime"
import type { EmptyLooks, Refusals } from "./state.ts"

/** Seconds until a window is asked for again, after the first refusal in a row, the second, and so on. */
export const refusalGaps: ReadonlyArray<number> = [15, 60, 300, 1_800, 7_200, 21_600, 43_200]

/** Hours for which refusals must have come in a row, and how many at least, before a person must act. */
export const refusalPatience = { hours: 24, count: 3 } as const

/** Seconds until a window that looked empty is looked at again, after the first such look in a row, and the others. */
export const emptyGaps: ReadonlyArray<number> = [20, 1_200]

/** Seconds that the first and the latest look must be apart, so that both together prove that there is nothing. */
export const emptyProofSeconds = 1_200

const nth = (gaps: ReadonlyArray<number>, count: number): number => gaps[Math.min(count, gaps.length) - 1] ?? 0

/** How long to wait before the next attempt, in seconds; undefined: none is left, and a person must act. */
export const nextAttempt = ({ count, latest, since }: Refusals): number | undefined =>
  count >= refusalPatience.count &&
  DateTime.isGreaterThanOrEqualTo(latest, DateTime.add(since, { hours: refusalPatience.hours }))
    ? undefined
    : nth(refusalGaps, count)

/** How long to wait before the next look, in seconds. */
export const nextLook = ({ count }: EmptyLooks): number => nth(emptyGaps, count)

/** Whether a look at this instant, together with the earlier ones, proves that there is nothing. */
export const isProvenEmpty = (earlier: EmptyLooks | undefined, at: DateTime.Utc): boolean =>
  earlier !== undefined &&
  DateTime.isGreaterThanOrEqualTo(at, DateTime.add(earlier.since, { seconds: emptyProofSeconds }))
