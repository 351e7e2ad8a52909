/** Reads that do not depend on each other, at one time: a store may answer several of one moment together. */
import { Effect, type Exit } from "effect"

/** How many run at one time: more than a page has rows. */
const most = 128

type AnyEffect = Effect.Effect<unknown, unknown, unknown>

/** What several effects give, in their order. */
export type SideBySide<Items extends ReadonlyArray<AnyEffect>> = Effect.Effect<
  { -readonly [I in keyof Items]: Effect.Success<Items[I]> },
  Effect.Error<Items[number]>,
  Effect.Services<Items[number]>
>

/**
 * Runs effects at one time. When several fail, the failure is that of the first in order, whichever came first in time:
 * the same request is always refused in the same words.
 */
export const sideBySide = <const Items extends ReadonlyArray<AnyEffect>>(...items: Items): SideBySide<Items> =>
  forEachSideBySide(items, (item) => item) as never

/** The same for one effect of each item. */
export const forEachSideBySide = <A, B, E, R>(
  items: Iterable<A>,
  effect: (item: A) => Effect.Effect<B, E, R>
): Effect.Effect<Array<B>, E, R> => {
  const all = [...items]
  return all.length < 2
    ? Effect.forEach(all, effect)
    : Effect.flatMap(
        Effect.forEach(all, (item) => Effect.exit(effect(item)), { concurrency: most }),
        (exits: ReadonlyArray<Exit.Exit<B, E>>) => Effect.forEach(exits, (exit) => exit)
      )
}
