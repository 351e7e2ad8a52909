/** How days are cut into windows, and which of them are still missing. */
import * as DateTime from "effect/DateTime"
import * as Day from "../../kernel/Day.ts"
import { type Catalogue, standard } from "../../providers/Catalogue.ts"
import type { BackfillId } from "../../kernel/Id.ts"
import { countsForSync, DataClass, type Source } from "../../providers/DataClass.ts"
import type { SourceRow } from "../../providers/ProviderTable.ts"
import { text } from "../../messages/Messages.ts"
import { type Command, keyOf, type WindowId, type WindowKey } from "../window/state.ts"
import type { ClassTally } from "../window/tally.ts"
import type { Event, PlannedWindow, Present, Promised } from "./state.ts"

/** The days of a window. */
type Days = Pick<PlannedWindow, "dataClass" | "from" | "until">

/**
 * Cuts a class's days, up to and including `today`, into windows; the youngest first, so that people see fresh data
 * soon.
 */
export const windows = (source: SourceRow, today: Day.Day): ReadonlyArray<PlannedWindow> => missing([], source, today)

const planned = (dataClass: DataClass, from: Day.Day, until: Day.Day): PlannedWindow => ({
  id: `${dataClass}/${from}/${until}` as WindowId,
  dataClass,
  from,
  until
})

/** The promise that a source makes, counted from finalising the connection. */
export const promised = (source: Source, finalisedAt: DateTime.Utc): Promised => ({
  dataClass: source.dataClass,
  dueAt: DateTime.addDuration(finalisedAt, source.due)
})

/** Windows over the days of a source that the ledger does not cover yet, the youngest first. */
export const missing = (
  ledger: ReadonlyArray<Days>,
  source: SourceRow,
  today: Day.Day
): ReadonlyArray<PlannedWindow> => {
  const own = ledger.filter((window) => window.dataClass === source.dataClass)
  const covered = (day: number) =>
    own.some((window) => Day.toNumber(window.from) <= day && day < Day.toNumber(window.until))
  const end = Day.toNumber(today) + 1 - (source.lagDays ?? 0)
  const cut: Array<PlannedWindow> = []
  let day = end - 1
  while (day >= end - source.depthDays) {
    if (covered(day)) {
      day--
      continue
    }
    const until = day + 1
    while (day - 1 >= end - source.depthDays && !covered(day - 1) && until - (day - 1) <= source.windowDays) day--
    cut.push(planned(source.dataClass, Day.fromNumber(day), Day.fromNumber(until)))
    day--
  }
  return cut
}

/** The windows of several sources that a ledger does not cover yet. Sources of one class share its days. */
export const missingOf = (
  ledger: ReadonlyArray<Days>,
  sources: ReadonlyArray<SourceRow>,
  today: Day.Day
): ReadonlyArray<PlannedWindow> => {
  const cut: Array<PlannedWindow> = []
  for (const source of sources) cut.push(...missing([...ledger, ...cut], source, today))
  return cut
}

/** One promise for each class of these windows; with several sources of a class, the one that is due last. */
export const promisesFor = (
  owed: ReadonlyArray<Pick<PlannedWindow, "dataClass">>,
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

/**
 * When the 48 hours until "in sync" began (rule P-R13): the start of the oldest window that is owed and counts. With
 * none, the start of the latest plan.
 */
export const syncStart = (
  { extendedAt, finalisedAt }: Pick<Present, "extendedAt" | "finalisedAt">,
  tallies: ReadonlyArray<ClassTally>,
  catalogue: Catalogue = standard
): DateTime.Utc =>
  tallies
    .flatMap(({ dataClass, owedSince }) =>
      owedSince !== undefined && countsForSync(dataClass, catalogue) ? [owedSince] : []
    )
    .reduce<DateTime.Utc | undefined>((first, at) => (first === undefined ? at : DateTime.min(first, at)), undefined) ??
  extendedAt ??
  finalisedAt

const resumed = (
  backfillId: BackfillId,
  windowIds: ReadonlyArray<WindowId>,
  because: "backfill.authorized-again" | "backfill.tried-again",
  at: DateTime.Utc
) =>
  windowIds.map((windowId) => {
    const command: Command = { _tag: "Resume", reason: text(because), at }
    return { id: keyOf(backfillId, windowId), command }
  })

/** What a plan, or a later one, asks of the windows of a load. */
export const windowCommands = (
  { connectionId, id: backfillId, organizationId }: Present,
  event: Event
): ReadonlyArray<{ readonly id: WindowKey; readonly command: Command }> => {
  if (event._tag === "LoadRetried") return resumed(backfillId, event.retried, "backfill.tried-again", event.at)
  if (event._tag !== "BackfillPlanned" && event._tag !== "BackfillExtended") return []
  const startedAt = event._tag === "BackfillPlanned" ? event.finalisedAt : event.at
  const load = { organizationId, backfillId, connectionId, startedAt }
  const added = event.windows.map(({ dataClass, from, id: windowId, until }) => {
    const id = keyOf(backfillId, windowId)
    return { id, command: { _tag: "Plan", window: { id, ...load, windowId, dataClass, from, until } } as const }
  })
  if (event._tag === "BackfillPlanned") return added
  return [...added, ...resumed(backfillId, event.retried, "backfill.authorized-again", event.at)]
}
