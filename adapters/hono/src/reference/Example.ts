/** Examples made from schemas: a value that fits, and the call that sends it. */
import type { Schema } from "effect"
import type { Node, Operation } from "../openApi.ts"
import * as Schemas from "./Schemas.ts"

// Where a schema says only "text", its name tells what a reader expects to see.
const profile = "amazon-ads/NA/ATVPDKIKX0DER/12345678901234567890"
const known: { readonly [name: string]: string } = {
  "By.name": "Ada Okafor",
  "Me.name": "Ada Okafor",
  "Account.name": "Harbour US",
  "AccountDetail.name": "Harbour US",
  "ApiKey.name": "Nightly export",
  "NewApiKey.name": "Nightly export",
  "Brand.name": "Harbour",
  "Profile.name": "Harbour Ads",
  name: "Harbour Goods",
  brand: "Harbour",
  companyName: "Harbour Goods",
  accountName: "Harbour US",
  email: "ada@example.com",
  because: "It was the wrong seller.",
  work: "Load one window",
  token: "Zm9yIGV4YW1wbGUgb25seQ",
  password: "four words are enough",
  start: "ptl_4f9c",
  apiKeyId: "k7Qp2XvT9sLm4RzB",
  reference: profile,
  profile,
  marketplaceId: "ATVPDKIKX0DER",
  marketplaces: "ATVPDKIKX0DER",
  externalId: "12345678901234567890",
  subject: "Ada Okafor asks you to connect Harbour US",
  message: "For the books of 2026.",
  "Correspondent.name": "Olive Owner",
  "Correspondent.email": "olive@example.com",
  countryCode: "US",
  adsCountryCode: "US",
  country: "United States",
  currency: "USD",
  timeZone: "America/Los_Angeles",
  storefront: "amazon.com"
}

const alphabet = "0123456789abcdefghjkmnpqrstvwxyz"

/** An identifier that looks like one and is the same in every answer about the same kind of thing. */
const identifier = (prefix: string): string => {
  let seed = [...prefix].reduce((sum, character) => sum * 31 + character.charCodeAt(0), 7)
  const tail = Array.from({ length: 16 }, () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
    return alphabet[Math.floor(seed / 65_536) % alphabet.length]
  })
  return `${prefix}_01k2n8d4zr${tail.join("")}`
}

const text = (node: Node, owner: string, name: string): string => {
  const { format, pattern } = node
  if (Array.isArray(node["enum"])) return String(node["enum"][0])
  const prefix = typeof pattern === "string" ? /^\^([a-z]{3})_/.exec(pattern)?.[1] : undefined
  if (prefix !== undefined) return identifier(prefix)
  if (format === "date-time") return "2026-03-01T09:30:00.000Z"
  if (format === "date") return "2026-03-01"
  if (format === "uri") return "https://example.com/…"
  return known[`${owner}.${name}`] ?? known[name] ?? (pattern === undefined ? "…" : "1")
}

const number = ({ maximum, minimum, type }: Node): number => {
  const least = typeof minimum === "number" && minimum > 0 ? minimum : 1
  const usual = type === "integer" ? 24 : 0.5
  return typeof maximum === "number" ? Math.min(Math.max(least, usual), maximum) : usual
}

/** Named schemas may contain one another; nothing here is deeper. */
const deepest = 6

/** Where a value stands: its name, the name of the object around it, and how deep it is nested. */
interface Position {
  readonly name: string
  readonly owner: string
  readonly depth: number
}

const root: Position = { name: "", owner: "", depth: 0 }

const sampleObject = (schema: Node, node: Node, named: Schemas.Named, { depth, name }: Position): Schema.Json => {
  if (depth > deepest) return {}
  const all = Schemas.properties(node)
  const owner = Schemas.nameOf(schema) ?? name
  const needed = all.filter(({ required }) => required)
  return Object.fromEntries(
    (needed.length === 0 ? all : needed).map((field) => [
      field.name,
      sample(field.schema, named, { name: field.name, owner, depth: depth + 1 })
    ])
  )
}

