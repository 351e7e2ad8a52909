/** What is told of the events of companies and accounts. */
import type { Aggregate } from "@portolan/domain"
import type { Schema } from "effect"
import { instant } from "./Text.ts"

type Event = Aggregate.Types["company" | "account"]["event"]
type Facts = { readonly [fact: string]: Schema.Json }

/** The facts of each event, chosen one by one. */
export const companyFacts: {
  readonly [T in Event["_tag"]]: (event: Extract<Event, { readonly _tag: T }>) => Facts
} = {
  CompanyAdded: ({ company }) => ({ name: company.name, brands: company.brands.map(({ id, name }) => ({ id, name })) }),
  BrandRenamed: ({ brandId, name }) => ({ brandId, name }),
  BrandRemoved: ({ brandId }) => ({ brandId }),
  CompanyRemoved: () => ({}),
  CompanyRestored: () => ({}),
  CompanyRenamed: ({ name }) => ({ name }),
  BrandAdded: ({ brand }) => ({ brandId: brand.id, name: brand.name }),
  AccountOpened: ({
    account: { accountType, brandIds, companyId, defaultBrandId, marketplaces, name, provider, region }
  }) => ({ companyId, name, provider, accountType, region, marketplaces, brandIds, defaultBrandId }),
  AccountRenamed: ({ name }) => ({ name }),
  BrandsAssigned: ({ brandIds, defaultBrandId }) => ({ brandIds, defaultBrandId }),
  AccountCompanyChanged: ({ brandIds, defaultBrandId, from, to }) => ({ from, to, brandIds, defaultBrandId }),
  MarketplaceAdded: ({ marketplaceId }) => ({ marketplaceId }),
  MarketplaceRemoved: ({ marketplaceId }) => ({ marketplaceId }),
  MarketplaceChanged: ({ from, to }) => ({ from, to }),
  AccountRemoved: () => ({}),
  AccountRestored: () => ({}),
  DeletionScheduled: ({ dueAt }) => ({ dueAt: instant(dueAt) }),
  DeletionCalledOff: () => ({}),
  DataErased: ({ rows }) => ({ rows })
}
