/**
 * Amazon's marketplaces: every one that has an API region. China is left out: it has none.
 *
 * A value that no source confirms is listed in `assumed`: an operator may override it.
 *
 * @see https://developer-docs.amazon.com/sp-api/docs/marketplace-ids for ids and regions
 * @see https://developer-docs.amazon.com/sp-api/docs/seller-central-urls for central hosts
 * @see https://github.com/ScaleLeap/amazon-marketplaces for currencies, time zones and storefronts
 */
import type { MarketplaceRow } from "./ProviderTable.ts"

type AmazonRegion = "NA" | "EU" | "FE"

/** `domain`: the store's, without `www.`; unless `more` says otherwise, the consent pages lie below it. */
type Row = readonly [
  id: string,
  region: AmazonRegion,
  countryCode: string,
  country: string,
  currency: string,
  timeZone: string,
  domain: string,
  more?: Partial<MarketplaceRow<AmazonRegion>>
]

const rows: ReadonlyArray<Row> = [
  ["ATVPDKIKX0DER", "NA", "US", "United States", "USD", "America/Los_Angeles", "amazon.com"],
  ["A2EUQ1WTGCTBG2", "NA", "CA", "Canada", "CAD", "America/Los_Angeles", "amazon.ca"],
  ["A1AM78C64UM0Y8", "NA", "MX", "Mexico", "MXN", "America/Los_Angeles", "amazon.com.mx"],
  ["A2Q3Y263D00KWC", "NA", "BR", "Brazil", "BRL", "America/Sao_Paulo", "amazon.com.br"],
  [
    "A1F83G8C2ARO7P",
    "EU",
    "GB",
    "United Kingdom",
    "GBP",
    "Europe/London",
    "amazon.co.uk",
    { adsCountryCode: "UK", sellerCentral: "sellercentral-europe.amazon.com" }
  ],
  [
    "A1PA6795UKMFR9",
    "EU",
    "DE",
    "Germany",
    "EUR",
    "Europe/Paris",
    "amazon.de",
    { sellerCentral: "sellercentral-europe.amazon.com" }
  ],
  [
    "A13V1IB3VIYZZH",
    "EU",
    "FR",
    "France",
    "EUR",
    "Europe/Paris",
    "amazon.fr",
    { sellerCentral: "sellercentral-europe.amazon.com" }
  ],
  [
    "APJ6JRA9NG5V4",
    "EU",
    "IT",
    "Italy",
    "EUR",
    "Europe/Paris",
    "amazon.it",
    { sellerCentral: "sellercentral-europe.amazon.com" }
  ],
  [
    "A1RKKUPIHCS9HS",
    "EU",
    "ES",
    "Spain",
    "EUR",
    "Europe/Paris",
    "amazon.es",
    { sellerCentral: "sellercentral-europe.amazon.com" }
  ],
  ["A1805IZSGTT6HS", "EU", "NL", "Netherlands", "EUR", "Europe/Amsterdam", "amazon.nl"],
  ["A2NODRKZP88ZB9", "EU", "SE", "Sweden", "SEK", "Europe/Stockholm", "amazon.se"],
  ["A1C3SOZRARQ6R3", "EU", "PL", "Poland", "PLN", "Europe/Warsaw", "amazon.pl"],
  ["AMEN7PMS3EDWL", "EU", "BE", "Belgium", "EUR", "Europe/Brussels", "amazon.com.be"],
  [
    "A28R8C7NBKEWEA",
    "EU",
    "IE",
    "Ireland",
    "EUR",
    "Europe/Dublin",
    "amazon.ie",
    { assumed: ["timeZone", "sellerCentral", "vendorCentral"] }
  ],
  ["A33AVAJ2PDY3EV", "EU", "TR", "Turkey", "TRY", "Europe/Istanbul", "amazon.com.tr"],
  [
    "A2VIGQ35RCS4UG",
    "EU",
    "AE",
    "United Arab Emirates",
    "AED",
    "Asia/Dubai",
    "amazon.ae",
    { vendorCentral: "vendorcentral.amazon.me" }
  ],
  [
    "A17E79C6D8DWNP",
    "EU",
    "SA",
    "Saudi Arabia",
    "SAR",
    "Asia/Riyadh",
    "amazon.sa",
    { vendorCentral: "vendorcentral.amazon.me" }
  ],
  [
    "ARBP9OOSHTCHU",
    "EU",
    "EG",
    "Egypt",
    "EGP",
    "Africa/Cairo",
    "amazon.eg",
    { vendorCentral: "vendorcentral.amazon.me" }
  ],
  ["A21TJRUUN4KGV", "EU", "IN", "India", "INR", "Asia/Kolkata", "amazon.in", { vendorCentral: "www.vendorcentral.in" }],
  ["AE08WJ6YKNBMC", "EU", "ZA", "South Africa", "ZAR", "Africa/Johannesburg", "amazon.co.za"],
  ["A1VC38T7YXB528", "FE", "JP", "Japan", "JPY", "Asia/Tokyo", "amazon.co.jp"],
  ["A39IBJ37TRP1C6", "FE", "AU", "Australia", "AUD", "Australia/Sydney", "amazon.com.au"],
  [
    "A19VAU5U5O7RUS",
    "FE",
    "SG",
    "Singapore",
    "SGD",
    "Asia/Singapore",
    "amazon.sg",
    { vendorCentral: "vendorcentral.amazon.com.sg" }
  ]
]

/** Amazon's marketplaces. */
export const marketplaces: ReadonlyArray<MarketplaceRow<AmazonRegion>> = rows.map(
  ([id, region, countryCode, country, currency, timeZone, domain, more]) => ({
    id,
    region,
    countryCode,
    country,
    currency,
    timeZone,
    storefront: `www.${domain}`,
    sellerCentral: `sellercentral.${domain}`,
    vendorCentral: `vendorcentral.${domain}`,
    ...more
  })
)
