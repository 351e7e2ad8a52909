/**
 * Refreshes the tokens of a grant, across processes through a lease of the vault.
 *
 * - Spending a refresh token is not interruptible, and its answer is stored before anything else happens.
 * - A refused refresh token is judged only after another read: if the stored secret moved, another process was faster.
 *   Then it is tried once more after a pause, because mass false refusals have been seen; only then the grant counts as
 *   dead.
 */
import { type Aggregate, Failure, given, type Id, Messages } from "@portolan/domain"
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
import type { Deps } from "../shared/deps.ts"
import {
  type AccessToken,
  goodToken,
  grantOver,
  readTokens,
  seal,
  type StoredTokens,
  whileUnavailable
} from "./storedTokens.ts"

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

/** The ports that a refresh needs. */
export type RefreshDeps = Deps<"provider" | "repository" | "vault">

type Grant = Aggregate.Present<"grant">
/** An access token that the provider did not accept although it should be good. */
type RefusedToken = Redacted.Redacted<string> | undefined

// A lease outlives one answer of the provider and the storing of it; before a second spending it is prolonged, so two
// workers never spend at once.
const leaseLife = Duration.seconds(45)
const providerDeadline = Duration.seconds(30)
const confirmAfter = Duration.seconds(2)
const waitStep = Duration.millis(150)
const waitSteps = 300

const temporary = (detail: string) => new Failure.Temporary({ detail, throttled: false })
const takenOver = temporary(Messages.text("token.refreshed-elsewhere"))

/** The stored token if it is good: what another process wrote is newer than what this one knows. */
const storedToken = Effect.fnUntraced(function* (deps: RefreshDeps, grant: Grant, refused: RefusedToken) {
  const tokens = yield* readTokens(deps, grant.organizationId, grant.id)
  return (yield* goodToken(tokens, refused)) ?? (yield* takenOver)
})

/** Spends the refresh token and stores the answer; nothing in between can be interrupted. */
const spend = (deps: RefreshDeps, grant: Grant, tokens: StoredTokens, refused: RefusedToken) =>
  Effect.uninterruptible(
    Effect.gen(function* () {
      const { channel, grantor, region } = grant
      const answer = yield* deps.provider
        .refresh(given({ channel, region, refreshToken: tokens.refreshToken, grantor }))
        .pipe(
          Effect.timeoutOrElse({
            duration: providerDeadline,
            orElse: () => Effect.fail(temporary(Messages.text("token.refresh-timed-out")))
          })
        )
      const secret = yield* seal(answer)
      // By version alone, not by the fence of the lease: a late process that overwrites nothing holds the newest
      // refresh token there is, and with a provider that rotates them throwing it away would end the connection.
      return yield* deps.vault.compareAndSwap(grant.organizationId, grant.id, tokens.version, secret).pipe(
        whileUnavailable,
        Effect.map((): AccessToken => ({ token: answer.accessToken, expiresAt: answer.accessExpiresAt })),
        // Forgotten or replaced during the request: the stored state decides.
        Effect.catchTag(["SecretNotFound", "StaleVersion", "Fenced"], () => storedToken(deps, grant, refused))
      )
    })
  )

const refreshUnderLease = Effect.fnUntraced(function* (
  deps: RefreshDeps,
  grant: Grant,
  refused: RefusedToken,
  lease: Lease
) {
  const { organizationId } = grant
  const tokens = yield* readTokens(deps, organizationId, grant.id)
  const good = yield* goodToken(tokens, refused)
  if (good !== undefined) return good
  return yield* Effect.catchTag(spend(deps, grant, tokens, refused), "GrantRefused", () =>
    Effect.gen(function* () {
      yield* Effect.sleep(confirmAfter)
      const again = yield* readTokens(deps, organizationId, grant.id)
      const other = again.version === tokens.version ? undefined : yield* goodToken(again, refused)
      if (other !== undefined) return other
      // The first answer may have used the lease up; without it another process may be spending at this moment.
      yield* Effect.catchTag(deps.vault.renewLease(organizationId, lease, leaseLife), "LeaseLost", () => takenOver)
      return yield* spend(deps, grant, again, refused)
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
        refreshUnderLease(deps, grant, refused, lease),
        Effect.ignore(deps.vault.releaseLease(organizationId, lease))
      )
    }
    yield* Effect.sleep(waitStep)
    const good = yield* goodToken(yield* readTokens(deps, organizationId, grantId), refused)
    if (good !== undefined) return good
  }
  return yield* temporary(Messages.text("token.refresh-stuck"))
})
