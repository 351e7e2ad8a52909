/** The catalogue on the wire: marketplaces, and which accounts need which channels. */
import { AccountType, Channel, Marketplace, Provider, Region } from "@portolan/domain"
import { Schema } from "effect"

/** A marketplace. */
export const MarketplaceAnswer = Schema.Struct({
  id: Schema.String,
  provider: Provider.Provider,
  region: Region.Region,
  countryCode: Schema.String,
  adsCountryCode: Schema.String,
  country: Schema.String,
  currency: Schema.String,
  timeZone: Schema.String,
  storefront: Schema.String,
  assumed: Schema.Array(Schema.String).annotate({ description: "Names of fields that no source confirms." })
}).annotate({ identifier: "Marketplace", description: "A country's store at a provider." })

/** Writes a marketplace. */
export const marketplace = (of: Marketplace.Marketplace): typeof MarketplaceAnswer.Type => ({
  id: of.id,
  provider: of.provider,
  region: of.region,
  countryCode: of.countryCode,
  adsCountryCode: of.adsCountryCode,
  country: of.country,
  currency: of.currency,
  timeZone: of.timeZone,
  storefront: of.storefront,
  assumed: of.assumed
})

/** What an account of one type needs. */
export const Requirement = Schema.Struct({
  provider: Provider.Provider,
  accountType: AccountType.AccountType,
  label: Schema.String,
  channels: Schema.Array(Schema.Struct({ channel: Channel.Channel, label: Schema.String, optional: Schema.Boolean }))
}).annotate({
  identifier: "ChannelRequirement",
  description: "The channels that an account of one type can have, and which it needs."
})

/** The whole requirement table (rules C1, C2). */
export const requirements: ReadonlyArray<typeof Requirement.Type> = Provider.all().flatMap((provider) =>
  AccountType.all().flatMap((accountType) => {
    const channels = Channel.required(provider, accountType).map(({ channel, optional }) => ({
      channel,
      label: Channel.label(channel),
      optional
    }))
    return channels.length === 0 ? [] : [{ provider, accountType, label: AccountType.label(accountType), channels }]
  })
)
