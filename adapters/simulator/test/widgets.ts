/** Made-up descriptions with everything that official ones have, oddities included. */
import { mkdtempSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

const shared = {
  definitions: {
    Colour: { type: "string", enum: ["red", "blue"], "x-nullable": true },
    "Price «EUR»": {
      type: "object",
      required: ["amount"],
      properties: { amount: { type: "number", minimum: 0, exclusiveMinimum: true }, currency: { type: "string" } }
    }
  }
}

const sandbox = (...pairs: ReadonlyArray<unknown>) => ({ "x-amzn-api-sandbox": { static: pairs } })

const pair = (parameters: Readonly<Record<string, unknown>>, response?: unknown) => ({
  request: {
    parameters: Object.fromEntries(
      Object.entries(parameters).map(([name, value]) => [name, value === undefined ? {} : { value }])
    )
  },
  ...(response === undefined ? {} : { response })
})

const errors = (code: string) => ({ errors: [{ code, message: "no" }] })

/** Swagger 2.0 as Amazon writes it. */
export const swagger = {
  swagger: "2.0",
  info: { title: "Widgets", version: "1" },
  host: "sellingpartnerapi-na.amazon.com",
  basePath: "/widgets",
  parameters: { Region: { name: "region", in: "query", type: "string", required: true } },
  responses: {
    Bad: { description: "Bad.", schema: { $ref: "#/definitions/ErrorList" }, ...sandbox(pair({}, errors("Bad"))) }
  },
  paths: {
    "/v1/items": {
      parameters: [{ $ref: "#/parameters/Region" }],
      get: {
        operationId: "listWidgets",
        description: "Lists.\n\n| Rate (requests per second) | Burst |\n| ---- | ---- |\n| 0.5 | 3 |",
        parameters: [
          { name: "ids", in: "query", type: "array", items: { type: "integer" }, maxItems: 3 },
          {
            name: "kinds",
            in: "query",
            type: "array",
            collectionFormat: "multi",
            items: { type: "string", enum: ["a", "b"] }
          },
          { name: "since", in: "query", type: "string", format: "date-time" },
          { name: "deep", in: "query", type: "boolean" }
        ],
        responses: {
          200: {
            description: "Fine.",
            schema: { $ref: "#/definitions/Page" },
            ...sandbox(
              pair({ region: "EU", ids: [1, 2] }, { items: [{ id: "w1", colour: null, price: { amount: 1.5 } }] }),
              pair({ region: "EU", kinds: ["a", "b"] }, { items: [] }),
              pair({ region: "NA", deep: true, since: null }, { items: [], serial: 1 })
            )
          },
          400: { $ref: "#/responses/Bad" }
        }
      },
      post: {
        operationId: "makeWidget",
        parameters: [
          { name: "widget", in: "body", required: true, schema: { $ref: "#/definitions/Widget" } },
          { name: "region", in: "query", type: "string" }
        ],
        responses: {
          201: {
            description: "Made.",
            ...sandbox(pair({ body: { id: "w1", price: { currency: "EUR", amount: 2 } } }, { id: "w1" }))
          },
          202: { description: "Any.", ...sandbox(pair({ region: "FE", body: undefined })) },
          400: {
            description: "Bad.",
            schema: { $ref: "#/definitions/ErrorList" },
            "x-amazon-spds-sandbox-behaviors": [pair({ widget: { id: "MOCK" } }, errors("Mock"))]
          }
        }
      }
    },
    "/v1/items/count": {
      get: { operationId: "countWidgets", responses: { 200: { description: "So many.", ...sandbox({ response: 7 }) } } }
    },
    "/v1/items/{id}": {
      get: {
        operationId: "getWidget",
        parameters: [{ name: "id", in: "path", required: true, type: "string" }],
        responses: {
          200: {
            description: "Fine.",
            schema: { allOf: [{ $ref: "#/definitions/Widget" }, { required: ["owner"] }] },
            ...sandbox(
              pair({ id: "a/b c" }, { id: "a/b c", owner: "me" }),
              pair({ id: "big" }, { id: "big", owner: "me", serial: 0 })
            )
          },
          400: { description: "Empty.", ...sandbox(pair({ id: "" }, errors("Empty"))) },
          default: {
            description: "Else.",
            schema: { $ref: "#/definitions/ErrorList" },
            ...sandbox(pair({ id: "NOPE" }, errors("Gone")))
          }
        }
      },
      delete: {
        operationId: "dropWidget",
        parameters: [{ name: "id", in: "path", required: true, type: "string" }],
        responses: { 204: { description: "Dropped.", ...sandbox(pair({ id: "w1" }, {})) } }
      }
    },
    "/v1/account": {
      get: {
        operationId: "getOwner",
        responses: {
          200: { description: "Fine.", ...sandbox(pair({}, { owner: "me" })) },
          400: { description: "Bad.", ...sandbox(pair({}, errors("Odd"))) }
        }
      }
    },
    "/v1/quiet": { get: { operationId: "quiet", responses: { 200: { description: "No pair." } } } }
  },
  definitions: {
    Widget: {
      type: "object",
      required: ["id"],
      properties: {
        id: { type: "string", pattern: "(?i)[" },
        colour: { $ref: "shared.json#/definitions/Colour" },
        price: { $ref: "shared.json#/definitions/Price%20«EUR»" },
        parts: { type: "array", items: { $ref: "#/definitions/Widget" } },
        serial: { type: "integer", format: "int64", required: true }
      }
    },
    Page: {
      type: "object",
      required: ["items"],
      properties: { items: { type: "array", items: { $ref: "#/definitions/Widget" } } }
    },
    ErrorList: { type: "object", required: ["errors"], properties: { errors: { type: "array" } } }
  }
}

/** OpenAPI 3 in YAML, as the Ads API is written, with a host of its own or none. */
export const openApi = (server: string): string => `openapi: 3.0.3
info: { title: Gadgets, version: "1" }
${server === "" ? "" : `servers:\n  - url: ${server}\n`}paths:
  /gadgets/{id}.json:
    get:
      operationId: getGadget
      parameters:
        - { name: id, in: path, required: true, schema: { type: integer } }
        - { name: sizes, in: query, schema: { type: array, items: { type: string } } }
        - { name: X-Trace, in: header, required: true, schema: { type: string } }
      responses:
        200: { description: Fine. }
  /gadgets:
    post:
      operationId: makeGadget
      requestBody:
        required: true
        content:
          application/vnd.gadget.v1+json:
            schema:
              type: object
              required: [name]
              properties: { name: { type: string, nullable: true }, size: { type: string, enum: [S, M] } }
      responses:
        201: { description: Made. }
`

/** Writes them into a folder of their own. The big number of the Swagger file is more than a double holds. */
export const write = (): { readonly folder: string; readonly gadgets: string; readonly hosted: string } => {
  const folder = mkdtempSync(join(tmpdir(), "portolan-widgets-"))
  const text = JSON.stringify(swagger).replace('"serial":0', '"serial":9007199254740993')
  writeFileSync(join(folder, "widgets.json"), `\uFEFF${text}`)
  writeFileSync(join(folder, "shared.json"), JSON.stringify(shared))
  writeFileSync(join(folder, "notes.json"), '{"no":"description"}')
  const elsewhere = mkdtempSync(join(tmpdir(), "portolan-gadgets-"))
  writeFileSync(join(elsewhere, "gadgets.yaml"), openApi(""))
  writeFileSync(join(elsewhere, "hosted.yaml"), openApi("https://api.gadgets.example/v2"))
  return { folder, gadgets: join(elsewhere, "gadgets.yaml"), hosted: join(elsewhere, "hosted.yaml") }
}
