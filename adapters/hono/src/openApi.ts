/**
 * The OpenAPI 3.1 document, made from the table of routes and their Schemas. Nothing in it is written by hand that a
 * route knows, so it cannot fall behind.
 */
import { Schema } from "effect"
import * as Idempotency from "./Idempotency.ts"
import { bodyLimit } from "./Input.ts"
import { type Kind, kinds } from "./problems.ts"
import { type Route, tags } from "./Route.ts"
import * as Problem from "./wire/Problem.ts"

/** A JSON object. */
export type Node = { readonly [key: string]: Schema.Json }

/** The parts of an operation that the reference page shows. */
export interface Operation {
  readonly operationId: string
  readonly tags: ReadonlyArray<string>
  readonly summary: string
  readonly description?: string
  /** Empty for what is open to everybody; a key's, for members, when absent. */
  readonly security?: ReadonlyArray<Node>
  /** Whom it is for. */
  readonly "x-audience"?: Route["audience"]
  readonly parameters: ReadonlyArray<{
    readonly name: string
    readonly in: "path" | "query" | "header"
    readonly required: boolean
    readonly description?: string
    readonly schema: Node
  }>
  readonly requestBody?: {
    readonly required: boolean
    readonly content: { readonly [type: string]: { readonly schema: Node } }
  }
  readonly responses: {
    readonly [status: string]: {
      readonly description: string
      readonly headers?: Node
      readonly content?: { readonly [type: string]: { readonly schema: Node } }
    }
  }
}

/** An OpenAPI 3.1 document. */
export interface Document {
  readonly openapi: "3.1.0"
  readonly info: {
    readonly title: string
    readonly version: string
    readonly description: string
    readonly license: Node
  }
  readonly servers: ReadonlyArray<{ readonly url: string }>
  readonly tags: ReadonlyArray<{ readonly name: string }>
  readonly security: ReadonlyArray<Node>
  readonly paths: { readonly [path: string]: { readonly [method: string]: Operation } }
  readonly components: { readonly securitySchemes: Node; readonly schemas: { readonly [name: string]: Node } }
}

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

