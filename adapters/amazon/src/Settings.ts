/**
 * What an operator tells this adapter: the applications registered at Amazon, and, when the defaults do not fit, other
 * addresses, limits and assumptions. `Settings` is a Schema, so an app decodes it from its own configuration.
 */
import { Options } from "@portolan/wire"
import { Schema } from "effect"

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
  /** Days until a Selling Partner consent ends by itself; null for private applications. */
  spConsentDays: days,
  /** Columns of the daily Sponsored Products campaign report beside `date` and `campaignId`. */
  adsColumns: names,
  /** Columns of the listings report that identify a listing; the first that occurs counts. */
  listingKeys: names,
  /** Character set of a listings report that is not UTF-8 and does not tell its own. */
  listingCharset: optional(Schema.NonEmptyString),
  /**
   * The article number that a fees estimate is asked for, only to learn which seller the answer names. It need not
   * exist: the seller is named also when the estimate ends with an error
   * (https://github.com/amzn/selling-partner-api-docs/issues/492).
   */
  identityAsin: optional(Schema.String.check(Schema.isPattern(/^[A-Z0-9]{10}$/))),
  /** Hosts, or parents of hosts, that report links may point to, https only. */
  downloadHosts: names
})
/** What no Amazon page confirms, or what an operator may decide otherwise. */
export type Assumptions = Required<typeof Assumptions.Type>

/** The assumptions unless told otherwise. The README gives the reason for each. */
export const assumptions: Assumptions = {
  adsScope: ["advertising::campaign_management", "profile:user_id"],
  adsConsentDays: 365,
  spConsentDays: 365,
  // Every column of Amazon's own recorded example of this report type
  // (https://advertising.amazon.com/API/docs/en-us/guides/reporting/v3/get-started).
  adsColumns: ["impressions", "clicks", "cost", "purchases1d", "purchases7d", "purchases14d", "purchases30d"],
  listingKeys: ["seller-sku"],
  listingCharset: "windows-1252",
  identityAsin: "B000000000",
  downloadHosts: ["amazonaws.com", "cloudfront.net"]
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
}

/** Settings with every default filled in. */
export interface Resolved {
  readonly ads?: AdsApplication
  readonly sp?: SpApplication
  readonly limits: Limits
  readonly assumptions: Assumptions
  /** Base address of a real host, without a trailing slash. */
  readonly address: (host: string) => string
}

/** Fills in the defaults; hosts without an address of their own are reached at `https://HOST`. */
export const resolve = (given: Given): Resolved => {
  return {
    ...(given.ads === undefined ? {} : { ads: given.ads }),
    ...(given.sp === undefined ? {} : { sp: given.sp }),
    limits: { ...limits, ...given.limits },
    assumptions: { ...assumptions, ...given.assumptions },
    address: Options.addressOf(given.addresses)
  }
}

/** Decodes configuration as it comes from a file or the environment; throws with the path of what is wrong. */
export const decode = Schema.decodeUnknownSync(Settings)
