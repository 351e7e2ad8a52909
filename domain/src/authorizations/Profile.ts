/**
 * What a grant lets us act on: an advertising profile, or a selling partner in a marketplace. A person chooses the
 * right one (rules K-R12, K-R13, K-R14), and it is bound to one live account only (rule C4).
 */
import { Option, Schema } from "effect"
import type * as Account from "../accounts/Account.ts"
import { Channel } from "../providers/Channel.ts"
import { MarketplaceId } from "../accounts/Marketplace.ts"
import * as Marketplace from "../accounts/Marketplace.ts"
import { Permission } from "../accounts/Permission.ts"
import * as PermissionRule from "../accounts/Permission.ts"
import { Region } from "../accounts/Region.ts"

/** A provider's identifier, digit for digit. Advertising profile ids exceed 2^53, so it is text. */
export const ExternalId = Schema.String.check(Schema.isPattern(/^[A-Za-z0-9._:-]{1,100}$/u)).pipe(
  Schema.brand("ExternalId")
)
/** A provider's identifier, digit for digit. */
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
/** What is unique: at most one live account holds it. */
export type Key = typeof Key.Type

/** The key as one line of text; different keys give different lines. */
export const keyText = (key: Key): string => `${key.channel}/${key.region}/${key.marketplaceId}/${key.externalId}`

/** Something a grant can see, with all that a person needs to recognise it. */
export const Candidate = Schema.TaggedUnion({
  AdvertisingProfile: {
    key: Key,
    name: Schema.String,
    countryCode: Schema.String,
    currency: Schema.String,
    timeZone: Schema.String,
    /** The seller's merchant id or the vendor's entity id. */
    ownerId: Schema.String,
    type: Schema.Literals(["seller", "vendor", "agency"]),
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
    type: Schema.Literals(["seller", "vendor", "walmart-3p"]),
    isParticipating: Schema.Boolean,
    hasSuspendedListings: Schema.Boolean,
    /** What the consent leaves out, in words, when the provider tells (Walmart: token detail). */
    missingScopes: Schema.optionalKey(Schema.Array(Schema.String))
  },
  /** An advertiser that added us as its partner; found by looking, never returned by a consent (rules W-R4, W-R6). */
  Advertiser: {
    key: Key,
    name: Schema.String,
    countryCode: Schema.String,
    currency: Schema.String,
    type: Schema.Literals(["walmart-3p", "walmart-1p"]),
    permission: Permission,
    /** The marketplace seller behind a 3P advertiser. */
    sellerId: Schema.optionalKey(Schema.String),
    sellerName: Schema.optionalKey(Schema.String),
    grantedAt: Schema.optionalKey(Schema.DateTimeUtc),
    /** True: the advertiser spent what it may. Absent when the provider does not say. */
    spendLimitReached: Schema.optionalKey(Schema.Boolean)
  }
})
/** Something a grant can see, with all that a person needs to recognise it. */
export type Candidate = typeof Candidate.Type

/** An advertiser that added us as its partner. */
export const Advertiser = Candidate.cases.Advertiser
/** An advertiser that added us as its partner. */
export type Advertiser = typeof Advertiser.Type

/** Whether two looks at an advertiser showed the same. When it was granted says nothing new. */
export const sameAdvertiser = (one: Advertiser, other: Advertiser): boolean =>
  keyText(one.key) === keyText(other.key) &&
  one.name === other.name &&
  one.type === other.type &&
  one.permission === other.permission &&
  one.sellerId === other.sellerId &&
  one.sellerName === other.sellerName &&
  one.spendLimitReached === other.spendLimitReached

/** Why a candidate is not right for an account. `blocks` refuses; `warns` wants the person's confirmation. */
export interface Obstacle {
  readonly weight: "blocks" | "warns"
  readonly detail: string
}

const blocks = (detail: string): Obstacle => ({ weight: "blocks", detail })
const warns = (detail: string): Obstacle => ({ weight: "warns", detail })

/**
 * What stands between a candidate and an account: wrong marketplace, wrong type, agency profile, not participating
 * (block), or a seller other than the one behind the account's other channel, view-only, payment trouble (warn).
 *
 * `marketplaceId` is where the connection belongs; without it, any marketplace of the account will do. `otherOwnerId` is the
 * merchant id known from the account's other channel. That both ids are equal for one seller is common practice but not
 * documented, so a difference warns and does not block.
 */
