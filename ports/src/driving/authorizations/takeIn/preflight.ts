/** What the provider says about a refresh token before anything of it is recorded. */
import { Channel, type Connection, Failure, given, Identity, Messages, Profile, Refusal } from "@portolan/domain"
import { DateTime, Effect, type Redacted } from "effect"
import { CurrentCatalogue } from "../../../driven/CurrentCatalogue.ts"
import type { Access, Tokens } from "../../../driven/ProviderApi.ts"
import type { Deps } from "../../shared/deps.ts"
import { accessTo } from "../../tokens/callProvider.ts"
import { askIdentity } from "../identity/askIdentity.ts"
import { surroundings } from "../profiles/surroundings.ts"

/** A refresh token that somebody has from elsewhere. */
export interface GivenToken {
  readonly refreshToken: Redacted.Redacted<string>
  /** Whose it is, as far as the giver knows: the selling partner id. A claim, like that of a callback. */
  readonly grantor?: string
  /** When its consent ends by itself; left out where it does not, or nobody knows. */
  readonly expiresAt?: DateTime.Utc
}

/** What the provider says about a token. */
export interface Preflight {
  readonly tokens: Tokens
  /** Everything it gives access to in its region. */
  readonly candidates: ReadonlyArray<Profile.Candidate>
  readonly answer: Exclude<Identity.Answer, { readonly _tag: "Contradicted" }>
}

const ofSomebodyElse = Effect.map(
  CurrentCatalogue,
  (catalogue) => (channel: Channel.Channel) =>
    Refusal.make("Grant", "Record", "different-identity", {
      detail: Messages.say("failure-reason.different-identity", {
        provider: Channel.providerLabel(channel, catalogue)
      }),
      nextStep: Messages.say("connection.same-seller")
    })
)

const unnamed = Identity.Answer.make({
  _tag: "Unproven",
  doubt: "not-named",
  detail: Messages.text("identity.not-named")
})

/**
 * Asks whether a token works, what it gives access to, and whose it is. Fails with `GrantRefused` for one that does not
 * work, and is refused for one of another seller than it was given for. Nothing is recorded; no message has the token.
 */
export const preflight = Effect.fn("Connecting.preflight")(function* (
  deps: Deps<"provider" | "repository">,
  { accountId, channel, marketplaceId, organizationId }: Connection.Present,
  { grantor, refreshToken }: GivenToken
) {
  const { account } = yield* surroundings(deps, organizationId, accountId)
  const { accountType, region } = account
  const tokens = yield* deps.provider.refresh(given({ channel, region, refreshToken, grantor }))
  const about: Omit<Access, "accessToken" | "grantor" | "grantId"> = { channel, region, accountType, marketplaceId }
  const access = accessTo(about, tokens.accessToken, given({ grantor }))
  // Without a name there is nothing that the provider could confirm or deny.
  const identity = grantor === undefined ? Effect.succeed(unnamed) : askIdentity(deps, access)
  const [candidates, answer] = yield* Effect.all([deps.provider.discover(access), identity], {
    concurrency: "unbounded"
  }).pipe(
    // A token that is refused the moment it was made says nothing of the refresh token; it is worth another try.
    Effect.catchTag("AccessTokenRefused", ({ message }) => new Failure.Temporary({ detail: message, throttled: false }))
  )
  if (answer._tag === "Contradicted") return yield* (yield* ofSomebodyElse)(channel)
  return { tokens, candidates, answer } satisfies Preflight
})
