/** An answer of which one part is another than the provider's. */
import type { Effect } from "./FaultOrder.ts"
import type { WireReply } from "./Wire.ts"
import * as Wire from "./Wire.ts"

type Change = Extract<Effect, { readonly kind: "field" }>["change"]
type Holder = Record<string, unknown>

const isHolder = (value: unknown): value is Holder => typeof value === "object" && value !== null

/** A value of another type that looks alike: digits become a text, a text a list, anything else a text. */
const retyped = (value: unknown): unknown => (typeof value === "string" ? [value] : (JSON.stringify(value) ?? ""))

const changeAt = (holder: Holder, key: string, change: Change): void => {
  if (change === "extra") {
    const value = holder[key]
    if (isHolder(value)) value.novelField = { novel: true }
    return
  }
  if (!Object.hasOwn(holder, key)) return
  if (change === "null") holder[key] = null
  if (change === "retype") holder[key] = retyped(holder[key])
  if (change === "rename") holder[`${key}Renamed`] = holder[key]
  if (change === "remove" || change === "rename") {
    if (Array.isArray(holder)) holder.splice(Number(key), 1)
    else delete holder[key]
  }
}

const walk = (holder: unknown, [key = "", ...rest]: ReadonlyArray<string>, change: Change): void => {
  if (!isHolder(holder)) return
  // From the last to the first, so that what is taken out moves nothing that is still to come.
  for (const one of key === "*" ? Object.keys(holder).toReversed() : [key]) {
    if (rest.length === 0) changeAt(holder, one, change)
    else walk(holder[one], rest, change)
  }
}

/** Changes a part of a JSON answer; one that is no JSON stays as it is. Numbers keep their digits. */
export const change = (effect: Extract<Effect, { readonly kind: "field" }>, reply: WireReply): WireReply => {
  if (typeof reply.body !== "string") return reply
  try {
    const value = Wire.parseExactly(reply.body)
    walk(value, effect.path.split("."), effect.change)
    return { ...reply, body: JSON.stringify(value) }
  } catch {
    return reply
  }
}
