/** The first load: windows, ledger, deadlines (rules K-R15, C8). */
import { describe, expect, it } from "@effect/vitest"
import { Backfill, Catalogue, DataClass, Day, Job, Window } from "@portolan/domain"
import { Arbitrary, DateTime, Duration, Schema } from "effect"
import * as commands from "./support/commands.ts"
import {
  after,
  type Command,
  initial,
  type Load,
  type Step,
  stories,
  talliesOf,
  tell,
  windowsOf
} from "./support/loads.ts"
import { between, dawn, days, due, hour, instants } from "./support/values.ts"

const { array } = Arbitrary
const { any, creation } = commands.load
const told = stories(creation, any, 25)
const source = (
  depthDays: number,
  windowDays: number,
  dataClass: DataClass.DataClass = "advertising"
): DataClass.Source => due({ dataClass, depthDays, windowDays })[0]!
const today = "2028-02-29" as Day.Day
const planOf = (...sources: ReadonlyArray<DataClass.Source>) => commands.plan(sources, today, dawn)
const load = (windowId: Window.WindowId, at = 1): Command => ({ _tag: "Load", windowId, rows: 3, at: hour(at) })
const promisesOf = (state: Load) => (state._tag === "Absent" ? [] : state.promises)
const { isOver } = Window
const loadAll = (state: Load, at = 1) =>
  tell(
    windowsOf(state).map((window) => load(window.windowId, at)),
    state
  )

/** Every day of windows, sorted; a day twice shows as a day twice. */
const covered = (windows: ReadonlyArray<Backfill.PlannedWindow | Window.Present>): ReadonlyArray<number> =>
  windows
    .flatMap((window) =>
      Array.from({ length: Day.between(window.from, window.until) }, (_, offset) => Day.toNumber(window.from) + offset)
    )
    .toSorted((one, other) => one - other)

const range = (last: Day.Day, depthDays: number): ReadonlyArray<number> =>
  Array.from({ length: depthDays }, (_, offset) => Day.toNumber(last) - depthDays + 1 + offset)

const work = (steps: ReadonlyArray<Step>): ReadonlyArray<Job.JobRequest> =>
  steps.flatMap((step) =>
    step.after._tag === "Absent"
      ? []
      : ((state) => step.events.flatMap((event) => ("windowId" in event ? [] : Job.ofBackfill(state, event))))(
          step.after
        )
  )

describe("windows", () => {
  it.prop(
    "cover the days up to today without gap or overlap, none too long",
    [days, between(0, 800), between(1, 60)],
    ([last, depth, size]) => {
      const cut = Backfill.windows(source(depth, size), last)
      expect(covered(cut)).toEqual(range(last, depth))
      expect(cut.length).toBe(Math.ceil(depth / size))
      for (const window of cut) {
        expect(Day.between(window.from, window.until)).toBeGreaterThan(0)
        expect(Day.between(window.from, window.until)).toBeLessThanOrEqual(size)
        expect(window.id).toBe(`advertising/${window.from}/${window.until}`)
      }
      expect(new Set(cut.map((window) => window.id)).size).toBe(cut.length)
      expect(cut.map((window) => window.until)).toEqual(
        cut
          .map((window) => window.until)
          .toSorted()
          .toReversed()
      )
    },
    { arbitrary: { runs: 150 } }
  )

  it.prop("come to an end even when a window may hold no day", [between(-3, 0)], ([size]) => {
    expect(covered(Backfill.windows(source(3, size), today))).toEqual(range(today, 3))
  })

  it("of the advertising reports are four for ninety-five days, over a leap day", () => {
    expect(
      Backfill.windows(source(95, 31), "2028-03-15" as Day.Day).map(({ from, until }) => `${from} ${until}`)
    ).toEqual(["2028-02-14 2028-03-16", "2028-01-14 2028-02-14", "2027-12-14 2028-01-14", "2027-12-12 2027-12-14"])
  })
})

