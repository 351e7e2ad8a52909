/**
 * Amazon's hosts by region (https://developer-docs.amazon.com/sp-api/docs/marketplace-ids,
 * https://advertising.amazon.com/API/docs/en-us/guides/account-management/authorization/access-tokens). Tokens are
 * global; profiles and sellers live in one region.
 */
import type { Region } from "@portolan/domain"
import { ProviderApi } from "@portolan/ports"
import { Result, Schema } from "effect"

/** Amazon's three regions, each with its own API hosts. */
const AmazonRegion = Schema.Literals(["NA", "EU", "FE"])
/** One of Amazon's three regions. */
export type AmazonRegion = typeof AmazonRegion.Type

type Hosts = { readonly [R in AmazonRegion]: string }

/** Consent page of the Ads API. */
export const consent: Hosts = { NA: "www.amazon.com", EU: "eu.account.amazon.com", FE: "apac.account.amazon.com" }

/** Token endpoint for the Ads API. */
export const login: Hosts = { NA: "api.amazon.com", EU: "api.amazon.co.uk", FE: "api.amazon.co.jp" }

/**
 * Token endpoint of the Selling Partner API in every region, home of the user profile
 * (https://advertising.amazon.com/API/docs/en-us/guides/account-management/authorization/access-tokens,
 * https://developer.amazon.com/docs/login-with-amazon/obtain-customer-profile.html).
 */
export const globalLogin = "api.amazon.com"

/** The Ads API. */
export const ads: Hosts = {
  NA: "advertising-api.amazon.com",
  EU: "advertising-api-eu.amazon.com",
  FE: "advertising-api-fe.amazon.com"
}

/** The Selling Partner API. */
export const sellingPartner: Hosts = {
  NA: "sellingpartnerapi-na.amazon.com",
  EU: "sellingpartnerapi-eu.amazon.com",
  FE: "sellingpartnerapi-fe.amazon.com"
}

const isAmazon = Schema.is(AmazonRegion)

/** One of Amazon's three regions, or a refusal: no region is ever guessed. */
export const region = (
  channel: string,
  region: Region.Region
): Result.Result<AmazonRegion, ProviderApi.ChannelUnavailable> =>
  isAmazon(region)
    ? Result.succeed(region)
    : Result.fail(new ProviderApi.ChannelUnavailable({ channel, detail: `${region} is not a region of Amazon` }))
