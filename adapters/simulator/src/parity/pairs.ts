/** Sends the request of each static pair to the sandbox, and compares the answer with the pair's. */
import * as Hosts from "../core/Hosts.ts"
import { parseExactly } from "../core/Wire.ts"
import type { Operation, Pair } from "../describe/Described.ts"
import * as Pairs from "../describe/pairs.ts"
import type { Caller, Sent } from "./Caller.ts"

/** A pair that was answered otherwise. */
export type Unlike = { readonly operation: string; readonly status: number; readonly got: string }

/** What a parameter without a value in the pair is filled with. */
const anything = "any"

const withValue = (pair: Pair): ReadonlyArray<readonly [string, unknown]> =>
  Object.entries(pair.parameters).flatMap(([name, cell]) => ("value" in cell ? [[name, cell.value] as const] : []))

type Draft = {
  path: string
  readonly query: URLSearchParams
  readonly headers: Record<string, string>
  body: string | undefined
}

const put = (operation: Operation, draft: Draft, name: string, value: unknown): void => {
  const parameter = Pairs.meant(operation, name)
  if (parameter === "body") {
    draft.body = value === null ? undefined : Pairs.canonical(value)
    draft.headers["content-type"] = "application/json"
    return
  }
  const texts = Array.isArray(value) && parameter.list === "multi" ? value.map(Pairs.textOf) : []
  const text = Array.isArray(value) ? Pairs.joined(parameter, value) : Pairs.textOf(value)
  if (parameter.in === "path") draft.path = draft.path.replace(`{${parameter.name}}`, () => encodeURIComponent(text))
  else if (parameter.in === "header") draft.headers[parameter.name.toLowerCase()] = text
  else if (parameter.in === "formData") {
    draft.body = new URLSearchParams([...new URLSearchParams(draft.body), [parameter.name, text]]).toString()
    draft.headers["content-type"] = "application/x-www-form-urlencoded"
  } else if (value !== null)
    for (const one of texts.length > 0 ? texts : [text]) draft.query.append(parameter.name, one)
}

/** The request that a pair describes. */
export const requestOf = (operation: Operation, pair: Pair): Omit<Sent, "host"> => {
  const draft: Draft = { path: operation.path, query: new URLSearchParams(), headers: {}, body: undefined }
  for (const [name, value] of withValue(pair)) put(operation, draft, name, value)
  return {
    method: operation.method,
    path: draft.path.replaceAll(/\{[^}]*\}/g, anything),
    query: draft.query,
    headers: draft.headers,
    body: operation.method === "GET" || operation.method === "HEAD" ? undefined : draft.body
  }
}

const isAlike = (pair: Pair, status: number, body: string): boolean => {
  if (status !== pair.status) return false
  // Neither of these statuses may have a body (https://www.rfc-editor.org/rfc/rfc9110#section-15.3.5).
  if (pair.response === undefined || status === 204 || status === 304) return body === ""
  return Pairs.canonical(pair.response) === canonicalText(body)
}

const canonicalText = (body: string): string => {
  try {
    return Pairs.canonical(parseExactly(body))
  } catch {
    return body
  }
}

/**
 * Sends the request of a pair. A pair of an error that names nothing is meant for requests that the description does
 * not allow; it gets one of these where the plain request has another answer.
 */
export const compare = async (caller: Caller, operation: Operation, pair: Pair): Promise<Unlike | undefined> => {
  const plain = requestOf(operation, pair)
  const odd = { ...plain, query: new URLSearchParams([...plain.query, ["undeclared", "1"]]) }
  let got = ""
  for (const sent of pair.status >= 400 ? [plain, odd] : [plain]) {
    const headers = { ...caller.headers("seller"), ...sent.headers }
    const answer = await caller.send({ ...sent, host: Hosts.sellingPartnerSandbox.NA, headers })
    if (isAlike(pair, answer.status, answer.body)) return undefined
    got ||= `${answer.status} ${answer.body.slice(0, 200)}`
  }
  return { operation: operation.name, status: pair.status, got }
}
