/** One request of `/v1` from its first header to its answer, whatever happens on the way. */
import { serverSpan, type Subject, subjectOf } from "@portolan/ports"
import { Cause, type Context, Effect, Exit, Stream } from "effect"
import * as Guard from "./Guard.ts"
import { secured } from "./headers.ts"
import * as Idempotency from "./Idempotency.ts"
import * as Input from "./Input.ts"
import * as problems from "./problems.ts"
import * as RateLimit from "./RateLimit.ts"
import { Incident, RateLimited, TookTooLong } from "./RequestError.ts"
import type { Route } from "./Route.ts"
import type { JsonResult, RawRequest, RouteResult } from "./RouteRequest.ts"
import type { ServiceKeys, Services } from "./services.ts"

/** The longest an answer may take; looking again at a provider takes 45 seconds at worst. */
export const deadline = "60 seconds"

/** What requests are served with. */
export interface Runtime {
  readonly services: Services
  /** Runs effects; holds the same services, and the logger. */
  readonly context: Context.Context<ServiceKeys>
  readonly rateLimit: RateLimit.RateLimit
  /** What every answer carries (`securityHeaders`). */
  readonly security: { readonly [name: string]: string }
}

/** A request with what the router found in its path. */
export interface RoutedRequest {
  readonly request: Request
  readonly params: { readonly [name: string]: string }
}

/** The longest part of a path that a problem repeats. Ids are shorter; what is longer may be a token or a key. */
const longestPart = 40

/**
 * The path of a request, for `instance`. Percent-encoded by the URL parser, so plain ASCII. A problem is copied into
 * tickets and logs, so it repeats no part that may be a secret.
 */
export const instanceOf = (request: Request): string =>
  new URL(request.url).pathname
    .split("/")
    .map((part) => (part.length > longestPart ? "hidden" : part))
    .join("/")
    .slice(0, 500)

const rawRequest = (services: Services, route: Route, { params, request }: RoutedRequest) =>
  Effect.gen(function* () {
    const { headers } = request
    const { pathname, searchParams } = new URL(request.url)
    const principal = yield* Guard.admit(services, route.principal, request)
    const actor = Guard.actorOf(principal)
    const body = route.method === "GET" ? undefined : yield* Input.json(request)
    const creation = { method: route.method, path: pathname, headers, body: body ?? {} }
    const idempotencyKey =
      route.creates && actor !== undefined ? yield* Idempotency.read(services, creation, actor) : undefined
    return { caller: principal.caller, params, query: searchParams, body, idempotencyKey, headers } satisfies RawRequest
  })

/** What a request is about, for spans, logs and limits: the pattern of its path, and the rest once it is known. */
export interface About {
  readonly name: string
  subject?: Subject
  quota?: RateLimit.Quota | undefined
}

/** RFC 8288: where the next page is. */
const nextLink = (request: Request, next: string): string => {
  const { pathname, searchParams } = new URL(request.url)
  searchParams.set("cursor", next)
  return `<${pathname}?${searchParams.toString()}>; rel="next"`
}

const jsonResponse = (
  route: Route,
  request: Request,
  { body, cookies, location, next }: Extract<RouteResult, { readonly _tag: "Json" }>
) => {
  const headers = new Headers({ "cache-control": "no-store" })
  if (location !== undefined) headers.set("location", location)
  if (next !== undefined) headers.set("link", nextLink(request, next))
  for (const cookie of cookies) headers.append("set-cookie", cookie)
  if (route.status === 204) return new Response(null, { status: 204, headers })
  headers.set("content-type", "application/json")
  return new Response(JSON.stringify(body), { status: route.status, headers })
}

const textResponse = (route: Route, { text }: Extract<RouteResult, { readonly _tag: "Text" }>): Response =>
  new Response(text, { headers: { "content-type": `${route.mediaType}; charset=utf-8`, "cache-control": "no-store" } })

const streamResponse = (
  { mediaType }: Route,
  lines: Stream.Stream<string>,
  context: Context.Context<ServiceKeys>,
  signal: AbortSignal
): Response =>
  new Response(Stream.toReadableStreamWith(Stream.encodeText(lines), context, { signal }), {
    headers: {
      "content-type": mediaType,
      "cache-control": "no-store",
      // Proxies that gather answers before they pass them on would hold events back.
      "x-accel-buffering": "no"
    }
  })

