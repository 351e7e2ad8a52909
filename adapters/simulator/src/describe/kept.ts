/**
 * What a body says and this simulator does not keep: such a request is refused, because a success that stores something
 * else teaches the wrong thing. Schemas mark it: `unmodelled` for a whole part, `withUnmodelled` for single values.
 */
import type { Schema } from "./Described.ts"
import { entriesOf, isRecord, itemsOf } from "./references.ts"

/** A part that the provider takes and this simulator does not keep. */
export const unmodelled: Schema = { "x-unmodelled": true }

/** A schema with values that the provider takes beside its own and this simulator does not keep. */
export const withUnmodelled = (schema: Schema, ...values: ReadonlyArray<string | boolean>): Schema => ({
  ...schema,
  "x-unmodelled-values": values
})

const below = (path: string, key: string | number): string => (path === "" ? String(key) : `${path}.${key}`)

const firstOf = <A>(list: ReadonlyArray<A>, find: (one: A) => string | undefined): string | undefined => {
  for (const one of list) {
    const found = find(one)
    if (found !== undefined) return found
  }
  return undefined
}

const schemaOf = (node: unknown): Schema => (isRecord(node) ? node : {})

/** The place of the first thing in a value that is not kept; undefined when all of it is. */
export const unkept = (schema: Schema, value: unknown, path = ""): string | undefined => {
  if (schema["x-unmodelled"] === true) return path
  if (itemsOf(schema["x-unmodelled-values"]).includes(value)) return `${path} ${String(value)}`
  return (
    firstOf(entriesOf(schema.properties), ([key, part]) =>
      isRecord(value) && Object.hasOwn(value, key) ? unkept(schemaOf(part), value[key], below(path, key)) : undefined
    ) ??
    firstOf([...itemsOf(value).entries()], ([index, item]) =>
      unkept(schemaOf(schema.items), item, below(path, index))
    ) ??
    firstOf(itemsOf(schema.anyOf), (part) => unkept(schemaOf(part), value, path))
  )
}

/** The place of the first field that a schema does not know; undefined when it knows all of them. */
export const stray = (schema: Schema, value: unknown, path = ""): string | undefined => {
  const known = isRecord(schema.properties) ? schema.properties : undefined
  if (known !== undefined && isRecord(value)) {
    const odd = Object.keys(value).find((key) => !Object.hasOwn(known, key))
    if (odd !== undefined) return below(path, odd.slice(0, 60))
    return firstOf(Object.entries(value), ([key, part]) => stray(schemaOf(known[key]), part, below(path, key)))
  }
  return firstOf([...itemsOf(value).entries()], ([index, item]) =>
    stray(schemaOf(schema.items), item, below(path, index))
  )
}
