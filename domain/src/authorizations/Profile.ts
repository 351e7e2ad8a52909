/**
 * What a grant lets us act on: an advertising profile, or a selling partner in a marketplace. A person chooses the
 * right one (rules K-R12, K-R13, K-R14), and it is bound to one live account only (rule C4).
 */
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import type * as Account from "../accounts/Account.ts"
import { AccountType, noun, sells } from "../providers/AccountType.ts"
import { type Catalogue, standard } from "../providers/Catalogue.ts"
import { Channel } from "../providers/Channel.ts"
import * as Marketplace from "../providers/Marketplace.ts"
import { MarketplaceId } from "../providers/Marketplace.ts"
import { Permission } from "../providers/Permission.ts"
import * as PermissionRule from "../providers/Permission.ts"
import { Region } from "../providers/Region.ts"
import { areDifferent, doubts } from "./profile/doubts.ts"
import { type Message, render, say, sentences, text, verbatim } from "../messages/Messages.ts"

/** A provider's identifier, digit for digit. Advertising profile ids exceed 2^53, so it is text. */
export const ExternalId = Schema.String.check(Schema.isPattern(/^[A-Za-z0-9._:-]{1,100}$/u)).pipe(
  Schema.brand("ExternalId")
)
export type ExternalId = typeof ExternalId.Type

/** Whether a text can be a provider's identifier. */
export const isExternalId: (text: string) => text is ExternalId = Schema.is(ExternalId)

/**
 * What is unique: at most one live account holds it. A selling partner counts once per marketplace, because one seller
 * trades in several countries and each is an account of its own (rule K-R3).
 */
export const Key = Schema.Struct({
  channel: Channel,
  region: Region,
  marketplaceId: MarketplaceId,
  externalId: ExternalId
})
export type Key = typeof Key.Type

/** The key as one line of text; different keys give different lines. */
export const keyText = (key: Key): string => `${key.channel}/${key.region}/${key.marketplaceId}/${key.externalId}`

/** Why a candidate is not right for an account. `blocks` refuses; `warns` wants the person's confirmation. */
export const Obstacle = Schema.Struct({
  weight: Schema.Literals(["blocks", "warns"]),
  /** One sentence, in the default language. */
  detail: Schema.String
})
export type Obstacle = typeof Obstacle.Type

/**
 * Something a grant can see, with all that a person needs to recognise it. A provider whose profiles are none of the
 * first three shows them as `ProviderProfile`.
 */
export const Candidate = Schema.TaggedUnion({
  AdvertisingProfile: {
    key: Key,
    name: Schema.String,
    countryCode: Schema.String,
    currency: Schema.String,
    timeZone: Schema.String,
    /** The seller's merchant id or the vendor's entity id. */
    ownerId: Schema.String,
    type: AccountType,
    subType: Schema.optionalKey(Schema.String),
    permission: Permission,
    /** False: the marketplace has a payment problem (rule S-R5). Absent when the provider does not say. */
    validPayment: Schema.optionalKey(Schema.Boolean)
  },
  SellingPartner: {
    key: Key,
    name: Schema.String,
    countryCode: Schema.String,
    currency: Schema.String,
    type: AccountType,
    isParticipating: Schema.Boolean,
    hasSuspendedListings: Schema.Boolean,
    /** What the consent leaves out, in words, when the provider says so (Walmart: token detail). */
    missingScopes: Schema.optionalKey(Schema.Array(Schema.String))
  },
  /** An advertiser that added us as its partner; found by looking, never returned by a consent (rules W-R4, W-R6). */
  Advertiser: {
    key: Key,
    name: Schema.String,
    countryCode: Schema.String,
    currency: Schema.String,
    type: AccountType,
    permission: Permission,
    /** The marketplace seller behind a 3P advertiser. */
    sellerId: Schema.optionalKey(Schema.String),
    sellerName: Schema.optionalKey(Schema.String),
    grantedAt: Schema.optionalKey(Schema.DateTimeUtc),
    /** True: the advertiser spent what it may. Absent when the provider does not say. */
    spendLimitReached: Schema.optionalKey(Schema.Boolean)
  },
  /** A profile of any provider. Its adapter says, in words, why it may be wrong and what else helps to recognise it. */
  ProviderProfile: {
    key: Key,
    name: Schema.String,
    countryCode: Schema.String,
    currency: Schema.String,
    type: AccountType,
    permission: Permission,
    /** The merchant behind it: the same id on every channel of one merchant. */
    ownerId: Schema.optionalKey(Schema.String),
    /** What the consent leaves out. */
    missingScopes: Schema.optionalKey(Schema.Array(Schema.String)),
    /** Why it may be wrong, whatever account it is for. */
    concerns: Schema.optionalKey(Schema.Array(Obstacle)),
    /** What else helps to recognise it. */
    details: Schema.optionalKey(Schema.Array(Schema.Struct({ name: Schema.String, value: Schema.String })))
  }
})
export type Candidate = typeof Candidate.Type

/** An advertiser that added us as its partner. */
export const Advertiser = Candidate.cases.Advertiser
export type Advertiser = typeof Advertiser.Type

/** Whether two lists show the same of an advertiser. The time of the grant does not count. */
export const sameAdvertiser = (one: Advertiser, other: Advertiser): boolean =>
  keyText(one.key) === keyText(other.key) &&
  one.name === other.name &&
  one.type === other.type &&
  one.permission === other.permission &&
  one.sellerId === other.sellerId &&
  one.sellerName === other.sellerName &&
  one.spendLimitReached === other.spendLimitReached

