/**
 * Where a person ends a consent, because Amazon lets no application do it
 * (https://developer.amazon.com/docs/login-with-amazon/refresh-token.html).
 */
import { type Grant, Marketplace } from "@portolan/domain"
import type { ProviderApi } from "@portolan/ports"
import { Option } from "effect"

type Request = Parameters<(typeof ProviderApi.ProviderApi.Service)["revoke"]>[0]

const where = (request: Request, at: Marketplace.Marketplace): string => {
  if (request.channel === "amazon-ads") {
    return (
      `The person who gave it can remove this application on ${at.storefront}: Your Account, "Login with ` +
      'Amazon". That ends it for every advertising account of that login.'
    )
  }
  const [name, host] =
    request.accountType === "vendor" ? ["Vendor Central", at.vendorCentral] : ["Seller Central", at.sellerCentral]
  return `The account's primary user can end it in ${name} (${host}): Manage Your Apps, "Disable authorization".`
}

/**
 * Says where it can be done; Amazon documents no call for it (that there is none is not confirmed). Forgetting the
 * tokens here does not free a place in Amazon's count of authorised sellers.
 */
export const revoke = (request: Request): Grant.Revocation =>
  request.channel !== "amazon-ads" && request.channel !== "amazon-sp"
    ? { outcome: "failed", detail: `${request.channel} is not a channel of Amazon.` }
    : Option.match(
        Option.filter(Marketplace.find(request.marketplaceId), ({ provider }) => provider === "amazon"),
        {
          onNone: () => ({ outcome: "not-offered", detail: "Amazon offers applications no way to end a consent." }),
          onSome: (at) => ({
            outcome: "not-offered",
            detail: `Amazon offers applications no way to end a consent. ${where(request, at)}`
          })
        }
      )
