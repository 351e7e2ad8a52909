/**
 * What an operator tells this adapter: the Marketplace application, the Connect partner with its key, and, when the
 * defaults do not fit, other addresses, limits and assumptions. `Settings` is a Schema, so an app decodes it from its
 * own configuration.
 */
import { ConsentEnd } from "@portolan/domain"
import type { Applications } from "@portolan/ports"
import { Options } from "@portolan/wire"
import { Effect, Schema } from "effect"
import { readKey } from "./readKey.ts"

export { UnusableKey } from "./readKey.ts"

const { count, names, optional, positive } = Options
const byName = optional(Schema.Record(Schema.String, Schema.NonEmptyString))

/** A value that travels in a header. */
const header = Schema.NonEmptyString.check(Schema.isPattern(/^[\x21-\x7e]+$/u))
const secret = Schema.RedactedFromValue(Schema.NonEmptyString)

/**
 * The application of a solution provider in Walmart's App Store
 * (https://developer.walmart.com/us-marketplace/docs/log-in-and-authorize-app-scope,
 * https://developer.walmart.com/us-marketplace/docs/tokenapi).
 */
export const MarketplaceApplication = Schema.Struct({
  clientId: header,
  clientSecret: secret,
  /** `WM_CONSUMER.CHANNEL.TYPE`, the provider's channel guid; optional in the US, wanted by the older Canadian API. */
  channelType: optional(header)
})
/** The application of a solution provider in Walmart's App Store. */
export type MarketplaceApplication = typeof MarketplaceApplication.Type

/**
 * Our membership of the Walmart Connect Partner Network
 * (https://developer.walmart.com/advertising-partners-search/docs/advertising-account-and-access). One set of
 * credentials for every advertiser.
 */
export const ConnectPartner = Schema.Struct({
  consumerId: header,
  /** Issued once at onboarding. */
  authToken: Schema.RedactedFromValue(header),
  /** RSA private key, PEM (PKCS#8, `openssl genrsa`); its public half is uploaded in the Partner Onboarding Hub. */
  privateKey: secret,
  /** The version under which that public key was uploaded; several may exist while keys are changed. */
  keyVersion: optional(header)
})
/** Our membership of the Walmart Connect Partner Network. */
export type ConnectPartner = typeof ConnectPartner.Type

/** Bounds of every call. */
export const Limits = Schema.Struct({
  ...Options.callLimits,
  /** Most articles whose stock is asked for one by one, where Walmart gives no list of stock. */
  singleSkus: count,
  /** How long a listing of advertisers may take, until it counts as no answer. */
  advertisersSeconds: positive,
  /** Pause between two looks at that listing. */
  advertisersPollSeconds: positive,
  /** What `NotReady` asks for while an advertising report is being made. */
  reportPollSeconds: positive
})
/** Bounds of every call. */
export type Limits = Required<typeof Limits.Type>

/** The limits unless told otherwise. */
export const limits: Limits = {
  ...Options.standardCallLimits,
  singleSkus: 2000,
  advertisersSeconds: 120,
  advertisersPollSeconds: 5,
  reportPollSeconds: 60
}

/**
 * How much of a scope a consent gives (https://developer.walmart.com/us-marketplace/docs/authentication-authorization).
 */
export const ScopeLevel = Schema.Literals(["full_access", "view_only"])
/** How much of a scope a consent gives. */
export type ScopeLevel = typeof ScopeLevel.Type

/** What no Walmart page confirms, or what an operator may decide otherwise. The README gives the reason for each. */
export const Assumptions = Schema.Struct({
  /** `clientType` by marketplace id; a market left out has no consent page. */
  clientTypes: byName,
  /** Whether `redirectUri` is percent-encoded on the consent address. */
  encodeRedirectUri: optional(Schema.Boolean),
  /** Names of callback parameters that tell a refusal; the first that occurs counts. */
  refusalParameters: names,
  /** Names of parameters of the App Log-in URL that name the seller; the first that occurs counts. */
  startSellerParameters: names,
  /** Days until a consent ends by itself; null when it does not. */
  consentDays: optional(Schema.NullOr(Schema.Int.check(Schema.isGreaterThan(0)))),
  /**
   * Error codes (without the part after the dot) that prove a code or refresh token to be dead, with status 400 or
   * 401.
   */
  deadTokenCodes: names,
  /** A refusal of a refresh that may mean us or the grant is told apart by asking for a token of our own. */
  probeOwnCredentials: optional(Schema.Boolean),
  /** What a consent has to give; less is told as missing. */
  scopes: optional(Schema.Record(Schema.String, ScopeLevel)),
  /** Values of `shipNodeType` whose orders are sales; Walmart tells only the seller's own unless asked. */
  shipNodeTypes: names,
  /** Seconds to wait after a Marketplace 429 that does not tell. */
  marketplaceWaitSeconds: positive,
  /** `wap-tenant-id` by region; empty for none. A region left out has no Connect. */
  tenants: optional(Schema.Record(Schema.String, Schema.String)),
  /** Report type of Walmart Connect that has days and campaigns. */
  reportType: optional(Schema.NonEmptyString),
  /** Columns asked for. */
  reportColumns: names,
  /** Columns that together identify a line of the report, the day's first. */
  reportKeys: names,
  /** Days before today that reports reach back. */
  lookbackDays: count,
  /** IANA zone in which reports count days. */
  reportTimeZone: optional(Schema.NonEmptyString),
  /** Seconds to wait after a Connect 429 that does not tell. */
  connectWaitSeconds: positive,
  /** Hosts, or parents of hosts, that links to files may point to, https only. They get our credentials. */
  downloadHosts: names,
  /** Days that the secret of a Marketplace application works; null when no end is known. No page names one. */
  secretDays: Options.days,
  /** Days that the secret before works after a new one was made; null when it is not known. No page names any. */
  secretOverlapDays: Options.days
})
/** What no Walmart page confirms, or what an operator may decide otherwise. */
export type Assumptions = Required<typeof Assumptions.Type>

