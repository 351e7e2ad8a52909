import type { MiddlewareHandler } from "hono"

const loopback = new Set(["localhost", "127.0.0.1", "[::1]"])
const forSoftware = new Set(["/healthz", "/readyz", "/metrics"])

/**
 * Sends a browser on this machine to the one name that cookies and callbacks belong to: who opens `localhost` would
 * come back from the provider to `127.0.0.1` without the cookie that ties the authorization to the browser. Other names
 * are left alone, because a proxy in front may use any. Software that calls the API or asks how the server is carries
 * no such authorization, and may not follow a redirect; it is answered under either name.
 */
export const redirectToCanonicalOrigin =
  (origin: string): MiddlewareHandler =>
  async (c, next) => {
    const home = new URL(origin)
    const here = new URL(c.req.url)
    const isStray = loopback.has(here.hostname) && loopback.has(home.hostname) && here.hostname !== home.hostname
    const isSoftware = here.pathname.startsWith("/v1/") || forSoftware.has(here.pathname)
    if (!isStray || isSoftware || (c.req.method !== "GET" && c.req.method !== "HEAD")) return next()
    return c.redirect(`${home.origin}${here.pathname}${here.search}`, 307)
  }
