/** How days are cut into windows, and which of them are still missing. */
import * as DateTime from "effect/DateTime"
import * as Day from "../../kernel/Day.ts"
import { given } from "../../kernel/given.ts"
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

/** Days of a gap at most: the longest that any provider is known to keep data (vendors' reports of Amazon). */
export const gapDays = 1_460

/**
 * Windows over the days of a source that the ledger does not cover yet, the youngest first. A history reaches as far
 * back as the source does, or to the first day that the ledger covers, `gapDays` at most: what was covered once has no
 * gap behind it. The present alone has no history.
 */
export const missing = (
  ledger: ReadonlyArray<Days>,
  source: SourceRow,
  today: Day.Day
): ReadonlyArray<PlannedWindow> => {
  const covered = new Set<number>()
  const end = Day.toNumber(today) + 1 - (source.lagDays ?? 0)
  let start = end - source.depthDays
  for (const { dataClass, from, until } of ledger) {
    if (dataClass !== source.dataClass) continue
    if (source.depthDays > 1) start = Math.min(start, Math.max(Day.toNumber(from), end - gapDays))
    for (let day = Day.toNumber(from); day < Day.toNumber(until); day++) covered.add(day)
  }
  const cut: Array<PlannedWindow> = []
  let day = end - 1
  while (day >= start) {
    if (covered.has(day)) {
      day--
      continue
    }
    const until = day + 1
    while (day - 1 >= start && !covered.has(day - 1) && until - (day - 1) <= source.windowDays) day--
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
  because: "backfill.authorized-again" | "backfill.days-again" | "backfill.tried-again",
  at: DateTime.Utc
) =>
  windowIds.map((windowId) => {
    const command: Command = { _tag: "Resume", reason: text(because), at }
    return { id: keyOf(backfillId, windowId), command }
  })

const added = (
  { connectionId, id: backfillId, organizationId }: Present,
  windows: ReadonlyArray<PlannedWindow>,
  startedAt: DateTime.Utc
) =>
  windows.map(({ dataClass, from, id: windowId, round, until }) => {
    const id = keyOf(backfillId, windowId)
    const load = { organizationId, backfillId, connectionId, startedAt }
    const command: Command = {
      _tag: "Plan",
      window: { id, ...load, windowId, dataClass, from, until, ...given({ round }) }
    }
    return { id, command }
  })

/** A command on a window of a load. */
interface WindowCommand {
  readonly id: WindowKey
  readonly command: Command
}

/** What a plan, or a later one, asks of the windows of a load. */
export const windowCommands = (state: Present, event: Event): ReadonlyArray<WindowCommand> => {
  switch (event._tag) {
    case "BackfillPlanned":
      return added(state, event.windows, event.finalisedAt)
    case "BackfillExtended":
      return [
        ...added(state, event.windows, event.at),
        ...resumed(state.id, event.retried, "backfill.authorized-again", event.at)
      ]
    case "RoundPlanned":
      return [
        ...added(state, event.windows, event.at),
        ...resumed(state.id, event.retried, "backfill.days-again", event.at)
      ]
    case "LoadRetried":
      return resumed(state.id, event.retried, "backfill.tried-again", event.at)
    default:
      return []
  }
}
