/** A row of the fault matrix: what goes wrong, what should come of it, and what did. */
import { Cause, Duration, Effect, Exit, type Scope } from "effect"

/** What a row prints. */
export interface Row {
  readonly id: string
  readonly fault: string
  readonly expected: string
  readonly observed: string
  readonly verdict: "passed" | "failed" | "not-run"
}

/** What a scenario saw, and whether that is what was expected. */
export interface Observation {
  readonly holds: boolean
  readonly observed: string
}

/** A fault with the way to produce it, or the reason why it cannot be produced. */
export type Fault<R> = Pick<Row, "id" | "fault" | "expected"> &
  (
    | {
        readonly run: Effect.Effect<Observation, unknown, R | Scope.Scope>
        /** How long it may take, where that is more than two minutes. */
        readonly within?: Duration.Duration
      }
    | { readonly notRun: string }
  )

/** How long one fault may take. */
const deadline = Duration.minutes(2)

/** Produces a fault and judges what came of it. Whatever breaks on the way is a failure, in words. */
export const judge = <R>(fault: Fault<R>): Effect.Effect<Row, never, R> => {
  const { expected, fault: what, id } = fault
  const row = (verdict: Row["verdict"], observed: string): Row => ({ id, fault: what, expected, observed, verdict })
  if ("notRun" in fault) return Effect.succeed(row("not-run", fault.notRun))
  return Effect.scoped(fault.run).pipe(
    Effect.timeout(fault.within ?? deadline),
    Effect.exit,
    Effect.map((exit) =>
      Exit.isSuccess(exit)
        ? row(exit.value.holds ? "passed" : "failed", exit.value.observed)
        : row("failed", Cause.pretty(exit.cause).slice(0, 600))
    )
  )
}

/** Several things that have to hold, each in words: what is observed names all, and marks those that do not hold. */
export const all = (...things: ReadonlyArray<readonly [holds: boolean, words: string]>): Observation => ({
  holds: things.every(([holds]) => holds),
  observed: things.map(([holds, words]) => (holds ? words : `NOT: ${words}`)).join("; ")
})
