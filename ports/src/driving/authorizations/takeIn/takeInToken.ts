/**
 * Taking in a refresh token that was given without a redirect: of a private application, which its seller authorises
 * by hand, or from a system that a team leaves. It goes the way of a consent: the provider is asked first, who it is of
 * is proven or stays a claim, and a profile is bound to one account only (rules C4, C10).
 */
import {
  type Access,
  type Aggregate,
  type Authorization,
  Connection,
  type Id,
  Messages,
  type Profile
} from "@portolan/domain"
import { Effect } from "effect"
import type { Versioned } from "../../../driven/Repository.ts"
import { VersionConflict } from "../../../driven/UnitOfWork.ts"
import * as AccessScope from "../../shared/AccessScope.ts"
import { decideAndCommit } from "../../shared/change.ts"
import type { ChangeDeps, Deps } from "../../shared/deps.ts"
import { dismissConsent } from "../pending/dismissConsent.ts"
import { bindProfile } from "../profiles/bindProfile.ts"
import { obstacles, requireFitting } from "../profiles/obstacles.ts"
import { failHeld } from "../profiles/ProfileHeld.ts"
import { readSelection, selectProfile } from "../profiles/selectProfile.ts"
import { surroundings } from "../profiles/surroundings.ts"
import type { RedirectDeps } from "../redirect.ts"
import { type GivenToken, preflight } from "./preflight.ts"
import { earlierOf, recordToken } from "./recordToken.ts"

/** A token, and the connection that it is for. */
export interface TakeInToken extends GivenToken {
  readonly connectionId: Id.ConnectionId
  /** Whether warnings are accepted without being seen, e.g. that nothing proves whose the token is. */
  readonly confirmed?: boolean
}

/** What became of a token. */
export interface TakenIn {
  /** `waiting`: a person chooses, as for every consent; why is in the obstacles of its choices. */
  readonly outcome: "connected" | "waiting"
  /** Whether the same token was taken in before, and nothing changed. */
  readonly isRepeated: boolean
  readonly authorization: Authorization.Present
  readonly connection: Connection.Present
  readonly grant: Aggregate.Present<"grant">
  /** What the token gives access to. Empty for one that was taken in before. */
  readonly candidates: ReadonlyArray<Profile.Candidate>
}

type TakeInDeps = ChangeDeps & RedirectDeps & Deps<"vault">

/** What a token has come to, as it is stored. */
const asItIs = Effect.fnUntraced(function* (
  { repository }: Deps<"repository">,
  { organizationId }: Access.Caller,
  { authorization, connectionId }: { authorization: Authorization.Present; connectionId: Id.ConnectionId }
) {
  if (!("grantId" in authorization) || authorization.grantId === undefined) return undefined
  const { grantId } = authorization
  const { state: grant } = yield* repository.find("grant", organizationId, grantId).pipe(
    // Another request is recording it at this moment; sent again, this one finds it done.
    Effect.catchTag("NotFound", () => new VersionConflict({ kind: "grant", id: grantId, expected: 1, found: 0 }))
  )
  const { state: connection } = yield* repository.find("connection", organizationId, connectionId)
  const isLinked = Connection.isLinked(connection) && connection.link.grantId === grantId
  return { outcome: isLinked ? "connected" : "waiting", authorization, connection, grant } as const
})

/** Binds what the provider says fits the connection; a doubt leaves it to a person. */
const choose = Effect.fnUntraced(function* (
  deps: TakeInDeps,
  caller: Access.Caller,
  authorization: Versioned<Authorization.Present>,
  { confirmed, key }: { readonly confirmed: boolean; readonly key: Profile.Key }
) {
  const { organizationId } = caller
  const find = deps.repository.find("authorization", organizationId, authorization.state.id)
  const drop = (because: string) =>
    decideAndCommit(deps, caller, (context) =>
      Effect.flatMap(find, (read) => dismissConsent(deps, context, read, because))
    )
  return yield* decideAndCommit(deps, caller, ({ actor: by, at }) =>
    Effect.gen(function* () {
      const selection = yield* readSelection(deps, yield* find)
      return yield* selectProfile(deps, selection, { key, confirmed, keepsReplaced: false, by, at })
    })
  ).pipe(
    Effect.asVoid,
    Effect.catchTags({
      // Another account has it. Its tokens are of no use here, so they are forgotten.
      ProfileTaken: (taken) =>
        Effect.andThen(drop(Messages.text("profile.held-elsewhere")), failHeld(deps, caller, taken)),
      Refused: (refused) =>
        refused.reason === "needs-confirmation" ? Effect.void : Effect.andThen(drop(refused.detail), refused)
    })
  )
})

