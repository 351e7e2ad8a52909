/** Which advertiser a person means, and which two a person may confuse. Names are not unique (rule W-R8). */
import { Advertiser } from "../../authorizations/Profile.ts"
import { folded } from "../../kernel/Text.ts"

/**
 * Whether an advertiser may be the one that a person expects: its number, or a name that contains the typed text or is
 * part of it. A hint for the operator who assigns, never a decision (rule W-R8).
 */
export const mayBe = (advertiser: Advertiser, typed: string): boolean => {
  const expected = folded(typed)
  const names = [advertiser.name, advertiser.sellerName ?? ""].map(folded).filter((name) => name !== "")
  return (
    expected === folded(advertiser.key.externalId) ||
    (expected.length >= 3 && names.some((name) => name.includes(expected) || expected.includes(name)))
  )
}

/**
 * Whether an advertiser has exactly the number or name that a person expects, whatever the case; others are only alike
 * (rule W-R8).
 */
export const isNamed = (advertiser: Advertiser, typed: string): boolean =>
  [advertiser.key.externalId, advertiser.name, advertiser.sellerName ?? ""].some(
    (text) => text !== "" && folded(text) === folded(typed)
  )

const legalForms = new Set(["inc", "llc", "ltd", "limited", "corp", "co", "gmbh", "company"])

/** What is left of a name when case, punctuation and legal form do not count. */
const bare = (name: string): string => {
  const words = folded(name)
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "")
  const kept = words.filter((word) => !legalForms.has(word))
  return (kept.length === 0 ? words : kept).join("").slice(0, 120)
}

/** How many letters have to be changed, added or left out to make one text of the other. */
const distance = (one: string, other: string): number => {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index)
  for (let line = 1; line <= one.length; line++) {
    const next = [line]
    for (let column = 1; column <= other.length; column++) {
      const left = next[column - 1] ?? 0
      const above = row[column] ?? 0
      const corner = row[column - 1] ?? 0
      next.push(Math.min(left + 1, above + 1, corner + (one[line - 1] === other[column - 1] ? 0 : 1)))
    }
    row = next
  }
  return row[other.length] ?? 0
}

/**
 * Whether a person may confuse two advertisers by name: the names are the same but for case, punctuation and legal
 * form, or up to two letters apart. A page then asks to compare the ids (rule W-R8).
 */
export const lookAlike = (one: Advertiser, other: Advertiser): boolean => {
  if (one.key.externalId === other.key.externalId && one.key.region === other.key.region) return false
  const [first, second] = [bare(one.name), bare(other.name)]
  if (first === second) return true
  return (
    Math.min(first.length, second.length) >= 6 &&
    Math.abs(first.length - second.length) <= 2 &&
    distance(first, second) <= 2
  )
}
