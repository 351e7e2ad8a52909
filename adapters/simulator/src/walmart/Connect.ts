/**
 * Walmart Connect, Sponsored Search: the way to each operation
 * (https://developer.walmart.com/advertising-partners-search/docs/advertising-account-and-access).
 */
import type { Call } from "../core/Call.ts"
import { notSimulated, refuse } from "../core/Call.ts"
import type { WireReply } from "../core/Wire.ts"
import * as Check from "../describe/check.ts"
import type { Found } from "../describe/Descriptions.ts"
import * as Campaigns from "./Campaigns.ts"
import type { Caller } from "./Door.ts"
import { admit, root, scoped } from "./Door.ts"
import * as Snapshots from "./Snapshots.ts"

const route = (call: Call, caller: Caller, path: string): WireReply => {
  const { method } = call.request
  const query = new URLSearchParams(call.request.query)
  const file = /^\/api\/v1\/file\/([0-9a-zA-Z-]{1,64})$/.exec(path)?.[1]
  if (file !== undefined && method === "GET") return Snapshots.download(call, caller, file)
  if (path === "/api/v1/snapshot/insight" && method === "POST") return Snapshots.createAttributes(call, caller)
  if (path === "/api/v1/snapshot" && method === "GET") return Snapshots.poll(call, caller, "attributes")
  if (path === "/api/v2/snapshot/report" && method === "POST") return Snapshots.createReport(call, caller)
  if (path === "/api/v2/snapshot" && method === "GET") return Snapshots.poll(call, caller, "report")
  if (path === "/api/v1/campaigns" && (method === "GET" || method === "POST" || method === "PUT")) {
    return Campaigns.handle(call, caller)
  }
  const reading = /^\/api\/v([12])\/(latestReportDate|stats)$/.exec(path)
  if (reading !== null && method === "GET") {
    const advertiser = scoped(call, caller, query.get("advertiserId"), false)
    if ("status" in advertiser) return advertiser
    if (reading[2] === "stats") return Snapshots.stats(call, advertiser)
    return Snapshots.latest(call, reading[1] === "2")
  }
  const found = described(call)
  return found === undefined ? refuse(call, "WMC-404-01") : notSimulated(call, found.operation.name)
}

/** Descriptions name paths with the root of the API or without it. */
const described = (call: Call): Found | undefined => {
  const { method, path } = call.request
  const find = (at: string) => call.descriptions.find("walmart-connect", method, at)
  return find(path) ?? find(path.slice(root.length))
}

/** Refuses what the description does not allow, where one was given. */
const refuseUndescribed = (call: Call): WireReply | undefined => {
  const found = described(call)
  if (found === undefined) return undefined
  call.note.operation = found.operation.name
  const unspoken = { ...found.operation, parameters: found.operation.parameters.filter((one) => one.in !== "header") }
  const input = Check.request(unspoken, found.document.validator, call.request, found.path)
  if (!Check.isWrong(input)) return undefined
  return refuse(call, input.kind === "media" ? "WMC-415-01" : "WMC-400-01", input.text)
}

/** Answers a request to a Walmart Connect API host. */
export const handle = (call: Call): WireReply => {
  const { path } = call.request
  if (!path.startsWith(`${root}/`)) return refuse(call, "WMC-404-01")
  const caller = admit(call)
  return "status" in caller ? caller : (refuseUndescribed(call) ?? route(call, caller, path.slice(root.length)))
}
