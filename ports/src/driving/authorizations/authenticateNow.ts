import type { Access, Id } from "@portolan/domain"
import { Effect, type Redacted } from "effect"
import * as AccessScope from "../shared/AccessScope.ts"
import type { ChangeDeps } from "../shared/deps.ts"
import { createUnless, earlierResource, type IdempotencyKey } from "../shared/idempotency.ts"
import { sideBySide } from "../shared/sideBySide.ts"
import { redirectOf, type RedirectDeps } from "./redirect.ts"
import { startAuthorization } from "./startAuthorization.ts"

/** Starts a consent by the person at the keyboard (rule K-R8). Repeated under a key, it gives the same redirect. */
export const authenticateNow = Effect.fn("Connecting.authenticateNow")(function* (
  deps: ChangeDeps & RedirectDeps,
  caller: Access.Caller,
  connectionId: Id.ConnectionId,
  { browser, idempotencyKey }: AuthenticateNow = {}
) {
  const { actor, organizationId } = caller
  const [{ state: connection }, earlier] = yield* sideBySide(
    AccessScope.connection(deps, caller, "connect", connectionId),
    earlierResource(deps, caller, idempotencyKey)
  )
  return yield* createUnless(
    deps,
    caller,
    { idempotencyKey, earlier },
    {
      create: startAuthorization(deps, connection, {
        origin: { _tag: "Direct", actor },
        actor,
        browser,
        idempotencyKey
      }),
      show: (id) =>
        Effect.flatMap(deps.repository.find("authorization", organizationId, id), ({ state }) =>
          redirectOf(deps, state, browser)
        )
    }
  )
})

/** What comes with the request of a person who starts a consent. */
export interface AuthenticateNow {
  /** The cookie of the browser, when it has one. */
  readonly browser?: Redacted.Redacted<string> | undefined
  readonly idempotencyKey?: IdempotencyKey | undefined
}
