/** How days are cut into windows, and which of them are still missing. */
import { DateTime } from "effect"
import * as Day from "../../kernel/Day.ts"
import { type Catalogue, standard } from "../../providers/Catalogue.ts"
import { countsForSync, DataClass, type Source } from "../../providers/DataClass.ts"
import type { SourceRow } from "../../providers/ProviderTable.ts"
import { type Present, Promised, Window, WindowId } from "./state.ts"

/**
 * Cuts a class's days, up to and including `today`, into windows; the youngest first, so that people see fresh data
 * soon.
 */
export const windows = (source: SourceRow, today: Day.Day): ReadonlyArray<Window> => missing([], source, today)

const waiting = (dataClass: DataClass, from: Day.Day, until: Day.Day): Window => ({
  id: `${dataClass}/${from}/${until}` as WindowId,
  dataClass,
  from,
  until,
  progress: { _tag: "Waiting" }
})

/** The promise that a source makes, counted from finalising the connection. */
export const promised = (source: Source, finalisedAt: DateTime.Utc): Promised => ({
  dataClass: source.dataClass,
  dueAt: DateTime.addDuration(finalisedAt, source.due)
})

/** Windows over the days of a source that the ledger does not cover yet, the youngest first. */
export const missing = (ledger: ReadonlyArray<Window>, source: SourceRow, today: Day.Day): ReadonlyArray<Window> => {
  const own = ledger.filter((window) => window.dataClass === source.dataClass)
  const covered = (day: number) =>
    own.some((window) => Day.toNumber(window.from) <= day && day < Day.toNumber(window.until))
  const end = Day.toNumber(today) + 1 - (source.lagDays ?? 0)
  const cut: Array<Window> = []
  let day = end - 1
  while (day >= end - source.depthDays) {
    if (covered(day)) {
      day--
      continue
    }
    const until = day + 1
    while (day - 1 >= end - source.depthDays && !covered(day - 1) && until - (day - 1) <= source.windowDays) day--
    cut.push(waiting(source.dataClass, Day.fromNumber(day), Day.fromNumber(until)))
    day--
  }
  return cut
}

/** The windows of several sources that a ledger does not cover yet. Sources of one class share its days. */
export const missingOf = (
  ledger: ReadonlyArray<Window>,
  sources: ReadonlyArray<SourceRow>,
  today: Day.Day
): ReadonlyArray<Window> => {
  const known = [...ledger]
  for (const source of sources) known.push(...missing(known, source, today))
  return known.slice(ledger.length)
}

/** One promise for each class of these windows; with several sources of a class, the one that is due last. */
export const promisesFor = (
  owed: ReadonlyArray<Window>,
  sources: ReadonlyArray<Source>,
  finalisedAt: DateTime.Utc
): ReadonlyArray<Promised> => {
  const found = new Map<DataClass, Promised>()
  const classes = new Set(owed.map(({ dataClass }) => dataClass))
  for (const promise of sources.map((source) => promised(source, finalisedAt))) {
    const known = found.get(promise.dataClass)
    if (!classes.has(promise.dataClass)) continue
    if (known === undefined || DateTime.isGreaterThan(promise.dueAt, known.dueAt)) found.set(promise.dataClass, promise)
  }
  return [...found.values()]
}

/** Since when a window is owed: the plan that added it, or took it up again. */
export const startOf = ({ finalisedAt }: Pick<Present, "finalisedAt">, { startedAt }: Window): DateTime.Utc =>
  startedAt ?? finalisedAt

const earliest = (instants: ReadonlyArray<DateTime.Utc>): DateTime.Utc | undefined =>
  instants.reduce<DateTime.Utc | undefined>(
    (found, one) => (found === undefined ? one : DateTime.min(found, one)),
    undefined
  )

/**
 * When the 48 hours until "in sync" began (rule P-R13): the start of the oldest window that is owed and counts. With
 * none, the start of the latest plan.
 */
export const syncStart = (state: Present, catalogue: Catalogue = standard): DateTime.Utc => {
  const owed = state.windows.filter((window) => !isOver(window) && countsForSync(window.dataClass, catalogue))
  const latest = state.windows.reduce((last, window) => DateTime.max(last, startOf(state, window)), state.finalisedAt)
  return earliest(owed.map((window) => startOf(state, window))) ?? latest
}

/** Whether nothing more happens to a window. */
export const isOver = (window: Window) => window.progress._tag === "Loaded" || window.progress._tag === "Skipped"