/** Logs a defect with its incident; the answer tells the incident and nothing else. */
const incident = (cause: Cause.Cause<unknown>, { name, subject }: About) =>
  Effect.gen(function* () {
    const id = crypto.randomUUID()
    yield* Effect.annotateLogs(Effect.logError(`incident ${id} on ${name}`, cause), { ...subject })
    return new Incident({ id })
  })

/** Ends when the client goes away. A request makes its signal only when it is asked for it. */
const untilGone = (request: Request): Effect.Effect<never> =>
  Effect.callback((resume) => {
    const { signal } = request
    const gone = () => resume(Effect.interrupt)
    if (signal.aborted) gone()
    else signal.addEventListener("abort", gone, { once: true })
    return Effect.sync(() => signal.removeEventListener("abort", gone))
  })

/** Gives up at the deadline and when the client goes away; a failure becomes a problem. */
const guarded = (request: Request, effect: Effect.Effect<Response, problems.ApiError>): Effect.Effect<Response> =>
  effect.pipe(
    Effect.timeoutOrElse({ duration: deadline, orElse: () => Effect.fail(new TookTooLong()) }),
    Effect.catch((error) => Effect.sync(() => problems.response(error, instanceOf(request)))),
    Effect.raceFirst(untilGone(request))
  )

/** Runs what gives a response in the span of its request; any defect becomes an incident. Never rejects. */
const run = async (
  { context, security }: Omit<Runtime, "rateLimit">,
  request: Request,
  about: About,
  answer: Effect.Effect<Response>
): Promise<Response> => {
  const exit = await Effect.runPromiseExitWith(context)(serverSpan(request, about.name)(answer))
  if (Exit.isSuccess(exit)) return exit.value
  // The client that has gone reads no answer; whatever is said to it is for the books.
  const error = Cause.hasInterruptsOnly(exit.cause)
    ? new TookTooLong()
    : await Effect.runPromiseWith(context)(incident(exit.cause, about))
  const response = secured(problems.response(error, instanceOf(request)), security)
  return RateLimit.withHeaders(response, about.quota)
}

/** Runs an effect that gives a response; any failure becomes a problem, any defect an incident. Never rejects. */
export const respond = (
  runtime: Omit<Runtime, "rateLimit">,
  request: Request,
  about: About,
  effect: Effect.Effect<Response, problems.ApiError>
): Promise<Response> =>
  run(
    runtime,
    request,
    about,
    Effect.map(guarded(request, effect), (response) => secured(response, runtime.security))
  )

/** The answer that one reading of the store gave, with every header at once: nothing is read more often. */
const directResponse = ({ body }: JsonResult, headers: { readonly [name: string]: string }): Response =>
  new Response(JSON.stringify(body), {
    headers: { "content-type": "application/json", "cache-control": "no-store", ...headers }
  })

/** The ordinary way: who calls, what they send, the use case, the answer. */
const ordinary = ({ context, services }: Runtime, route: Route, routed: RoutedRequest, about: About) =>
  Effect.gen(function* () {
    const { request } = routed
    const { quota } = about
    if (quota?.allowed === false) return yield* new RateLimited({ retryAfterSeconds: quota.resetSeconds })
    const raw = yield* rawRequest(services, route, routed)
    about.subject = subjectOf([raw.caller, ...Object.values(routed.params)])
    const result = yield* route.run(services, raw)
    if (result._tag === "Json") return jsonResponse(route, request, result)
    if (result._tag === "Text") return textResponse(route, result)
    // Nobody would read, and so nobody would end, the stream that a HEAD asks for.
    const lines = request.method === "HEAD" ? Stream.empty : result.lines
    return streamResponse(route, lines, context, request.signal)
  })

/** Serves one route. A key beyond its limit is refused before anything is read or looked up. */
export const serve = (runtime: Runtime, route: Route, routed: RoutedRequest): Promise<Response> => {
  const { request } = routed
  const { rateLimit, security, services } = runtime
  const about: About = { name: route.path }
  return run(
    runtime,
    request,
    about,
    Effect.gen(function* () {
      const { headers } = request
      const quota = yield* rateLimit.count(headers)
      about.quota = quota
      if (route.direct !== undefined && quota?.allowed === true) {
        const known = yield* route.direct(services, { headers, params: routed.params })
        if (known !== undefined) return directResponse(known, { ...security, ...RateLimit.headersOf(quota) })
      }
      const response = yield* guarded(request, ordinary(runtime, route, routed, about))
      return RateLimit.withHeaders(secured(response, security), quota)
    })
  )
}
