/**
 * Some days of one class of data of a load, as a record of its own: workers load windows of one load side by side, and
 * none waits for another one's record. A window is loaded once; what became of it is what a restarted process goes on
 * from. No single answer of a provider ends it: a refusal is asked again with growing gaps, and "nothing there" counts
 * when a later look agrees (`window/patience.ts`).
 */
import { given } from "../kernel/given.ts"
import { fold } from "../kernel/Machine.ts"
import { isOver } from "./window/tally.ts"
import { Event, type Open, type Present, State } from "./window/state.ts"

export {
  type Command,
  EmptyLooks,
  Event,
  type Open,
  type Present,
  Refusals,
  State,
  SyncRound,
  WindowId,
  WindowKey,
  initial,
  keyOf
} from "./window/state.ts"
export { decide } from "./window/decide.ts"
export {
  emptyGaps,
  emptyProofSeconds,
  isProvenEmpty,
  nextAttempt,
  nextLook,
  refusalGaps,
  refusalPatience
} from "./window/patience.ts"
export { type ClassTally, isOver, none, plus, type Tally, tallies, talliesOf, tally } from "./window/tally.ts"

/** What every window has. */
const daysOf = ({
  backfillId,
  connectionId,
  dataClass,
  from,
  id,
  organizationId,
  round,
  startedAt,
  until,
  windowId
}: Present) => ({
  id,
  organizationId,
  backfillId,
  connectionId,
  windowId,
  dataClass,
  from,
  until,
  startedAt,
  ...given({ round })
})

const waiting = (state: Open): State => ({
  _tag: "Waiting",
  ...daysOf(state),
  ...given({ refusals: state.refusals, emptyLooks: state.emptyLooks })
})

/** Whether something may still happen to a window. */
export const isOpen = (state: Present): state is Open => !isOver(state)

/** Applies a fact. Total: a window that is over stays as it is whatever comes later. */
export const evolve = (state: State, event: Event): State => {
  if (event._tag === "WindowPlanned") return state._tag === "Absent" ? { ...event, _tag: "Waiting" } : state
  if (state._tag === "Absent" || !isOpen(state) || event.windowId !== state.windowId) return state
  const { emptyLooks, refusals } = state
  const { at } = event
  switch (event._tag) {
    case "WindowRequested":
      return { _tag: "Requested", ...daysOf(state), ...given({ refusals, emptyLooks }), ticket: event.ticket, at }
    case "WindowRestarted":
      return waiting(state)
    case "WindowResumed":
      return { _tag: "Waiting", ...daysOf(state), startedAt: at }
    case "WindowRefused":
      return { _tag: "Waiting", ...daysOf(state), ...given({ emptyLooks }), refusals: event.refusals }
    case "WindowLookedEmpty":
      return { _tag: "Waiting", ...daysOf(state), emptyLooks: event.emptyLooks }
    case "WindowLoaded": {
      const { isConfirmedEmpty, quarantined, rows } = event
      return { _tag: "Loaded", ...daysOf(state), rows, at, ...given({ isConfirmedEmpty, quarantined }) }
    }
    case "WindowSkipped":
      return { _tag: "Skipped", ...daysOf(state), reason: event.reason, at }
    case "WindowBlocked":
      return { _tag: "Blocked", ...daysOf(state), ...given({ refusals, emptyLooks }), reason: event.reason, at }
  }
}

/** Folds a history. */
export const replay = fold(evolve)
