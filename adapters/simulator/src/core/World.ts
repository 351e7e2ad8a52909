/**
 * The world: one plain, serialisable value that holds everything the simulated providers know. Every fake API is a view
 * of it, and `step` is the only way time passes in it. The front ends own a world and hand it through `step`; nobody
 * else writes to it.
 */
import type { Entry } from "./Exchange.ts"
import type { Fault } from "./FaultOrder.ts"
import * as Random from "./Random.ts"
import type { AccessType, Market, Role, ScopeLevel, WalmartPolicy } from "../walmart/Walmart.ts"
import * as Walmart from "../walmart/Walmart.ts"

/** One of Amazon's three regions. */
export type Region = "NA" | "EU" | "FE"
/** What a person may do with one advertising profile. */
export type Access = "view" | "edit"

/** A registered application: Login with Amazon client, and where it has one, Selling Partner application. */
export type Application = {
  readonly clientId: string
  clientSecret: string
  /**
   * The secret before, still accepted until an instant. Amazon accepts it for 7 more days
   * (https://developer-docs.amazon.com/sp-api/docs/lwa-credentials-faq).
   */
  previousSecret: { readonly secret: string; readonly until: number } | null
  /** When the present secret dies; null for never. */
  secretExpiresAt: number | null
  readonly name: string
  /** Allowed return addresses, compared byte for byte. */
  returnUrls: Array<string>
  adsApproved: boolean
  /** `amzn1.sp.solution.…`; null when the application is for advertising only. */
  readonly spApplicationId: string | null
  draft: boolean
  loginUri: string | null
  /** Selling Partner roles the application asks for; a consent freezes them. */
  roles: Array<string>
  /** How many selling partners may consent; null for a listed application. */
  consentLimit: number | null
}

/** What a person may do in one seller or vendor account. */
export type Membership = {
  readonly account: string
  /** The primary user of the account: the only one who may consent by the documentation. */
  primary: boolean
  /** View and edit on the Appstore page (sellers) or Manage Integrations (vendors). */
  mayAuthorize: boolean
}

/** A person with a login at the provider. */
export type Person = {
  readonly id: string
  readonly name: string
  readonly email: string
  /** `amzn1.account.…`, stable. */
  readonly userId: string
  /** A few words for the sign-in page. */
  readonly role: string
  memberships: Array<Membership>
  profiles: Record<string, Access>
}

/** One marketplace a seller account takes part in. */
export type Participation = { readonly marketplaceId: string; isParticipating: boolean; hasSuspendedListings: boolean }

/** A seller account within one region. */
export type Seller = {
  readonly id: string
  readonly kind: "seller"
  readonly key: string
  readonly name: string
  readonly region: Region
  participations: Array<Participation>
  /** How many articles it keeps in Amazon's warehouses, in each marketplace. */
  readonly skuCount: number
  active: boolean
  /** How Amazon judges the account; absent for `NORMAL`. */
  status?: "NORMAL" | "AT_RISK" | "DEACTIVATED"
}

/** A vendor account within one region; its id is the vendor group code. */
export type Vendor = {
  readonly id: string
  readonly kind: "vendor"
  readonly key: string
  readonly name: string
  readonly region: Region
  readonly marketplaces: Array<string>
  active: boolean
}

/** An advertising profile: one account in one marketplace. The id is decimal digits and may exceed 2^53. */
export type Profile = {
  readonly id: string
  readonly type: "seller" | "vendor" | "agency"
  readonly subType: string | null
  readonly accountId: string
  readonly accountName: string
  readonly marketplaceId: string
  readonly region: Region
  validPaymentMethod: boolean
  dailyBudget: string | null
  /** When the Ads API starts to show it; null while advertising is not active. */
  visibleFrom: number | null
}

