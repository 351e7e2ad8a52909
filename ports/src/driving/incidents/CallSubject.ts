/**
 * In whose name a provider is called. Callers set it around a call; the layer that watches calls reads it. A call
 * without it counts for no grant: it can show that our application is rejected, and nothing else.
 */
import type { Id } from "@portolan/domain"
import { Context, Effect } from "effect"

/** The grant of a call. */
export interface Subject {
  readonly organizationId: Id.OrganizationId
  readonly grantId: Id.GrantId
  /** The token was made because the provider had refused the one before. */
  readonly isFresh?: true
}

/** The subject of the calls that an effect makes. */
export const CallSubject: Context.Reference<Subject | undefined> = Context.Reference<Subject | undefined>(
  "@portolan/ports/driving/CallSubject",
  { defaultValue: () => undefined }
)

/** Runs calls in the name of a grant. */
export const calling = <A, E, R>(subject: Subject, calls: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.provideService(calls, CallSubject, subject)
