/**
 * Sealed cursors, for every store that lists (law REPO-17). A cursor holds a position and a keyed digest over the
 * position, the organization and the list, so a store refuses one that was altered or comes from another list. The
 * filter itself is not in it: it may name hundreds of ids.
 */
import { DateTime, Effect, Option, Schema } from "effect"
import { Base64Url } from "effect/encoding"
import { InvalidCursor } from "./Page.ts"

const Content = Schema.Array(Schema.Union([Schema.String, Schema.Finite]))
const Json = Schema.fromJsonString(Content)
const decode = Schema.decodeUnknownOption(Json)

/** Sort values of the last item given. */
export type After = typeof Content.Type

/** A sort value may be a folded name, which is up to eighteen times as long as what was typed. */
const longest = 8_000

const sign = (key: CryptoKey, list: string, text: string) =>
  Effect.promise(() => crypto.subtle.sign("HMAC", key, new TextEncoder().encode(JSON.stringify([list, text])))).pipe(
    Effect.map((bytes) => Base64Url.encode(new Uint8Array(bytes).slice(0, 16)))
  )

/** Makes the key that seals and opens cursors. `secret` has at least 32 characters. */
export const key = (secret: string): Effect.Effect<CryptoKey> =>
  Effect.promise(() =>
    crypto.subtle.importKey("raw", new TextEncoder().encode(secret), { name: "HMAC", hash: "SHA-256" }, false, ["sign"])
  )

/**
 * Writes a list's filter as one text, so that its cursors belong to it: key by key in one order, without the keys that
 * have no value, and a choice of several in one order as well.
 */
export const spelled = (filter: object): string =>
  JSON.stringify(
    Object.entries(filter)
      .filter(([, value]) => value !== undefined)
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, value]) => [name, textOf(value)])
  )

const byText = (one: unknown, other: unknown) => (String(one) < String(other) ? -1 : 1)

const textOf = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.toSorted(byText)
  return DateTime.isDateTime(value) ? DateTime.formatIso(value) : value
}

/** Writes a cursor. `list` names organization and list, with its filter. */
export const seal = (key: CryptoKey, list: string, after: After): Effect.Effect<string> => {
  const text = Base64Url.encode(JSON.stringify(after))
  return Effect.map(sign(key, list, text), (signature) => `${text}.${signature}`)
}

/** Reads a cursor that was sealed for this list; anything else is refused. */
export const open = (key: CryptoKey, list: string, cursor: string): Effect.Effect<After, InvalidCursor> =>
  Effect.gen(function* () {
    const [text, signature, ...rest] = cursor.length > longest ? [] : cursor.split(".")
    if (text === undefined || signature === undefined || rest.length > 0) return yield* new InvalidCursor()
    if ((yield* sign(key, list, text)) !== signature) return yield* new InvalidCursor()
    const content = Option.flatMap(Option.fromUndefinedOr(decodeText(text)), decode)
    return Option.isNone(content) ? yield* new InvalidCursor() : content.value
  })

const decodeText = (text: string): string | undefined => {
  const decoded = Base64Url.decodeString(text)
  return decoded._tag === "Success" ? decoded.success : undefined
}
