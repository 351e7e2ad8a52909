/**
 * The catalogue of marketplaces: a country's store at a provider, with everything the flows need to know about it.
 *
 * Sources: Selling Partner API marketplace ids (ids, regions), the public marketplace table of ScaleLeap (currency,
 * advertising time zone, storefront, central hosts), the SP-API developer guide and samples (central hosts), Walmart
 * developer documentation. A value that no source confirms is listed in `assumed`: an operator may override it.
 */
import { Array, Option, Schema } from "effect"
import type { Region } from "./Region.ts"
import { Region as RegionSchema } from "./Region.ts"

/** A provider's marketplace id, e.g. `ATVPDKIKX0DER`; Walmart's markets use `WALMART_US` and the like. */
export const MarketplaceId = Schema.String.check(Schema.isPattern(/^[A-Z0-9_]{5,20}$/u)).pipe(
  Schema.brand("MarketplaceId")
)
/** Identifies a marketplace across providers. */
export type MarketplaceId = typeof MarketplaceId.Type

/** Which company runs the marketplace. */
export const Provider = Schema.Literals(["amazon", "walmart"])
/** Amazon or Walmart. */
export type Provider = typeof Provider.Type

/** One marketplace and what a connection needs to know of it. */
export const Marketplace = Schema.Struct({
  id: MarketplaceId,
  provider: Provider,
  region: RegionSchema,
  /** ISO 3166-1 alpha-2, as the Selling Partner API writes it (`GB`). */
  countryCode: Schema.String,
  /** The same country as the Ads API writes it (`UK`). */
  adsCountryCode: Schema.String,
  country: Schema.String,
  /** ISO 4217. */
  currency: Schema.String,
  /** IANA zone in which advertising days are cut. */
  timeZone: Schema.String,
  storefront: Schema.String,
  /** Host of the seller consent page, without scheme. Empty for Walmart. */
  sellerCentral: Schema.String,
  /** Host of the vendor consent page, without scheme. Empty for Walmart. */
  vendorCentral: Schema.String,
  /** Names of the fields above that no source confirms. */
  assumed: Schema.Array(Schema.String)
})
/** One marketplace and what a connection needs to know of it. */
export type Marketplace = typeof Marketplace.Type

type AmazonRow = Omit<Marketplace, "id" | "provider" | "assumed"> & {
  readonly id: string
  readonly assumed?: ReadonlyArray<string>
}

const amazon = (row: AmazonRow): Marketplace => ({
  assumed: [],
  ...row,
  id: row.id as MarketplaceId,
  provider: "amazon"
})

const walmart = (countryCode: string, country: string, currency: string, storefront: string): Marketplace => ({
  id: `WALMART_${countryCode}` as MarketplaceId,
  provider: "walmart",
  region: `WALMART-${countryCode}` as Region,
  countryCode,
  adsCountryCode: countryCode,
  country,
  currency,
  timeZone: "UTC",
  storefront,
  sellerCentral: "",
  vendorCentral: "",
  assumed: ["timeZone"]
})

