/**
 * A route as data. One table of these drives both the router and the OpenAPI document, so neither can know something
 * that the other does not.
 */
import { TokenUse } from "@portolan/ports"
import { DateTime, Effect, Result, Schema, type Stream } from "effect"
import type { PrincipalKind, Principals } from "./Guard.ts"
import * as Input from "./Input.ts"
import type { ApiError, ProblemKind } from "./problems.ts"
import type { JsonResult, RawRequest, RouteRequest, RouteResult } from "./RouteRequest.ts"
import type { Services } from "./services.ts"

/** The HTTP methods that routes use. */
export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE"

/** The groups of the reference page, in its order. */
export const tags = [
  "Companies",
  "Main accounts",
  "Accounts",
  "Connections",
  "Consents",
  "Auth links",
  "Requests",
  "Authorizations",
  "Events",
  "Catalogue",
  "Organization",
  "People",
  "Signing in",
  "Operators"
] as const
/** A group of the reference page. */
export type Tag = (typeof tags)[number]

/** What the OpenAPI document says of a route. */
export interface RouteDoc {
  /** With parameters in braces, as OpenAPI writes it: `/v1/companies/{companyId}`. */
  readonly path: string
  readonly operationId: string
  readonly tag: Tag
  readonly summary: string
  readonly description?: string
  /** Types of problems beyond those that follow from the route's shape. */
  readonly problems?: ReadonlyArray<ProblemKind>
  /** Set on a route for members that refuses every API key. */
  readonly sessionOnly?: boolean
}

/** A route, ready for the router and for the document. */
export interface Route extends Required<Omit<RouteDoc, "description">> {
  readonly method: Method
  readonly principal: PrincipalKind
  readonly description: string | undefined
  readonly status: 200 | 201 | 204
  readonly params: Schema.Constraint
  readonly query: Schema.Constraint
  readonly body: Schema.Constraint | undefined
  readonly bodyOptional: boolean
  /** Absent for 204; the data of the events for a stream. */
  readonly answer: Schema.Constraint | undefined
  readonly streams: boolean
  /** The media type of the answer. */
  readonly mediaType: "application/json" | "text/event-stream" | "text/calendar" | "application/x-ndjson"
  /** Takes an idempotency key. */
  readonly creates: boolean
  /**
   * Answers a request with an API key before anything else is read; nothing when the ordinary way is to be gone.
   * Present where one reading of the store is enough.
   */
  readonly direct: Direct<JsonResult> | undefined
  /** Reads the request, calls the use case and gives the answer. A refusal fails with its typed error. */
  readonly run: (services: Services, raw: RawRequest) => Effect.Effect<RouteResult, ApiError>
}

/** A short way: it authenticates and reads at once. It never fails; nothing means that it does not know. */
type Direct<R> = (services: Services, request: DirectRequest) => Effect.Effect<R | undefined>

/** What a short way knows of a request. */
interface DirectRequest {
  readonly headers: Headers
  readonly params: RawRequest["params"]
}

/** No parameters, no query, no fields. */
export const Nothing = Schema.Struct({})
type Nothing = typeof Nothing.Type

/** The input of a route. */
export interface RouteInput<P, Q, B> {
  readonly params?: Schema.ConstraintDecoder<P>
  readonly query?: Schema.ConstraintDecoder<Q>
  readonly body?: Schema.ConstraintDecoder<B>
  /** A request without a body counts as `{}`. */
  readonly bodyOptional?: boolean
}

/**
 * A row of the table: how a request is decoded, which service method it calls, and how the result is shown. `R` is the
 * result of the call, `A` the answer on the wire.
 */
interface RouteSpec<A, R, P, Q, B, K extends PrincipalKind> extends RouteDoc, RouteInput<P, Q, B> {
  readonly method: Method
  readonly status?: 200 | 201 | 204
  readonly creates?: boolean
  readonly answer?: Schema.ConstraintCodec<A, unknown>
  /** Calls the service. Go-to-definition on the method leads to the code that does the work. */
  readonly call: (services: Services, request: RouteRequest<P, Q, B, K>) => Effect.Effect<R, ApiError>
  /** Answers a request with an API key in one reading, where that is enough; see `Route.direct`. */
  readonly direct?: (
    services: Services,
    request: DirectRequest & { readonly operationId: string }
  ) => Effect.Effect<R | undefined>
  /** Turns the result into the answer; the result itself when left out. */
  readonly show?: (result: R, now: DateTime.Utc) => A
  /** The path of what was created. */
  readonly location?: (result: R, request: RouteRequest<P, Q, B, K>) => string
  /** Whole `Set-Cookie` values. */
  readonly cookies?: (result: R) => ReadonlyArray<string>
}

