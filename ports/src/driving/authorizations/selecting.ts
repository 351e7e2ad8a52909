/**
 * Binding a profile to an account: what the choices are, what speaks against each and who holds it, and the change that binds
 * one. Shared by everything that ends in a link: a pending authorization, a request that finishes by itself, another account
 * under a consent that exists, and an advertiser that let us in. Not a conversation of its own.
 */
import {
  Access,
  Account,
  type Actor,
  type Aggregate,
  Connection,
  Grant,
  type Id,
  Marketplace,
  Profile,
  Refused
} from "@portolan/domain"
import { DateTime, Effect, Option, Schema } from "effect"
import { Repository, type Versioned } from "../../driven/Repository.ts"
import type { ProfileTaken } from "../../driven/UnitOfWork.ts"
import { type Decided, decide, standing } from "../shared/change.ts"

/** One candidate with all that the person who chooses should know. */
export interface Choice {
  readonly candidate: Profile.Candidate
  /** What speaks against it; `blocks` makes it unchoosable. */
  readonly obstacles: ReadonlyArray<Profile.Obstacle>
  /** The account that holds it already, when it is one of this organization and the caller may see it. */
  readonly heldBy?: {
    readonly accountId: Id.AccountId
    readonly accountName: string
    readonly connectionId: Id.ConnectionId
  }
}

/** The profile is connected to another account; it is named when it is one of this organization (law REPO-29). */
export class ProfileHeld extends Schema.TaggedError<ProfileHeld>()("ProfileHeld", {
  profile: Schema.String,
  holder: Schema.optionalKey(
    Schema.Struct({ accountId: Schema.String, accountName: Schema.String, connectionId: Schema.String })
  )
}) {
  override get message(): string {
    return this.holder === undefined
      ? "This profile is already connected elsewhere. If you believe that this is wrong, contact support."
      : `This profile is already connected to the account “${this.holder.accountName}”. Choose another profile, or disconnect it there first.`
  }
}

/** What is bound to a connection, and how. */
export interface Binding {
  readonly grant: Versioned<Aggregate.Present<"grant">>
  readonly profile: Profile.Candidate
  /** Whether an earlier login stays as one to fall back to (rule S-R7). */
  readonly keepsReplaced: boolean
  readonly at: DateTime.Utc
  readonly by: Actor.Actor
}

/** The account of a connection, and all its connections: what obstacles are judged by. */
export interface Surroundings {
  readonly account: Account.Present
  /** The version of the account, for a change that rests on it. */
  readonly version: number
  readonly connections: ReadonlyArray<Connection.Present>
  /** The consents that its connections live on. */
  readonly consents: ReadonlyArray<Grant.Present>
}

