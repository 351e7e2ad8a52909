/**
 * The conversation about consents that wait for a person's choice (flow F1, step 6; rules K-R11 to K-R14). Consent alone
 * connects nothing: a member chooses the profile, and the choice is bound in storage to this account alone (rule C4).
 */
import {
  Access, type Account, type Authorization, type Company, Connection, type Grant, type Id, Profile, type Refused
} from "@portolan/domain"
import { Context, DateTime, Effect, Layer, Option, Schema } from "effect"
import { ConnectionStore, type InvalidCursor, type NotFound, type Page, type PageRequest } from "../driven/ConnectionStore.ts"
import { type CallError, ProviderApi } from "../driven/ProviderApi.ts"
import type { StoreUnavailable } from "../driven/StoreUnavailable.ts"
import type { CommitError, ProfileTaken } from "../driven/UnitOfWork.ts"
import { AccessTokens, type TokenError } from "./AccessTokens.ts"
import { decide, makeCommit, onConflictAgain } from "./change.ts"
import { accessTo, withToken } from "./withToken.ts"

/** One candidate with all that the person who chooses should know. */
export interface Choice {
  readonly candidate: Profile.Candidate
  /** What speaks against it; `blocks` makes it unchoosable. */
  readonly obstacles: ReadonlyArray<Profile.Obstacle>
  /** The account that holds it already, when it is one of this organization. */
  readonly heldBy?: { readonly accountId: Id.AccountId; readonly accountName: string; readonly connectionId: Id.ConnectionId }
}

/** A trip with its surroundings. */
export interface TripView {
  readonly trip: Authorization.Present
  readonly account: Account.Present
  readonly company: Company.Open
  /** Empty unless the trip waits for a choice. */
  readonly choices: ReadonlyArray<Choice>
}

/** The profile is connected to another account; it is named when it is one of this organization (law REPO-29). */
export class ProfileHeld extends Schema.TaggedError<ProfileHeld>()("ProfileHeld", {
  profile: Schema.String,
  holder: Schema.optionalKey(Schema.Struct({
    accountId: Schema.String, accountName: Schema.String, connectionId: Schema.String
  }))
}) {
  override get message(): string {
    return this.holder === undefined
      ? "This profile is already connected elsewhere. If you believe that this is wrong, contact support."
      : `This profile is already connected to the account “${this.holder.accountName}”. Choose another profile, or disconnect it there first.`
  }
}

/** Lists, shows and finishes consents. */
export class PendingAuthorizations extends Context.Service<PendingAuthorizations, {
  /** The trips that wait for a choice, the youngest first, without their choices. */
  readonly list: (
    caller: Access.Caller, page: PageRequest
  ) => Effect.Effect<Page<TripView>, Refused.Refused | InvalidCursor | NotFound | StoreUnavailable>

  /** The trips of one connection, whatever became of them, the youngest first. */
  readonly ofConnection: (
    caller: Access.Caller, connectionId: Id.ConnectionId, page: PageRequest
  ) => Effect.Effect<Page<Authorization.Present>, Refused.Refused | InvalidCursor | StoreUnavailable>

  /** One trip with its choices. */
  readonly view: (
    caller: Access.Caller, id: Id.AuthorizationId
  ) => Effect.Effect<TripView, Refused.Refused | NotFound | StoreUnavailable>

  /** Asks the provider again what the consent can see, and remembers it. */
  readonly lookAgain: (
    caller: Access.Caller, id: Id.AuthorizationId
  ) => Effect.Effect<TripView, Refused.Refused | NotFound | CommitError | TokenError | CallError>

  /**
   * Binds the chosen profile to the account and finishes the trip: the connection is live, its first load is planned.
   * `confirmed` says that the person saw the warnings. Reconnecting must be the same profile (rule C10).
   */
  readonly select: (
    caller: Access.Caller, id: Id.AuthorizationId, key: Profile.Key, confirmed: boolean
  ) => Effect.Effect<
    Authorization.Present, Refused.Refused | NotFound | ProfileHeld | Exclude<CommitError, ProfileTaken>
  >

