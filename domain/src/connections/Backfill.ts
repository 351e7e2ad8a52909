/**
 * The first load of one connection: a plan cut into windows, a ledger that says what became of each, and one deadline
 * per data class (rules K-R15, C8). Windows of a class partition its range: no gap, no overlap. A window is loaded
 * once; the ledger is what a restarted process goes on from.
 */
import { DateTime, Schema } from "effect"
import { type Catalogue, standard } from "../providers/Catalogue.ts"
import { countsForSync, DataClass, type Source, syncHours } from "../providers/DataClass.ts"
import * as Day from "../kernel/Day.ts"
import { AccountId, BackfillId, ConnectionId, OrganizationId } from "../kernel/Id.ts"
import { deciderWith, fold, happened, nothing } from "../kernel/Machine.ts"
import * as Profile from "../authorizations/Profile.ts"
import type { SourceRow } from "../providers/ProviderTable.ts"
import { say, text } from "../messages/Messages.ts"
import { impossible, refuse } from "../messages/Refusal.ts"

/** `advertising/2026-08-01/2026-09-01`: class, first day, day after the last. Stable, so a retry names the same window. */
export const WindowId = Schema.String.check(
  Schema.isPattern(/^[a-z0-9-]+\/\d{4}-\d{2}-\d{2}\/\d{4}-\d{2}-\d{2}$/)
).pipe(Schema.brand("WindowId"))
/** Names a window of one backfill. */
export type WindowId = typeof WindowId.Type

/** Where a window stands. `Requested` carries the provider's ticket, so that a restart polls instead of asking anew. */
export const Progress = Schema.TaggedUnion({
  Waiting: {},
  Requested: { ticket: Schema.String, at: Schema.DateTimeUtc },
  Loaded: { rows: Schema.Int, at: Schema.DateTimeUtc },
  /** The provider does not keep data that old; nothing is missing that could be had. */
  Skipped: { reason: Schema.String, at: Schema.DateTimeUtc },
  /** Somebody must act first (rule X-R11: not a failure, an action needed). */
  Blocked: { reason: Schema.String, at: Schema.DateTimeUtc }
})
/** Where a window stands. */
export type Progress = typeof Progress.Type

/** Days `from` (included) to `until` (excluded) of one class. */
export const Window = Schema.Struct({
  id: WindowId,
  dataClass: DataClass,
  from: Day.Day,
  until: Day.Day,
  progress: Progress
})
/** Days `from` (included) to `until` (excluded) of one class. */
export type Window = typeof Window.Type

/** The promise for one class. */
export const Promised = Schema.Struct({
  dataClass: DataClass,
  dueAt: Schema.DateTimeUtc,
  completedAt: Schema.optionalKey(Schema.DateTimeUtc),
  /** When the missed deadline was reported; once (law DOM-29). */
  missedAt: Schema.optionalKey(Schema.DateTimeUtc)
})
/** The promise for one class. */
export type Promised = typeof Promised.Type

const fields = {
  id: BackfillId,
  organizationId: OrganizationId,
  connectionId: ConnectionId,
  accountId: AccountId,
  /** Whose data it is. A connection that is bound to another profile later gets a load of its own. */
  profile: Schema.optionalKey(Profile.Key),
  finalisedAt: Schema.DateTimeUtc
}
const planned = { ...fields, windows: Schema.Array(Window), promises: Schema.Array(Promised) }

/** How the load stands. */
export const State = Schema.TaggedUnion({
  Absent: {},
  /** `overdueSince`: not in sync after 48 hours, and reported (rule P-R13). */
  Running: { ...planned, overdueSince: Schema.optionalKey(Schema.DateTimeUtc) },
  Complete: { ...planned, completedAt: Schema.DateTimeUtc },
  Cancelled: { ...planned, cancelledAt: Schema.DateTimeUtc }
})
/** How the load stands. */
export type State = typeof State.Type
/** A load that exists. */
export type Present = Exclude<State, { readonly _tag: "Absent" }>
/** The state before the first event. */
export const initial: State = { _tag: "Absent" }