describe("the ledger", () => {
  it.prop(
    "only grows: what is over stays as it was",
    [told],
    ([steps]) => {
      for (const { after, before } of steps) {
        for (const window of windowsOf(before).filter(isOver)) expect(windowsOf(after)).toContainEqual(window)
      }
    },
    { arbitrary: { runs: 200 } }
  )

  it.prop(
    "never plans a day of a class twice",
    [told],
    ([steps]) => {
      const windows = windowsOf(steps.at(-1)?.after ?? initial)
      for (const dataClass of DataClass.Known.literals) {
        const list = covered(windows.filter((window) => window.dataClass === dataClass))
        expect(new Set(list).size).toBe(list.length)
      }
    },
    { arbitrary: { runs: 200 } }
  )

  it.prop(
    "is complete exactly when every window is over",
    [told],
    ([steps]) => {
      for (const { after } of steps) {
        if (after._tag === "Running") expect(after.windows.every(isOver)).toBe(false)
        if (after._tag === "Complete") expect(after.windows.every(isOver)).toBe(true)
        if (after._tag === "Absent" || after._tag === "Cancelled") continue
        for (const { completedAt, dataClass } of after.promises) {
          const own = after.windows.filter((window) => window.dataClass === dataClass)
          if (own.length > 0) expect(completedAt !== undefined).toBe(own.every(isOver))
        }
      }
    },
    { arbitrary: { runs: 300 } }
  )

  it.prop("counts a window once, however often it is reported", [between(1, 5), between(1, 3)], ([depth, times]) => {
    const planned = after(planOf(source(depth, 1)))
    const all = windowsOf(planned).flatMap((window) => Array.from({ length: times }, () => load(window.windowId)))
    const steps = tell(all, planned)
    expect(steps.flatMap((step) => step.events).filter((event) => event._tag === "WindowLoaded")).toHaveLength(depth)
    expect(steps.flatMap((step) => step.events).filter((event) => event._tag === "BackfillCompleted")).toHaveLength(1)
    expect(steps.at(-1)?.after._tag).toBe("Complete")
  })

  it("leaves alone a window that was never planned", () => {
    const [step] = tell([load("sales/2000-01-01/2000-01-02" as Window.WindowId)], after(planOf(source(2, 1))))
    expect(step).toMatchObject({ events: [] })
    expect(step?.after).toBe(step?.before)
  })

  it("keeps the provider's ticket, so that a restarted process asks for the same report", () => {
    const planned = after(planOf(source(1, 1)))
    const [{ windowId } = { windowId: "" as Window.WindowId }] = windowsOf(planned)
    const [asked] = tell([{ _tag: "Request", windowId, ticket: "r-9", at: hour(1) }], planned)
    expect(windowsOf(asked!.after)[0]).toMatchObject({ _tag: "Requested", ticket: "r-9", at: hour(1) })
  })
})

