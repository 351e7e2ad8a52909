/**
 * `GET /metrics` in the text format of Prometheus.
 *
 * What a metric says is about all organizations of an installation, so it is not for everybody: with `METRICS_TOKEN` a
 * scraper sends it as a bearer token; without it, metrics are given only where nobody else can ask, which is an address
 * that this machine alone reaches.
 *
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/
 */
import { createHash, timingSafeEqual } from "node:crypto"
import { Duration, Effect, Redacted } from "effect"
import { PrometheusMetrics } from "effect/observability"
import { listen } from "../listen.ts"
import { isLoopback } from "../loopback.ts"
import type { Settings } from "../Settings.ts"
import * as Gauges from "./gauges.ts"

const digest = (text: string) => createHash("sha256").update(text).digest()

/** Whether a request carries the token, compared in constant time. */
const carries = (headers: Headers, token: Redacted.Redacted<string>): boolean => {
  const given = /^Bearer +(\S+)$/i.exec(headers.get("authorization") ?? "")?.[1]
  return given !== undefined && timingSafeEqual(digest(given), digest(Redacted.value(token)))
}

const refusal = (detail: string) =>
  new Response(JSON.stringify({ title: "Metrics are not for everybody", status: 401, detail }), {
    status: 401,
    headers: { "content-type": "application/problem+json", "www-authenticate": "Bearer", "cache-control": "no-store" }
  })

/**
 * Why a request gets no metrics, as an answer; nothing when it may have them. `isPrivate`: only this machine reaches
 * the address that was asked.
 */
const refused = ({ METRICS_TOKEN: token }: Settings, headers: Headers, isPrivate: boolean): Response | undefined => {
  if (token !== undefined) {
    return carries(headers, token) ? undefined : refusal("Send METRICS_TOKEN as a bearer token.")
  }
  return isPrivate ? undefined : refusal("Set METRICS_TOKEN and send it as a bearer token, or set METRICS_PORT.")
}

/** Answers `GET /metrics`. */
export type Metrics = (request: Request, isPrivate: boolean) => Promise<Response>

const methods = new Set(["GET", "HEAD"])

/** Makes what answers; the gauges are brought up to date at each request. */
export const make = Effect.fnUntraced(function* (settings: Settings, pool: Gauges.Pool) {
  const refresh = yield* Gauges.make(pool)
  const context = yield* Effect.context<Effect.Services<typeof refresh>>()
  const text = Effect.provideContext(Effect.andThen(refresh, PrometheusMetrics.format()), context)
  const answer: Metrics = async (request, isPrivate) => {
    if (!methods.has(request.method)) return new Response(null, { status: 405, headers: { allow: "GET, HEAD" } })
    // A page of another site can lead its own name to this machine; it is asked under that name then.
    const isHere = isPrivate && isLoopback(new URL(request.url).hostname)
    const no = refused(settings, request.headers, isHere)
    if (no !== undefined) return no
    return new Response(await Effect.runPromise(text), {
      headers: { "content-type": "text/plain; version=0.0.4; charset=utf-8", "cache-control": "no-store" }
    })
  }
  return { answer, refresh: Effect.provideContext(refresh, context) }
})

/** How often the gauges are brought up to date for an export that asks nobody. */
const freshEvery = Duration.seconds(15)

/** Keeps the gauges up to date until the scope closes, for metrics that are pushed. */
export const keepFresh = ({ refresh }: { readonly refresh: Effect.Effect<void> }) =>
  Effect.forkScoped(Effect.forever(Effect.andThen(refresh, Effect.sleep(freshEvery))))

/** Listens for `/metrics` alone where `METRICS_PORT` says so; gives the address. */
export const listenOwn = Effect.fnUntraced(function* (settings: Settings, answer: Metrics) {
  const { METRICS_HOST: host, METRICS_PORT: port } = settings
  if (port === undefined) return undefined
  const isPrivate = isLoopback(host)
  const { url } = yield* listen(host, port, "METRICS_PORT", () => async (request) => {
    return new URL(request.url).pathname === "/metrics"
      ? answer(request, isPrivate)
      : new Response("There is /metrics and nothing else.\n", { status: 404 })
  })
  return url
})