/** What happened to a load. */
export const Event = Schema.TaggedUnion({
  BackfillPlanned: { ...fields, windows: Schema.Array(Window), promises: Schema.Array(Promised) },
  BackfillExtended: {
    backfillId: BackfillId,
    windows: Schema.Array(Window),
    /** Windows of the old plan that are taken up again. */
    retried: Schema.Array(WindowId),
    promises: Schema.Array(Promised),
    at: Schema.DateTimeUtc
  },
  WindowRequested: { windowId: WindowId, ticket: Schema.String, at: Schema.DateTimeUtc },
  WindowRestarted: { windowId: WindowId, reason: Schema.String, at: Schema.DateTimeUtc },
  WindowLoaded: { windowId: WindowId, dataClass: DataClass, rows: Schema.Int, at: Schema.DateTimeUtc },
  WindowSkipped: { windowId: WindowId, dataClass: DataClass, reason: Schema.String, at: Schema.DateTimeUtc },
  WindowBlocked: { windowId: WindowId, reason: Schema.String, at: Schema.DateTimeUtc },
  ClassCompleted: { dataClass: DataClass, at: Schema.DateTimeUtc },
  DeadlineMissed: {
    connectionId: ConnectionId,
    dataClass: DataClass,
    dueAt: Schema.DateTimeUtc,
    at: Schema.DateTimeUtc
  },
  /** Not in sync 48 hours after finalising (rule P-R13); once. */
  LoadOverdue: { connectionId: ConnectionId, at: Schema.DateTimeUtc },
  /** What was overdue has arrived. */
  LoadCaughtUp: { connectionId: ConnectionId, at: Schema.DateTimeUtc },
  BackfillCompleted: { connectionId: ConnectionId, at: Schema.DateTimeUtc },
  BackfillCancelled: { at: Schema.DateTimeUtc }
})
/** What happened to a load. */
export type Event = typeof Event.Type

/** What can be asked of a load. Instants are the caller's now. */
export type Command =
  | {
      readonly _tag: "Plan"
      readonly backfill: Pick<
        Extract<State, { readonly _tag: "Running" }>,
        "id" | "organizationId" | "connectionId" | "accountId" | "profile"
      >
      readonly sources: ReadonlyArray<Source>
      /** The day the load reaches up to, included, in the marketplace's time zone. */
      readonly today: Day.Day
      readonly finalisedAt: DateTime.Utc
    }
  | { readonly _tag: "RequestWindow"; readonly windowId: WindowId; readonly ticket: string; readonly at: DateTime.Utc }
  | { readonly _tag: "RestartWindow"; readonly windowId: WindowId; readonly reason: string; readonly at: DateTime.Utc }
  | { readonly _tag: "LoadWindow"; readonly windowId: WindowId; readonly rows: number; readonly at: DateTime.Utc }
  | { readonly _tag: "SkipWindow"; readonly windowId: WindowId; readonly reason: string; readonly at: DateTime.Utc }
  | { readonly _tag: "BlockWindow"; readonly windowId: WindowId; readonly reason: string; readonly at: DateTime.Utc }
  | { readonly _tag: "CheckDeadline"; readonly dataClass: DataClass; readonly at: DateTime.Utc }
  | { readonly _tag: "CheckSync"; readonly at: DateTime.Utc }
  | { readonly _tag: "Cancel"; readonly at: DateTime.Utc }

const subject = "Backfill"

/** Cuts a class's days, up to and including `today`, into windows; the youngest first, so that people see fresh data soon. */
export const windows = (source: SourceRow, today: Day.Day): ReadonlyArray<Window> => missing([], source, today)

