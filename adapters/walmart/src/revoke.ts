/** Where a person ends our access, because Walmart documents no call with which an application could. */
import { type Grant, Marketplace } from "@portolan/domain"
import type { ProviderApi } from "@portolan/ports"
import { Option } from "effect"

type Request = Parameters<(typeof ProviderApi.ProviderApi.Service)["revoke"]>[0]

// Consoles of the other markets are not confirmed (https://developer.walmart.com/global-marketplace/docs), so no
// address is told for them.
const consoles: { readonly [channel: string]: { readonly [country: string]: string } } = {
  "walmart-marketplace": { US: " (seller.walmart.com)" },
  "walmart-connect": { US: " (advertising.walmart.com)" }
}

/** Says where it can be done. */
export const revoke = (request: Request): Grant.Revocation => {
  const { channel } = request
  if (channel !== "walmart-marketplace" && channel !== "walmart-connect") {
    return { outcome: "failed", detail: `${channel} is not a channel of Walmart.` }
  }
  const country = Option.match(Marketplace.find(request.marketplaceId), {
    onNone: () => "",
    onSome: (at) => at.countryCode
  })
  const address = consoles[channel]?.[country] ?? ""
  return {
    outcome: "not-offered",
    detail:
      channel === "walmart-marketplace"
        ? "Walmart offers applications no way to end a consent. The seller can disconnect this application in Seller " +
          `Center${address}.`
        : "Walmart offers partners no way to leave an advertiser. An admin of the advertiser can remove us in the ad " +
          `console${address}: Admin, "API Partner - Advertiser level".`
  }
}
