/** The JSON API as a Hono app: the routes of `/v1`, health, the OpenAPI document and its reference page. */
import { Deployment } from "@portolan/ports"
import { Context, Effect, type Schema } from "effect"
import { type Context as HonoContext, Hono } from "hono"
import { nothingRuns } from "./headers.ts"
import { openApi } from "./openApi.ts"
import { kinds } from "./problems.ts"
import { reference } from "./reference.ts"
import { style } from "./reference/style.ts"
import { MethodNotAllowed, NotReady, UnknownRoute } from "./RequestError.ts"
import type { Route, Services } from "./Route.ts"
import { standard, type StreamOptions } from "./routes/events.ts"
import { table } from "./routes/table.ts"
import { respond, serve } from "./serve.ts"

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
}

/** What the app tells. */
export interface Options {
  /** Asked at each `GET /readyz`, for at most five seconds. */
  readonly readiness: Effect.Effect<Readiness>
  /** Added to the answer of `GET /healthz`, e.g. a version. */
  readonly extraHealth?: Effect.Effect<{ readonly [name: string]: Schema.Json }>
  /** Event streams; what is left out is as in `standard`. */
  readonly streams?: Partial<StreamOptions>
}

const readinessDeadline = "5 seconds"

const json = (body: unknown, type = "application/json", cache = "no-store") =>
  new Response(JSON.stringify(body), { headers: { "content-type": type, "cache-control": cache } })

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
      orElse: () => Effect.fail(unknown("the checks took too long"))
    }),
    Effect.flatMap(({ checks, ready: isReady }) =>
      isReady ? Effect.succeed(json({ ready: true, checks })) : Effect.fail(new NotReady({ checks }))
    )
  )

/** Patterns of Hono and of OpenAPI differ in how they write a parameter. */
const pattern = (path: string): string => path.replaceAll(/\{(\w+)\}/g, ":$1")

const byPath = (routes: ReadonlyArray<Route>) => Map.groupBy(routes, (route) => route.path)

/**
 * Makes the app, to be mounted at `/`. It holds the services it was made with and answers `/v1`, `/healthz`, `/readyz`,
 * `/openapi.json`, `/docs` and `/problems`; every other path is left to the apps beside it, or is not found.
 */
export const make = (options: Options): Effect.Effect<Hono, never, Services> =>
  Effect.gen(function* () {
    const context = yield* Effect.context<Services>()
    const { origin } = Context.get(context, Deployment.Deployment)
    const routes = table({ ...standard, ...options.streams })
    const document = openApi(routes, origin)
    const page = String(reference(document, routes))
    const policy = yield* pagePolicy
    const app = new Hono({ strict: true })

    const plain = (path: string, answer: Effect.Effect<Response, NotReady>) => {
      app.get(path, (c) => respond(context, c.req.raw, `GET ${path}`, answer))
      others(path, ["GET", "HEAD"])
    }
    const others = (path: string, allow: ReadonlyArray<string>) =>
      app.all(path, (c) => respond(context, c.req.raw, path, new MethodNotAllowed({ allow })))
    const nowhere = (c: HonoContext) => respond(context, c.req.raw, "unknown", new UnknownRoute())

    for (const [path, own] of byPath(routes)) {
      for (const route of own) {
        app.on(route.method, pattern(path), (c) => serve(context, route, { request: c.req.raw, params: c.req.param() }))
      }
      others(
        pattern(path),
        own.flatMap(({ method }) => (method === "GET" ? ["GET", "HEAD"] : [method]))
      )
    }

    plain(
      "/healthz",
      Effect.map(options.extraHealth ?? Effect.succeed({}), (extra) => json({ ...extra, ok: true }))
    )
    plain("/readyz", ready(options))
    plain(
      "/openapi.json",
      Effect.sync(() => json(document, "application/json", "no-cache"))
    )
    plain(
      "/docs",
      Effect.sync(
        () =>
          new Response(page, {
            headers: {
              "content-type": "text/html; charset=utf-8",
              "cache-control": "no-cache",
              "content-security-policy": policy
            }
          })
      )
    )
    app.get("/problems/:kind", (c) => {
      const kind = c.req.param("kind")
      return Object.hasOwn(kinds, kind)
        ? respond(
            context,
            c.req.raw,
            "problem",
            Effect.sync(() => new Response(null, { status: 303, headers: { location: `/docs#problem-${kind}` } }))
          )
        : nowhere(c)
    })
    app.all("/v1", nowhere)
    app.all("/v1/*", nowhere)
    app.notFound(nowhere)
    // Hono's own faults (a path it cannot decode) end here; nothing of them is told.
    app.onError((error, c) => respond(context, c.req.raw, "app", Effect.die(error)))
    return app
  })
