/** How transactions appear in traces. */
import { Effect } from "effect"
import type { Kind } from "../database/Service.ts"

/**
 * The span of a transaction, as a part of what it is for. One that nobody asked for, e.g. the look for due work four
 * times a second, has none. The words are ours; no statement and no value is in it.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/database/database-spans/
 */
export const withinTrace =
  (kind: Kind, doing: string) =>
  <A, E>(transaction: Effect.Effect<A, E>): Effect.Effect<A, E> =>
    Effect.withFiber((fiber) => {
      const { span, tracerEnabled } = fiber.cache
      if (span === undefined || !tracerEnabled) return transaction
      const attributes = { "db.system.name": "postgresql", "db.operation.name": doing, "portolan.database": kind }
      return transaction.pipe(
        Effect.withSpan(`transaction: ${doing}`, { kind: "client", attributes }, { captureStackTrace: false })
      )
    })
