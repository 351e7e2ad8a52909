/** How a transaction or a statement of its own is tried, and how its caller hears what became of it. */
import type { StoreUnavailable } from "@portolan/ports"
import { Effect } from "effect"
import { type Kind, limits } from "../database/Service.ts"
import { insistent, judged, unavailable } from "./failure.ts"

/** A commit that was sent and not answered, and the server did not tell what became of it. */
export class InDoubt {
  readonly cause: unknown
  constructor(cause: unknown) {
    this.cause = cause
  }
}

/** Longer than any statement may take: the promise is given up, and the server ends the rest by its own limits. */
const deadlineMillis = 2 * limits.statementMillis

/** Waits for work until the deadline. `giveUp` hears that nobody waits for it any more. */
export const inTime = async <A>(work: Promise<A>, giveUp: () => void = () => undefined): Promise<A> => {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      giveUp()
      reject(new Error(`no answer within ${deadlineMillis} ms`))
    }, deadlineMillis)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

const never = (_cause: unknown): _cause is never => false

/** What is tried. */
export interface Attempt<A, E> {
  readonly kind: Kind
  /** What fails when it fails, e.g. `reading the history`. */
  readonly doing: string
  /** Recognises what `run` throws to answer with an error. */
  readonly isRefusal?: ((cause: unknown) => cause is E) | undefined
  readonly run: () => Promise<A>
}

/**
 * Tries, again where it only lost against others. A refusal becomes an error; a failure of the database becomes
 * `StoreUnavailable`; a mistake of the program dies. It cannot be interrupted.
 */
export const attempt = <A, E = never>({
  doing,
  isRefusal = never,
  kind,
  run
}: Attempt<A, E>): Effect.Effect<A, E | StoreUnavailable.StoreUnavailable> => {
  const once = Effect.tryPromise({
    try: run,
    catch: (cause) => {
      if (isRefusal(cause)) return cause
      return cause instanceof InDoubt ? unavailable(doing, cause.cause, "unknown") : judged(doing, cause)
    }
  })
  return insistent<A, E | StoreUnavailable.StoreUnavailable>(kind, doing, once)
}
