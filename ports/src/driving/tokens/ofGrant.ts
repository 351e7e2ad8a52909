import { Failure, type Id, Messages } from "@portolan/domain"
import { Deferred, Effect, Exit, type Redacted, type Scope } from "effect"
import { calling } from "../incidents/CallSubject.ts"
import { refresh, type RefreshDeps, type TokenError } from "./refresh.ts"
import { type AccessToken, goodToken, readTokens } from "./storedTokens.ts"

/**
 * Refreshes under way in this process, by grant, and the scope that they run in: that of the service, not of a caller.
 */
export interface Refreshes {
  readonly scope: Scope.Scope
  readonly running: Map<string, Deferred.Deferred<AccessToken, TokenError>>
}

/** The ports of a refresh, and the refreshes under way. */
export type TokenRefreshDeps = RefreshDeps & { readonly refreshes: Refreshes }

/**
 * Gives an access token of a grant that is good for `margin`. Within a process all who wait share one refresh.
 * `refused` names a token that the provider did not accept although it should be good; it is replaced first.
 */
export const ofGrant = Effect.fn("AccessTokens.ofGrant")(function* (
  deps: TokenRefreshDeps,
  organizationId: Id.OrganizationId,
  grantId: Id.GrantId,
  refused?: Redacted.Redacted<string>
): Effect.fn.Return<AccessToken, TokenError> {
  const good = yield* goodToken(yield* readTokens(deps, organizationId, grantId), refused)
  return good ?? (yield* sharedRefresh(deps, organizationId, grantId, refused))
})

/**
 * Joins the refresh of a grant, or starts it in the service's own scope, so that no caller's interruption ends it. A
 * refresh that is announced is under way: nothing can come between, or all callers after it would wait for ever.
 */
const sharedRefresh = (
  deps: TokenRefreshDeps,
  organizationId: Id.OrganizationId,
  grantId: Id.GrantId,
  refused: Redacted.Redacted<string> | undefined
) =>
  Effect.uninterruptibleMask((restore) => {
    const { running, scope } = deps.refreshes
    const name = `${organizationId}/${grantId}`
    const underWay = running.get(name)
    if (underWay !== undefined) return restore(Deferred.await(underWay))
    const started = Deferred.makeUnsafe<AccessToken, TokenError>()
    running.set(name, started)
    return Effect.forkIn(
      Effect.onExit(
        Effect.interruptible(calling({ organizationId, grantId }, refresh(deps, organizationId, grantId, refused))),
        (exit) => {
          running.delete(name)
          return Deferred.done(started, Exit.isSuccess(exit) || !Exit.hasInterrupts(exit) ? exit : stopping)
        }
      ),
      scope,
      { uninterruptible: true }
    ).pipe(Effect.andThen(restore(Deferred.await(started))))
  })

const stopping = Exit.fail(new Failure.Temporary({ detail: Messages.text("token.process-stopping"), throttled: false }))
