/**
 * Who is calling, for which organization, with which role: every request begins here. The directory of people says who
 * somebody is; membership, ownership and keys say what they may do. Nothing is cached: a right that was taken away is
 * gone at the next request.
 */
import type { Access, Refused } from "@portolan/domain"
import { Context, type Effect, Layer } from "effect"
import type { IdentityUnavailable, NotSignedIn, Session } from "../../driven/Identity.ts"
import type { StoreError } from "../../driven/StoreUnavailable.ts"
import { bound, deps, type Service } from "../shared/deps.ts"
import * as AuthenticateCaller from "./authenticateCaller.ts"
import * as AuthenticatePerson from "./authenticatePerson.ts"
import type { NamedCaller, NoOrganization, OrganizationClosing, SignedIn } from "./signedIn.ts"

export { type NamedCaller, NoOrganization, OrganizationClosing, type SignedIn } from "./signedIn.ts"

/** Says who is calling. */
export interface Contract {
  /**
   * Reads the session cookie, or an `Authorization: Bearer` key. When there is a key, it counts: a bad one is refused,
   * whatever the cookie says. Nobody works in an organization that is closed: a session without a choice of its own
   * works in another one of its person.
   */
  readonly whoIs: (
    headers: Headers
  ) => Effect.Effect<SignedIn, NotSignedIn | NoOrganization | OrganizationClosing | IdentityUnavailable | StoreError>

  /** Adds the name of the caller's organization, for a page or an answer that shows it. */
  readonly withOrganizationName: (caller: SignedIn) => Effect.Effect<NamedCaller, NotSignedIn | StoreError>

  /** The person behind a session, whether or not they belong to an organization. */
  readonly person: (headers: Headers) => Effect.Effect<Session, NotSignedIn | IdentityUnavailable>

  /** A person who runs the installation; refuses everybody else. */
  readonly operator: (
    headers: Headers
  ) => Effect.Effect<Access.Operator & Session, NotSignedIn | Refused.Refused | IdentityUnavailable>
}

const verbs = { ...AuthenticateCaller, ...AuthenticatePerson }

/** Says who is calling. */
export class Callers extends Context.Service<Callers, Service<Contract, typeof verbs>>()(
  "@portolan/ports/driving/Callers"
) {
  /** The service over the driven ports. */
  static readonly layer = Layer.effect(
    Callers,
    bound(deps("auditLog", "deployment", "identity", "readModels", "repository", "secrets"), verbs)
  )
}
