/** Profiles on the wire. Identifiers of providers are text, digit for digit: they exceed 2^53. */
import { AccountType, Channel, given, Id, Marketplace, Messages, Permission, Profile, Region } from "@portolan/domain"
import type { PendingAuthorizations } from "@portolan/ports"
import { Effect, Option, Schema } from "effect"
import { InvalidInput } from "../RequestError.ts"
import { Instant, instant } from "./Text.ts"

/** What is unique about a profile. */
export const Key = Schema.Struct({
  channel: Channel.Channel,
  region: Region.Region,
  marketplaceId: Marketplace.MarketplaceId,
  externalId: Profile.ExternalId
})

// The line that `Profile.keyText` writes.
const parts = {
  channel: "[a-z0-9-]{1,40}",
  region: "[A-Za-z0-9-]{1,40}",
  marketplaceId: "[A-Za-z0-9_-]{1,40}",
  externalId: "[A-Za-z0-9._:-]{1,100}"
}
const reference = new RegExp(
  `^${Object.entries(parts)
    .map(([name, pattern]) => `(?<${name}>${pattern})`)
    .join("\\/")}$`,
  "u"
)

/** A profile's key as one line of text: `channel/region/marketplace/id`. */
export const Reference = Schema.String.check(Schema.isPattern(reference))

const decodeKey = Schema.decodeUnknownOption(Key)

const notAChoice = new InvalidInput({
  errors: [{ pointer: "/profile", detail: Messages.text("api.profile-reference") }]
})

/** Reads a reference or a key, the `profile` of a body. */
export const keyOf = (profile: string | Profile.Key): Effect.Effect<Profile.Key, InvalidInput> =>
  typeof profile === "string"
    ? Option.match(decodeKey(reference.exec(profile)?.groups), {
        onNone: () => Effect.fail(notAChoice),
        onSome: Effect.succeed
      })
    : Effect.succeed(profile)

/** A profile with all that a person needs to recognise it. */
export const Answer = Schema.Struct({
  reference: Schema.String.annotate({ description: "Names the profile when one is selected." }),
  key: Schema.Struct({
    channel: Channel.Channel,
    region: Region.Region,
    marketplaceId: Schema.String,
    externalId: Schema.String
  }),
  kind: Schema.Literals(["advertising-profile", "selling-partner", "advertiser", "profile"]),
  name: Schema.String,
  countryCode: Schema.String,
  currency: Schema.String,
  type: AccountType.AccountType,
  timeZone: Schema.optionalKey(Schema.String),
  ownerId: Schema.optionalKey(Schema.String),
  subType: Schema.optionalKey(Schema.String),
  permission: Schema.optionalKey(Permission.Permission),
  validPayment: Schema.optionalKey(Schema.Boolean),
  isParticipating: Schema.optionalKey(Schema.Boolean),
  hasSuspendedListings: Schema.optionalKey(Schema.Boolean),
  missingScopes: Schema.optionalKey(Schema.Array(Schema.String)),
  sellerId: Schema.optionalKey(Schema.String),
  sellerName: Schema.optionalKey(Schema.String),
  accessGivenAt: Schema.optionalKey(Instant),
  spendLimitReached: Schema.optionalKey(Schema.Boolean),
  details: Schema.optionalKey(Schema.Array(Schema.Struct({ name: Schema.String, value: Schema.String })))
}).annotate({
  identifier: "Profile",
  description: "An advertising profile, a selling partner in a marketplace, or an advertiser."
})

/** A profile to choose from, with what speaks against it and who holds it. */
export const Choice = Schema.Struct({
  profile: Answer,
  obstacles: Schema.Array(Schema.Struct({ weight: Schema.Literals(["blocks", "warns"]), detail: Schema.String })),
  heldBy: Schema.optionalKey(
    Schema.Struct({ accountId: Id.AccountId, accountName: Schema.String, connectionId: Id.ConnectionId })
  )
}).annotate({
  identifier: "Choice",
  description:
    "A profile, the obstacles to it (`blocks`: it cannot be selected; `warns`: it needs `confirmed`), and the " +
    "account of your organization that holds it."
})

/** Writes a profile. */
export const of = (candidate: Profile.Candidate): typeof Answer.Type => {
  const {
    countryCode,
    currency,
    key: { channel, externalId, marketplaceId, region },
    name,
    type
  } = candidate
  const common = {
    reference: Profile.keyText(candidate.key),
    key: { channel, region, marketplaceId, externalId },
    name,
    countryCode,
    currency,
    type
  }
  switch (candidate._tag) {
    case "ProviderProfile": {
      const { details, missingScopes, ownerId, permission } = candidate
      return { ...common, kind: "profile", permission, ...given({ ownerId, missingScopes, details }) }
    }
    case "SellingPartner": {
      const { hasSuspendedListings, isParticipating, missingScopes } = candidate
      return {
        ...common,
        kind: "selling-partner",
        isParticipating,
        hasSuspendedListings,
        ...(missingScopes === undefined ? {} : { missingScopes })
      }
    }
    case "Advertiser": {
      const { grantedAt, permission, sellerId, sellerName, spendLimitReached } = candidate
      return {
        ...common,
        kind: "advertiser",
        permission,
        ...(sellerId === undefined ? {} : { sellerId }),
        ...(sellerName === undefined ? {} : { sellerName }),
        ...(grantedAt === undefined ? {} : { accessGivenAt: instant(grantedAt) }),
        ...(spendLimitReached === undefined ? {} : { spendLimitReached })
      }
    }
    case "AdvertisingProfile": {
      const { ownerId, permission, subType, timeZone, validPayment } = candidate
      return {
        ...common,
        kind: "advertising-profile",
        timeZone,
        ownerId,
        permission,
        ...(subType === undefined ? {} : { subType }),
        ...(validPayment === undefined ? {} : { validPayment })
      }
    }
  }
}

/** Writes a choice. */
export const choice = ({ candidate, heldBy, obstacles }: PendingAuthorizations.Choice): typeof Choice.Type => ({
  profile: of(candidate),
  obstacles: obstacles.map(({ detail, weight }) => ({ weight, detail })),
  ...(heldBy === undefined ? {} : { heldBy })
})
