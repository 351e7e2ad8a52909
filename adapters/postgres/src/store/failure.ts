/** What becomes of a failure of the database: it is tried again, told, or, as a mistake of the program, dies. */
import { StoreUnavailable } from "@portolan/ports"
import { Effect, Schedule } from "effect"
import { Undecodable } from "../codec.ts"
import { codeOf, stripped } from "../DatabaseError.ts"
import type { Kind } from "../database/Service.ts"
import { withinTrace } from "./trace.ts"

/** A transaction or a read that lost against another one. It can run again, because nothing was decided inside it. */
export class Contended {
  readonly _tag = "Contended"
  readonly cause: unknown
  constructor(cause: unknown) {
    this.cause = cause
  }
}

/** Codes of mistakes of the program: data, constraint, syntax or access rules. They die instead of being retried. */
const isMistake = (cause: unknown) => /^(22|23|42|0A)/.test(codeOf(cause)) || cause instanceof Undecodable

/** Whether an SQLSTATE says that a transaction lost against another one and can be run again. */
export const isContended = (code: string): boolean => code === "40001" || code === "40P01"

const again = Schedule.exponential("10 millis").pipe(Schedule.jittered, Schedule.upTo({ times: 5 }))

/** What a failure of the database is; a mistake of the program is thrown. */
export const judged = (doing: string, cause: unknown): Contended | StoreUnavailable.StoreUnavailable => {
  if (isMistake(cause)) throw stripped(cause)
  return isContended(codeOf(cause)) ? new Contended(cause) : unavailable(doing, cause)
}

/** Tries again what lost against another transaction, and is not interrupted on the way. */
export const insistent = <A, E>(
  kind: Kind,
  doing: string,
  attempt: Effect.Effect<A, E | Contended>
): Effect.Effect<A, E | StoreUnavailable.StoreUnavailable> =>
  Effect.uninterruptible(attempt).pipe(
    Effect.retry({ schedule: again, while: (error) => error instanceof Contended }),
    Effect.catch((error): Effect.Effect<never, E | StoreUnavailable.StoreUnavailable> =>
      error instanceof Contended ? Effect.fail(unavailable(doing, error.cause)) : Effect.fail(error)
    ),
    withinTrace(kind, doing)
  )

/** Says that the store did not answer, without the driver's query and parameters. */
export const unavailable = (doing: string, cause: unknown, outcome?: "unknown") =>
  new StoreUnavailable.StoreUnavailable({
    doing,
    cause: stripped(cause),
    ...(outcome === undefined ? {} : { outcome })
  })