const waiting = (dataClass: DataClass, from: Day.Day, until: Day.Day): Window => ({
  id: `${dataClass}/${from}/${until}` as WindowId,
  dataClass,
  from,
  until,
  progress: { _tag: "Waiting" }
})

const promised = (source: Source, finalisedAt: DateTime.Utc): Promised => ({
  dataClass: source.dataClass,
  dueAt: DateTime.addDuration(finalisedAt, source.due)
})

/** Windows over the days of a source that the ledger does not cover yet (law DOM-27), the youngest first. */
const missing = (ledger: ReadonlyArray<Window>, source: SourceRow, today: Day.Day): ReadonlyArray<Window> => {
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

const isOver = (window: Window) => window.progress._tag === "Loaded" || window.progress._tag === "Skipped"

/** What follows when a window ends: its class may be complete, and with it the whole load. */
const afterEnd = (
  state: Present,
  own: Window,
  ended: Extract<Event, { readonly _tag: "WindowLoaded" | "WindowSkipped" }>,
  catalogue: Catalogue
) => {
  const { at, windowId } = ended
  const open = state.windows.filter((window) => window.id !== windowId && !isOver(window))
  const events: Array<Event> = [ended]
  if (
    state._tag === "Running" &&
    state.overdueSince !== undefined &&
    !open.some(({ dataClass }) => countsForSync(dataClass, catalogue))
  ) {
    events.push({ _tag: "LoadCaughtUp", connectionId: state.connectionId, at })
  }
  if (!open.some((window) => window.dataClass === own.dataClass)) {
    events.push({ _tag: "ClassCompleted", dataClass: own.dataClass, at })
    if (open.length === 0) events.push({ _tag: "BackfillCompleted", connectionId: state.connectionId, at })
  }
  return happened<Event>(...events)
}

const inLedger = (
  asked: string,
  state: Present,
  windowId: WindowId,
  then: (window: Window) => ReturnType<typeof happened<Event>>
) => {
  const window = state.windows.find((candidate) => candidate.id === windowId)
  if (window === undefined) {
    return refuse(subject, asked, "does-not-exist", {
      detail: say("backfill.window-unplanned"),
      nextStep: say("backfill.read-ledger")
    })
  }
  return isOver(window) ? nothing : then(window)
}

/** A later plan adds the days that are missing and takes up what was blocked; what is loaded stays (law DOM-27). */
const extend = (state: Present, command: Extract<Command, { readonly _tag: "Plan" }>) => {
  const added = command.sources.flatMap((source) => missing(state.windows, source, command.today))
  const blocked = state.windows.filter(
    (window) => window.progress._tag === "Blocked" || (state._tag === "Cancelled" && !isOver(window))
  )
  const affected = [...added, ...blocked]
  if (affected.length === 0) return nothing
  // A promise that is still owed keeps its deadline (law DOM-28); one that was kept or called off is made anew.
  const owed = state._tag === "Cancelled" ? [] : state.promises.filter(({ completedAt }) => completedAt === undefined)
  const promises = command.sources
    .filter(({ dataClass }) => !owed.some((promise) => promise.dataClass === dataClass))
    .filter((source) => affected.some((window) => window.dataClass === source.dataClass))
    .map((source) => promised(source, command.finalisedAt))
  return happened<Event>(
    {
      _tag: "BackfillExtended",
      backfillId: state.id,
      windows: added,
      promises,
      at: command.finalisedAt,
      retried: blocked.map((window) => window.id)
    },
    ...blocked.map((window): Event => ({
      _tag: "WindowRestarted",
      windowId: window.id,
      reason: text("backfill.authorized-again"),
      at: command.finalisedAt
    }))
  )
}

const checkDeadline = (state: Present, { at, dataClass }: Extract<Command, { readonly _tag: "CheckDeadline" }>) => {
  const promise = state.promises.find((candidate) => candidate.dataClass === dataClass)
  if (promise === undefined || promise.completedAt !== undefined || promise.missedAt !== undefined) return nothing
  return DateTime.isGreaterThanOrEqualTo(at, promise.dueAt)
    ? happened<Event>({ _tag: "DeadlineMissed", connectionId: state.connectionId, dataClass, dueAt: promise.dueAt, at })
    : nothing
}

const checkSync = (
  state: Extract<State, { readonly _tag: "Running" }>,
  { at }: Extract<Command, { readonly _tag: "CheckSync" }>,
  catalogue: Catalogue
) =>
  state.overdueSince === undefined &&
  DateTime.isGreaterThanOrEqualTo(at, DateTime.add(state.finalisedAt, { hours: syncHours })) &&
  state.windows.some((window) => !isOver(window) && countsForSync(window.dataClass, catalogue))
    ? happened<Event>({ _tag: "LoadOverdue", connectionId: state.connectionId, at })
    : nothing

/** Decides what a load's command leads to. What is loaded stays loaded; repeating a report changes nothing. */
export const decide = deciderWith<State, Command, Event, Catalogue>(
  standard,
  {
    Absent: {
      Plan: (_, { backfill, finalisedAt, sources, today }) => {
        const planned: Event = {
          _tag: "BackfillPlanned",
          ...backfill,
          finalisedAt,
          windows: sources.flatMap((source) => windows(source, today)),
          promises: sources.map((source) => promised(source, finalisedAt))
        }
        return planned.windows.length > 0
          ? happened<Event>(planned)
          : happened<Event>(planned, {
              _tag: "BackfillCompleted",
              connectionId: backfill.connectionId,
              at: finalisedAt
            })
      }
    },
    Running: {
      Plan: extend,
      RequestWindow: (state, { at, ticket, windowId }) =>
        inLedger("RequestWindow", state, windowId, (window) =>
          window.progress._tag === "Requested" && window.progress.ticket === ticket
            ? nothing
            : happened<Event>({ _tag: "WindowRequested", windowId, ticket, at })
        ),
      RestartWindow: (state, { at, reason, windowId }) =>
        inLedger("RestartWindow", state, windowId, (window) =>
          window.progress._tag === "Waiting"
            ? nothing
            : happened<Event>({ _tag: "WindowRestarted", windowId, reason, at })
        ),
      LoadWindow: (state, { at, rows, windowId }, catalogue) =>
        inLedger("LoadWindow", state, windowId, (window) =>
          afterEnd(state, window, { _tag: "WindowLoaded", windowId, dataClass: window.dataClass, rows, at }, catalogue)
        ),
      SkipWindow: (state, { at, reason, windowId }, catalogue) =>
        inLedger("SkipWindow", state, windowId, (window) =>
          afterEnd(
            state,
            window,
            { _tag: "WindowSkipped", windowId, dataClass: window.dataClass, reason, at },
            catalogue
          )
        ),
      BlockWindow: (state, { at, reason, windowId }) =>
        inLedger("BlockWindow", state, windowId, (window) =>
          window.progress._tag === "Blocked" && window.progress.reason === reason
            ? nothing
            : happened<Event>({ _tag: "WindowBlocked", windowId, reason, at })
        ),
      CheckDeadline: checkDeadline,
      CheckSync: checkSync,
      Cancel: (_, { at }) => happened<Event>({ _tag: "BackfillCancelled", at })
    },
    Complete: {
      Plan: extend,
      RequestWindow: () => nothing,
      RestartWindow: () => nothing,
      LoadWindow: () => nothing,
      SkipWindow: () => nothing,
      BlockWindow: () => nothing,
      CheckDeadline: () => nothing,
      CheckSync: () => nothing,
      Cancel: () => nothing
    },
    Cancelled: {
      Plan: extend,
      RequestWindow: () => nothing,
      RestartWindow: () => nothing,
      LoadWindow: () => nothing,
      SkipWindow: () => nothing,
      BlockWindow: () => nothing,
      CheckDeadline: () => nothing,
      CheckSync: () => nothing,
      Cancel: () => nothing
    }
  },
  impossible(subject, {
    Absent: say("backfill.finish-connection"),
    Running: say("backfill.wait-for-windows"),
    Complete: say("step.nothing"),
    Cancelled: say("backfill.connect-again")
  })
)

const setProgress = (state: Present, windowId: WindowId, progress: Progress): State => ({
  ...state,
  windows: state.windows.map((window) => (window.id === windowId && !isOver(window) ? { ...window, progress } : window))
})

const setPromise = (state: Present, dataClass: DataClass, change: Partial<Promised>): State => ({
  ...state,
  promises: state.promises.map((promise) => (promise.dataClass === dataClass ? { ...promise, ...change } : promise))
})

/** Applies a fact. Total: a loaded window stays loaded whatever comes later (law DOM-26). */
export const evolve = (state: State, event: Event): State => {
  if (event._tag === "BackfillPlanned") return state._tag === "Absent" ? { ...event, _tag: "Running" } : state
  if (state._tag === "Absent") return state
  switch (event._tag) {
    case "BackfillExtended": {
      const renewed = new Set(event.promises.map((promise) => promise.dataClass))
      const { id, organizationId, connectionId, accountId, finalisedAt, profile } = state
      return {
        _tag: "Running",
        id,
        organizationId,
        connectionId,
        accountId,
        finalisedAt,
        ...(profile === undefined ? {} : { profile }),
        // What was told as overdue is told when it has caught up, also when more was planned meanwhile.
        ...(state._tag === "Running" && state.overdueSince !== undefined ? { overdueSince: state.overdueSince } : {}),
        windows: [...state.windows, ...event.windows],
        promises: [...state.promises.filter((promise) => !renewed.has(promise.dataClass)), ...event.promises]
      }
    }
    case "WindowRequested":
      return setProgress(state, event.windowId, { _tag: "Requested", ticket: event.ticket, at: event.at })
    case "WindowRestarted":
      return setProgress(state, event.windowId, { _tag: "Waiting" })
    case "WindowLoaded":
      return setProgress(state, event.windowId, { _tag: "Loaded", rows: event.rows, at: event.at })
    case "WindowSkipped":
      return setProgress(state, event.windowId, { _tag: "Skipped", reason: event.reason, at: event.at })
    case "WindowBlocked":
      return setProgress(state, event.windowId, { _tag: "Blocked", reason: event.reason, at: event.at })
    case "ClassCompleted":
      return setPromise(state, event.dataClass, { completedAt: event.at })
    case "DeadlineMissed":
      return setPromise(state, event.dataClass, { missedAt: event.at })
    case "LoadOverdue":
      return state._tag === "Running" ? { ...state, overdueSince: event.at } : state
    case "LoadCaughtUp": {
      if (state._tag !== "Running") return state
      const { overdueSince: _overdueSince, ...rest } = state
      return rest
    }
    case "BackfillCompleted":
      return state._tag === "Running" ? { ...plan(state), _tag: "Complete", completedAt: event.at } : state
    case "BackfillCancelled":
      return state._tag === "Running" ? { ...plan(state), _tag: "Cancelled", cancelledAt: event.at } : state
  }
}

const plan = ({ overdueSince: _overdueSince, ...state }: Extract<State, { readonly _tag: "Running" }>) => state

/** Folds a history. */
export const replay = fold(evolve)

/** Whether a load fetches the data of this profile; one that does not say whose it is fetches whatever is bound. */
export const isOf = ({ profile }: Present, key: Profile.Key): boolean =>
  profile === undefined || Profile.sameKey(profile, key)

/** Windows that still want work. */
export const open = (state: State): ReadonlyArray<Window> =>
  state._tag === "Running" ? state.windows.filter((window) => !isOver(window)) : []
