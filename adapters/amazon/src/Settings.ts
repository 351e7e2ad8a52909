/**
 * What an operator tells this adapter: the applications registered at Amazon, and, when the defaults do not fit, other
 * addresses, limits and assumptions. `Settings` is a Schema, so an app decodes it from its own configuration.
 */
import { Catalogue, ConsentEnd } from "@portolan/domain"
import type { Applications } from "@portolan/ports"
import { Options } from "@portolan/wire"
import { Effect, Schema } from "effect"

const { days, names, optional, positive } = Options

const client = {
  /**
   * Login with Amazon client id, `amzn1.application-oa2-client.…`, at most 100 bytes
   * (https://advertising.amazon.com/API/docs/en-us/guides/account-management/authorization/authorization-grants).
   */
  clientId: Schema.NonEmptyString.check(Schema.isMaxLength(100)),
  clientSecret: Schema.RedactedFromValue(Schema.NonEmptyString)
}

/** The application for the Ads API: a Login with Amazon client that Amazon approved for the advertising scope. */
export const AdsApplication = Schema.Struct(client)
/** The application for the Ads API. */
export type AdsApplication = typeof AdsApplication.Type

/** The application for the Selling Partner API. */
export const SpApplication = Schema.Struct({
  ...client,
  /**
   * `amzn1.sp.solution.…` or the older `amzn1.sellerapps.app.…`
   * (https://developer-docs.amazon.com/sp-api/docs/website-authorization-workflow).
   */
  applicationId: Schema.NonEmptyString,
  /** True while Amazon lists the application as a draft; the consent page then wants `version=beta`, else MD1000. */
  draft: Schema.Boolean,
  /**
   * `AppName/1.0 (Language=…; Platform=…)`, at most 500 characters (https://github.com/amzn/selling-partner-api-docs).
   */
  userAgent: Schema.NonEmptyString.check(Schema.isMaxLength(500))
})
/** The application for the Selling Partner API. */
export type SpApplication = typeof SpApplication.Type

/** Bounds of every call. */
export const Limits = Schema.Struct({
  ...Options.callLimits,
  /** What `NotReady` asks for while an advertising report is being made. */
  adsPollSeconds: positive,
  /** What `NotReady` asks for while a Selling Partner report is being made. */
  spPollSeconds: positive
})
/** Bounds of every call. */
export type Limits = Required<typeof Limits.Type>

/** The limits unless told otherwise. Amazon advises slow polling of reports, which take 20 minutes to 3 hours. */
export const limits: Limits = { ...Options.standardCallLimits, adsPollSeconds: 120, spPollSeconds: 60 }

/** What no Amazon page confirms, or what an operator may decide otherwise. */
export const Assumptions = Schema.Struct({
  /** Scopes asked for at the Ads consent. */
  adsScope: names,
  /** Days until an Ads consent ends by itself; null when it does not. */
  adsConsentDays: days,
  /** The first day (UTC) of Ads consents that end by themselves; earlier ones do not. */
  adsConsentsEndFrom: optional(Schema.String.check(Schema.isPattern(/^\d{4}-\d{2}-\d{2}$/))),
  /** Days until a Selling Partner consent ends by itself; null for private applications. */
  spConsentDays: days,
  /** Columns of the daily Sponsored Products campaign report beside `date` and `campaignId`. */
  adsColumns: names,
  /**
   * Headings of the listings report that identify a listing, beside those that are known; the first that occurs counts.
   */
  listingKeys: optional(Schema.Array(Schema.NonEmptyString)),
  /**
   * Character set of a listings report that is not UTF-8 and does not name its own, by marketplace id. A marketplace
   * left out has none: any bytes are letters in some set, and wrong names would be landed.
   */
  listingCharsets: optional(Schema.Record(Schema.String, Schema.NonEmptyString)),
  /** Language of the listings report's headings; null asks for none. */
  listingLocale: optional(Schema.NullOr(Schema.NonEmptyString)),
  /**
   * The article number that a fees estimate is asked for, only to learn which seller the answer names. It need not
   * exist: the seller is named also when the estimate ends with an error
   * (https://github.com/amzn/selling-partner-api-docs/issues/492).
   */
  identityAsin: optional(Schema.String.check(Schema.isPattern(/^[A-Z0-9]{10}$/))),
  /**
   * Hosts beside the Seller and Vendor Centrals where a consent that began at Amazon may be confirmed. Amazon's example
   * has `amazon.com`; no page lists them
   * (https://developer-docs.amazon.com/sp-api/docs/selling-partner-appstore-authorization-workflow).
   */
  confirmationHosts: names,
  /** Hosts, or parents of hosts, that report links may point to, https only. */
  downloadHosts: names,
  /**
   * Days that a client secret of a Selling Partner application works
   * (https://developer-docs.amazon.com/sp-api/docs/authorization-errors); null for no end.
   */
  spSecretDays: days,
  /** The same for a client that is for advertising only; no page says whether the rule holds for it. */
  adsSecretDays: days,
  /**
   * Days that the secret before works after a new one was made (https://github.com/amzn/selling-partner-api-samples,
   * use-cases/auth-lifecycle-management); null when that is not known.
   */
  secretOverlapDays: days,
  /** The region whose host is called to make a new secret; no page names one. */
  rotationRegion: optional(Schema.Literals(["NA", "EU", "FE"])),
  /**
   * Whether the token endpoint judges the client before the refresh token
   * (https://www.rfc-editor.org/rfc/rfc6749.html#section-5.2). Then a made-up refresh token tells whether the secret of
   * a client for advertising is accepted; else it stays unclear.
   */
  judgesClientFirst: optional(Schema.Boolean)
})
/** What no Amazon page confirms, or what an operator may decide otherwise. */
export type Assumptions = Required<typeof Assumptions.Type>

