/** The progress bars of a first load: the share of days that are loaded, not of reports that arrived. */
import { describe, expect, it } from "@effect/vitest"
import { type Day, Progress, type Window } from "@portolan/domain"
import { DateTime, Option } from "effect"
import * as commands from "./support/commands.ts"
import { stories, talliesOf, tell } from "./support/loads.ts"
import { dawn, due, hour, instants } from "./support/values.ts"

const told = stories(commands.load.creation, commands.load.any, 25)

describe("progress", () => {
  it.prop(
    "is a share of days, whole only when every window is over",
    [told, instants],
    ([steps, now]) => {
      for (const { after } of steps) {
        if (after._tag === "Absent") continue
        const classes = Progress.perClass(after, talliesOf(after), now)
        expect(classes.map((one) => one.dataClass)).toEqual(after.promises.map((promise) => promise.dataClass))
        for (const one of classes) {
          expect(one.fraction).toBeGreaterThanOrEqual(0)
          expect(one.fraction === 1).toBe(one.windowsDone === one.windowsTotal)
          expect(one.fraction).toBeCloseTo(one.daysTotal === 0 ? 1 : one.daysDone / one.daysTotal)
          expect(one.status === "done").toBe(one.fraction === 1)
          if (one.status === "overdue") expect(DateTime.isGreaterThanOrEqualTo(now, one.dueAt)).toBe(true)
          if (one.status === "action-needed") expect(one.blockedBy.length).toBeGreaterThan(0)
          expect(new Set(one.blockedBy).size).toBe(one.blockedBy.length)
        }
        if (after._tag === "Complete") expect(Progress.overall(classes)).toBe(1)
        expect(Option.isNone(Progress.nextDeadline(classes))).toBe(classes.every((one) => one.status === "done"))
      }
    },
    { arbitrary: { runs: 150 } }
  )

  it.prop(
    "only grows while windows are reported",
    [told, instants],
    ([steps, now]) => {
      for (const { after, before, command } of steps) {
        if (before._tag === "Absent" || after._tag === "Absent" || command._tag === "Plan") continue
        expect(Progress.overall(Progress.perClass(after, talliesOf(after), now))).toBeGreaterThanOrEqual(
          Progress.overall(Progress.perClass(before, talliesOf(before), now))
        )
      }
    },
    { arbitrary: { runs: 150 } }
  )

  it("reads like this after one of two days", () => {
    const steps = tell([
      commands.plan(
        due(
          { dataClass: "advertising", depthDays: 2, windowDays: 1 },
          { dataClass: "content", depthDays: 1, windowDays: 1 }
        ),
        "2028-02-29" as Day.Day,
        dawn
      ),
      { _tag: "Load", windowId: "advertising/2028-02-29/2028-03-01" as Window.WindowId, rows: 12, at: hour(2) },
      {
        _tag: "Block",
        windowId: "content/2028-02-29/2028-03-01" as Window.WindowId,
        reason: "A right is missing.",
        at: hour(2)
      }
    ])
    const state = steps.at(-1)?.after
    if (state === undefined || state._tag === "Absent") throw new Error("not planned")
    const classes = Progress.perClass(state, talliesOf(state), hour(25))
    expect(classes).toMatchObject([
      {
        dataClass: "advertising",
        daysDone: 1,
        daysTotal: 2,
        fraction: 0.5,
        rows: 12,
        status: "overdue",
        blockedBy: []
      },
      { dataClass: "content", fraction: 0, status: "action-needed", blockedBy: ["A right is missing."] }
    ])
    expect(Progress.overall(classes)).toBeCloseTo(1 / 3)
    expect(Progress.nextDeadline(classes)).toEqual(Option.some(hour(24)))
  })

  it("of nothing at all is whole", () => {
    expect(Progress.overall([])).toBe(1)
  })
})