describe("planning again", () => {
  it.prop(
    "adds exactly the days that are missing",
    [between(0, 30), between(1, 10), between(0, 40), between(1, 10), between(-10, 20)],
    ([depth, size, deeper, other, shift]) => {
      const planned = loadAll(after(planOf(source(depth, size)))).at(-1)?.after ?? after(planOf(source(depth, size)))
      const later = Day.plus(today, shift)
      const [step] = tell([commands.plan([source(deeper, other)], later, hour(50))], planned)
      const had = covered(windowsOf(planned))
      const last = Day.toNumber(later)
      // From the first day that was ever covered, so that no gap stays behind it; the present has no history.
      const first =
        deeper <= 1 ? last - deeper + 1 : Math.min(last - deeper + 1, Math.max(had[0] ?? last, last - 1_459))
      const wanted = range(later, Math.max(0, last - first + 1)).filter((day) => !had.includes(day))
      const added = windowsOf(step!.after).slice(windowsOf(planned).length)
      expect(covered(added)).toEqual(wanted)
      for (const window of added) expect(Day.between(window.from, window.until)).toBeLessThanOrEqual(other)
      expect(step!.after._tag).toBe(wanted.length > 0 ? "Running" : planned._tag)
    },
    { arbitrary: { runs: 200 } }
  )

  it.prop(
    "takes up what was blocked, and nothing else",
    [told, instants],
    ([steps, at]) => {
      const state = steps.at(-1)?.after
      if (state === undefined || state._tag !== "Running") return
      const blocked = state.windows.filter((window) => window._tag === "Blocked")
      // Not the instant of any plan before.
      const again = tell([commands.plan([], today, DateTime.add(at, { milliseconds: 1 }))], state)
      expect(
        work(again)
          .filter((one) => one.task._tag === "LoadWindow")
          .map((one) => one.task)
      ).toEqual(blocked.map((window) => ({ _tag: "LoadWindow", backfillId: state.id, windowId: window.windowId })))
      expect(windowsOf(again[0]!.after).some((window) => window._tag === "Blocked")).toBe(false)
    },
    { arbitrary: { runs: 200 } }
  )

  it.prop(
    "has what waits for a person asked for again when somebody says so, of one class or of all, and repeating adds none",
    [told, instants, Arbitrary.schema(DataClass.Known), Arbitrary.schema(Schema.Boolean)],
    ([steps, at, named, all]) => {
      const state = steps.at(-1)?.after
      if (state === undefined || state._tag === "Absent" || state._tag === "Cancelled") return
      const dataClass = all ? undefined : named
      const isMeant = (window: Window.Present) =>
        window._tag === "Blocked" && (dataClass === undefined || window.dataClass === dataClass)
      const meant = state.windows.filter(isMeant)
      const [first, again] = tell([commands.retry(dataClass, at), commands.retry(dataClass, at)], state)
      expect(work([first!]).map((one) => one.task)).toEqual(
        meant.map(({ windowId }) => ({ _tag: "LoadWindow", backfillId: state.id, windowId }))
      )
      expect(windowsOf(first!.after).filter(isMeant)).toEqual([])
      expect(windowsOf(first!.after).filter((window) => window._tag === "Blocked")).toHaveLength(
        state.windows.filter((window) => window._tag === "Blocked").length - meant.length
      )
      // Deadlines that were promised are not moved by it.
      expect(promisesOf(first!.after)).toEqual(promisesOf(state))
      expect(again?.events).toEqual([])
    },
    { arbitrary: { runs: 200 } }
  )

  it("after a disconnect goes on where it stopped, with new deadlines", () => {
    const planned = after(planOf(source(3, 1)))
    const [first] = windowsOf(planned)
    const back = tell(
      [load(first!.windowId), { _tag: "Cancel", at: hour(2) }, commands.plan([source(3, 1)], today, hour(100))],
      planned
    )
    expect(back.at(-1)?.after).toMatchObject({ _tag: "Running", promises: [{ dueAt: hour(124) }] })
    expect(windowsOf(back.at(-1)!.after).map((window) => window._tag)).toEqual(["Loaded", "Waiting", "Waiting"])
  })
})