/** Builds what the conversations share, once per service. */
export const makeSelecting = Effect.gen(function* () {
  const store = yield* Repository

  const surroundings = Effect.fnUntraced(function* (organizationId: Id.OrganizationId, accountId: Id.AccountId) {
    const { state: account, version } = yield* store.find("account", organizationId, accountId)
    const { items: connections } = yield* store.connections(organizationId, { accountId }, { limit: 100 }).pipe(
      // A first page has no cursor that could be invalid.
      Effect.catchTag("InvalidCursor", Effect.die)
    )
    const grantIds = new Set(connections.flatMap((one) => (Connection.isLinked(one) ? [one.link.grantId] : [])))
    const consents = yield* Effect.forEach(grantIds, (id) =>
      Effect.map(store.find("grant", organizationId, id), ({ state }) => state)
    )
    return { account, version, connections, consents } satisfies Surroundings
  })

  /** The merchant behind another channel of the account, as far as it is bound. */
  const otherOwner = ({ connections }: Surroundings, channel: Connection.Present["channel"]) =>
    Option.fromUndefinedOr(
      connections
        .flatMap((other) =>
          other.channel !== channel &&
          Connection.isLinked(other) &&
          (other.link.profile.type === "seller" || other.link.profile.type === "walmart-3p")
            ? [Profile.owner(other.link.profile)]
            : []
        )
        .find((ownerId) => ownerId !== undefined)
    )

  /**
   * While nothing of an account is connected, a profile of another country of its region moves the account there, after the
   * person confirms (rule P-R9: merchant and marketplace are chosen after the consent).
   */
  const moves = ({ account, connections }: Surroundings, own: Connection.Present, candidate: Profile.Candidate) =>
    candidate.key.marketplaceId !== own.marketplaceId &&
    isInCatalogue(candidate.key.marketplaceId) &&
    candidate.key.region === account.region &&
    !account.marketplaces.includes(candidate.key.marketplaceId) &&
    !connections.some(Connection.isLinked)

  /**
   * What speaks against a candidate; `grant` is the consent that sees it. Who connects one channel of a seller connects the other
   * (rule P-R10): where two people are known to have done it, a person looks at it before it is bound.
   */
  const obstacles = (
    around: Surroundings,
    own: Connection.Present,
    candidate: Profile.Candidate,
    grant?: Grant.Present
  ) => [
    ...unfit(around, own, candidate),
    ...(grant === undefined ||
    !around.consents.some((other) => other.channel !== own.channel && Grant.byDifferentPeople(grant, other))
      ? []
      : [
          {
            weight: "warns",
            detail: "Another person consented for the account's other channel; Amazon expects the same user for both."
          } as const
        ])
  ]

  const unfit = (
    around: Surroundings,
    own: Connection.Present,
    candidate: Profile.Candidate
  ): ReadonlyArray<Profile.Obstacle> => {
    const owner = otherOwner(around, own.channel)
    if (!moves(around, own, candidate)) {
      return Profile.obstacles(candidate, {
        account: around.account,
        otherOwnerId: owner,
        marketplaceId: own.marketplaceId
      })
    }
    return [
      {
        weight: "warns",
        detail: `It belongs to ${Marketplace.get(candidate.key.marketplaceId).country}; the account would be moved there.`
      } as const,
      ...Profile.obstacles(candidate, {
        account: around.account,
        otherOwnerId: owner,
        marketplaceId: candidate.key.marketplaceId
      })
    ]
  }

  type Looking = Pick<Access.Caller, "organizationId" | "accessScope">

  /** What there is to choose from, in the order given. A holder that the caller does not reach is not named (rule K-R17). */
  const choices = Effect.fnUntraced(function* (
    { organizationId, accessScope }: Looking,
    around: Surroundings,
    own: Connection.Present,
    candidates: ReadonlyArray<Profile.Candidate>,
    grant?: Grant.Present
  ) {
    const holders = yield* store.holders(
      organizationId,
      candidates.map((candidate) => candidate.key)
    )
    return yield* Effect.forEach(candidates, (candidate) =>
      Effect.gen(function* () {
        const held = holders.find(
          (holder) => Profile.sameKey(holder.key, candidate.key) && holder.connectionId !== own.id
        )
        const choice: Choice = { candidate, obstacles: obstacles(around, own, candidate, grant) }
        if (held === undefined) return choice
        const { state } = yield* store.find("account", organizationId, held.accountId)
        if (!Access.sees(accessScope, state)) {
          return {
            ...choice,
            obstacles: [
              ...choice.obstacles,
              { weight: "blocks", detail: "It is connected to another account." } as const
            ]
          }
        }
        return {
          ...choice,
          heldBy: { accountId: held.accountId, accountName: state.name, connectionId: held.connectionId }
        }
      })
    )
  })

  /** Says no to a candidate that does not fit, or whose warnings nobody has confirmed. */
  const acceptable = (
    found: ReadonlyArray<Profile.Obstacle>,
    confirmed: boolean
  ): Effect.Effect<void, Refused.Refused> => {
    const blocking = found.filter(({ weight }) => weight === "blocks")
    if (blocking.length > 0) {
      return refused("unfit-profile", blocking, "Choose the profile that belongs to this account.")
    }
    return found.length > 0 && !confirmed
      ? refused("needs-confirmation", found, "Confirm that this is the right profile, or choose another one.")
      : Effect.void
  }

  /** The link of a grant and a profile. */
  const linkOf = (
    grant: Aggregate.Present<"grant">,
    profile: Profile.Candidate,
    at: DateTime.Utc,
    by: Actor.Actor
  ): Connection.Link => ({
    grantId: grant.id,
    profile,
    permission: Profile.permissionOf(profile),
    linkedAt: at,
    linkedBy: by,
    ...(grant.expiresAt === undefined ? {} : { expiresAt: grant.expiresAt })
  })

  /**
   * What binding changes: the connection, and where the account moves with it, the account and its other connections. It rests
   * on the account and the grant as they were read: whoever removes the one or ends the other meanwhile rules it out.
   */
  const bind = Effect.fnUntraced(function* (
    around: Surroundings,
    own: Versioned<Connection.Present>,
    { grant, keepsReplaced, profile, at, by }: Binding
  ) {
    const { account, version } = around
    const link = linkOf(grant.state, profile, at, by)
    if (grant.state._tag !== "Active") {
      return yield* new Refused.Refused({
        subject: "Connection",
        asked: "Link",
        reason: "not-possible-now",
        detail: "This consent is over.",
        nextStep: "Authorize again."
      })
    }
    yield* Effect.fromResult(Account.inUse(account, "Connection", "Link"))
    // What is loaded while an erasure is under way could be erased again, and would still count as loaded.
    if (account.deletion !== undefined && DateTime.isGreaterThanOrEqualTo(link.linkedAt, account.deletion.dueAt)) {
      return yield* new Refused.Refused({
        subject: "Connection",
        asked: "Link",
        reason: "not-possible-now",
        detail: "The data of this account is being erased.",
        nextStep: "Try again in a few minutes; everything is loaded anew then."
      })
    }
    const decided: Array<Decided> = [standing("grant", grant.state.id, grant)]
    const move: ReadonlyArray<Connection.Command> = moves(around, own.state, link.profile)
      ? [{ _tag: "Move", to: link.profile.key.marketplaceId }]
      : []
    if (move.length === 0) decided.push(standing("account", account.id, { state: account, version }))
    else {
      decided.push(
        yield* Effect.fromResult(
          decide(
            "account",
            account.id,
            { state: account, version },
            {
              _tag: "ChangeMarketplace",
              from: own.state.marketplaceId,
              to: link.profile.key.marketplaceId,
              connected: 0
            }
          )
        )
      )
      for (const other of around.connections) {
        if (other.id === own.state.id || other.marketplaceId !== own.state.marketplaceId) continue
        const sibling = yield* store.find("connection", account.organizationId, other.id)
        decided.push(yield* Effect.fromResult(decide("connection", other.id, sibling, ...move)))
      }
    }
    decided.push(
      yield* Effect.fromResult(decide("connection", own.state.id, own, ...move, { _tag: "Link", link, keepsReplaced }))
    )
    return decided
  })

  /** Turns the storage's refusal into one that names the holder, when it is one of this organization and the caller reaches it. */
  const told = Effect.fnUntraced(function* (caller: Looking, taken: ProfileTaken) {
    if (taken.holder === undefined) return yield* new ProfileHeld({ profile: taken.profile })
    const { accountId, connectionId } = taken.holder
    const { state } = yield* store.find("account", caller.organizationId, accountId)
    if (!Access.sees(caller.accessScope, state)) return yield* new ProfileHeld({ profile: taken.profile })
    return yield* new ProfileHeld({
      profile: taken.profile,
      holder: { accountId, accountName: state.name, connectionId }
    })
  })

  return { surroundings, obstacles, choices, acceptable, linkOf, bind, told }
})

const isInCatalogue = (id: Marketplace.MarketplaceId) => Option.isSome(Marketplace.find(id))

const refused = (reason: Refused.Reason, found: ReadonlyArray<Profile.Obstacle>, nextStep: string) =>
  Effect.fail(
    new Refused.Refused({
      subject: "Connection",
      asked: "Link",
      reason,
      detail: found.map(({ detail }) => detail).join(" "),
      nextStep
    })
  )
