/** Freshness as a promise: what is there, what is due, and who must act (flow F6). */
import { describe, expect, it } from "@effect/vitest"
import { Connection, DataClass, Day, Evidence, Freshness, Sync, Window } from "@portolan/domain"
import { Arbitrary, DateTime } from "effect"
import * as commands from "./support/commands.ts"
import { after } from "./support/Story.ts"
import { ada, between, candidate, hour, id, pick } from "./support/values.ts"

const timeZone = "America/Los_Angeles"
const sources = DataClass.sources("amazon-ads", "seller")
const [ads] = Sync.synced(sources)
if (ads === undefined) throw new Error("no advertising")
const noon = DateTime.makeUnsafe("2028-03-10T12:00:00Z")

const bound = after("connection", commands.propose(), {
  _tag: "Link",
  link: { grantId: id("grant"), profile: candidate(0), permission: "edit", linkedAt: hour(1), linkedBy: ada }
})
if (!Connection.isLinked(bound)) throw new Error("not linked")
const connection: Connection.Linked = bound
const place = { connectionId: connection.id, timeZone }

const tallyOf = (loadedUntil: Day.Day | undefined, blockedBy: ReadonlyArray<string> = []): Window.ClassTally => ({
  ...Window.none,
  backfillId: id("backfill"),
  dataClass: "advertising",
  blockedBy,
  ...(loadedUntil === undefined ? {} : { loadedUntil })
})

interface Facts {
  readonly loadedUntil?: Day.Day | undefined
  readonly blockedBy?: ReadonlyArray<string>
  readonly of?: Connection.Linked
  readonly dueAt?: DateTime.Utc
  readonly completedAt?: DateTime.Utc | "never"
}

const freshness = (now: DateTime.Utc, { blockedBy, completedAt = noon, dueAt = noon, loadedUntil, of }: Facts) => {
  const isComplete = loadedUntil !== undefined && completedAt !== "never"
  const promise = { dataClass: "advertising", dueAt, ...(isComplete ? { completedAt } : {}) }
  const [one] = Freshness.of(
    {
      connection: of ?? connection,
      load: { promises: [promise] },
      tallies: [tallyOf(loadedUntil, blockedBy)],
      sources,
      timeZone
    },
    now
  )
  if (one === undefined) throw new Error("no class")
  return one
}

/** The newest day that the round of a day asks for. */
const roundOf = (now: DateTime.Utc) => Sync.nextRound(sources, place, now)!
const newestAt = (now: DateTime.Utc) => Sync.newestDay(ads, timeZone, now)
const later = (days: number, minutes = 0) => DateTime.add(noon, { days, minutes })

describe("freshness", () => {
  it.prop(
    "is fresh from the round that loaded the newest day until the next one is overdue, and late from then on",
    [between(0, 400), between(0, 72 * 60)],
    ([days, minutes]) => {
      const round = roundOf(later(days))
      const newest = newestAt(round)
      const now = DateTime.add(round, { minutes })
      const one = freshness(now, { loadedUntil: Day.plus(newest, 1) })
      const due = DateTime.add(roundOf(round), { hours: ads.sync.dueHours })
      expect(one.dataUpTo).toBe(newest)
      expect(one.expectedBy).toEqual(due)
      expect(one.state).toBe(DateTime.isGreaterThan(now, due) ? "late" : "fresh")
      expect(one.lateSince).toEqual(DateTime.isGreaterThan(now, due) ? due : undefined)
    }
  )

  it.prop(
    "never claims a day that is not there, nor one that no round has asked for since it was over",
    [between(0, 400), between(-40, 3), between(0, 24 * 60)],
    ([days, shift, minutes]) => {
      const now = later(days, minutes)
      const loadedUntil = Day.plus(Day.at(now, timeZone), shift)
      const { dataUpTo } = freshness(now, { loadedUntil })
      expect(Day.between(dataUpTo!, loadedUntil)).toBeGreaterThan(0)
      expect(Day.between(dataUpTo!, Day.at(now, timeZone))).toBeGreaterThan(0)
    }
  )

  it.prop(
    "of days that stop to come goes from late to stalled, never back, and says since when",
    [between(0, 300), between(0, 20)],
    ([days, gone]) => {
      const loadedUntil = Day.plus(newestAt(roundOf(later(days))), 1)
      const order: ReadonlyArray<Freshness.State> = ["fresh", "late", "stalled"]
      const states = Array.from({ length: 40 }, (_, step) => freshness(later(days + gone, step * 180), { loadedUntil }))
      for (const [index, one] of states.entries()) {
        const before = states[index - 1]
        if (before !== undefined) expect(order.indexOf(one.state)).toBeGreaterThanOrEqual(order.indexOf(before.state))
        expect(one.state === "fresh").toBe(one.lateSince === undefined)
        expect(one.mustAct).toBe(one.state === "fresh" ? "nobody" : "operator")
      }
    }
  )

  it("of a first load that brought nothing is due when it was promised", () => {
    expect(freshness(later(0), { dueAt: later(1) })).toMatchObject({ state: "fresh", expectedBy: later(1) })
    expect(freshness(later(0), { dueAt: later(1) })).not.toHaveProperty("dataUpTo")
    expect(freshness(later(2), { dueAt: later(1) })).toMatchObject({ state: "late", lateSince: later(1) })
    expect(freshness(later(4), { dueAt: later(1) })).toMatchObject({ state: "stalled", mustAct: "operator" })
  })

  it("of a load that is overdue is late although the newest day is there", () => {
    const loadedUntil = Day.plus(newestAt(roundOf(later(-1))), 1)
    const facts = { loadedUntil, completedAt: "never", dueAt: later(-1) } as const
    expect(freshness(noon, facts)).toMatchObject({ state: "late", lateSince: later(-1), isLoadLate: true })
    expect(Evidence.ofConnection(connection, noon, { freshness: [freshness(noon, facts)] })).toMatchObject({
      mustAct: "operator",
      reason: expect.stringContaining("is not all there")
    })
  })

  it("says who must act: a person for what waits for them, whoever paused it, the owner for a consent", () => {
    const loadedUntil = Day.plus(newestAt(roundOf(noon)), 1)
    const blockedBy = ["Bad page token."]
    const paused: Connection.Linked = { ...connection, paused: { at: noon, by: ada } }
    const { paused: _none, ...rest } = connection
    const lost: Connection.Linked = {
      ...rest,
      _tag: "ReauthorizationNeeded",
      loss: "expired",
      since: noon,
      provenAt: noon
    }
    expect(freshness(noon, { loadedUntil, blockedBy })).toMatchObject({
      state: "stalled",
      mustAct: "member",
      blockedBy
    })
    expect(freshness(noon, { loadedUntil, of: paused })).toMatchObject({ state: "paused", mustAct: "member" })
    expect(freshness(noon, { loadedUntil, of: lost })).toMatchObject({
      state: "not-permitted",
      mustAct: "account-owner"
    })
  })
})