describe("deadlines", () => {
  const promised: { readonly [D in DataClass.DataClass]: number } = {
    advertising: 24,
    sales: 24,
    inventory: 24,
    content: 72,
    reviews: 72,
    "ad-invoices": 72
  }

  it.prop(
    "are 24 or 72 hours after finalising, in elapsed time",
    [Arbitrary.schema(DataClass.Known), instants],
    ([dataClass, at]) => {
      const planned = after(commands.plan([source(2, 1, dataClass)], today, at))
      const hours = promised[dataClass]!
      expect(promisesOf(planned)).toEqual([{ dataClass, dueAt: DateTime.add(at, { hours }) }])
      expect(Duration.toHours(Catalogue.standard.dataClasses.get(dataClass)!.due)).toBe(hours)
    }
  )

  it.prop(
    "do not move while they are owed",
    [told],
    ([steps]) => {
      for (const { after, before } of steps) {
        if (before._tag !== "Running" || after._tag === "Absent") continue
        for (const owed of before.promises.filter((promise) => promise.completedAt === undefined)) {
          expect(after.promises).toContainEqual(
            expect.objectContaining({ dataClass: owed.dataClass, dueAt: owed.dueAt })
          )
        }
      }
    },
    { arbitrary: { runs: 300 } }
  )

  it.prop(
    "of the whole load count from the plan that added or took up what is owed",
    [told, array(between(0, 200), { maxLength: 6 }), between(0, 99)],
    ([steps, hours, drawn]) => {
      const from = steps.at(-1)?.after ?? initial
      const more = hours.flatMap((at): ReadonlyArray<Command> => [
        commands.plan([source(90 + at, 30), source(90 + at, 30, "reviews")], today, hour(at)),
        load(windowsOf(from)[drawn % Math.max(1, windowsOf(from).length)]?.windowId ?? ("a/b" as Window.WindowId), at),
        { _tag: "CheckSync", at: hour(at + 30) },
        { _tag: "CheckSync", at: hour(at + 48) }
      ])
      const starts = new Map<string, number>()
      for (const { before, command, events } of [...steps, ...tell(more, from)]) {
        const owed = windowsOf(before)
          .filter((window) => !isOver(window) && DataClass.countsForSync(window.dataClass))
          .map(({ windowId }) => starts.get(windowId) ?? Number.NaN)
        for (const event of events) {
          if (event._tag === "BackfillPlanned")
            event.windows.forEach(({ id }) => starts.set(id, event.finalisedAt.epochMilliseconds))
          if (event._tag === "BackfillExtended")
            [...event.windows.map(({ id }) => id), ...event.retried].forEach((id) =>
              starts.set(id, event.at.epochMilliseconds)
            )
        }
        if (command._tag !== "CheckSync" || before._tag !== "Running" || before.overdueSince !== undefined) continue
        const isLate = owed.some((start) => start + DataClass.syncHours * 3_600_000 <= command.at.epochMilliseconds)
        expect(events.map(({ _tag }) => _tag)).toEqual(isLate ? ["LoadOverdue"] : [])
      }
    },
    { arbitrary: { runs: 400 } }
  )

  it.prop(
    "are promised once for each class that has days to load, and its sources share them",
    [array(Arbitrary.all([between(0, 120), between(1, 40), between(0, 1)]), { maxLength: 4 })],
    ([drawn]) => {
      const sources = drawn.map(([depth, size, kind]) => source(depth, size, kind === 0 ? "advertising" : "reviews"))
      const state = after(commands.plan(sources, today, dawn))
      for (const dataClass of ["advertising", "reviews"] as const) {
        const depth = Math.max(0, ...sources.filter((one) => one.dataClass === dataClass).map((one) => one.depthDays))
        const own = windowsOf(state).filter((window) => window.dataClass === dataClass)
        expect(covered(own)).toEqual(range(today, depth))
        expect(promisesOf(state).filter((one) => one.dataClass === dataClass)).toHaveLength(depth > 0 ? 1 : 0)
      }
      expect(new Set(windowsOf(state).map(({ id }) => id)).size).toBe(windowsOf(state).length)
    },
    { arbitrary: { runs: 300 } }
  )

  it("of a load that is planned again after months begin then", () => {
    const march = after(planOf(source(30, 30)))
    const done = loadAll(march).at(-1)!.after
    const september = DateTime.add(dawn, { days: 180 })
    const later = Day.plus(today, 180)
    const again = tell([commands.plan([source(30, 30)], later, september)], done)[0]!.after
    const check = (minutes: number): Command => ({ _tag: "CheckSync", at: DateTime.add(september, { minutes }) })
    expect(tell([check(1)], again)[0]!.events).toEqual([])
    expect(tell([check(48 * 60)], again)[0]!.events).toMatchObject([{ _tag: "LoadOverdue" }])
    if (again._tag === "Absent") throw new Error("impossible: it was planned")
    expect(Backfill.syncStart(again, talliesOf(again))).toEqual(september)
    expect(promisesOf(again).every(({ dueAt }) => DateTime.isGreaterThan(dueAt, september))).toBe(true)
  })

  it.prop(
    "are reported missed once, and only when it is true",
    [told],
    ([steps]) => {
      const reported = new Set<string>()
      for (const { before, command, events } of steps) {
        for (const event of events) {
          if (event._tag === "BackfillExtended") event.promises.forEach(({ dataClass }) => reported.delete(dataClass))
          if (event._tag !== "DeadlineMissed" || before._tag !== "Running" || command._tag !== "CheckDeadline") continue
          expect(reported.has(event.dataClass)).toBe(false)
          reported.add(event.dataClass)
          expect(DateTime.isGreaterThanOrEqualTo(command.at, event.dueAt)).toBe(true)
          expect(before.windows.some((window) => window.dataClass === event.dataClass && !isOver(window))).toBe(true)
        }
      }
    },
    { arbitrary: { runs: 300 } }
  )

  it.prop("are missed at the very millisecond, not before", [between(-2, 2)], ([offset]) => {
    const at = DateTime.add(dawn, { hours: 24, milliseconds: offset })
    const steps = tell([planOf(source(1, 1)), { _tag: "CheckDeadline", dataClass: "advertising", at }])
    expect(steps.at(-1)?.events.length).toBe(offset < 0 ? 0 : 1)
  })

  it("that were missed are still finished, and a finished class is never missed", () => {
    const planned = after(planOf(source(1, 1)))
    const check: Command = { _tag: "CheckDeadline", dataClass: "advertising", at: hour(30) }
    const [{ windowId } = { windowId: "" as Window.WindowId }] = windowsOf(planned)
    const steps = tell([check, check, load(windowId, 31), check], planned)
    expect(steps.flatMap((step) => step.events.map((event) => event._tag))).toEqual([
      "DeadlineMissed",
      "WindowLoaded",
      "ClassCompleted",
      "BackfillCompleted"
    ])
  })
})

