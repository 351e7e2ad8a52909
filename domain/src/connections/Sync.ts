/**
 * Every day after the first load (flow F6). Once a day, at an instant of its own that is stable for each connection,
 * the days that came meanwhile are planned as windows, and one range of days that the provider still restates is asked
 * for again. What is asked for, and when, is a row of the provider's table (`SyncRow`).
 *
 * Windows of a class that are no repetition partition its days, those of the first load included; so a day that none of
 * them covers is a gap, whatever the reason, and is planned like a new one.
 */
import * as DateTime from "effect/DateTime"
import * as Day from "../kernel/Day.ts"
import type { ConnectionId } from "../kernel/Id.ts"
import { spread } from "../kernel/spread.ts"
import type { RestatementRow, SourceRow, SyncRow } from "../providers/ProviderTable.ts"
import { missing } from "./backfill/ledger.ts"
import type { PlannedWindow } from "./backfill/state.ts"
import { isOver } from "./window/tally.ts"
import type { Present } from "./window/state.ts"

/** Hours over which the connections of a time zone are spread. */
export const spreadHours = 8

/** Days before the last round whose windows a round looks at: more than any restatement reaches back. */
export const horizonDays = 100

/** Days after which a window that waits for a person is asked for again by itself: its cause may be gone. */
export const retryDays = 3

/** A source that is kept up to date. */
export type Synced = SourceRow & { readonly sync: SyncRow }

/** Days after which nobody asks any more for a window that is open: its job failed as often as jobs may (`Backoff`). */
export const givenUpDays = 6

/** Whose days they are, and in which time zone (IANA name) they are cut. */
export interface Place {
  readonly connectionId: ConnectionId
  readonly timeZone: string
}

/** The sources that are kept up to date. */
export const synced = (sources: ReadonlyArray<SourceRow>): ReadonlyArray<Synced> =>
  sources.flatMap((source) => (source.sync === undefined ? [] : [{ ...source, sync: source.sync }]))

/** Whether a class describes the present only: it has no history, and every day has a picture of its own. */
export const isSnapshot = ({ depthDays }: Pick<SourceRow, "depthDays">): boolean => depthDays === 1

/** The round of a day: when the days before it are worth asking for, and it is the connection's turn. */
export const roundOn = (day: Day.Day, sources: ReadonlyArray<Synced>, { connectionId, timeZone }: Place) =>
  DateTime.add(Day.startOf(day, timeZone), {
    hours: Math.max(...sources.map(({ sync }) => sync.lagHours)),
    minutes: spread(connectionId, spreadHours * 60)
  })

/** The first round after an instant; undefined when nothing is kept up to date. */
export const nextRound = (
  sources: ReadonlyArray<SourceRow>,
  place: Place,
  after: DateTime.Utc
): DateTime.Utc | undefined => {
  const own = synced(sources)
  if (own.length === 0) return undefined
  // A round may lie more than a day after its day begins.
  let day = Day.plus(Day.at(after, place.timeZone), -3)
  let at = roundOn(day, own, place)
  while (DateTime.isLessThanOrEqualTo(at, after)) {
    day = Day.plus(day, 1)
    at = roundOn(day, own, place)
  }
  return at
}

/** The newest day of a class that is worth asking for at an instant: today for a snapshot, else one that is over. */
export const newestDay = (source: Synced, timeZone: string, at: DateTime.Utc): Day.Day =>
  isSnapshot(source)
    ? Day.at(at, timeZone)
    : Day.plus(Day.at(DateTime.subtract(at, { hours: source.sync.lagHours }), timeZone), -1)

/**
 * Of the restatements whose turn it is on a day, the rarest: it reaches furthest back. Each has a turn one day after
 * the one before it in the table, so that cycles that are multiples of one another never meet.
 */
const turnOf = (again: SyncRow["again"], newest: Day.Day, connectionId: ConnectionId): RestatementRow | undefined => {
  const base = Day.toNumber(newest) + spread(connectionId, 420)
  return again
    .filter(({ everyDays }, index) => (base + index) % everyDays === 0)
    .toSorted((one, other) => other.everyDays - one.everyDays)[0]
}

