/** From Schemas to JSON Schema, with references into the document. */
import { Schema } from "effect"
import type { Node } from "./Document.ts"

const rewritten = (value: Schema.Json): Schema.Json => {
  if (Array.isArray(value)) return value.map(rewritten)
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(
    Object.entries(value as Node).map(([key, field]) => [
      key,
      key === "$ref" && typeof field === "string"
        ? field.replace("#/$defs/", "#/components/schemas/")
        : rewritten(field)
    ])
  )
}

/** Builds a translator from schemas to JSON Schema. It collects the named schemas on the way. */
export const makeTranslator = () => {
  const schemas: Record<string, Node> = {}
  const translate = (schema: Schema.Constraint, onExcessProperty: "ignore" | "error" = "ignore"): Node => {
    const { definitions, schema: root } = Schema.toJsonSchemaDocument(schema, {
      onExcessProperty,
      generateDescriptions: true
    })
    for (const [name, definition] of Object.entries(definitions)) schemas[name] = rewritten(definition as Node) as Node
    return rewritten(root as Node) as Node
  }
  return { schemas, translate }
}

/** Translates one schema. */
export type Translate = ReturnType<typeof makeTranslator>["translate"]

/** The fields of an object schema: name, schema, and whether it is required. */
export const fieldsOf = (node: Node): ReadonlyArray<readonly [string, Node, boolean]> => {
  const required = Array.isArray(node["required"]) ? node["required"] : []
  return Object.entries((node["properties"] ?? {}) as { readonly [name: string]: Node }).map(
    ([name, field]) => [name, field, required.includes(name)] as const
  )
}
