/**
 * How every machine of this package is written: a table of cells, one per (state, command) pair that is possible.
 *
 * - `decide(state, command)` reads the table. An absent cell is a refusal; a cell may refuse with a better reason.
 * - `evolve(state, event)` is total: it never refuses, because an event is a fact. A fact that does not fit the state
 *   (a creation told twice, anything after the end) leaves it as it is.
 * - `react(event)` names the follow-up work as data.
 *
 * A state is the fold of its events from the initial state, which every machine calls `Absent`. A machine that needs
 * facts from outside its state, such as a catalogue, takes them as the last argument of `decide` and hands them to its
 * cells.
 */
import * as DateTime from "effect/DateTime"
import * as Result from "effect/Result"
import type { Refused } from "./Refused.ts"

/** Anything with a tag. */
export interface Tagged {
  readonly _tag: string
}

/** What a decision gives: the events that happened, or the refusal. No events means: it is so already. */
export type Decision<Event> = Result.Result<ReadonlyArray<Event>, Refused>

/** One cell per possible (state, command) pair. */
export type Table<State extends Tagged, Command extends Tagged, Event, Facts = undefined> = {
  readonly [S in State["_tag"]]: {
    readonly [C in Command["_tag"]]?: (
      state: Extract<State, { readonly _tag: S }>,
      command: Extract<Command, { readonly _tag: C }>,
      facts: Facts
    ) => Decision<Event>
  }
}

// Looking a cell up by tag loses the pairing of tag and type; methods are bivariant, which says exactly that.
type Cell<State, Command, Event, Facts> = {
  cell(state: State, command: Command, facts: Facts): Decision<Event>
}["cell"]

/**
 * Builds `decide` from a table. `impossible` gives the refusal for a pair of state and command that has no cell; it
 * says what a person can do instead (`impossible` in `messages/Refusal.ts`).
 */
export const decider = <State extends Tagged, Command extends Tagged, Event>(
  table: Table<State, Command, Event>,
  impossible: (state: State, command: Command) => Refused
): ((state: State, command: Command) => Decision<Event>) => deciderWith(undefined, table, impossible)

/** The same for a machine whose cells need facts; `usual` are those that hold when `decide` is given none. */
export const deciderWith =
  <State extends Tagged, Command extends Tagged, Event, Facts>(
    usual: Facts,
    table: Table<State, Command, Event, Facts>,
    impossible: (state: State, command: Command) => Refused
  ) =>
  (state: State, command: Command, facts: Facts = usual): Decision<Event> => {
    const cells: { readonly [C in string]?: Cell<State, Command, Event, Facts> } = table[state._tag as State["_tag"]]
    // A tag such as `valueOf` names no command, although every object has a member of that name.
    const cell = Object.hasOwn(cells, command._tag) ? cells[command._tag] : undefined
    return cell === undefined ? Result.fail(impossible(state, command)) : cell(state, command, facts)
  }

/** Folds events into a state. */
export const fold =
  <State, Event>(evolve: (state: State, event: Event) => State) =>
  (state: State, events: ReadonlyArray<Event>): State =>
    events.reduce(evolve, state)

/** These events happened. */
export const happened = <Event>(...events: ReadonlyArray<Event>): Decision<Event> => Result.succeed(events)

/** It is so already: accepted, with no event, so that a repeated command changes nothing. */
export const nothing: Decision<never> = Result.succeed([])

/**
 * Whether what is said of an instant is known already: it is the one that counted last, or an earlier one. By that a
 * machine tells a repeat from the next time, such as a mail that is sent twice.
 */
export const isRepeat = (at: DateTime.Utc, last: DateTime.Utc | undefined): boolean =>
  last !== undefined && DateTime.isLessThanOrEqualTo(at, last)
