/**
 * The static sandbox of the Selling Partner API: real tokens, canned answers. What fits no pair is refused with 400
 * (https://developer-docs.amazon.com/sp-api/docs/the-selling-partner-api-sandbox).
 */
import { Marketplace } from "@portolan/domain"
import { Option } from "effect"
import type { Call } from "../core/Call.ts"
import { refuse } from "../core/Call.ts"
import * as Quota from "../core/Quota.ts"
import type { WireReply } from "../core/Wire.ts"
import * as Wire from "../core/Wire.ts"
import type { Region } from "../core/World.ts"
import * as Check from "../describe/check.ts"
import type { Pair } from "../describe/Described.ts"
import type { Found } from "../describe/Descriptions.ts"
import * as Pairs from "../describe/pairs.ts"
import { holder, spend, withRate } from "./SpOperation.ts"

/** Any call to the sandbox, observed: five a second, fifteen at once. */
const rate: Quota.Rate = { perSecond: 5, burst: 15 }
const rateText = "5.0"

const answer = ({ response, status }: Pair): WireReply =>
  response === undefined ? { status, headers: {}, body: "" } : Wire.json(status, response)

/** Whether a request names a marketplace of another region, which the sandbox refuses as production does. */
const isElsewhere = (call: Call, region: Region): boolean =>
  [...new URLSearchParams(call.request.query)]
    .filter(([name]) => /^marketplaceids?$/i.test(name))
    .flatMap(([, value]) => value.split(","))
    .some((id) => Option.exists(Marketplace.find(id), (one) => one.region !== region))

const unmatched = (call: Call, region: Region, isAllowed: () => string | undefined): WireReply =>
  isElsewhere(call, region) ? refuse(call, "SPA-403-05") : refuse(call, "SPA-400-05", isAllowed() ?? "")

/** Whether the sandbox answers an operation from static pairs. */
export const has = ({ operation }: Found): boolean => operation.pairs.length + operation.olderPairs.length > 0

/** Answers a call to an operation that has static pairs. */
export const perform = (call: Call, region: Region, found: Found): WireReply => {
  const { operation, document, path } = found
  call.note.operation = operation.name
  const held = holder(call)
  if ("status" in held) return held
  const { quotaScale, sandboxBody } = call.world.policy
  const scaled =
    quotaScale === 0
      ? undefined
      : { perSecond: rate.perSecond * quotaScale, burst: Math.max(1, Math.floor(rate.burst * quotaScale)) }
  const refused = spend(call, `${held.access.clientId}|sandbox|${operation.method} ${operation.path}|${region}`, scaled)
  if (refused !== undefined) return refused
  const wrong = (): string | undefined => {
    const input = Check.request(operation, document.validator, call.request, path)
    return Check.isWrong(input) ? input.text : undefined
  }
  const subject = { request: call.request, path, match: sandboxBody }
  const pair = Pairs.choose(operation, subject, () => wrong() === undefined)
  return withRate(pair === undefined ? unmatched(call, region, wrong) : answer(pair), scaled, rateText)
}
