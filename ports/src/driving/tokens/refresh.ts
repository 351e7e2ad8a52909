/**
 * Refreshes the tokens of a grant, across processes through a lease of the vault.
 *
 * - Spending a refresh token is not interruptible, and its answer is stored before anything else happens.
 * - A refused refresh token is judged only after another read: if the stored secret moved, another process was faster.
 *   Then it is tried once more after a pause, because mass false refusals have been seen; only then the grant counts as
 *   dead.
 */
import { type Aggregate, Failure, type Id, Messages } from "@portolan/domain"
import { Duration, Effect, type Redacted } from "effect"
import type { NotFound } from "../../driven/Repository.ts"
import type { ChannelUnavailable } from "../../driven/ProviderApi.ts"
import type { StoreError } from "../../driven/StoreUnavailable.ts"
import type {
  KeyUnavailable,
  Lease,
  SecretCorrupted,
  SecretUnacceptable,
  VaultUnavailable
} from "../../driven/TokenVault.ts"
import { type RefreshDeps, spend, takenOver } from "./spend.ts"
import { type AccessToken, goodToken, grantOver, readTokens } from "./storedTokens.ts"

/** Why no token can be handed out. */
export type TokenError =
  | Failure.Temporary
  | Failure.GrantRefused
  | Failure.ApplicationRejected
  | ChannelUnavailable
  | NotFound
  | StoreError
  | KeyUnavailable
  | SecretCorrupted
  | SecretUnacceptable
  | VaultUnavailable

type Grant = Aggregate.Present<"grant">
/** An access token that the provider did not accept although it should be good. */
type RefusedToken = Redacted.Redacted<string> | undefined

// What a process that was killed holds up the readers of its grant for, at most. A living one renews its lease three
// times in that time for as long as the provider takes to answer.
const leaseLife = Duration.seconds(5)
const renewEvery = Duration.millis(1_500)
const confirmAfter = Duration.seconds(2)
const waitStep = Duration.millis(150)
const waitSteps = 450

/** Renews a lease until it is interrupted. A database that is away for a moment is asked again at the next step. */
const keepRenewing = ({ vault }: RefreshDeps, organizationId: Id.OrganizationId, lease: Lease) =>
  vault.renewLease(organizationId, lease, leaseLife).pipe(
    Effect.catchTag("VaultUnavailable", () => Effect.void),
    Effect.delay(renewEvery),
    Effect.forever,
    // Lost: there is nothing to renew. Whoever spends again asks for it first.
    Effect.catchTag("LeaseLost", () => Effect.never)
  )

const refreshUnderLease = Effect.fnUntraced(function* (
  deps: RefreshDeps,
  grant: Grant,
  refused: RefusedToken,
  lease: Lease
) {
  const { organizationId } = grant
  const spending = { grant, refused, fence: lease.fence }
  const tokens = yield* readTokens(deps, organizationId, grant.id)
  const good = yield* goodToken(tokens, refused)
  if (good !== undefined) return good
  return yield* Effect.catchTag(spend(deps, spending, tokens), "GrantRefused", () =>
    Effect.gen(function* () {
      yield* Effect.sleep(confirmAfter)
      const again = yield* readTokens(deps, organizationId, grant.id)
      const other = again.version === tokens.version ? undefined : yield* goodToken(again, refused)
      if (other !== undefined) return other
      // The first answer may have used the lease up; without it another process may be spending at this moment.
      yield* Effect.catchTag(deps.vault.renewLease(organizationId, lease, leaseLife), "LeaseLost", () => takenOver)
      return yield* spend(deps, spending, again)
    })
  )
})

/** Gets a new access token for a grant, or the one that another process has just got. */
export const refresh = Effect.fn("AccessTokens.refresh")(function* (
  deps: RefreshDeps,
  organizationId: Id.OrganizationId,
  grantId: Id.GrantId,
  refused: RefusedToken
): Effect.fn.Return<AccessToken, TokenError> {
  const { state: grant } = yield* deps.repository.find("grant", organizationId, grantId)
  if (grant._tag === "Ended") return yield* grantOver(Messages.text("token.grant-ended", { end: grant.end }))
  for (let step = 0; step < waitSteps; step++) {
    const lease = yield* deps.vault.acquireLease(organizationId, grantId, leaseLife).pipe(
      Effect.catchTag("LeaseHeld", () => Effect.succeed(undefined)),
      Effect.catchTag("SecretNotFound", () => Effect.fail(grantOver(Messages.text("token.forgotten"))))
    )
    if (lease !== undefined) {
      return yield* Effect.ensuring(
        Effect.raceFirst(refreshUnderLease(deps, grant, refused, lease), keepRenewing(deps, organizationId, lease)),
        Effect.ignore(deps.vault.releaseLease(organizationId, lease))
      )
    }
    yield* Effect.sleep(waitStep)
    const good = yield* goodToken(yield* readTokens(deps, organizationId, grantId), refused)
    if (good !== undefined) return good
  }
  return yield* new Failure.Temporary({ detail: Messages.text("token.refresh-stuck"), throttled: false })
})
