/** The JSON API as a Hono app: the routes of `/v1`, health, the OpenAPI document and its reference page. */
import { given, groupBy, Messages } from "@portolan/domain"
import { Effect, type Schema } from "effect"
import { type Context as HonoContext, Hono } from "hono"
import { nothingRuns, securityHeaders } from "./headers.ts"
import { type DocumentOptions, openApi } from "./openApi.ts"
import { statuses } from "./problems.ts"
import { markup } from "./reference/Prose.ts"
import { reference } from "./reference.ts"
import { style } from "./reference/style.ts"
import * as RateLimit from "./RateLimit.ts"
import { MethodNotAllowed, NotReady, UnknownRoute } from "./RequestError.ts"
import { standard, type StreamOptions } from "./eventStream.ts"
import type { Route } from "./Route.ts"
import { table } from "./routes/table.ts"
import { respond, type Runtime, serve } from "./serve.ts"
import { type ServiceKeys, services as readServices } from "./services.ts"

/** One thing that must be in order. */
export interface Check {
  readonly ok: boolean
  /** For an operator; free of secrets. */
  readonly detail: string
}

/** Whether this process can serve, and what that rests on. */
export interface Readiness {
  readonly ready: boolean
  readonly checks: { readonly database: Check; readonly migrations: Check; readonly worker: Check }
  /** What is in trouble elsewhere, e.g. at a provider; the process stays ready. */
  readonly warnings?: ReadonlyArray<Warning>
}

/** Trouble that keeps no process from serving. */
export interface Warning {
  /** What it is, for programs. */
  readonly kind: string
  /** For an operator; free of secrets. */
  readonly detail: string
  readonly since: string
}

/** What the app is made with. */
export interface Options {
  /** The name of the session cookie, as the `Identity` adapter sets it; the OpenAPI document names it. */
  readonly sessionCookie: string
  /** Asked at each `GET /readyz`, for at most five seconds. */
  readonly readiness: Effect.Effect<Readiness>
  /** Added to the answer of `GET /healthz`, e.g. a version. */
  readonly extraHealth?: Effect.Effect<{ readonly [name: string]: Schema.Json }>
  /** How often one API key may call; `RateLimit.standard` when left out. */
  readonly rateLimit?: RateLimit.Limit
  /** Event streams; what is left out is as in `standard`. */
  readonly streams?: Partial<StreamOptions>
}

const readinessDeadline = "5 seconds"

const json = (body: unknown) =>
  new Response(JSON.stringify(body), { headers: { "content-type": "application/json", "cache-control": "no-store" } })

const base64 = (bytes: ArrayBuffer) => btoa(String.fromCharCode(...new Uint8Array(bytes)))

/** The page's own style is the only thing it may use. */
const pagePolicy = Effect.map(
  Effect.promise(() => crypto.subtle.digest("SHA-256", new TextEncoder().encode(style))),
  (hash) => `${nothingRuns}; style-src 'sha256-${base64(hash)}'; base-uri 'none'; form-action 'none'`
)

const unknown = (detail: string) => new NotReady({ checks: { readiness: { ok: false, detail } } })

const ready = (options: Options) =>
  options.readiness.pipe(
    // A check that breaks says the same as one that fails: do not send anybody here.
    Effect.catchCause((cause) =>
      Effect.andThen(Effect.logError("the readiness checks broke", cause), unknown("the checks broke"))
    ),
    Effect.timeoutOrElse({
      duration: readinessDeadline,
      orElse: () => Effect.fail(unknown(Messages.text("api.checks-late")))
    }),
    Effect.flatMap(({ checks, ready: isReady, warnings }) =>
      isReady
        ? Effect.succeed(json({ ready: true, checks, ...given({ warnings }) }))
        : Effect.fail(new NotReady({ checks }))
    )
  )

/** Patterns of Hono and of OpenAPI differ in how they write a parameter. */
const pattern = (path: string): string => path.replaceAll(/\{(\w+)\}/g, ":$1")

const byPath = (routes: ReadonlyArray<Route>) => groupBy(routes, (route) => route.path)