/** A Sponsored Products campaign. */
export type Campaign = {
  readonly id: string
  name: string
  state: "ENABLED" | "PAUSED" | "ARCHIVED"
  targetingType: "AUTO" | "MANUAL"
  startDate: string
  /** The last day; absent for none. */
  endDate?: string
  budget: string
  /** As it was given; absent for the default. */
  dynamicBidding?: { readonly strategy?: string; readonly placementBidding?: ReadonlyArray<object> }
  portfolioId?: string
}

/** One consent: who let which application do what, and the tokens that came of it. */
export type Grant = {
  readonly id: string
  readonly kind: "ads" | "selling-partner"
  readonly clientId: string
  readonly person: string
  readonly scope: ReadonlyArray<string>
  /** Seller or vendor id; null for advertising, where the person's permissions decide. */
  readonly account: string | null
  readonly region: Region | null
  readonly roles: ReadonlyArray<string>
  readonly consentedAt: number
  readonly expiresAt: number | null
  revokedAt: number | null
  /** The newest is last. A retired one is accepted until its instant. */
  refreshTokens: Array<{ readonly token: string; retiredAt: number | null }>
  /** Access tokens up to this serial number count as expired, however young. */
  withdrawnSerial: number
  issued: number
}

/** An authorization code that waits to be exchanged. */
export type Code = {
  readonly label: string
  readonly clientId: string
  readonly redirectUri: string
  readonly challenge: string | null
  readonly challengeMethod: "S256" | "plain"
  readonly issuedAt: number
  readonly person: string
  readonly kind: Grant["kind"]
  readonly scope: ReadonlyArray<string>
  readonly account: string | null
  readonly region: Region | null
  readonly roles: ReadonlyArray<string>
  usedAt: number | null
}

/** A reporting v3 request of the Ads API. */
export type AdsReport = {
  readonly id: string
  readonly profileId: string
  readonly clientId: string
  readonly name: string | null
  readonly startDate: string
  readonly endDate: string
  readonly configuration: Record<string, unknown>
  readonly fingerprint: string
  readonly createdAt: number
  readonly processingAt: number
  readonly doneAt: number
  readonly fails: boolean
  cancelled: boolean
  fileSize: number | null
}

/** A Reports 2021-06-30 request of the Selling Partner API. */
export type SpReport = {
  readonly id: string
  readonly documentId: string
  readonly account: string
  readonly region: Region
  readonly clientId: string
  readonly reportType: string
  readonly marketplaceIds: ReadonlyArray<string>
  readonly dataStartTime: number
  readonly dataEndTime: number
  /** The days asked for, both included, where the time of day was ignored. */
  readonly days?: { readonly first: string; readonly last: string }
  /** What was asked for beside type and window; absent for none. */
  readonly options?: Readonly<Record<string, string>>
  readonly createdAt: number
  readonly processingAt: number
  readonly doneAt: number
  readonly fails: boolean
  /** Ends cancelled by the provider, as a report without data does. */
  readonly lapses?: true
  cancelled: boolean
  /** Whether headings are English, as the request asked; absent in worlds from before. */
  readonly inEnglish?: boolean
}

/** A token bucket: what was left at an instant. */
export type Bucket = { left: number; at: number }

/** A message of Amazon's about an application, as it arrives in the developer's queue. */
export type QueueMessage = {
  readonly notificationType: string
  readonly payload: Readonly<Record<string, Readonly<Record<string, string>>>>
  readonly notificationVersion?: string
  readonly payloadVersion?: string
  readonly eventTime?: string
  readonly notificationMetadata?: Readonly<Record<string, string>>
}

/** Where an application has notifications sent. */
export type Destination = {
  readonly id: string
  readonly name: string
  readonly resource: Readonly<Record<string, unknown>>
  readonly clientId: string
}

/** What an application is told of an account. */
export type Subscription = {
  readonly id: string
  readonly type: string
  readonly destinationId: string
  readonly payloadVersion: string
  readonly account: string
  readonly clientId: string
}