/** Every Amazon and Walmart marketplace that has an API region. China is left out: it has none. */
export const all: ReadonlyArray<Marketplace> = [
  amazon({
    id: "ATVPDKIKX0DER",
    region: "NA",
    countryCode: "US",
    adsCountryCode: "US",
    country: "United States",
    currency: "USD",
    timeZone: "America/Los_Angeles",
    storefront: "www.amazon.com",
    sellerCentral: "sellercentral.amazon.com",
    vendorCentral: "vendorcentral.amazon.com"
  }),
  amazon({
    id: "A2EUQ1WTGCTBG2",
    region: "NA",
    countryCode: "CA",
    adsCountryCode: "CA",
    country: "Canada",
    currency: "CAD",
    timeZone: "America/Los_Angeles",
    storefront: "www.amazon.ca",
    sellerCentral: "sellercentral.amazon.ca",
    vendorCentral: "vendorcentral.amazon.ca"
  }),
  amazon({
    id: "A1AM78C64UM0Y8",
    region: "NA",
    countryCode: "MX",
    adsCountryCode: "MX",
    country: "Mexico",
    currency: "MXN",
    timeZone: "America/Los_Angeles",
    storefront: "www.amazon.com.mx",
    sellerCentral: "sellercentral.amazon.com.mx",
    vendorCentral: "vendorcentral.amazon.com.mx"
  }),
  amazon({
    id: "A2Q3Y263D00KWC",
    region: "NA",
    countryCode: "BR",
    adsCountryCode: "BR",
    country: "Brazil",
    currency: "BRL",
    timeZone: "America/Sao_Paulo",
    storefront: "www.amazon.com.br",
    sellerCentral: "sellercentral.amazon.com.br",
    vendorCentral: "vendorcentral.amazon.com.br"
  }),
  amazon({
    id: "A1F83G8C2ARO7P",
    region: "EU",
    countryCode: "GB",
    adsCountryCode: "UK",
    country: "United Kingdom",
    currency: "GBP",
    timeZone: "Europe/London",
    storefront: "www.amazon.co.uk",
    sellerCentral: "sellercentral-europe.amazon.com",
    vendorCentral: "vendorcentral.amazon.co.uk"
  }),
  amazon({
    id: "A1PA6795UKMFR9",
    region: "EU",
    countryCode: "DE",
    adsCountryCode: "DE",
    country: "Germany",
    currency: "EUR",
    timeZone: "Europe/Paris",
    storefront: "www.amazon.de",
    sellerCentral: "sellercentral-europe.amazon.com",
    vendorCentral: "vendorcentral.amazon.de"
  }),
  amazon({
    id: "A13V1IB3VIYZZH",
    region: "EU",
    countryCode: "FR",
    adsCountryCode: "FR",
    country: "France",
    currency: "EUR",
    timeZone: "Europe/Paris",
    storefront: "www.amazon.fr",
    sellerCentral: "sellercentral-europe.amazon.com",
    vendorCentral: "vendorcentral.amazon.fr"
  }),
  amazon({
    id: "APJ6JRA9NG5V4",
    region: "EU",
    countryCode: "IT",
    adsCountryCode: "IT",
    country: "Italy",
    currency: "EUR",
    timeZone: "Europe/Paris",
    storefront: "www.amazon.it",
    sellerCentral: "sellercentral-europe.amazon.com",
    vendorCentral: "vendorcentral.amazon.it"
  }),
  amazon({
    id: "A1RKKUPIHCS9HS",
    region: "EU",
    countryCode: "ES",
    adsCountryCode: "ES",
    country: "Spain",
    currency: "EUR",
    timeZone: "Europe/Paris",
    storefront: "www.amazon.es",
    sellerCentral: "sellercentral-europe.amazon.com",
    vendorCentral: "vendorcentral.amazon.es"
  }),
  amazon({
    id: "A1805IZSGTT6HS",
    region: "EU",
    countryCode: "NL",
    adsCountryCode: "NL",
    country: "Netherlands",
    currency: "EUR",
    timeZone: "Europe/Amsterdam",
    storefront: "www.amazon.nl",
    sellerCentral: "sellercentral.amazon.nl",
    vendorCentral: "vendorcentral.amazon.nl"
  }),
  amazon({
    id: "A2NODRKZP88ZB9",
    region: "EU",
    countryCode: "SE",
    adsCountryCode: "SE",
    country: "Sweden",
    currency: "SEK",
    timeZone: "Europe/Stockholm",
    storefront: "www.amazon.se",
    sellerCentral: "sellercentral.amazon.se",
    vendorCentral: "vendorcentral.amazon.se"
  }),
  amazon({
    id: "A1C3SOZRARQ6R3",
    region: "EU",
    countryCode: "PL",
    adsCountryCode: "PL",
    country: "Poland",
    currency: "PLN",
    timeZone: "Europe/Warsaw",
    storefront: "www.amazon.pl",
    sellerCentral: "sellercentral.amazon.pl",
    vendorCentral: "vendorcentral.amazon.pl"
  }),
  amazon({
    id: "AMEN7PMS3EDWL",
    region: "EU",
    countryCode: "BE",
    adsCountryCode: "BE",
    country: "Belgium",
    currency: "EUR",
    timeZone: "Europe/Brussels",
    storefront: "www.amazon.com.be",
    sellerCentral: "sellercentral.amazon.com.be",
    vendorCentral: "vendorcentral.amazon.com.be"
  }),
  amazon({
    id: "A28R8C7NBKEWEA",
    region: "EU",
    countryCode: "IE",
    adsCountryCode: "IE",
    country: "Ireland",
    currency: "EUR",
    timeZone: "Europe/Dublin",
    storefront: "www.amazon.ie",
    sellerCentral: "sellercentral.amazon.ie",
    vendorCentral: "vendorcentral.amazon.ie",
    assumed: ["timeZone", "sellerCentral", "vendorCentral"]
  }),
  amazon({
    id: "A33AVAJ2PDY3EV",
    region: "EU",
    countryCode: "TR",
    adsCountryCode: "TR",
    country: "Turkey",
    currency: "TRY",
    timeZone: "Europe/Istanbul",
    storefront: "www.amazon.com.tr",
    sellerCentral: "sellercentral.amazon.com.tr",
    vendorCentral: "vendorcentral.amazon.com.tr"
  }),
  amazon({
    id: "A2VIGQ35RCS4UG",
    region: "EU",
    countryCode: "AE",
    adsCountryCode: "AE",
    country: "United Arab Emirates",
    currency: "AED",
    timeZone: "Asia/Dubai",
    storefront: "www.amazon.ae",
    sellerCentral: "sellercentral.amazon.ae",
    vendorCentral: "vendorcentral.amazon.me"
  }),
  amazon({
    id: "A17E79C6D8DWNP",
    region: "EU",
    countryCode: "SA",
    adsCountryCode: "SA",
    country: "Saudi Arabia",
    currency: "SAR",
    timeZone: "Asia/Riyadh",
    storefront: "www.amazon.sa",
    sellerCentral: "sellercentral.amazon.sa",
    vendorCentral: "vendorcentral.amazon.me"
  }),
  amazon({
    id: "ARBP9OOSHTCHU",
    region: "EU",
    countryCode: "EG",
    adsCountryCode: "EG",
    country: "Egypt",
    currency: "EGP",
    timeZone: "Africa/Cairo",
    storefront: "www.amazon.eg",
    sellerCentral: "sellercentral.amazon.eg",
    vendorCentral: "vendorcentral.amazon.me"
  }),
  amazon({
    id: "A21TJRUUN4KGV",
    region: "EU",
    countryCode: "IN",
    adsCountryCode: "IN",
    country: "India",
    currency: "INR",
    timeZone: "Asia/Kolkata",
    storefront: "www.amazon.in",
    sellerCentral: "sellercentral.amazon.in",
    vendorCentral: "www.vendorcentral.in"
  }),
  amazon({
    id: "AE08WJ6YKNBMC",
    region: "EU",
    countryCode: "ZA",
    adsCountryCode: "ZA",
    country: "South Africa",
    currency: "ZAR",
    timeZone: "Africa/Johannesburg",
    storefront: "www.amazon.co.za",
    sellerCentral: "sellercentral.amazon.co.za",
    vendorCentral: "vendorcentral.amazon.co.za"
  }),
  amazon({
    id: "A1VC38T7YXB528",
    region: "FE",
    countryCode: "JP",
    adsCountryCode: "JP",
    country: "Japan",
    currency: "JPY",
    timeZone: "Asia/Tokyo",
    storefront: "www.amazon.co.jp",
    sellerCentral: "sellercentral.amazon.co.jp",
    vendorCentral: "vendorcentral.amazon.co.jp"
  }),
  amazon({
    id: "A39IBJ37TRP1C6",
    region: "FE",
    countryCode: "AU",
    adsCountryCode: "AU",
    country: "Australia",
    currency: "AUD",
    timeZone: "Australia/Sydney",
    storefront: "www.amazon.com.au",
    sellerCentral: "sellercentral.amazon.com.au",
    vendorCentral: "vendorcentral.amazon.com.au"
  }),
  amazon({
    id: "A19VAU5U5O7RUS",
    region: "FE",
    countryCode: "SG",
    adsCountryCode: "SG",
    country: "Singapore",
    currency: "SGD",
    timeZone: "Asia/Singapore",
    storefront: "www.amazon.sg",
    sellerCentral: "sellercentral.amazon.sg",
    vendorCentral: "vendorcentral.amazon.com.sg"
  }),
  walmart("US", "United States", "USD", "www.walmart.com"),
  walmart("CA", "Canada", "CAD", "www.walmart.ca"),
  walmart("MX", "Mexico", "MXN", "www.walmart.com.mx"),
  walmart("CL", "Chile", "CLP", "www.walmart.cl")
]

