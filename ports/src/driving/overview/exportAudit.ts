import type { Access } from "@portolan/domain"
import { Duration, Effect, Stream } from "effect"
import * as AccessScope from "../shared/AccessScope.ts"
import type { Deps } from "../shared/deps.ts"

/** How often a worker looks for reads of tokens to seal. */
export const sealEvery = Duration.minutes(1)

/** Streams the organization's chain with its records, the oldest first. For its owner. */
export const entries = ({ auditLog }: Deps<"auditLog">, caller: Access.Caller) =>
  Stream.unwrap(Effect.as(AccessScope.requireUnrestricted(caller, "own"), auditLog.entries(caller.organizationId)))

/** Seals reads of tokens until nothing is left. Says how many. */
export const seal = Effect.fn("Audit.seal")(function* ({ auditLog }: Deps<"auditLog">) {
  let sealed = 0
  while (true) {
    const some = yield* auditLog.seal
    sealed += some
    if (some === 0) return sealed
  }
})

/** Seals every minute. A store that is away is tried again. */
export const watch = (deps: Deps<"auditLog">): Effect.Effect<never> =>
  seal(deps).pipe(
    Effect.catch((error) => Effect.logWarning("reads of tokens could not be sealed", error.message)),
    Effect.andThen(Effect.sleep(sealEvery)),
    Effect.forever
  )
