/** States and events as stores keep them: JSON text and back. */
import { Schema } from "effect"

/** Encodes to JSON text. */
export const write = <S extends Schema.Codec<unknown, unknown>>(schema: S, value: S["Type"]): string =>
  JSON.stringify(Schema.encodeUnknownSync(Schema.toCodecJson(schema))(value))

/** Decodes from JSON text; throws when it does not fit. */
export const read = <S extends Schema.Codec<unknown, unknown>>(schema: S, text: string): S["Type"] =>
  Schema.decodeUnknownSync(Schema.toCodecJson(schema))(JSON.parse(text))
