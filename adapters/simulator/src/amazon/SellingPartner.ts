/**
 * The Selling Partner API: which rule a request meets (https://github.com/amzn/selling-partner-api-docs). On the
 * sandbox hosts Amazon's own static pairs, as far as descriptions were given; else a rule of this simulator; else, for
 * an operation that the provider has, 501.
 */
import type { Call } from "../core/Call.ts"
import { notSimulated, refuse } from "../core/Call.ts"
import type { WireReply } from "../core/Wire.ts"
import type { Region } from "../core/World.ts"
import * as World from "../core/World.ts"
import * as Check from "../describe/check.ts"
import type { Found } from "../describe/Descriptions.ts"
import * as Route from "../describe/Route.ts"
import * as Sandbox from "./Sandbox.ts"
import { byPath } from "./spOperations.ts"
import { holder, perform, refuseFault } from "./SpOperation.ts"

/**
 * First parts of the paths of APIs that exist (https://github.com/amzn/selling-partner-api-models/tree/main/models).
 * What lies below one of them may be an operation that nobody described here.
 */
const apis: ReadonlySet<string> = new Set(
  (
    "aplus applications batches catalog customerFeedback dataKiosk definitions delivery externalFulfillment fba " +
    "feeds finances fulfillment listings messaging mfn notifications orders products reports sales sellers shipping " +
    "solicitations tax tokens tracking uploads vendor"
  ).split(" ")
)

/** A described operation without a rule: refused as the provider would refuse, and else not answered at all. */
const describedOnly = (call: Call, found: Found): WireReply => {
  call.note.operation = found.operation.name
  const held = holder(call)
  if ("status" in held) return held
  const input = Check.request(found.operation, found.document.validator, call.request, found.path)
  return Check.isWrong(input) ? refuseFault(call, input) : notSimulated(call, found.operation.name)
}

const unknown = (call: Call): WireReply => {
  const { headers, method, path } = call.request
  const isOfApi = apis.has(path.split("/")[1] ?? "") && !call.descriptions.covers("selling-partner", path)
  if (headers["x-amz-access-token"] === undefined) return refuse(call, "SPA-403-10")
  return isOfApi ? notSimulated(call, `${method} ${path}`) : refuse(call, "SPA-403-09")
}

const route = (call: Call, region: Region, isSandbox: boolean): WireReply => {
  const { method, path } = call.request
  const found = call.descriptions.find("selling-partner", method, path)
  if (isSandbox && found !== undefined && Sandbox.has(found)) return Sandbox.perform(call, region, found)
  const own = Route.find(byPath, method, path)
  if (own !== undefined) return perform(call, region, own.value, { path: own.path, found })
  return found === undefined ? unknown(call) : describedOnly(call, found)
}

/** Answers a request to a Selling Partner API host of one region, or to its sandbox. */
export const handle = (call: Call, region: Region, isSandbox: boolean): WireReply => {
  const reply = route(call, region, isSandbox || call.world.policy.sandboxEverywhere)
  return { ...reply, headers: { ...reply.headers, "x-amzn-requestid": World.uuid(call.world, "request") } }
}
