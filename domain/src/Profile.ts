/**
 * What a grant lets us act on: an advertising profile, or a selling partner in a marketplace. A person chooses the
 * right one (rules K-R12, K-R13, K-R14), and it is bound to one live account only (rule C4).
 */
import { Option, Schema } from "effect"
import type * as Account from "./Account.ts"
import { Channel } from "./Channel.ts"
import { MarketplaceId } from "./Marketplace.ts"
import * as Marketplace from "./Marketplace.ts"
import { Permission } from "./Permission.ts"
import * as PermissionRule from "./Permission.ts"
import { Region } from "./Region.ts"

/** A provider's identifier, digit for digit. Advertising profile ids exceed 2^53, so it is text. */
export const ExternalId = Schema.String.check(Schema.isPattern(/^[A-Za-z0-9._:-]{1,100}$/u)).pipe(Schema.brand("ExternalId"))
/** A provider's identifier, digit for digit. */
export type ExternalId = typeof ExternalId.Type

/**
 * What is unique: at most one live account holds it. A selling partner counts once per marketplace, because one seller
 * trades in several countries and each is an account of its own (rule K-R3).
 */
export const Key = Schema.Struct({ channel: Channel, region: Region, marketplaceId: MarketplaceId, externalId: ExternalId })
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
    type: Schema.Literals(["seller", "vendor"]),
    isParticipating: Schema.Boolean,
    hasSuspendedListings: Schema.Boolean
  }
})
/** Something a grant can see, with all that a person needs to recognise it. */
export type Candidate = typeof Candidate.Type

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
 * `otherOwnerId` is the merchant id known from the account's other channel. That both ids are equal for one seller is
 * common practice but not documented, so a difference warns and does not block.
 */
export const obstacles = (
  candidate: Candidate, account: Account.Open, otherOwnerId: Option.Option<string>
): ReadonlyArray<Obstacle> => {
  const found: Array<Obstacle> = []
  const wanted = account.marketplaces.map((id) => Marketplace.get(id))
  if (!account.marketplaces.includes(candidate.key.marketplaceId)) {
    found.push(blocks(`It belongs to ${countryOf(candidate)}, the account to ${wanted.map((m) => m.country).join(", ")}.`))
  }
  if (candidate.type === "agency") {
    found.push(blocks("An agency profile cannot hold sponsored advertising; choose the client's own profile."))
  } else if (candidate.type !== account.accountType) {
    found.push(blocks(`It is a ${candidate.type} profile; the account is a ${account.accountType} account.`))
  }
  if (candidate._tag === "SellingPartner") {
    if (!candidate.isParticipating) found.push(blocks("The seller does not participate in this marketplace."))
    if (candidate.hasSuspendedListings) found.push(warns("The seller's listings are suspended in this marketplace."))
  } else {
    const missing = PermissionRule.missing(candidate.permission)
    if (missing !== undefined) found.push(warns(`The login lacks ${missing}; the connection would be limited.`))
    if (candidate.validPayment === false) found.push(warns("The advertising account has a payment problem."))
  }
  const ownerId = owner(candidate)
  if (candidate.type === "seller" && Option.isSome(otherOwnerId) && otherOwnerId.value !== ownerId) {
    found.push(warns("It belongs to another seller than the account's other channel."))
  }
  return found
}

/** The merchant or entity behind a candidate. */
export const owner = Candidate.match({
  AdvertisingProfile: (candidate) => candidate.ownerId,
  SellingPartner: (candidate): string => candidate.key.externalId
})

const countryOf = (candidate: Candidate): string =>
  Option.match(Marketplace.find(candidate.key.marketplaceId), {
    onNone: () => candidate.countryCode,
    onSome: (marketplace) => marketplace.country
  })

/** Whether two keys name the same thing. */
export const sameKey = (one: Key, other: Key): boolean => keyText(one) === keyText(other)