/**
 * Marketplaces whose languages are written in windows-1252
 * (https://encoding.spec.whatwg.org/#legacy-single-byte-encodings).
 */
const westernMarketplaces = Catalogue.amazon.marketplaces
  .filter(({ countryCode }) => /^(?:US|CA|MX|BR|GB|DE|FR|IT|ES|NL|BE|IE|SE|AU|SG|ZA|IN)$/.test(countryCode))
  .map(({ id }) => id)

const adsEnd = ConsentEnd.rule("amazon-ads")

/**
 * The assumptions unless told otherwise. When consents end is as the domain's table of providers has it.
 * The README gives the reason for each.
 */
export const assumptions: Assumptions = {
  adsScope: ["advertising::campaign_management", "profile:user_id"],
  adsConsentDays: adsEnd?.days ?? null,
  adsConsentsEndFrom: adsEnd?.from ?? "1970-01-01",
  spConsentDays: ConsentEnd.rule("amazon-sp")?.days ?? null,
  // Every column of Amazon's own recorded example of this report type
  // (https://advertising.amazon.com/API/docs/en-us/guides/reporting/v3/get-started).
  adsColumns: ["impressions", "clicks", "cost", "purchases1d", "purchases7d", "purchases14d", "purchases30d"],
  listingKeys: [],
  listingCharsets: {
    ...Object.fromEntries(westernMarketplaces.map((id) => [id, "windows-1252"])),
    // https://github.com/amzn/selling-partner-api-docs/issues/2086
    A1VC38T7YXB528: "shift_jis"
  },
  listingLocale: "en_US",
  identityAsin: "B000000000",
  confirmationHosts: ["amazon.com"],
  downloadHosts: ["amazonaws.com", "cloudfront.net"],
  spSecretDays: 180,
  // Unconfirmed, and the careful one: a countdown in vain costs a look, a missing one every customer's data.
  adsSecretDays: 180,
  secretOverlapDays: 7,
  rotationRegion: "NA",
  judgesClientFirst: true
}

/** Everything an operator may set. A channel whose application is absent is `ChannelUnavailable`. */
export const Settings = Schema.Struct({
  ads: optional(AdsApplication),
  sp: optional(SpApplication),
  /** Real host to base address, such as `{"api.amazon.com": "http://127.0.0.1:4010/api.amazon.com"}`. */
  addresses: Options.addresses,
  limits: optional(Limits),
  assumptions: optional(Assumptions)
})
/** Everything an operator may set, decoded. */
export type Settings = typeof Settings.Type

/** What the layer takes: decoded settings, or the same written in code, where the addresses may also be a function. */
export interface Given extends Omit<Settings, "addresses"> {
  /** Other addresses than the provider's, by host, or a function of the host. */
  readonly addresses?: Exclude<Options.Addresses, undefined>
  /** Which secrets to send; those of the settings, for ever, unless an app says otherwise. */
  readonly secrets?: Applications.SecretSource
}

/** Settings with every default filled in. */
export interface Resolved {
  readonly ads?: AdsApplication
  readonly sp?: SpApplication
  readonly limits: Limits
  readonly assumptions: Assumptions
  /** Base address of a real host, without a trailing slash. */
  readonly address: (host: string) => string
  readonly secrets: Applications.SecretSource
}

/** The id of a client among the applications of an installation. */
export const applicationId = ({ clientId }: Pick<AdsApplication, "clientId">): string => `amazon/${clientId}`

/** The secrets as they are set. Two channels of one client have one secret. */
const fixed = ({ ads, sp }: Given): Applications.SecretSource => ({
  candidates: (id) =>
    Effect.succeed(
      [sp, ads].flatMap((one) => (one === undefined || applicationId(one) !== id ? [] : [{ secret: one.clientSecret }]))
    ),
  report: () => Effect.void
})

/** Fills in the defaults; hosts without an address of their own are reached at `https://HOST`. */
export const resolve = (given: Given): Resolved => {
  return {
    ...(given.ads === undefined ? {} : { ads: given.ads }),
    ...(given.sp === undefined ? {} : { sp: given.sp }),
    limits: { ...limits, ...given.limits },
    assumptions: { ...assumptions, ...given.assumptions },
    address: Options.addressOf(given.addresses),
    secrets: given.secrets ?? fixed(given)
  }
}

/** Decodes configuration as it comes from a file or the environment; throws with the path of what is wrong. */
export const decode = Schema.decodeUnknownSync(Settings)
