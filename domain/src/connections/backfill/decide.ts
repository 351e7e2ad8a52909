/** What the commands of a first load lead to. */
import * as DateTime from "effect/DateTime"
import { deciderWith, happened, nothing } from "../../kernel/Machine.ts"
import { say } from "../../messages/Messages.ts"
import { impossible } from "../../messages/Refusal.ts"
import { type Catalogue, standard } from "../../providers/Catalogue.ts"
import { countsForSync, syncHours } from "../../providers/DataClass.ts"
import { due, nextRound, overdue } from "../Sync.ts"
import type { Present as WindowPresent, WindowId } from "../window/state.ts"
import { isOver } from "../window/tally.ts"
import { missingOf, promisesFor, syncStart } from "./ledger.ts"
import type { Command, Event, Present, Promised, State } from "./state.ts"

const subject = "Backfill"

type Of<Tag extends Command["_tag"]> = Extract<Command, { readonly _tag: Tag }>

const isOwed = ({ completedAt }: Promised): boolean => completedAt === undefined

/** What follows when every window of a class is over: the class is complete, and with the last one the whole load. */
const settle = (
  { connectionId, overdueSince, promises }: Extract<State, { readonly _tag: "Running" }>,
  { at, open }: Of<"Settle">,
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

/** A round in which nothing is asked for: it says when the first one is, and takes up `retried`. */
const roundAt = (
  { connectionId }: Pick<Present, "connectionId">,
  at: DateTime.Utc,
  nextAt: DateTime.Utc,
  retried: ReadonlyArray<WindowId> = []
): Extract<Event, { readonly _tag: "RoundPlanned" }> => ({
  _tag: "RoundPlanned",
  connectionId,
  windows: [],
  retried,
  at,
  nextAt
})

/**
 * What a later plan does about the rounds: it begins them where there are none, and takes up what waits of them. A
 * round whose time has come and that was not planned found nothing connected.
 */
const rounds = (state: Present, { finalisedAt, syncsAt, windows }: Of<"Plan">): ReadonlyArray<Event> => {
  const isGoingOn = state.syncsAt !== undefined && DateTime.isGreaterThan(state.syncsAt, finalisedAt)
  const nextAt = isGoingOn ? state.syncsAt : syncsAt
  if (nextAt === undefined) return []
  const waiting = windows
    .filter((window) => window.round !== undefined && isToResume(state, window))
    .map(({ windowId }) => windowId)
  return waiting.length === 0 && nextAt === state.syncsAt ? [] : [roundAt(state, finalisedAt, nextAt, waiting)]
}

const isToResume = (state: Present, window: WindowPresent): boolean =>
  window._tag === "Blocked" || (state._tag === "Cancelled" && !isOver(window))

/** A later plan adds the days that are missing and takes up what was blocked; what is loaded stays. */
const extend = (state: Present, command: Of<"Plan">) => {
  const ofRounds = rounds(state, command)
  // The very plan that was made last.
  if (state._tag !== "Cancelled" && DateTime.Equivalence(command.finalisedAt, state.extendedAt ?? state.finalisedAt)) {
    return happened<Event>(...ofRounds)
  }
  const added = missingOf(command.windows, command.sources, command.today)
  const blocked = command.windows.filter((window) => window.round === undefined && isToResume(state, window))
  const affected = [...added, ...blocked]
  if (affected.length === 0) return happened<Event>(...ofRounds)
  // A promise that is still open keeps its deadline; one that was kept or cancelled is made anew.
  const owed = state._tag === "Cancelled" ? [] : state.promises.filter(({ completedAt }) => completedAt === undefined)
  const anew = command.sources.filter(({ dataClass }) => !owed.some((promise) => promise.dataClass === dataClass))
  const promises = promisesFor(affected, anew, command.finalisedAt)
  const extended: Event = {
    _tag: "BackfillExtended",
    backfillId: state.id,
    windows: added,
    promises,
    at: command.finalisedAt,
    retried: blocked.map(({ windowId }) => windowId)
  }
  return happened<Event>(extended, ...ofRounds)
}

/** A round that comes too soon was planned before: another job of the same round was faster. */
const sync = (state: Present, command: Of<"Sync">) => {
  const { at, isHeld, since, sources, timeZone, windows } = command
  const { connectionId, syncsAt } = state
  const nextAt = nextRound(sources, { connectionId, timeZone }, at)
  if (nextAt === undefined || syncsAt === undefined || DateTime.isLessThan(at, syncsAt)) return nothing
  if (isHeld) return happened<Event>(roundAt(state, at, nextAt))
  const planned = due(sources, { connectionId, timeZone, windows, since, at })
  const retried = overdue(windows, at).map(({ windowId }) => windowId)
  return happened<Event>({ ...roundAt(state, at, nextAt, retried), windows: planned })
}

/** What waits for a person is asked for again; a repeat finds nothing that waits, and changes nothing. */
const retry = ({ connectionId }: Present, { at, dataClass, windows }: Of<"Retry">) => {
  const retried = windows
    .filter((window) => window._tag === "Blocked" && (dataClass === undefined || window.dataClass === dataClass))
    .map(({ windowId }) => windowId)
  return retried.length === 0 ? nothing : happened<Event>({ _tag: "LoadRetried", connectionId, retried, at })
}

const checkDeadline = (state: Present, { at, dataClass }: Of<"CheckDeadline">) => {
  const promise = state.promises.find((candidate) => candidate.dataClass === dataClass)
  if (promise === undefined || promise.completedAt !== undefined || promise.missedAt !== undefined) return nothing
  return DateTime.isGreaterThanOrEqualTo(at, promise.dueAt)
    ? happened<Event>({ _tag: "DeadlineMissed", connectionId: state.connectionId, dataClass, dueAt: promise.dueAt, at })
    : nothing
}

const checkSync = (
  state: Extract<State, { readonly _tag: "Running" }>,
  { at, tallies }: Of<"CheckSync">,
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

const planFirst = (
  _: Extract<State, { readonly _tag: "Absent" }>,
  { backfill, finalisedAt, sources, syncsAt, today }: Of<"Plan">
) => {
  const cut = missingOf([], sources, today)
  const { connectionId } = backfill
  const promises = promisesFor(cut, sources, finalisedAt)
  return happened<Event>(
    { _tag: "BackfillPlanned", ...backfill, finalisedAt, windows: cut, promises },
    ...(cut.length > 0 ? [] : [{ _tag: "BackfillCompleted", connectionId, at: finalisedAt } as const]),
    ...(syncsAt === undefined ? [] : [roundAt({ connectionId }, finalisedAt, syncsAt)])
  )
}

/** Decides what a load's command leads to. Repeating a report changes nothing. */
export const decide = deciderWith<State, Command, Event, Catalogue>(
  standard,
  {
    Absent: { Plan: planFirst },
    Running: {
      Plan: extend,
      Retry: retry,
      Sync: sync,
      Settle: settle,
      CheckDeadline: checkDeadline,
      CheckSync: checkSync,
      Cancel: (_, { at }) => happened<Event>({ _tag: "BackfillCancelled", at })
    },
    Complete: {
      Plan: extend,
      Retry: retry,
      Sync: sync,
      Settle: () => nothing,
      CheckDeadline: () => nothing,
      CheckSync: () => nothing,
      Cancel: () => nothing
    },
    Cancelled: {
      Plan: extend,
      Sync: () => nothing,
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
