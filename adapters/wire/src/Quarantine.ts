/**
 * What could not be read, kept apart so that the rest can be used (`Quarantined` of the port): made here, so that every
 * adapter keeps it bounded, without secrets and without people.
 */
import { Text } from "@portolan/domain"
import type { LeftOut } from "@portolan/ports"
import { Result, Schema } from "effect"
import { placeOf } from "./Answer.ts"
import { strikeOut } from "./strikeOut.ts"

/** One thing that could not be read. */
export type Quarantined = LeftOut.Quarantined

/**
 * The share of an answer that may be unreadable. Single odd rows are normal in years of a seller's data; where more
 * than one in ten is odd, the format is another than the one that is read here, and the readable rest would be a wrong
 * sum.
 */
export const oddShare = 0.1

/** Whether too much of an answer is odd to use the rest. One odd thing never is, unless there is nothing else. */
export const isTooMuch = (odd: number, all: number): boolean =>
  odd > 0 && (odd >= all || (odd > 1 && odd > all * oddShare))

/** Names of fields that hold people, or what reaches them. */
const personal = /e-?mail|phone|name|address|postal|recipient|buyer|customer|shippinginfo/i
/** Names of fields that hold a name or number of something else. */
const impersonal = /^(?:product|item|campaign|store|advertiser|seller|shipNode|customerOrderId$)/i

const isPersonal = (name: string): boolean => personal.test(name) && !impersonal.test(name)

const withoutPeople = (_name: string, value: unknown): unknown => {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name, isPersonal(name) ? "[left out]" : (one as unknown)])
  )
}

/** The port's, which gives types only to this package; the compiler sees that it is the same. */
const longestRaw: typeof LeftOut.longestRaw = 2000

/** What came, fit to be kept: bounded, without secrets, and of an object without the fields that hold people. */
export const raw = (value: unknown): string => {
  const text = typeof value === "string" ? value : (JSON.stringify(value, withoutPeople) ?? "")
  return Text.cut(strikeOut(Text.cut(text, longestRaw * 4)).replaceAll("\u0000", ""), longestRaw)
}

/** Keeps one thing apart. */
export const apart = (reason: string, value: unknown, key?: string): Quarantined => ({
  reason,
  raw: raw(value),
  ...(key === undefined || key === "" ? {} : { key })
})

/** What of a list could be read, and what not. */
export interface Sorted<A> {
  readonly good: ReadonlyArray<A>
  readonly odd: ReadonlyArray<Quarantined>
}

/**
 * Reads each item of a list by itself. `what` begins the reason, which names the place and never a value; `keyOf` finds
 * the key of an odd one.
 */
export const each = <A>(
  items: ReadonlyArray<unknown>,
  schema: Schema.Decoder<A>,
  { keyOf, what }: { readonly what: string; readonly keyOf?: (item: unknown) => string | undefined }
): Sorted<A> => {
  const decode = Schema.decodeUnknownResult(schema)
  const good: Array<A> = []
  const odd: Array<Quarantined> = []
  for (const item of items) {
    const found = decode(item)
    if (Result.isSuccess(found)) good.push(found.success)
    else odd.push(apart(`${what}: ${placeOf(found.failure)} is missing or cannot be read.`, item, keyOf?.(item)))
  }
  return { good, odd }
}

/** A field of something that may be no object, as text; nothing when it is none. */
export const fieldOf = (value: unknown, name: string): string | undefined => {
  if (typeof value !== "object" || value === null) return undefined
  const found = (value as { readonly [name: string]: unknown })[name]
  return typeof found === "string" ? found : undefined
}
