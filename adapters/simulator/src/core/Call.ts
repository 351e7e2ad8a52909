/** One call on its way through the world, and the shapes in which each family refuses. */
import type { Descriptions } from "../describe/Descriptions.ts"
import type { Note } from "./Exchange.ts"
import * as Rule from "./Rule.ts"
import { escape } from "./Html.ts"
import * as Html from "./Html.ts"
import type { WireReply, WireRequest } from "./Wire.ts"
import * as Wire from "./Wire.ts"
import * as World from "./World.ts"

/** A request, the world it meets, the provider's time in milliseconds, and a note for the journal. */
export type Call = {
  readonly world: World.World
  readonly request: WireRequest
  readonly now: number
  readonly note: Note
  /** What descriptions of APIs say, beside the rules of this simulator. */
  readonly descriptions: Descriptions
}

/** Words of the third version of Sponsored Products, by status (its official description). */
const sponsoredCodes: Readonly<Record<number, string>> = { 400: "INVALID_ARGUMENT", 415: "UNSUPPORTED_MEDIA_TYPE" }

/** Refusals of requests that are malformed, which Sponsored Products writes in a shape of its own. */
const malformed: ReadonlySet<string> = new Set(["ADS-400-02", "ADS-400-04", "ADS-415-01"])

const adsBody = (call: Call, rule: Rule.Rule, text: string): unknown =>
  call.request.path.startsWith("/sp/") && malformed.has(rule.id)
    ? { code: sponsoredCodes[rule.status] ?? rule.code, message: text }
    : plainAdsBody(call, rule, text)

const plainAdsBody = (call: Call, rule: Rule.Rule, text: string): unknown => ({
  code: rule.code,
  // The duplicate answer writes `detail`, everything else `details`
  // (https://advertising.amazon.com/API/docs/en-us/reference/concepts/errors).
  ...(rule.status === 425 ? { detail: text } : { details: text }),
  ...(rule.status === 425 || rule.status === 404
    ? {}
    : { requestId: World.uuid(call.world, "request").replaceAll("-", "").slice(0, 20).toUpperCase() })
})

const spBody = (rule: Rule.Rule, text: string): unknown => {
  const [message, details] = text.split("|")
  return { errors: [{ code: rule.code, message, ...(details === undefined ? {} : { details }) }] }
}

const loginBody = (call: Call, rule: Rule.Rule, text: string): unknown => ({
  error_description: text,
  error: rule.code,
  ...(call.world.policy.errorExtras ? { error_index: rule.id, request_id: World.uuid(call.world, "request") } : {})
})

const marketplaceBody = (rule: Rule.Rule, status: number, text: string): unknown => {
  const [description, info] = text.split("|")
  const error = [
    {
      code: rule.code,
      field: rule.code.split(".")[0],
      description,
      ...(info === undefined ? {} : { info }),
      severity: "ERROR",
      category: rule.status === 429 ? "REQUEST" : "DATA",
      causes: [],
      errorIdentifiers: {}
    }
  ]
  // The answer of former years, which had 400 where there is 401 now, was wrapped once more
  // (https://developer.walmart.com/suppliers/docs/errors).
  return status === 400 && rule.status === 401 ? { errors: { error } } : { error }
}

/**
 * Refuses the person signed in at a page by a row of the rule table, and lets somebody else sign in for the same
 * request.
 */
export const refusePerson = (call: Call, id: string, view: Html.Presence): WireReply => {
  const rule = Rule.get(id)
  call.note.rule = id
  return Wire.page(rule.status, Html.refusal(rule.id, rule.code, Rule.text(rule), view))
}

/**
 * Refuses by a row of the rule table, in the shape of its family. `name` fills the row's blank; `status` is for rows
 * whose status the world's policy decides.
 */
export const refuse = (
  call: Call,
  id: string,
  name = "",
  headers: Readonly<Record<string, string>> = {},
  status?: number
): WireReply => {
  const rule = Rule.get(id)
  call.note.rule = id
  const text = Rule.text(rule, name)
  return rule.provenance === "simulator"
    ? withHeaders(shaped(call, rule, { text, headers, status }), ours)
    : shaped(call, rule, { text, headers, status })
}

const withHeaders = (reply: WireReply, headers: Readonly<Record<string, string>>): WireReply => ({
  ...reply,
  headers: { ...reply.headers, ...headers }
})

type Refusal = {
  readonly text: string
  readonly headers: Readonly<Record<string, string>>
  readonly status: number | undefined
}

const shaped = (call: Call, rule: Rule.Rule, { headers, status, text }: Refusal): WireReply => {
  if (rule.family === "ads") return Wire.json(rule.status, adsBody(call, rule, text), headers)
  if (rule.family === "selling-partner") {
    const type =
      rule.code === "MissingAuthenticationToken" ? "MissingAuthenticationTokenException" : "AccessDeniedException"
    return Wire.json(
      rule.status,
      spBody(rule, text),
      rule.status === 403 ? { "x-amzn-errortype": type, ...headers } : headers
    )
  }
  if (rule.family === "walmart-connect") {
    return Wire.json(status ?? rule.status, { code: rule.code, details: text }, headers)
  }
  if (rule.family === "walmart-marketplace") {
    return Wire.json(status ?? rule.status, marketplaceBody(rule, status ?? rule.status, text), headers)
  }
  if (rule.family === "simulator") return Wire.json(rule.status, { error: rule.code, error_description: text }, headers)
  if (rule.family === "login") return Wire.json(rule.status, loginBody(call, rule, text), { ...noStore, ...headers })
  if (rule.family === "storage") {
    return {
      status: rule.status,
      headers: { "content-type": "application/xml", ...headers },
      body:
        `<?xml version="1.0" encoding="UTF-8"?>\n` +
        `<Error><Code>${escape(rule.code)}</Code><Message>${escape(text)}</Message></Error>`
    }
  }
  return Wire.page(rule.status, Html.refusal(rule.id, rule.code, text), headers)
}

/** The header of every answer that no provider gives. */
export const ours = { "x-portolan": "not-simulated" } as const

/**
 * Says that the provider has something here and this simulator has no rule for it: an answer that no provider gives, so
 * that nobody takes it for a missing role or an unknown path.
 */
export const notSimulated = (call: Call, what: string): WireReply => refuse(call, "SIM-501-01", what.slice(0, 200))

/** Says that a host is not one of the simulator's. */
export const noHost = (call: Call): WireReply => refuse(call, "SIM-502-01", call.request.host.slice(0, 200))

/** Headers of the token endpoint (recorded). */
export const noStore = {
  "content-type": "application/json;charset=UTF-8",
  "cache-control": "no-cache, no-store, must-revalidate",
  pragma: "no-cache"
}
