/** One request of `/v1` from its first header to its answer, whatever happens on the way. */
import { Cause, type Context, Effect, Exit, Stream } from "effect"
import * as Guard from "./Guard.ts"
import { secured } from "./headers.ts"
import * as Idempotency from "./Idempotency.ts"
import * as Input from "./Input.ts"
import * as problems from "./problems.ts"
import * as RateLimit from "./RateLimit.ts"
import { Incident, RateLimited, TookTooLong } from "./RequestError.ts"
import type { RawRequest, Route, RouteResult } from "./Route.ts"
import type { ServiceKeys, Services } from "./services.ts"

/** The longest an answer may take; looking again at a provider takes 45 seconds at worst. */
export const deadline = "60 seconds"

/** What requests are served with. */
export interface Runtime {
  readonly services: Services
  /** Runs effects; holds the same services, and the logger. */
  readonly context: Context.Context<ServiceKeys>
  readonly rateLimit: RateLimit.RateLimit
}

/** A request with what the router found in its path. */
export interface RoutedRequest {
  readonly request: Request
  readonly params: { readonly [name: string]: string }
}

/** The path of a request, for `instance`. Percent-encoded by the URL parser, so plain ASCII. */
export const instanceOf = (request: Request): string => new URL(request.url).pathname.slice(0, 500)

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

const streamResponse = (
  lines: Stream.Stream<string>,
  context: Context.Context<ServiceKeys>,
  signal: AbortSignal
): Response =>
  new Response(Stream.toReadableStreamWith(Stream.encodeText(lines), context, { signal }), {
    headers: {
      "content-type": "text/event-stream",
      "cache-control": "no-store",
      // Proxies that gather answers before they pass them on would hold events back.
      "x-accel-buffering": "no"
    }
  })

/** Logs a defect with its incident; the answer tells the incident and nothing else. */
const incident = (cause: Cause.Cause<unknown>, route: string) =>
  Effect.gen(function* () {
    const id = crypto.randomUUID()
    yield* Effect.logError(`incident ${id} on ${route}`, cause)
    return new Incident({ id })
  })

/** Runs an effect that gives a response; any failure becomes a problem, any defect an incident. Never rejects. */
export const respond = async (
  { context, services }: Omit<Runtime, "rateLimit">,
  request: Request,
  name: string,
  effect: Effect.Effect<Response, problems.ApiError>
): Promise<Response> => {
  const run = Effect.runPromiseExitWith(context)
  const instance = instanceOf(request)
  const { origin } = services.deployment
  const exit = await run(
    effect.pipe(
      Effect.timeoutOrElse({ duration: deadline, orElse: () => Effect.fail(new TookTooLong()) }),
      Effect.catch((error) => Effect.succeed(problems.response(error, instance))),
      Effect.withSpan(name)
    ),
    { signal: request.signal }
  )
  if (Exit.isSuccess(exit)) return secured(exit.value, origin)
  // The client has gone and reads no answer; whatever is said here is for the books.
  if (Cause.hasInterruptsOnly(exit.cause)) return secured(problems.response(new TookTooLong(), instance), origin)
  return secured(problems.response(await Effect.runPromiseWith(context)(incident(exit.cause, name)), instance), origin)
}

/** Serves one route. A key beyond its limit is refused before anything is read or looked up. */
export const serve = async (runtime: Runtime, route: Route, routed: RoutedRequest): Promise<Response> => {
  const { request } = routed
  const quota = await Effect.runPromiseWith(runtime.context)(runtime.rateLimit.count(request.headers))
  const response = await respond(
    runtime,
    request,
    `${route.method} ${route.path}`,
    Effect.gen(function* () {
      const { context, services } = runtime
      if (quota?.allowed === false) return yield* new RateLimited({ retryAfterSeconds: quota.resetSeconds })
      const result = yield* route.run(services, yield* rawRequest(services, route, routed))
      if (result._tag === "Json") return jsonResponse(route, request, result)
      // Nobody would read, and so nobody would end, the stream that a HEAD asks for.
      const lines = request.method === "HEAD" ? Stream.empty : result.lines
      return streamResponse(lines, context, request.signal)
    })
  )
  return RateLimit.withHeaders(response, quota)
}
