/** What the commands of a window lead to. */
import * as DateTime from "effect/DateTime"
import { given } from "../../kernel/given.ts"
import { decider, type Decision, happened, isRepeat, nothing } from "../../kernel/Machine.ts"
import { say } from "../../messages/Messages.ts"
import { impossible } from "../../messages/Refusal.ts"
import { isProvenEmpty, nextAttempt } from "./patience.ts"
import type { Command, Event, Open, State } from "./state.ts"

type Of<Tag extends Command["_tag"]> = Extract<Command, { readonly _tag: Tag }>

const request = (state: Open, { at, ticket }: Of<"Request">): Decision<Event> =>
  state._tag === "Requested" && state.ticket === ticket
    ? nothing
    : happened<Event>({ _tag: "WindowRequested", windowId: state.windowId, ticket, at })

const restart = ({ windowId }: Open, { at, reason }: Of<"Restart">): Decision<Event> =>
  happened<Event>({ _tag: "WindowRestarted", windowId, reason, at })

const resume = (state: Open, { at, reason }: Of<"Resume">): Decision<Event> =>
  state._tag === "Waiting" && DateTime.Equivalence(at, state.startedAt)
    ? nothing
    : happened<Event>({ _tag: "WindowResumed", windowId: state.windowId, reason, at })

const block = (state: Open, { at, reason }: Pick<Of<"Block">, "at" | "reason">): Decision<Event> =>
  state._tag === "Blocked" && state.reason === reason
    ? nothing
    : happened<Event>({ _tag: "WindowBlocked", windowId: state.windowId, reason, at })

/** The refusal after which no attempt is left blocks the window: a person must act. */
const refuse = ({ refusals: earlier, windowId }: Open, { at, detail, words }: Of<"Refuse">): Decision<Event> => {
  if (isRepeat(at, earlier?.latest)) return nothing
  const refusals = {
    count: (earlier?.count ?? 0) + 1,
    since: earlier?.since ?? at,
    latest: at,
    detail,
    ...given({ words })
  }
  const refused: Event = { _tag: "WindowRefused", windowId, refusals, at }
  return nextAttempt(refusals) === undefined
    ? happened<Event>(refused, { _tag: "WindowBlocked", windowId, reason: detail, at })
    : happened<Event>(refused)
}

const lookEmpty = (
  { dataClass, emptyLooks: earlier, windowId }: Open,
  { at, how, rows = 0 }: Of<"LookEmpty">
): Decision<Event> => {
  if (isRepeat(at, earlier?.latest)) return nothing
  if (isProvenEmpty(earlier, at)) {
    return happened<Event>({ _tag: "WindowLoaded", windowId, dataClass, rows, at, isConfirmedEmpty: true })
  }
  const emptyLooks = { count: (earlier?.count ?? 0) + 1, since: earlier?.since ?? at, latest: at, how }
  return happened<Event>({ _tag: "WindowLookedEmpty", windowId, emptyLooks, at })
}

const load = ({ dataClass, windowId }: Open, { at, quarantined, rows }: Of<"Load">): Decision<Event> =>
  happened<Event>({ _tag: "WindowLoaded", windowId, dataClass, rows, at, ...given({ quarantined }) })

const skip = ({ dataClass, windowId }: Open, { at, reason }: Of<"Skip">): Decision<Event> =>
  happened<Event>({ _tag: "WindowSkipped", windowId, dataClass, reason, at })

const whileOpen = {
  Plan: () => nothing,
  Request: request,
  Restart: restart,
  Resume: resume,
  Refuse: refuse,
  LookEmpty: lookEmpty,
  Load: load,
  Skip: skip,
  Block: block
}

const over = () => nothing

const onceOver = {
  Plan: over,
  Request: over,
  Restart: over,
  Resume: over,
  Refuse: over,
  LookEmpty: over,
  Load: over,
  Skip: over,
  Block: over
}

/** Decides what a window's command leads to. What is over stays over; repeating a report changes nothing. */
export const decide = decider<State, Command, Event>(
  {
    Absent: {
      Plan: (_, { window: { emptyLooks: _looks, refusals: _refusals, ...window } }) =>
        happened<Event>({ _tag: "WindowPlanned", ...window })
    },
    Waiting: { ...whileOpen, Restart: () => nothing },
    Requested: whileOpen,
    Blocked: { ...whileOpen, Refuse: () => nothing },
    Loaded: onceOver,
    Skipped: onceOver
  },
  impossible("Window", {
    Absent: say("backfill.read-ledger"),
    Waiting: say("backfill.wait-for-windows"),
    Requested: say("backfill.wait-for-windows"),
    Blocked: say("backfill.connect-again"),
    Loaded: say("step.nothing"),
    Skipped: say("step.nothing")
  })
)
