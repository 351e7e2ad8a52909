import { type Access, given, type Id } from "@portolan/domain"
import { Effect } from "effect"
import type { PageRequest } from "../../../driven/Repository.ts"
import * as AccessScope from "../../shared/AccessScope.ts"
import type { Deps } from "../../shared/deps.ts"
import { withAddress } from "./linkAddress.ts"

/** Lists links, the youngest first, of one connection or of all. */
export const list = Effect.fn("AuthLinks.list")(function* (
  deps: Deps<"repository">,
  caller: Access.Caller,
  connectionId: Id.ConnectionId | undefined,
  page: PageRequest
) {
  yield* AccessScope.check(caller, "read")
  const filter = { ...given({ connectionId }), ...(yield* AccessScope.limited(deps, caller)) }
  return yield* deps.repository.invitations(caller.organizationId, filter, page)
})

/** Shows a link with its address, to copy it again. */
export const view = Effect.fn("AuthLinks.view")(function* (
  deps: Deps<"deployment" | "repository" | "secrets">,
  caller: Access.Caller,
  invitationId: Id.InvitationId
) {
  const { state } = yield* AccessScope.invitation(deps, caller, "connect", invitationId)
  return yield* withAddress(deps, state)
})
