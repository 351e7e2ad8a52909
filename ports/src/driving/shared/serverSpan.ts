/**
 * The span of a request that this process answers: the root of everything that happens for it. Names and attributes are
 * those of OpenTelemetry; the address that was asked is not among them, because links and codes are secrets. Whether a
 * caller's trace is continued is a decision of the installation: a stranger could join requests of others to a trace.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-server-span
 */
import { Context, Effect, Option, type Tracer } from "effect"
import { Headers as HttpHeaders, HttpTraceContext } from "effect/http"

/** Whether the header `traceparent` of a request names the trace to go on with; otherwise it is ignored. */
export const TrustTraceContext: Context.Reference<boolean> = Context.Reference<boolean>(
  "@portolan/ports/driving/TrustTraceContext",
  { defaultValue: () => false }
)

const parentOf = (headers: Headers): Tracer.ExternalSpan | undefined => {
  const traceparent = headers.get("traceparent")
  return traceparent === null
    ? undefined
    : Option.getOrUndefined(HttpTraceContext.w3c(HttpHeaders.fromInput({ traceparent })))
}

/** Runs what answers a request in its span. `route` is the pattern of its path, never the path itself. */
export const serverSpan =
  (request: { readonly method: string; readonly headers: Headers }, route: string) =>
  <E, R>(answer: Effect.Effect<Response, E, R>): Effect.Effect<Response, E, R> =>
    Effect.withFiber((fiber) => {
      if (!fiber.cache.tracerEnabled) return answer
      const parent = fiber.getRef(TrustTraceContext) ? parentOf(request.headers) : undefined
      return answer.pipe(
        Effect.tap(({ status }) => Effect.annotateCurrentSpan("http.response.status_code", status)),
        Effect.withSpan(
          `${request.method} ${route}`,
          {
            kind: "server",
            attributes: { "http.request.method": request.method, "http.route": route },
            ...(parent === undefined ? { root: true } : { parent })
          },
          { captureStackTrace: false }
        )
      )
    })
