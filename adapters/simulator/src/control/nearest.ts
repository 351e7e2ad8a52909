/** The right name that somebody may have meant. */

/** How many letters have to be added, dropped, changed or swapped to make one text of another. */
const distance = (a: string, b: string): number => {
  let before: ReadonlyArray<number> = []
  let last: ReadonlyArray<number> = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let row = 1; row <= a.length; row += 1) {
    const next = [row]
    for (let column = 1; column <= b.length; column += 1) {
      const isSame = a[row - 1] === b[column - 1]
      const isSwapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]
      next[column] = Math.min(
        (last[column] ?? 0) + 1,
        (next[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (isSame ? 0 : 1),
        isSwapped ? (before[column - 2] ?? 0) + 1 : Infinity
      )
    }
    before = last
    last = next
  }
  return last[b.length] ?? 0
}

const shown = 12

/**
 * A sentence about the names that there are: the nearest one where one is near, else the first of them. Empty when
 * there are none.
 */
export const hint = (given: string, names: Iterable<string>): string => {
  const all = [...new Set(names)]
  const lower = given.toLowerCase().slice(0, 100)
  const ranked = all
    .map((name) => [distance(lower, name.toLowerCase().slice(0, 100)), name] as const)
    .toSorted(([a], [b]) => a - b)
  const [nearest] = ranked
  if (nearest !== undefined && nearest[0] <= Math.max(1, Math.ceil(given.length / 3))) {
    return `did you mean ${nearest[1]}?`
  }
  if (all.length === 0) return ""
  const more = all.length > shown ? " and more" : ""
  return `there ${all.length === 1 ? "is" : "are"} ${all.slice(0, shown).join(", ")}${more}`
}
