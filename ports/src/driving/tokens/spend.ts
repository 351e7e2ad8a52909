/**
 * Spends a refresh token. A provider may replace it in the answer, so an answer that is lost loses the consent. Before
 * the request leaves, the stored tokens say that one is on its way, and say so until its answer is stored: when the
 * provider then refuses the token, people are told that an answer was lost, and not that somebody withdrew the consent.
 * A provider that was seen to keep a grant's refresh token spares the mark.
 */
import { type Aggregate, Failure, given, Messages } from "@portolan/domain"
import { DateTime, Duration, Effect, Redacted } from "effect"
import type { Tokens } from "../../driven/ProviderApi.ts"
import type { Deps } from "../shared/deps.ts"
import { type AccessToken, goodToken, readTokens, seal, type StoredTokens, whileUnavailable } from "./storedTokens.ts"

/** The ports that a refresh needs. */
export type RefreshDeps = Deps<"provider" | "repository" | "vault">

/** A grant whose refresh token is spent, under which lease, and why. */
export interface Spending {
  readonly grant: Aggregate.Present<"grant">
  /** The fence of the lease: whoever holds no lease any more may not announce a request. */
  readonly fence: number
  /** An access token that the provider did not accept although it should be good. */
  readonly refused: Redacted.Redacted<string> | undefined
}

const providerDeadline = Duration.seconds(30)

const temporary = (detail: string) => new Failure.Temporary({ detail, throttled: false })

/** Another process has the grant in hand. */
export const takenOver = temporary(Messages.text("token.refreshed-elsewhere"))

/** The stored token if it is good: what another process wrote is newer than what this one knows. */
const storedToken = Effect.fnUntraced(function* (deps: RefreshDeps, { grant, refused }: Spending) {
  const tokens = yield* readTokens(deps, grant.organizationId, grant.id)
  return (yield* goodToken(tokens, refused)) ?? (yield* takenOver)
})

/** Puts it on the stored tokens that a request is on its way. Fenced: only the holder of the lease may send one. */
const announce = Effect.fnUntraced(function* (deps: RefreshDeps, { fence, grant }: Spending, tokens: StoredTokens) {
  if (tokens.rotation === "kept" || tokens.unansweredSince !== undefined) return tokens
  const marked = { ...tokens, unansweredSince: yield* DateTime.now }
  const secret = yield* seal(marked)
  const version = yield* whileUnavailable(
    deps.vault.compareAndSwap(grant.organizationId, grant.id, tokens.version, secret, fence)
  )
  return { ...marked, version }
})

/** An answer that shows that the provider issued nothing. After any other failure nobody knows. */
const issuedNothing = (error: { readonly _tag: string }): boolean =>
  error._tag !== "Temporary" || (error instanceof Failure.Temporary && error.throttled)

/** Takes the mark of this request away; best effort, as a mark that stays only makes a later refusal less certain. */
const withdraw = ({ vault }: RefreshDeps, { fence, grant }: Spending, marked: StoredTokens) => {
  const { unansweredSince: _, ...tokens } = marked
  return Effect.flatMap(seal(tokens), (secret) =>
    Effect.ignore(vault.compareAndSwap(grant.organizationId, grant.id, marked.version, secret, fence))
  )
}

/**
 * Stores an answer. By version alone, not by the fence of the lease: a late process that overwrites nothing holds the
 * newest refresh token there is, and with a provider that rotates them throwing it away would end the connection. A
 * process that took over may have put its own mark on the same refresh token; that is no newer one.
 */
const store = Effect.fnUntraced(function* (
  deps: RefreshDeps,
  grant: Spending["grant"],
  spent: StoredTokens,
  answer: Tokens
) {
  const { organizationId, id } = grant
  const old = Redacted.value(spent.refreshToken)
  const rotation = Redacted.value(answer.refreshToken) === old ? ("kept" as const) : ("replaced" as const)
  const secret = yield* seal({ ...answer, rotation })
  const swap = (expected: number) => whileUnavailable(deps.vault.compareAndSwap(organizationId, id, expected, secret))
  yield* Effect.catchTag(swap(spent.version), "StaleVersion", (stale) =>
    Effect.gen(function* () {
      const now = yield* readTokens(deps, organizationId, id)
      if (Redacted.value(now.refreshToken) !== old) return yield* stale
      return yield* swap(now.version)
    })
  )
  return { token: answer.accessToken, expiresAt: answer.accessExpiresAt } satisfies AccessToken
})

/** Asks the provider for new tokens; a refusal says whether an earlier answer was lost. */
const requestTokens = (deps: RefreshDeps, spending: Spending, tokens: StoredTokens, marked: StoredTokens) => {
  const { channel, grantor, region } = spending.grant
  return deps.provider.refresh(given({ channel, region, refreshToken: marked.refreshToken, grantor })).pipe(
    Effect.timeoutOrElse({
      duration: providerDeadline,
      orElse: () => Effect.fail(temporary(Messages.text("token.refresh-timed-out")))
    }),
    Effect.tapError((error) =>
      issuedNothing(error) && marked.version !== tokens.version ? withdraw(deps, spending, marked) : Effect.void
    ),
    Effect.mapError((error) =>
      error._tag === "GrantRefused" && tokens.unansweredSince !== undefined
        ? new Failure.GrantRefused({ detail: error.detail, rotationLost: true })
        : error
    )
  )
}

/**
 * Spends the refresh token and stores the answer; nothing in between can be interrupted. When another process was
 * faster, gives what that one stored.
 */
export const spend = (deps: RefreshDeps, spending: Spending, tokens: StoredTokens) =>
  Effect.uninterruptible(
    Effect.gen(function* () {
      const marked = yield* announce(deps, spending, tokens)
      const answer = yield* requestTokens(deps, spending, tokens, marked)
      return yield* store(deps, spending.grant, marked, answer)
    }).pipe(
      // Forgotten or replaced during the request: the stored state decides.
      Effect.catchTag(["SecretNotFound", "StaleVersion", "Fenced"], () => storedToken(deps, spending))
    )
  )