/** Destinations and subscriptions by id. */
export type Notifications = {
  readonly destinations: Record<string, Destination>
  readonly subscriptions: Record<string, Subscription>
}

/** Something that happens by itself when its time comes. */
export type Scheduled = { readonly at: number; readonly action: Action }

/** A Walmart advertiser as somebody asks for it. `seller` names a marketplace seller of the world, for 3P. */
export type AdvertiserOrder = {
  readonly name: string
  readonly type: "1p" | "3p"
  readonly market?: Market
  readonly tenant?: string
  readonly seller?: string
  readonly people?: Readonly<Record<string, Role>>
  readonly spendLimitReached?: boolean
  /** Names of campaigns that have run for years; none unless given. */
  readonly campaigns?: ReadonlyArray<string>
}

/**
 * What can happen at Walmart. Advertisers go by id or by a name that only one has; our partner is meant unless told.
 */
export type WalmartAction =
  | {
      readonly kind: "walmart-access"
      readonly advertiser: string
      readonly access: AccessType | "none"
      readonly partner?: string
    }
  | { readonly kind: "walmart-advertiser"; readonly advertiser: AdvertiserOrder }
  | { readonly kind: "walmart-spend-limit"; readonly advertiser: string; readonly reached: boolean }
  | {
      readonly kind: "walmart-partner-type"
      readonly type: "full-service" | "reporting-only"
      readonly partner?: string
    }
  | {
      readonly kind: "walmart-key"
      readonly version: string
      readonly publicKey: string | null
      readonly partner?: string
    }
  | { readonly kind: "walmart-scope"; readonly seller: string; readonly scope: string; readonly level: ScopeLevel }

/** What can be done to a world from outside, as data. */
export type Action =
  | {
      readonly kind: "revoke"
      readonly person?: string
      readonly grant?: string
      readonly application?: string
      readonly account?: string
    }
  | { readonly kind: "permission"; readonly person: string; readonly profile: string; readonly access: Access | "none" }
  /** The owner of an account gives a person the right to let applications in, or takes it back. */
  | { readonly kind: "delegate"; readonly person: string; readonly account: string; readonly mayAuthorize: boolean }
  /** Amazon judges a seller's account anew, and tells those who subscribed to it. */
  | { readonly kind: "account-status"; readonly account: string; readonly status: "NORMAL" | "AT_RISK" | "DEACTIVATED" }
  | { readonly kind: "expire-tokens"; readonly grant?: string }
  | { readonly kind: "activate-advertising"; readonly profile: string }
  | { readonly kind: "rotate-secret"; readonly clientId: string; readonly overlapSeconds: number }
  /** The secret of an application ends in so many seconds, and the provider announces it. */
  | { readonly kind: "secret-end"; readonly clientId: string; readonly inSeconds: number }
  | { readonly kind: "return-url"; readonly clientId?: string; readonly url: string }
  | {
      readonly kind: "login-uri"
      readonly clientId?: string
      readonly url: string
      /** Whose applications; Amazon's unless told. */
      readonly provider?: "amazon" | "walmart"
    }
  | { readonly kind: "policy"; readonly policy: Partial<Policy> }
  | { readonly kind: "payment"; readonly profile: string; readonly valid: boolean }
  | WalmartAction
  | {
      readonly kind: "participation"
      readonly account: string
      readonly marketplace: string
      readonly isParticipating: boolean
      readonly hasSuspendedListings: boolean
    }

