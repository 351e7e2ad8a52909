/**
 * How use cases count what happens. Exporters of metrics read the counters; where there is none, counting costs an
 * entry in a map. Labels have few values: they name no organization, person or account.
 */
import { Cause, Effect, Exit, Metric } from "effect"

/** Labels of a series. Every value comes from a list that the program knows. */
export type Labels = { readonly [name: string]: string }

/** A counter: what it is called, and what it counts, for people who read the exported metrics. */
export interface Counter {
  readonly name: string
  readonly description: string
}

/** Adds one, or as many as there were, to the series of a counter with these labels. */
export const count = ({ description, name }: Counter, attributes: Labels, times = 1): Effect.Effect<void> =>
  Metric.update(Metric.counter(name, { description, attributes, incremental: true }), times)

const tagOf = (error: unknown): string =>
  typeof error === "object" && error !== null && "_tag" in error && typeof error._tag === "string"
    ? error._tag
    : "unknown"

/** How an effect ended, as a label: `ok`, the class of its failure, `interrupted`, or `defect`. */
export const outcomeOf = <A, E>(exit: Exit.Exit<A, E>): string => {
  if (Exit.isSuccess(exit)) return "ok"
  const failure = exit.cause.reasons.find(Cause.isFailReason)
  if (failure !== undefined) return tagOf(failure.error)
  return Cause.hasInterruptsOnly(exit.cause) ? "interrupted" : "defect"
}

/** Counts how a verb of a service ends, with the label `outcome` beside the given ones. */
export const counted =
  (counter: Counter, labels: Labels) =>
  <Args extends ReadonlyArray<unknown>, A, E, R>(verb: (...args: Args) => Effect.Effect<A, E, R>) =>
  (...args: Args): Effect.Effect<A, E, R> =>
    Effect.onExit(verb(...args), (exit) => count(counter, { ...labels, outcome: outcomeOf(exit) }))