const byId = new Map<string, Marketplace>(all.map((marketplace) => [marketplace.id, marketplace]))

/** Finds a marketplace by its provider id. Unknown ids are absent, so pseudo marketplaces are filtered by asking here. */
export const find = (id: string): Option.Option<Marketplace> => Option.fromUndefinedOr(byId.get(id))

/** Finds a marketplace that is known to exist; a defect otherwise. For ids that were decoded against the catalogue. */
export const get = (id: MarketplaceId): Marketplace => {
  const found = byId.get(id)
  if (found === undefined) throw new Error(`marketplace ${id} is not in the catalogue`)
  return found
}

/** A marketplace id that is in the catalogue. */
export const Known = MarketplaceId.check(
  Schema.makeFilter((id) => byId.has(id), { expected: "a marketplace id of the catalogue" })
)

/**
 * Finds a marketplace by country in either spelling (`GB` and `UK`), case-insensitively.
 * Country spelling is untrusted input (rule K-R7).
 */
export const findByCountry = (provider: Provider, code: string): Option.Option<Marketplace> => {
  const wanted = code.trim().toUpperCase()
  return Array.findFirst(
    all,
    (marketplace) =>
      marketplace.provider === provider && (marketplace.countryCode === wanted || marketplace.adsCountryCode === wanted)
  )
}

/** The marketplaces of one region, in catalogue order. */
export const inRegion = (region: Region): ReadonlyArray<Marketplace> =>
  all.filter((marketplace) => marketplace.region === region)
