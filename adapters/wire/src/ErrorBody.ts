/**
 * The words of a refusal, from whatever form it has: providers and the gateways before them write errors as an object,
 * a list of them, wrapped once or twice, with names in any case, or as a page. What a judge makes of an answer is its
 * own; this only finds what to quote.
 */
import { Failure, Text } from "@portolan/domain"
import { Option } from "effect"
import * as Json from "./Json.ts"
import { strikeOut } from "./strikeOut.ts"

/** An answer, as far as its words go. */
interface Answer {
  readonly status: number
  readonly headers: { readonly [name: string]: string | undefined }
  readonly text: string
}

/** What an error says. */
export interface ErrorBody {
  readonly code?: string
  readonly message?: string
  readonly details?: string
  readonly requestId?: string
}

type Fields = { readonly [name: string]: unknown }

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const names = {
  code: ["code", "errorcode", "error_code", "__type"],
  message: ["message", "description", "error_description", "errormessage", "msg", "title"],
  details: ["details", "detail", "info", "reason"],
  requestId: ["requestid", "request_id", "request-id"]
} as const

const textOf = (value: unknown): string => {
  if (typeof value === "string") return value
  if (Array.isArray(value))
    return value
      .map(textOf)
      .filter((part) => part !== "")
      .join("; ")
  return isFields(value) && Object.keys(value).length > 0 ? JSON.stringify(value) : ""
}

const pick = (fields: Fields, spellings: ReadonlyArray<string>): string => {
  for (const name of spellings) {
    for (const [own, value] of Object.entries(fields)) {
      const text = own.toLowerCase() === name ? textOf(value) : ""
      if (text !== "") return text
    }
  }
  return ""
}

const said = (fields: Fields): ErrorBody => {
  const found = Object.entries(names).map(([part, spellings]) => [part, pick(fields, spellings)] as const)
  return Object.fromEntries(found.filter(([, text]) => text !== ""))
}

/** How deep an error may be wrapped. */
const deepest = 4

/** The first object within that says something of an error, and what stands around it. */
const find = (value: unknown, depth = 0): ErrorBody | undefined => {
  if (depth > deepest) return undefined
  if (Array.isArray(value)) return find(value[0], depth + 1)
  if (!isFields(value)) return undefined
  const own = said(value)
  const wrapped = Object.entries(value).find(([name]) => /^(?:errors?|fault|error_?details)$/i.test(name))?.[1]
  if (typeof wrapped === "string") return { code: wrapped, ...own }
  const within = find(wrapped, depth + 1)
  if (within !== undefined) return { ...own, ...within }
  return Object.keys(own).some((part) => part !== "requestId") ? own : undefined
}

const element = (text: string, name: string): string =>
  new RegExp(`<(?:[A-Za-z0-9]+:)?${name}>([^<]{0,1000})<`, "i").exec(text)?.[1]?.trim() ?? ""

/** A page, or XML: its code and message, else the page's title. */
const fromMarkup = (text: string): ErrorBody => {
  const [code, message] = [element(text, "code"), element(text, "message") || element(text, "description")]
  const title = code === "" && message === "" ? element(text, "title") : ""
  return { ...(code === "" ? {} : { code }), ...(message === "" && title === "" ? {} : { message: message || title }) }
}

/** The words of an answer; nothing where it has none of an error. A success is never quoted as it is. */
export const read = ({ status, text }: Pick<Answer, "status" | "text">): ErrorBody | undefined => {
  const start = text.slice(0, 20_000).trimStart()
  if (start.startsWith("<")) return fromMarkup(start)
  const json = Json.parse(text)
  if (Option.isSome(json)) {
    const found = find(json.value)
    if (found !== undefined || status < 300) return found
    return typeof json.value === "string" ? { message: json.value } : undefined
  }
  return status < 300 || start === "" ? undefined : { message: start.slice(0, 600) }
}

// Spellings of providers and of gateways; where several are sent, the first in this order is the one support asks for.
const requestIds = [
  "x-amzn-requestid",
  "x-amzn-remapped-x-amzn-requestid",
  "x-amz-request-id",
  "x-amz-rid",
  "wm_qos.correlation_id",
  "x-request-id",
  "x-correlation-id",
  "x-amz-cf-id"
]

/**
 * The provider's words in an answer, without secrets: `clean` takes out what looks like one at this provider, beside
 * what does so anywhere.
 */
export const words = (answer: Answer, clean: (text: string) => string = (text) => text): Failure.ProviderWords => {
  const { code, details, message, requestId } = read(answer) ?? {}
  const safe = (text: string | undefined) => (text === undefined ? undefined : clean(strikeOut(Text.cut(text, 4000))))
  const header = requestIds.map((name) => answer.headers[name]).find((id) => id !== undefined && id !== "")
  return Failure.providerWords({
    status: answer.status,
    code: safe(code),
    message: safe(message),
    details: safe(details),
    requestId: requestId ?? header
  })
}