describe("the verdict on a connection", () => {
  const of = (now: DateTime.Utc, facts: Facts) =>
    Evidence.ofConnection(connection, now, { freshness: [freshness(now, facts)] })

  it.prop(
    "never says that nobody must act while data are overdue or wait for a person",
    [between(0, 400), between(-40, 2), pick([], ["Dead token."])],
    ([days, shift, blockedBy]) => {
      const now = later(days)
      const facts = { loadedUntil: Day.plus(Day.at(now, timeZone), shift), blockedBy }
      const one = freshness(now, facts)
      const verdict = of(now, facts)
      const isWell = one.lateSince === undefined && blockedBy.length === 0
      expect(verdict.mustAct === "nobody").toBe(isWell)
      expect(verdict.health === undefined).toBe(isWell)
      expect(verdict.label === "Connected").toBe(isWell)
      if (!isWell) expect(verdict.reason).toContain("Advertising")
      expect(verdict.reason.includes("is late")).toBe(one.lateSince !== undefined)
    }
  )

  it("leaves a status alone that says more", () => {
    const paused: Connection.Linked = { ...connection, paused: { at: noon, by: ada } }
    const late = freshness(later(9), { loadedUntil: Day.at(noon, timeZone) })
    expect(late.state).toBe("stalled")
    expect(Evidence.ofConnection(paused, later(9), { freshness: [late] })).toEqual(
      Evidence.ofConnection(paused, later(9))
    )
  })
})

describe("what became of days", () => {
  const day = (n: number) => Day.plus("2028-03-01" as Day.Day, n)
  const window = (from: number, until: number, more: object = { rows: 1 }, tag = "Loaded") =>
    ({ _tag: tag, dataClass: "advertising", from: day(from), until: day(until), at: noon, ...more }) as Window.Present

  it.prop(
    "partitions them: each day is in one range, and ranges side by side differ",
    [
      Arbitrary.array(
        Arbitrary.map(
          Arbitrary.all([between(0, 20), between(1, 9), pick("Loaded", "Waiting", "Skipped"), pick("day", "again")]),
          ([from, length, tag, round]) => window(from, from + length, { rows: from % 3, round }, tag)
        ),
        { minLength: 1, maxLength: 6 }
      )
    ],
    ([windows]) => {
      const ranges = Freshness.days(windows, { from: day(0), until: day(30) })
      const first = windows.map(({ from }) => from).toSorted()[0]!
      expect(ranges[0]?.from).toBe(first)
      expect(ranges.at(-1)?.until).toBe(day(30))
      for (const [index, range] of ranges.entries()) {
        const next = ranges[index + 1]
        if (next !== undefined) expect([next.from, next.state === range.state]).toEqual([range.until, false])
        const isThere = windows.some(
          ({ _tag, from, until }) => _tag === "Loaded" && from < range.until && range.from < until
        )
        expect(["loaded", "restated", "empty"].includes(range.state)).toBe(isThere)
      }
    }
  )

  it("tells what was asked for again, is empty, odd, not kept or missing", () => {
    const windows = [
      window(0, 10),
      window(7, 10, { rows: 1, round: "again" }),
      window(10, 11, { rows: 0, isConfirmedEmpty: true, round: "day" }),
      window(11, 12, { rows: 4, quarantined: 1, round: "day" }),
      window(12, 13, { reason: "Gone." }, "Skipped"),
      window(13, 14, {}, "Waiting")
    ]
    expect(Freshness.days(windows, { from: day(2), until: day(15) })).toEqual([
      { from: day(2), until: day(7), state: "loaded" },
      { from: day(7), until: day(10), state: "restated" },
      { from: day(10), until: day(11), state: "empty" },
      { from: day(11), until: day(12), state: "quarantined" },
      { from: day(12), until: day(13), state: "not-kept" },
      { from: day(13), until: day(15), state: "missing" }
    ])
  })

  it("has no gap for a picture of the present", () => {
    const ranges = Freshness.days([window(1, 2), window(5, 6)], { from: day(0), until: day(9) }, true)
    expect(ranges.map(({ from }) => from)).toEqual([day(1), day(5)])
  })
})
