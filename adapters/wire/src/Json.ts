/**
 * JSON whose numbers keep every digit. Providers send ids and amounts as bare numbers, some beyond 2^53 (amazon-ads
 * sections 3 and 8, https://developer.walmart.com/advertising-partners-search/docs/advertising-account-and-access), and
 * `JSON.parse` alone would change the long ones without a word.
 *
 * Every number arrives as its own source text; a Schema then says which of them become numbers. One rule for all of
 * them also means that a number and a quoted number read alike, which providers mix (`expires_in`, ids,
 * amounts, instants).
 */
import { Option } from "effect"

// The third argument is ECMAScript's "JSON.parse source text access"; the type library does not know it yet.
const keepDigits = (_key: string, value: unknown, context?: { readonly source?: string }): unknown =>
  typeof value === "number" ? (context?.source ?? String(value)) : value

/** Parses JSON, numbers as text. Absent when the text is no JSON, or nests deeper than the engine can read. */
export const parse = (text: string): Option.Option<unknown> => {
  try {
    return Option.some(JSON.parse(text, keepDigits) as unknown)
  } catch {
    return Option.none()
  }
}
