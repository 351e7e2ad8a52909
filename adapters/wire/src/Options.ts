/** Pieces of the settings that every provider's adapter has: bounds of calls, names, and where hosts are reached. */
import { Schema } from "effect"

/** A key that may be left out. */
export const optional: typeof Schema.optionalKey = Schema.optionalKey
/** A number above zero that may be left out. */
export const positive = optional(Schema.Finite.check(Schema.isGreaterThan(0)))
/** A whole number above zero that may be left out. */
export const count = optional(Schema.Int.check(Schema.isGreaterThan(0)))
/** A number of days, or null for "never"; may be left out. */
export const days = optional(Schema.NullOr(Schema.Int.check(Schema.isGreaterThan(0))))
/** Names that may be left out. */
export const names = optional(Schema.Array(Schema.NonEmptyString))

/** Real host to base address, such as `{"api.example.com": "http://127.0.0.1:4010/api.example.com"}`. */
export const addresses = optional(
  Schema.Record(Schema.String, Schema.String.check(Schema.isPattern(/^https?:\/\/[^/?#]+/)))
)

/** Bounds that calls of every provider have. */
export const callLimits = {
  /** Until the answer begins, connecting included. */
  responseSeconds: positive,
  /** One call with its body. */
  callSeconds: positive,
  /** One file's download. */
  downloadSeconds: positive,
  /** One whole list, all pages and the pauses between them. */
  listSeconds: positive,
  /** Largest answer of an API, in bytes. */
  answerBytes: count,
  /** Largest file as it is sent, in bytes. */
  downloadBytes: count,
  /** Largest file after unpacking, in bytes. */
  reportBytes: count,
  /** Most pages of one list. */
  pages: count
}

/** These bounds unless told otherwise. */
export const standardCallLimits = {
  responseSeconds: 30,
  callSeconds: 60,
  downloadSeconds: 300,
  listSeconds: 900,
  answerBytes: 8 * 1024 * 1024,
  downloadBytes: 32 * 1024 * 1024,
  reportBytes: 128 * 1024 * 1024,
  pages: 1000
}

/** Addresses as they are given: decoded settings, or a function where they are written in code. */
export type Addresses = { readonly [host: string]: string } | ((host: string) => string) | undefined

/** The base address of a real host, without a trailing slash; `https://HOST` for one without an address of its own. */
export const addressOf =
  (addresses: Addresses) =>
  (host: string): string => {
    const found = typeof addresses === "function" ? addresses(host) : (addresses?.[host] ?? `https://${host}`)
    return found.replace(/\/+$/, "")
  }
