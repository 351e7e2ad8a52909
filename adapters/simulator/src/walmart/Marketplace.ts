/**
 * Walmart Marketplace: the gateway, token detail, and the way to the data calls
 * (https://developer.walmart.com/us-marketplace/docs/authentication-authorization,
 * https://developer.walmart.com/suppliers/docs/errors).
 */
import type { Call } from "../core/Call.ts"
import { notSimulated, refuse } from "../core/Call.ts"
import * as Quota from "../core/Quota.ts"
import type { WireReply } from "../core/Wire.ts"
import * as Wire from "../core/Wire.ts"
import * as Check from "../describe/check.ts"
import * as Seal from "./Seal.ts"
import * as SellerToken from "./SellerToken.ts"
import * as Shop from "./Shop.ts"
import { orders } from "./ShopOrders.ts"
import type { Grant, Seller } from "./Walmart.ts"
import { scopes } from "./Walmart.ts"

type Operation = {
  readonly name: string
  readonly scope: string
  /** Calls a minute; sample limits, which vary (https://developer.walmart.com/us-marketplace/docs). */
  readonly perMinute: number
  readonly run: (call: Call, seller: Seller) => WireReply
}

const operations: Readonly<Record<string, Operation>> = {
  "/v3/orders": { name: "getWalmartOrders", scope: "orders", perMinute: 5000, run: orders },
  "/v3/items": { name: "getWalmartItems", scope: "item", perMinute: 300, run: Shop.items },
  "/v3/inventory": { name: "getWalmartInventory", scope: "inventory", perMinute: 200, run: Shop.inventory },
  "/v3/inventories": { name: "getWalmartInventories", scope: "inventory", perMinute: 200, run: Shop.inventories }
}

type Caller = { readonly access: Seal.Access; readonly grant: Grant | undefined }

const admit = (call: Call): Caller | WireReply => {
  const { headers } = call.request
  if ((headers["wm_svc.name"] ?? "") === "") return refuse(call, "WMP-400-01", "WM_SVC.NAME")
  if (headers["wm_svc.name"] !== SellerToken.serviceName) return refuse(call, "WMP-400-02", "WM_SVC.NAME")
  if ((headers["wm_qos.correlation_id"] ?? "") === "") return refuse(call, "WMP-400-01", "WM_QOS.CORRELATION_ID")
  const token = headers["wm_sec.access_token"] ?? ""
  if (token === "") return refuse(call, "WMP-401-01")
  const dead = () => refuse(call, "WMP-401-02", "", {}, call.world.policy.walmartInvalidTokenStatus)
  const access = Seal.readAccess(call.world, token)
  if (access === undefined) return dead()
  const grant = Wire.own(call.world.walmart.grants, access.grant)
  call.note.application = access.clientId
  call.note.grant = grant?.id ?? null
  call.note.account = grant?.sellerId ?? null
  call.note.secrets.push(`access:${access.grant === "" ? "walmart-grantless" : access.grant}#${access.serial}`)
  if (call.now - access.issuedAt >= call.world.policy.walmartAccessTokenSeconds * 1000) return dead()
  const isGood = grant !== undefined && SellerToken.isActive(grant, call.now) && access.serial > grant.withdrawnSerial
  if (access.grant !== "" && !isGood) return dead()
  return { access, grant }
}

/** `GET /v3/token/detail`: what the token is good for. */
const detail = (call: Call): WireReply => {
  call.note.operation = "getWalmartTokenDetail"
  const caller = admit(call)
  if ("status" in caller) return caller
  const { access, grant } = caller
  return Wire.json(200, {
    expire_at: String(access.issuedAt + call.world.policy.walmartAccessTokenSeconds * 1000),
    issued_at: String(access.issuedAt),
    is_valid: true,
    is_channel_match: true,
    scopes: Object.fromEntries(scopes.map((scope) => [scope, grant?.scopes[scope] ?? "no_access"]))
  })
}

/**
 * `GET /v3/settings/partnerprofile`: the seller whose token it is
 * (https://developer.walmart.com/us-marketplace/docs/get-partner-configurations).
 */
const partnerProfile = (call: Call): WireReply => {
  call.note.operation = "getWalmartPartnerProfile"
  const caller = admit(call)
  if ("status" in caller) return caller
  const seller = Wire.own(call.world.walmart.sellers, caller.grant?.sellerId)
  if (seller === undefined || !seller.active) return refuse(call, "WMP-403-01", "partnerprofile")
  return Wire.json(200, {
    partner: { partnerId: seller.id, partnerName: seller.name, partnerDisplayName: seller.name }
  })
}

const own: Readonly<Record<string, (call: Call) => WireReply>> = {
  "/v3/token/detail": detail,
  "/v3/settings/partnerprofile": partnerProfile
}

