/** One request for a page: what pages have at hand, the HTTP request, and who makes it. */
import type { Callers, Identity, StoreUnavailable } from "@portolan/ports"
import { Effect } from "effect"
import type { Context } from "hono"
import type { PageContext } from "./context.ts"
import { type Me, waitingLimit } from "./layout.ts"

/** A request of anybody. */
export interface Visit {
  readonly context: PageContext
  /** The request and its answer, as Hono has them. */
  readonly c: Context
}

/** A request of a member. */
export interface CallerVisit extends Visit {
  readonly me: Callers.NamedCaller
}

/** A request of a member for a page with the member's header. */
export interface MemberVisit extends CallerVisit {
  readonly me: Me
}

/** Why nobody can be shown a member's page. */
export type NoMember =
  | Identity.NotSignedIn
  | Callers.NoOrganization
  | Callers.OrganizationClosing
  | Identity.IdentityUnavailable
  | StoreUnavailable.StoreError

/**
 * The member who is calling, for answers without a header: what waits for the member is not counted. `headers`: those
 * of another request, for a session that began with this one.
 */
export const callerVisit = <V extends Visit>(visit: V, headers: Headers = visit.c.req.raw.headers) =>
  visit.context.callers.whoIs(headers).pipe(
    Effect.flatMap(visit.context.callers.withOrganizationName),
    Effect.map((me): V & CallerVisit => ({ ...visit, me }))
  )

/**
 * The member who is calling. Fails with `NotSignedIn`, which becomes a redirect to the sign-in page, or with
 * `NoOrganization`, which becomes one to the page where an organization is created (rule P-R5).
 */
export const memberVisit = Effect.fnUntraced(function* (visit: Visit, headers?: Headers) {
  const { context, me } = yield* callerVisit(visit, headers)
  const waiting = yield* context.pendingAuthorizations.list(me, { limit: waitingLimit + 1 }).pipe(
    Effect.map((page) => page.items.length),
    // The count in the header is an extra; a page does not fail because of it.
    Effect.orElseSucceed(() => 0)
  )
  return { ...visit, me: { ...me, waiting } } satisfies MemberVisit
})

/** The person behind the session, member of something or not. */
export const personOf = ({ c, context }: Visit) => context.callers.person(c.req.raw.headers)

/** The operator who is calling; anybody else is refused, before anything is read. */
export const operatorOf = ({ c, context }: Visit) => context.callers.operator(c.req.raw.headers)
