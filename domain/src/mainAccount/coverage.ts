/**
 * What the looks with one login show together. A call to one region's host shows that region only, so the newest look
 * at each marketplace counts, and an account is gone when none of them shows it any more (rule S-R6).
 */
import * as DateTime from "effect/DateTime"
import * as Schema from "effect/Schema"
import { MarketplaceId } from "../providers/Marketplace.ts"
import { Permission } from "../providers/Permission.ts"
import { type ProviderAccount, ProviderAccountId } from "./ProviderAccount.ts"

/** An account that a look showed. */
export const Shown = Schema.Struct({
  id: ProviderAccountId,
  permission: Permission,
  /** As the provider writes it, without control characters. */
  name: Schema.optionalKey(Schema.String)
})
export type Shown = typeof Shown.Type

/** What one look showed, and the marketplaces for which it is the newest. */
export const Coverage = Schema.Struct({
  marketplaceIds: Schema.Array(MarketplaceId),
  at: Schema.DateTimeUtc,
  shown: Schema.Array(Shown),
  /** Accounts whose access was reported after this look; it says nothing about them. */
  outdated: Schema.Array(ProviderAccountId)
})
export type Coverage = typeof Coverage.Type

/** Whether a newer look, or the same one, covers one of these marketplaces. */
export const isSuperseded = (
  coverages: ReadonlyArray<Coverage>,
  { at, marketplaceIds }: Pick<Coverage, "at" | "marketplaceIds">
): boolean =>
  coverages.some(
    (one) => DateTime.isGreaterThanOrEqualTo(one.at, at) && one.marketplaceIds.some((id) => marketplaceIds.includes(id))
  )

/** The earlier looks without the marketplaces of a new one. An account that can only be in those is not kept. */
const without = (
  coverages: ReadonlyArray<Coverage>,
  marketplaceIds: ReadonlyArray<MarketplaceId>,
  accounts: ReadonlyArray<ProviderAccount>
): ReadonlyArray<Coverage> => {
  const places = new Map(accounts.map((account) => [account.id, account.marketplaceIds]))
  return coverages.flatMap((one) => {
    const rest = one.marketplaceIds.filter((id) => !marketplaceIds.includes(id))
    if (rest.length === one.marketplaceIds.length) return [one]
    const mayBeHere = ({ id }: Shown) => {
      const own = places.get(id) ?? []
      return own.length === 0 || own.some((place) => rest.includes(place))
    }
    return rest.length === 0 ? [] : [{ ...one, marketplaceIds: rest, shown: one.shown.filter(mayBeHere) }]
  })
}

/** The looks after one more; one that covers no marketplace is not kept. */
export const including = (
  coverages: ReadonlyArray<Coverage>,
  latest: Coverage,
  accounts: ReadonlyArray<ProviderAccount>
): ReadonlyArray<Coverage> => [
  ...without(coverages, latest.marketplaceIds, accounts),
  ...(latest.marketplaceIds.length === 0 ? [] : [latest])
]

/** The better of two permissions. */
export const better = (one: Permission | undefined, other: Permission): Permission => (one === "edit" ? one : other)

/** Every account that the looks show together, with the best permission of any. */
export const shownBy = (coverages: ReadonlyArray<Coverage>): ReadonlyMap<ProviderAccountId, Shown> => {
  const found = new Map<ProviderAccountId, Shown>()
  for (const { outdated, shown } of coverages) {
    const late = new Set(outdated)
    for (const one of shown) {
      if (late.has(one.id)) continue
      const known = found.get(one.id)
      found.set(one.id, { ...one, ...known, permission: better(known?.permission, one.permission) })
    }
  }
  return found
}

/** Whether the looks cover all of these marketplaces. */
export const isEachCovered = (
  coverages: ReadonlyArray<Coverage>,
  marketplaceIds: ReadonlyArray<MarketplaceId>
): boolean => {
  const covered = new Set(coverages.flatMap((one) => one.marketplaceIds))
  return marketplaceIds.every((id) => covered.has(id))
}

/**
 * Whether the looks cover every marketplace in which an account can be: its own, or all of the provider when it names
 * none.
 */
export const isCovered = (
  coverages: ReadonlyArray<Coverage>,
  { id, marketplaceIds }: ProviderAccount,
  all: ReadonlyArray<MarketplaceId>
): boolean =>
  isEachCovered(
    coverages.filter(({ outdated }) => !outdated.includes(id)),
    marketplaceIds.length === 0 ? all : marketplaceIds
  )

/** The looks after an access to an account was reported at `at`: older ones say nothing about it any more. */
export const outdatedBy = (
  coverages: ReadonlyArray<Coverage>,
  accountId: ProviderAccountId,
  at: DateTime.Utc
): ReadonlyArray<Coverage> =>
  coverages.map((one) =>
    DateTime.isGreaterThan(one.at, at) || one.outdated.includes(accountId)
      ? one
      : { ...one, outdated: [...one.outdated, accountId] }
  )

/** The looks without an account that was removed. */
export const forgetting = (coverages: ReadonlyArray<Coverage>, accountId: ProviderAccountId): ReadonlyArray<Coverage> =>
  coverages.map((one) => ({
    ...one,
    shown: one.shown.filter(({ id }) => id !== accountId),
    outdated: one.outdated.filter((id) => id !== accountId)
  }))