/** Refuses what the description does not allow, where one was given. */
const refuseUndescribed = (call: Call): WireReply | undefined => {
  const found = call.descriptions.find("walmart-marketplace", call.request.method, call.request.path)
  if (found === undefined) return undefined
  const input = Check.request(found.operation, found.document.validator, call.request, found.path)
  if (!Check.isWrong(input)) return undefined
  return refuse(call, input.kind === "media" ? "WMP-415-01" : "WMP-400-03", input.text)
}

/**
 * First parts of the paths of APIs that exist (https://developer.walmart.com/us-marketplace/docs). What lies below one
 * of them may be an operation that nobody described here.
 */
const apis = /^\/v3\/(?:feeds|insights|lagtime|price|prices|reports|returns|rules|settings|webhooks)(?:\/|$)/

/** A path without a rule here. */
const unknown = (call: Call): WireReply => {
  const { method, path } = call.request
  const found = call.descriptions.find("walmart-marketplace", method, path)
  if (found === undefined && !apis.test(path)) return refuse(call, "WMP-404-02")
  const what = found?.operation.name ?? `${method} ${path}`
  call.note.operation = what
  const caller = admit(call)
  return "status" in caller ? caller : (refuseUndescribed(call) ?? notSimulated(call, what))
}

const perform = (call: Call, operation: Operation): WireReply => {
  call.note.operation = operation.name
  const caller = admit(call)
  if ("status" in caller) return caller
  const refused = refuseUndescribed(call)
  if (refused !== undefined) return refused
  const seller = Wire.own(call.world.walmart.sellers, caller.grant?.sellerId)
  const level = caller.grant?.scopes[operation.scope] ?? "no_access"
  if (seller === undefined || !seller.active || level === "no_access") {
    return refuse(call, "WMP-403-01", operation.scope)
  }
  const market = (call.request.headers.wm_market ?? "us").toUpperCase()
  if (market !== seller.market) return refuse(call, "WMP-400-02", "WM_MARKET")
  const scale = call.world.policy.quotaScale
  if (scale === 0) return operation.run(call, seller)
  const perMinute = operation.perMinute * scale
  const rate = { perSecond: perMinute / 60, burst: Math.max(1, Math.floor(perMinute)) }
  const key = `walmart|${seller.id}|${operation.name}`
  const allowed = Quota.take(call.world, key, rate, call.now)
  const left = Math.max(0, Math.floor(call.world.quotas[key]?.left ?? 0))
  const headers = {
    "x-current-token-count": String(left),
    "x-next-replenish-time": String(call.now + Quota.secondsUntil(call.world, key, rate) * 1000)
  }
  if (!allowed) return refuse(call, "WMP-429-01", "", headers)
  const reply = operation.run(call, seller)
  return { ...reply, headers: { ...headers, ...reply.headers } }
}

const tag = (name: string): string => (/^[A-Za-z_][\w.-]*$/.test(name) ? name : "entry")

const isScalar = (value: unknown): value is string | number | boolean =>
  typeof value === "string" || typeof value === "number" || typeof value === "boolean"

const toXml = (name: string, value: unknown): string => {
  if (Array.isArray(value)) return value.map((one) => toXml(name, one)).join("")
  const inner =
    typeof value === "object" && value !== null
      ? Object.entries(value)
          .map(([key, one]) => toXml(key, one))
          .join("")
      : (isScalar(value) ? String(value) : "").replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`)
  return `<${tag(name)}>${inner}</${tag(name)}>`
}

/**
 * The reply in the format the caller accepts: who does not ask for JSON may get XML
 * (https://developer.walmart.com/us-marketplace/docs/tokenapi).
 */
const negotiated = (call: Call, reply: WireReply): WireReply => {
  const accept = (call.request.headers.accept ?? "").toLowerCase()
  if (accept.includes("json") || call.world.policy.walmartDefaultFormat === "json" || typeof reply.body !== "string") {
    return reply
  }
  return {
    ...reply,
    headers: { ...reply.headers, "content-type": "application/xml" },
    body: `<?xml version="1.0" encoding="UTF-8"?>\n${toXml("response", JSON.parse(reply.body))}`
  }
}

const route = (call: Call): WireReply => {
  const { method, path } = call.request
  if (path === "/v3/token") return method === "POST" ? SellerToken.handle(call) : refuse(call, "WMP-405-01")
  const operation = Wire.own(operations, path)
  const about = Wire.own(own, path)
  if (operation === undefined && about === undefined) return unknown(call)
  if (method !== "GET") return refuse(call, "WMP-405-01")
  return operation === undefined ? (about ?? detail)(call) : perform(call, operation)
}

/** Answers a request to the Walmart Marketplace API. */
export const handle = (call: Call): WireReply => negotiated(call, route(call))