/** The assumptions unless told otherwise. */
export const assumptions: Assumptions = {
  clientTypes: { WALMART_US: "seller", WALMART_CA: "seller-ca", WALMART_MX: "seller-mx" },
  encodeRedirectUri: false,
  refusalParameters: ["error", "errorCode", "error_code"],
  startSellerParameters: ["sellerId"],
  consentDays: ConsentEnd.rule("walmart-marketplace")?.days ?? null,
  deadTokenCodes: ["INVALID_TOKEN", "INVALID_GRANT"],
  probeOwnCredentials: true,
  scopes: { orders: "view_only", item: "view_only", inventory: "view_only" },
  shipNodeTypes: ["SellerFulfilled", "WFSFulfilled", "3PLFulfilled"],
  marketplaceWaitSeconds: 60,
  tenants: { "WALMART-US": "", "WALMART-CA": "WMT_CA", "WALMART-MX": "WMT_MX" },
  reportType: "adGroup",
  reportColumns: [
    "date",
    "campaignId",
    "numAdsShown",
    "numAdsClicks",
    "adSpend",
    "attributedOrders14days",
    "attributedSales14days"
  ],
  reportKeys: ["date", "campaignId"],
  lookbackDays: 90,
  reportTimeZone: "UTC",
  connectWaitSeconds: 600,
  downloadHosts: ["walmart.com"],
  secretDays: null,
  secretOverlapDays: null
}

/** Everything an operator may set. A channel whose part is absent is `ChannelUnavailable`. */
export const Settings = Schema.Struct({
  marketplace: optional(MarketplaceApplication),
  connect: optional(ConnectPartner),
  /** Real host to base address, such as `{"developer.api.walmart.com": "https://developer.api.stg.walmart.com"}`. */
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

/** The Connect partner without its key, which may change. */
export type Partner = Pick<ConnectPartner, "consumerId" | "authToken">

/** Settings with every default filled in. */
export interface Resolved {
  readonly marketplace?: MarketplaceApplication
  readonly connect?: Partner
  readonly limits: Limits
  readonly assumptions: Assumptions
  /** Base address of a real host, without a trailing slash. */
  readonly address: (host: string) => string
  readonly secrets: Applications.SecretSource
}

/** The id of a Marketplace application among the applications of an installation. */
export const applicationId = ({ clientId }: Pick<MarketplaceApplication, "clientId">): string => `walmart/${clientId}`

/** The id of the partner of Walmart Connect among them; its secret is the key that signs. */
export const partnerId = ({ consumerId }: Pick<ConnectPartner, "consumerId">): string => `walmart-connect/${consumerId}`

/** The key of the settings, under its version. */
export const givenKey = ({ keyVersion = "1", privateKey }: ConnectPartner): Applications.Credential => ({
  secret: privateKey,
  label: keyVersion
})

/** The secrets as they are set. */
const fixed = ({ connect, marketplace }: Given): Applications.SecretSource => ({
  candidates: (id) => {
    if (connect !== undefined && id === partnerId(connect)) return Effect.succeed([givenKey(connect)])
    return Effect.succeed(marketplace === undefined ? [] : [{ secret: marketplace.clientSecret }])
  },
  report: () => Effect.void
})

/**
 * Fills in the defaults and reads the key; hosts without an address of their own are reached at `https://HOST`. Throws
 * `UnusableKey`, so that a process with a bad key does not start.
 */
export const resolve = (given: Given): Resolved => {
  const { connect } = given
  if (connect !== undefined) readKey(connect.privateKey)
  return {
    ...(given.marketplace === undefined ? {} : { marketplace: given.marketplace }),
    ...(connect === undefined ? {} : { connect: { consumerId: connect.consumerId, authToken: connect.authToken } }),
    limits: { ...limits, ...given.limits },
    assumptions: { ...assumptions, ...given.assumptions },
    address: Options.addressOf(given.addresses),
    secrets: given.secrets ?? fixed(given)
  }
}

/** Decodes configuration as it comes from a file or the environment; throws with the path of what is wrong. */
export const decode = Schema.decodeUnknownSync(Settings)
