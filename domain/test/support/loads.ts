/**
 * Loads with their windows, put together as a worker does: a plan asks its windows, a window that ends settles its class
 * when it was the last one.
 */
import { Backfill, type DataClass, type Refused, Window } from "@portolan/domain"
import { Arbitrary, type DateTime, Result } from "effect"

/** A load with its windows, in the order in which they were planned. */
export type Load =
  | Extract<Backfill.State, { readonly _tag: "Absent" }>
  | (Backfill.Present & { readonly windows: ReadonlyArray<Window.Present> })

type Bare<C> = C extends { readonly _tag: "Plan" | "Retry" | "Sync" }
  ? Omit<C, "windows">
  : C extends { readonly _tag: "CheckSync" }
    ? Omit<C, "tallies">
    : C extends { readonly _tag: "Settle" }
      ? never
      : C

type OfWindow<C> = C extends { readonly _tag: "Plan" | "Resume" } ? never : C & { readonly windowId: Window.WindowId }

/** What can be asked of a load, or of one of its windows; the facts are the load's own. */
export type Command = Bare<Backfill.Command> | OfWindow<Window.Command>

/** One step of a story. */
export interface Step {
  readonly before: Load
  readonly command: Command
  readonly events: ReadonlyArray<Backfill.Event | Window.Event>
  readonly refused?: Refused.Refused
  readonly after: Load
}

/** No load yet. */
export const initial: Load = { _tag: "Absent" }

/** The windows of a load. */
export const windowsOf = (load: Load): ReadonlyArray<Window.Present> => (load._tag === "Absent" ? [] : load.windows)

/** What the windows of a load add up to. */
export const talliesOf = (load: Load) => Window.tallies(windowsOf(load))

const bare = (load: Load): Backfill.State => {
  if (load._tag === "Absent") return load
  const { windows: _windows, ...state } = load
  return state
}

const apply = (load: Load, event: Backfill.Event): Load => {
  const state = Backfill.evolve(bare(load), event)
  if (state._tag === "Absent") return state
  let windows = windowsOf(load)
  for (const { command, id } of Backfill.windowCommands(state, event)) {
    const known = windows.find((window) => window.id === id)
    const events = Result.getOrThrow(Window.decide(known ?? Window.initial, command))
    const next = Window.replay(known ?? Window.initial, events)
    if (next._tag === "Absent") throw new Error("a window went away")
    windows = known === undefined ? [...windows, next] : windows.map((window) => (window.id === id ? next : window))
  }
  return { ...state, windows }
}

const onLoad = (load: Load, command: Backfill.Command) => {
  const decided = Backfill.decide(bare(load), command)
  return Result.isFailure(decided)
    ? { refused: decided.failure, events: [], after: load }
    : { events: decided.success, after: decided.success.reduce(apply, load) }
}

const onWindow = (load: Load, windowId: Window.WindowId, command: Window.Command) => {
  const window = windowsOf(load).find((one) => one.windowId === windowId)
  // A worker leaves alone what is not planned, and what is of a load that does not run.
  if (load._tag === "Absent" || load._tag === "Cancelled" || window === undefined) return { events: [], after: load }
  const decided = Window.decide(window, command)
  if (Result.isFailure(decided)) return { refused: decided.failure, events: [], after: load }
  const next = Window.replay(window, decided.success)
  const windows = load.windows.map((one) => (one === window && next._tag !== "Absent" ? next : one))
  const after = { ...load, windows }
  if (decided.success.length === 0 || !Window.isOver(windows.find(({ id }) => id === window.id) ?? window)) {
    return { events: decided.success, after }
  }
  const settled = settle(after, window.dataClass, "at" in command ? command.at : undefined)
  return { events: [...decided.success, ...settled.events], after: settled.after }
}

const settle = (load: Load, dataClass: DataClass.DataClass, at: DateTime.Utc | undefined) => {
  const open = talliesOf(load).flatMap((one) => (one.open > 0 ? [one.dataClass] : []))
  return open.includes(dataClass) || at === undefined
    ? { events: [], after: load }
    : onLoad(load, { _tag: "Settle", open, at })
}

const step = (load: Load, command: Command) => {
  if ("windowId" in command) {
    const { windowId, ...rest } = command
    return onWindow(load, windowId, rest)
  }
  if (command._tag === "Plan" || command._tag === "Retry") return onLoad(load, { ...command, windows: windowsOf(load) })
  if (command._tag === "Sync") {
    const windows = windowsOf(load).filter((window) => window.until > command.since || Window.isOpen(window))
    return onLoad(load, { ...command, windows })
  }
  if (command._tag === "CheckSync") return onLoad(load, { ...command, tallies: talliesOf(load) })
  return onLoad(load, command)
}

/** Carries out commands, one after the other. Refused ones change nothing and stay in the story. */
export const tell = (commands: ReadonlyArray<Command>, from: Load = initial): ReadonlyArray<Step> => {
  const steps: Array<Step> = []
  let before = from
  for (const command of commands) {
    const done = step(before, command)
    steps.push({ before, command, ...done })
    before = done.after
  }
  return steps
}

/** The load after all commands. */
export const after = (...commands: ReadonlyArray<Command>): Load => tell(commands).at(-1)?.after ?? initial

/** Histories that begin with a plan and go on with up to `length` commands. */
export const stories = (
  creation: Arbitrary.Arbitrary<Command>,
  command: Arbitrary.Arbitrary<Command>,
  length: number
): Arbitrary.Arbitrary<ReadonlyArray<Step>> =>
  Arbitrary.map(Arbitrary.all([creation, Arbitrary.array(command, { maxLength: length })]), ([first, rest]) =>
    tell([first, ...rest])
  )
