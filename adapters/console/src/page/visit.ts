/** One request for a page: what pages have at hand, the HTTP request, and who makes it. */
import type { Callers, Identity, StoreUnavailable } from "@portolan/ports"
import { Effect, Fiber } from "effect"
import type { Context } from "hono"
import type { PageContext } from "./context.ts"
import { waitingLimit } from "./layout.ts"

/** Under which name a request keeps the id of its organization, for the log of what breaks. */
export const organizationOf = "organizationId"

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
  /** What waits for the member, for the header. It is read beside what the page reads, and never fails. */
  readonly waiting: Effect.Effect<number>
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
    Effect.tap((caller) => Effect.sync(() => visit.c.set(organizationOf, caller.organizationId))),
    Effect.flatMap(visit.context.callers.withOrganizationName),
    Effect.map((me): V & CallerVisit => ({ ...visit, me }))
  )

/**
 * The member who is calling. Fails with `NotSignedIn`, which becomes a redirect to the sign-in page, or with
 * `NoOrganization`, which becomes one to the page where an organization is created (rule P-R5).
 */
export const memberVisit = Effect.fnUntraced(function* (visit: Visit, headers?: Headers) {
  const caller = yield* callerVisit(visit, headers)
  const { context, me } = caller
  // The count in the header is an extra; a page does not fail because of it.
  const count = Effect.orElseSucceed(context.pendingAuthorizations.count(me, waitingLimit + 1), () => 0)
  const counting = yield* Effect.forkChild(count, { startImmediately: true })
  return { ...caller, waiting: Fiber.join(counting) } satisfies MemberVisit
})

/** The person behind the session, member of something or not. */
export const personOf = ({ c, context }: Visit) => context.callers.person(c.req.raw.headers)

/** The operator who is calling; anybody else is refused, before anything is read. */
export const operatorOf = ({ c, context }: Visit) => context.callers.operator(c.req.raw.headers)
