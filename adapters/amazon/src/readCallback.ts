/**
 * Reads what Amazon appended to the redirect address. Ads: `code`, `scope`, `state`, or `error` and `error_description`
 * (https://developer.amazon.com/docs/login-with-amazon/authorization-code-grant.html). Selling Partner:
 * `spapi_oauth_code`, `selling_partner_id`, `state`
 * (https://developer-docs.amazon.com/sp-api/docs/website-authorization-workflow).
 */
import { type Channel, Profile } from "@portolan/domain"
import type { ProviderApi } from "@portolan/ports"
import { Callback } from "@portolan/wire"
import { Redacted, Schema } from "effect"
import { sanitizeProviderText } from "./sanitizeProviderText.ts"

const isSellingPartnerId = Schema.is(Profile.ExternalId)

/**
 * Total: any query gives exactly one callback. An error outweighs a code that came with it, because a provider never
 * sends both and somebody else might.
 */
export const readCallback = (channel: Channel.Channel, query: URLSearchParams): ProviderApi.Callback => {
  if (channel !== "amazon-ads" && channel !== "amazon-sp") {
    return { _tag: "Incomplete", detail: `${channel} is not a channel of Amazon` }
  }
  return Callback.withState(query, ({ incomplete, refused, state }) => {
    const error = Callback.field(query, "error")
    if (error.kind === "one") {
      const detail = sanitizeProviderText(Callback.describeError(query, error.value))
      return refused(error.value === "access_denied", detail)
    }
    if (error.kind !== "absent") return incomplete("error", error.kind)

    const codeName = channel === "amazon-ads" ? "code" : "spapi_oauth_code"
    const code = Callback.field(query, codeName)
    if (code.kind !== "one") return incomplete(codeName, code.kind)
    const consented = { _tag: "Consented", state, code: Redacted.make(code.value) } as const
    if (channel === "amazon-ads") return consented
    const partner = Callback.field(query, "selling_partner_id")
    if (partner.kind !== "one") return incomplete("selling_partner_id", partner.kind)
    return isSellingPartnerId(partner.value)
      ? { ...consented, grantor: partner.value }
      : incomplete("selling_partner_id", "malformed")
  })
}
