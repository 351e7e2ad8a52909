import { type Access, type Id, Messages } from "@portolan/domain"
import { Effect } from "effect"
import * as AccessScope from "../../shared/AccessScope.ts"
import { change, decideAndCommit, on, startingFrom } from "../../shared/change.ts"
import type { ChangeDeps, Deps } from "../../shared/deps.ts"
import type { TokenDeps } from "../../tokens/AccessTokens.ts"
import { accessTo, callWithToken } from "../../tokens/callProvider.ts"
import { reviewIdentity } from "../identity/reviewIdentity.ts"
import { viewOf } from "./authorizationView.ts"
import { dismissConsent } from "./dismissConsent.ts"

/** Shows one authorization with its choices. */
export const view = Effect.fn("PendingAuthorizations.view")(function* (
  deps: Deps<"repository">,
  caller: Access.Caller,
  id: Id.AuthorizationId
) {
  const { state } = yield* AccessScope.authorization(deps, caller, "read", id)
  return yield* viewOf(deps, caller, state)
})

/**
 * Asks the provider again what the consent gives access to, and who it is of while nothing proves that, and records it.
 * A consent that turns out to be of somebody else is dropped.
 */
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
  const isContradicted = yield* reviewIdentity(deps, caller, {
    grant,
    accountId: state.accountId,
    connectionId: state.connectionId,
    candidates,
    access: state
  })
  if (isContradicted) {
    const because = Messages.text("authorization.of-somebody-else")
    const again = deps.repository.find("authorization", organizationId, id)
    const dismissed = yield* decideAndCommit(deps, caller, (context) =>
      Effect.flatMap(again, (waiting) => dismissConsent(deps, context, waiting, because))
    )
    return yield* viewOf(deps, caller, dismissed)
  }
  const source = startingFrom(read, deps.repository.find("authorization", organizationId, id))
  const [authorization] = yield* change(deps, caller, [
    on("authorization", source, (at) => ({ _tag: "FindCandidates", candidates, at }))
  ])
  return yield* viewOf(deps, caller, authorization)
})