/** Collects named schemas while it translates. */
const makeTranslator = () => {
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

type Translate = ReturnType<typeof makeTranslator>["translate"]

const fieldsOf = (node: Node): ReadonlyArray<readonly [string, Node, boolean]> => {
  const required = Array.isArray(node["required"]) ? node["required"] : []
  return Object.entries((node["properties"] ?? {}) as { readonly [name: string]: Node }).map(
    ([name, field]) => [name, field, required.includes(name)] as const
  )
}

const parameter =
  (place: "path" | "query" | "header") =>
  ([name, { description, ...schema }, required]: readonly [string, Node, boolean]) => ({
    name,
    in: place,
    required,
    ...(typeof description === "string" ? { description } : {}),
    schema
  })

const headerParameters = (route: Route): ReadonlyArray<readonly [string, Node, boolean]> => [
  ...(route.creates
    ? [
        [
          Idempotency.header,
          {
            type: "string",
            pattern: Idempotency.pattern.source,
            description:
              "The same key with the same request gives what the first one created, whatever happened to its answer."
          },
          false
        ] as const
      ]
    : []),
  ...(route.streams
    ? [
        [
          "Last-Event-ID",
          { type: "string", description: "Position of the last event that was received." },
          false
        ] as const
      ]
    : [])
]

/** Every type of problem that a route may answer with: those that follow from its shape, and its own. */
export const problemsOf = (route: Route): ReadonlyArray<Kind> => {
  const hasFields = (schema: Schema.Constraint) =>
    fieldsOf(Schema.toJsonSchemaDocument(schema).schema as Node).length > 0
  const changes = route.method !== "GET"
  const admits = route.audience
  return [
    ...new Set<Kind>([
      ...(admits === "anyone" ? [] : (["not-signed-in"] as const)),
      ...(admits === "member"
        ? (["not-permitted", "no-organization"] as const)
        : admits === "operator"
          ? (["not-permitted"] as const)
          : []),
      "incident",
      "unavailable",
      "took-too-long",
      "invalid-input",
      ...(hasFields(route.params) ? (["not-found"] as const) : []),
      ...(changes && admits !== "anyone" ? (["cross-site"] as const) : []),
      ...(changes ? (["malformed-body", "content-type-not-supported", "body-too-large"] as const) : []),
      ...(route.creates ? (["key-reused", "changed-meanwhile"] as const) : []),
      ...route.problems
    ])
  ]
}

const problemResponses = (route: Route, translate: Translate) => {
  const byStatus = Map.groupBy(problemsOf(route), (kind) => kinds[kind][0])
  return Object.fromEntries(
    [...byStatus].map(([status, found]) => [
      String(status),
      {
        description: found.map((kind) => `${kinds[kind][1]} (\`${kind}\`).`).join(" "),
        content: { "application/problem+json": { schema: translate(Problem.Answer) } }
      }
    ])
  )
}

const text = (description: string): Node => ({ description, schema: { type: "string" } })

const answer = (route: Route, translate: Translate) => {
  const schema = route.answer === undefined ? undefined : translate(route.answer)
  const headers: Node = {
    ...(route.status === 201 ? { Location: text("Path of what was created.") } : {}),
    ...(schema !== undefined && fieldsOf(schema).some(([name]) => name === "next")
      ? { Link: text('The next page, `rel="next"` (RFC 8288). Absent on the last one.') }
      : {})
  }
  return {
    description: route.streams ? "The events, one message each; `data` is an Event." : route.summary,
    ...(Object.keys(headers).length === 0 ? {} : { headers }),
    ...(schema === undefined
      ? {}
      : { content: { [route.streams ? "text/event-stream" : "application/json"]: { schema } } })
  }
}

const operation = (route: Route, translate: Translate): Operation => ({
  operationId: route.operationId,
  tags: [route.tag],
  summary: route.summary,
  ...(route.description === undefined ? {} : { description: route.description }),
  "x-audience": route.audience,
  ...(route.audience === "member" ? {} : { security: [] }),
  parameters: [
    ...fieldsOf(translate(route.params)).map(parameter("path")),
    ...fieldsOf(translate(route.query)).map(parameter("query")),
    ...headerParameters(route).map(parameter("header"))
  ],
  ...(route.body === undefined
    ? {}
    : {
        requestBody: {
          required: !route.bodyOptional,
          content: { "application/json": { schema: translate(route.body, "error") } }
        }
      }),
  responses: { [String(route.status)]: answer(route, translate), ...problemResponses(route, translate) }
})

const description = `Connects accounts of retail marketplaces and keeps the connections alive.

Send an API key as a bearer token. A browser with a session may also ask; its changes must come from a page of this site.
Operations with \`x-audience\` \`person\` or \`operator\` ask for a session, a key is not enough; \`anyone\` asks for neither.
Every error is a problem document (RFC 9457) with a \`nextStep\`. Lists are read page by page with \`limit\` and \`cursor\`.
A body is JSON of at most ${bodyLimit} bytes; unknown fields are refused. Identifiers of providers are text, digit for digit.
Rates are not limited here; put a gateway in front where they must be.`

/** Makes the document. Routes keep the order of the table. */
export const openApi = (table: ReadonlyArray<Route>, origin: string): Document => {
  const { schemas, translate } = makeTranslator()
  const paths: Record<string, Record<string, Operation>> = {}
  for (const route of table) (paths[route.path] ??= {})[route.method.toLowerCase()] = operation(route, translate)
  return {
    openapi: "3.1.0",
    info: { title: "Portolan", version: "0.1.0", description, license: { name: "MIT", identifier: "MIT" } },
    servers: [{ url: origin }],
    tags: tags.map((name) => ({ name })),
    security: [{ apiKey: [] }],
    paths,
    components: {
      securitySchemes: { apiKey: { type: "http", scheme: "bearer", description: "An API key of your organization." } },
      schemas: Object.fromEntries(Object.entries(schemas).toSorted(([one], [other]) => (one < other ? -1 : 1)))
    }
  }
}
