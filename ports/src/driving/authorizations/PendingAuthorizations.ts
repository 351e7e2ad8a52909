/**
 * The conversation about consents that wait for a person's choice (flow F1, step 6; rules K-R11 to K-R14). Consent alone
 * connects nothing: a member chooses the profile, and the choice is bound in storage to this account alone (rule C4).
 */
import {
  Access,
  type Account,
  type Authorization,
  type Company,
  type Id,
  type Profile,
  type Refused
} from "@portolan/domain"
import { Context, DateTime, Effect, Layer } from "effect"
import { Repository, type InvalidCursor, type NotFound, type Page, type PageRequest } from "../../driven/Repository.ts"
import { type CallError, ProviderApi } from "../../driven/ProviderApi.ts"
import type { StoreUnavailable } from "../../driven/StoreUnavailable.ts"
import type { CommitError, ProfileTaken } from "../../driven/UnitOfWork.ts"
import { AccessTokens, type TokenError } from "../tokens/AccessTokens.ts"
import { decide, makeCommit, onConflictAgain } from "../shared/change.ts"
import { makeAccessScope } from "../shared/AccessScope.ts"
import { type Choice, makeSelecting, type ProfileHeld } from "./selecting.ts"
import { selectProfile } from "./selectingTrip.ts"
import { accessTo, withToken } from "../tokens/withToken.ts"

export { type Choice, ProfileHeld } from "./selecting.ts"

/** An authorization with its surroundings. */
export interface AuthorizationView {
  readonly authorization: Authorization.Present
  readonly account: Account.Present
  readonly company: Company.Open
  /** Empty unless the authorization waits for a choice. */
  readonly choices: ReadonlyArray<Choice>
}

/** Lists, shows and finishes consents. */
export class PendingAuthorizations extends Context.Service<
  PendingAuthorizations,
  {
    /** The authorizations that wait for a choice, the youngest first, without their choices. */
    readonly list: (
      caller: Access.Caller,
      page: PageRequest
    ) => Effect.Effect<Page<AuthorizationView>, Refused.Refused | InvalidCursor | NotFound | StoreUnavailable>

    /** The authorizations of one connection, whatever became of them, the youngest first. */
    readonly ofConnection: (
      caller: Access.Caller,
      connectionId: Id.ConnectionId,
      page: PageRequest
    ) => Effect.Effect<Page<Authorization.Present>, Refused.Refused | NotFound | InvalidCursor | StoreUnavailable>

    /** One authorization with its choices. */
    readonly view: (
      caller: Access.Caller,
      id: Id.AuthorizationId
    ) => Effect.Effect<AuthorizationView, Refused.Refused | NotFound | StoreUnavailable>

    /** Asks the provider again what the consent can see, and remembers it. */
    readonly lookAgain: (
      caller: Access.Caller,
      id: Id.AuthorizationId
    ) => Effect.Effect<AuthorizationView, Refused.Refused | NotFound | CommitError | TokenError | CallError>

    /**
     * Binds the chosen profile to the account and finishes the authorization: the connection is live, its first load is planned.
     * `confirmed` says that the person saw the warnings. Reconnecting must be the same profile (rule C10); `keepsReplaced`
     * leaves the earlier login in place to fall back to (rule S-R7).
     */
    readonly select: (
      caller: Access.Caller,
      id: Id.AuthorizationId,
      key: Profile.Key,
      confirmed: boolean,
      keepsReplaced?: boolean
    ) => Effect.Effect<
      Authorization.Present,
      Refused.Refused | NotFound | ProfileHeld | Exclude<CommitError, ProfileTaken>
    >

    /** Drops a consent without using it; its tokens are forgotten. */
    readonly dismiss: (
      caller: Access.Caller,
      id: Id.AuthorizationId,
      because: string
    ) => Effect.Effect<Authorization.Present, Refused.Refused | NotFound | CommitError>
  }
