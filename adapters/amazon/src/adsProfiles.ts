/**
 * Profiles of the Ads API as candidates
 * (https://advertising.amazon.com/API/docs/en-us/guides/account-management/authorization/profiles). Every field but the
 * id has been seen missing or null, so what is not needed is filled in from the marketplace, and a profile that lacks
 * what is needed is kept apart instead of hiding the others.
 */
import { Marketplace, Profile, type Region, Text } from "@portolan/domain"
import { Quarantine } from "@portolan/wire"
import { DateTime, Option, Schema } from "effect"

const text = Schema.optionalKey(Schema.NullOr(Schema.String))

const Account = Schema.Struct({
  id: Schema.NonEmptyString,
  type: Schema.NonEmptyString,
  marketplaceStringId: text,
  // Printed so in Amazon's own guide to invoices (https://github.com/amzn/ads-advanced-tools-docs).
  marketplaceStringid: text,
  name: text,
  subType: text,
  validPaymentMethod: Schema.optionalKey(Schema.NullOr(Schema.Unknown))
})

const Body = Schema.Struct({
  profileId: Schema.String.check(Schema.isPattern(/^\d{1,30}$/)),
  countryCode: text,
  currencyCode: text,
  timezone: text,
  accountInfo: Account
})
type Body = typeof Body.Type

const isExternalId = Schema.is(Profile.ExternalId)
const isType = Schema.is(Schema.Literals(["seller", "vendor", "agency"]))

/** The marketplace of a profile, or the words for one that is none here. */
const marketplaceOf = ({ accountInfo, countryCode }: Body): Marketplace.Marketplace | string => {
  const id = accountInfo.marketplaceStringId ?? accountInfo.marketplaceStringid ?? ""
  // Newer account calls write the country differently, and the id is the firmer of the two
  // (https://advertising.amazon.com/API/docs/en-us/reference/api-overview).
  const found =
    id === ""
      ? Option.flatMap(Option.fromNullishOr(countryCode), (code) => Marketplace.findByCountry("amazon", code))
      : Marketplace.find(id)
  return Option.getOrElse(found, () => (id === "" ? "It names no marketplace." : "Its marketplace is not known here."))
}

const currencyOf = (code: string | null | undefined, { currency }: Marketplace.Marketplace): string =>
  /^[A-Z]{3}$/.test(code ?? "") ? (code ?? currency) : currency

const zoneOf = (name: string | null | undefined, { timeZone }: Marketplace.Marketplace): string =>
  Option.isSome(DateTime.zoneMakeNamed(name ?? "")) ? (name ?? timeZone) : timeZone

/** The candidate that a profile is; nothing for one of another region, and the reason for one that is none. */
const candidate = (
  body: Body,
  region: Region.Region,
  permission: "edit" | "view"
): Profile.Candidate | string | undefined => {
  const { accountInfo, profileId } = body
  const marketplace = marketplaceOf(body)
  if (typeof marketplace === "string") return marketplace
  if (marketplace.region !== region || !isExternalId(profileId)) return undefined
  const type = accountInfo.type.trim().toLowerCase()
  if (!isType(type)) return "Its kind of account is not known here."
  const subType = Text.fromProvider(accountInfo.subType ?? "")
  return {
    _tag: "AdvertisingProfile",
    key: { channel: "amazon-ads", region: marketplace.region, marketplaceId: marketplace.id, externalId: profileId },
    // Sellers' profiles may come without a name; the merchant id is what they can recognise then.
    name: Text.fromProvider(accountInfo.name ?? "") || Text.fromProvider(accountInfo.id),
    countryCode: marketplace.countryCode,
    currency: currencyOf(body.currencyCode, marketplace),
    timeZone: zoneOf(body.timezone, marketplace),
    ownerId: Text.fromProvider(accountInfo.id),
    type,
    ...(subType === "" ? {} : { subType }),
    permission,
    ...(typeof accountInfo.validPaymentMethod === "boolean" ? { validPayment: accountInfo.validPaymentMethod } : {})
  }
}

/** What a list of profiles holds. */
export interface Listed {
  readonly found: ReadonlyArray<Profile.Candidate>
  readonly odd: ReadonlyArray<Quarantine.Quarantined>
  /** How many of the odd ones may be profiles that somebody wants: they cannot be read at all. */
  readonly unreadable: number
}

/** Reads a list of profiles of one region. */
export const read = (items: ReadonlyArray<unknown>, region: Region.Region, permission: "edit" | "view"): Listed => {
  const keyOf = (item: unknown) => Quarantine.fieldOf(item, "profileId")
  const { good, odd } = Quarantine.each(items, Body, { what: "listProfiles", keyOf })
  const found: Array<Profile.Candidate> = []
  const others: Array<Quarantine.Quarantined> = []
  for (const body of good) {
    const one = candidate(body, region, permission)
    if (typeof one === "string") others.push(Quarantine.apart(one, body, body.profileId))
    else if (one !== undefined) found.push(one)
  }
  return { found, odd: [...odd, ...others], unreadable: odd.length }
}
