import type { Access, Id } from "@portolan/domain"
import { Effect } from "effect"
import * as AccessScope from "../../shared/AccessScope.ts"
import { change, on, startingFrom } from "../../shared/change.ts"
import type { ChangeDeps, Deps } from "../../shared/deps.ts"
import type { TokenDeps } from "../../tokens/AccessTokens.ts"
import { accessTo, callWithToken } from "../../tokens/callProvider.ts"
import { viewOf } from "./authorizationView.ts"

/** Shows one authorization with its choices. */
export const view = Effect.fn("PendingAuthorizations.view")(function* (
  deps: Deps<"repository">,
  caller: Access.Caller,
  id: Id.AuthorizationId
) {
  const { state } = yield* AccessScope.authorization(deps, caller, "read", id)
  return yield* viewOf(deps, caller, state)
})

/** Asks the provider again what the consent gives access to, and records it. */
export const lookAgain = Effect.fn("PendingAuthorizations.lookAgain")(function* (
  deps: ChangeDeps & TokenDeps<"provider">,
  caller: Access.Caller,
  id: Id.AuthorizationId
) {
  const { organizationId } = caller
  const read = yield* AccessScope.authorization(deps, caller, "connect", id)
  const { state } = read
  if (state._tag !== "AwaitingSelection") return yield* viewOf(deps, caller, state)
  const { state: grant } = yield* deps.repository.find("grant", organizationId, state.grantId)
  const candidates = yield* callWithToken(deps, grant, (accessToken) =>
    deps.provider.discover(accessTo(state, accessToken, grant))
  )
  const source = startingFrom(read, deps.repository.find("authorization", organizationId, id))
  const [authorization] = yield* change(deps, caller, [
    on("authorization", source, (at) => ({ _tag: "FindCandidates", candidates, at }))
  ])
  return yield* viewOf(deps, caller, authorization)
})
