/**
 * A route as data. One table of these drives both the router and the OpenAPI document, so neither can know something
 * that the other does not.
 */
import type {
  AccessTokens,
  Accounts,
  Advertisers,
  ApiKeys,
  Audit,
  AuthLinks,
  Callers,
  Companies,
  Connecting,
  Connections,
  Consolidations,
  Deployment,
  Diagnoses,
  Directory,
  EventFeed,
  Grants,
  Identity,
  Members,
  Organizations,
  PendingAuthorizations,
  Requests,
  Scheduler,
  Secrets,
  SigningUp
} from "@portolan/ports"
import { Effect, Result, Schema, type Stream } from "effect"
import type { Admitted, Audience } from "./Guard.ts"
import type { IdempotencyKey } from "./Idempotency.ts"
import * as Input from "./Input.ts"
import type { ApiError, Kind } from "./problems.ts"

/** What the routes ask. */
export type Services =
  | AccessTokens.AccessTokens
  | Accounts.Accounts
  | Advertisers.Advertisers
  | ApiKeys.ApiKeys
  | Audit.Audit
  | AuthLinks.AuthLinks
  | Callers.Callers
  | Companies.Companies
  | Connecting.Connecting
  | Connections.Connections
  | Consolidations.Consolidations
  | Deployment.Deployment
  | Diagnoses.Diagnoses
  | Directory.Directory
  | EventFeed.EventFeed
  | Grants.Grants
  | Identity.Identity
  | Members.Members
  | Organizations.Organizations
  | PendingAuthorizations.PendingAuthorizations
  | Requests.Requests
  | Scheduler.Scheduler
  | Secrets.Secrets
  | SigningUp.SigningUp

/** The methods there are. */
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

/** A request after it was read. */
export interface Asked<P, Q, B, W extends Audience = "member"> {
  readonly caller: Admitted[W]
  readonly params: P
  readonly query: Q
  readonly body: B
  /** The idempotency key, on creations that were sent with one. */
  readonly idempotencyKey: IdempotencyKey | undefined
  readonly headers: Headers
}

/** An answer before it is written. */
export interface Reply<A> {
  readonly body: A
  /** Path of what was created. */
  readonly location?: string
  /** Whole `Set-Cookie` values. */
  readonly cookies?: ReadonlyArray<string>
}

/** A request as the router hands it on. */
export interface Raw {
  readonly caller: Admitted[Audience]
  readonly params: { readonly [name: string]: string }
  readonly query: URLSearchParams
  readonly body: Schema.Json | undefined
  readonly idempotencyKey: IdempotencyKey | undefined
  readonly headers: Headers
}

/** What the router sends. */
export type Answered =
  | { readonly _tag: "Json"; readonly reply: Reply<unknown>; readonly next?: string }
  | { readonly _tag: "Events"; readonly lines: Stream.Stream<string> }

/** A route. */
export interface Route {
  readonly method: Method
  /** Whom it is for. */
  readonly audience: Audience
  /** With parameters in braces, as OpenAPI writes it: `/v1/companies/{companyId}`. */
  readonly path: string
  readonly operationId: string
  readonly tag: Tag
  readonly summary: string
  readonly description: string | undefined
  readonly status: 200 | 201 | 204
  readonly params: Schema.Constraint
  readonly query: Schema.Constraint
  readonly body: Schema.Constraint | undefined
  readonly bodyOptional: boolean
  /** Nothing for 204; the text of the stream's events otherwise. */
  readonly answer: Schema.Constraint | undefined
  readonly streams: boolean
  /** Takes an idempotency key. */
  readonly creates: boolean
  /** Types of problems beyond those that follow from the route's shape. */
  readonly problems: ReadonlyArray<Kind>
  readonly run: (raw: Raw) => Effect.Effect<Answered, ApiError, Services>
}

interface Described {
  readonly path: string
  readonly operationId: string
  readonly tag: Tag
  readonly summary: string
  readonly description?: string
  readonly problems?: ReadonlyArray<Kind>
}

/** No parameters, no query, no fields. */
export const Nothing = Schema.Struct({})
type Nothing = typeof Nothing.Type

