/**
 * A look: the accounts that the provider shows to one login. The accesses here mirror it both ways (rules S-R3, S-R6):
 * an account that is shown is added, one that is no longer shown is removed. A look removes no administrator, because a
 * login that does not see an account may still administer it; and it adds no account that nobody has added, because its
 * type is not known.
 */
import { DateTime, Schema } from "effect"
import { CredentialId } from "../kernel/Id.ts"
import type { MarketplaceId } from "../providers/Marketplace.ts"
import { Permission } from "../providers/Permission.ts"
import type { Credential, ProviderAccount, SecondaryAccess } from "./ProviderAccount.ts"
import { ProviderAccountId } from "./ProviderAccount.ts"
import { fromProvider } from "../kernel/Text.ts"

/** An account that the provider shows to a login and that nobody has added. */
export const UnknownAccount = Schema.Struct({ id: ProviderAccountId, name: Schema.String, permission: Permission })
export type UnknownAccount = typeof UnknownAccount.Type

/** What the latest look with one login found besides accesses. */
export const Look = Schema.Struct({
  credentialId: CredentialId,
  at: Schema.DateTimeUtc,
  unknown: Schema.Array(UnknownAccount),
  /** Accounts that it is said to administer and that the provider did not show with the right to edit. */
  doubted: Schema.Array(ProviderAccountId)
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
  readonly last?: Look
}

/** What the look changes. */
export interface Difference {
  readonly gained: ReadonlyArray<SecondaryAccess>
  readonly lost: ReadonlyArray<SecondaryAccess>
  readonly look: Look
}

/** An account that is shown several times (once a marketplace) counts once, with the better permission. */
const collapsed = (visible: ReadonlyArray<SeenAccount>): ReadonlyMap<ProviderAccountId, SeenAccount> => {
  const found = new Map<ProviderAccountId, SeenAccount>()
  for (const one of visible) {
    const known = found.get(one.id)
    const name = known?.name ?? one.name
    const permission = known?.permission === "edit" ? "edit" : one.permission
    found.set(one.id, { id: one.id, permission, ...(name === undefined ? {} : { name }) })
  }
  return found
}

/**
 * Compares what a login sees with what was known of it. An account counts as missing only when all of its marketplaces
 * were looked at, and only when the access is not younger than the look.
 */
export const compare = (
  { accesses, accounts, credential, last }: Known,
  { at, marketplaceIds, visible }: Seen
): Difference => {
  const seen = collapsed(visible)
  const own = accounts.filter((account) => account.provider === credential.provider)
  const known = new Map(accesses.map((access) => [access.accountId, access]))
  const lookedFor = (account: ProviderAccount) =>
    marketplaceIds === undefined ||
    (account.marketplaceIds.length > 0 && account.marketplaceIds.every((id) => marketplaceIds.includes(id)))

  const gained: Array<SecondaryAccess> = []
  const lost: Array<SecondaryAccess> = []
  const doubted: Array<ProviderAccountId> = []
  for (const account of own) {
    const one = seen.get(account.id)
    const access = known.get(account.id)
    if (account.administratorId === credential.id) {
      const proven = one?.permission === "edit"
      const silent = one === undefined && !lookedFor(account)
      if (silent ? last?.doubted.includes(account.id) === true : !proven) doubted.push(account.id)
    } else if (access !== undefined && DateTime.isGreaterThanOrEqualTo(access.since, at)) {
      continue
    } else if (one !== undefined) {
      if (access?.permission !== one.permission || access.source === "told") {
        gained.push({
          accountId: account.id,
          credentialId: credential.id,
          permission: one.permission,
          source: "seen",
          since: at
        })
      }
    } else if (access !== undefined && lookedFor(account)) lost.push(access)
  }

  const added = new Set(own.map((account) => account.id))
  const fresh = [...seen.values()]
    .filter((one) => !added.has(one.id))
    .map((one): UnknownAccount => ({ id: one.id, name: fromProvider(one.name ?? ""), permission: one.permission }))
  // A look at some marketplaces says nothing about what an earlier one saw in others.
  const kept = marketplaceIds === undefined ? [] : (last?.unknown ?? []).filter((one) => !seen.has(one.id))
  return { gained, lost, look: { credentialId: credential.id, at, unknown: [...kept, ...fresh], doubted } }
}
