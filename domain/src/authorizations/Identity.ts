/**
 * Who a consent is of: the seller, vendor or login behind its tokens (rules C4, C10).
 *
 * A callback is a query that a browser carries, and nobody signs the id in it: whoever holds the browser can put
 * another one there. So an id is *claimed* until something proves it. A claimed id is good enough to work with, because
 * the tokens reach their own seller's data and no other; it excludes nobody. *Proven* by the provider, or
 * *confirmed* by an operator, it is held by one live account of all organizations (law REPO-30).
 *
 * What only supports a claim (the same seller on the account's other channel, the store that was seen before) proves it
 * for the account that it is in, and excludes nobody elsewhere: an agency's login sees the advertising of sellers that
 * it is not.
 */
import * as DateTime from "effect/DateTime"
import * as Schema from "effect/Schema"
import { Actor } from "../kernel/Actor.ts"
import { type Message, render, say } from "../messages/Messages.ts"
import { type Catalogue, standard } from "../providers/Catalogue.ts"
import { type Channel, claimsIdentity } from "../providers/Channel.ts"
import type { Candidate, Obstacle } from "./Profile.ts"

/**
 * What proves an id. `provider`: the provider named it for these tokens. `other-channel`: the account's other channel,
 * where the provider lists what a login sees, is of the same seller. `continuity`: the consent shows the store that the
 * connection had while its id was proven.
 */
export const Proof = Schema.Literals(["provider", "other-channel", "continuity"])
export type Proof = typeof Proof.Type

/**
 * Why an id is not proven. `right-missing`: the application or the consent lacks the role for it. `not-offered`: the
 * provider has no call that names this kind of account. `not-named`: its answers name nobody, e.g. for a new seller.
 * `unanswered`: the provider could not be asked now; it is asked again. `unconfirmed`: an operator had confirmed it,
 * and took that back.
 */
export const Doubt = Schema.Literals(["right-missing", "not-offered", "not-named", "unanswered", "unconfirmed"])
export type Doubt = typeof Doubt.Type

/** How far it is known who a consent is of, since when, and by what. `detail` is the evidence in words. */
export const Identity = Schema.TaggedUnion({
  Claimed: { doubt: Doubt, detail: Schema.String, at: Schema.DateTimeUtc },
  Proven: { by: Proof, detail: Schema.String, at: Schema.DateTimeUtc },
  /** An operator of the installation checked it by other means, e.g. a letter of the account's owner. */
  Confirmed: { by: Actor, because: Schema.String, at: Schema.DateTimeUtc }
})
export type Identity = typeof Identity.Type

/** What a provider answers about the tokens of a consent that names an id. */
export const Answer = Schema.TaggedUnion({
  Proven: { detail: Schema.String },
  /** The tokens are of somebody else than the callback named. */
  Contradicted: { detail: Schema.String },
  Unproven: { doubt: Doubt, detail: Schema.String }
})
export type Answer = typeof Answer.Type

/** What is known beside the provider's answer. */
export interface Circumstances {
  /** The id that the consent names; absent when it names none. */
  readonly id?: string
  /** The merchants behind the account's other channels, as their providers list them. */
  readonly otherOwners: ReadonlyArray<string>
  /** The identity of the consent that the connection lives on, when it has one. */
  readonly before?: Identity
  /** Whether the consent shows the store that the connection had before. */
  readonly isSameStore: boolean
}

/** The longest reason of a confirmation, in characters. */
export const becauseLimit = 500

/** Whether an identity keeps others from binding under the same id: a provider or an operator stands for it. */
export const isExclusive = (identity: Identity | undefined): boolean =>
  identity?._tag === "Confirmed" || (identity?._tag === "Proven" && identity.by === "provider")

/** Whether an identity is more than a claim. Consents from before identities were kept have none: they are claims. */
export const isProven = (identity: Identity | undefined): identity is Exclude<Identity, { readonly _tag: "Claimed" }> =>
  identity !== undefined && identity._tag !== "Claimed"

/**
 * Judges who a consent is of; undefined when the provider says that it is of somebody else. Circumstances count only
 * where the provider has nothing to say: while it is merely silent, nobody knows what it would say.
 */
