import { Failure, given, type Id, Messages } from "@portolan/domain"
import { Deferred, Effect, Exit, type Redacted, type Scope } from "effect"
import { StoreUnavailable } from "../../driven/StoreUnavailable.ts"
import { loseGrant, type RefusedGrant } from "../connections/grantRecords.ts"
import type { ChangeDeps } from "../shared/deps.ts"
import { calling } from "../incidents/CallSubject.ts"
import { refresh, type TokenError } from "./refresh.ts"
import type { RefreshDeps } from "./spend.ts"
import { type AccessToken, goodToken, readTokens } from "./storedTokens.ts"

/**
 * Refreshes under way in this process, by grant, and the scope that they run in: that of the service, not of a caller.
 */
export interface Refreshes {
  readonly scope: Scope.Scope
  readonly running: Map<string, Deferred.Deferred<AccessToken, TokenError>>
}

/** The ports of a refresh and of putting on record what it showed, and the refreshes under way. */
export type TokenRefreshDeps = RefreshDeps & ChangeDeps & { readonly refreshes: Refreshes }

/**
 * Gives an access token of a grant that is good for `margin`. Within a process all who wait share one refresh.
 * `refused` names a token that the provider did not accept although it should be good; it is replaced first. A grant
 * that is dead is on record, for every connection that lives on it, before anybody is told so: whoever met it.
 */
export const ofGrant = Effect.fn("AccessTokens.ofGrant")(function* (
  deps: TokenRefreshDeps,
  organizationId: Id.OrganizationId,
  grantId: Id.GrantId,
  refused?: Redacted.Redacted<string>
): Effect.fn.Return<AccessToken, TokenError> {
  return yield* Effect.gen(function* () {
    const good = yield* goodToken(yield* readTokens(deps, organizationId, grantId), refused)
    return good ?? (yield* sharedRefresh(deps, organizationId, grantId, refused))
  }).pipe(
    Effect.tapErrorTag("GrantRefused", ({ rotationLost }) =>
      recordLoss(deps, organizationId, given({ grantId, rotationLost }))
    )
  )
})

const actor = { _tag: "System", part: "access-tokens" } as const

const recordLoss = (deps: ChangeDeps, organizationId: Id.OrganizationId, refused: RefusedGrant) =>
  Effect.catch(loseGrant(deps, { organizationId, actor }, refused), (error) =>
    Effect.fail(
      error instanceof StoreUnavailable
        ? error
        : new Failure.Temporary({ detail: Messages.text("token.loss-not-recorded"), throttled: false })
    )
  )

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
