import { type Access, Effects, type Id } from "@portolan/domain"
import { Effect } from "effect"
import { CurrentCatalogue } from "../../driven/CurrentCatalogue.ts"
import * as AccessScope from "../shared/AccessScope.ts"
import type { Deps } from "../shared/deps.ts"

/** Says what a command would do, for a page that asks for confirmation (rule C14). Changes nothing. */
export const effects = Effect.fn("Connections.effects")(function* (
  deps: Deps<"repository">,
  caller: Access.Caller,
  id: Id.ConnectionId,
  command: Parameters<typeof Effects.ofConnection>[0]
) {
  const { state } = yield* AccessScope.connection(deps, caller, "administer", id)
  return Effects.ofConnection(command, state, yield* CurrentCatalogue)
})
