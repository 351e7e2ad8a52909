/** What the commands of a first load lead to. */
import * as DateTime from "effect/DateTime"
import { deciderWith, happened, nothing } from "../../kernel/Machine.ts"
import { say } from "../../messages/Messages.ts"
import { impossible } from "../../messages/Refusal.ts"
import { type Catalogue, standard } from "../../providers/Catalogue.ts"
import { countsForSync, syncHours } from "../../providers/DataClass.ts"
import { isOver } from "../window/tally.ts"
import { missingOf, promisesFor, syncStart } from "./ledger.ts"
import type { Command, Event, Present, Promised, State } from "./state.ts"

const subject = "Backfill"

const isOwed = ({ completedAt }: Promised): boolean => completedAt === undefined

/** What follows when every window of a class is over: the class is complete, and with the last one the whole load. */
const settle = (
  { connectionId, overdueSince, promises }: Extract<State, { readonly _tag: "Running" }>,
  { at, open }: Extract<Command, { readonly _tag: "Settle" }>,
  catalogue: Catalogue
) => {
  const owed = promises.filter(isOwed)
  const over = owed.filter(({ dataClass }) => !open.includes(dataClass))
  if (over.length === 0) return nothing
  const others = owed.filter((promise) => !over.includes(promise))
  const isLate = others.some((one) => countsForSync(one.dataClass, catalogue))
  return happened<Event>(
    ...(overdueSince === undefined || isLate ? [] : [{ _tag: "LoadCaughtUp", connectionId, at } as const]),
    ...over.map(({ dataClass }) => ({ _tag: "ClassCompleted", dataClass, at }) as const),
    ...(others.length > 0 ? [] : [{ _tag: "BackfillCompleted", connectionId, at } as const])
  )
}

/** A later plan adds the days that are missing and takes up what was blocked; what is loaded stays. */
const extend = (state: Present, command: Extract<Command, { readonly _tag: "Plan" }>) => {
  // The very plan that was made last.
  if (state._tag !== "Cancelled" && DateTime.Equivalence(command.finalisedAt, state.extendedAt ?? state.finalisedAt)) {
    return nothing
  }
  const added = missingOf(command.windows, command.sources, command.today)
  const blocked = command.windows.filter(
    (window) => window._tag === "Blocked" || (state._tag === "Cancelled" && !isOver(window))
  )
  const affected = [...added, ...blocked]
  if (affected.length === 0) return nothing
  // A promise that is still open keeps its deadline; one that was kept or cancelled is made anew.
  const owed = state._tag === "Cancelled" ? [] : state.promises.filter(({ completedAt }) => completedAt === undefined)
  const anew = command.sources.filter(({ dataClass }) => !owed.some((promise) => promise.dataClass === dataClass))
  const promises = promisesFor(affected, anew, command.finalisedAt)
  return happened<Event>({
    _tag: "BackfillExtended",
    backfillId: state.id,
    windows: added,
    promises,
    at: command.finalisedAt,
    retried: blocked.map(({ windowId }) => windowId)
  })
}

/** What waits for a person is asked for again; a repeat finds nothing that waits, and changes nothing. */
const retry = ({ connectionId }: Present, { at, dataClass, windows }: Extract<Command, { readonly _tag: "Retry" }>) => {
  const retried = windows
    .filter((window) => window._tag === "Blocked" && (dataClass === undefined || window.dataClass === dataClass))
    .map(({ windowId }) => windowId)
  return retried.length === 0 ? nothing : happened<Event>({ _tag: "LoadRetried", connectionId, retried, at })
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
  { at, tallies }: Extract<Command, { readonly _tag: "CheckSync" }>,
  catalogue: Catalogue
) =>
  state.overdueSince === undefined &&
  DateTime.isGreaterThanOrEqualTo(at, DateTime.add(syncStart(state, tallies, catalogue), { hours: syncHours })) &&
  state.promises.some(
    (promise) =>
      isOwed(promise) &&
      countsForSync(promise.dataClass, catalogue) &&
      tallies.some(({ dataClass, open }) => dataClass === promise.dataClass && open > 0)
  )
    ? happened<Event>({ _tag: "LoadOverdue", connectionId: state.connectionId, at })
    : nothing

/** Decides what a load's command leads to. Repeating a report changes nothing. */
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
      Retry: retry,
      Settle: settle,
      CheckDeadline: checkDeadline,
      CheckSync: checkSync,
      Cancel: (_, { at }) => happened<Event>({ _tag: "BackfillCancelled", at })
    },
    Complete: {
      Plan: extend,
      Retry: retry,
      Settle: () => nothing,
      CheckDeadline: () => nothing,
      CheckSync: () => nothing,
      Cancel: () => nothing
    },
    Cancelled: {
      Plan: extend,
      Settle: () => nothing,
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
