/** How it is put on record what calls with a grant have shown about the connections that live on it. */
import { Connection, type Failure, given, type Id } from "@portolan/domain"
import { DateTime, Effect } from "effect"
import { type ChangeContext, change, decideAndCommit, decideOn, on, type Source } from "../shared/change.ts"
import type { ChangeDeps } from "../shared/deps.ts"

/** What a call with a grant showed about one connection. */
export type Shown = Extract<Connection.Command, { readonly _tag: "Prove" | "CheckRights" }>

/**
 * The part of a change that puts on a connection what a call with a grant has shown. Nothing for one that is no longer
 * linked; the machine ignores what another grant has shown than the one in use.
 */
export const shown = <S extends Source<"connection">>(connection: S, command: (at: DateTime.Utc) => Shown) =>
  on("connection", connection, (at, state) => (Connection.isLinked(state) ? command(at) : []))

/** A grant that is of no use any more, and what is known about why. */
export interface RefusedGrant {
  readonly grantId: Id.GrantId
  /** As `Failure.GrantRefused` has it. */
  readonly rotationLost?: true
  /** The provider says that the tokens are of somebody else than the consent names. */
  readonly isOfOthers?: true
}

/**
 * Puts it on record, for every connection of a grant, that the provider proved the grant dead (rule S-R7), or of
 * somebody else (rule C10).
 */
export const loseGrant = (
  deps: ChangeDeps,
  context: ChangeContext,
  { grantId, isOfOthers, rotationLost }: RefusedGrant
) =>
  decideAndCommit(deps, context, ({ at, organizationId }) =>
    Effect.gen(function* () {
      const connections = yield* deps.repository.connectionsOfGrant(organizationId, grantId)
      const decided = yield* Effect.forEach(connections, (read) =>
        decideOn("connection", read, {
          _tag: "LoseGrant",
          grantId,
          loss: isOfOthers ? "different-identity" : lossOf(read.state, at, rotationLost),
          at
        })
      )
      return { decided, result: undefined }
    })
  )

const lossOf = ({ link: { expiresAt } }: Connection.Linked, at: DateTime.Utc, rotationLost?: true): Connection.Loss => {
  if (expiresAt !== undefined && DateTime.isGreaterThanOrEqualTo(at, expiresAt)) return "expired"
  return rotationLost === true ? "rotation-lost" : "withdrawn-or-reset"
}

/** The grant that a connection lives on. */
export interface OnGrant {
  readonly connectionId: Id.ConnectionId
  readonly grantId: Id.GrantId
}

/** Puts on a connection which right is missing at the provider; none, when it has all that it needs. */
export const recordRights = (
  deps: ChangeDeps,
  context: ChangeContext,
  { connectionId, grantId }: OnGrant,
  missing: Failure.PermissionMissing["missing"] | undefined
) => change(deps, context, [shown(connectionId, (at) => ({ _tag: "CheckRights", ...given({ grantId, at, missing }) }))])
