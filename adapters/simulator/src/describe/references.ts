/**
 * The parts of a document that its references point at, and its schemas made fit for a validator: only the words of
 * JSON schema, `nullable` as a type, references under names of their own. What a document says wrongly is left out
 * rather than guessed.
 */
import type { Schema } from "./Described.ts"

/** A value of a parsed document. */
export type Node = unknown

/** Whether a value is an object with keys. */
export const isRecord = (value: Node): value is Readonly<Record<string, Node>> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** The entries of an object; none for anything else. */
export const entriesOf = (value: Node): ReadonlyArray<readonly [string, Node]> =>
  isRecord(value) ? Object.entries(value) : []

/** The items of a list; none for anything else. */
export const itemsOf = (value: Node): ReadonlyArray<Node> => (Array.isArray(value) ? value : [])

/** A value if it is a text, else an empty one. */
export const textOf = (value: Node): string => (typeof value === "string" ? value : "")

/** A document by its address, and how to open the others that it names. */
export type Source = { readonly address: string; readonly open: (address: string) => Node }

const keep: ReadonlySet<string> = new Set(["const", "uniqueItems", "format"])
const numeric: ReadonlySet<string> = new Set([
  "minimum",
  "maximum",
  "exclusiveMinimum",
  "exclusiveMaximum",
  "minLength",
  "maxLength",
  "minItems",
  "maxItems",
  "minProperties",
  "maxProperties"
])
const single: ReadonlySet<string> = new Set(["items", "additionalProperties", "not", "if", "then", "else", "contains"])
const several: ReadonlySet<string> = new Set(["allOf", "anyOf", "oneOf", "prefixItems"])
const named: ReadonlySet<string> = new Set(["properties", "patternProperties"])
const types: ReadonlySet<string> = new Set(["string", "number", "integer", "boolean", "object", "array", "null"])

const isPattern = (text: Node): boolean => {
  try {
    return typeof text === "string" && new RegExp(text).source !== ""
  } catch {
    return false
  }
}

const isNullable = (node: Readonly<Record<string, Node>>): boolean =>
  node.nullable === true || node["x-nullable"] === true

/** The JSON types that a schema names. */
const typesOf = (node: Readonly<Record<string, Node>>): ReadonlyArray<string> =>
  [node.type].flat().filter((type): type is string => typeof type === "string" && types.has(type))

type Cell = readonly [string, unknown]

/** Bounds that a boolean makes exclusive, as before 2019 (https://json-schema.org/draft-04/schema). */
const bound = (node: Readonly<Record<string, Node>>, key: string): ReadonlyArray<Cell> => {
  const value = node[key]
  if (typeof value !== "number") return []
  const exclusive = key === "minimum" ? "exclusiveMinimum" : "exclusiveMaximum"
  const isExclusive = (key === "minimum" || key === "maximum") && node[exclusive] === true
  return [[isExclusive ? exclusive : key, value]]
}

const own = (node: Readonly<Record<string, Node>>, key: string, nullable: boolean): ReadonlyArray<Cell> => {
  const value = node[key]
  if (keep.has(key)) return [[key, value]]
  if (numeric.has(key)) return bound(node, key)
  if (key === "multipleOf") return typeof value === "number" && value > 0 ? [[key, value]] : []
  if (key === "pattern") return isPattern(value) ? [[key, value]] : []
  if (key === "enum")
    return Array.isArray(value) && value.length > 0 ? [[key, nullable ? [...value, null] : value]] : []
  if (key === "required") {
    const names = itemsOf(value).filter((name) => typeof name === "string")
    return names.length === 0 ? [] : [[key, [...new Set(names)]]]
  }
  const known = key === "type" ? typesOf(node) : []
  return known.length === 0 ? [] : [[key, nullable ? [...new Set([...known, "null"])] : known]]
}

/** Reads the parts of a document: `follow` resolves a reference, `schema` makes a schema usable. */
export type Reader = {
  /** What a value stands for: the value, or what it refers to. Undefined when that is nowhere. */
  readonly follow: (node: Node) => Node
  /** A schema whose references are names in `schemas`. */
  readonly schema: (node: Node) => Schema
  /** Every schema that was referred to, by its name. Complete once everything has been read. */
  readonly schemas: () => Readonly<Record<string, Schema>>
}

const decoded = (token: string): string => {
  try {
    return decodeURIComponent(token)
  } catch {
    return token
  }
}

/** The value at a JSON pointer (https://www.rfc-editor.org/rfc/rfc6901), undefined when there is none. */
const at = (root: Node, fragment: string): Node =>
  fragment
    .split("/")
    .slice(1)
    .reduce<Node>((node, token) => {
      const key = decoded(token).replaceAll("~1", "/").replaceAll("~0", "~")
      if (Array.isArray(node)) return node[Number(key)]
      return isRecord(node) && Object.hasOwn(node, key) ? node[key] : undefined
    }, root)

type Target = { readonly node: Node; readonly base: string }

const targetOf = (source: Source, ref: string, base: string): Target => {
  const [file = "", fragment = ""] = ref.split(/#(.*)/s)
  const address = file === "" ? base : new URL(file, base).href
  return { node: at(source.open(address), fragment), base: address }
}

/** Makes the reader of a document. */
export const reader = (source: Source): Reader => {
  const names = new Map<string, string>()
  const schemas: Record<string, Schema> = {}
  const waiting: Array<() => void> = []

  const refer = (ref: string, base: string): Schema => {
    const target = targetOf(source, ref, base)
    const key = `${target.base}#${ref.split(/#(.*)/s)[1] ?? ""}`
    const known = names.get(key)
    const name = known ?? `schema-${names.size + 1}`
    if (known === undefined) {
      names.set(key, name)
      if (target.node !== undefined) waiting.push(() => (schemas[name] = clean(target.node, target.base)))
    }
    return { $ref: name }
  }

  const clean = (node: Node, base: string): Schema => {
    if (typeof node === "boolean") return node ? {} : { not: {} }
    if (!isRecord(node)) return {}
    const nullable = isNullable(node)
    if (typeof node.$ref === "string") {
      const schema = refer(node.$ref, base)
      return nullable ? { anyOf: [schema, { type: "null" }] } : schema
    }
    const cells = Object.keys(node).flatMap((key): ReadonlyArray<Cell> => {
      const value = node[key]
      if (single.has(key)) return isRecord(value) || typeof value === "boolean" ? [[key, clean(value, base)]] : []
      if (several.has(key)) {
        const parts = itemsOf(value).map((one) => clean(one, base))
        return parts.length === 0 ? [] : [[key, parts]]
      }
      if (named.has(key)) {
        return [[key, Object.fromEntries(entriesOf(value).map(([name, one]) => [name, clean(one, base)]))]]
      }
      return own(node, key, nullable)
    })
    return Object.fromEntries(cells)
  }

  const settle = () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) next()
  }

  const follow = (node: Node, depth = 0): Node =>
    isRecord(node) && typeof node.$ref === "string" && depth < 20
      ? follow(targetOf(source, node.$ref, source.address).node, depth + 1)
      : node

  return {
    follow: (node) => follow(node),
    schema: (node) => {
      const made = clean(node, source.address)
      settle()
      return made
    },
    schemas: () => schemas
  }
}
