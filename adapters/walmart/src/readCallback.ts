/**
 * Reads what Walmart appended to the callback address: `code`, `type=auth`, `clientId`, `state`, `sellerId`
 * (https://developer.walmart.com/us-marketplace/docs/log-in-and-authorize-app-scope).
 */
import { type Channel, Profile } from "@portolan/domain"
import type { ProviderApi } from "@portolan/ports"
import { Callback } from "@portolan/wire"
import { Redacted, Schema } from "effect"
import type * as Settings from "./Settings.ts"
import { sanitizeProviderText } from "./sanitizeProviderText.ts"

const isSellerId = Schema.is(Profile.ExternalId)

// What Walmart sends after a "no" is not confirmed; https://www.rfc-editor.org/rfc/rfc6749 says `access_denied`.
const declines = (error: string): boolean => /denied|declin|cancel|reject/i.test(error)

type Refusal = { readonly name: string; readonly found: Exclude<Callback.Field, { readonly kind: "absent" }> }

const refusalIn = (query: URLSearchParams, names: ReadonlyArray<string>): Refusal | undefined => {
  for (const name of names) {
    const found = Callback.field(query, name)
    if (found.kind !== "absent") return { name, found }
  }
  return undefined
}

/** What speaks against the code being for this application: its parameter and the problem. */
const objectionTo = (query: URLSearchParams, ours: string | undefined): readonly [string, string] | undefined => {
  const type = Callback.field(query, "type")
  // A missing `type` is accepted, another one is not.
  if (type.kind === "one" && type.value !== "auth") return ["type", "not that of a consent"]
  if (type.kind !== "one" && type.kind !== "absent") return ["type", type.kind]
  const clientId = Callback.field(query, "clientId")
  if (clientId.kind !== "one") return ["clientId", clientId.kind]
  return clientId.value === ours ? undefined : ["clientId", "another application's"]
}

/**
 * Total: any query gives exactly one callback. An error outweighs a code that came with it. `clientId` has to be
 * ours, because a code of another application's authorization must not be spent on this one.
 */
export const readCallback =
  ({ assumptions, marketplace }: Settings.Resolved) =>
  (channel: Channel.Channel, query: URLSearchParams): ProviderApi.Callback => {
    if (channel !== "walmart-marketplace") {
      return { _tag: "Incomplete", detail: `nobody is sent back from ${channel}` }
    }
    return Callback.withState(query, ({ incomplete, refused, state }) => {
      const refusal = refusalIn(query, assumptions.refusalParameters)
      if (refusal?.found.kind === "one") {
        const detail = sanitizeProviderText(Callback.describeError(query, refusal.found.value))
        return refused(declines(refusal.found.value), detail)
      }
      if (refusal !== undefined) return incomplete(refusal.name, refusal.found.kind)

      const code = Callback.field(query, "code")
      if (code.kind !== "one") return incomplete("code", code.kind)
      const objection = objectionTo(query, marketplace?.clientId)
      if (objection !== undefined) return incomplete(...objection)
      const sellerId = Callback.field(query, "sellerId")
      if (sellerId.kind !== "one") return incomplete("sellerId", sellerId.kind)
      return isSellerId(sellerId.value)
        ? { _tag: "Consented", state, code: Redacted.make(code.value), grantor: sellerId.value }
        : incomplete("sellerId", "malformed")
    })
  }
