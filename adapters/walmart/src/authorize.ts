/**
 * The consent address of the Marketplace API
 * (https://developer.walmart.com/us-marketplace/docs/log-in-and-authorize-app-scope). Walmart Connect has none: access
 * is discovered (rule W-R4).
 */
import { Marketplace } from "@portolan/domain"
import type { ProviderApi } from "@portolan/ports"
import { Option, Redacted, Result } from "effect"
import * as Hosts from "./Hosts.ts"
import type * as Settings from "./Settings.ts"

type Address = Result.Result<URL, ProviderApi.ChannelUnavailable>

const refused = (channel: string, detail: string): Address => Result.fail(Hosts.unavailable(channel, detail))

/**
 * Walmart compares the address as it stands and has refused encoded ones, so only what would end the
 * parameter or be read as an escape is encoded: one decoding gives back the registered address in every case.
 */
const plain = (uri: string): string => uri.replaceAll(/[%&#+]/g, encodeURIComponent)

/** The address of the consent page: a pure function of settings and request. */
export const authorize = (settings: Settings.Resolved, request: ProviderApi.ConsentRequest): Address => {
  const { accountType, channel, marketplaceId } = request
  if (channel === "walmart-connect") {
    return refused(
      channel,
      "an advertiser's admin adds us as its API partner; there is no consent page, look among the advertisers"
    )
  }
  if (channel !== "walmart-marketplace") return refused(channel, "it is not a channel of Walmart")
  if (accountType !== "walmart-3p") {
    return refused(channel, `${accountType} is not an account type of Walmart Marketplace`)
  }
  if (settings.marketplace === undefined) return refused(channel, "no Marketplace application is configured")
  const at = Option.filter(Marketplace.find(marketplaceId), ({ provider }) => provider === "walmart")
  if (Option.isNone(at)) return refused(channel, `${marketplaceId} is not a marketplace of Walmart`)
  const { clientTypes, encodeRedirectUri } = settings.assumptions
  const clientType = Object.hasOwn(clientTypes, marketplaceId) ? clientTypes[marketplaceId] : undefined
  if (clientType === undefined) return refused(channel, `no consent page of Walmart is known for ${at.value.country}`)
  const query: ReadonlyArray<readonly [string, string]> = [
    ["responseType", "code"],
    ["clientId", encodeURIComponent(settings.marketplace.clientId)],
    ["redirectUri", encodeRedirectUri ? encodeURIComponent(request.redirectUri) : plain(request.redirectUri)],
    // One-time and mandatory. The challenge is random, fresh for each authorization and no secret, and Walmart knows no
    // PKCE.
    ["nonce", encodeURIComponent(request.codeChallenge)],
    ["state", encodeURIComponent(Redacted.value(request.state))],
    ["clientType", encodeURIComponent(clientType)]
  ]
  const text = query.map(([name, value]) => `${name}=${value}`).join("&")
  return Result.succeed(new URL(`${settings.address(Hosts.login)}/authorize?${text}`))
}