/** Binds a further connection under the consent of a token that was taken in before (rule P-R6). */
const bindAlso = Effect.fnUntraced(function* (
  deps: TakeInDeps,
  caller: Access.Caller,
  connection: Connection.Present,
  {
    confirmed,
    grantId,
    profile
  }: { readonly confirmed: boolean; readonly grantId: Id.GrantId; readonly profile: Profile.Candidate }
) {
  const { organizationId } = caller
  yield* decideAndCommit(deps, caller, ({ actor: by, at }) =>
    Effect.gen(function* () {
      const around = yield* surroundings(deps, organizationId, connection.accountId)
      const own = yield* deps.repository.find("connection", organizationId, connection.id)
      const grant = yield* deps.repository.find("grant", organizationId, grantId)
      yield* requireFitting(obstacles(around, own.state, profile, grant.state), confirmed)
      return yield* bindProfile(deps, around, own, { grant, profile, keepsReplaced: false, at, by })
    })
  ).pipe(Effect.catchTag("ProfileTaken", (taken) => failHeld(deps, caller, taken)))
})

/**
 * Takes in a token for a connection. Asks the provider first; what it refuses leaves nothing behind. Given again, it
 * changes nothing and gives what became of it; given for a further connection, that one joins the same consent.
 */
export const takeInToken = Effect.fn("Connecting.takeInToken")(function* (
  deps: TakeInDeps,
  caller: Access.Caller,
  given: TakeInToken
) {
  const { confirmed = false, connectionId } = given
  const { state: connection } = yield* AccessScope.connection(deps, caller, "connect", connectionId)
  const earlier = yield* earlierOf(deps, caller, given)
  const before =
    earlier.found === undefined
      ? undefined
      : yield* asItIs(deps, caller, { authorization: earlier.found.state, connectionId })
  const isOwn = earlier.found?.state.connectionId === connectionId
  if (
    before !== undefined &&
    (before.outcome === "connected" || (isOwn && before.authorization._tag !== "Finalised"))
  ) {
    return { ...before, isRepeated: true, candidates: [] } satisfies TakenIn
  }
  const found = yield* preflight(deps, connection, given)
  const profile = found.candidates.find(({ key }) => key.marketplaceId === connection.marketplaceId)
  if (before === undefined) {
    const recorded = yield* recordToken(deps, { caller, connection, token: given, preflight: found, key: earlier.key })
    if (profile !== undefined) yield* choose(deps, caller, recorded, { confirmed, key: profile.key })
    const { state } = yield* deps.repository.find("authorization", caller.organizationId, recorded.state.id)
    return yield* finished(deps, caller, { authorization: state, connectionId, candidates: found.candidates })
  }
  if (profile !== undefined) {
    yield* bindAlso(deps, caller, connection, { confirmed, grantId: before.grant.id, profile })
  }
  const { authorization } = before
  return yield* finished(deps, caller, { authorization, connectionId, candidates: found.candidates })
})

const finished = Effect.fnUntraced(function* (
  deps: TakeInDeps,
  caller: Access.Caller,
  {
    authorization,
    candidates,
    connectionId
  }: { authorization: Authorization.Present; connectionId: Id.ConnectionId } & Pick<TakenIn, "candidates">
) {
  const now = yield* asItIs(deps, caller, { authorization, connectionId })
  if (now === undefined) return yield* Effect.die("a consent that was recorded has a grant")
  return { ...now, isRepeated: false, candidates } satisfies TakenIn
})
