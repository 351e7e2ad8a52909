/**
 * Faults as data: where, when, what, how often, until when. An order that names something unknown is refused, because a
 * fault that is not what was meant hides.
 */
import type { Note } from "./Exchange.ts"
import type { Order, Fault } from "./FaultOrder.ts"
import { check } from "./checkFault.ts"
import * as Field from "./changedField.ts"
import * as Random from "./Random.ts"
import type { World } from "./World.ts"
import type { WireReply, WireRequest } from "./Wire.ts"

export type { Where, Effect, Times, Order, Fault } from "./FaultOrder.ts"

/** Arms a fault. Refuses what makes no sense, because a fault that never fires hides. */
export const arm = (world: World, order: Order): Fault => {
  if (world.faults.length >= 100) throw new RangeError("a world holds at most 100 faults; disarm some")
  check(order)
  world.counters.fault = (world.counters.fault ?? 0) + 1
  const isAfter = ["junk", "field", "delay", "drip", "cut"].includes(order.effect.kind)
  const fault: Fault = {
    id: order.id ?? `fault-${world.counters.fault}`,
    where: order.where ?? {},
    effect: order.effect,
    when: isAfter ? "after" : (order.when ?? "before"),
    times: order.times ?? { kind: "always" },
    until: order.until ?? null,
    seen: 0,
    fired: 0
  }
  world.faults.push(fault)
  return fault
}

const matches = (fault: Fault, request: WireRequest, now: number): boolean =>
  (fault.until === null || now < fault.until) &&
  (fault.where.host === undefined || fault.where.host === request.host) &&
  (fault.where.path === undefined || request.path.startsWith(fault.where.path)) &&
  (fault.where.method === undefined || fault.where.method.toUpperCase() === request.method)

const strikes = (world: World, fault: Fault): boolean => {
  fault.seen += 1
  const { times } = fault
  if (times.kind === "always") return true
  if (times.kind === "first") return fault.seen <= times.count
  if (times.kind === "nth") return fault.seen === times.n
  return Random.unit(`${world.seed}/fault/${fault.id}/${fault.seen}`) < times.of
}

/** The first armed fault that strikes this call, if any. Counts the call for every fault that matches. */
export const draw = (world: World, request: WireRequest, now: number): Fault | undefined => {
  let struck: Fault | undefined
  for (const fault of world.faults) {
    if (matches(fault, request, now) && strikes(world, fault) && struck === undefined) struck = fault
  }
  if (struck !== undefined) struck.fired += 1
  return struck
}

const edgePage = (status: number) =>
  `<html><head><title>${status}</title></head><body><center><h1>${status}</h1></center><hr></body></html>`

const sellingPartnerCodes: { readonly [status: number]: string } = { 429: "QuotaExceeded", 503: "ServiceUnavailable" }

const body = (request: WireRequest, status: number): string => {
  const words =
    status === 429
      ? "You exceeded your quota for the requested resource."
      : "We encountered an internal error. Please try again."
  if (request.host.startsWith("sellingpartnerapi")) {
    const code = sellingPartnerCodes[status] ?? "InternalFailure"
    return JSON.stringify({ errors: [{ code, message: words, details: "" }] })
  }
  if (request.host.startsWith("advertising-api")) {
    return JSON.stringify({ code: String(status), details: status === 429 ? "Too Many Requests" : "Internal Error" })
  }
  if (request.host.startsWith("developer.api")) return JSON.stringify({ code: String(status), details: words })
  if (request.host.endsWith("walmartapis.com")) {
    const code = status === 429 ? "REQUEST_THRESHOLD_VIOLATED" : "SYSTEM_ERROR"
    return JSON.stringify({
      error: [
        {
          code: `${code}.GMP_GATEWAY_API`,
          field: code,
          description: words,
          severity: "ERROR",
          category: status === 429 ? "REQUEST" : "SYSTEM",
          causes: [],
          errorIdentifiers: {}
        }
      ]
    })
  }
  return JSON.stringify({ error_description: words, error: status === 429 ? "slow_down" : "server_error" })
}

type Effect = Fault["effect"]

/** The answer that a fault gives instead of the provider's. */
const instead = (effect: Extract<Effect, { readonly kind: "status" }>, request: WireRequest): WireReply => {
  const own = effect.json === undefined ? effect.text : JSON.stringify(effect.json)
  const kind = effect.body ?? "json"
  const bodies = { json: () => body(request, effect.status), html: () => edgePage(effect.status), empty: () => "" }
  const isPage = own === undefined ? kind === "html" : /^\s*</.test(own)
  return {
    status: effect.status,
    headers: {
      "content-type": isPage ? "text/html" : "application/json",
      ...Object.fromEntries(Object.entries(effect.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value])),
      ...(effect.retryAfter === undefined ? {} : { "retry-after": effect.retryAfter })
    },
    body: own ?? bodies[kind]()
  }
}

const garbled = (effect: Extract<Effect, { readonly kind: "junk" }>, reply: WireReply): WireReply => {
  const whole = typeof reply.body === "string" ? reply.body : ""
  const junk = {
    html: edgePage(reply.status),
    truncated: whole.slice(0, Math.floor(whole.length / 2)),
    empty: "",
    "not-json": "{]"
  }
  return {
    status: reply.status,
    headers: { ...reply.headers, ...(effect.body === "html" ? { "content-type": "text/html" } : {}) },
    body: junk[effect.body]
  }
}

const spoilt = (effect: Effect, request: WireRequest, reply: WireReply): WireReply => {
  switch (effect.kind) {
    case "delay":
      return { ...reply, delayMs: effect.milliseconds }
    case "status":
      return instead(effect, request)
    case "junk":
      return garbled(effect, reply)
    case "field":
      return Field.change(effect, reply)
    case "redirect":
      return { status: effect.status ?? 302, headers: { location: effect.to }, body: "" }
    case "drip":
      return { ...reply, dripBytes: effect.bytesPerSecond }
    case "hang":
    case "reset":
    case "cut":
      return { ...reply, breaks: effect.kind }
  }
}

/** The reply as the fault leaves it. `reply` is what the provider would have said. */
export const spoil = (fault: Fault, request: WireRequest, reply: WireReply, note: Note): WireReply => {
  note.fault = fault.id
  const left = spoilt(fault.effect, request, reply)
  return { ...left, headers: { ...left.headers, "x-simulated-fault": fault.id } }
}