/** Answers of the addresses beside `/v1`. */
const mountPages = (app: Hono, runtime: Runtime, options: Options, pages: Effect.Effect<Pages>) => {
  const others = refuseOthers(app, runtime)
  const plain = (path: string, answer: Effect.Effect<Response, NotReady>) => {
    app.get(path, (c) => respond(runtime, c.req.raw, { name: path }, answer))
    others(path, ["GET", "HEAD"])
  }
  const extraHealth = options.extraHealth ?? Effect.succeed({})
  plain(
    "/healthz",
    Effect.map(extraHealth, (extra) => json({ ...extra, ok: true }))
  )
  plain("/readyz", ready(options))
  plain(
    "/openapi.json",
    Effect.map(pages, ({ document }) => new Response(document, { headers: documentHeaders }))
  )
  plain(
    "/docs",
    Effect.map(pages, ({ headers, reference }) => new Response(reference, { headers }))
  )
}

const documentHeaders = { "content-type": "application/json", "cache-control": "no-cache" }

/** The document, and the page that shows it. */
interface Pages {
  /** As JSON. */
  readonly document: string
  readonly reference: string
  readonly headers: { readonly [name: string]: string }
}

const pagesOf = (routes: ReadonlyArray<Route>, options: DocumentOptions): Effect.Effect<Pages> =>
  Effect.map(pagePolicy, (policy) => {
    const document = openApi(routes, options)
    return {
      document: JSON.stringify(document),
      reference: markup(reference(document, routes)),
      headers: {
        "content-type": "text/html; charset=utf-8",
        "cache-control": "no-cache",
        "content-security-policy": policy
      }
    }
  })

/** Answers methods that a path does not have. */
const refuseOthers = (app: Hono, runtime: Runtime) => (path: string, allow: ReadonlyArray<string>) =>
  app.all(path, (c) => respond(runtime, c.req.raw, { name: path }, new MethodNotAllowed({ allow })))

const mountRoutes = (app: Hono, runtime: Runtime, routes: ReadonlyArray<Route>) => {
  const others = refuseOthers(app, runtime)
  for (const [path, own] of byPath(routes)) {
    for (const route of own) {
      app.on(route.method, pattern(path), (c) => serve(runtime, route, { request: c.req.raw, params: c.req.param() }))
    }
    others(
      pattern(path),
      own.flatMap(({ method }) => (method === "GET" ? ["GET", "HEAD"] : [method]))
    )
  }
}

/** Leads from the type of a problem to its row on the reference page. */
const mountProblems = (app: Hono, runtime: Runtime, nowhere: (c: HonoContext) => Promise<Response>) =>
  app.get("/problems/:kind", (c) => {
    const kind = c.req.param("kind")
    if (!Object.hasOwn(statuses, kind)) return nowhere(c)
    const redirect = Effect.sync(
      () => new Response(null, { status: 303, headers: { location: `/docs#problem-${kind}` } })
    )
    return respond(runtime, c.req.raw, { name: "/problems/{kind}" }, redirect)
  })

/**
 * Makes the app, to be mounted at `/`. It holds the services it was made with and answers `/v1`, `/healthz`, `/readyz`,
 * `/openapi.json`, `/docs` and `/problems`; every other path is left to the apps beside it, or is not found.
 */
export const make = (options: Options): Effect.Effect<Hono, never, ServiceKeys> =>
  Effect.gen(function* () {
    const services = yield* readServices
    const runtime: Runtime = {
      services,
      context: yield* Effect.context<ServiceKeys>(),
      rateLimit: RateLimit.make(options.rateLimit ?? RateLimit.standard, services.secrets),
      security: securityHeaders(services.deployment.origin)
    }
    const routes = table({ ...standard, ...options.streams })
    const { sessionCookie } = options
    // Made when somebody first asks for one of them, and kept as text.
    const pages = yield* Effect.cached(pagesOf(routes, { origin: services.deployment.origin, sessionCookie }))
    const app = new Hono({ strict: true })
    const nowhere = (c: HonoContext) => respond(runtime, c.req.raw, { name: "unknown" }, new UnknownRoute())
    mountRoutes(app, runtime, routes)
    mountPages(app, runtime, options, pages)
    mountProblems(app, runtime, nowhere)
    app.all("/v1", nowhere)
    app.all("/v1/*", nowhere)
    app.notFound(nowhere)
    // Hono's own faults (a path it cannot decode) end here; the answer says nothing of them.
    app.onError((error, c) => respond(runtime, c.req.raw, { name: "app" }, Effect.die(error)))
    return app
  })
