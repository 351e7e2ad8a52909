/** Answers of odd kinds that the policy asks for: entries that cannot be read, and page tokens that are dead. */
import type { Call } from "./Call.ts"

/** Whether the entry at a place of a list, counted from 0, is an odd one. */
const isOdd = ({ world }: Pick<Call, "world">, index: number): boolean => {
  const { oddEntryEvery } = world.policy
  return oddEntryEvery !== null && oddEntryEvery > 0 && index % oddEntryEvery === oddEntryEvery - 1
}

/** A list whose odd entries hold something that nobody can read. `first`: the place of the list's first entry. */
export const entries = <A extends object>(
  call: Pick<Call, "world">,
  list: ReadonlyArray<A>,
  unreadable: { readonly [K in keyof A]?: unknown },
  first = 0
): ReadonlyArray<object> => list.map((one, index) => (isOdd(call, first + index) ? { ...one, ...unreadable } : one))

/** Whether the page token that came back is dead; each that is counts. */
export const isDead = ({ world }: Pick<Call, "world">): boolean => {
  if (world.policy.dyingPageTokens <= 0) return false
  world.policy.dyingPageTokens -= 1
  return true
}
