/**
 * Sealed cursors, for every store that lists (law REPO-17): a cursor names the organization, the list and the position,
 * and carries a keyed digest, so that one which was altered or taken elsewhere is refused.
 */
import { Effect, Option, Schema } from "effect"
import { Base64Url } from "effect/encoding"
import { InvalidCursor } from "./ConnectionStore.ts"

const Content = Schema.Struct({
  /** Organization and list, with its filter. */
  list: Schema.String,
  /** Sort values of the last item given. */
  after: Schema.Array(Schema.Union([Schema.String, Schema.Finite]))
})
const Json = Schema.fromJsonString(Content)
const decode = Schema.decodeUnknownOption(Json)

/** Sort values of the last item given. */
export type After = typeof Content.Type["after"]

const sign = (key: CryptoKey, text: string) =>
  Effect.promise(() => crypto.subtle.sign("HMAC", key, new TextEncoder().encode(text)))
    .pipe(Effect.map((bytes) => Base64Url.encode(new Uint8Array(bytes).slice(0, 16))))

/** Makes the key that seals and opens. `secret` has at least 32 characters. */
export const key = (secret: string): Effect.Effect<CryptoKey> =>
  Effect.promise(() =>
    crypto.subtle.importKey("raw", new TextEncoder().encode(secret), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]))

/** Writes a cursor. */
export const seal = (key: CryptoKey, list: string, after: After): Effect.Effect<string> => {
  const text = Base64Url.encode(JSON.stringify({ list, after }))
  return Effect.map(sign(key, text), (signature) => `${text}.${signature}`)
}

/** Reads a cursor that was sealed for this list; anything else is refused. */
export const open = (key: CryptoKey, list: string, cursor: string): Effect.Effect<After, InvalidCursor> =>
  Effect.gen(function*() {
    const [text, signature, ...rest] = cursor.length > 2_000 ? [] : cursor.split(".")
    if (text === undefined || signature === undefined || rest.length > 0) return yield* new InvalidCursor()
    if ((yield* sign(key, text)) !== signature) return yield* new InvalidCursor()
    const content = Option.flatMap(Option.fromUndefinedOr(decodeText(text)), decode)
    if (Option.isNone(content) || content.value.list !== list) return yield* new InvalidCursor()
    return content.value.after
  })

const decodeText = (text: string): string | undefined => {
  const decoded = Base64Url.decodeString(text)
  return decoded._tag === "Success" ? decoded.success : undefined
}
