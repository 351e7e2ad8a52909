/**
 * What the simulated world knows of Walmart. Two systems that share nothing but the sellers: Walmart Connect, where an
 * advertiser's account admin lets API partners in, and Walmart Marketplace, where a seller consents to an application
 * (walmart.md parts A and B). Plain data, one part of the world.
 */

/** A market of Walmart. Each stands alone. */
export type Market = "US" | "CA" | "MX"

/**
 * What a partner may do with one advertiser: look, or also create and edit
 * (https://developer.walmart.com/advertising-partners-search/docs/advertiser-attributes-snapshot-overview).
 */
export type AccessType = "read" | "write"

/** A partner's place in one advertiser's list of API partners. */
export type AccessRow = {
  readonly partner: string
  type: AccessType
  readonly grantedAt: number
  /** From when the attribute snapshots list the advertiser for this partner. Calls work from `grantedAt` on. */
  visibleFrom: number
  /** When the admin removed the partner; null while it stands. Calls end at once, the listing by policy. */
  revokedAt: number | null
}

/** A person's place in an advertising account. Only admins manage API partners (W-R1). */
export type Role = "admin" | "member"

/**
 * A Sponsored Search campaign
 * (https://developer.walmart.com/advertising-partners-search/docs/advertising-account-and-access). Amounts are decimal
 * texts.
 */
export type Campaign = {
  readonly id: string
  name: string
  status: "live" | "paused" | "scheduled" | "completed"
  readonly targetingType: "auto" | "manual"
  dailyBudget: string
  startDate: string
  endDate: string
  /** Absent for the usual one, `DYNAMIC`. */
  biddingStrategy?: "DYNAMIC" | "FIXED"
}

/** An advertising account. */
export type Advertiser = {
  /** Digits, as shown on the console's Admin page. */
  readonly id: string
  readonly name: string
  /** `1p` is a supplier, `3p` a marketplace seller. */
  readonly type: "1p" | "3p"
  readonly sellerId: string | null
  readonly sellerName: string | null
  readonly market: Market
  /** The `wap-tenant-id` under which it is reached; null for the United States. */
  readonly tenant: string | null
  readonly organizationId: string
  readonly organizationName: string
  readonly brands: ReadonlyArray<string>
  spendLimitReached: boolean
  campaigns: Array<Campaign>
  /** At most ten that stand; a partner appears once. */
  access: Array<AccessRow>
  people: Record<string, Role>
}

/** A member of the partner network. Ours is the first; the others fill the console's list of names. */
export type Partner = {
  readonly id: string
  readonly name: string
  readonly consumerId: string
  /**
   * Issued once, the same for every advertiser
   * (https://developer.walmart.com/advertising-partners-search/docs/advertising-account-and-access).
   */
  readonly authToken: string
  /** Public keys (PEM, SPKI) by key version. */
  keys: Record<string, string>
  /**
   * A reporting-only partner can never write, whatever the advertiser picked
   * (https://developer.walmart.com/advertising-partners-search/docs/advertiser-attributes-snapshot-overview).
   */
  type: "full-service" | "reporting-only"
}

/** What an attributes snapshot or a report was asked for, with all it needs to answer later. */
export type Snapshot = {
  readonly id: string
  readonly partner: string
  /** Null for the attributes of all advertisers. */
  readonly advertiserId: string | null
  readonly content:
    /** The listing as it stood when it was asked for. */
    | {
        readonly kind: "attributes"
        readonly rows: ReadonlyArray<Readonly<Record<string, unknown>>>
        readonly format: "gzip" | "zip"
      }
    | {
        readonly kind: "report"
        readonly reportType: string
        readonly columns: ReadonlyArray<string>
        readonly from: string
        readonly to: string
      }
  readonly createdAt: number
  readonly processingAt: number
  readonly doneAt: number
  readonly fails: boolean
}

/**
 * How much of a kind of data an application may reach
 * (https://developer.walmart.com/us-marketplace/docs/authentication-authorization).
 */
export type ScopeLevel = "full_access" | "view_only" | "no_access"

/** An application of a solution provider in Walmart's App Store. */
export type Application = {
  readonly clientId: string
  clientSecret: string
  readonly name: string
  /** Compared byte for byte. */
  redirectUris: Array<string>
  /** What it asks for; a consent freezes it. */
  scopes: Record<string, ScopeLevel>
  /** The App Log-in URL, which the App Store opens; absent until one is registered. */
  loginUri?: string
}

/** A marketplace seller account in one market. */
export type Seller = {
  readonly id: string
  readonly name: string
  readonly market: Market
  readonly skuCount: number
  active: boolean
  people: Record<string, Role>
}

/**
 * One seller's consent to one application. The refresh token never changes
 * (https://developer.walmart.com/us-marketplace/docs/tokenapi).
 */
export type Grant = {
  readonly id: string
  readonly clientId: string
  readonly person: string
  readonly sellerId: string
  scopes: Record<string, ScopeLevel>
  readonly consentedAt: number
  readonly expiresAt: number
  revokedAt: number | null
  readonly refreshToken: string
  /** Access tokens up to this serial number count as expired, however young. */
  withdrawnSerial: number
  issued: number
}

/** An authorization code that waits to be exchanged. */
export type Code = {
  readonly label: string
  readonly clientId: string
  readonly redirectUri: string
  readonly issuedAt: number
  readonly person: string
  readonly sellerId: string
  readonly scopes: Readonly<Record<string, ScopeLevel>>
  usedAt: number | null
}

