/** Every day after the first load: what a round asks for, and when (flow F6). */
import { describe, expect, it } from "@effect/vitest"
import { AccountType, Backfill, Catalogue, DataClass, Day, Job, Sync, Window } from "@portolan/domain"
import { Arbitrary, DateTime } from "effect"
import * as commands from "./support/commands.ts"
import { type Command, type Load, tell, windowsOf } from "./support/loads.ts"
import { between, id, instants, oneOf, pick } from "./support/values.ts"

const { array } = Arbitrary
const connectionId = id("connection")
const timeZone = "America/Los_Angeles"
const place = { connectionId, timeZone }
const start = DateTime.makeUnsafe("2028-02-10T18:00:00Z")
const later = (days: number) => DateTime.add(start, { days })

/** Every source of the standard catalogue that is kept up to date, once. */
const everySource: ReadonlyArray<DataClass.Source> = [...Catalogue.standard.accountTypes].flatMap(([type, row]) =>
  row.channels.flatMap(({ channel }) => DataClass.sources(channel, AccountType.AccountType.make(type)))
)
const [ads] = DataClass.sources("amazon-ads", "seller")
const selling = DataClass.sources("amazon-sp", "seller")
if (ads === undefined) throw new Error("no advertising")

const first = (sources: ReadonlyArray<DataClass.Source>): Command => ({
  ...commands.plan(sources, Day.at(start, timeZone), start),
  syncsAt: Sync.nextRound(sources, place, start)
})

/** What happens to the windows that are open after a round: each loads, is refused for good, or stays under way. */
type Fate = "load" | "block" | "wait"

const endings = (load: Load, fates: ReadonlyArray<Fate>, at: DateTime.Utc): ReadonlyArray<Command> =>
  windowsOf(load)
    .filter((window) => Window.isOpen(window) && window._tag !== "Blocked")
    .flatMap(({ windowId }, index): ReadonlyArray<Command> => {
      const fate = fates[index % Math.max(1, fates.length)] ?? "load"
      if (fate === "wait") return []
      return [fate === "load" ? { _tag: "Load", windowId, rows: 1, at } : { _tag: "Block", windowId, reason: "no", at }]
    })

interface Round {
  readonly asked: ReadonlyArray<Backfill.PlannedWindow>
  readonly retried: ReadonlyArray<Window.WindowId>
  readonly load: Load
  readonly at: DateTime.Utc
}

/** Runs the rounds of some days; those of a day that is skipped come to nothing, because no worker lives. */
const run = (sources: ReadonlyArray<DataClass.Source>, days: ReadonlyArray<ReadonlyArray<Fate> | "down" | "held">) => {
  let load = tell([first(sources)]).at(-1)!.after
  load = tell(endings(load, [], start), load).at(-1)!.after
  const rounds: Array<Round> = []
  for (const fates of days) {
    const due = load._tag === "Absent" ? undefined : load.syncsAt
    if (due === undefined) throw new Error("no round is due")
    const at = DateTime.max(due, rounds.at(-1)?.at ?? due)
    // The worker is away for this round, and carries it out four days late.
    const now = fates === "down" ? DateTime.add(at, { days: 4 }) : at
    const since = Day.plus(Day.at(DateTime.min(due, now), timeZone), -Sync.horizonDays)
    const isHeld = fates === "held"
    const [step] = tell([{ _tag: "Sync", sources, since, timeZone, isHeld, at: now }], load)
    const [planned] = step!.events.flatMap((event) => (event._tag === "RoundPlanned" ? [event] : []))
    if (planned === undefined) throw new Error("nothing was planned")
    load =
      tell(endings(step!.after, typeof fates === "string" ? [] : fates, now), step!.after).at(-1)?.after ?? step!.after
    rounds.push({ asked: planned.windows, retried: planned.retried, load, at: now })
  }
  return rounds
}

const daysOf = ({ from, until }: Pick<Backfill.PlannedWindow, "from" | "until">) =>
  Array.from({ length: Day.between(from, until) }, (_, offset) => Day.toNumber(from) + offset)

const fates = array(pick<Fate>("load", "load", "load", "block", "wait"), { minLength: 1, maxLength: 4 })
const histories = array(oneOf<ReadonlyArray<Fate> | "down" | "held">(fates, fates, pick("down", "held")), {
  minLength: 1,
  maxLength: 40
})

