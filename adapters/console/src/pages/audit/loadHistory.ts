/** What happened to a load, told in sentences. */
import { type Backfill, DataClass, type Window } from "@portolan/domain"
import { words } from "../../messages/words.ts"
import { absolute } from "../../page/format.ts"
import { act, good, idle, info, type Line, step } from "./line.ts"

const classes = (promises: ReadonlyArray<{ readonly dataClass: DataClass.DataClass }>) =>
  promises.length === 0
    ? words.history.nothingToLoad
    : promises.map(({ dataClass }) => DataClass.label(dataClass)).join(", ")

/** The sentence of each kind of event of a load. */
export const loadLines: {
  readonly [T in Backfill.Event["_tag"]]: (event: Extract<Backfill.Event, { readonly _tag: T }>) => Line
} = {
  BackfillPlanned: ({ promises }) => info(words.history.loadPlanned, classes(promises)),
  BackfillExtended: ({ promises }) => info(words.history.loadExtended, classes(promises)),
  RoundPlanned: ({ windows }) =>
    step(words.history.roundPlanned, words.history.rangesOfDays({ quantity: windows.length })),
  LoadRetried: ({ retried }) =>
    info(words.history.loadRetried, words.history.windowsRetried({ quantity: retried.length })),
  ClassCompleted: ({ dataClass }) => good(words.history.classComplete({ dataClass: DataClass.label(dataClass) })),
  DeadlineMissed: ({ dataClass, dueAt }) =>
    act(
      words.history.classOverdue({ dataClass: DataClass.label(dataClass) }),
      words.history.promisedFor({ at: absolute(dueAt) })
    ),
  LoadOverdue: () => act(words.history.loadOverdue, words.history.loadOverdueHint),
  LoadCaughtUp: () => good(words.history.caughtUp),
  BackfillCompleted: () => good(words.shared.firstLoadComplete),
  BackfillCancelled: () => idle(words.shared.firstLoadStopped)
}

/** The sentence of each kind of event of a window. */
export const windowLines: {
  readonly [T in Window.Event["_tag"]]: (event: Extract<Window.Event, { readonly _tag: T }>) => Line
} = {
  WindowPlanned: ({ dataClass }) => info(words.history.daysPlanned({ dataClass: DataClass.label(dataClass) })),
  WindowRequested: () => step(words.history.daysRequested),
  WindowRestarted: ({ reason }) => step(words.history.daysAskedAnew, reason),
  WindowResumed: ({ reason }) => step(words.history.daysTakenUp, reason),
  WindowRefused: ({ refusals }) => step(words.history.daysRefused, refusals.detail),
  WindowLookedEmpty: ({ emptyLooks }) => step(words.history.daysLookedEmpty, emptyLooks.how),
  WindowLoaded: ({ dataClass, rows }) =>
    step(words.history.daysLoaded({ dataClass: DataClass.label(dataClass) }), words.history.rows({ quantity: rows })),
  WindowSkipped: ({ dataClass, reason }) =>
    idle(words.history.daysLeftOut({ dataClass: DataClass.label(dataClass) }), reason),
  WindowBlocked: ({ reason }) => act(words.history.loadBlocked, reason)
}
