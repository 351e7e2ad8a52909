/** Words to write the simulator's own operations in, in the shapes of a description. */
import type { Body, ListStyle, Operation, Parameter, Place, Schema } from "./Described.ts"

/** Any text. */
export const text: Schema = { type: "string", minLength: 1, maxLength: 2000 }
/** An instant in ISO 8601. */
export const instant: Schema = { type: "string", format: "date-time" }
/** A calendar day. */
export const day: Schema = { type: "string", pattern: "^\\d{4}-\\d{2}-\\d{2}$" }
/** True or false. */
export const flag: Schema = { type: "boolean" }
/** A whole number, both ends included. */
export const whole = (minimum: number, maximum: number): Schema => ({ type: "integer", minimum, maximum })
/** One of these texts. */
export const oneOf = (...values: ReadonlyArray<string>): Schema => ({ type: "string", enum: values })
/** A list of so many items. */
export const list = (items: Schema, minItems = 1, maxItems = 1000): Schema => ({
  type: "array",
  items,
  minItems,
  maxItems
})
/** An object with these fields and no others; a name with a question mark at its end may be missing. */
export const fields = (properties: Readonly<Record<string, Schema>>): Schema => ({
  type: "object",
  additionalProperties: false,
  required: Object.keys(properties).filter((name) => !name.endsWith("?")),
  properties: Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name.replace(/\?$/, ""), schema]))
})
/** An object with at least these fields; what else it has is the provider's business. */
export const atLeast = (properties: Readonly<Record<string, Schema>>): Schema => ({
  ...fields(properties),
  additionalProperties: true
})

type More = Partial<Pick<Parameter, "refused" | "refusedValues">> & {
  readonly required?: true
  readonly list?: ListStyle
}

const typeOf = ({ type }: Schema): string => (typeof type === "string" ? type : "")

const parameter =
  (place: Place) =>
  (name: string, schema: Schema, more: More = {}): Parameter => {
    const isList = schema.type === "array"
    const items = (schema.items ?? {}) as Schema
    return {
      name,
      in: place,
      required: more.required ?? false,
      schema,
      type: typeOf(isList ? items : schema),
      list: isList ? (more.list ?? "csv") : null,
      ...(more.refused === undefined ? {} : { refused: more.refused }),
      ...(more.refusedValues === undefined ? {} : { refusedValues: more.refusedValues })
    }
  }

/** A parameter of the query. */
export const query = parameter("query")
/** A header that the operation itself reads. */
export const header = parameter("header")
/** A parameter that the provider takes and this simulator refuses, and why. */
export const refused = (name: string, why: string): Parameter => query(name, {}, { refused: why })

/** A body in JSON. Without a type, any content type is taken. */
export const json = (schema: Schema, ...types: ReadonlyArray<string>): Body => ({
  name: "body",
  required: true,
  content: (types.length === 0 ? [""] : types).map((type) => ({ type, schema }))
})

/** A body that may be missing. */
export const maybe = (body: Body): Body => ({ ...body, required: false })

/** An operation by its method and template, such as `GET /orders/v0/orders/{orderId}`. */
export const operation = (
  name: string,
  template: string,
  takes: { readonly parameters?: ReadonlyArray<Parameter>; readonly body?: Body } = {}
): Operation => {
  const [method = "", path = ""] = template.split(" ")
  const inPath = [...path.matchAll(/\{([^}]+)\}/g)].map(([, inside = ""]) =>
    parameter("path")(inside, text, { required: true })
  )
  return {
    name,
    method,
    path,
    parameters: [...inPath, ...(takes.parameters ?? [])],
    body: takes.body ?? null,
    responses: {},
    pairs: [],
    olderPairs: [],
    rate: null
  }
}
