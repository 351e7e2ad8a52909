/**
 * What every answer carries and every form must pass. Sessions are `SameSite=Lax` cookies; on top of that a form must
 * come from a page of this site.
 */
import { isCrossSiteWrite } from "@portolan/wire"
import type { MiddlewareHandler } from "hono"
import type { PageContext } from "./context.ts"
import { explain } from "./errorPage.ts"
import { ForeignForm } from "./errors.ts"
import { handle } from "./handle.ts"
import { strictPolicy } from "./policies.ts"
import { sendError } from "./send.ts"

const headers: { readonly [name: string]: string } = {
  "Content-Security-Policy": strictPolicy,
  "Cross-Origin-Opener-Policy": "same-origin",
  "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
  // Browsers send the form of a page without referrer with `Origin: null`; this value keeps the origin at home, and
  // others learn nothing.
  "Referrer-Policy": "same-origin",
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
  "X-Robots-Tag": "noindex",
  "Cache-Control": "no-store"
}

/** Refuses forms of other sites, and puts the headers on whatever has none of its own. */
export const secure = (context: PageContext): MiddlewareHandler => {
  const refuse = handle(context, (visit) => sendError(visit, explain(new ForeignForm())))
  return async (c, next) => {
    if (isCrossSiteWrite(c.req.raw, context.origin)) c.res = await refuse(c)
    else await next()
    for (const [name, value] of Object.entries(headers)) if (!c.res.headers.has(name)) c.res.headers.set(name, value)
  }
}
