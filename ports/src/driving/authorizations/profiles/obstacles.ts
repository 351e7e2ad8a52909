/** What speaks against binding a profile to an account. */
import {
  type Catalogue,
  Channel,
  Connection,
  given,
  Grant,
  Identity,
  Marketplace,
  Messages,
  Profile,
  Refusal,
  type Refused
} from "@portolan/domain"
import { Effect, Option } from "effect"
import { otherOwners } from "./otherOwners.ts"
import type { Surroundings } from "./surroundings.ts"

/**
 * Whether binding a profile moves the account to another country of its region. Possible while nothing of the account
 * is connected, after the person confirms: merchant and marketplace are chosen after the consent (rule P-R9).
 */
export const moves = (
  { account, catalogue, connections }: Surroundings,
  own: Connection.Present,
  { key: { marketplaceId, region } }: Profile.Candidate
) =>
  marketplaceId !== Connection.marketplaceOf(own, account) &&
  Option.isSome(Marketplace.find(marketplaceId, catalogue)) &&
  region === account.region &&
  !account.marketplaces.includes(marketplaceId) &&
  !connections.some(Connection.isLinked)

const ofProfile = (
  around: Surroundings,
  own: Connection.Present,
  candidate: Profile.Candidate
): ReadonlyArray<Profile.Obstacle> => {
  const { account, catalogue } = around
  const target = { account, otherOwnerId: Option.fromUndefinedOr(otherOwners(around, own.channel, false)[0]) }
  if (!moves(around, own, candidate)) {
    return Profile.obstacles(candidate, { ...target, marketplaceId: Connection.marketplaceOf(own, account) }, catalogue)
  }
  const { marketplaceId } = candidate.key
  const detail = Messages.text("profile.would-move", { country: Marketplace.get(marketplaceId, catalogue).country })
  return [{ weight: "warns", detail }, ...Profile.obstacles(candidate, { ...target, marketplaceId }, catalogue)]
}

/**
 * What speaks against a candidate; `grant` is the consent that gives access to it. The person who connects one channel
 * of a seller connects the other (rule P-R10): where two people are known to have done it, a person looks at it before
 * it is bound.
 */
export const obstacles = (
  around: Surroundings,
  own: Connection.Present,
  candidate: Profile.Candidate,
  grant?: Grant.Present
): ReadonlyArray<Profile.Obstacle> => {
  const isByOther =
    grant !== undefined &&
    around.consents.some((other) => other.channel !== own.channel && Grant.byDifferentPeople(grant, other))
  return [
    ...ofProfile(around, own, candidate),
    ...(isByOther ? [byAnotherPerson(own, around.catalogue)] : []),
    ...(grant === undefined ? [] : ofIdentity(own, candidate, grant, around.catalogue))
  ]
}

/** What speaks against a candidate because of who its consent may be of. */
export const ofIdentity = (
  own: Connection.Present,
  candidate: Profile.Candidate,
  { channel, id, identity }: Grant.Present,
  catalogue: Catalogue.Catalogue
): ReadonlyArray<Profile.Obstacle> => {
  const isReplaced = Connection.isLinked(own) && !Connection.isMistaken(own) && own.link.grantId !== id
  const before = isReplaced ? own.link : undefined
  return Identity.obstacles({ channel, identity, candidate, ...given({ before }) }, catalogue)
}

const byAnotherPerson = ({ channel }: Connection.Present, catalogue: Catalogue.Catalogue): Profile.Obstacle => ({
  weight: "warns",
  detail: Messages.text("profile.other-person", { provider: Channel.providerLabel(channel, catalogue) })
})

/** Refuses a candidate that does not fit, or with warnings that nobody has confirmed. */
export const requireFitting = (
  found: ReadonlyArray<Profile.Obstacle>,
  confirmed: boolean
): Effect.Effect<void, Refused.Refused> => {
  const blocking = found.filter(({ weight }) => weight === "blocks")
  if (blocking.length > 0) {
    return refusal("unfit-profile", blocking, Messages.say("authorization.choose-profile"))
  }
  return found.length > 0 && !confirmed
    ? refusal("needs-confirmation", found, Messages.say("authorization.confirm-profile"))
    : Effect.void
}

const refusal = (reason: Refused.Reason, found: ReadonlyArray<Profile.Obstacle>, nextStep: Messages.Message) =>
  Effect.fail(Refusal.make("Connection", "Link", reason, { detail: Profile.inWords(found), nextStep }))
