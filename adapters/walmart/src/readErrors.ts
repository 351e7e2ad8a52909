/**
 * Walmart's errors, from any of their forms: `{"error": [...]}`, the older `{"errors": {"error": [...]}}`, one error
 * alone, and XML for callers who did not get JSON (https://developer.walmart.com/suppliers/docs/errors). Total:
 * anything else gives none.
 */
import { Answer } from "@portolan/wire"
import { Option, Schema } from "effect"

/** One error. Empty texts where Walmart says nothing. */
export interface WalmartError {
  /** In capitals, without the part after the dot that names the gateway: `INVALID_TOKEN`. */
  readonly code: string
  readonly field: string
  /** Description and info together. */
  readonly text: string
}

const text = Schema.optionalKey(Schema.NullOr(Schema.String))
const Body = Schema.Struct({ code: text, field: text, description: text, info: text, message: text, details: text })
type Body = typeof Body.Type
const Some = Schema.Union([Schema.Array(Body), Body])
const Shape = Schema.Union([
  Schema.Struct({ error: Some }),
  Schema.Struct({ errors: Schema.Struct({ error: Some }) }),
  Schema.Struct({ errors: Some }),
  // The error body of OAuth 2.0 (https://www.rfc-editor.org/rfc/rfc6749).
  Schema.Struct({ error: Schema.String, error_description: text }),
  Schema.Struct({ code: Schema.String, description: text, info: text, message: text, details: text, field: text })
])

const made = (body: Body): WalmartError => ({
  code: (body.code ?? "").split(".")[0]?.trim().toUpperCase() ?? "",
  field: body.field ?? "",
  text: [body.description, body.info, body.message, body.details].filter((part) => (part ?? "") !== "").join(": ")
})

const listOf = (some: typeof Some.Type): ReadonlyArray<WalmartError> => ("length" in some ? some : [some]).map(made)

const fromJson = (shape: typeof Shape.Type): ReadonlyArray<WalmartError> => {
  if ("errors" in shape) return "error" in shape.errors ? listOf(shape.errors.error) : listOf(shape.errors)
  if (!("error" in shape)) return [made(shape)]
  return typeof shape.error === "string"
    ? [
        made({
          code: shape.error,
          description: "error_description" in shape ? (shape.error_description ?? null) : null
        })
      ]
    : listOf(shape.error)
}

const element = (xml: string, name: string): string =>
  new RegExp(`<(?:[A-Za-z0-9]+:)?${name}>([^<]{0,1000})<`, "i").exec(xml)?.[1]?.trim() ?? ""

// Only names and short texts are looked for, so no XML reader with its traps is needed.
const fromXml = (xml: string): ReadonlyArray<WalmartError> => {
  const code = element(xml, "code")
  return code === ""
    ? []
    : [
        made({
          code,
          field: element(xml, "field"),
          description: element(xml, "description"),
          info: element(xml, "info")
        })
      ]
}

/** Reads the errors of an answer; none when it holds none that can be understood. */
export const readErrors = (answer: Answer.Answer): ReadonlyArray<WalmartError> => {
  if (answer.text.trimStart().startsWith("<")) return fromXml(answer.text.slice(0, 20_000))
  return Option.match(Answer.tryDecode(answer, Shape), { onNone: () => [], onSome: fromJson }).filter(
    ({ code, text }) => code !== "" || text !== ""
  )
}