interface Spoken<P, Q, B> extends Described {
  readonly method: Method
  readonly params?: Schema.ConstraintDecoder<P>
  readonly query?: Schema.ConstraintDecoder<Q>
  readonly body?: Schema.ConstraintDecoder<B>
  /** A request without a body counts as `{}`. */
  readonly bodyOptional?: boolean
  readonly status?: 200 | 201 | 204
  readonly creates?: boolean
}

const read = <P, Q, B>(spec: Pick<Spoken<P, Q, B>, "params" | "query" | "body" | "bodyOptional">, raw: Raw) =>
  Effect.gen(function* () {
    // Where a route leaves a schema out, its type parameter is inferred as the empty struct.
    const params = yield* Input.parameters((spec.params ?? Nothing) as Schema.ConstraintDecoder<P>, raw.params)
    const query = yield* Input.parameters(
      (spec.query ?? Nothing) as Schema.ConstraintDecoder<Q>,
      Input.query(raw.query)
    )
    const given = raw.body === undefined && (spec.body === undefined || spec.bodyOptional === true) ? {} : raw.body
    const body = yield* Input.body((spec.body ?? Nothing) as Schema.ConstraintDecoder<B>, given)
    return { ...raw, params, query, body }
  })

const described = <P, Q, B>(spec: Spoken<P, Q, B>) => ({
  method: spec.method,
  path: spec.path,
  operationId: spec.operationId,
  tag: spec.tag,
  summary: spec.summary,
  description: spec.description,
  status: spec.status ?? 200,
  params: spec.params ?? Nothing,
  query: spec.query ?? Nothing,
  body: spec.body,
  bodyOptional: spec.bodyOptional ?? false,
  creates: spec.creates ?? false,
  problems: spec.problems ?? []
})

/** A route for an audience; the router hands on only callers that this audience admits. */
const routeFor =
  <const W extends Audience>(audience: W) =>
  <A, P = Nothing, Q = Nothing, B = Nothing>(
    spec: Spoken<P, Q, B> & {
      readonly answer?: Schema.ConstraintCodec<A, unknown>
      readonly handle: (asked: Asked<P, Q, B, W>) => Effect.Effect<Reply<A>, ApiError, Services>
    }
  ): Route => {
    const encode = Schema.encodeUnknownResult(spec.answer ?? Schema.Undefined)
    return {
      ...described(spec),
      audience,
      answer: spec.answer,
      streams: false,
      run: Effect.fnUntraced(function* (raw) {
        const reply = yield* spec.handle({ ...(yield* read(spec, raw)), caller: raw.caller as Admitted[W] })
        const body = yield* Effect.orDie(Effect.fromResult(Result.mapError(encode(reply.body), (error) => error)))
        const next =
          typeof body === "object" && body !== null && "next" in body && typeof body.next === "string"
            ? body.next
            : undefined
        return { _tag: "Json", reply: { ...reply, body }, ...(next === undefined ? {} : { next }) } as const
      })
    }
  }

/**
 * A route for members and keys that answers with JSON. The answer passes through its schema, which drops every field that is
 * not in it: what the document does not promise cannot leave by accident.
 */
export const route = routeFor("member")

/** The same for anybody with a session, member of something or not. */
export const personRoute = routeFor("person")

/** The same for people who run the installation. */
export const operatorRoute = routeFor("operator")

/** The same for everybody: whoever sends the right token. */
export const openRoute = routeFor("anyone")

/** A route for members and keys that answers with server-sent events. */
export const stream = <P = Nothing, Q = Nothing>(
  spec: Described & {
    readonly params?: Schema.ConstraintDecoder<P>
    readonly query?: Schema.ConstraintDecoder<Q>
    readonly answer: Schema.Constraint
    readonly handle: (asked: Asked<P, Q, Nothing>) => Effect.Effect<Stream.Stream<string>, ApiError, Services>
  }
): Route => {
  const whole: Spoken<P, Q, Nothing> = { ...spec, method: "GET" }
  return {
    ...described(whole),
    audience: "member",
    answer: spec.answer,
    streams: true,
    run: (raw) =>
      read(whole, raw).pipe(
        Effect.flatMap((asked) => spec.handle({ ...asked, caller: raw.caller as Callers.SignedIn })),
        Effect.map((lines) => ({ _tag: "Events", lines }))
      )
  }
}
