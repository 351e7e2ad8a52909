/**
 * The Amazon Ads API: which rule a request meets
 * (https://advertising.amazon.com/API/docs/en-us/reference/api-overview).
 */
import type { Call } from "../core/Call.ts"
import { notSimulated, refuse } from "../core/Call.ts"
import * as Credentials from "../core/Credentials.ts"
import * as Quota from "../core/Quota.ts"
import type { WireReply } from "../core/Wire.ts"
import type { Region } from "../core/World.ts"
import * as Check from "../describe/check.ts"
import type { Found } from "../describe/Descriptions.ts"
import * as Route from "../describe/Route.ts"
import { own } from "../describe/validator.ts"
import type { Caller } from "./AdsDoor.ts"
import { admit, scoped } from "./AdsDoor.ts"
import { type AdsOperation, byPath } from "./adsOperations.ts"

const throttled = (call: Call, clientId: string): WireReply | undefined => {
  const rate = call.world.policy.adsRate
  if (rate === null) return undefined
  const key = `ads|${clientId}|${call.request.host}`
  return Quota.take(call.world, key, rate, call.now)
    ? undefined
    : refuse(call, "ADS-429-01", "", { "retry-after": String(Quota.secondsUntil(call.world, key, rate)) })
}

/**
 * First parts of the paths of APIs that exist (https://advertising.amazon.com/API/docs/en-us). What lies below one of
 * them may be an operation that nobody described here.
 */
const apis: ReadonlySet<string> = new Set(
  "adsAccounts adsApi billing dsp invoices managerAccounts portfolios reporting sb sd sp st streams termsTokens".split(
    " "
  )
)

/** A path without a rule here. */
const unknown = (call: Call, found: Found | undefined): WireReply => {
  const { method, path } = call.request
  if (found !== undefined) return notSimulated(call, found.operation.name)
  const isOfApi = apis.has(path.split("/")[1] ?? "") && !call.descriptions.covers("ads", path)
  return isOfApi ? notSimulated(call, `${method} ${path}`) : refuse(call, "ADS-404-01")
}

/** Refuses what the official description does not allow, where one was given. */
const refuseUndescribed = (call: Call, found: Found | undefined): WireReply | undefined => {
  if (found === undefined) return undefined
  call.note.operation = found.operation.name
  const input = Check.request(found.operation, found.document.validator, call.request, found.path)
  if (!Check.isWrong(input)) return undefined
  return input.kind === "media" ? refuse(call, "ADS-415-01") : refuse(call, "ADS-400-02", input.text)
}

/** Refuses a call whose media types are not those of the API; `undefined` when they are. */
const refuseMedia = (call: Call, type: string | undefined): WireReply | undefined => {
  if (type === undefined) return undefined
  const content = (call.request.headers["content-type"] ?? "").split(";")[0]?.trim().toLowerCase()
  if (content !== type) return refuse(call, "ADS-415-01")
  const accept = (call.request.headers.accept ?? "*/*").toLowerCase()
  return accept.includes(type) || accept.includes("*/*") ? undefined : refuse(call, "ADS-406-02")
}

const read = (call: Call, operation: AdsOperation, path: Found["path"]): Check.Input | WireReply => {
  const input = Check.request(operation.described, own, call.request, path)
  if (!Check.isWrong(input)) return input
  if (input.kind === "unmodelled") return refuse(call, "ADS-400-04", input.text)
  return input.kind === "media" ? refuse(call, "ADS-415-01") : refuse(call, "ADS-400-02", input.text)
}

const perform = (call: Call, caller: Caller, operation: AdsOperation, path: Found["path"]): WireReply => {
  call.note.operation = operation.described.name
  if (operation.needs === "login") {
    const input = read(call, operation, path)
    return "status" in input ? input : operation.run(call, caller, input)
  }
  const profile = scoped(call, caller, operation.needs === "edit")
  if ("status" in profile) return profile
  const input = refuseMedia(call, operation.media) ?? read(call, operation, path)
  return "status" in input ? input : operation.run(call, profile, input, caller)
}

const route = (call: Call, caller: Caller): WireReply => {
  const { method, path } = call.request
  const found = call.descriptions.find("ads", method, path)
  const refused = refuseUndescribed(call, found)
  if (refused !== undefined) return refused
  const ours = Route.find(byPath, method, path)
  if (ours !== undefined) return perform(call, caller, ours.value, ours.path)
  return unknown(call, found)
}

/** Answers a request to an Ads API host of one region. */
export const handle = (call: Call, region: Region): WireReply => {
  const caller = admit(call, region)
  const reply = "status" in caller ? caller : (throttled(call, caller.clientId) ?? route(call, caller))
  const id = Credentials.sign(call.world, `rid/${call.world.counters.requests ?? 0}`)
    .replaceAll(/[^A-Za-z0-9]/g, "")
    .slice(0, 20)
    .toUpperCase()
  return { ...reply, headers: { ...reply.headers, "x-amz-rid": id, vary: "Content-Type,Accept-Encoding,User-Agent" } }
}