const overlap = (one: Pick<PlannedWindow, "from" | "until">, other: Pick<PlannedWindow, "from" | "until">): boolean =>
  one.from < other.until && other.from < one.until

/** What a round knows: the windows of the load that end after `since`, and whose they are. */
export interface Round extends Place {
  readonly windows: ReadonlyArray<Present>
  readonly since: Day.Day
  readonly at: DateTime.Utc
}

/** Days of a class that no window covers, from the first that any covers to the newest; snapshots have no gap. */
const uncovered = (own: ReadonlyArray<Present>, source: Synced, first: Day.Day, newest: Day.Day) => {
  const depthDays = isSnapshot(source) ? 1 : Day.between(first, newest) + 1
  const covering = own.filter((window) => window.round !== "again")
  return missing(covering, { ...source, depthDays, lagDays: 0 }, newest)
}

/**
 * The range of a class that is asked for again, if it is the turn of one. The newest day is part of it when it was
 * loaded before it was over. Nothing that is still being asked for is asked for twice.
 */
const restated = (
  own: ReadonlyArray<Present>,
  added: ReadonlyArray<PlannedWindow>,
  source: Synced,
  {
    connectionId,
    first,
    newest
  }: { readonly connectionId: ConnectionId; readonly first: Day.Day; readonly newest: Day.Day }
): ReadonlyArray<PlannedWindow> => {
  const turn = turnOf(source.sync.again, newest, connectionId)
  if (turn === undefined) return []
  const isNewestKnown = !added.some((window) => window.until > newest)
  const youngest = Day.plus(newest, isNewestKnown && turn.fromAge === 1 ? 1 : 1 - turn.fromAge)
  const oldest = Day.plus(youngest, -source.windowDays)
  const from = [Day.plus(newest, -turn.untilAge), oldest, first].reduce((one, other) => (one > other ? one : other))
  if (from >= youngest) return []
  const window = windowOf(source, from, youngest)
  const isUnderWay = [...own.filter((one) => !isOver(one)), ...added].some((one) => overlap(one, window))
  return isUnderWay || own.some(({ windowId }) => windowId === window.id) ? [] : [{ ...window, round: "again" }]
}

const windowOf = ({ dataClass }: SourceRow, from: Day.Day, until: Day.Day): PlannedWindow => ({
  id: `${dataClass}/${from}/${until}` as PlannedWindow["id"],
  dataClass,
  from,
  until
})

/**
 * What a round asks for of each class that was ever planned: the days that came, with every gap since `since`, and at
 * most one range of days again.
 */
export const due = (sources: ReadonlyArray<SourceRow>, round: Round): ReadonlyArray<PlannedWindow> => {
  const { at, connectionId, since, timeZone, windows } = round
  return synced(sources).flatMap((source) => {
    const own = windows.filter(({ dataClass }) => dataClass === source.dataClass)
    const newest = newestDay(source, timeZone, at)
    const starts = own.map(({ from }) => from).toSorted()
    const [earliest] = starts
    if (earliest === undefined) return []
    const first = earliest > since ? earliest : since
    const added = uncovered(own, source, first, newest).map((window) => ({ ...window, round: "day" as const }))
    return [...added, ...restated(own, added, source, { connectionId, first, newest })]
  })
}

/**
 * The windows that are asked for again by themselves: those that wait for a person for so long that the cause may be
 * gone, and those that are open for so long that the job which asked for them was given up.
 */
export const overdue = (windows: ReadonlyArray<Present>, at: DateTime.Utc): ReadonlyArray<Present> =>
  windows.filter((window) => {
    if (isOver(window)) return false
    const [since, days] = window._tag === "Blocked" ? [window.at, retryDays] : [window.startedAt, givenUpDays]
    return DateTime.isLessThanOrEqualTo(DateTime.add(since, { days }), at)
  })
