/** What callers say about accounts. */
import type { Account, AccountType, Id, Marketplace, Text } from "@portolan/domain"

/** What a new account is made of. Without brands, it takes the company's first. */
export interface NewAccount {
  readonly companyId: Id.CompanyId
  readonly name: Text.Name
  readonly accountType: AccountType.AccountType
  readonly marketplaces: readonly [Marketplace.MarketplaceId, ...ReadonlyArray<Marketplace.MarketplaceId>]
  readonly brandIds?: ReadonlyArray<Id.BrandId>
  readonly defaultBrandId?: Id.BrandId
}

/** The brands of an account. */
export interface BrandAssignment {
  readonly brandIds: ReadonlyArray<Id.BrandId>
  readonly defaultBrandId: Id.BrandId
}

/** Narrows the list of accounts: those of all companies and those in use, unless said otherwise. */
export interface AccountFilter {
  readonly companyId?: Id.CompanyId
  readonly states?: ReadonlyArray<Account.Present["_tag"]>
}

/** A further country somebody wants for an account. */
export interface ExpansionInput {
  readonly marketplaceId: Marketplace.MarketplaceId
  readonly accountType: AccountType.AccountType
}