export const obstacles = (
  candidate: Candidate,
  account: Account.Present,
  otherOwnerId: Option.Option<string>,
  marketplaceId?: MarketplaceId
): ReadonlyArray<Obstacle> => {
  const found: Array<Obstacle> = []
  const wanted = marketplaceId === undefined ? account.marketplaces : [marketplaceId]
  if (!wanted.includes(candidate.key.marketplaceId)) {
    const countries = wanted.map((id) => Marketplace.get(id).country).join(", ")
    found.push(blocks(`It belongs to ${countryOf(candidate)}, the account to ${countries}.`))
  }
  if (candidate.type === "agency") {
    found.push(blocks("An agency profile cannot hold sponsored advertising; choose the client's own profile."))
  } else if (candidate.type !== account.accountType) {
    found.push(
      blocks(`It is a ${label[candidate.type]} profile; the account is a ${label[account.accountType]} account.`)
    )
  }
  found.push(...concerns(candidate))
  const ownerId = owner(candidate)
  const sells = candidate.type === "seller" || candidate.type === "walmart-3p"
  if (sells && ownerId !== undefined && Option.isSome(otherOwnerId) && otherOwnerId.value !== ownerId) {
    found.push(warns("It belongs to another seller than the account's other channel."))
  }
  return found
}

const label = { seller: "seller", vendor: "vendor", "walmart-3p": "Walmart 3P", "walmart-1p": "Walmart 1P" } as const

/** What a candidate itself lacks, whatever account it is for. */
const concerns = Candidate.match({
  SellingPartner: (candidate): ReadonlyArray<Obstacle> => [
    ...(candidate.isParticipating ? [] : [blocks("The seller does not participate in this marketplace.")]),
    ...(candidate.hasSuspendedListings ? [warns("The seller's listings are suspended in this marketplace.")] : []),
    ...(candidate.missingScopes === undefined || candidate.missingScopes.length === 0
      ? []
      : [warns(`The consent leaves out: ${candidate.missingScopes.join(", ")}.`)])
  ],
  AdvertisingProfile: (candidate): ReadonlyArray<Obstacle> => [
    ...lacking(PermissionRule.missing(candidate.permission, candidate.key.channel)),
    ...(candidate.validPayment === false ? [warns("The advertising account has a payment problem.")] : [])
  ],
  Advertiser: (candidate): ReadonlyArray<Obstacle> => [
    ...lacking(PermissionRule.missing(candidate.permission, candidate.key.channel)),
    ...(candidate.spendLimitReached === true ? [warns("The advertiser has reached its spend limit.")] : [])
  ]
})

const lacking = (missing: string | undefined): ReadonlyArray<Obstacle> =>
  missing === undefined ? [] : [warns(`It lacks ${missing}; the connection would be limited.`)]

/** What access through a candidate lacks, said to a person; nothing when all is there (rules K-R10, W-R3). */
export const lacks = (candidate: Candidate): string | undefined => {
  if (candidate._tag !== "SellingPartner") return PermissionRule.missing(candidate.permission, candidate.key.channel)
  const { missingScopes = [] } = candidate
  return missingScopes.length === 0 ? undefined : `access to ${missingScopes.join(", ")} (the consent leaves it out)`
}

/** The merchant or entity behind a candidate, as far as it is known. */
export const owner = Candidate.match({
  AdvertisingProfile: (candidate): string | undefined => candidate.ownerId,
  SellingPartner: (candidate): string | undefined => candidate.key.externalId,
  Advertiser: (candidate): string | undefined => candidate.sellerId
})

/** What a login or partner may do with a candidate. A selling partner's consent is whole. */
export const permissionOf = (candidate: Candidate): Permission =>
  "permission" in candidate ? candidate.permission : "edit"

const countryOf = (candidate: Candidate): string =>
  Option.match(Marketplace.find(candidate.key.marketplaceId), {
    onNone: () => candidate.countryCode,
    onSome: (marketplace) => marketplace.country
  })

/** Whether two keys name the same thing. */
export const sameKey = (one: Key, other: Key): boolean => keyText(one) === keyText(other)
