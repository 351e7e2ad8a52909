/**
 * Who is calling. A session cookie travels with every request of a browser, also with those that another site makes it
 * send; a change is therefore taken from a browser only when the browser says that it comes from a page of this site.
 * API keys are never sent by themselves, so they need no such proof.
 */
import type { Access, Actor } from "@portolan/domain"
import type { Callers, Identity } from "@portolan/ports"
import { isCrossSiteWrite } from "@portolan/wire"
import { Effect } from "effect"
import { CrossSite } from "./RequestError.ts"
import type { Services } from "./services.ts"

/** What a route knows of its caller, by the kind of principal that it is for. */
export interface Principals {
  /** A member, or an API key, of an organization. */
  readonly member: Callers.SignedIn
  /** Anybody with a session, member of an organization or not. */
  readonly person: Identity.Session
  /** Somebody who runs the installation. */
  readonly operator: Access.Operator & Identity.Session
  /** Everybody, without credentials. Such a route asks for a token in its body. */
  readonly anyone: undefined
}

/** The kinds of principals that a route can be for. */
export type PrincipalKind = keyof Principals

/** The caller of a request, with the kind of principal that the route is for. */
export type Principal = {
  readonly [K in PrincipalKind]: { readonly kind: K; readonly caller: Principals[K] }
}[PrincipalKind]

const authenticate = Effect.fnUntraced(function* ({ callers }: Services, kind: PrincipalKind, headers: Headers) {
  switch (kind) {
    case "member":
      return { kind, caller: yield* callers.whoIs(headers) } satisfies Principal
    case "person":
      return { kind, caller: yield* callers.person(headers) } satisfies Principal
    case "operator":
      return { kind, caller: yield* callers.operator(headers) } satisfies Principal
    case "anyone":
      return { kind, caller: undefined } satisfies Principal
  }
})

const isKey = (principal: Principal): boolean => principal.kind === "member" && principal.caller.actor._tag === "ApiKey"

/** Authenticates a request. Fails when the caller is unknown, or a browser sends a change from another site. */
export const admit = Effect.fn("Guard.admit")(function* (
  services: Services,
  kind: PrincipalKind,
  request: { readonly method: string; readonly headers: Headers }
) {
  const principal: Principal = yield* authenticate(services, kind, request.headers)
  const hasCookie = principal.kind !== "anyone" && !isKey(principal)
  if (hasCookie && isCrossSiteWrite(request, services.deployment.origin)) return yield* new CrossSite()
  return principal
})

/** The actor that an idempotency key belongs to; none when the route is for everybody. */
export const actorOf = (principal: Principal): Actor.Actor | undefined => {
  switch (principal.kind) {
    case "member":
    case "operator":
      return principal.caller.actor
    case "person":
      return { _tag: "Person", personId: principal.caller.personId, name: principal.caller.name }
    case "anyone":
      return undefined
  }
}
