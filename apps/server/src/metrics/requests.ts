/** Counts the requests that a server answers, by the pattern of their path. */
import { Effect, Metric } from "effect"
import type { MiddlewareHandler } from "hono"
import { routePath } from "hono/route"

const boundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]

const methods = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"])

/** Measures requests; with the registry of metrics of the effect that makes it. */
export const measureRequests: Effect.Effect<MiddlewareHandler> = Effect.map(
  Effect.context<never>(),
  (context): MiddlewareHandler =>
    async (c, next) => {
      const from = performance.now()
      await next()
      const method = methods.has(c.req.method) ? c.req.method : "other"
      const surface = c.req.path.startsWith("/v1/") ? "api" : "pages"
      Metric.counter("portolan_http_requests_total", {
        description: "Requests that were answered, by method, pattern of the path, and status.",
        attributes: { method, route: routePath(c), status: String(c.res.status) },
        incremental: true
      }).updateUnsafe(1, context)
      Metric.histogram("portolan_http_request_seconds", {
        description: "Seconds until a request had its answer, by surface; streams count until they begin.",
        attributes: { surface },
        boundaries
      }).updateUnsafe((performance.now() - from) / 1000, context)
    }
)
