/**
 * Freshness as a promise: up to which day the data of each class are there, by when the next day is expected, since
 * when it is late, and who must act. A pure function of the plan of the rounds (`Sync`), of what the windows add up to,
 * and of the instant: nothing is stored that could disagree with it.
 *
 * A day counts as there from the round on that asks for it when it is over; so today, of which a first load has a part,
 * is never claimed.
 */
import * as DateTime from "effect/DateTime"
import * as Day from "../kernel/Day.ts"
import { given } from "../kernel/given.ts"
import type { MustAct } from "../kernel/MustAct.ts"
import type { DataClass, Source } from "../providers/DataClass.ts"
import type * as Backfill from "./Backfill.ts"
import type * as Connection from "./Connection.ts"
import * as Sync from "./Sync.ts"
import type { ClassTally } from "./window/tally.ts"
import type { Present as Window } from "./window/state.ts"

/**
 * `fresh`: there, or not due yet. `late`: due, and asked for by itself. `stalled`: somebody must act, or it is late for
 * two days. `paused` and `not-permitted`: nothing can be fetched.
 */
export type State = "fresh" | "late" | "stalled" | "paused" | "not-permitted"

/** How one class of data stands. */
export interface ClassFreshness {
  readonly dataClass: DataClass
  readonly state: State
  /** The newest day that is there; absent when none is. */
  readonly dataUpTo?: Day.Day
  /** By when the day after it must be there; absent when the class is not kept up to date. */
  readonly expectedBy?: DateTime.Utc
  /** Since when it is overdue, the next day or the first load; absent when neither is. */
  readonly lateSince?: DateTime.Utc
  /** The first load, or what a later plan added to it, is overdue although newer days may be there. */
  readonly isLoadLate: boolean
  readonly mustAct: MustAct
  /** What waits for a person: each reason once. */
  readonly blockedBy: ReadonlyArray<string>
}

/** Hours after which what is late is stalled. */
export const stalledHours = 48

/** A linked connection with its load, and what is promised of it. */
export interface Subject {
  readonly connection: Connection.Linked
  readonly load: Pick<Backfill.Present, "promises">
  readonly tallies: ReadonlyArray<ClassTally>
  readonly sources: ReadonlyArray<Source>
  /** The marketplace's (IANA name). */
  readonly timeZone: string
}

const latest = (one: DateTime.Utc | undefined, other: DateTime.Utc | undefined): DateTime.Utc | undefined =>
  one === undefined || other === undefined ? (one ?? other) : DateTime.max(one, other)

/** The last round before or at an instant. */
const lastRound = (sources: ReadonlyArray<Sync.Synced>, place: Sync.Place, now: DateTime.Utc): DateTime.Utc => {
  let day = Day.at(now, place.timeZone)
  let at = Sync.roundOn(day, sources, place)
  while (DateTime.isGreaterThan(at, now)) {
    day = Day.plus(day, -1)
    at = Sync.roundOn(day, sources, place)
  }
  return at
}

/** The newest day that is there: of those that a round has asked for when they were over. */
const upTo = (source: Sync.Synced, { loadedUntil }: ClassTally, timeZone: string, round: DateTime.Utc) => {
  if (loadedUntil === undefined) return undefined
  const [newest, loaded] = [Sync.newestDay(source, timeZone, round), Day.plus(loadedUntil, -1)]
  return loaded < newest ? loaded : newest
}

/** By when the class was promised whole; undefined once it is. */
const promiseOf = ({ dataClass }: Sync.Synced, { load }: Subject): DateTime.Utc | undefined => {
  const promise = load.promises.find((one) => one.dataClass === dataClass)
  return promise?.completedAt === undefined ? promise?.dueAt : undefined
}

/** By when the day after the newest one must be there. A class that has none yet is due when its load was promised. */
const dueOf = (
  source: Sync.Synced,
  { connection, sources, timeZone }: Subject,
  dataUpTo: Day.Day | undefined,
  promised: DateTime.Utc | undefined
): DateTime.Utc | undefined => {
  if (dataUpTo === undefined) return promised
  const roundDay = Day.plus(dataUpTo, Sync.isSnapshot(source) ? 1 : 2)
  const round = Sync.roundOn(roundDay, Sync.synced(sources), { connectionId: connection.id, timeZone })
  return latest(DateTime.add(round, { hours: source.sync.dueHours }), promised)
}

const ifPassed = (at: DateTime.Utc | undefined, now: DateTime.Utc): DateTime.Utc | undefined =>
  at !== undefined && DateTime.isLessThan(at, now) ? at : undefined

