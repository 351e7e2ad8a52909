/** Each decision of the model provider, as a function that a mutant can replace. */
import { Failure, Profile } from "@portolan/domain"
import type { ProviderApi } from "@portolan/ports"
import { Redacted } from "effect"
import type { Reply, Seen } from "../../laws/provider/ProviderInstance.ts"

/** What a call is, as far as a verdict depends on it. */
export type Kind = "exchange" | "refresh" | "data"

/** How the model decides. */
export interface Decisions {
  readonly address: (request: ProviderApi.ConsentRequest) => URL
  readonly readCallback: (query: URLSearchParams) => ProviderApi.Callback
  readonly readStart: (query: URLSearchParams) => ProviderApi.MarketplaceStart
  /** The request as it is sent. */
  readonly sent: (request: Seen) => Seen
  /** How often a request is sent, at most. */
  readonly tries: (kind: Kind) => number
  /** Seconds to wait, by the header. */
  readonly wait: (header: string | undefined, nowMillis: number) => number | undefined
  readonly failure: (reply: Reply, kind: Kind, said: Said) => ProviderFailure | undefined
  /** What may be said of an answer, without these secrets. */
  readonly words: (reply: Reply, secrets: ReadonlyArray<string>) => string
  /** Reads a body; nothing when it is no object. */
  readonly body: (text: string) => Readonly<Record<string, unknown>> | undefined
  readonly endsAt: (sentAtMillis: number, seconds: number) => number
  readonly kept: (found: unknown, before: string) => string
  readonly revocation: (reply: Reply) => "revoked" | "failed"
}

/** What an answer said, fit to be kept. */
export interface Said {
  readonly detail: string
  readonly wait: number | undefined
}

/** How a call of the model fails. */
export type ProviderFailure =
  | Failure.Temporary
  | Failure.GrantRefused
  | Failure.CodeRefused
  | Failure.ApplicationRejected

const one = (query: URLSearchParams, name: string): string | undefined => {
  const [first, ...more] = query.getAll(name)
  return first === undefined || first === "" || more.length > 0 || first.length > 2_048 ? undefined : first
}

const readCallback = (query: URLSearchParams): ProviderApi.Callback => {
  const text = one(query, "state")
  if (text === undefined) return { _tag: "Incomplete", detail: "state is missing or doubled" }
  const state = Redacted.make(text)
  const error = query.get("error")
  if (error === "access_denied") return { _tag: "Declined", state, detail: "declined" }
  if (error !== null) return { _tag: "Refused", state, detail: "refused" }
  const code = one(query, "code")
  if (code === undefined) return { _tag: "Incomplete", state, detail: "code is missing or doubled" }
  return { _tag: "Consented", state, code: Redacted.make(code) }
}

/** A failure that may pass. */
export const temporary = ({ detail, wait }: Said, status: number): Failure.Temporary =>
  new Failure.Temporary({
    detail,
    throttled: status === 429,
    ...(wait === undefined ? {} : { retryAfterSeconds: wait })
  })

/** The error code of the token endpoint, where the body has one. */
export const errorOf = (body: Readonly<Record<string, unknown>> | undefined): unknown => body?.["error"]

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const parsed = (text: string): Readonly<Record<string, unknown>> | undefined => {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

const failure: Decisions["failure"] = (reply, kind, said) => {
  const { status } = reply
  if (status === 429 || status >= 500 || status < 200 || (status >= 300 && status < 400)) return temporary(said, status)
  if (status < 300) return undefined
  const error = errorOf(parsed(reply.body))
  if (error === "invalid_client" || error === "unauthorized_client") {
    return new Failure.ApplicationRejected({ detail: said.detail })
  }
  if (error === "invalid_grant" && kind === "refresh") return new Failure.GrantRefused({ detail: said.detail })
  if (error === "invalid_grant" && kind === "exchange") return new Failure.CodeRefused({ detail: said.detail })
  return temporary(said, status)
}

/** Right in every way. */
export const correct: Decisions = {
  address: ({ redirectUri, state }) => {
    const url = new URL("https://provider.example/consent")
    url.searchParams.set("state", Redacted.value(state))
    url.searchParams.set("redirect_uri", redirectUri)
    return url
  },
  readCallback,
  readStart: (query) => {
    const grantor = one(query, "selling_partner_id")
    return grantor !== undefined && Profile.isExternalId(grantor)
      ? { _tag: "Begun", grantor, isDraft: false }
      : { _tag: "Unacceptable", problem: "incomplete", detail: "selling_partner_id is missing or malformed" }
  },
  sent: (request) => request,
  tries: (kind) => (kind === "exchange" ? 1 : 2),
  wait: (header, nowMillis) => {
    if (header === undefined) return undefined
    if (/^\d+$/.test(header)) return Number(header)
    const at = /[a-z]/i.test(header) ? Date.parse(header) : Number.NaN
    return Number.isNaN(at) ? undefined : Math.max(0, Math.ceil((at - nowMillis) / 1_000))
  },
  failure,
  words: ({ body, status }, secrets) =>
    secrets
      .reduce((text, secret) => text.replaceAll(secret, "[secret]"), `the provider answered ${status}: ${body}`)
      .slice(0, 200),
  body: parsed,
  endsAt: (sentAtMillis, seconds) => sentAtMillis + seconds * 1_000,
  kept: (found, before) => (typeof found === "string" && found !== "" ? found : before),
  revocation: ({ status }) => (status >= 200 && status < 300 ? "revoked" : "failed")
}
