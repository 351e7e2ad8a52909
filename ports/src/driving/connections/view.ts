import type { Access, Id } from "@portolan/domain"
import { Effect } from "effect"
import * as AccessScope from "../shared/AccessScope.ts"
import type { Deps } from "../shared/deps.ts"
import { withSurroundings } from "./connectionView.ts"

/** Reads one connection with its account and its company. */
export const view = Effect.fn("Connections.view")(function* (
  deps: Deps<"repository">,
  caller: Access.Caller,
  id: Id.ConnectionId
) {
  const { state } = yield* AccessScope.connection(deps, caller, "read", id)
  return yield* withSurroundings(deps, state)
})
