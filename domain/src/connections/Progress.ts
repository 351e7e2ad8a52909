/** The progress of a first load, per data class and as a whole, for people to look at (rules K-R15, C8). */
import { Array, DateTime, Option, Order } from "effect"
import type * as Backfill from "./Backfill.ts"
import type { DataClass } from "../providers/DataClass.ts"

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

const days = (window: Backfill.Window): number =>
  Math.round((Date.parse(window.until) - Date.parse(window.from)) / 86_400_000)

const statusOf = (done: boolean, blockedBy: ReadonlyArray<string>, isLate: boolean): ClassProgress["status"] => {
  if (done) return "done"
  if (blockedBy.length > 0) return "action-needed"
  return isLate ? "overdue" : "on-time"
}

/** The progress of each promised class, in the order of the plan. */
export const perClass = (state: Backfill.Present, now: DateTime.Utc): ReadonlyArray<ClassProgress> =>
  state.promises.map((promise) => {
    const windows = state.windows.filter((window) => window.dataClass === promise.dataClass)
    const over = windows.filter(({ progress }) => progress._tag === "Loaded" || progress._tag === "Skipped")
    const blockedBy = Array.dedupe(
      windows.flatMap(({ progress }) => (progress._tag === "Blocked" ? [progress.reason] : []))
    )
    const daysTotal = windows.reduce((sum, window) => sum + days(window), 0)
    const daysDone = over.reduce((sum, window) => sum + days(window), 0)
    const done = over.length === windows.length
    return {
      dataClass: promise.dataClass,
      daysDone,
      daysTotal,
      fraction: done ? 1 : daysDone / Math.max(1, daysTotal),
      rows: windows.reduce((sum, { progress }) => sum + (progress._tag === "Loaded" ? progress.rows : 0), 0),
      windowsDone: over.length,
      windowsTotal: windows.length,
      dueAt: promise.dueAt,
      blockedBy,
      status: statusOf(done, blockedBy, DateTime.isGreaterThanOrEqualTo(now, promise.dueAt))
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
