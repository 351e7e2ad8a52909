/** Runs a promise of the database or of better-auth and says `IdentityUnavailable` when it fails. */
import { Identity } from "@portolan/ports"
import { Effect } from "effect"

/** The result of the promise; any rejection is `IdentityUnavailable` with the rejection as cause. */
export const orUnavailable = <A>(work: () => PromiseLike<A>): Effect.Effect<A, Identity.IdentityUnavailable> =>
  Effect.tryPromise({ try: () => work(), catch: (cause) => new Identity.IdentityUnavailable({ cause }) })
