/**
 * Judges values by JSON schema with ajv (https://ajv.js.org). The library is loaded when the first value is judged: a
 * server that only begins needs none of it.
 */
import { createRequire } from "node:module"
import type { Ajv as Ajv_, ErrorObject, ValidateFunction } from "ajv"
import * as Dates from "../core/Dates.ts"
import type { Schema, Validator } from "./Described.ts"

type Kind = "request" | "response"

const require = createRequire(import.meta.url)

/** Formats of descriptions that are not those of JSON schema. */
const booleanText = /^(?:true|false)$/
const address = /^(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-fA-F:.]{2,45})$/

const load = (kind: Kind): Ajv_ => {
  const { Ajv } = require("ajv") as typeof import("ajv")
  const formats = (require("ajv-formats") as typeof import("ajv-formats")).default
  const made = new Ajv({ strict: false, validateSchema: false, logger: false, unicodeRegExp: false })
  formats(made)
  made.addFormat("boolean", booleanText)
  made.addFormat("ip", address)
  // Numbers of a currency or rate are `float` and `double` by name only.
  if (kind === "request") {
    made.addFormat("date-time", (text: string) => Dates.instant(text) !== undefined)
    made.addFormat("date", (text: string) => Dates.instant(text) !== undefined)
  }
  return made
}

const words = (values: unknown): string =>
  Array.isArray(values)
    ? values
        .filter((one) => one !== null)
        .map(String)
        .join(", ")
        .slice(0, 300)
    : ""

/** What a fault of ajv is in words, without the value that was sent. */
const sentence = (fault: ErrorObject): string => {
  const where = fault.instancePath.slice(1).replaceAll("/", ".").replaceAll("~1", "/").replaceAll("~0", "~")
  const at = where === "" ? "" : `${where} `
  const params = fault.params as Readonly<Record<string, unknown>>
  if (fault.keyword === "required")
    return `${where === "" ? "" : `${where}.`}${String(params.missingProperty)} is missing`
  if (fault.keyword === "additionalProperties") {
    return `${where === "" ? "" : `${where}.`}${String(params.additionalProperty).slice(0, 60)} is not known`
  }
  if (fault.keyword === "enum") return `${at}must be one of ${words(params.allowedValues)}`
  return `${at}${fault.message ?? "is not valid"}`
}

/** Compiled schemas by identity, one table a kind; a schema that cannot be compiled says why. */
type Compiled = ValidateFunction | string

const compile = (ajv: Ajv_, schema: Schema): Compiled => {
  try {
    return ajv.compile(schema)
  } catch (error) {
    return `the schema cannot be used: ${error instanceof Error ? error.message : String(error)}`
  }
}

const judge = (compiled: Compiled, value: unknown): ReadonlyArray<string> => {
  if (typeof compiled === "string") return [compiled]
  if (compiled(value)) return []
  return (compiled.errors ?? []).map(sentence)
}

/**
 * Makes a validator that resolves references to these schemas, by their name. They may become more as long as a schema
 * comes after those that it refers to.
 */
export const make = (schemas: () => Readonly<Record<string, Schema>> = () => ({})): Validator => {
  const ajvs: { [K in Kind]?: Ajv_ } = {}
  const known: Record<Kind, WeakMap<Schema, Compiled>> = { request: new WeakMap(), response: new WeakMap() }
  const ajvOf = (kind: Kind): Ajv_ => {
    const made = (ajvs[kind] ??= load(kind))
    for (const [name, schema] of Object.entries(schemas())) {
      if (made.schemas[name] === undefined) made.addSchema(schema, name)
    }
    return made
  }
  const by = (kind: Kind) => (schema: Schema, value: unknown) => {
    const compiled = known[kind].get(schema) ?? compile(ajvOf(kind), schema)
    known[kind].set(schema, compiled)
    return judge(compiled, value)
  }
  return { request: by("request"), response: by("response") }
}

/** Judges schemas that stand for themselves. */
export const own: Validator = make()