const blocks = (message: Message): Obstacle => ({ weight: "blocks", detail: render(message) })
const warns = (message: Message): Obstacle => ({ weight: "warns", detail: render(message) })

/** Every obstacle of a candidate, one sentence after another. */
export const inWords = (obstacles: ReadonlyArray<Obstacle>): Message =>
  sentences(...obstacles.map(({ detail }) => verbatim(detail)))

/** Where a profile is to be bound. */
export interface Target {
  readonly account: Account.Present
  /**
   * The merchant id known from the account's other channel. That both ids are equal for one seller is common practice
   * but not documented, so a difference warns and does not block.
   */
  readonly otherOwnerId: Option.Option<string>
  /** The marketplace of the connection; any marketplace of the account will do without it. */
  readonly marketplaceId?: MarketplaceId
}

/**
 * Why a candidate may be wrong for an account. These block: another marketplace, another type, a profile that no
 * account can be bound to, a seller that does not take part. These warn: another seller than the one behind the
 * account's other channel, view-only permission, a payment problem, a kind of profile that is hardly ever meant.
 */
export const obstacles = (
  candidate: Candidate,
  { account, marketplaceId, otherOwnerId }: Target,
  catalogue: Catalogue = standard
): ReadonlyArray<Obstacle> => {
  const found: Array<Obstacle> = []
  const expected = marketplaceId === undefined ? account.marketplaces : [marketplaceId]
  if (!expected.includes(candidate.key.marketplaceId)) {
    const countries = expected.map((id) => countryOf(id, catalogue) ?? id).join(", ")
    const own = countryOf(candidate.key.marketplaceId, catalogue) ?? candidate.countryCode
    found.push(blocks(say("profile.other-country", { country: own, countries })))
  }
  const unusable = catalogue.provider.get(account.provider)?.unusableProfiles?.[candidate.type]
  if (unusable !== undefined) {
    found.push(blocks(verbatim(unusable)))
  } else if (candidate.type !== account.accountType) {
    const [its, accounts] = [noun(candidate.type, catalogue), noun(account.accountType, catalogue)]
    found.push(blocks(say("profile.other-type", { found: its, expected: accounts })))
  }
  found.push(...concernsOf(candidate, catalogue))
  const ownerId = owner(candidate)
  if (
    sells(candidate.type, catalogue) &&
    ownerId !== undefined &&
    Option.isSome(otherOwnerId) &&
    areDifferent(ownerId, otherOwnerId.value, account.provider, catalogue)
  ) {
    found.push(warns(say("profile.other-seller")))
  }
  return found
}

/** What a candidate itself lacks, whatever account it is for. */
const concernsOf = (candidate: Candidate, catalogue: Catalogue): ReadonlyArray<Obstacle> => {
  const limited = () => lacking(PermissionRule.missing(permissionOf(candidate), candidate.key.channel, catalogue))
  switch (candidate._tag) {
    case "SellingPartner":
      return [
        ...(candidate.isParticipating ? [] : [blocks(say("profile.not-participating"))]),
        ...(candidate.hasSuspendedListings ? [warns(say("profile.listings-suspended"))] : []),
        ...leftOut(candidate.missingScopes)
      ]
    case "AdvertisingProfile":
      return [
        ...limited(),
        ...doubts(candidate.subType, candidate.key.channel, catalogue).map(warns),
        ...(candidate.validPayment === false ? [warns(say("profile.payment-problem"))] : [])
      ]
    case "Advertiser":
      return [...limited(), ...(candidate.spendLimitReached === true ? [warns(say("profile.spend-limit"))] : [])]
    case "ProviderProfile":
      return [...limited(), ...leftOut(candidate.missingScopes), ...(candidate.concerns ?? [])]
  }
}

const lacking = (missing: string | undefined): ReadonlyArray<Obstacle> =>
  missing === undefined ? [] : [warns(say("profile.lacks", { missing }))]

const leftOut = (missingScopes: ReadonlyArray<string> = []): ReadonlyArray<Obstacle> =>
  missingScopes.length === 0 ? [] : [warns(say("profile.scopes-left-out", { scopes: missingScopes }))]

/** What access through a candidate lacks, in words; undefined when nothing is missing (rules K-R10, W-R3). */
export const lacks = (candidate: Candidate, catalogue: Catalogue = standard): string | undefined => {
  const missingRight = PermissionRule.missing(permissionOf(candidate), candidate.key.channel, catalogue)
  if (missingRight !== undefined || !("missingScopes" in candidate)) return missingRight
  const { missingScopes = [] } = candidate
  return missingScopes.length === 0 ? undefined : text("profile.missing-scopes", { scopes: missingScopes })
}

/** The merchant or entity behind a candidate, as far as it is known. */
export const owner = Candidate.match({
  AdvertisingProfile: (candidate): string | undefined => candidate.ownerId,
  SellingPartner: (candidate): string | undefined => candidate.key.externalId,
  Advertiser: (candidate): string | undefined => candidate.sellerId,
  ProviderProfile: (candidate): string | undefined => candidate.ownerId
})

/** What a login or partner may do with a candidate. A selling partner's consent is whole. */
export const permissionOf = (candidate: Candidate): Permission =>
  "permission" in candidate ? candidate.permission : "edit"

const countryOf = (id: MarketplaceId, catalogue: Catalogue): string | undefined =>
  Option.getOrUndefined(Marketplace.find(id, catalogue))?.country

/** Whether two keys name the same thing. */
export const sameKey = (one: Key, other: Key): boolean => keyText(one) === keyText(other)
