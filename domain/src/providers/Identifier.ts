/**
 * The names by which a catalogue calls its rows. They are open: any text of the right form decodes, because providers
 * come and go and what was stored must stay readable. Which names mean something is what a `Catalogue` says.
 */
import * as Schema from "effect/Schema"
import { text } from "../messages/Messages.ts"

/** The longest name of a row, in characters. */
export const longest = 40

const words = Schema.isPattern(/^[a-z0-9]+(?:-[a-z0-9]+)*$/u, { expected: text("input.dashed-lower-case") })

/** A provider: the company that runs marketplaces, e.g. `amazon`. */
export const Provider = Schema.String.check(Schema.isMaxLength(longest), words)
export type Provider = typeof Provider.Type

/** An API through which an account is reached, e.g. `amazon-ads`. */
export const Channel = Schema.String.check(Schema.isMaxLength(longest), words)
export type Channel = typeof Channel.Type

/** What kind of business an account is at its provider, e.g. `walmart-3p`. Chosen before consent (rules P-R7, W-R7). */
export const AccountType = Schema.String.check(Schema.isMaxLength(longest), words)
export type AccountType = typeof AccountType.Type

/** What is loaded, e.g. `ad-invoices`. */
export const DataClass = Schema.String.check(Schema.isMaxLength(longest), words)
export type DataClass = typeof DataClass.Type

/** The area of a provider within which one consent reaches (rule C5), e.g. `EU`. */
export const Region = Schema.String.check(
  Schema.isMaxLength(longest),
  Schema.isPattern(/^[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*$/u, { expected: text("input.dashed") })
)
export type Region = typeof Region.Type

/**
 * A provider's own id of a marketplace, e.g. `ATVPDKIKX0DER`; where it has none, a name of ours such as `WALMART_US`.
 */
export const MarketplaceId = Schema.String.check(
  Schema.isMaxLength(longest),
  Schema.isPattern(/^[A-Za-z0-9_][A-Za-z0-9_-]*$/u, { expected: text("input.provider-id") })
).pipe(Schema.brand("MarketplaceId"))
export type MarketplaceId = typeof MarketplaceId.Type

/**
 * The marketplace of a connection that was recorded before connections had one (`records/upcasters.ts`), until it is
 * linked. No catalogue has it.
 */
export const unknownMarketplace = "UNKNOWN" as MarketplaceId