/** Everything of Walmart in a world. */
export type Walmart = {
  partners: Record<string, Partner>
  advertisers: Record<string, Advertiser>
  snapshots: Record<string, Snapshot>
  /** Calls and changed objects of the running hour, by partner and advertiser. */
  usage: Record<string, { hour: number; used: number }>
  applications: Record<string, Application>
  sellers: Record<string, Seller>
  grants: Record<string, Grant>
  codes: Record<string, Code>
  /** Nonces that gave a code, with the instant. */
  nonces: Record<string, number>
}

/** Numbers and choices of the two Walmart APIs; see the package's README for those that no source confirms. */
export type WalmartPolicy = {
  walmartAccessTokenSeconds: number
  walmartRefreshDays: number
  walmartCodeSeconds: number
  /** The parameter by which the App Store names the seller to the App Log-in URL; null when it names none. */
  walmartStartSeller: string | null
  /** The parameter by which it hands over an address of its own; null for none. */
  walmartStartCallback: string | null
  /** What a declined consent does: sends the browser back with `error=access_denied`, or leaves it on the page. */
  walmartDecline: "redirect" | "stay"
  /** What a caller without `Accept: application/json` gets. */
  walmartDefaultFormat: "xml" | "json"
  /** Status for an access token that is no longer good; 400 comes in the older wrapping. */
  walmartInvalidTokenStatus: 400 | 401
  /** Status for a code or refresh token that is no longer good; both answer `INVALID_TOKEN`. */
  walmartDeadTokenStatus: 400 | 401
  /** How far `WM_CONSUMER.intimestamp` may lie from the provider's clock, either way. */
  walmartSignatureSeconds: number
  /** How long a new grant stays out of the attribute snapshots. */
  walmartGrantDelaySeconds: number
  /** How long a removed grant stays in them. */
  walmartRevokeDelaySeconds: number
  walmartSnapshot: { readonly pendingSeconds: number; readonly processingSeconds: number }
  walmartReport: { readonly pendingSeconds: number; readonly processingSeconds: number }
  /** Life of snapshot ids and files. */
  walmartFileHours: number
  /** Whether the snapshot calls answer with an object or with an array of one, as some of Walmart's samples do. */
  walmartSnapshotAnswer: "object" | "array"
  walmartLookbackDays: number
  /** Status for a report window that is not allowed. */
  walmartReportWindowStatus: 400 | 422
  /** Zone in which days of advertising are counted. */
  walmartTimeZone: string
  /** How many days the newest reported day lies before today. */
  walmartReportLagDays: number
  /** The most orders that one search finds; more is refused. */
  walmartOrdersLimit: number
  /** Whether lists end one entry before the total that they announce. */
  walmartShortLists: boolean
  /** Calls and changed objects an hour for each advertiser; null for no limit (nothing is published). */
  walmartHourlyBudget: number | null
  /** Sent as `Retry-After` with 429; null sends none (the documentation says ten minutes, and names no header). */
  walmartRetryAfterSeconds: number | null
}

/** Documented numbers, and defaults for those nobody documents. */
export const policy: WalmartPolicy = {
  walmartAccessTokenSeconds: 900,
  walmartRefreshDays: 365,
  walmartCodeSeconds: 300,
  walmartStartSeller: "sellerId",
  walmartStartCallback: "callbackUri",
  walmartDecline: "redirect",
  walmartDefaultFormat: "xml",
  walmartInvalidTokenStatus: 401,
  walmartDeadTokenStatus: 400,
  walmartSignatureSeconds: 180,
  walmartGrantDelaySeconds: 3600,
  walmartRevokeDelaySeconds: 0,
  walmartSnapshot: { pendingSeconds: 5, processingSeconds: 15 },
  walmartReport: { pendingSeconds: 20, processingSeconds: 100 },
  walmartFileHours: 24,
  walmartSnapshotAnswer: "object",
  walmartLookbackDays: 90,
  walmartReportWindowStatus: 400,
  walmartTimeZone: "UTC",
  walmartReportLagDays: 1,
  walmartOrdersLimit: 10_000,
  walmartShortLists: false,
  walmartHourlyBudget: null,
  walmartRetryAfterSeconds: null
}

/** No partners, advertisers, sellers or applications. */
export const empty = (): Walmart => ({
  partners: {},
  advertisers: {},
  snapshots: {},
  usage: {},
  applications: {},
  sellers: {},
  grants: {},
  codes: {},
  nonces: {}
})

/**
 * Market of each `wap-tenant-id`; the United States is the absence of one
 * (https://developer.walmart.com/advertising-partners-search/docs/advertising-account-and-access).
 */
export const tenants: Readonly<Record<string, Market>> = { WMT_CA: "CA", WMT_MX: "MX", WBD_OD: "MX", WMT_BD: "MX" }

/** The tenant an advertiser of a market belongs to unless told otherwise. */
export const usualTenant: Readonly<Record<Market, string | null>> = { US: null, CA: "WMT_CA", MX: "WMT_MX" }

/** Currency of a market (https://developer.walmart.com/global-marketplace/docs). */
export const currency: Readonly<Record<Market, string>> = { US: "USD", CA: "CAD", MX: "MXN" }

/**
 * The `clientType` under which sellers of a market consent
 * (https://developer.walmart.com/us-marketplace/docs/log-in-and-authorize-app-scope).
 */
export const clientType: Readonly<Record<Market, string>> = { US: "seller", CA: "seller-ca", MX: "seller-mx" }

/** Every scope of the token detail (https://developer.walmart.com/us-marketplace/docs/authentication-authorization). */
export const scopes: ReadonlyArray<string> = [
  "reports",
  "item",
  "shipping",
  "price",
  "lagtime",
  "feeds",
  "returns",
  "orders",
  "rules",
  "inventory",
  "content"
]

/**
 * How many partners an advertiser may have
 * (https://developer.walmart.com/advertising-partners-search/docs/advertiser-attributes-snapshot-overview).
 */
export const partnerLimit = 10