describe("follow-up work", () => {
  it.prop(
    "loads every window that waits and checks every deadline that is owed",
    [told],
    ([steps]) => {
      const state = steps.at(-1)?.after
      if (state === undefined || state._tag !== "Running") return
      const wanted = work(steps).map((one) => JSON.stringify(one))
      for (const { windowId } of state.windows.filter(Window.isOpen)) {
        expect(wanted.some((line) => line.includes(`"LoadWindow"`) && line.includes(`"${windowId}"`))).toBe(true)
      }
      for (const { completedAt, dataClass, dueAt } of state.promises) {
        if (completedAt === undefined) {
          expect(wanted).toContain(
            JSON.stringify({ dueAt, task: { _tag: "CheckDeadline", backfillId: state.id, dataClass } })
          )
        }
      }
    },
    { arbitrary: { runs: 200 } }
  )

  it("tells people when the history is there, and nothing when there was none to load", () => {
    expect(work(loadAll(after(planOf(source(2, 1))))).map((one) => one.task)).toMatchObject([
      { _tag: "Notify", topic: "backfill-complete" }
    ])
    expect(work(tell([planOf()]))).toEqual([])
  })

  it("plans for every channel what its provider keeps", () => {
    expect(DataClass.sources("amazon-ads", "seller")).toMatchObject([source(95, 31)])
    expect(DataClass.sources("amazon-ads", "vendor")).toMatchObject([source(95, 31)])
    expect(DataClass.sources("amazon-sp", "seller").map((one) => [one.dataClass, one.depthDays])).toEqual([
      ["sales", 730],
      ["inventory", 1],
      ["content", 1]
    ])
    expect(DataClass.sources("amazon-sp", "vendor")).toEqual([])
    expect(DataClass.sources("walmart-connect", "walmart-3p")).toMatchObject([
      { dataClass: "advertising", depthDays: 60, lagDays: 1 }
    ])
    expect(DataClass.sources("walmart-marketplace", "walmart-3p").map((one) => one.dataClass)).toEqual([
      "sales",
      "inventory",
      "content"
    ])
  })
})

