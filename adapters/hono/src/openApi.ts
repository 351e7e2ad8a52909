/**
 * The OpenAPI 3.1 document, made from the table of routes and their Schemas. Nothing in it is written by hand that a
 * route knows, so it cannot fall behind.
 */
import { given, groupBy } from "@portolan/domain"
import { bodyLimit } from "./Input.ts"
import type { Document, Node, Operation } from "./openApi/Document.ts"
import { parametersOf } from "./openApi/parameters.ts"
import { problemsOf } from "./openApi/problemsOf.ts"
import { fieldsOf, makeTranslator, type Translate } from "./openApi/translate.ts"
import { statuses, titleOf } from "./problems.ts"
import { type Route, tags } from "./Route.ts"
import * as Problem from "./wire/Problem.ts"

export type { Document, Node, Operation } from "./openApi/Document.ts"
export { problemsOf } from "./openApi/problemsOf.ts"

const problemResponses = (route: Route, translate: Translate) => {
  const byStatus = groupBy(problemsOf(route), (kind) => statuses[kind])
  return Object.fromEntries(
    [...byStatus].map(([status, found]) => [
      String(status),
      {
        description: found.map((kind) => `${titleOf(kind)} (\`${kind}\`).`).join(" "),
        ...(found.includes("rate-limited")
          ? { headers: { ...rateHeaders, "Retry-After": whole("Seconds to wait.") } }
          : {}),
        content: { "application/problem+json": { schema: translate(Problem.Answer) } }
      }
    ])
  )
}

const whole = (description: string): Node => ({ description, schema: { type: "integer", minimum: 0 } })

/** How the key stands that called: on every answer to a key. */
const rateHeaders: Node = {
  "RateLimit-Limit": whole("Calls that an API key may make in a window."),
  "RateLimit-Remaining": whole("Calls that are left to this key in this window."),
  "RateLimit-Reset": whole("Seconds until the window ends.")
}

const text = (description: string): Node => ({ description, schema: { type: "string" } })

const answer = (route: Route, translate: Translate) => {
  const schema = route.answer === undefined ? undefined : translate(route.answer)
  const headers: Node = {
    ...(route.principal === "member" ? rateHeaders : {}),
    ...(route.status === 201 ? { Location: text("Path of what was created.") } : {}),
    ...(schema !== undefined && fieldsOf(schema).some(([name]) => name === "next")
      ? { Link: text('The next page, `rel="next"` (RFC 8288). Absent on the last one.') }
      : {})
  }
  return {
    description: route.streams ? "The events, one message each; `data` is an Event." : route.summary,
    ...(Object.keys(headers).length === 0 ? {} : { headers }),
    ...(schema === undefined ? {} : { content: { [route.mediaType]: { schema } } })
  }
}

const bySession: ReadonlyArray<Node> = [{ sessionCookie: [] }]
const byKeyOrSession: ReadonlyArray<Node> = [{ apiKey: [] }, ...bySession]

/** How callers of an operation authenticate; nothing where the document's own rule holds. */
const securityOf = (route: Route): ReadonlyArray<Node> | undefined => {
  if (route.principal === "anyone") return []
  return route.principal === "member" && !route.sessionOnly ? undefined : bySession
}

const operation = (route: Route, translate: Translate): Operation => ({
  operationId: route.operationId,
  tags: [route.tag],
  summary: route.summary,
  ...(route.description === undefined ? {} : { description: route.description }),
  "x-audience": route.principal,
  ...given({ security: securityOf(route) }),
  parameters: parametersOf(route, translate),
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

const description = [
  "Connects accounts of retail marketplaces and keeps the connections alive.\n",
  "Send an API key as a bearer token. A browser can use its session cookie; its changes must come from a page of " +
    "this site.",
  "Operations with `x-audience` `person` or `operator` need a session; those with `anyone` need no credentials.",
  "Every error is a problem document (RFC 9457) with a `nextStep`. Lists are paged with `limit` and `cursor`.",
  `A body is JSON of at most ${bodyLimit} bytes; unknown fields are refused. ` +
    "Identifiers of providers are text, digit for digit.",
  "An API key has a limit of calls in a window. Every answer to a key says how it stands: `RateLimit-Limit` (calls " +
    "in all), `RateLimit-Remaining` (calls left) and `RateLimit-Reset` (seconds until it ends). Beyond it the " +
    "answer is 429 (`rate-limited`) with `Retry-After`. Each server process counts for itself."
].join("\n")

/** What the document says of an installation. */
export interface DocumentOptions {
  /** Where people reach it, without a path. */
  readonly origin: string
  /** The name of the session cookie. */
  readonly sessionCookie: string
}

const securitySchemes = (sessionCookie: string): Node => ({
  apiKey: { type: "http", scheme: "bearer", description: "An API key of your organization." },
  sessionCookie: {
    type: "apiKey",
    in: "cookie",
    name: sessionCookie,
    description:
      "The session of a browser, set by `POST /v1/sign-in`. A request that changes something must come from a page " +
      "of " +
      "this site: `Sec-Fetch-Site: same-origin`, or the site's own `Origin`."
  }
})

/** Makes the document. Routes keep the order of the table. */
export const openApi = (table: ReadonlyArray<Route>, { origin, sessionCookie }: DocumentOptions): Document => {
  const { schemas, translate } = makeTranslator()
  const paths: Record<string, Record<string, Operation>> = {}
  for (const route of table) (paths[route.path] ??= {})[route.method.toLowerCase()] = operation(route, translate)
  return {
    openapi: "3.1.0",
    info: { title: "Portolan", version: "0.1.0", description, license: { name: "MIT", identifier: "MIT" } },
    servers: [{ url: origin }],
    tags: tags.map((name) => ({ name })),
    security: byKeyOrSession,
    paths,
    components: {
      securitySchemes: securitySchemes(sessionCookie),
      schemas: Object.fromEntries(Object.entries(schemas).toSorted(([one], [other]) => (one < other ? -1 : 1)))
    }
  }
}
