/** The parameters of an operation: of its path, of its query, and headers. */
import type { Schema } from "effect"
import * as Idempotency from "../Idempotency.ts"
import * as Query from "../Query.ts"
import type { Route } from "../Route.ts"
import type { Operation } from "./Document.ts"
import { fieldsOf, type Translate } from "./translate.ts"

type Parameter = Operation["parameters"][number]

type Field = ReturnType<typeof fieldsOf>[number]

const parameter = (place: Parameter["in"], [name, { description, ...schema }, required]: Field): Parameter => ({
  name,
  in: place,
  required,
  ...(typeof description === "string" ? { description } : {}),
  schema
})

const fieldSchemas = (schema: Schema.Constraint): { readonly [name: string]: Schema.Constraint } =>
  (schema as Partial<Schema.Struct<{ readonly [name: string]: Schema.Constraint }>>).fields ?? {}

/** Describes query parameters by the value that a text stands for, where `Query` says so. */
const queryParameters = (query: Schema.Constraint, translate: Translate): ReadonlyArray<Parameter> => {
  const schemas = fieldSchemas(query)
  return fieldsOf(translate(query)).map(([name, node, required]) => {
    const own = schemas[name]
    const described = own === undefined ? undefined : Query.descriptionOf(own)
    return parameter("query", [name, described ?? node, required])
  })
}

const idempotencyKey: Field = [
  Idempotency.header,
  {
    type: "string",
    pattern: Idempotency.pattern.source,
    description: "A repeated request with the same key gives the result of the first one, even if its answer was lost."
  },
  false
]

const lastEventId: Field = [
  "Last-Event-ID",
  { type: "string", description: "Position of the last event that was received." },
  false
]

const headers = (route: Route): ReadonlyArray<Field> => [
  ...(route.creates ? [idempotencyKey] : []),
  ...(route.streams ? [lastEventId] : [])
]

/** All parameters of a route, those of its path first. */
export const parametersOf = (route: Route, translate: Translate): ReadonlyArray<Parameter> => [
  ...fieldsOf(translate(route.params)).map((field) => parameter("path", field)),
  ...queryParameters(route.query, translate),
  ...headers(route).map((field) => parameter("header", field))
]
