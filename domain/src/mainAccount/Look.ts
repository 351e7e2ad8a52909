/**
 * A look: the accounts that the provider shows to one login. The accesses here mirror it both ways (rules S-R3, S-R6):
 * an account that is shown is added, one that is no longer shown is removed. A look removes no administrator, because a
 * login that does not see an account may still administer it; and it adds no account that nobody has added, because its
 * type is not known.
 */
import * as DateTime from "effect/DateTime"
import * as Schema from "effect/Schema"
import { given } from "../kernel/given.ts"
import { CredentialId } from "../kernel/Id.ts"
import type { MarketplaceId } from "../providers/Marketplace.ts"
import { Permission } from "../providers/Permission.ts"
import type { Credential, ProviderAccount, SecondaryAccess } from "./ProviderAccount.ts"
import { ProviderAccountId } from "./ProviderAccount.ts"
import { fromProvider } from "../kernel/Text.ts"
import { better, Coverage, including, isCovered, isEachCovered, isSuperseded, type Shown, shownBy } from "./coverage.ts"

export { Coverage, Shown } from "./coverage.ts"

/** An account that the provider shows to a login and that nobody has added. */
export const UnknownAccount = Schema.Struct({ id: ProviderAccountId, name: Schema.String, permission: Permission })
export type UnknownAccount = typeof UnknownAccount.Type

/** What the looks with one login found besides accesses. */
export const Look = Schema.Struct({
  credentialId: CredentialId,
  /** When the latest one was. */
  at: Schema.DateTimeUtc,
  unknown: Schema.Array(UnknownAccount),
  /** Accounts that it is said to administer and that the provider did not show with the right to edit. */
  doubted: Schema.Array(ProviderAccountId),
  /** The newest look at each marketplace. Absent in looks that were kept before looks were put together. */
  coverages: Schema.optionalKey(Schema.Array(Coverage))
})
export type Look = typeof Look.Type

/** One account that the provider shows to a login. */
export interface SeenAccount {
  readonly id: ProviderAccountId
  /** As the provider writes it; control characters are removed before it is kept. */
  readonly name?: string
  readonly permission: Permission
}

/** What was shown, and where the look could have seen something. */
export interface Seen {
  readonly visible: ReadonlyArray<SeenAccount>
  readonly at: DateTime.Utc
  /** The marketplaces that were looked at; absent means all. A call to one region's host shows that region only. */
  readonly marketplaceIds?: ReadonlyArray<MarketplaceId>
}

/** What is known of the login before the look. */
export interface Known {
  readonly credential: Credential
  readonly accounts: ReadonlyArray<ProviderAccount>
  /** This login's accesses. */
  readonly accesses: ReadonlyArray<SecondaryAccess>
  /** Every marketplace of the login's provider; an account without marketplaces of its own can be in any. */
  readonly marketplaceIds: ReadonlyArray<MarketplaceId>
  readonly last?: Look
}

/** What the look changes. */
export interface Difference {
  readonly gained: ReadonlyArray<SecondaryAccess>
  readonly lost: ReadonlyArray<SecondaryAccess>
  readonly look: Look
}

/** An account that is shown several times (once a marketplace) counts once, with the better permission. */
const collapsed = (visible: ReadonlyArray<SeenAccount>): ReadonlyMap<ProviderAccountId, Shown> => {
  const found = new Map<ProviderAccountId, Shown>()
  for (const one of visible) {
    const known = found.get(one.id)
    const name = known?.name ?? (one.name === undefined ? undefined : fromProvider(one.name))
    found.set(one.id, { id: one.id, permission: better(known?.permission, one.permission), ...given({ name }) })
  }
  return found
}

/** Whether a look says nothing new: a newer one, or the same, covers what it looked at. Looks arrive in any order. */
export const isOld = (
  last: Look | undefined,
  { at, marketplaceIds }: Seen,
  known: Known["marketplaceIds"]
): boolean => {
  if (last === undefined || DateTime.isGreaterThan(at, last.at)) return false
  const places = marketplaceIds ?? known
  if (last.coverages === undefined || places.length === 0) return true
  return isSuperseded(last.coverages, { at, marketplaceIds: places })
}

/** Accounts that nobody has added and that the looks show; those of a look without coverage until all are covered. */
const unknownOf = (
  { accounts, credential, last, marketplaceIds }: Known,
  coverages: ReadonlyArray<Coverage>,
  seen: ReadonlyMap<ProviderAccountId, Shown>
): ReadonlyArray<UnknownAccount> => {
  const added = new Set(accounts.flatMap(({ id, provider }) => (provider === credential.provider ? [id] : [])))
  const before = shownBy(last?.coverages ?? [])
  const shown = shownBy(coverages)
  const isGone = isEachCovered(coverages, marketplaceIds)
  const kept = (last?.unknown ?? []).filter(({ id }) => !isGone && !before.has(id) && !shown.has(id) && !seen.has(id))
  const fresh = [...new Map([...shown, ...[...seen].filter(([id]) => !shown.has(id))]).values()]
  return [...kept, ...fresh.map(({ id, name = "", permission }) => ({ id, name, permission }))].filter(
    ({ id }) => !added.has(id)
  )
}

/**
 * Compares what a login sees with what was known of it. An account counts as missing only when the looks together
 * cover all of its marketplaces and none of them shows it, and only when the access is not younger than the look.
 */
export const compare = (known: Known, { at, marketplaceIds = known.marketplaceIds, visible }: Seen): Difference => {
  const { accesses, accounts, credential, last } = known
  const seen = collapsed(visible)
  const accessTo = new Map(accesses.map((access) => [access.accountId, access]))
  const outdated = accesses
    .filter(({ since, source }) => source === "told" && DateTime.isGreaterThanOrEqualTo(since, at))
    .map(({ accountId }) => accountId)
  const latest: Coverage = { marketplaceIds, at, shown: [...seen.values()], outdated }
  const coverages = including(last?.coverages ?? [], latest, accounts)
  const shown = shownBy([...coverages.filter((one) => one !== latest), latest])

  const gained: Array<SecondaryAccess> = []
  const lost: Array<SecondaryAccess> = []
  const doubted: Array<ProviderAccountId> = []
  for (const account of accounts.filter((one) => one.provider === credential.provider)) {
    const permission = shown.get(account.id)?.permission
    const isSilent = permission === undefined && !isCovered(coverages, account, known.marketplaceIds)
    const access = accessTo.get(account.id)
    if (account.administratorId === credential.id) {
      if (isSilent ? last?.doubted.includes(account.id) === true : permission !== "edit") doubted.push(account.id)
    } else if (permission === undefined) {
      if (access !== undefined && !isSilent) lost.push(access)
    } else if (
      access === undefined ? seen.has(account.id) : access.permission !== permission || access.source === "told"
    )
      gained.push({ accountId: account.id, credentialId: credential.id, permission, source: "seen", since: at })
  }
  const unknown = unknownOf(known, coverages, seen)
  const newest = last === undefined ? at : DateTime.max(last.at, at)
  return { gained, lost, look: { credentialId: credential.id, at: newest, unknown, doubted, coverages } }
}
