/** What windows of a class add up to. A store keeps the sums as counters: no ledger is read to show them. */
import * as DateTime from "effect/DateTime"
import * as Day from "../../kernel/Day.ts"
import { given } from "../../kernel/given.ts"
import type { BackfillId } from "../../kernel/Id.ts"
import type { DataClass } from "../../providers/DataClass.ts"
import type { Present, State } from "./state.ts"

/** Sums over the windows of the first load and of later plans of it; those of the rounds after it add nothing. */
export interface Tally {
  readonly windows: number
  /** Windows that are not over. */
  readonly open: number
  /** Days of all windows. */
  readonly days: number
  /** Days of the windows that are not over. */
  readonly daysOpen: number
  readonly rows: number
}

/** The sums of one class of a load. */
export interface ClassTally extends Tally {
  readonly backfillId: BackfillId
  readonly dataClass: DataClass
  /** Since when the oldest window is owed; absent when none is. */
  readonly owedSince?: DateTime.Utc
  /**
   * What keeps windows from loading, those of later rounds included, when somebody must act: each reason once, in the
   * order of their letters.
   */
  readonly blockedBy: ReadonlyArray<string>
  /** The day after the newest day that is loaded, of any window; absent when none is. */
  readonly loadedUntil?: Day.Day
}

/** Nothing. */
export const none: Tally = { windows: 0, open: 0, days: 0, daysOpen: 0, rows: 0 }

/** Whether nothing more happens to a window. */
export const isOver = (window: Pick<Present, "_tag">): boolean => window._tag === "Loaded" || window._tag === "Skipped"

/** What one window adds to the sums of its class. */
export const tally = (window: State): Tally => {
  if (window._tag === "Absent" || window.round !== undefined) return none
  const days = Day.between(window.from, window.until)
  const rows = window._tag === "Loaded" ? window.rows : 0
  return isOver(window)
    ? { windows: 1, open: 0, days, daysOpen: 0, rows }
    : { windows: 1, open: 1, days, daysOpen: days, rows }
}

/** One sum more, `times` times: 1 adds it, -1 takes it away. */
export const plus = (sum: Tally, other: Tally, times: 1 | -1 = 1): Tally => ({
  windows: sum.windows + times * other.windows,
  open: sum.open + times * other.open,
  days: sum.days + times * other.days,
  daysOpen: sum.daysOpen + times * other.daysOpen,
  rows: sum.rows + times * other.rows
})

const owedSince = (windows: ReadonlyArray<Present>): DateTime.Utc | undefined =>
  windows
    .filter((window) => !isOver(window) && window.round === undefined)
    .map(({ startedAt }) => startedAt)
    .reduce<DateTime.Utc | undefined>((first, at) => (first === undefined ? at : DateTime.min(first, at)), undefined)

const loadedUntil = (windows: ReadonlyArray<Present>): Day.Day | undefined =>
  windows
    .flatMap((window) => (window._tag === "Loaded" ? [window.until] : []))
    .reduce<Day.Day | undefined>((last, day) => (last === undefined || day > last ? day : last), undefined)

/** The sums of each class of loads that has a window of the first load, by the load's id and the name of the class. */
export const tallies = (windows: ReadonlyArray<Present>): ReadonlyArray<ClassTally> => {
  const groups = new Map<string, Array<Present>>()
  for (const window of windows) {
    const name = `${window.backfillId}/${window.dataClass}`
    const group = groups.get(name)
    if (group === undefined) groups.set(name, [window])
    else group.push(window)
  }
  return [...groups.keys()].toSorted().flatMap((name) => ofClass(groups.get(name) ?? []))
}

const ofClass = (own: ReadonlyArray<Present>): ReadonlyArray<ClassTally> => {
  const first = own.find(({ round }) => round === undefined)
  if (first === undefined) return []
  const reasons = own.flatMap((window) => (window._tag === "Blocked" ? [window.reason] : []))
  return [
    {
      backfillId: first.backfillId,
      dataClass: first.dataClass,
      ...own.reduce((sum, window) => plus(sum, tally(window)), none),
      ...given({ owedSince: owedSince(own), loadedUntil: loadedUntil(own) }),
      blockedBy: [...new Set(reasons)].toSorted()
    }
  ]
}

/** The sums of one load among those of a connection. */
export const talliesOf = (backfillId: BackfillId, all: ReadonlyArray<ClassTally>): ReadonlyArray<ClassTally> =>
  all.filter((one) => one.backfillId === backfillId)