  /** Drops a consent without using it; its tokens are forgotten. */
  readonly dismiss: (
    caller: Access.Caller, id: Id.AuthorizationId, because: string
  ) => Effect.Effect<Authorization.Present, Refused.Refused | NotFound | CommitError>
}>()("@portolan/ports/driving/PendingAuthorizations") {
  /** The conversation over the driven ports. */
  static readonly layer = Layer.effect(PendingAuthorizations, Effect.gen(function*() {
    const store = yield* ConnectionStore
    const provider = yield* ProviderApi
    const tokens = yield* AccessTokens
    const commit = yield* makeCommit

    type Trip = Authorization.Present

    const surroundings = (trip: Trip) =>
      Effect.gen(function*() {
        const { state: account } = yield* store.find("account", trip.organizationId, trip.accountId)
        const { state: company } = yield* store.find("company", trip.organizationId, trip.companyId)
        return { trip, account, company }
      })

    /** The merchant behind the account's other channel, as far as it is bound. */
    const otherOwner = (trip: Trip) =>
      Effect.gen(function*() {
        const { items } = yield* store.connections(trip.organizationId, { accountId: trip.accountId }, { limit: 10 }).pipe(
          // A first page has no cursor that could be invalid.
          Effect.catchTag("InvalidCursor", Effect.die)
        )
        const other = items.find((connection) => connection.channel !== trip.channel && Connection.isLinked(connection))
        return other !== undefined && Connection.isLinked(other) && other.link.profile.type === "seller"
          ? Option.some(Profile.owner(other.link.profile))
          : Option.none<string>()
      })

    const choices = (trip: Authorization.AwaitingSelection, account: Account.Present) =>
      Effect.gen(function*() {
        const ownerId = yield* otherOwner(trip)
        const holders = yield* store.holders(trip.organizationId, trip.candidates.map((candidate) => candidate.key))
        return yield* Effect.forEach(trip.candidates, (candidate) =>
          Effect.gen(function*() {
            const held = holders.find((holder) =>
              Profile.sameKey(holder.key, candidate.key) && holder.connectionId !== trip.connectionId)
            const choice: Choice = { candidate, obstacles: Profile.obstacles(candidate, account, ownerId) }
            return held === undefined ? choice : { ...choice, heldBy: yield* named(trip.organizationId, held) }
          }))
      })

    const named = (
      organizationId: Id.OrganizationId, held: { readonly accountId: Id.AccountId; readonly connectionId: Id.ConnectionId }
    ) =>
      Effect.map(store.find("account", organizationId, held.accountId), ({ state }) =>
        ({ accountId: held.accountId, accountName: state.name, connectionId: held.connectionId }))

    const view = (organizationId: Id.OrganizationId, id: Id.AuthorizationId) =>
      Effect.gen(function*() {
        const { state: trip } = yield* store.find("authorization", organizationId, id)
        const around = yield* surroundings(trip)
        const open = trip._tag === "AwaitingSelection" ? yield* choices(trip, around.account) : []
        return { ...around, choices: open }
      })

    const told = (organizationId: Id.OrganizationId, taken: ProfileTaken) =>
      Effect.gen(function*() {
        if (taken.holder === undefined) return yield* new ProfileHeld({ profile: taken.profile })
        const { accountId, connectionId } = taken.holder
        const { state: account } = yield* store.find("account", organizationId, accountId)
        return yield* new ProfileHeld({
          profile: taken.profile, holder: { accountId, accountName: account.name, connectionId }
        })
      })

    const linkOf = (
      grant: Exclude<Grant.State, { readonly _tag: "Absent" }>, profile: Profile.Candidate, at: DateTime.Utc, caller: Access.Caller
    ): Connection.Link => ({
      grantId: grant.id, profile, linkedAt: at, linkedBy: caller.actor,
      permission: profile._tag === "AdvertisingProfile" ? profile.permission : "edit",
      ...(grant.expiresAt === undefined ? {} : { expiresAt: grant.expiresAt })
    })

    const select = (caller: Access.Caller, id: Id.AuthorizationId, key: Profile.Key, confirmed: boolean) =>
      onConflictAgain(Effect.gen(function*() {
        yield* Effect.fromResult(Access.check(caller, "connect"))
        const { actor, organizationId } = caller
        const read = yield* store.find("authorization", organizationId, id)
        const { account } = yield* surroundings(read.state)
        const at = yield* DateTime.now
        const candidate = read.state._tag === "AwaitingSelection"
          ? read.state.candidates.find((one) => Profile.sameKey(one.key, key))
          : undefined
        const obstacles = candidate === undefined ? []
          : Profile.obstacles(candidate, account, yield* otherOwner(read.state))
        const selected = yield* Effect.fromResult(
          decide("authorization", id, read, { _tag: "Select", key, obstacles, confirmed, at, by: actor })
        )
        if (candidate === undefined || selected.next._tag !== "Finalised") return read.state
        const grant = yield* store.find("grant", organizationId, selected.next.grantId)
        const connection = yield* store.find("connection", organizationId, read.state.connectionId)
        const linked = yield* Effect.fromResult(decide("connection", connection.state.id, connection, {
          _tag: "Link", authorizationId: id, link: linkOf(grant.state, candidate, at, caller)
        }))
        yield* commit({ organizationId, actor, at }, [selected, linked])
        return selected.next
      }))

    return PendingAuthorizations.of({
      list: Effect.fn("PendingAuthorizations.list")(function*(caller, page) {
        yield* Effect.fromResult(Access.check(caller, "read"))
        const found = yield* store.authorizations(caller.organizationId, { states: ["AwaitingSelection"] }, page)
        const items = yield* Effect.forEach(found.items, (trip) =>
          Effect.map(surroundings(trip), (around): TripView => ({ ...around, choices: [] })))
        return { ...found, items }
      }),

      ofConnection: Effect.fn("PendingAuthorizations.ofConnection")(function*(caller, connectionId, page) {
        yield* Effect.fromResult(Access.check(caller, "read"))
        return yield* store.authorizations(caller.organizationId, { connectionId }, page)
      }),

      view: Effect.fn("PendingAuthorizations.view")(function*(caller, id) {
        yield* Effect.fromResult(Access.check(caller, "read"))
        return yield* view(caller.organizationId, id)
      }),

      lookAgain: Effect.fn("PendingAuthorizations.lookAgain")(function*(caller, id) {
        yield* Effect.fromResult(Access.check(caller, "connect"))
        const { actor, organizationId } = caller
        const { state: trip } = yield* store.find("authorization", organizationId, id)
        if (trip._tag === "AwaitingSelection") {
          const { state: grant } = yield* store.find("grant", organizationId, trip.grantId)
          const candidates = yield* withToken(tokens, organizationId, trip.grantId, (accessToken) =>
            provider.discover(accessTo(trip, accessToken, grant)))
          yield* onConflictAgain(Effect.gen(function*() {
            const read = yield* store.find("authorization", organizationId, id)
            const at = yield* DateTime.now
            const decided = yield* Effect.fromResult(
              decide("authorization", id, read, { _tag: "FindCandidates", candidates, at })
            )
            yield* commit({ organizationId, actor, at }, [decided])
          }))
        }
        return yield* view(organizationId, id)
      }),

      select: Effect.fn("PendingAuthorizations.select")((caller, id, key, confirmed) =>
        select(caller, id, key, confirmed).pipe(
          Effect.catchTag("ProfileTaken", (taken) => told(caller.organizationId, taken))
        )),

      dismiss: Effect.fn("PendingAuthorizations.dismiss")((caller, id, because) =>
        onConflictAgain(Effect.gen(function*() {
          yield* Effect.fromResult(Access.check(caller, "connect"))
          const { actor, organizationId } = caller
          const read = yield* store.find("authorization", organizationId, id)
          const at = yield* DateTime.now
          const dismissed = yield* Effect.fromResult(
            decide("authorization", id, read, { _tag: "Dismiss", at, by: actor, because })
          )
          const connection = yield* store.find("connection", organizationId, read.state.connectionId)
          const dropped = yield* Effect.fromResult(
            decide("connection", connection.state.id, connection, { _tag: "DropSelection", authorizationId: id })
          )
          yield* commit({ organizationId, actor, at }, [dismissed, dropped])
          return dismissed.next._tag === "Absent" ? read.state : dismissed.next
        })))
    })
  }))
}