/** Decodes the parameters, the query and the body of a request as a route says. */
export const decode = <P, Q, B>(input: RouteInput<P, Q, B>, raw: RawRequest) =>
  Effect.gen(function* () {
    // Where a route leaves a schema out, its type parameter is inferred as the empty struct.
    const params = yield* Input.parameters((input.params ?? Nothing) as Schema.ConstraintDecoder<P>, raw.params)
    const query = yield* Input.parameters(
      (input.query ?? Nothing) as Schema.ConstraintDecoder<Q>,
      Input.query(raw.query)
    )
    const mayLack = input.body === undefined || input.bodyOptional === true
    const sent = raw.body === undefined && mayLack ? {} : raw.body
    const body = yield* Input.body((input.body ?? Nothing) as Schema.ConstraintDecoder<B>, sent)
    return { ...raw, params, query, body }
  })

/** What a route says of itself, with what it leaves out. */
export const described = (spec: RouteDoc & RouteInput<unknown, unknown, unknown>) => ({
  path: spec.path,
  operationId: spec.operationId,
  tag: spec.tag,
  summary: spec.summary,
  description: spec.description,
  problems: spec.problems ?? [],
  sessionOnly: spec.sessionOnly ?? false,
  params: spec.params ?? Nothing,
  query: spec.query ?? Nothing,
  body: spec.body,
  bodyOptional: spec.bodyOptional ?? false
})

const nextOf = (body: unknown): string | undefined =>
  typeof body === "object" && body !== null && "next" in body && typeof body.next === "string" ? body.next : undefined

/** Builds routes for a kind of principal. The router hands on only callers of that kind. */
const routeFor =
  <const K extends PrincipalKind>(principal: K) =>
  <A, R, P = Nothing, Q = Nothing, B = Nothing>(spec: RouteSpec<A, R, P, Q, B, K>): Route => {
    const encode = Schema.encodeUnknownResult(spec.answer ?? Schema.Undefined)
    const { direct, operationId, show } = spec
    const answer = (result: R): Effect.Effect<unknown> =>
      Effect.map(DateTime.now, (now) => {
        const shown = show === undefined ? result : show(result, now)
        return Result.getOrThrow(encode(spec.answer === undefined ? undefined : shown))
      })
    return {
      ...described(spec),
      method: spec.method,
      status: spec.status ?? 200,
      creates: spec.creates ?? false,
      principal,
      answer: spec.answer,
      streams: false,
      mediaType: "application/json",
      direct:
        direct === undefined
          ? undefined
          : Effect.fnUntraced(function* (services, request) {
              const result = yield* direct(services, { ...request, operationId })
              if (result === undefined) return undefined
              return { _tag: "Json", body: yield* answer(result), next: undefined, location: undefined, cookies: [] }
            }),
      run: Effect.fnUntraced(function* (services, raw) {
        const request = { ...(yield* decode(spec, raw)), caller: raw.caller as Principals[K] }
        const calling = spec.call(services, request)
        const result = yield* principal === "member"
          ? TokenUse.using({ actor: (raw.caller as Principals["member"]).actor, operation: spec.operationId }, calling)
          : calling
        const body = yield* answer(result)
        return {
          _tag: "Json",
          body,
          next: nextOf(body),
          location: spec.location?.(result, request),
          cookies: spec.cookies?.(result) ?? []
        } as const
      })
    }
  }

/**
 * A route for members and API keys that answers with JSON. The answer passes through its schema, which drops every
 * field that is not in it: what the document does not promise cannot leave by accident.
 */
export const route = routeFor("member")

/** The same for anybody with a session, member of an organization or not. */
export const personRoute = routeFor("person")

/** The same for people who run the installation. */
export const operatorRoute = routeFor("operator")

/** The same for everybody, without credentials. */
export const openRoute = routeFor("anyone")

/** A route for members and API keys that answers with server-sent events. */
export const stream = <P = Nothing, Q = Nothing>(
  spec: RouteDoc &
    Omit<RouteInput<P, Q, Nothing>, "body" | "bodyOptional"> & {
      readonly answer: Schema.Constraint
      readonly call: (
        services: Services,
        request: RouteRequest<P, Q, Nothing>
      ) => Effect.Effect<Stream.Stream<string>, ApiError>
    }
): Route => ({
  ...described(spec),
  method: "GET",
  status: 200,
  creates: false,
  principal: "member",
  answer: spec.answer,
  streams: true,
  mediaType: "text/event-stream",
  direct: undefined,
  run: (services, raw) =>
    decode<P, Q, Nothing>(spec, raw).pipe(
      Effect.flatMap((request) => spec.call(services, { ...request, caller: raw.caller as Principals["member"] })),
      Effect.map((lines) => ({ _tag: "Events", lines }) as const)
    )
})
