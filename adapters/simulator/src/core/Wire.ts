/**
 * Requests and replies as plain values, and JSON that keeps big numbers whole. Nothing here knows `fetch`: the front
 * ends translate at their edge.
 */

/** What a client sent. Header names are lower case. `base` is empty when the real host was addressed. */
export type WireRequest = {
  readonly method: string
  readonly host: string
  readonly path: string
  /** Without the question mark. */
  readonly query: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** Where the fake hosts live, such as `http://127.0.0.1:4010`; links and redirects are mapped below it. */
  readonly base: string
}

/** What goes back. */
export type WireReply = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array
  /** How long the shell waits before it hands the reply over, in milliseconds of real time. */
  readonly delayMs?: number
  /** How the connection breaks: before the answer, or in the middle of it; or that nothing ever comes. */
  readonly breaks?: "reset" | "cut" | "hang"
  /** How many bytes of the body come in a second of real time. */
  readonly dripBytes?: number
}

/**
 * The address of a path on a fake host, as this client can reach it. A base with `*` stands for the real host at a port
 * of its own, such as `https://*:4443`.
 */
export const address = (base: string, host: string, path: string): string => {
  if (base === "") return `https://${host}${path}`
  return base.includes("*") ? `${base.replace("*", host)}${path}` : `${base}/${host}${path}`
}

const rawJSON = (JSON as JSON & { readonly rawJSON: (text: string) => object }).rawJSON

/**
 * A number with exactly these digits. Profile ids pass 2^53, so they live as texts in the world and become numbers only
 * in the JSON that is sent (amazon-ads: `profileId` is a number; recorded ids have up to 16 digits).
 */
export const digits = (text: string): object => rawJSON(text)

const exactly = (_key: string, value: unknown, context?: { readonly source?: string }): unknown =>
  typeof value === "number" && !Number.isSafeInteger(value) && /^-?\d+$/.test(context?.source ?? "")
    ? digits(context?.source ?? "0")
    : value

/** Parses JSON; whole numbers that a double cannot hold keep their digits. Throws as `JSON.parse` does. */
export const parseExactly = (text: string): unknown =>
  /\d{16}/.test(text) ? JSON.parse(text, exactly) : JSON.parse(text)

/** A JSON reply. */
export const json = (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): WireReply => ({
  status,
  headers: { "content-type": "application/json", ...headers },
  body: JSON.stringify(body)
})

/** A page for a person. Nothing from outside may load, nothing may frame it, and no address leaks by referrer. */
export const page = (status: number, body: string, headers: Readonly<Record<string, string>> = {}): WireReply => ({
  status,
  headers: {
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    ...headers
  },
  body
})

/** Sends the browser elsewhere. */
export const redirect = (location: string, headers: Readonly<Record<string, string>> = {}): WireReply => ({
  status: 302,
  headers: { location, "cache-control": "no-store", "referrer-policy": "no-referrer", ...headers },
  body: ""
})

/** Reads a JSON object; undefined for anything else. */
export const readObject = (text: string): Record<string, unknown> | undefined => {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined
  } catch {
    return undefined
  }
}

/** Looks up an own key. Keys come from the wire, and `__proto__` is somebody's idea of an id. */
export const own = <A>(record: Readonly<Record<string, A>>, key: string | null | undefined): A | undefined =>
  typeof key === "string" && Object.hasOwn(record, key) ? record[key] : undefined
