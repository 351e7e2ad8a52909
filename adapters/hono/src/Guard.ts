/**
 * Who may ask. A session cookie travels with every request of a browser, also with those that another site makes it
 * send; a change is therefore taken from a browser only when the browser says that it comes from a page of this site.
 * API keys are never sent by themselves, so they need no such proof.
 */
import type { Access, Actor } from "@portolan/domain"
import { Callers, Deployment, type Identity } from "@portolan/ports"
import { isCrossSiteWrite } from "@portolan/wire"
import { Effect } from "effect"
import { CrossSite } from "./RequestError.ts"

/** Whom a route is for. */
export interface Admitted {
  /** A member, or a key, of an organization. */
  readonly member: Callers.SignedIn
  /** Anybody with a session, member of something or not. */
  readonly person: Identity.Session
  /** Somebody who runs the installation (rule C15). */
  readonly operator: Access.Operator & Identity.Session
  /** Everybody; the route itself asks for a token. */
  readonly anyone: undefined
}

/** Whom a route is for. */
export type Audience = keyof Admitted

/** Who is calling, as the route's audience sees it. */
export type Who = { readonly [A in Audience]: { readonly audience: A; readonly caller: Admitted[A] } }[Audience]

const find = Effect.fnUntraced(function* (audience: Audience, headers: Headers) {
  const callers = yield* Callers.Callers
  switch (audience) {
    case "member":
      return { audience, caller: yield* callers.whoIs(headers) } satisfies Who
    case "person":
      return { audience, caller: yield* callers.person(headers) } satisfies Who
    case "operator":
      return { audience, caller: yield* callers.operator(headers) } satisfies Who
    case "anyone":
      return { audience, caller: undefined } satisfies Who
  }
})

const isKey = (who: Who): boolean => who.audience === "member" && who.caller.actor._tag === "ApiKey"

/** Who is calling, or why the call is not taken. */
export const admit = Effect.fn("Guard.admit")(function* (audience: Audience, method: string, headers: Headers) {
  const { origin } = yield* Deployment.Deployment
  const who: Who = yield* find(audience, headers)
  const hasAmbient = who.audience !== "anyone" && !isKey(who)
  if (hasAmbient && isCrossSiteWrite({ headers, method }, origin)) return yield* new CrossSite()
  return who
})

/** On whose behalf a creation is remembered; nobody's when the route is for everybody. */
export const actorOf = (who: Who): Actor.Actor | undefined => {
  switch (who.audience) {
    case "member":
    case "operator":
      return who.caller.actor
    case "person":
      return { _tag: "Person", personId: who.caller.personId, name: who.caller.name }
    case "anyone":
      return undefined
  }
}
