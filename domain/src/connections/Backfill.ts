/**
 * The first load of one connection: a plan that cuts days into windows, and one deadline per data class (rules K-R15,
 * C8). Windows of a class partition its range: no gap, no overlap. Each window is a record of its own (`Window`), so
 * that workers load them side by side; when the last one of a class is over, the class is settled here.
 */
import { given } from "../kernel/given.ts"
import * as Profile from "../authorizations/Profile.ts"
import { fold } from "../kernel/Machine.ts"
import type { DataClass } from "../providers/DataClass.ts"
import { Event, type Present, Promised, State } from "./backfill/state.ts"

export { type Command, Event, PlannedWindow, type Present, Promised, State, initial } from "./backfill/state.ts"
export { syncStart, windowCommands, windows } from "./backfill/ledger.ts"
export { decide } from "./backfill/decide.ts"

const setPromise = (state: Present, dataClass: DataClass, change: Partial<Promised>): State => ({
  ...state,
  promises: state.promises.map((promise) => (promise.dataClass === dataClass ? { ...promise, ...change } : promise))
})

/** Applies a fact. Total: what does not fit leaves the load as it is. */
export const evolve = (state: State, event: Event): State => {
  if (event._tag === "BackfillPlanned") {
    const { windows: _windows, ...plan } = event
    return state._tag === "Absent" ? { ...plan, _tag: "Running" } : state
  }
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
        promises: [...state.promises.filter((promise) => !renewed.has(promise.dataClass)), ...event.promises],
        extendedAt: event.at,
        ...given({ syncsAt: state.syncsAt })
      }
    }
    case "RoundPlanned":
      return { ...state, syncsAt: event.nextAt }
    case "LoadRetried":
      return state
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
      return state._tag === "Running" ? { ...plan(unsynced(state)), _tag: "Cancelled", cancelledAt: event.at } : state
  }
}

const unsynced = <S extends Present>({ syncsAt: _syncsAt, ...state }: S) => state

const plan = ({ overdueSince: _overdueSince, ...state }: Extract<State, { readonly _tag: "Running" }>) => state

/** Folds a history. */
export const replay = fold(evolve)

/**
 * Whether a load fetches the data of this profile; a load without a profile of its own fetches that of the bound one.
 */
export const isOf = ({ profile }: Present, key: Profile.Key): boolean =>
  profile === undefined || Profile.sameKey(profile, key)