export const judge = (answer: Answer, about: Circumstances, at: DateTime.Utc): Identity | undefined => {
  if (answer._tag === "Contradicted") return undefined
  if (answer._tag === "Proven") return { _tag: "Proven", by: "provider", detail: answer.detail, at }
  const claimed: Identity = { ...answer, _tag: "Claimed", at }
  if (answer.doubt === "unanswered" || about.id === undefined) return claimed
  if (about.otherOwners.includes(about.id)) {
    return { _tag: "Proven", by: "other-channel", detail: render(say("identity.same-owner")), at }
  }
  return isProven(about.before) && about.isSameStore
    ? { _tag: "Proven", by: "continuity", detail: render(say("identity.same-store")), at }
    : claimed
}

const plain = (name: string): string => name.normalize("NFKC").trim().toLowerCase().replaceAll(/\s+/gu, " ")

/**
 * Whether two looks at a profile show the same store. A name that repeats the id was made from it, so it shows nothing.
 */
export const isSameStore = (one: Candidate, other: Candidate): boolean =>
  plain(one.name) === plain(other.name) && !plain(one.name).includes(plain(one.key.externalId))

/** A consent that is to be bound, and the link that it would replace. */
export interface Binding {
  readonly channel: Channel
  readonly identity: Identity | undefined
  readonly candidate: Candidate
  /** What the connection is bound to under another consent; absent for a first link. */
  readonly before?: { readonly profile: Candidate; readonly identity?: Identity }
}

/**
 * What speaks against binding a consent because of who it may be of. A first link is a claim like any other. On a
 * connection that is bound already, a consent of somebody else would put their data beside the data that is there: so
 * an id that is not proven wants a person's eye, unless the store is the same; and where the id was proven before, it
 * waits until the provider can be asked.
 */
export const obstacles = (
  { before, candidate, channel, identity }: Binding,
  catalogue: Catalogue = standard
): ReadonlyArray<Obstacle> => {
  if (!claimsIdentity(channel, catalogue) || isProven(identity)) return []
  const isUnanswered = identity?.doubt === "unanswered"
  if (before === undefined) return isUnanswered ? [warns(say("identity.unanswered"))] : []
  if (isUnanswered && isProven(before.identity)) return [{ ...warns(say("identity.ask-again")), weight: "blocks" }]
  return isSameStore(before.profile, candidate)
    ? []
    : [warns(say("identity.unlike", { id: candidate.key.externalId, store: before.profile.name }))]
}

const warns = (message: Message): Obstacle => ({ weight: "warns", detail: render(message) })

/**
 * Whether a new judgement says more than the one that is known: a proof is never taken back by a silence. An operator
 * may take a confirmation back, and nothing else.
 */
export const improves = (known: Identity | undefined, next: Identity): boolean => {
  if (next._tag === "Claimed" && next.doubt === "unconfirmed") return known?._tag === "Confirmed"
  if (known === undefined || isExclusive(next)) return known === undefined || !isSameJudgement(known, next)
  if (isExclusive(known)) return false
  return next._tag === "Claimed"
    ? known._tag === "Claimed" && known.doubt !== next.doubt
    : !isSameJudgement(known, next)
}

const isSameJudgement = (one: Identity, other: Identity): boolean => {
  if (one._tag === "Proven") return other._tag === "Proven" ? one.by === other.by : one.by === "provider"
  return one._tag === other._tag
}

/** Why an id is not proven, as a sentence. */
export const doubtOf = (doubt: Doubt): Message => doubts[doubt]

const doubts: { readonly [D in Doubt]: Message } = {
  "right-missing": say("identity.right-missing"),
  "not-offered": say("identity.not-offered"),
  "not-named": say("identity.not-named"),
  unanswered: say("identity.unanswered"),
  unconfirmed: say("identity.unconfirmed")
}

/** An identity as a person reads it: how far it is known, and by what. Undefined counts as claimed. */
export const inWords = (identity: Identity | undefined): Message => {
  if (identity === undefined) return say("identity.not-asked")
  if (identity._tag === "Claimed") return doubtOf(identity.doubt)
  return identity._tag === "Proven"
    ? say("identity.proven", { by: identity.detail, at: identity.at })
    : say("identity.confirmed", { because: identity.because, at: identity.at })
}