const stateOf = (
  connection: Connection.Linked,
  blockedBy: ReadonlyArray<string>,
  lateSince: DateTime.Utc | undefined,
  now: DateTime.Utc
): State => {
  if (connection._tag === "ReauthorizationNeeded") return "not-permitted"
  if (connection.paused !== undefined) return "paused"
  if (blockedBy.length > 0) return connection._tag === "Limited" ? "not-permitted" : "stalled"
  if (lateSince === undefined) return "fresh"
  return DateTime.isLessThan(now, DateTime.add(lateSince, { hours: stalledHours })) ? "late" : "stalled"
}

const responsible = (state: State, isBlocked: boolean): MustAct => {
  switch (state) {
    case "fresh":
      return "nobody"
    case "late":
      return "operator"
    case "stalled":
      return isBlocked ? "member" : "operator"
    case "paused":
      return "member"
    case "not-permitted":
      return "account-owner"
  }
}

/** How each class stands that is kept up to date and was ever planned, in the order of the provider's table. */
export const of = (subject: Subject, now: DateTime.Utc): ReadonlyArray<ClassFreshness> => {
  const { connection, sources, tallies, timeZone } = subject
  const synced = Sync.synced(sources)
  if (synced.length === 0) return []
  const round = lastRound(synced, { connectionId: connection.id, timeZone }, now)
  return synced.flatMap((source) => {
    const tally = tallies.find(({ dataClass }) => dataClass === source.dataClass)
    if (tally === undefined) return []
    const { blockedBy } = tally
    const dataUpTo = upTo(source, tally, timeZone, round)
    const promised = promiseOf(source, subject)
    const expectedBy = dueOf(source, subject, dataUpTo, promised)
    const lateSince = ifPassed(promised, now) ?? ifPassed(expectedBy, now)
    const state = stateOf(connection, blockedBy, lateSince, now)
    const mustAct = responsible(state, blockedBy.length > 0)
    const isLoadLate = ifPassed(promised, now) !== undefined
    const instants = given({ dataUpTo, expectedBy, lateSince })
    return [{ dataClass: source.dataClass, state, mustAct, blockedBy, isLoadLate, ...instants }]
  })
}

/** The worst of several classes, when one is late or stalled: what a connection's own status has to say. */
export const worst = (classes: ReadonlyArray<ClassFreshness>): ClassFreshness | undefined =>
  classes.find(({ state }) => state === "stalled") ?? classes.find(({ state }) => state === "late")

/**
 * What became of a day. `restated`: loaded, and asked for again since. `empty`: it is proven that there is nothing.
 * `quarantined`: loaded, but for rows that cannot be read. `not-kept`: the provider has it no more. `missing`: owed.
 */
export type DayState = "loaded" | "restated" | "empty" | "quarantined" | "not-kept" | "missing"

/** Days in a row of which the same became. */
export interface DayRange {
  readonly from: Day.Day
  /** Excluded. */
  readonly until: Day.Day
  readonly state: DayState
}

const dayState = (windows: ReadonlyArray<Window>): DayState => {
  const loaded = windows.flatMap((window) => (window._tag === "Loaded" ? [window] : []))
  if (loaded.length === 0) return windows.some(({ _tag }) => _tag === "Skipped") ? "not-kept" : "missing"
  if (loaded.some(({ quarantined }) => quarantined !== undefined)) return "quarantined"
  if (loaded.every(({ rows }) => rows === 0)) return "empty"
  return loaded.some(({ round }) => round === "again") ? "restated" : "loaded"
}

/**
 * What became of the days of a class from the first that was ever planned, or `from` when that is later, up to `until`
 * (excluded): as ranges, the oldest first. A day that no window covers is missing. A snapshot has no days that are
 * missing: it describes the present.
 */
export const days = (
  windows: ReadonlyArray<Window>,
  { from, until }: Pick<DayRange, "from" | "until">,
  isSnapshot = false
): ReadonlyArray<DayRange> => {
  const [earliest] = windows.map((window) => window.from).toSorted()
  if (earliest === undefined) return []
  const ranges: Array<DayRange> = []
  for (let day = earliest > from ? earliest : from; day < until; day = Day.plus(day, 1)) {
    const own = windows.filter((window) => window.from <= day && day < window.until)
    if (isSnapshot && own.length === 0) continue
    const state = dayState(own)
    const last = ranges.at(-1)
    if (last?.state === state && last.until === day) ranges[ranges.length - 1] = { ...last, until: Day.plus(day, 1) }
    else ranges.push({ from: day, until: Day.plus(day, 1), state })
  }
  return ranges
}
