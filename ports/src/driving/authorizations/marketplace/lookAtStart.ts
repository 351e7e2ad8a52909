/** Which accounts of an organization a consent that began at the marketplace may be for. */
import { Access, type Account, Channel, Connection, given, Identity, Profile } from "@portolan/domain"
import { Effect } from "effect"
import { CurrentCatalogue } from "../../../driven/CurrentCatalogue.ts"
import { pageLimit } from "../../../driven/Repository.ts"
import * as AccessScope from "../../shared/AccessScope.ts"
import type { Deps } from "../../shared/deps.ts"
import { readStart } from "./StartUnacceptable.ts"

/** A connection that a consent may be for, with its account. */
export interface StartTarget {
  readonly account: Account.Present
  readonly connection: Connection.Present
}

/** A consent that began at the marketplace, as a member of one organization may see it. */
export interface StartView {
  readonly channel: Channel.Channel
  /** The seller that the provider names; a claim, until the consent is proven. Absent where it names none. */
  readonly grantor?: string
  /** Whether the provider says that it tests an application that is not published. */
  readonly isDraft: boolean
  /**
   * What is bound to this seller by a proof or by a confirmation: the consent renews it. One connection an account, the
   * one that needs a consent most. Empty for a seller that is bound nowhere, or in another organization only: both look
   * the same.
   */
  readonly renewable: ReadonlyArray<StartTarget>
  /**
   * What is bound to this seller by a claim alone, and what is bound to nobody yet; where no seller is named, whatever
   * is bound as well.
   */
  readonly others: ReadonlyArray<StartTarget>
  /** Whether there are more of those than are listed. */
  readonly hasMore: boolean
}

const unbound = ["Proposed", "AwaitingSelection", "Disconnected"] as const

/** What may be meant where the provider names no seller: also what is bound, since the consent may renew any of it. */
const anyOne = [...unbound, "Connected", "Limited", "ReauthorizationNeeded"] as const

/** The keys under which a seller may be bound: one in each marketplace of the provider. */
const keysOf = Effect.fnUntraced(function* (channel: Channel.Channel, grantor: string | undefined) {
  const catalogue = yield* CurrentCatalogue
  if (grantor === undefined || !Profile.isExternalId(grantor)) return []
  return [...catalogue.marketplaces.values()]
    .filter(({ provider }) => provider === Channel.provider(channel, catalogue))
    .map(({ id, region }): Profile.Key => ({ channel, region, marketplaceId: id, externalId: grantor }))
})

/** The one that needs a consent most: lost before live, the account's first country before the others. */
const mostNeeded = (one: StartTarget, other: StartTarget): number => {
  const rank = ({ account, connection }: StartTarget) =>
    (connection._tag === "ReauthorizationNeeded" ? 0 : 100) +
    Math.max(0, account.marketplaces.indexOf(connection.marketplaceId))
  return rank(one) - rank(other)
}

const onePerAccount = (targets: ReadonlyArray<StartTarget>): ReadonlyArray<StartTarget> => {
  const best = new Map<string, StartTarget>()
  for (const target of targets.toSorted(mostNeeded)) {
    if (!best.has(target.account.id)) best.set(target.account.id, target)
  }
  return [...best.values()]
}

/** A connection with its account, where the caller may start a consent for it. */
const targetOf = Effect.fnUntraced(function* (
  { repository }: Deps<"repository">,
  caller: Access.Caller,
  connection: Connection.Present
) {
  const { state: account } = yield* repository.find("account", caller.organizationId, connection.accountId)
  const isOpen = account._tag === "Open" && connection._tag !== "Withdrawn"
  const may =
    Access.canSee(caller.accessScope, account) && Access.checkOn(caller, "connect", account)._tag === "Success"
  return isOpen && may ? [{ account, connection }] : []
})

/** The connections that hold one of these keys. */
const boundTo = Effect.fnUntraced(function* (
  deps: Deps<"repository">,
  caller: Access.Caller,
  keys: ReadonlyArray<Profile.Key>
) {
  const holders = keys.length === 0 ? [] : yield* deps.repository.holders(caller.organizationId, keys)
  const found = yield* Effect.forEach(holders, ({ connectionId }) =>
    Effect.flatMap(deps.repository.find("connection", caller.organizationId, connectionId), ({ state }) =>
      targetOf(deps, caller, state)
    )
  )
  return found.flat()
})

const isProven = ({ connection }: StartTarget): boolean =>
  Connection.isLinked(connection) && Identity.isExclusive(connection.link.identity)

/**
 * Shows which accounts of the caller's organization a consent may be for. Reads this organization alone: whether the
 * seller is bound in another one makes no difference to the answer (rule C4). Changes nothing.
 */
export const lookAtStart = Effect.fn("Connecting.lookAtStart")(function* (
  deps: Deps<"provider" | "repository">,
  caller: Access.Caller,
  channel: Channel.Channel,
  query: URLSearchParams
) {
  const { grantor, isDraft } = yield* readStart(deps, channel, query)
  yield* AccessScope.check(caller, "connect")
  const bound = yield* boundTo(deps, caller, yield* keysOf(channel, grantor))
  const filter = {
    channel,
    states: grantor === undefined ? anyOne : unbound,
    ...(yield* AccessScope.limited(deps, caller))
  }
  const page = yield* deps.repository.connections(caller.organizationId, filter, { limit: pageLimit }).pipe(
    // A first page has no cursor that could be invalid.
    Effect.catchTag("InvalidCursor", Effect.die)
  )
  const free = yield* Effect.forEach(page.items, (connection) => targetOf(deps, caller, connection))
  return given({
    channel,
    grantor,
    isDraft,
    renewable: onePerAccount(bound.filter(isProven)),
    others: [...onePerAccount(bound.filter((one) => !isProven(one))), ...free.flat()],
    hasMore: page.next !== undefined
  }) satisfies StartView
})
