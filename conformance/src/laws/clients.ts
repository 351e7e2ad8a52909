/** What the laws of small ports share: clients of one storage, and probes that a part declared to need. */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"

/** What opens more clients of the same storage. */
export type Opens<S> = ((count: number) => Effect.Effect<ReadonlyArray<S>, unknown, Scope.Scope>) | undefined

/**
 * Gives clients that share only the storage, if the subject opens them; else the one service in several roles, so
 * that laws about one caller after the other can be checked everywhere.
 */
export const clientsOf = <S>(opens: Opens<S>, one: S, count: number) =>
  Effect.gen(function* () {
    const opened = yield* opens?.(count) ?? Effect.succeed<ReadonlyArray<S>>([])
    return (index: number): S => opened[index % Math.max(opened.length, 1)] ?? one
  })

/** Gives a probe that the part declared to need; a defect otherwise, since the suite checks needs beforehand. */
export const promised = <A>(probe: A | undefined, name: string): A => {
  if (probe === undefined) throw new Error(`the probe '${name}' was promised`)
  return probe
}
