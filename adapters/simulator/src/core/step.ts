/**
 * The one way a request meets a world. Everything due by then happens first, in order, then the fake API of the host
 * answers. The world is owned by the caller and changed in place, which keeps thousands of requests a second possible;
 * `transition` is the same on a copy.
 */
import * as Action from "./Action.ts"
import * as Ads from "../amazon/Ads.ts"
import * as AdsReports from "../amazon/AdsReports.ts"
import * as Authorize from "../amazon/Authorize.ts"
import type { Call } from "./Call.ts"
import { noHost, notSimulated, refuse } from "./Call.ts"
import * as Central from "../amazon/Central.ts"
import * as Fault from "./Fault.ts"
import * as Hosts from "./Hosts.ts"
import * as Journal from "./Journal.ts"
import * as Check from "../describe/check.ts"
import type { Descriptions } from "../describe/Descriptions.ts"
import { none } from "../describe/Descriptions.ts"
import * as SellingPartner from "../amazon/SellingPartner.ts"
import * as SpReports from "../amazon/SpReports.ts"
import * as Token from "../amazon/Token.ts"
import type { WireReply, WireRequest } from "./Wire.ts"
import * as WalmartAppStore from "../walmart/AppStore.ts"
import * as WalmartConnect from "../walmart/Connect.ts"
import * as WalmartConsole from "../walmart/Console.ts"
import * as WalmartLogin from "../walmart/Login.ts"
import * as WalmartMarketplace from "../walmart/Marketplace.ts"
import type { World } from "./World.ts"

const answer = (call: Call, place: Hosts.Place): WireReply => {
  switch (place.kind) {
    case "login-page":
      return Authorize.handle(call)
    case "login":
      return Token.handle(call)
    case "central":
      return Central.handle(call, place)
    case "ads":
      return Ads.handle(call, place.region)
    case "selling-partner":
      return SellingPartner.handle(call, place.region, place.sandbox)
    case "walmart-login":
      return WalmartLogin.handle(call)
    case "walmart-marketplace":
      return WalmartMarketplace.handle(call)
    case "walmart-connect":
      return WalmartConnect.handle(call)
    case "walmart-console":
      return WalmartConsole.handle(call)
    case "walmart-seller":
      return WalmartAppStore.handle(call)
    case "storage":
      return place.region === null ? SpReports.download(call) : AdsReports.download(call)
  }
}

/** A host that is simulated because a description names it: requests are checked, and nothing more is known. */
const describedOnly = (call: Call): WireReply => {
  const { host, method, path } = call.request
  const found = call.descriptions.find(host, method, path)
  if (found === undefined) return refuse(call, "SIM-404-01", `${method} ${path}`.slice(0, 200))
  call.note.operation = found.operation.name
  const input = Check.request(found.operation, found.document.validator, call.request, found.path)
  if (!Check.isWrong(input)) return notSimulated(call, found.operation.name)
  return refuse(call, input.kind === "media" ? "SIM-415-01" : "SIM-400-01", input.text)
}

const elsewhere = (call: Call): WireReply =>
  call.descriptions.hosts.has(call.request.host) ? describedOnly(call) : noHost(call)

/**
 * Answers a request at an instant of provider time, in milliseconds, and writes it into the journal. `descriptions` say
 * which operations exist beside those with rules here.
 */
export const step = (world: World, request: WireRequest, now: number, descriptions: Descriptions = none): WireReply => {
  Action.runDue(world, now)
  const note = Journal.note()
  const call: Call = { world, request, now, note, descriptions }
  const place = Hosts.find(request.host)
  const fault = world.faults.length === 0 ? undefined : Fault.draw(world, request, now)
  const untouched = (): WireReply => (place === undefined ? elsewhere(call) : answer(call, place))
  const before = fault !== undefined && fault.when === "before"
  const honest = before ? { status: 200, headers: {}, body: "" } : untouched()
  const spoilt = fault === undefined ? honest : Fault.spoil(fault, request, honest, note)
  const reply = { ...spoilt, headers: { date: new Date(now).toUTCString(), ...spoilt.headers } }
  Journal.record(world, request, reply, now, note)
  return reply
}

/** `step` as a function from value to value: the given world stays as it was. */
export const transition = (world: World, request: WireRequest, now: number): readonly [World, WireReply] => {
  const next = structuredClone(world)
  return [next, step(next, request, now)]
}
