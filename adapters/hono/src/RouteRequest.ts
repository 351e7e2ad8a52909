/** A request as routes meet it, and what they answer. */
import type { Schema, Stream } from "effect"
import type { PrincipalKind, Principals } from "./Guard.ts"
import type { IdempotencyKey } from "./Idempotency.ts"

/** A request whose parameters, query and body have been decoded. */
export interface RouteRequest<P, Q, B, K extends PrincipalKind = "member"> {
  readonly caller: Principals[K]
  readonly params: P
  readonly query: Q
  readonly body: B
  /** The idempotency key, on creations that were sent with one. */
  readonly idempotencyKey: IdempotencyKey | undefined
  readonly headers: Headers
}

/** A request as the router hands it on. */
export interface RawRequest {
  readonly caller: Principals[PrincipalKind]
  readonly params: { readonly [name: string]: string }
  readonly query: URLSearchParams
  readonly body: Schema.Json | undefined
  readonly idempotencyKey: IdempotencyKey | undefined
  readonly headers: Headers
}

/** An answer as JSON. */
export interface JsonResult {
  readonly _tag: "Json"
  /** Encoded; `undefined` for 204. */
  readonly body: unknown
  /** The cursor of the next page. */
  readonly next: string | undefined
  /** The path of what was created. */
  readonly location: string | undefined
  /** Whole `Set-Cookie` values. */
  readonly cookies: ReadonlyArray<string>
}

/** What the router sends back. */
export type RouteResult =
  | JsonResult
  | { readonly _tag: "Events" | "Lines"; readonly lines: Stream.Stream<string> }
  /** A document of the route's own media type. */
  | { readonly _tag: "Text"; readonly text: string }
