/**
 * The control API as an OpenAPI document (https://spec.openapis.org/oas/v3.1.0), out of the same schemas that check it.
 */
import { Schema } from "effect"
import type { Body } from "./accept.ts"
import type { Operation } from "./Operation.ts"

const mistake = {
  description: "The call is not understood; `error` says what is wrong and what was probably meant",
  content: {
    "application/json": { schema: { type: "object", required: ["error"], properties: { error: { type: "string" } } } }
  }
}

/** A schema with its named parts inside it, so that it stands alone. */
const schemaOf = (body: Body<unknown>): unknown => {
  const { definitions, schema } = Schema.toJsonSchemaDocument(body, { onExcessProperty: "error" })
  return Object.keys(definitions).length === 0 ? schema : { ...schema, $defs: definitions }
}

/** Whether a call is about one world, and not about worlds. */
const isOfWorld = ({ path }: Operation): boolean => !path.startsWith("/worlds")

const worldHeader = {
  name: "x-portolan-world",
  in: "header",
  required: false,
  description: "The world among many that is meant; `/_sim/worlds/{world}/...` does the same",
  schema: { type: "string" }
}

const inPath = ({ path }: Operation) =>
  [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({ name, in: "path", required: true, schema: { type: "string" } }))

const inQuery = ({ query }: Operation) =>
  query.map(({ about, name, type }) => ({ name, in: "query", required: false, description: about, schema: { type } }))

const described = (operation: Operation): unknown => ({
  operationId: operation.id,
  summary: operation.summary,
  parameters: [...inPath(operation), ...inQuery(operation), ...(isOfWorld(operation) ? [worldHeader] : [])],
  ...(operation.body === null
    ? {}
    : { requestBody: { required: true, content: { "application/json": { schema: schemaOf(operation.body) } } } }),
  responses: { "200": { description: "Done", content: { "application/json": { schema: {} } } }, "400": mistake }
})

/** The document of these calls. */
export const document = (operations: ReadonlyArray<Operation>): unknown => {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const one of operations) {
    const path = `/_sim${one.path}`
    paths[path] = { ...paths[path], [one.method.toLowerCase()]: described(one) }
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Control API of the provider simulator",
      version: "1",
      description:
        "Answers to loopback names, and to those that the simulator was told. What it does not understand, it refuses."
    },
    paths
  }
}