/** Every number and choice that could be otherwise. What no source confirms is marked in the package's README. */
export type Policy = WalmartPolicy & {
  codeSeconds: number
  /** Whether a code is exchanged only with the return address of its consent, or also without any. */
  codeRedirectUri: "optional" | "required"
  accessTokenSeconds: number
  /** Life of an advertising consent; null for no end. */
  adsConsentDays: number | null
  /** The first instant, in epoch milliseconds, of advertising consents that end; earlier ones do not. */
  adsConsentsEndFrom: number
  /** Life of a selling partner consent; null for no end. */
  spConsentDays: number | null
  /** Amazon does not rotate; other values are for adversity. `grace` accepts the old one for a while. */
  rotation: "off" | "grace" | "strict"
  rotationGraceSeconds: number
  /** Whether somebody with the Appstore permission may consent although not the primary user. */
  delegatesMayConsent: boolean
  /** What the Selling Partner API says to a token of another region. */
  regionMismatch: "forbidden" | "empty"
  /** 1 is the published rate, 100 a hundred times as fast, 0 switches quotas off. */
  quotaScale: number
  /** Throttle of the Ads API per application and host; null for none (nothing is published). */
  adsRate: { readonly perSecond: number; readonly burst: number } | null
  adsReport: { readonly pendingSeconds: number; readonly processingSeconds: number }
  spReport: { readonly queuedSeconds: number; readonly processingSeconds: number }
  /**
   * How the days of a report are read: as they are written, both included, or cut by the clock of the marketplace with
   * an end that is not included.
   */
  spReportDays: "written" | "zone"
  /** Whether the production hosts of the Selling Partner API answer like the sandbox. */
  sandboxEverywhere: boolean
  /** Whether the body of a sandbox request has to be the one of its pair, or only to contain it. */
  sandboxBody: "exact" | "subset"
  /** What becomes of fields of campaigns that nobody knows: ignored without a word, as was recorded, or refused. */
  adsUnknownFields: "ignored" | "refused"
  /** Whether an advertising report is ordered only in the media type of its own, or also in plain JSON. */
  adsReportMedia: "vendored" | "json"
  /** Overrides the documented retention of advertising reports, in days. */
  adsRetentionDays: number | null
  /** Status for a report that starts before retention. */
  retentionStatus: 400 | 406
  /** How long a newly active account stays out of the profile list. */
  profileDelaySeconds: number
  consentPageSeconds: number
  /** The language in which the seller has reports processed: the headings of the listings report. */
  spReportLanguage: "en" | "de" | "fr" | "it" | "es" | "ja" | "zh"
  /** Whether `preferredReportDocumentLocale` makes headings English. */
  spReportHeedsLocale: boolean
  /** Character set of text reports; it is not named beside them. */
  spReportCharset: "utf-8" | "windows-1252" | "shift_jis"
  /** A report of a type that was asked for less than so many seconds before is cancelled; 0 for never. */
  spReportSpacingSeconds: number
  /** How a report without any line comes: headings alone, an empty file, or cancelled. */
  spReportEmpty: "headings" | "file" | "cancelled"
  /** How many of the next page tokens are dead when they come back, at either provider. */
  dyingPageTokens: number
  /** Every n-th entry of reports and lists holds what nobody can read; null for none. */
  oddEntryEvery: number | null
  /**
   * What the callback of a Selling Partner or Walmart Marketplace consent names instead of the account; null for the
   * account itself. Nobody signs the callback, so a person at the browser can put any id there.
   */
  forgedId: string | null
  /** Whether token refusals carry `error_index` and `request_id`, as answers of 2026 do. */
  errorExtras: boolean
  journalLimit: number
}

/** Real time plus an offset, or a time that stands still until it is advanced. Milliseconds. */
export type Clock = { readonly mode: "real"; offset: number; last: number } | { readonly mode: "manual"; last: number }

