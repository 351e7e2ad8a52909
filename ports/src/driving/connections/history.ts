import type { Access, Id } from "@portolan/domain"
import { Effect } from "effect"
import type { TokenRead } from "../../driven/AuditLog.ts"
import type { Page, PageRequest } from "../../driven/Repository.ts"
import * as AccessScope from "../shared/AccessScope.ts"
import type { Deps } from "../shared/deps.ts"
import { sideBySide } from "../shared/sideBySide.ts"

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
  const check = AccessScope.connection({ repository }, caller, "read", id)
  const authorizations = repository
    .authorizations(organizationId, { connectionId: id }, { limit: authorizationsInHistory })
    // A first page has no cursor that could be invalid.
    .pipe(Effect.catchTag("InvalidCursor", Effect.die))
  const loads = repository.backfillOf(organizationId, id).pipe(
    Effect.map(({ state }) => [state.id]),
    Effect.catchTag("NotFound", () => Effect.succeed([]))
  )
  const [, { items }, backfills] = yield* sideBySide(check, authorizations, loads)
  return yield* eventLog.of(organizationId, [id, ...items.map((authorization) => authorization.id), ...backfills], page)
})

/**
 * Reads of the tokens of a connection's consent, the youngest first: those for this connection, and those for no
 * certain one. A connection without a consent has none.
 */
export const tokenReads = Effect.fn("Connections.tokenReads")(function* (
  { auditLog, repository }: Deps<"auditLog" | "repository">,
  caller: Access.Caller,
  id: Id.ConnectionId,
  page: PageRequest
) {
  const { state } = yield* AccessScope.connection({ repository }, caller, "read", id)
  const grantId = "link" in state ? state.link.grantId : undefined
  if (grantId === undefined) return { items: [] } satisfies Page<TokenRead>
  return yield* auditLog.tokenReads(caller.organizationId, { reference: grantId, connectionId: id }, page)
})
