import type { Access, Id } from "@portolan/domain"
import { Effect } from "effect"
import * as AccessScope from "../shared/AccessScope.ts"
import { change, on } from "../shared/change.ts"
import type { ChangeDeps } from "../shared/deps.ts"
import { withSurroundings } from "./connectionView.ts"

const command = Effect.fnUntraced(function* (
  deps: ChangeDeps,
  caller: Access.Caller,
  id: Id.ConnectionId,
  tag: "Pause" | "Resume"
) {
  const read = AccessScope.connection(deps, caller, "administer", id)
  const [connection] = yield* change(deps, caller, [
    on("connection", read, (at) => ({ _tag: tag, at, by: caller.actor }))
  ])
  return yield* withSurroundings(deps, connection)
})

/** Fetches nothing of a connection until it is resumed; consent, profile and data stay (rule P-R19). */
export const pause = Effect.fn("Connections.pause")((deps: ChangeDeps, caller: Access.Caller, id: Id.ConnectionId) =>
  command(deps, caller, id, "Pause")
)

/** Fetches again, and also what was missed since the pause. */
export const resume = Effect.fn("Connections.resume")((deps: ChangeDeps, caller: Access.Caller, id: Id.ConnectionId) =>
  command(deps, caller, id, "Resume")
)
