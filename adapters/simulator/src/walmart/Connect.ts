/**
 * Walmart Connect, Sponsored Search: the way to each operation
 * (https://developer.walmart.com/advertising-partners-search/docs/advertising-account-and-access).
 */
import type { Call } from "../core/Call.ts"
import { notSimulated, refuse } from "../core/Call.ts"
import type { WireReply } from "../core/Wire.ts"
import * as Check from "../describe/check.ts"
import type { Found } from "../describe/Descriptions.ts"
import * as Route from "../describe/Route.ts"
import { own } from "../describe/validator.ts"
import { byPath, type ConnectOperation } from "./connectOperations.ts"
import type { Caller } from "./Door.ts"
import { admit, root } from "./Door.ts"

/**
 * First parts of the paths of operations that exist
 * (https://developer.walmart.com/advertising-partners-search/docs/advertising-account-and-access).
 */
const apis = /^\/api\/v[12]\/(?:adGroups|adItems|keywords|campaigns|snapshot|api_usage_analyze)(?:\/|$)/

const perform = (call: Call, caller: Caller, { path, value }: Route.Found<ConnectOperation>): WireReply => {
  call.note.operation = value.described.name
  const input = Check.request(value.described, own, call.request, path)
  if (!Check.isWrong(input)) return value.run(call, caller, input)
  if (input.kind === "unmodelled") return refuse(call, "WMC-400-06", input.text)
  return refuse(call, input.kind === "media" ? "WMC-415-01" : "WMC-400-01", input.text)
}

const route = (call: Call, caller: Caller, path: string): WireReply => {
  const { method } = call.request
  const found = Route.find(byPath, method, path)
  if (found !== undefined) return perform(call, caller, found)
  const official = described(call)
  if (official !== undefined) return notSimulated(call, official.operation.name)
  const isOfApi = apis.test(path) && !Route.isPath(byPath, path)
  return isOfApi ? notSimulated(call, `${method} ${path}`) : refuse(call, "WMC-404-01")
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
