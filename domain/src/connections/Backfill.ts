/**
 * The first load of one connection: a plan cut into windows, a ledger that says what became of each, and one deadline
 * per data class (rules K-R15, C8). Windows of a class partition its range: no gap, no overlap. A window is loaded
 * once; the ledger is what a restarted process goes on from.
 */
import { Array } from "effect"
import { given } from "../kernel/given.ts"
import * as Profile from "../authorizations/Profile.ts"
import { fold } from "../kernel/Machine.ts"
import { DataClass } from "../providers/DataClass.ts"
import { isOver } from "./backfill/ledger.ts"
import { Event, type Present, Progress, Promised, State, Window, WindowId } from "./backfill/state.ts"

export {
  type Command,
  Event,
  type Present,
  Progress,
  Promised,
  State,
  Window,
  WindowId,
  initial
} from "./backfill/state.ts"
export { windows } from "./backfill/ledger.ts"
export { decide } from "./backfill/decide.ts"

const setProgress = (state: Present, windowId: WindowId, progress: Progress): State => ({
  ...state,
  windows: state.windows.map((window) => (window.id === windowId && !isOver(window) ? { ...window, progress } : window))
})

const setPromise = (state: Present, dataClass: DataClass, change: Partial<Promised>): State => ({
  ...state,
  promises: state.promises.map((promise) => (promise.dataClass === dataClass ? { ...promise, ...change } : promise))
})

/** Applies a fact. Total: a loaded window stays loaded whatever comes later. */
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
        ...given({ profile }),
        // A load that was reported as overdue is reported again when it has caught up, also when more was planned
        // meanwhile.
        ...(state._tag === "Running" && state.overdueSince !== undefined ? { overdueSince: state.overdueSince } : {}),
        windows: Array.dedupeWith([...state.windows, ...event.windows], (one, other) => one.id === other.id),
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

/**
 * Whether a load fetches the data of this profile; a load without a profile of its own fetches that of the bound one.
 */
export const isOf = ({ profile }: Present, key: Profile.Key): boolean =>
  profile === undefined || Profile.sameKey(profile, key)

/** Windows that are not over. */
export const open = (state: State): ReadonlyArray<Window> =>
  state._tag === "Running" ? state.windows.filter((window) => !isOver(window)) : []