describe("in sync within 48 hours (rule P-R13)", () => {
  const check = (at: number): Command => ({ _tag: "CheckSync", at: hour(at) })
  const small = due(
    { dataClass: "advertising", depthDays: 2, windowDays: 1 },
    { dataClass: "content", depthDays: 1, windowDays: 1 }
  )
  const begun = after(commands.plan(small, "2028-02-29" as Day.Day, hour(0)))
  const ids = begun._tag === "Running" ? begun.windows.map((one) => [one.dataClass, one.windowId] as const) : []
  const load = (dataClass: DataClass.DataClass, at: number) =>
    ids
      .filter(([one]) => one === dataClass)
      .map(([, windowId]): Command => ({ _tag: "Load", windowId, rows: 1, at: hour(at) }))
  const tags = (list: ReadonlyArray<Command>, from: Load = begun) =>
    tell(list, from).flatMap((step) => step.events.map((event) => event._tag))

  it.prop(
    "is reported as overdue once, when 48 hours are over, and not before",
    [between(0, 96), between(0, 96)],
    ([one, other]) => {
      expect(tags([check(one), check(other)])).toEqual(Math.max(one, other) >= 48 ? ["LoadOverdue"] : [])
    }
  )

  it("counts only what is promised within 48 hours: content has three days", () => {
    expect(tags([...load("advertising", 40), check(49)])).not.toContain("LoadOverdue")
    expect(tags([...load("content", 40), check(49)])).toContain("LoadOverdue")
    expect(DataClass.Known.literals.filter((one) => DataClass.countsForSync(one))).toEqual([
      "advertising",
      "sales",
      "inventory"
    ])
  })

  it("heals by itself, once, as soon as the last window that counts is there", () => {
    const [first, last] = load("advertising", 60)
    expect(tags([check(48), first!])).toEqual(["LoadOverdue", "WindowLoaded"])
    expect(tags([check(48), first!, last!, ...load("content", 61)])).toEqual([
      "LoadOverdue",
      "WindowLoaded",
      "WindowLoaded",
      "LoadCaughtUp",
      "ClassCompleted",
      "WindowLoaded",
      "ClassCompleted",
      "BackfillCompleted"
    ])
    expect(
      tags([
        check(48),
        { _tag: "Skip", windowId: ids[0]![1], reason: "too old", at: hour(50) },
        { _tag: "Skip", windowId: ids[1]![1], reason: "too old", at: hour(50) }
      ])
    ).toContain("LoadCaughtUp")
  })

  it("stays overdue when more is planned meanwhile, is not told twice, and is told when it has caught up", () => {
    const overdue = tell(
      [
        check(48),
        { _tag: "Block", windowId: ids[0]![1], reason: "No consent.", at: hour(49) },
        commands.plan(small, "2028-02-29" as Day.Day, hour(50))
      ],
      begun
    ).at(-1)!.after
    expect(overdue).toMatchObject({ _tag: "Running", overdueSince: hour(48) })
    expect(tags([check(98)], overdue)).toEqual([])
    expect(tags(load("advertising", 99), overdue)).toContain("LoadCaughtUp")
  })

  it.prop(
    "is told as overdue and as caught up by turns, whatever happens",
    [stories(commands.load.creation, commands.load.any, 25)],
    ([steps]) => {
      let overdue = false
      for (const event of steps.flatMap((step) => step.events)) {
        if (event._tag === "LoadOverdue") {
          expect(overdue).toBe(false)
          overdue = true
        }
        if (event._tag === "LoadCaughtUp") expect(overdue).toBe(true)
        if (event._tag === "LoadCaughtUp" || event._tag === "BackfillCancelled" || event._tag === "BackfillCompleted") {
          if (event._tag === "BackfillCompleted") expect(overdue).toBe(false)
          overdue = false
        }
      }
    },
    { arbitrary: { runs: 300 } }
  )
})
