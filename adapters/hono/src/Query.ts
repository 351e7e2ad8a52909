/**
 * Schemas of query parameters. A parameter arrives as text; the OpenAPI document describes the value that the text stands
 * for. Each helper decodes exactly the texts that its description allows, so both say the same.
 */
import { Schema, SchemaGetter } from "effect"

/** How the OpenAPI document describes a parameter, where that differs from the schema of its text. */
export interface Described {
  readonly type: "integer" | "boolean"
  readonly description: string
  readonly [keyword: string]: Schema.Json
}

const annotation = "portolan/parameter"

/** How a parameter is described; nothing when the schema of its text says it all. */
export const describedAs = (schema: Schema.Constraint): Described | undefined =>
  Schema.resolveAnnotations(schema)?.[annotation] as Described | undefined

/** An integer in decimal digits, without a sign for positive numbers and without leading zeros. */
export const integer = ({
  description,
  maximum,
  minimum,
  standard
}: {
  readonly description: string
  readonly minimum: number
  readonly maximum: number
  /** What counts when the parameter is left out; the route supplies it. */
  readonly standard: number
}) =>
  Schema.String.check(Schema.isPattern(/^(?:0|-?[1-9]\d*)$/u, { expected: "an integer" }))
    .pipe(
      Schema.decodeTo(Schema.Int, { decode: SchemaGetter.transform(Number), encode: SchemaGetter.transform(String) })
    )
    .check(Schema.isBetween({ minimum, maximum }))
    .annotate({ [annotation]: { type: "integer", minimum, maximum, default: standard, description } })

/** `true` or `false`. */
export const flag = (description: string) =>
  Schema.Literals(["true", "false"])
    .pipe(
      Schema.decodeTo(Schema.Boolean, {
        decode: SchemaGetter.transform((text) => text === "true"),
        encode: SchemaGetter.transform((value) => (value ? "true" : "false"))
      })
    )
    .annotate({ [annotation]: { type: "boolean", description } })
