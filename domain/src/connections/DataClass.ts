/**
 * The kinds of data that a first load brings, how far back each reaches, how it is cut into windows, and by when it is
 * due. Deadlines count from finalising the connection (rules K-R15, K-R16, C8).
 */
import { Duration, Schema } from "effect"
import type { AccountType } from "../accounts/AccountType.ts"
import type { Channel } from "../providers/Channel.ts"

/** What is loaded. */
export const DataClass = Schema.Literals(["advertising", "ad-invoices", "sales", "inventory", "content", "reviews"])
/** What is loaded. */
export type DataClass = typeof DataClass.Type

/** How a person reads it. */
export const label: { readonly [D in DataClass]: string } = {
  advertising: "Advertising",
  "ad-invoices": "Ad invoices",
  sales: "Sales",
  inventory: "Inventory",
  content: "Content",
  reviews: "Reviews"
}

/** From finalising until the data must be there: 24 hours, 72 hours, and three days for invoices (rules K-R15, K-R16). */
export const deadline: { readonly [D in DataClass]: Duration.Duration } = {
  advertising: Duration.hours(24),
  sales: Duration.hours(24),
  inventory: Duration.hours(24),
  content: Duration.hours(72),
  reviews: Duration.hours(72),
  "ad-invoices": Duration.hours(72)
}

/** How a class is loaded through a channel. */
export interface Source {
  readonly dataClass: DataClass
  /** Days of history, today included. A snapshot has one day. */
  readonly depthDays: number
  /** Days one request may cover. */
  readonly windowDays: number
  /** Days before today at which the history ends; 0 when today can be had. */
  readonly lagDays?: number
  /** From finalising until the data must be there, where a channel promises other than `deadline`. */
  readonly due?: Duration.Duration
}

const forSellers: { readonly [C in Channel]?: ReadonlyArray<Source> } = {
  // Reporting v3, Sponsored Products: at most 31 days a report, 95 days kept (Ads API, report types).
  "amazon-ads": [{ dataClass: "advertising", depthDays: 95, windowDays: 31 }],
  "amazon-sp": [
    // Order metrics by day: two years are kept by Amazon's sales API; 30 days a call is our choice.
    { dataClass: "sales", depthDays: 730, windowDays: 30 },
    // FBA inventory summaries and the listings report describe the present: one window.
    { dataClass: "inventory", depthDays: 1, windowDays: 1 },
    { dataClass: "content", depthDays: 1, windowDays: 1 }
  ]
}

const forVendors: { readonly [C in Channel]?: ReadonlyArray<Source> } = {
  "amazon-ads": forSellers["amazon-ads"] ?? [],
  // Order metrics, FBA inventory and the listings report belong to sellers; vendors' reports come with their own flow.
  "amazon-sp": []
}

const walmart: { readonly [C in Channel]?: ReadonlyArray<Source> } = {
  // 60 days within 24 to 48 hours (rule W-R11). Reports end yesterday; days a report may cover are our choice.
  "walmart-connect": [{ dataClass: "advertising", depthDays: 60, windowDays: 30, lagDays: 1, due: Duration.hours(48) }],
  "walmart-marketplace": [
    // How far back orders can be had is not confirmed; half a year is our choice.
    { dataClass: "sales", depthDays: 180, windowDays: 30 },
    { dataClass: "inventory", depthDays: 1, windowDays: 1 },
    { dataClass: "content", depthDays: 1, windowDays: 1 }
  ]
}

const byType: { readonly [T in AccountType]: { readonly [C in Channel]?: ReadonlyArray<Source> } } = {
  seller: forSellers,
  vendor: forVendors,
  "walmart-3p": walmart,
  "walmart-1p": walmart
}

/** Hours after finalising at which an account that is still not in sync is overdue (rule P-R13). */
export const syncHours = 48

/** Whether a class counts towards "in sync": what is promised later than that does not make an account overdue. */
export const countsForSync = (dataClass: DataClass): boolean =>
  Duration.isLessThanOrEqualTo(deadline[dataClass], Duration.hours(syncHours))

/**
 * What a connection of this channel loads first. Reviews have a deadline but no provider call is known for them, and ad
 * invoices need a further permission (rule K-R16), so neither is planned here.
 */
export const sources = (channel: Channel, type: AccountType): ReadonlyArray<Source> => byType[type][channel] ?? []
