/** What the commands of a first load lead to. */
import { DateTime } from "effect"
import { deciderWith, happened, nothing } from "../../kernel/Machine.ts"
import { say, text } from "../../messages/Messages.ts"
import { impossible, refuse } from "../../messages/Refusal.ts"
import { type Catalogue, standard } from "../../providers/Catalogue.ts"
import { countsForSync, syncHours } from "../../providers/DataClass.ts"
import { isOver, missingOf, promisesFor, syncStart } from "./ledger.ts"
import { type Command, Event, type Present, State, Window, WindowId } from "./state.ts"

const subject = "Backfill"

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
  command: string,
  state: Present,
  windowId: WindowId,
  then: (window: Window) => ReturnType<typeof happened<Event>>
) => {
  const window = state.windows.find((candidate) => candidate.id === windowId)
  if (window === undefined) {
    return refuse(subject, command, "does-not-exist", {
      detail: say("backfill.window-unplanned"),
      nextStep: say("backfill.read-ledger")
    })
  }
  return isOver(window) ? nothing : then(window)
}

/** A later plan adds the days that are missing and takes up what was blocked; what is loaded stays. */
const extend = (state: Present, command: Extract<Command, { readonly _tag: "Plan" }>) => {
  const added = missingOf(state.windows, command.sources, command.today)
  const blocked = state.windows.filter(
    (window) => window.progress._tag === "Blocked" || (state._tag === "Cancelled" && !isOver(window))
  )
  const affected = [...added, ...blocked]
  if (affected.length === 0) return nothing
  // A promise that is still open keeps its deadline; one that was kept or cancelled is made anew.
  const owed = state._tag === "Cancelled" ? [] : state.promises.filter(({ completedAt }) => completedAt === undefined)
  const anew = command.sources.filter(({ dataClass }) => !owed.some((promise) => promise.dataClass === dataClass))
  const promises = promisesFor(affected, anew, command.finalisedAt)
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
  DateTime.isGreaterThanOrEqualTo(at, DateTime.add(syncStart(state, catalogue), { hours: syncHours })) &&
  state.windows.some((window) => !isOver(window) && countsForSync(window.dataClass, catalogue))
    ? happened<Event>({ _tag: "LoadOverdue", connectionId: state.connectionId, at })
    : nothing

/** Decides what a load's command leads to. What is loaded stays loaded; repeating a report changes nothing. */
export const decide = deciderWith<State, Command, Event, Catalogue>(
  standard,
  {
    Absent: {
      Plan: (_, { backfill, finalisedAt, sources, today }) => {
        const cut = missingOf([], sources, today)
        const planned: Event = {
          _tag: "BackfillPlanned",
          ...backfill,
          finalisedAt,
          windows: cut,
          promises: promisesFor(cut, sources, finalisedAt)
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
