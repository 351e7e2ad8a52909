/** What the lists of Walmart Marketplace share: their parameters, and how they may end. */
import type { Call } from "../core/Call.ts"
import { refuse } from "../core/Call.ts"
import type { WireReply } from "../core/Wire.ts"

/** Refuses a parameter. */
export const bad = (call: Call, name: string): WireReply => refuse(call, "WMP-400-03", name)

/** Refuses a filter that is valid at Walmart and not simulated. */
export const unmodelled = (call: Call, query: URLSearchParams, known: ReadonlyArray<string>): WireReply | undefined => {
  const other = [...query.keys()].find((key) => !known.includes(key))
  return other === undefined ? undefined : refuse(call, "WMP-400-04", other.slice(0, 60))
}

/** The size of a page; nothing when it is none. */
export const limitOf = (query: URLSearchParams, usual: number, most: number): number | undefined => {
  const limit = Number(query.get("limit") ?? String(usual))
  return Number.isInteger(limit) && limit >= 1 && limit <= most ? limit : undefined
}

/** A list, or all but its last entry, where the policy ends lists before their total. */
export const short = <A>({ world }: Call, list: ReadonlyArray<A>): ReadonlyArray<A> =>
  world.policy.walmartShortLists ? list.slice(0, -1) : list
