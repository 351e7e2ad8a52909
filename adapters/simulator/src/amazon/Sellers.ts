/**
 * The seller behind a token: where it takes part
 * (https://developer-docs.amazon.com/sp-api/docs/sellers-api-v1-reference).
 */
import { Marketplace } from "@portolan/domain"
import { Option } from "effect"
import type { Call } from "../core/Call.ts"
import { refuse } from "../core/Call.ts"
import type { WireReply } from "../core/Wire.ts"
import * as Wire from "../core/Wire.ts"
import type { Region } from "../core/World.ts"
import { operation } from "../describe/own.ts"
import type { Partner } from "./Partner.ts"
import type { SpOperation } from "./SpOperation.ts"

const insight = [
  "Product Listing",
  "Selling Partner Insights",
  "Finance and Accounting",
  "Inventory and Order Tracking",
  "Pricing",
  "Amazon Fulfillment",
  "Brand Analytics"
]

const describe = (
  id: string,
  storeName: string,
  isParticipating: boolean,
  hasSuspendedListings: boolean
): ReadonlyArray<unknown> =>
  Option.match(Marketplace.find(id), {
    onNone: () => [],
    onSome: (one) => [
      {
        marketplace: {
          id,
          name: one.storefront.replace(/^www\.a/, "A"),
          countryCode: one.countryCode,
          defaultCurrencyCode: one.currency,
          defaultLanguageCode: languages[one.countryCode] ?? "en_US",
          domainName: one.storefront
        },
        storeName,
        participation: { isParticipating, hasSuspendedListings }
      }
    ]
  })

const languages: Readonly<Record<string, string>> = {
  US: "en_US",
  CA: "en_CA",
  MX: "es_MX",
  BR: "pt_BR",
  GB: "en_GB",
  DE: "de_DE",
  FR: "fr_FR",
  IT: "it_IT",
  ES: "es_ES",
  NL: "nl_NL",
  SE: "sv_SE",
  PL: "pl_PL",
  BE: "fr_BE",
  TR: "tr_TR",
  JP: "ja_JP",
  AU: "en_AU",
  SG: "en_SG",
  IN: "en_IN",
  AE: "en_AE",
  SA: "ar_AE",
  EG: "ar_AE"
}

/**
 * Marketplaces that exist only in answers; a client keeps those it knows
 * (https://developer-docs.amazon.com/sp-api/docs/sellers-api).
 */
const pseudo: Readonly<
  Record<
    Region,
    {
      readonly id: string
      readonly name: string
      readonly countryCode: string
      readonly currency: string
      readonly domain: string
    }
  >
> = {
  NA: {
    id: "A6W85IYQ5WB1C",
    name: "Non-Amazon",
    countryCode: "US",
    currency: "USD",
    domain: "siprod.stores.amazon.com"
  },
  EU: {
    id: "A2XZLSVIQ0F4JT",
    name: "SI Prod ES Marketplace",
    countryCode: "ES",
    currency: "EUR",
    domain: "siprod.stores.amazon.es"
  },
  FE: {
    id: "A3O5IYQ5WB1CJP",
    name: "Non-Amazon",
    countryCode: "JP",
    currency: "JPY",
    domain: "siprod.stores.amazon.co.jp"
  }
}

const participations = (call: Call, { account }: Partner): WireReply => {
  if (account.kind !== "seller") return refuse(call, "SPA-403-07")
  const extra = pseudo[account.region]
  return Wire.json(200, {
    payload: [
      ...account.participations.flatMap((one) =>
        describe(one.marketplaceId, account.name, one.isParticipating, one.hasSuspendedListings)
      ),
      {
        marketplace: {
          id: extra.id,
          name: extra.name,
          countryCode: extra.countryCode,
          defaultCurrencyCode: extra.currency,
          defaultLanguageCode: "en_US",
          domainName: extra.domain
        },
        storeName: account.name,
        participation: { isParticipating: true, hasSuspendedListings: false }
      }
    ]
  })
}

/** Who sells: a private company with the professional plan, at an address that is nowhere. */
const account = (call: Call, { account: seller }: Partner): WireReply => {
  if (seller.kind !== "seller") return refuse(call, "SPA-403-07")
  const address = { addressLine1: "1 Example Street", city: "Exampleton", postalCode: "00000", countryCode: "US" }
  return Wire.json(200, {
    payload: {
      businessType: "PRIVATE_LIMITED",
      sellingPlan: "PROFESSIONAL",
      marketplaceParticipationList: seller.participations.flatMap((one) =>
        describe(one.marketplaceId, seller.name, one.isParticipating, one.hasSuspendedListings)
      ),
      business: { name: `${seller.name} Ltd`, registeredBusinessAddress: address },
      primaryContact: { name: "Simulated Contact", address }
    }
  })
}

/** Operations of the Sellers API. */
export const operations: ReadonlyArray<SpOperation> = [
  {
    described: operation("getMarketplaceParticipations", "GET /sellers/v1/marketplaceParticipations"),
    kind: "seller",
    roles: insight,
    run: participations
  },
  { described: operation("getAccount", "GET /sellers/v1/account"), kind: "seller", roles: insight, run: account }
]
