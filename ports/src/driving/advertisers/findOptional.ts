import { Effect } from "effect"
import { NotFound } from "../../driven/Repository.ts"

/** Gives `undefined` for what is not found. */
export const findOptional = <A, E, R>(read: Effect.Effect<A, E | NotFound, R>): Effect.Effect<A | undefined, E, R> =>
  Effect.catchIf(
    read,
    (error): error is NotFound => error instanceof NotFound,
    () => Effect.succeed(undefined)
  )
