/** The refusals that may become an incident: the latest of each grant, within some minutes, at most so many. */
import * as DateTime from "effect/DateTime"
import type { Sighting } from "./state.ts"

/** Refusals that are kept; more of them show nothing more. */
const sightingLimit = 24

/** What limits a list of refusals. */
interface Bounds {
  readonly minutes: number
  /** What was seen until then belongs to the incident before. */
  readonly closedAt: DateTime.Utc | undefined
}

const nameOf = ({ grantId, tenantId }: Sighting) => `${tenantId ?? ""}/${grantId ?? ""}`

/** Adds refusals of grants that are not on the list within the minutes; the order of the list stays. */
export const merge = (
  known: ReadonlyArray<Sighting>,
  more: ReadonlyArray<Sighting>,
  { closedAt, minutes }: Bounds
): ReadonlyArray<Sighting> => {
  const latest = new Map<string, Sighting>()
  for (const sighting of [...known, ...more]) {
    const other = latest.get(nameOf(sighting))
    if (other === undefined || isOut(other, sighting, minutes)) latest.set(nameOf(sighting), sighting)
  }
  const all = [...latest.values()].filter(({ at }) => closedAt === undefined || DateTime.isGreaterThan(at, closedAt))
  const newest = all.map(({ at }) => at).reduce((one, other) => DateTime.max(one, other), DateTime.makeUnsafe(0))
  return all
    .filter(({ at }) => DateTime.isGreaterThan(at, DateTime.subtract(newest, { minutes })))
    .slice(0, sightingLimit)
}

/** Whether the later refusal of a grant came so late that the earlier one no longer counts beside it. */
const isOut = (earlier: Sighting, later: Sighting, minutes: number) =>
  !DateTime.isLessThan(later.at, DateTime.add(earlier.at, { minutes }))

/** Whether two lists hold the same refusals in the same order. */
export const isSameList = (one: ReadonlyArray<Sighting>, other: ReadonlyArray<Sighting>): boolean =>
  one.length === other.length &&
  one.every((sighting, index) => {
    const beside = other[index]
    return beside !== undefined && nameOf(sighting) === nameOf(beside) && DateTime.Equivalence(sighting.at, beside.at)
  })
