/** One request of `/v1` from its first header to its answer, whatever happens on the way. */
import { Deployment } from "@portolan/ports"
import { Cause, Context, Effect, Exit, Stream } from "effect"
import * as Guard from "./Guard.ts"
import { secured } from "./headers.ts"
import * as Idempotency from "./Idempotency.ts"
import * as Input from "./Input.ts"
import * as problems from "./problems.ts"
import { Incident, TookTooLong } from "./RequestError.ts"
import type { Answered, Raw, Route, Services } from "./Route.ts"

/** The longest an answer may take; looking again at a provider takes 45 seconds at worst. */
export const deadline = "60 seconds"

/** A request with what the router found in its path. */
export interface Arrived {
  readonly request: Request
  readonly params: { readonly [name: string]: string }
}

/** The path of a request, for `instance`. Percent-encoded by the URL parser, so plain ASCII. */
export const instanceOf = (request: Request): string => new URL(request.url).pathname.slice(0, 500)

const raw = (route: Route, { params, request }: Arrived) =>
  Effect.gen(function* () {
    const { headers, method } = request
    const { pathname, searchParams } = new URL(request.url)
    const who = yield* Guard.admit(route.audience, method, headers)
    const actor = Guard.actorOf(who)
    const body = route.method === "GET" ? undefined : yield* Input.json(request)
    const asked = { method: route.method, path: pathname, headers }
    const idempotencyKey =
      route.creates && actor !== undefined ? yield* Idempotency.read(asked, actor, body ?? {}) : undefined
    return { caller: who.caller, params, query: searchParams, body, idempotencyKey, headers } satisfies Raw
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
  { next, reply }: Extract<Answered, { readonly _tag: "Json" }>
) => {
  const headers = new Headers({ "cache-control": "no-store" })
  if (reply.location !== undefined) headers.set("location", reply.location)
  if (next !== undefined) headers.set("link", nextLink(request, next))
  for (const cookie of reply.cookies ?? []) headers.append("set-cookie", cookie)
  if (route.status === 204) return new Response(null, { status: 204, headers })
  headers.set("content-type", "application/json")
  return new Response(JSON.stringify(reply.body), { status: route.status, headers })
}

const streamResponse = (
  lines: Stream.Stream<string>,
  context: Context.Context<Services>,
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
export const respond = async <R extends Services>(
  context: Context.Context<Services>,
  request: Request,
  name: string,
  effect: Effect.Effect<Response, problems.ApiError, R>
): Promise<Response> => {
  const run = Effect.runPromiseExitWith(context)
  const instance = instanceOf(request)
  const { origin } = Context.get(context, Deployment.Deployment)
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

/** Serves one route. */
export const serve = (context: Context.Context<Services>, route: Route, arrived: Arrived): Promise<Response> => {
  const { request } = arrived
  return respond(
    context,
    request,
    `${route.method} ${route.path}`,
    Effect.gen(function* () {
      const answered = yield* route.run(yield* raw(route, arrived))
      if (answered._tag === "Json") return jsonResponse(route, request, answered)
      // Nobody would read, and so nobody would end, the stream that a HEAD asks for.
      const lines = request.method === "HEAD" ? Stream.empty : answered.lines
      return streamResponse(lines, context, request.signal)
    })
  )
}
