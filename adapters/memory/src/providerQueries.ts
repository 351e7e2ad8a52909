/** What the provider out of a table reads in the queries of addresses that a browser opens. */
import { Channel, Profile } from "@portolan/domain"
import type { ProviderApi } from "@portolan/ports"
import { Redacted } from "effect"

const single = (query: URLSearchParams, ...names: ReadonlyArray<string>): string | undefined => {
  // Equal values are one: proxies repeat whole queries.
  const values = new Set(names.flatMap((name) => query.getAll(name)))
  return values.size === 1 ? [...values][0] : undefined
}

/** Reads the query of a callback. */
export const readCallback = (_channel: Channel.Channel, query: URLSearchParams): ProviderApi.Callback => {
  const text = single(query, "state")
  if (text === undefined) return { _tag: "Incomplete", detail: "state is missing or doubled" }
  const state = Redacted.make(text)
  const error = query.get("error")
  if (error === "access_denied")
    return { _tag: "Declined", state, detail: query.get("error_description") ?? "declined" }
  if (error !== null) return { _tag: "Refused", state, detail: error }
  const code = single(query, "code", "spapi_oauth_code")
  if (code === undefined) return { _tag: "Incomplete", state, detail: "code is missing or doubled" }
  const grantor = single(query, "selling_partner_id")
  return { _tag: "Consented", state, code: Redacted.make(code), ...(grantor === undefined ? {} : { grantor }) }
}

/** Reads the query of a log-in address. */
export const readStart = (channel: Channel.Channel, query: URLSearchParams): ProviderApi.MarketplaceStart => {
  if (!Channel.claimsIdentity(channel)) return { _tag: "NotOffered" }
  const confirms = single(query, "amazon_callback_uri")
  if (confirms !== undefined && !/^https:\/\/([a-z0-9-]+\.)*amazon\.[a-z.]+\//.test(confirms)) {
    return { _tag: "Unacceptable", problem: "foreign-address", detail: "amazon_callback_uri is of another host" }
  }
  const isDraft = query.get("version") === "beta"
  const grantor = single(query, "selling_partner_id")
  if (grantor !== undefined && Profile.isExternalId(grantor)) return { _tag: "Begun", grantor, isDraft }
  // One of the two channels names the seller always, the other one perhaps.
  if (!query.has("selling_partner_id") && channel === "walmart-marketplace") return { _tag: "Begun", isDraft }
  return { _tag: "Unacceptable", problem: "incomplete", detail: "selling_partner_id is missing, doubled or malformed" }
}
