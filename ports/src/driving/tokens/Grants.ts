/**
 * The conversation about consents themselves (rules C1, S-R4, S-R7, X-R7): who gave them, who answers for them, what they see,
 * and using one consent for a further account or a further country without another authorization.
 */
import {
  type Access,
  type Aggregate,
  Channel,
  type Connection,
  type Grant,
  type Id,
  Profile,
  Refused
} from "@portolan/domain"
import { Context, DateTime, Effect, Layer } from "effect"
import { Repository, type InvalidCursor, NotFound, type Page, type PageRequest } from "../../driven/Repository.ts"
import { type CallError, ProviderApi } from "../../driven/ProviderApi.ts"
import type { StoreUnavailable } from "../../driven/StoreUnavailable.ts"
import type { CommitError, ProfileTaken } from "../../driven/UnitOfWork.ts"
import { AccessTokens, type TokenError } from "./AccessTokens.ts"
import { decide, makeCommit, onConflictAgain, standing } from "../shared/change.ts"
import { makeAccessScope } from "../shared/AccessScope.ts"
import { type Choice, makeSelecting, type ProfileHeld } from "../authorizations/selecting.ts"
import { accessTo, asGrant } from "./withToken.ts"

/** A consent that exists. */
type Present = Aggregate.Present<"grant">

/** A consent with the connections that live on it. */
export interface GrantView {
  readonly grant: Present
  readonly connections: ReadonlyArray<Connection.Linked>
}

/** Shows, hands over and uses consents. For callers who reach everything: a consent may serve many accounts. */
export class Grants extends Context.Service<
  Grants,
  {
    /** Lists consents, the youngest first; those in use and those that ended unless states are named. */
    readonly list: (
      caller: Access.Caller,
      filter: Parameters<Repository["Service"]["grants"]>[1],
      page: PageRequest
    ) => Effect.Effect<Page<GrantView>, Refused.Refused | InvalidCursor | StoreUnavailable>

    /** Reads one consent. */
    readonly view: (
      caller: Access.Caller,
      id: Id.GrantId
    ) => Effect.Effect<GrantView, Refused.Refused | NotFound | StoreUnavailable>

    /** Makes another member answer for a consent. It works without the one who did: he may be gone (rule X-R7). */
    readonly handOver: (
      caller: Access.Caller,
      id: Id.GrantId,
      to: Id.MemberId
    ) => Effect.Effect<GrantView, Refused.Refused | NotFound | CommitError>

    /** What a consent can offer to a connection: asks the provider, and says what speaks against each. */
    readonly choices: (
      caller: Access.Caller,
      id: Id.GrantId,
      connectionId: Id.ConnectionId
    ) => Effect.Effect<ReadonlyArray<Choice>, Refused.Refused | NotFound | TokenError | CallError>

    /**
     * Binds a profile that a consent sees to a connection, without another authorization: one login yields many accounts (rule S-R4), and
     * an added country lives under the account's own consent (rule P-R6). Refused for profiles the consent does not see now.
     */
    readonly link: (
      caller: Access.Caller,
      id: Id.GrantId,
      connectionId: Id.ConnectionId,
      key: Profile.Key,
      confirmed: boolean
    ) => Effect.Effect<
      Aggregate.Present<"connection">,
      Refused.Refused | NotFound | ProfileHeld | TokenError | CallError | Exclude<CommitError, ProfileTaken>
    >
  }
