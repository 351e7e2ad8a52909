/** Reads JSON Schema as this API's document writes it: names, merged parts, fields however deep. */
import type { Document, Node } from "../openApi.ts"

/** The named schemas of a document. */
export type Named = Document["components"]["schemas"]

/** A field of an object, or of an object inside it: `profile.channel`, `errors[].detail`. */
export interface Field {
  /** What leads to the field, with its last dot; empty at the top. */
  readonly within: string
  readonly name: string
  readonly schema: Node
  readonly required: boolean
}

/** The nodes of a list of schemas; none when it is something else. */
export const nodes = (value: Node[string] | undefined): ReadonlyArray<Node> =>
  Array.isArray(value) ? (value as ReadonlyArray<Node>) : []

/** A keyword whose value is a text, such as `description`; empty when it is missing or something else. */
export const text = (value: Node[string] | undefined): string => (typeof value === "string" ? value : "")

const isNode = (value: Node[string] | undefined): value is Node =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** The name that a schema refers to, when it does. */
export const nameOf = ({ $ref }: Node): string | undefined =>
  typeof $ref === "string" ? $ref.slice($ref.lastIndexOf("/") + 1) : undefined

/** The schema itself, with what it says in `allOf` as if it said it directly. */
export const whole = (node: Node, named: Named): Node => {
  const name = nameOf(node)
  const found = name === undefined ? node : (named[name] ?? {})
  const { allOf, ...rest } = found
  // The checks in `allOf` come from what the author added last, so they know better than the base.
  return Object.assign({}, rest, ...nodes(allOf))
}

/** What an object of the document says about itself, for a schema made in its place. */
export const describedBy = (about: Node[string] | undefined): Node =>
  isNode(about) && about["description"] !== undefined ? { description: about["description"] } : {}

/** What a schema offers to choose from; none when there is no choice. */
export const choices = ({ anyOf, oneOf }: Node): ReadonlyArray<Node> => [...nodes(anyOf), ...nodes(oneOf)]

/** The schema of a list's items. */
export const itemOf = ({ items }: Node): Node | undefined => (isNode(items) ? items : undefined)

/** The schema of values under names that are not known beforehand. */
export const valueOf = ({ additionalProperties }: Node): Node | undefined =>
  isNode(additionalProperties) ? additionalProperties : undefined

/** An object's own fields. */
export const properties = (node: Node): ReadonlyArray<Field> => {
  const required = Array.isArray(node["required"]) ? node["required"] : []
  const all = isNode(node["properties"]) ? node["properties"] : {}
  return Object.entries(all).map(([name, schema]) => ({
    within: "",
    name,
    schema: isNode(schema) ? schema : {},
    required: required.includes(name)
  }))
}

/** An object's fields with those of objects that have no name of their own. Named ones are shown elsewhere. */
export const fields = (node: Node, within = ""): ReadonlyArray<Field> =>
  properties(node).flatMap((field) => {
    const at = `${within}${field.name}`
    return [{ ...field, within }, ...inside(field.schema, at)]
  })

const inside = (node: Node, at: string): ReadonlyArray<Field> => {
  const item = itemOf(node)
  const value = valueOf(node)
  return [
    ...fields(node, `${at}.`),
    ...choices(node).flatMap((choice) => inside(choice, at)),
    ...(item === undefined ? [] : inside(item, `${at}[]`)),
    ...(value === undefined ? [] : inside(value, `${at}.*`))
  ]
}
