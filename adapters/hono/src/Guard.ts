/**
 * Who may ask. A session cookie travels with every request of a browser, also with those that another site makes it
 * send; a change is therefore taken from a browser only when the browser says that it comes from a page of this site.
 * API keys are never sent by themselves, so they need no such proof.
 */
import { Deployment, Identity } from "@portolan/ports"
import { Effect } from "effect"
import { CrossSite } from "./RequestError.ts"

const safe = new Set(["GET", "HEAD", "OPTIONS"])

/** `Sec-Fetch-Site` is written by the browser and out of reach of pages (W3C Fetch Metadata); `Origin` is what older ones send. */
const isSameOrigin = (headers: Headers, origin: string): boolean => {
  const site = headers.get("sec-fetch-site")
  return site === null ? headers.get("origin") === origin : site === "same-origin"
}

/** Who is calling, or why the call is not taken. */
export const admit = Effect.fn("Guard.admit")(function*(method: string, headers: Headers) {
  const { whoIs } = yield* Identity.Identity
  const { origin } = yield* Deployment.Deployment
  const caller = yield* whoIs(headers)
  if (caller.actor._tag !== "ApiKey" && !safe.has(method) && !isSameOrigin(headers, origin)) return yield* new CrossSite()
  return caller
})