>()("@portolan/ports/driving/Grants") {
  /** The conversation over the driven ports. */
  static readonly layer = Layer.effect(
    Grants,
    Effect.gen(function* () {
      const store = yield* Repository
      const provider = yield* ProviderApi
      const tokens = yield* AccessTokens
      const commit = yield* makeCommit
      const accessScope = yield* makeAccessScope
      const selecting = yield* makeSelecting

      const withUsers = (grant: Present) =>
        Effect.map(store.connectionsOfGrant(grant.organizationId, grant.id), (found): GrantView => ({
          grant,
          connections: found.map(({ state }) => state)
        }))

      const notActive = (grant: Present) =>
        new Refused.Refused({
          subject: "Grant",
          asked: "Link",
          reason: "not-possible-now",
          detail: `This ${Channel.accessBy(grant.channel) === "partner" ? "access" : "consent"} is over.`,
          nextStep: "Use another one, or authorize again."
        })

      /** What the consent sees at this moment, in the region of an account. */
      const seen = Effect.fnUntraced(function* (grant: Grant.Active, own: Connection.Present) {
        if (grant.advertiser !== undefined) return [grant.advertiser]
        const { state: account } = yield* store.find("account", grant.organizationId, own.accountId)
        return yield* asGrant(tokens, grant, (accessToken) =>
          provider.discover(
            accessTo(
              {
                channel: grant.channel,
                region: account.region,
                accountType: account.accountType,
                marketplaceId: own.marketplaceId
              },
              accessToken,
              grant
            )
          )
        )
      })

      const fitting = Effect.fnUntraced(function* (
        caller: Access.Caller,
        id: Id.GrantId,
        connectionId: Id.ConnectionId
      ) {
        const own = yield* accessScope.connection(caller, "connect", connectionId)
        yield* accessScope.requireUnrestricted(caller, "connect")
        const { state: grant } = yield* store.find("grant", caller.organizationId, id)
        if (grant.channel !== own.state.channel) {
          return yield* new Refused.Refused({
            subject: "Grant",
            asked: "Link",
            reason: "contradiction",
            detail: `This consent is for the ${Channel.label(grant.channel)}, the connection for the ${Channel.label(own.state.channel)}.`,
            nextStep: "Choose a consent of the same channel."
          })
        }
        if (grant._tag !== "Active") return yield* notActive(grant)
        const around = yield* selecting.surroundings(caller.organizationId, own.state.accountId)
        const candidates = yield* seen(grant, own.state)
        return { grant, own, around, candidates }
      })

      const link = (
        caller: Access.Caller,
        id: Id.GrantId,
        connectionId: Id.ConnectionId,
        key: Profile.Key,
        confirmed: boolean
      ) =>
        Effect.gen(function* () {
          const { actor, organizationId } = caller
          const { candidates } = yield* fitting(caller, id, connectionId)
          const candidate = candidates.find((one) => Profile.sameKey(one.key, key))
          if (candidate === undefined) return yield* new NotFound({ kind: "profile", id: Profile.keyText(key) })
          return yield* onConflictAgain(
            Effect.gen(function* () {
              const own = yield* store.find("connection", organizationId, connectionId)
              const grant = yield* store.find("grant", organizationId, id)
              const around = yield* selecting.surroundings(organizationId, own.state.accountId)
              yield* selecting.acceptable(selecting.obstacles(around, own.state, candidate, grant.state), confirmed)
              const at = yield* DateTime.now
              yield* commit(
                { organizationId, actor, at },
                yield* selecting.bind(around, own, { grant, profile: candidate, keepsReplaced: true, at, by: actor })
              )
              return (yield* store.find("connection", organizationId, connectionId)).state
            })
          )
        })

      return Grants.of({
        list: Effect.fn("Grants.list")(function* (caller, filter, page) {
          yield* accessScope.requireUnrestricted(caller, "read")
          const found = yield* store.grants(caller.organizationId, filter, page)
          return { ...found, items: yield* Effect.forEach(found.items, withUsers) }
        }),

        view: Effect.fn("Grants.view")(function* (caller, id) {
          yield* accessScope.requireUnrestricted(caller, "read")
          return yield* withUsers((yield* store.find("grant", caller.organizationId, id)).state)
        }),

        handOver: Effect.fn("Grants.handOver")((caller, id, to) =>
          onConflictAgain(
            Effect.gen(function* () {
              yield* accessScope.requireUnrestricted(caller, "manage-people")
              const { actor, organizationId } = caller
              const found = yield* store.find("member", organizationId, to)
              const member = found.state
              if (member._tag !== "Active") {
                return yield* new Refused.Refused({
                  subject: "Grant",
                  asked: "HandOver",
                  reason: "not-yours",
                  detail: "Only a member can answer for a consent.",
                  nextStep: "Choose somebody from the list of members."
                })
              }
              const read = yield* store.find("grant", organizationId, id)
              const at = yield* DateTime.now
              const decided = yield* Effect.fromResult(
                decide("grant", id, read, {
                  _tag: "HandOver",
                  to: { personId: member.personId, name: member.name },
                  at
                })
              )
              // Whoever is removed at this moment answers for nothing.
              yield* commit({ organizationId, actor, at }, [
                decided,
                standing("member", to, { ...found, state: member })
              ])
              return yield* withUsers((yield* store.find("grant", organizationId, id)).state)
            })
          )
        ),

        choices: Effect.fn("Grants.choices")(function* (caller, id, connectionId) {
          const { around, candidates, grant, own } = yield* fitting(caller, id, connectionId)
          return yield* selecting.choices(caller, around, own.state, candidates, grant)
        }),

        link: Effect.fn("Grants.link")((caller, id, connectionId, key, confirmed) =>
          link(caller, id, connectionId, key, confirmed).pipe(
            Effect.catchTag("ProfileTaken", (taken) => selecting.told(caller, taken))
          )
        )
      })
    })
  )
}
