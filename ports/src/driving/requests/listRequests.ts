import type { Access, Id, Invitation } from "@portolan/domain"
import { Effect } from "effect"
import type { PageRequest } from "../../driven/Repository.ts"
import * as AccessScope from "../shared/AccessScope.ts"
import type { Deps } from "../shared/deps.ts"
import { readRequest, requestView } from "./requestView.ts"
import { forEachSideBySide } from "../shared/sideBySide.ts"

/** Lists requests, the youngest first. */
export const list = Effect.fn("Requests.list")(function* (
  deps: Deps<"repository">,
  caller: Access.Caller,
  filter: { readonly states?: ReadonlyArray<Invitation.Present["_tag"]>; readonly connectionId?: Id.ConnectionId },
  page: PageRequest
) {
  yield* AccessScope.check(caller, "read")
  const limited = { ...filter, requests: true, ...(yield* AccessScope.limited(deps, caller)) }
  const found = yield* deps.repository.invitations(caller.organizationId, limited, page)
  return { ...found, items: yield* forEachSideBySide(found.items, (link) => requestView(deps, link)) }
})

/** Reads one request. */
export const view = Effect.fn("Requests.view")((deps: Deps<"repository">, caller: Access.Caller, id: Id.InvitationId) =>
  readRequest(deps, caller, id)
)
