import {
  type Access,
  type Account,
  Channel,
  type Connection,
  type Grant,
  type Id,
  Messages,
  Profile,
  Refusal,
  type Refused
} from "@portolan/domain"
import { Effect } from "effect"
import { CurrentCatalogue } from "../../../driven/CurrentCatalogue.ts"
import { NotFound, type Versioned } from "../../../driven/Repository.ts"
import { bindProfile } from "../../authorizations/profiles/bindProfile.ts"
import { choices as choicesOf } from "../../authorizations/profiles/choices.ts"
import { obstacles, requireFitting } from "../../authorizations/profiles/obstacles.ts"
import { failHeld } from "../../authorizations/profiles/ProfileHeld.ts"
import { surroundings } from "../../authorizations/profiles/surroundings.ts"
import * as AccessScope from "../../shared/AccessScope.ts"
import { decideAndCommit, startingFrom } from "../../shared/change.ts"
import type { ChangeDeps, Deps } from "../../shared/deps.ts"
import type { TokenDeps } from "../AccessTokens.ts"
import { accessTo, callAsGrant } from "../callProvider.ts"

/** A profile that a consent gives access to, and the connection it is bound to. */
export interface LinkProfile {
  readonly connectionId: Id.ConnectionId
  readonly key: Profile.Key
  /** Whether the person saw the warnings and accepts them. */
  readonly confirmed: boolean
}

const refusal = (reason: Refused.Reason, detail: Messages.Message, nextStep: Messages.Message) =>
  Refusal.make("Grant", "Link", reason, { detail, nextStep })

/** What the consent gives access to at this moment, in the region of an account. */
const candidatesOf = Effect.fnUntraced(function* (
  deps: TokenDeps<"provider">,
  grant: Grant.Active,
  { accountType, region }: Account.Present,
  { marketplaceId }: Connection.Present
) {
  if (grant.advertiser !== undefined) return [grant.advertiser]
  const about = { channel: grant.channel, region, accountType, marketplaceId }
  return yield* callAsGrant(deps, grant, (accessToken) => deps.provider.discover(accessTo(about, accessToken, grant)))
})

/** Reads a consent, and a connection of the same channel with its surroundings; refused when the consent is over. */
const readTarget = Effect.fnUntraced(function* (
  deps: Deps<"repository">,
  caller: Access.Caller,
  id: Id.GrantId,
  connectionId: Id.ConnectionId
) {
  const own = yield* AccessScope.connection(deps, caller, "connect", connectionId)
  yield* AccessScope.requireUnrestricted(caller, "connect")
  const grant = yield* deps.repository.find("grant", caller.organizationId, id)
  const { channel } = grant.state
  const catalogue = yield* CurrentCatalogue
  if (channel !== own.state.channel) {
    return yield* refusal(
      "contradiction",
      Messages.say("grant.other-channel", {
        consent: Channel.label(channel, catalogue),
        connection: Channel.label(own.state.channel, catalogue)
      }),
      Messages.say("grant.choose-same-channel")
    )
  }
  if (grant.state._tag !== "Active") {
    const isPartner = Channel.accessBy(channel, catalogue) === "partner"
    return yield* refusal(
      "not-possible-now",
      Messages.say(isPartner ? "grant.access-over" : "authorization.consent-over"),
      Messages.say("grant.use-another")
    )
  }
  const around = yield* surroundings(deps, caller.organizationId, own.state.accountId)
  return { around, own, grant: grant as Versioned<Grant.Active> }
})

/** Asks the provider what a consent can offer to a connection, and says what speaks against each profile. */
export const choices = Effect.fn("Grants.choices")(function* (
  deps: TokenDeps<"provider" | "repository">,
  caller: Access.Caller,
  id: Id.GrantId,
  connectionId: Id.ConnectionId
) {
  const { around, grant, own } = yield* readTarget(deps, caller, id, connectionId)
  const candidates = yield* candidatesOf(deps, grant.state, around.account, own.state)
  return yield* choicesOf(deps, caller, { around, own: own.state, candidates, grant: grant.state })
})

/**
 * Binds a profile that a consent gives access to now, without another authorization: one login yields many accounts
 * (rule S-R4), and an added country lives under the account's own consent (rule P-R6).
 */
export const link = Effect.fn("Grants.link")(function* (
  deps: ChangeDeps & TokenDeps<"provider">,
  caller: Access.Caller,
  id: Id.GrantId,
  { confirmed, connectionId, key }: LinkProfile
) {
  const read = yield* readTarget(deps, caller, id, connectionId)
  const candidates = yield* candidatesOf(deps, read.grant.state, read.around.account, read.own.state)
  const profile = candidates.find((candidate) => Profile.sameKey(candidate.key, key))
  if (profile === undefined) return yield* new NotFound({ kind: "profile", id: Profile.keyText(key) })
  const source = startingFrom(read, readTarget(deps, caller, id, connectionId))
  return yield* decideAndCommit(deps, caller, ({ actor: by, at }) =>
    Effect.gen(function* () {
      const { around, grant, own } = yield* source
      yield* requireFitting(obstacles(around, own.state, profile, grant.state), confirmed)
      return yield* bindProfile(deps, around, own, { grant, profile, keepsReplaced: true, at, by })
    })
  ).pipe(Effect.catchTag("ProfileTaken", (taken) => failHeld(deps, caller, taken)))
})
