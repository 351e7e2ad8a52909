import { Backfill, type Window } from "@portolan/domain"
import { Effect } from "effect"
import type { Versioned } from "../../../driven/Repository.ts"
import { type DecidedOn, decideOptional } from "../../shared/change.ts"

/** Decides on the windows of a load what was decided on the load asks of them. */
export const decideWindows = Effect.fnUntraced(function* (
  { events, next }: DecidedOn<"backfill">,
  windows: ReadonlyArray<Versioned<Window.Present>>
) {
  if (next._tag === "Absent") return []
  const known = new Map(windows.map((window) => [window.state.id, window]))
  return yield* Effect.forEach(
    events.flatMap((event) => Backfill.windowCommands(next, event)),
    ({ command, id }) => decideOptional("window", id, known.get(id), command)
  )
})
