/**
 * Reads a request as a description says it is written, and says what is wrong with it: parameters that nobody knows,
 * that are missing, or that have another type, and bodies that do not fit their schema.
 */
import type { WireRequest } from "../core/Wire.ts"
import * as Kept from "./kept.ts"
import type { Content, ListStyle, Operation, Parameter, Schema, Validator } from "./Described.ts"

/** Values by name, each in the type of its description. Absent ones have no key. */
export type Values = Readonly<Record<string, unknown>>

/** What a request says. */
export type Input = {
  readonly query: Values
  readonly path: Readonly<Record<string, string>>
  readonly header: Values
  readonly form: Values
  readonly body: unknown
}

/** The first thing that is wrong with a request. */
export class Fault {
  /** `unmodelled`: the provider takes it, and this simulator does not; `media`: a content type that is not taken. */
  readonly kind: "invalid" | "media" | "unmodelled"
  readonly text: string
  constructor(kind: Fault["kind"], text: string) {
    this.kind = kind
    this.text = text
  }
}

/** The text of a name; undefined when it was not given. */
export const text = (values: Values, name: string): string | undefined => {
  const value = values[name]
  return typeof value === "string" ? value : undefined
}

/** The texts of a list; undefined when it was not given. */
export const texts = (values: Values, name: string): ReadonlyArray<string> | undefined => {
  const value = values[name]
  return Array.isArray(value) ? (value as ReadonlyArray<string>) : undefined
}

/** The number of a name, or another one when it was not given. */
export const number = (values: Values, name: string, otherwise: number): number => {
  const value = values[name]
  return typeof value === "number" ? value : otherwise
}

const separators: Readonly<Record<ListStyle, string>> = { csv: ",", ssv: " ", tsv: "\t", pipes: "|", multi: "," }

/** A text as the value that its type stands for; the text itself where it is none, for the schema to refuse. */
export const typed = (type: string, text: string): unknown => {
  if (type === "integer" || type === "number") return /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(text) ? Number(text) : text
  if (type === "boolean") return text === "true" || text === "false" ? text === "true" : text
  if (type === "object") return json(text) ?? text
  return text
}

const json = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The items of a list that may be written in one text or by repeating the parameter. */
const split = (style: ListStyle, texts: ReadonlyArray<string>): ReadonlyArray<string> =>
  style === "multi" ? texts : texts.flatMap((text) => (text === "" ? [] : text.split(separators[style])))

const valueOf = (parameter: Parameter, texts: ReadonlyArray<string>): unknown =>
  parameter.list === null
    ? typed(parameter.type, texts[0] ?? "")
    : split(parameter.list, texts).map((text) => typed(parameter.type, text))

const fault = (why: string, kind: Fault["kind"] = "invalid"): Fault => new Fault(kind, why)

/** Headers that a description may not speak about (https://spec.openapis.org/oas/v3.0.3#parameter-object). */
const unspoken: ReadonlySet<string> = new Set(["accept", "authorization", "content-type"])

/** The texts of a parameter in a request; undefined when it is not there. */
type Lookup = (parameter: Parameter) => ReadonlyArray<string> | undefined

const fromQuery =
  (query: URLSearchParams): Lookup =>
  ({ name }) =>
    query.has(name) ? query.getAll(name) : undefined

const read = (parameters: ReadonlyArray<Parameter>, lookup: Lookup, validator: Validator): Values | Fault => {
  const values: Array<readonly [string, unknown]> = []
  for (const parameter of parameters) {
    const given = lookup(parameter)
    if (given === undefined) {
      if (parameter.required) return fault(`${parameter.name} is missing`)
      continue
    }
    if (parameter.refused !== undefined) return fault(parameter.name, "unmodelled")
    if (given.length > 1 && parameter.list === null) return fault(`${parameter.name} is given more than once`)
    const value = valueOf(parameter, given)
    const [wrong] = validator.request(parameter.schema, value)
    if (wrong !== undefined) return fault(`${parameter.name}: ${wrong}`)
    const unmodelled = given.find((one) => parameter.refusedValues?.includes(one) === true)
    if (unmodelled !== undefined) return fault(`${parameter.name} ${unmodelled}`, "unmodelled")
    values.push([parameter.name, value])
  }
  return Object.fromEntries(values)
}

const isFault = (value: unknown): value is Fault => value instanceof Fault

