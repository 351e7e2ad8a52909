/** Asking again who a consent is of, while nothing proves it. */
import { type Aggregate, Channel, Connection, given, type Id, Identity } from "@portolan/domain"
import { DateTime, Effect } from "effect"
import { CurrentCatalogue } from "../../../driven/CurrentCatalogue.ts"
import type { Access } from "../../../driven/ProviderApi.ts"
import { change, type ChangeContext, on } from "../../shared/change.ts"
import type { ChangeDeps } from "../../shared/deps.ts"
import type { TokenDeps } from "../../tokens/AccessTokens.ts"
import { accessTo, callWithToken } from "../../tokens/callProvider.ts"
import { surroundings } from "../profiles/surroundings.ts"
import { askIdentity } from "./askIdentity.ts"
import { judgeConsent, type Shown } from "./judgeConsent.ts"

/** A consent whose giver is asked about, and the connection that the question is for. */
export interface Subject {
  readonly grant: Aggregate.Present<"grant">
  readonly accountId: Id.AccountId
  readonly connectionId: Id.ConnectionId
  /** What the consent shows now. */
  readonly candidates: Shown["candidates"]
  readonly access: Omit<Access, "accessToken" | "grantor" | "grantId">
}

/**
 * Asks the provider again who a consent is of, and puts the judgement on record, with the consent and with every
 * connection that lives on it. The provider is not asked where it has proven it, nor where it lists the profiles
 * itself.
 * Gives whether the provider says that the consent is of somebody else than it names; then nothing is recorded.
 */
export const reviewIdentity = Effect.fn("PendingAuthorizations.reviewIdentity")(function* (
  deps: ChangeDeps & TokenDeps<"provider">,
  context: ChangeContext,
  { access, accountId, candidates, connectionId, grant }: Subject
) {
  const { channel, grantor, identity: known, organizationId } = grant
  if (grant._tag !== "Active" || !Channel.claimsIdentity(channel, yield* CurrentCatalogue)) return false
  if (Identity.isExclusive(known)) {
    yield* judgeConnections(deps, context, grant.id, known)
    return false
  }
  const answer = yield* callWithToken(deps, grant, (accessToken) =>
    askIdentity(deps, accessTo(access, accessToken, grant))
  )
  const around = yield* surroundings(deps, organizationId, accountId)
  const own = around.connections.find(({ id }) => id === connectionId)
  if (own === undefined) return false
  const identity = judgeConsent(around, own, given({ grantor, answer, candidates }), yield* DateTime.now)
  if (identity === undefined) return true
  yield* change(deps, context, [on("grant", grant.id, { _tag: "JudgeIdentity", identity })])
  yield* judgeConnections(deps, context, grant.id, identity)
  return false
})

/**
 * Puts a judgement on every connection of a grant. One whose profile another organization holds by a proof of its own
 * stays a claim: it works on, and is judged again with the next look.
 */
export const judgeConnections = Effect.fnUntraced(function* (
  deps: ChangeDeps,
  context: ChangeContext,
  grantId: Aggregate.Present<"grant">["id"],
  identity: Identity.Identity | undefined
) {
  if (identity === undefined) return
  const connections = yield* deps.repository.connectionsOfGrant(context.organizationId, grantId)
  yield* Effect.forEach(connections, ({ state: { id } }) =>
    change(deps, context, [
      on("connection", id, (_, state) =>
        Connection.isLinked(state) ? { _tag: "JudgeIdentity", grantId, identity } : []
      )
    ]).pipe(
      Effect.catchTag("ProfileTaken", () =>
        Effect.logWarning("a proven profile is held by a proof of another organization", id)
      )
    )
  )
})
