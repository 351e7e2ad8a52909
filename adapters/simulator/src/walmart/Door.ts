/**
 * The door of Walmart Connect: who calls, whether the signature holds, and what they may do
 * (https://developer.walmart.com/advertising-partners-search/docs/advertising-account-and-access,
 * https://developer.walmart.com/advertising-partners-search/docs/advertiser-attributes-snapshot-overview).
 */
import type { Call } from "../core/Call.ts"
import { refuse } from "../core/Call.ts"
import type { WireReply } from "../core/Wire.ts"
import * as Wire from "../core/Wire.ts"
import * as Access from "./Access.ts"
import * as Signature from "./Signature.ts"
import type { Advertiser, Partner } from "./Walmart.ts"
import { tenants } from "./Walmart.ts"

/** Everything of the API lies below this path. */
export const root = "/api-proxy/service/WPA/Api/v1"

/** A partner whose signature held, and the tenant it asks in; null for the United States. */
export type Caller = { readonly partner: Partner; readonly tenant: string | null }

const needed = [
  "wm_consumer.id",
  "wm_sec.auth_signature",
  "wm_sec.key_version",
  "wm_consumer.intimestamp",
  "wm_qos.correlation_id"
] as const

/** Checks the headers of a call: bearer token, partner, key, clock, signature, tenant; the caller, or the refusal. */
export const admit = (call: Call): Caller | WireReply => {
  const { headers } = call.request
  const token = /^bearer (.+)$/i.exec(headers.authorization ?? "")?.[1]
  if (token === undefined) return refuse(call, "WMC-403-01")
  const missing = needed.find((name) => (headers[name] ?? "") === "")
  if (missing !== undefined) return refuse(call, "WMC-403-03", missing)
  const consumerId = headers["wm_consumer.id"] ?? ""
  const partner = Object.values(call.world.walmart.partners).find((one) => one.consumerId === consumerId)
  if (partner === undefined) return refuse(call, "WMC-403-04")
  call.note.application = partner.id
  call.note.secrets.push(`walmart-auth-token:${partner.id}`)
  if (token !== partner.authToken) return refuse(call, "WMC-403-02")
  const version = headers["wm_sec.key_version"] ?? ""
  const key = Wire.own(partner.keys, version)
  if (key === undefined) return refuse(call, "WMC-403-07")
  const timestamp = headers["wm_consumer.intimestamp"] ?? ""
  const at = Signature.instant(timestamp)
  if (at === undefined || Math.abs(call.now - at) > call.world.policy.walmartSignatureSeconds * 1000) {
    return refuse(call, "WMC-403-06")
  }
  const subject = Signature.subject(consumerId, timestamp, version)
  if (!Signature.holds(key, subject, headers["wm_sec.auth_signature"] ?? "")) return refuse(call, "WMC-403-05")
  const tenant = headers["wap-tenant-id"] ?? ""
  if (tenant !== "" && !Object.hasOwn(tenants, tenant)) return refuse(call, "WMC-400-03", tenant.slice(0, 40))
  return { partner, tenant: tenant === "" ? null : tenant }
}

/** Takes from the hour's budget of an advertiser; a refusal when that is used up. Changed objects count one each. */
const spend = (call: Call, caller: Caller, advertiserId: string, weight: number): WireReply | undefined => {
  const { walmartHourlyBudget: budget, walmartRetryAfterSeconds: after } = call.world.policy
  if (budget === null) return undefined
  const key = `${caller.partner.id}|${advertiserId}`
  const hour = Math.floor(call.now / 3_600_000)
  const known = Wire.own(call.world.walmart.usage, key)
  const used = known?.hour === hour ? known.used : 0
  if (used + weight > budget) {
    return refuse(call, "WMC-429-01", "", after === null ? {} : { "retry-after": String(after) })
  }
  call.world.walmart.usage[key] = { hour, used: used + weight }
  return undefined
}

/** The advertiser a call names, if the partner may do this with it; or the refusal. */
export const scoped = (
  call: Call,
  caller: Caller,
  id: unknown,
  writes: boolean,
  weight = 1
): Advertiser | WireReply => {
  const text = typeof id === "number" || typeof id === "string" ? String(id) : ""
  if (!/^[0-9]{1,18}$/.test(text)) return refuse(call, "WMC-400-02")
  call.note.account = text
  const advertiser = Wire.own(call.world.walmart.advertisers, text)
  const row = advertiser === undefined ? undefined : Access.activeAccess(advertiser, caller.partner.id)
  if (advertiser === undefined || row === undefined || advertiser.tenant !== caller.tenant) {
    return refuse(call, "WMC-403-08", text)
  }
  if (writes && caller.partner.type === "reporting-only") return refuse(call, "WMC-403-10")
  if (writes && !Access.mayWrite(caller.partner, row)) return refuse(call, "WMC-403-09")
  return spend(call, caller, text, weight) ?? advertiser
}