>()("@portolan/ports/driving/PendingAuthorizations") {
  /** The conversation over the driven ports. */
  static readonly layer = Layer.effect(
    PendingAuthorizations,
    Effect.gen(function* () {
      const store = yield* Repository
      const provider = yield* ProviderApi
      const tokens = yield* AccessTokens
      const commit = yield* makeCommit

      const accessScope = yield* makeAccessScope
      const selecting = yield* makeSelecting

      type AuthorizationPresent = Authorization.Present

      const around = (authorization: AuthorizationPresent) =>
        Effect.gen(function* () {
          const { state: company } = yield* store.find("company", authorization.organizationId, authorization.companyId)
          return { ...(yield* selecting.surroundings(authorization.organizationId, authorization.accountId)), company }
        })

      const view = (caller: Access.Caller, authorization: AuthorizationPresent) =>
        Effect.gen(function* () {
          const { company, ...rest } = yield* around(authorization)
          const own = rest.connections.find(({ id }) => id === authorization.connectionId)
          const choices =
            authorization._tag === "AwaitingSelection" && own !== undefined
              ? yield* selecting.choices(
                  caller,
                  rest,
                  own,
                  authorization.candidates,
                  (yield* store.find("grant", authorization.organizationId, authorization.grantId)).state
                )
              : []
          return { authorization, account: rest.account, company, choices } satisfies AuthorizationView
        })

      const select = (
        caller: Access.Caller,
        id: Id.AuthorizationId,
        key: Profile.Key,
        confirmed: boolean,
        keepsReplaced: boolean
      ) =>
        onConflictAgain(
          Effect.gen(function* () {
            const { actor, organizationId } = caller
            const read = yield* accessScope.authorization(caller, "connect", id)
            const { decided, authorization } = yield* selectProfile(selecting, store, read, key, {
              confirmed,
              keepsReplaced,
              by: actor,
              at: yield* DateTime.now
            })
            yield* commit({ organizationId, actor, at: yield* DateTime.now }, decided)
            return authorization
          })
        )

      return PendingAuthorizations.of({
        list: Effect.fn("PendingAuthorizations.list")(function* (caller, page) {
          yield* Effect.fromResult(Access.check(caller, "read"))
          const found = yield* store.authorizations(
            caller.organizationId,
            { states: ["AwaitingSelection"], ...(yield* accessScope.within(caller)) },
            page
          )
          const items = yield* Effect.forEach(found.items, (authorization) =>
            Effect.map(around(authorization), ({ account, company }): AuthorizationView => ({
              authorization,
              account,
              company,
              choices: []
            }))
          )
          return { ...found, items }
        }),

        ofConnection: Effect.fn("PendingAuthorizations.ofConnection")(function* (caller, connectionId, page) {
          yield* accessScope.connection(caller, "read", connectionId)
          return yield* store.authorizations(caller.organizationId, { connectionId }, page)
        }),

        view: Effect.fn("PendingAuthorizations.view")(function* (caller, id) {
          return yield* view(caller, (yield* accessScope.authorization(caller, "read", id)).state)
        }),

        lookAgain: Effect.fn("PendingAuthorizations.lookAgain")(function* (caller, id) {
          const { actor, organizationId } = caller
          const { state: authorization } = yield* accessScope.authorization(caller, "connect", id)
          if (authorization._tag === "AwaitingSelection") {
            const { state: grant } = yield* store.find("grant", organizationId, authorization.grantId)
            const candidates = yield* withToken(tokens, organizationId, authorization.grantId, (accessToken) =>
              provider.discover(accessTo(authorization, accessToken, grant))
            )
            yield* onConflictAgain(
              Effect.gen(function* () {
                const read = yield* store.find("authorization", organizationId, id)
                const at = yield* DateTime.now
                const decided = yield* Effect.fromResult(
                  decide("authorization", id, read, { _tag: "FindCandidates", candidates, at })
                )
                yield* commit({ organizationId, actor, at }, [decided])
              })
            )
          }
          return yield* view(caller, (yield* store.find("authorization", organizationId, id)).state)
        }),

        select: Effect.fn("PendingAuthorizations.select")((caller, id, key, confirmed, keepsReplaced = false) =>
          select(caller, id, key, confirmed, keepsReplaced).pipe(
            Effect.catchTag("ProfileTaken", (taken) => selecting.told(caller, taken))
          )
        ),

        dismiss: Effect.fn("PendingAuthorizations.dismiss")((caller, id, because) =>
          onConflictAgain(
            Effect.gen(function* () {
              const { actor, organizationId } = caller
              const read = yield* accessScope.authorization(caller, "connect", id)
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
            })
          )
        )
      })
    })
  )
}
