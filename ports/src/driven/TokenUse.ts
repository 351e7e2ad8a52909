/**
 * Who reads a token, and why. Use cases set it around what they do; the vault reads it and records it with each read
 * (law of the audit log: no read without a record). A read without it is recorded as that of an unknown part.
 */
import type { Actor, Id } from "@portolan/domain"
import { Context, Effect } from "effect"

/** Why a token is read. */
export interface Use {
  readonly actor: Actor.Actor
  /** The operation that needs the token, e.g. `AccessTokens.ofConnection`, or the task of a job, e.g. `LoadWindow`. */
  readonly operation: string
  /** The connection that it is read for, where the operation is about one. */
  readonly connectionId?: Id.ConnectionId
  /** The job that reads it. */
  readonly jobId?: Id.JobId
}

/** The use of the tokens that an effect reads. */
export const TokenUse: Context.Reference<Use> = Context.Reference<Use>("@portolan/ports/driven/TokenUse", {
  defaultValue: () => ({ actor: { _tag: "System", part: "unknown" }, operation: "unknown" })
})

/** Runs an effect whose reads of tokens have a use. */
export const using = <A, E, R>(use: Use, effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.provideService(effect, TokenUse, use)

/** Adds the connection to the use of an effect that learns only on its way which one it is about. */
export const usingFor = <A, E, R>(
  connectionId: Id.ConnectionId,
  effect: Effect.Effect<A, E, R>
): Effect.Effect<A, E, R> =>
  Effect.gen(function* () {
    return yield* using({ ...(yield* TokenUse), connectionId }, effect)
  })