describe("when a round is", () => {
  it.prop(
    "each comes after the one before, on the next day of the marketplace, when the days before it are worth asking for",
    [instants, between(0, 50)],
    ([at, n]) => {
      const own = { connectionId: id("connection", n), timeZone }
      const one = Sync.nextRound(everySource, own, at)!
      const next = Sync.nextRound(everySource, own, one)!
      expect(DateTime.isGreaterThan(one, at)).toBe(true)
      expect(Day.between(Day.at(one, timeZone), Day.at(next, timeZone))).toBe(1)
      for (const source of Sync.synced(everySource)) {
        const newest = Sync.newestDay(source, timeZone, one)
        expect(Day.between(newest, Day.at(one, timeZone))).toBe(Sync.isSnapshot(source) ? 0 : 1)
      }
    }
  )

  it("spreads connections over the hours, and keeps the hour of each", () => {
    const rounds = Array.from({ length: 400 }, (_, n) =>
      DateTime.toEpochMillis(Sync.nextRound([ads], { connectionId: id("connection", n), timeZone }, start)!)
    )
    const hours = Map.groupBy(rounds, (at) => Math.floor(at / 3_600_000))
    expect(hours.size).toBeGreaterThanOrEqual(Sync.spreadHours)
    for (const { length } of hours.values()) expect(length).toBeLessThan((400 / Sync.spreadHours) * 2)
  })

  it("there is none where nothing is kept up to date", () => {
    expect(Sync.nextRound([], place, start)).toBeUndefined()
    expect(Sync.nextRound([{ dataClass: "sales", depthDays: 7, windowDays: 7 }], place, start)).toBeUndefined()
  })
})

describe("what a round asks for", () => {
  it.prop(
    "with the first load, every day once: no gap up to the newest day and no overlap, whatever happened before",
    [histories],
    ([history]) => {
      const last = run(selling, history).findLast(({ asked }) => asked.length > 0)
      if (last === undefined) return
      for (const source of Sync.synced(selling)) {
        if (Sync.isSnapshot(source)) continue
        const newest = Sync.newestDay(source, timeZone, last.at)
        const own = windowsOf(last.load).filter((one) => one.dataClass === source.dataClass && one.round !== "again")
        const covered = own.flatMap(daysOf).toSorted((one, other) => one - other)
        const [oldest = 0] = covered
        const until = Math.max(Day.toNumber(newest), covered.at(-1) ?? 0)
        expect(covered).toEqual(Array.from({ length: until - oldest + 1 }, (_, offset) => oldest + offset))
        expect(until).toBeGreaterThanOrEqual(Day.toNumber(newest))
      }
    },
    { arbitrary: { runs: 60 } }
  )

  it.prop(
    "at most one range again of a class and round, none that is still being asked for, and each range once",
    [histories],
    ([history]) => {
      const seen = new Set<string>()
      for (const { asked } of run([ads, ...selling], history)) {
        for (const [dataClass, own] of Map.groupBy(asked, (one) => one.dataClass)) {
          const again = own.filter(({ round }) => round === "again")
          expect(again.length, dataClass).toBeLessThanOrEqual(1)
          const all = own.flatMap(daysOf)
          expect(new Set(all).size).toBe(all.length)
        }
        for (const window of asked) {
          expect(seen.has(window.id), window.id).toBe(false)
          seen.add(window.id)
          const source = [ads, ...selling].find(({ dataClass }) => dataClass === window.dataClass)!
          expect(Day.between(window.from, window.until)).toBeLessThanOrEqual(source.windowDays)
        }
      }
    },
    { arbitrary: { runs: 60 } }
  )

  it("two requests a class and day at most, when every round comes in time", () => {
    for (const { asked } of run(
      [ads, ...selling],
      Array.from({ length: 90 }, () => [])
    ).slice(1)) {
      for (const own of Map.groupBy(asked, (one) => one.dataClass).values()) expect(own.length).toBeLessThanOrEqual(2)
    }
  })

  it.prop(
    "days of advertising once more after 3 days, within a week of any age up to 31, and when they are 42 to 61 days old",
    [between(0, 40)],
    ([n]) => {
      const own = { connectionId: id("connection", n), timeZone }
      const ages = new Map<number, Array<number>>()
      const load = { ...tell([first([ads])]).at(-1)!.after } as Load
      const windows = windowsOf(load).map(
        (window) => ({ ...window, _tag: "Loaded", rows: 1, at: start }) as Window.Present
      )
      for (let round = 0, at = start; round < 150; round++) {
        at = Sync.nextRound([ads], own, at)!
        const newest = Day.toNumber(Sync.newestDay({ ...ads, sync: ads.sync! }, timeZone, at))
        const since = Day.plus(Day.at(at, timeZone), -Sync.horizonDays)
        const known = windows.filter(({ until }) => until > since)
        const asked = Sync.due([ads], { ...own, windows: known, since, at })
        for (const day of asked.flatMap(daysOf)) ages.set(day, [...(ages.get(day) ?? []), newest - day])
        const [template] = windows
        windows.push(...asked.map((one) => ({ ...template!, ...one, id: template!.id, windowId: one.id })))
      }
      const firstNew = Day.toNumber(Day.at(start, timeZone)) + 1
      for (let day = firstNew; day < firstNew + 80; day++) {
        const own = ages.get(day) ?? []
        expect(own[0]).toBe(0)
        expect(own.some((age) => age >= 3 && age <= 10)).toBe(true)
        for (let age = 4; age <= 24; age++) expect(own.some((one) => one >= age && one <= age + 7)).toBe(true)
        expect(own.some((age) => age >= 42 && age <= 61)).toBe(true)
        expect(own.length).toBeLessThan(16)
      }
    },
    { arbitrary: { runs: 8 } }
  )

  it("the present every day anew, and no picture of a day that is gone", () => {
    const snapshots = selling.filter(Sync.isSnapshot)
    const rounds = run(snapshots, [[], "down", []])
    for (const { asked, at } of rounds) {
      expect(asked.map(({ dataClass, from }) => [dataClass, from])).toEqual(
        snapshots.map(({ dataClass }) => [dataClass, Day.at(at, timeZone)])
      )
    }
  })

  it("nothing while it is held, and the gap in one piece afterwards", () => {
    const rounds = run([ads], ["held", "held", "held", []])
    expect(rounds.slice(0, 3).map(({ asked }) => asked)).toEqual([[], [], []])
    const [gap, ...more] = rounds[3]!.asked
    expect(more).toEqual([])
    expect([gap?.round, gap && Day.between(gap.from, gap.until)]).toEqual(["day", 2])
  })

  it("what waits for a person after three days once more, and not every day", () => {
    const rounds = run([ads], [["block"], ["load"], ["load"], ["load"], ["load"], ["load"]])
    const blocked = rounds[0]!.asked.map((window) => window.id)
    expect(rounds.map(({ retried }) => retried.length > 0)).toEqual([false, false, false, true, false, false])
    expect(new Set(rounds[3]!.retried)).toEqual(new Set(blocked))
  })
})

