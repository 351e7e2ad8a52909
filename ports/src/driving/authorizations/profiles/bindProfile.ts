/** The change that binds a profile to an account. */
import {
  Account,
  type Actor,
  type Aggregate,
  Channel,
  Connection,
  given,
  Identity,
  Messages,
  Profile,
  Refusal
} from "@portolan/domain"
import { DateTime, Effect } from "effect"
import { CurrentCatalogue } from "../../../driven/CurrentCatalogue.ts"
import type { Versioned } from "../../../driven/Repository.ts"
import { assertUnchanged, type Decided, type Decision, decideOn } from "../../shared/change.ts"
import type { Deps } from "../../shared/deps.ts"
import { forEachSideBySide } from "../../shared/sideBySide.ts"
import { moves } from "./obstacles.ts"
import type { Surroundings } from "./surroundings.ts"

/** What is bound to a connection, and how. */
export interface Binding {
  readonly grant: Versioned<Aggregate.Present<"grant">>
  readonly profile: Profile.Candidate
  /** Whether an earlier login stays as one to fall back to (rule S-R7). */
  readonly keepsReplaced: boolean
  readonly at: DateTime.Utc
  readonly by: Actor.Actor
}

/** The link of a grant and a profile. */
export const linkOf = (
  { expiresAt, id: grantId, identity }: Aggregate.Present<"grant">,
  profile: Profile.Candidate,
  linkedAt: DateTime.Utc,
  linkedBy: Actor.Actor
): Connection.Link =>
  given({ grantId, profile, permission: Profile.permissionOf(profile), linkedAt, linkedBy, expiresAt, identity })

const refusal = (detail: Messages.Message, nextStep: Messages.Message) =>
  Refusal.make("Connection", "Link", "not-possible-now", { detail, nextStep })

/** Refuses to bind with a consent that is over, or to an account that is removed or being erased. */
const requireBindable = Effect.fnUntraced(function* (account: Account.Present, { at, grant }: Binding) {
  if (grant.state._tag !== "Active")
    return yield* refusal(Messages.say("authorization.consent-over"), Messages.say("authorization.authorize-again"))
  yield* Effect.fromResult(Account.inUse(account, "Connection", "Link"))
  // What is loaded during an erasure could be erased again, and would still count as loaded.
  if (account.deletion !== undefined && DateTime.isGreaterThanOrEqualTo(at, account.deletion.dueAt)) {
    return yield* refusal(
      Messages.say("authorization.data-being-erased"),
      Messages.say("authorization.wait-for-erasure")
    )
  }
})

/** Decides to move an account, and its other connections, from the country of a connection to that of the profile. */
const moveAccount = Effect.fnUntraced(function* (
  { repository }: Deps<"repository">,
  { account, connections, version }: Surroundings,
  own: Connection.Present,
  to: Profile.Key["marketplaceId"]
) {
  const from = own.marketplaceId
  const command = { _tag: "ChangeMarketplace", from, to, connected: 0 } as const
  const decided: Array<Decided> = [yield* decideOn("account", { state: account, version }, command)]
  const others = connections.filter((other) => other.id !== own.id && other.marketplaceId === from)
  const siblings = yield* forEachSideBySide(others, ({ id }) =>
    repository.find("connection", account.organizationId, id)
  )
  for (const sibling of siblings) decided.push(yield* decideOn("connection", sibling, { _tag: "Move", to }))
  return decided
})

/**
 * Decides that a connection of the same organization gives the profile up which it holds by a claim alone: the consent
 * that is bound now proved to be the seller's. Other organizations have no part in it; a claim there keeps nobody out.
 */
const displaceClaim = Effect.fnUntraced(function* (
  { repository }: Deps<"repository">,
  { channel, id, organizationId }: Connection.Present,
  { at, grant, profile }: Binding
) {
  const isProof = Channel.claimsIdentity(channel, yield* CurrentCatalogue) && Identity.isExclusive(grant.state.identity)
  if (!isProof) return []
  const [held] = yield* repository.holders(organizationId, [profile.key])
  if (held === undefined || held.connectionId === id) return []
  const other = yield* repository.find("connection", organizationId, held.connectionId)
  if (!Connection.isLinked(other.state) || Identity.isExclusive(other.state.link.identity)) return []
  const { grantId } = other.state.link
  return [yield* decideOn("connection", other, { _tag: "LoseGrant", grantId, loss: "identity-taken", at })]
})

/**
 * Decides what binding changes: the connection, and where the account moves with it, the account and its other
 * connections. The change holds only while the account and the grant are as they were read: removing the one or ending
 * the other meanwhile rules it out. Gives the connection as it is then.
 */
export const bindProfile = Effect.fnUntraced(function* (
  deps: Deps<"repository">,
  around: Surroundings,
  own: Versioned<Connection.Present>,
  binding: Binding
) {
  const { at, by, grant, keepsReplaced, profile } = binding
  const { account, version } = around
  yield* requireBindable(account, binding)
  const to = profile.key.marketplaceId
  const isMoved = moves(around, own.state, profile)
  const ofAccount = isMoved
    ? yield* moveAccount(deps, around, own.state, to)
    : [assertUnchanged("account", account.id, { state: account, version })]
  const link: Connection.Command = { _tag: "Link", link: linkOf(grant.state, profile, at, by), keepsReplaced }
  const connection = isMoved
    ? yield* decideOn("connection", own, { _tag: "Move", to }, link)
    : yield* decideOn("connection", own, link)
  return {
    decided: [
      assertUnchanged("grant", grant.state.id, grant),
      ...ofAccount,
      ...(yield* displaceClaim(deps, own.state, binding)),
      connection
    ],
    result: connection.next as Connection.Present
  } satisfies Decision<Connection.Present>
})