const mediaOf = (request: WireRequest): string =>
  (request.headers["content-type"] ?? "").split(";")[0]?.trim().toLowerCase() ?? ""

const covers = (pattern: string, type: string): boolean =>
  pattern === type ||
  pattern === "" ||
  pattern === "*/*" ||
  (pattern.endsWith("/*") && type.startsWith(pattern.slice(0, -1)))

const schemaFor = (content: Content, type: string): Content[number] | undefined =>
  content.find((one) => one.type === type) ?? content.find((one) => covers(one.type, type))

const isJson = (type: string): boolean => type === "" || /[/+]json$/.test(type) || type.endsWith("*")

const readBody = (
  operation: Operation,
  request: WireRequest,
  validator: Validator
): { readonly body: unknown } | Fault => {
  const { body } = operation
  if (body === null) return { body: undefined }
  const isEmpty = request.body.trim() === ""
  if (isEmpty) return body.required ? fault("the body is missing") : { body: undefined }
  const media = schemaFor(body.content, mediaOf(request))
  if (media === undefined) {
    return fault(`the content type must be ${body.content.map(({ type }) => type).join(" or ")}`, "media")
  }
  if (!isJson(media.type)) return { body: request.body }
  const value = json(request.body)
  if (value === undefined) return fault("the body is not JSON")
  const unkept = media.schema === null ? undefined : Kept.unkept(media.schema, value)
  if (unkept !== undefined) return fault(unkept, "unmodelled")
  const [wrong] = media.schema === null ? [] : validator.request(media.schema, value)
  return wrong === undefined ? { body: value } : fault(wrong)
}

const own = (operation: Operation, place: Parameter["in"]): ReadonlyArray<Parameter> =>
  operation.parameters.filter((one) => one.in === place)

/**
 * Reads a request to an operation whose path gave these values. Gives what is wrong first, in the order path, query,
 * headers, form, body.
 */
export const request = (
  operation: Operation,
  validator: Validator,
  sent: WireRequest,
  path: Readonly<Record<string, string>>
): Input | Fault => {
  const inPath = read(
    own(operation, "path"),
    ({ name }) => (path[name] === undefined ? undefined : [path[name]]),
    validator
  )
  if (isFault(inPath)) return inPath
  const input = new URLSearchParams(sent.query)
  const known = own(operation, "query")
  const unknown = [...input.keys()].find((name) => !known.some((one) => one.name === name))
  if (unknown !== undefined) return fault(`${unknown.slice(0, 60)} is not a parameter of ${operation.name}`)
  const query = read(known, fromQuery(input), validator)
  if (isFault(query)) return query
  const spoken = own(operation, "header").filter(({ name }) => !unspoken.has(name.toLowerCase()))
  const header = read(
    spoken,
    ({ name }) => {
      const text = sent.headers[name.toLowerCase()]
      return text === undefined ? undefined : [text]
    },
    validator
  )
  if (isFault(header)) return header
  const form = read(own(operation, "formData"), fromQuery(new URLSearchParams(sent.body)), validator)
  if (isFault(form)) return form
  const body = readBody(operation, sent, validator)
  return isFault(body) ? body : { query, path, header, form, body: body.body }
}

/** Whether a reading failed. */
export const isWrong = (input: Input | Fault): input is Fault => isFault(input)

/** The content that an answer of a status has to have: of the status itself, of its class, or the default. */
export const contentFor = (operation: Operation, status: number): Content | undefined =>
  operation.responses[String(status)] ??
  operation.responses[`${String(status)[0]}XX`] ??
  operation.responses[`${String(status)[0]}xx`] ??
  operation.responses.default

/** What is wrong with an answer, a sentence a fault; nothing when the description allows it. */
export const response = (
  operation: Operation,
  validator: Validator,
  answer: { readonly status: number; readonly body: string }
): ReadonlyArray<string> => {
  const content = contentFor(operation, answer.status)
  if (content === undefined) return [`${operation.name} does not answer with ${answer.status}`]
  const schema: Schema | null = content.find(({ type }) => isJson(type))?.schema ?? null
  if (schema === null) return []
  if (answer.body === "") return [`${operation.name} answers ${answer.status} with a body, and there is none`]
  const value = json(answer.body)
  return value === undefined ? ["the body is not JSON"] : validator.response(schema, value)
}
