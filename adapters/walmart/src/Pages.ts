/** Lists of the Marketplace API: where the next page is, and how many there are. */
import { Effect, Option, Schema } from "effect"
import { Pages } from "@portolan/wire"
import type * as Settings from "./Settings.ts"

/**
 * The address of the next page. Orders give a whole query to be sent as it is; items and stock give a value for
 * `nextCursor` (highsidelabs/walmart-api-php, US schemas).
 */
export const after = (path: string, limit: number, cursor: string): string =>
  cursor.startsWith("?")
    ? `${path}${cursor.replaceAll(/[\s#]/g, encodeURIComponent)}`
    : `${path}?limit=${limit}&nextCursor=${encodeURIComponent(cursor)}`

const decodeTotal = Schema.decodeUnknownOption(Schema.FiniteFromString)

/** How many there are, where Walmart says so in a number. */
export const total = (value: unknown): number | undefined => Option.getOrUndefined(decodeTotal(value))

/** What a page says of the whole list, as one field that is read leniently: a total that is none says nothing. */
export const totalField = Schema.optionalKey(Schema.Unknown)

/** A cursor, where there is one. */
export const cursorField = Schema.optionalKey(Schema.NullOr(Schema.String))

/** How a list of the Marketplace API is walked. */
export const walk = (
  limits: Settings.Limits,
  what: string,
  keyOf: (item: unknown) => string | undefined
): Pages.Walk<unknown> => ({ what, pages: limits.pages, keyOf })

/** Bounds a whole list in time. */
export const inTime = (limits: Settings.Limits, what: string): ReturnType<typeof Pages.inTime> =>
  Pages.inTime(limits.listSeconds, what)

/** Walks a list whose pages have addresses. */
export const all = <E>(
  about: Pages.Walk<unknown>,
  { after: address, first }: { readonly first: string; readonly after: (cursor: string) => string },
  fetch: (path: string) => Effect.Effect<Pages.Page<unknown>, E>
) => Pages.all(about, (cursor) => fetch(cursor === undefined ? first : address(cursor)))