describe("the rounds of a load", () => {
  it("call for one job each: for every window, and for the next round", () => {
    const [round] = run([ads], [[]])
    const load = round!.load
    if (load._tag === "Absent") throw new Error("no load")
    const event: Backfill.Event = {
      _tag: "RoundPlanned",
      connectionId,
      windows: round!.asked,
      retried: [],
      at: round!.at,
      nextAt: later(2)
    }
    expect(Job.ofBackfill(load, event)).toEqual([
      ...round!.asked.map(({ id: windowId }) => ({
        dueAt: round!.at,
        task: { _tag: "LoadWindow", backfillId: load.id, windowId }
      })),
      { dueAt: later(2), task: { _tag: "PlanSync", backfillId: load.id } }
    ])
  })

  it("happen once, however many jobs there are, and end with the load", () => {
    const [round] = run([ads], [[]])
    const again: Command = {
      _tag: "Sync",
      sources: [ads],
      since: Day.at(start, timeZone),
      timeZone,
      isHeld: false,
      at: round!.at
    }
    expect(tell([again], round!.load)[0]?.events).toEqual([])
    const open = tell([first([ads])]).at(-1)!.after
    const stopped = tell([{ _tag: "Cancel", at: later(1) }], open).at(-1)!.after
    expect(tell([{ ...again, at: later(30) }], stopped)[0]?.events).toEqual([])
    const back = tell(
      [{ ...commands.plan([ads], Day.at(later(40), timeZone), later(40)), syncsAt: later(41) }],
      stopped
    )
    expect(back.at(-1)?.after).toMatchObject({ syncsAt: later(41) })
  })

  it("add nothing to the sums of the first load, and move the day up to which it is loaded", () => {
    const before = run([ads], ["held"])[0]!.load
    const after = run([ads], ["held", [], [], []]).at(-1)!.load
    const [was] = Window.tallies(windowsOf(before))
    const [is] = Window.tallies(windowsOf(after))
    expect({ ...is, loadedUntil: was?.loadedUntil }).toEqual(was)
    expect(Day.between(was!.loadedUntil!, is!.loadedUntil!)).toBeGreaterThan(0)
  })
})

describe("a lapse of a year", () => {
  it("leaves no day out: what was missed is planned when the account is connected again", () => {
    const loaded = run([ads], [[]])[0]!.load
    const back = later(365)
    const [step] = tell([commands.plan([ads], Day.at(back, timeZone), back)], loaded)
    const own = windowsOf(step!.after).filter(({ round }) => round !== "again")
    const covered = own.flatMap(daysOf).toSorted((one, other) => one - other)
    const [oldest = 0] = covered
    expect(covered).toEqual(Array.from({ length: covered.length }, (_, offset) => oldest + offset))
    expect(covered.at(-1)).toBe(Day.toNumber(Day.at(back, timeZone)))
    const [tally] = Window.tallies(windowsOf(step!.after))
    expect(tally?.days).toBe(covered.length - own.filter(({ round }) => round === "day").length)
  })
})
