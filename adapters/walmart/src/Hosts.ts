/**
 * Walmart's hosts, and how its markets are told apart
 * (https://developer.walmart.com/us-marketplace/docs/authentication-authorization,
 * https://developer.walmart.com/us-marketplace/docs/log-in-and-authorize-app-scope;
 * https://developer.walmart.com/global-marketplace/docs).
 */
import { Marketplace, type Region } from "@portolan/domain"
import { ProviderApi } from "@portolan/ports"
import { Result } from "effect"
import type * as Settings from "./Settings.ts"

/** Consent page of the Marketplace API. */
export const login = "login.account.wal-mart.com"

/** The Marketplace API with its token endpoint. */
export const marketplace = "marketplace.walmartapis.com"

/** Walmart Connect. */
export const connect = "developer.api.walmart.com"

/** Everything of Sponsored Search lies below this path; the version in it is not the one of the calls. */
export const connectRoot = "/api-proxy/service/WPA/Api/v1"

/** A refusal: the channel is not available here. */
export const unavailable = (channel: string, detail: string): ProviderApi.ChannelUnavailable =>
  new ProviderApi.ChannelUnavailable({ channel, detail })

/** The market of a region, or a refusal: none is ever guessed. A region of Walmart holds one market. */
export const market = (
  channel: string,
  region: Region.Region
): Result.Result<Marketplace.Marketplace, ProviderApi.ChannelUnavailable> => {
  const [found] = Marketplace.inRegion(region)
  return found?.provider === "walmart"
    ? Result.succeed(found)
    : Result.fail(unavailable(channel, `${region} is not a market of Walmart`))
}

/** `WM_MARKET` of a market: `us`, `ca`, `mx`, `cl`. */
export const marketHeader = (at: Marketplace.Marketplace): string => at.countryCode.toLowerCase()

/** `wap-tenant-id` of a market, empty for none; or a refusal, when Walmart Connect is not known to be there. */
export const tenant = (
  assumptions: Settings.Assumptions,
  region: Region.Region
): Result.Result<string, ProviderApi.ChannelUnavailable> => {
  const found = Object.hasOwn(assumptions.tenants, region) ? assumptions.tenants[region] : undefined
  return found === undefined
    ? Result.fail(unavailable("walmart-connect", `no tenant of Walmart Connect is known for ${region}`))
    : Result.succeed(found)
}
