/**
 * What every answer carries and every form must pass. Sessions are `SameSite=Lax` cookies; on top of that a form must
 * say that it comes from this site, by `Sec-Fetch-Site` (Fetch Metadata) or, where a browser sends none, by `Origin`.
 */
import { isCrossSiteWrite } from "@portolan/wire"
import type { MiddlewareHandler } from "hono"
import type { PageContext } from "./context.ts"
import { ForeignForm, tell } from "./errors.ts"
import * as Http from "./http.ts"

const headers: { readonly [name: string]: string } = {
  "Content-Security-Policy": Http.strictPolicy,
  "Cross-Origin-Opener-Policy": "same-origin",
  "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
  // Forms of a page without referrer are sent with `Origin: null`; this keeps the origin at home, and others learn nothing.
  "Referrer-Policy": "same-origin",
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
  "X-Robots-Tag": "noindex",
  "Cache-Control": "no-store"
}

/** Refuses foreign forms, and puts the headers on whatever has none of its own. */
export const guard = (context: PageContext): MiddlewareHandler => {
  const refuse = Http.handle(context, (c) => Http.tellPage(context, c, tell(new ForeignForm())))
  return async (c, next) => {
    if (isCrossSiteWrite(c.req.raw, context.origin)) c.res = await refuse(c)
    else await next()
    for (const [name, value] of Object.entries(headers)) if (!c.res.headers.has(name)) c.res.headers.set(name, value)
  }
}
