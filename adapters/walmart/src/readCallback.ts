/**
 * Reads what Walmart appended to the callback address: `code`, `type=auth`, `clientId`, `state`, `sellerId` (walmart
 * A2).
 */
import { type Channel, Profile } from "@portolan/domain"
import type { ProviderApi } from "@portolan/ports"
import { Redacted, Schema } from "effect"
import type * as Settings from "./Settings.ts"
import { words } from "./words.ts"

/** Longest code or state that is read. */
const longest = 2048

const isSellerId = Schema.is(Profile.ExternalId)

type Field = { readonly kind: "one"; readonly value: string } | { readonly kind: "absent" | "doubled" | "too long" }

const field = (query: URLSearchParams, name: string): Field => {
  const [first, ...more] = query.getAll(name)
  if (more.length > 0) return { kind: "doubled" }
  if (first === undefined || first === "") return { kind: "absent" }
  return first.length > longest ? { kind: "too long" } : { kind: "one", value: first }
}

// What Walmart sends after a "no" is not confirmed; RFC 6749 section 4.1.2.1 says `access_denied`.
const declines = (error: string): boolean => /denied|declin|cancel|reject/i.test(error)

const refusal = (
  query: URLSearchParams,
  names: ReadonlyArray<string>
): { readonly name: string; readonly found: Exclude<Field, { readonly kind: "absent" }> } | undefined => {
  for (const name of names) {
    const found = field(query, name)
    if (found.kind !== "absent") return { name, found }
  }
  return undefined
}

/**
 * Total: any query gives exactly one callback. An error outweighs a code that came with it. `clientId` has to be
 * ours, because a code of another application's authorization must not be spent on this one; a missing `type` is let
 * pass, another one is not.
 */
export const readCallback =
  (settings: Settings.Resolved) =>
  (channel: Channel.Channel, query: URLSearchParams): ProviderApi.Callback => {
    if (channel !== "walmart-marketplace") {
      return { _tag: "Incomplete", detail: `nobody is sent back from ${channel}` }
    }
    const state = field(query, "state")
    if (state.kind !== "one") return { _tag: "Incomplete", detail: `state is ${state.kind}` }
    const kept = { state: Redacted.make(state.value) }
    const incomplete = (name: string, problem: string): ProviderApi.Callback => ({
      _tag: "Incomplete",
      ...kept,
      detail: `${name} is ${problem}`
    })

    const refused = refusal(query, settings.assumptions.refusalParameters)
    if (refused !== undefined) {
      if (refused.found.kind !== "one") return incomplete(refused.name, refused.found.kind)
      const { value } = refused.found
      const description = field(query, "error_description")
      const detail = words(description.kind === "one" ? `${value}: ${description.value}` : value)
      return { _tag: declines(value) ? "Declined" : "Refused", ...kept, detail }
    }

    const code = field(query, "code")
    if (code.kind !== "one") return incomplete("code", code.kind)
    const type = field(query, "type")
    if (type.kind !== "absent" && (type.kind !== "one" || type.value !== "auth")) {
      return incomplete("type", type.kind === "one" ? "not that of a consent" : type.kind)
    }
    const clientId = field(query, "clientId")
    if (clientId.kind !== "one") return incomplete("clientId", clientId.kind)
    if (clientId.value !== settings.marketplace?.clientId) return incomplete("clientId", "another application's")
    const sellerId = field(query, "sellerId")
    if (sellerId.kind !== "one") return incomplete("sellerId", sellerId.kind)
    return isSellerId(sellerId.value)
      ? { _tag: "Consented", ...kept, code: Redacted.make(code.value), grantor: sellerId.value }
      : incomplete("sellerId", "malformed")
  }