/** A value that fits a schema. Optional fields are left out, unless there are no others. */
export const sample = (schema: Node, named: Schemas.Named, position: Position = root): Schema.Json => {
  const node = Schemas.whole(schema, named)
  const { depth, name, owner } = position
  if (node["const"] !== undefined) return node["const"]
  const [first] = Schemas.choices(node)
  if (first !== undefined) return sample(first, named, position)
  switch (node["type"]) {
    case "string":
      return text(node, owner, name)
    case "integer":
    case "number":
      return number(node)
    case "boolean":
      return true
    case "array": {
      const item = Schemas.itemOf(node)
      return item === undefined || depth > deepest ? [] : [sample(item, named, { name, owner, depth: depth + 1 })]
    }
    default:
      return sampleObject(schema, node, named, position)
  }
}

/** The schema of the first content there is. */
export const schemaOf = (
  content: { readonly [type: string]: { readonly schema: Node } } | undefined
): Node | undefined => Object.values(content ?? {})[0]?.schema

// Inside single quotes a shell leaves everything alone but the quote itself.
const quoted = (value: string): string => `'${value.replaceAll("'", "'\\''")}'`

/** How a call says who it is from: a key, the cookies of a session, or nothing. */
const callerOf = (origin: string, method: string, audience: Operation["x-audience"]): ReadonlyArray<string> => {
  switch (audience) {
    case "anyone":
      return []
    case "person":
    case "operator":
      return [`-b "$COOKIES"`, ...(method === "get" ? [] : [`-H "Origin: ${origin}"`])]
    default:
      return [`-H "Authorization: Bearer $KEY"`]
  }
}

/** An operation, with the method and path of its route. */
export interface Call {
  readonly method: string
  readonly path: string
  readonly one: Operation
}

const inPath = (value: Schema.Json): string => (typeof value === "string" ? value : JSON.stringify(value))

/**
 * The call with curl. `$KEY` is an API key, `$COOKIES` those of a session. Optional parts are left out, except for the
 * key that makes a repetition harmless.
 */
export const curl = (origin: string, { method, one, path }: Call, named: Schemas.Named): string => {
  const address = one.parameters
    .filter((parameter) => parameter.in === "path")
    .reduce(
      (sofar, { name, schema }) => sofar.replace(`{${name}}`, inPath(sample(schema, named, { ...root, name }))),
      path
    )
  const body = schemaOf(one.requestBody?.content)
  const streams = Object.values(one.responses).some(({ content }) => content?.["text/event-stream"] !== undefined)
  const start =
    method === "get"
      ? [`curl ${streams ? "-N " : ""}${origin}${address}`]
      : [`curl -X ${method.toUpperCase()}`, `${origin}${address}`]
  return [
    ...start,
    ...callerOf(origin, method, one["x-audience"]),
    ...(one.parameters.some(({ name }) => name === "Idempotency-Key") ? [`-H "Idempotency-Key: $(uuidgen)"`] : []),
    ...(body === undefined
      ? []
      : [`-H "Content-Type: application/json"`, `-d ${quoted(JSON.stringify(sample(body, named), undefined, 2))}`])
  ].join(" \\\n  ")
}

/** What comes back: JSON, one line, or one message of a stream. Nothing when the answer has no body. */
export const answer = (one: Operation, named: Schemas.Named): string | undefined => {
  const [, response] = Object.entries(one.responses).find(([status]) => status.startsWith("2")) ?? []
  const schema = schemaOf(response?.content)
  if (schema === undefined) return undefined
  const value = sample(schema, named)
  if (response?.content?.["application/x-ndjson"] !== undefined) return JSON.stringify(value)
  return response?.content?.["text/event-stream"] === undefined
    ? JSON.stringify(value, undefined, 2)
    : `id: 24\ndata: ${JSON.stringify(value)}`
}
