/** The progress of a first load, per data class and as a whole, for people to look at (rules K-R15, C8). */
import * as Array from "effect/Array"
import * as DateTime from "effect/DateTime"
import * as Option from "effect/Option"
import * as Order from "effect/Order"
import type * as Backfill from "./Backfill.ts"
import type { DataClass } from "../providers/DataClass.ts"
import { type ClassTally, none } from "./window/tally.ts"

/** The progress of one data class. */
export interface ClassProgress {
  readonly dataClass: DataClass
  /** Days loaded or skipped, and days in all. */
  readonly daysDone: number
  readonly daysTotal: number
  /** 0 to 1; 1 only when every window is over. */
  readonly fraction: number
  readonly rows: number
  readonly windowsDone: number
  readonly windowsTotal: number
  readonly dueAt: DateTime.Utc
  readonly status: "on-time" | "done" | "overdue" | "action-needed"
  /** What keeps windows from loading, when somebody must act. */
  readonly blockedBy: ReadonlyArray<string>
}

const statusOf = (done: boolean, blockedBy: ReadonlyArray<string>, isLate: boolean): ClassProgress["status"] => {
  if (done) return "done"
  if (blockedBy.length > 0) return "action-needed"
  return isLate ? "overdue" : "on-time"
}

/** The progress of each promised class, in the order of the plan. `tallies` are those of the load's windows. */
export const perClass = (
  { promises }: Pick<Backfill.Present, "promises">,
  tallies: ReadonlyArray<ClassTally>,
  now: DateTime.Utc
): ReadonlyArray<ClassProgress> =>
  promises.map(({ dataClass, dueAt }) => {
    const {
      blockedBy,
      days: daysTotal,
      daysOpen,
      open,
      rows,
      windows: windowsTotal
    } = tallies.find((one) => one.dataClass === dataClass) ?? { ...none, blockedBy: [] }
    const done = open === 0
    const daysDone = daysTotal - daysOpen
    return {
      dataClass,
      daysDone,
      daysTotal,
      fraction: done ? 1 : daysDone / Math.max(1, daysTotal),
      rows,
      windowsDone: windowsTotal - open,
      windowsTotal,
      dueAt,
      blockedBy: done ? [] : blockedBy,
      status: statusOf(done, blockedBy, DateTime.isGreaterThanOrEqualTo(now, dueAt))
    }
  })

/** The share of days done over all classes, 0 to 1. */
export const overall = (classes: ReadonlyArray<ClassProgress>): number => {
  const total = classes.reduce((sum, one) => sum + one.daysTotal, 0)
  return total === 0 ? 1 : classes.reduce((sum, one) => sum + one.daysDone, 0) / total
}

/** The deadline that comes next among classes that are not done. */
export const nextDeadline = (classes: ReadonlyArray<ClassProgress>): Option.Option<DateTime.Utc> =>
  Array.head(
    Array.sort(
      classes.filter((one) => one.status !== "done").map((one) => one.dueAt),
      Order.mapInput(Order.Number, (instant: DateTime.Utc) => DateTime.toEpochMillis(instant))
    )
  )