/** Everything the simulated providers know. */
export type World = {
  readonly format: 1
  readonly seed: string
  /**
   * Twelve hexadecimal digits that stand in every credential of a world among many, so that a request leads to it;
   * absent for a world of its own.
   */
  readonly label?: string
  readonly preset: string
  clock: Clock
  counters: Record<string, number>
  policy: Policy
  applications: Record<string, Application>
  people: Record<string, Person>
  sellers: Record<string, Seller>
  vendors: Record<string, Vendor>
  profiles: Record<string, Profile>
  campaigns: Record<string, Array<Campaign>>
  grants: Record<string, Grant>
  codes: Record<string, Code>
  adsReports: Record<string, AdsReport>
  /** Reports being made, by what they ask for. */
  adsRunning: Record<string, string>
  spReports: Record<string, SpReport>
  quotas: Record<string, Bucket>
  schedule: Array<Scheduled>
  faults: Array<Fault>
  /** What Amazon sent to the queue of the developer; absent until the first message. */
  queue?: ReadonlyArray<QueueMessage>
  /** Absent until the first destination. */
  notifications?: Notifications
  /** How many of the next reports will fail. */
  failingReports: number
  journal: Array<Entry>
  walmart: Walmart.Walmart
}

/** Numbers as documented; see the README for those nobody documents. */
export const policy: Policy = {
  ...Walmart.policy,
  codeSeconds: 300,
  codeRedirectUri: "optional",
  accessTokenSeconds: 3600,
  adsConsentDays: 365,
  adsConsentsEndFrom: Date.UTC(2026, 5, 30),
  spConsentDays: 365,
  rotation: "off",
  rotationGraceSeconds: 120,
  delegatesMayConsent: false,
  regionMismatch: "forbidden",
  quotaScale: 1,
  adsRate: null,
  adsReport: { pendingSeconds: 20, processingSeconds: 100 },
  spReport: { queuedSeconds: 10, processingSeconds: 50 },
  spReportDays: "written",
  sandboxEverywhere: false,
  sandboxBody: "exact",
  adsUnknownFields: "ignored",
  adsReportMedia: "json",
  adsRetentionDays: null,
  retentionStatus: 406,
  profileDelaySeconds: 86_400,
  consentPageSeconds: 600,
  spReportLanguage: "en",
  spReportHeedsLocale: true,
  spReportCharset: "utf-8",
  spReportSpacingSeconds: 0,
  spReportEmpty: "headings",
  dyingPageTokens: 0,
  oddEntryEvery: null,
  forgedId: null,
  errorExtras: true,
  journalLimit: 5_000
}

/** A world without anybody in it. */
export const empty = (seed: string, preset: string, clock: Clock, overrides: Partial<Policy> = {}): World => ({
  format: 1,
  seed,
  preset,
  clock,
  counters: {},
  policy: { ...policy, ...overrides },
  applications: {},
  people: {},
  sellers: {},
  vendors: {},
  profiles: {},
  campaigns: {},
  grants: {},
  codes: {},
  adsReports: {},
  adsRunning: {},
  spReports: {},
  quotas: {},
  schedule: [],
  faults: [],
  failingReports: 0,
  journal: [],
  walmart: Walmart.empty()
})

/** What credentials are sealed with: two worlds of one seed have the same sellers and never the same tokens. */
export const key = ({ label, seed }: Pick<World, "label" | "seed">): string =>
  label === undefined ? seed : `${seed}/${label}`

/** A text that ends in the label of a world, in the place of as many of its own letters. */
export const labelled = ({ label = "" }: Pick<World, "label">, text: string): string =>
  label === "" ? text : `${text.slice(0, -label.length)}${label}`

/** The next number of a stream, from 1. Streams are independent: counting requests does not rename grants. */
export const count = (world: World, name: string): number => {
  const next = (world.counters[name] ?? 0) + 1
  world.counters[name] = next
  return next
}

/** A UUID that has not been used in this world. */
export const uuid = (world: World, name: string): string => Random.uuid(world.seed, `${name}/${count(world, name)}`)

/** Drops the oldest entries of a table that outgrew its limit; tables keep the order of insertion. */
export const trim = (table: Record<string, unknown>, limit: number): void => {
  const keys = Object.keys(table)
  if (keys.length <= limit) return
  for (const key of keys.slice(0, keys.length - Math.floor(limit * 0.9))) delete table[key]
}
