import type { Access, Id } from "@portolan/domain"
import { Effect } from "effect"
import type { PageRequest } from "../../driven/Repository.ts"
import * as AccessScope from "../shared/AccessScope.ts"
import type { Deps } from "../shared/deps.ts"

/** The most authorizations of a connection whose events are part of its history, the youngest first. */
const authorizationsInHistory = 20

/** Reads the events of a connection, of its latest authorizations and of its first load, the youngest first. */
export const history = Effect.fn("Connections.history")(function* (
  { eventLog, repository }: Deps<"eventLog" | "repository">,
  caller: Access.Caller,
  id: Id.ConnectionId,
  page: PageRequest
) {
  const { organizationId } = caller
  yield* AccessScope.connection({ repository }, caller, "read", id)
  const { items } = yield* (
    repository
      .authorizations(organizationId, { connectionId: id }, { limit: authorizationsInHistory })
      // A first page has no cursor that could be invalid.
      .pipe(Effect.catchTag("InvalidCursor", Effect.die))
  )
  const backfills = yield* repository.backfillOf(organizationId, id).pipe(
    Effect.map(({ state }) => [state.id]),
    Effect.catchTag("NotFound", () => Effect.succeed([]))
  )
  return yield* eventLog.of(organizationId, [id, ...items.map((authorization) => authorization.id), ...backfills], page)
})
