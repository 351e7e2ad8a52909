/**
 * Reads what Amazon appended to the redirect address. Ads: `code`, `scope`, `state`, or `error` and `error_description`
 * (amazon-lwa section 3). Selling Partner: `spapi_oauth_code`, `selling_partner_id`, `state` (amazon-sp-api section 3).
 */
import { type Channel, Profile } from "@portolan/domain"
import type { ProviderApi } from "@portolan/ports"
import { Redacted, Schema } from "effect"
import { words } from "./words.ts"

/** Longest code or state that is read. Tokens have at most 2048 bytes, and Amazon's codes are far shorter. */
const longest = 2048

const isSellingPartnerId = Schema.is(Profile.ExternalId)

type Field = { readonly kind: "one"; readonly value: string } | { readonly kind: "absent" | "doubled" | "too long" }

const field = (query: URLSearchParams, name: string): Field => {
  const [first, ...more] = query.getAll(name)
  if (more.length > 0) return { kind: "doubled" }
  if (first === undefined || first === "") return { kind: "absent" }
  return first.length > longest ? { kind: "too long" } : { kind: "one", value: first }
}

/**
 * Total: any query gives exactly one callback. An error outweighs a code that came with it, because a provider never
 * sends both and somebody else might.
 */
export const readCallback = (channel: Channel.Channel, query: URLSearchParams): ProviderApi.Callback => {
  if (channel !== "amazon-ads" && channel !== "amazon-sp") {
    return { _tag: "Incomplete", detail: `${channel} is not a channel of Amazon` }
  }
  const state = field(query, "state")
  if (state.kind !== "one") return { _tag: "Incomplete", detail: `state is ${state.kind}` }
  const kept = { state: Redacted.make(state.value) }
  const incomplete = (name: string, found: Field): ProviderApi.Callback => ({
    _tag: "Incomplete",
    ...kept,
    detail: `${name} is ${found.kind === "one" ? "malformed" : found.kind}`
  })

  const error = field(query, "error")
  if (error.kind === "one") {
    const description = field(query, "error_description")
    const detail = words(description.kind === "one" ? `${error.value}: ${description.value}` : error.value)
    return { _tag: error.value === "access_denied" ? "Declined" : "Refused", ...kept, detail }
  }
  if (error.kind !== "absent") return incomplete("error", error)

  const codeName = channel === "amazon-ads" ? "code" : "spapi_oauth_code"
  const code = field(query, codeName)
  if (code.kind !== "one") return incomplete(codeName, code)
  const consented = { _tag: "Consented", ...kept, code: Redacted.make(code.value) } as const
  if (channel === "amazon-ads") return consented
  const partner = field(query, "selling_partner_id")
  return partner.kind === "one" && isSellingPartnerId(partner.value)
    ? { ...consented, grantor: partner.value }
    : incomplete("selling_partner_id", partner)
}
