/**
 * Accounts and logins as the provider's own console knows them (rules S-R1 to S-R3): an account has one administrator,
 * and every other login that sees it is a secondary user. A login is no member of ours, and a member's role here gives
 * nothing at the provider (rule S-R10).
 */
import * as Schema from "effect/Schema"
import { AccountType } from "../providers/AccountType.ts"
import { AccountId, CredentialId } from "../kernel/Id.ts"
import * as Marketplace from "../providers/Marketplace.ts"
import { Provider } from "../providers/Provider.ts"
import { Permission } from "../providers/Permission.ts"
import { ExternalId } from "../authorizations/Profile.ts"
import { Email, Name } from "../kernel/Text.ts"

/** The provider's id of an account, or our own while the provider's is not known. Unique within a consolidation. */
export const ProviderAccountId = Schema.Union([ExternalId, AccountId])
export type ProviderAccountId = typeof ProviderAccountId.Type

/** A login at a provider. Its password is never kept here. */
export const Credential = Schema.Struct({
  id: CredentialId,
  provider: Provider,
  name: Name,
  email: Schema.optionalKey(Email),
  /** The provider's id of the user (rule S-R3), known after a sign-in with this login. */
  providerUserId: Schema.optionalKey(ExternalId)
})
export type Credential = typeof Credential.Type

/** An account as the provider knows it. */
export const ProviderAccount = Schema.Struct({
  id: ProviderAccountId,
  name: Name,
  provider: Provider,
  accountType: AccountType,
  marketplaceIds: Schema.Array(Marketplace.MarketplaceId),
  /** Our account for it, when there is one. */
  linkedAccountId: Schema.optionalKey(AccountId),
  /** The one login that can let others in (rule S-R1). Absent while nobody has named it. */
  administratorId: Schema.optionalKey(CredentialId)
})
export type ProviderAccount = typeof ProviderAccount.Type

/** What a secondary user may do on one account, the source of that, and since when it is known. */
export const SecondaryAccess = Schema.Struct({
  accountId: ProviderAccountId,
  credentialId: CredentialId,
  permission: Permission,
  /** `told`: a person reported the grant. `seen`: the provider showed it. */
  source: Schema.Literals(["told", "seen"]),
  since: Schema.DateTimeUtc
})
export type SecondaryAccess = typeof SecondaryAccess.Type
