/**
 * What a provider is, as one table: its channels, account types, regions, marketplaces and kinds of data. Everything
 * that differs between providers is a field of a row here; nothing else in this package asks which provider it deals
 * with.
 *
 * A provider of your own is a table of your own: write it with `define`, and pass it to `Catalogue.make`.
 */
import type { Duration } from "effect"
import type { CheckId } from "../diagnosis/CheckId.ts"
import type { Provider } from "./Identifier.ts"
import type { standardDataClasses } from "./dataClasses.ts"

/** A kind of data that is loaded. */
export interface DataClassRow {
  /** How a person reads it. */
  readonly label: string
  /** From finalising a connection until the data must be there. */
  readonly due: Duration.Duration
}

/** The kinds of data that every catalogue knows. */
export type StandardDataClass = keyof typeof standardDataClasses

/** When consents end by themselves (rule C11). */
export interface ConsentEndRow {
  /** Days from the consent; use does not extend them. */
  readonly days: number
  /** The first day (UTC, `2026-06-30`) of consents that end so; earlier ones do not. All of them when left out. */
  readonly from?: string
}

/** An API through which accounts are reached. */
export interface ChannelRow {
  /** How a person reads it, e.g. `Amazon Selling Partner API`. */
  readonly label: string
  /** The same in few words, where the provider is known already. */
  readonly shortLabel: string
  /** What it is for, in one line. */
  readonly purpose: string
  /** What a consent allows, in words for the person who gives it: mails and pages say the same. */
  readonly allows: ReadonlyArray<string>
  /** Whether it reaches advertising, or what a business sells. */
  readonly kind: "advertising" | "commerce"
  /**
   * How access comes about: by a person's consent that ends in a redirect, or by an advertiser's admin who adds us as
   * its partner, which has to be discovered (rules W-R4, C7).
   */
  readonly access: "consent" | "partner"
  /** When consents end by themselves. Absent: they do not, or nothing is known about it. */
  readonly consentEnds?: ConsentEndRow
  /** What a login that may only view lacks, in words that complete `It lacks ...` (rules K-R10, W-R3). */
  readonly missingRight: string
  /**
   * Present when profiles are bound under the id that the callback names, which nobody signs; so it has to be proven.
   * Absent: the provider itself lists what a login or a partner may see.
   */
  readonly claimsIdentity?: true
  /** Whether the six checks of rule S-R5 explain a missing account here; else its requirements alone do. */
  readonly hasChecklist?: boolean
  /** Present when a consent shows every account that its login sees, as the provider's console does (rule S-R3). */
  readonly accountLookup?: {
    /** What to do when no login has consented yet, as a sentence. */
    readonly nextStep: string
  }
}

/** Days that are asked for again, because the provider still changes what it says of them. */
export interface RestatementRow {
  /** Asked for every so many days. */
  readonly everyDays: number
  /** The ages of these days, counted in days from the newest one that can be had: the youngest and the oldest. */
  readonly fromAge: number
  readonly untilAge: number
}

/** How a class of data is kept up to date, once a day, after its first load. */
export interface SyncRow {
  /** Hours after the end of a day, in the marketplace's time zone, from which the day is worth asking for. */
  readonly lagHours: number
  /** Hours from asking for a day until it must be there; then it is late. */
  readonly dueHours: number
  /** What is asked for again: on each day one of these at most, the rarest of those whose turn it is. */
  readonly again: ReadonlyArray<RestatementRow>
}

/** How a class of data is loaded through a channel. */
export interface SourceRow<D extends string = string> {
  readonly dataClass: D
  /** Days of history, today included. A snapshot has one day. */
  readonly depthDays: number
  /** Days one request may cover. */
  readonly windowDays: number
  /** Days before today at which the history ends; 0 when today can be had. */
  readonly lagDays?: number
  /** How it is kept up to date. Absent: only the first load is made. */
  readonly sync?: SyncRow
  /** From finalising until the data must be there, where the channel promises other than its data class does. */
  readonly due?: Duration.Duration
}

/** The texts of a check in the provider's own terms. */
export interface CheckTexts {
  readonly title?: string
  readonly question?: string
  readonly why?: string
  readonly failure?: string
  readonly remedy?: string
}

/**
 * A requirement that a page shows before consent. `blocks`: without it nothing is connected; `limits`: the connection
 * lacks something.
 */
export interface RequirementRow extends CheckTexts {
  readonly check: CheckId
  readonly weight: "blocks" | "limits"
}

/**
 * A channel of an account type. The account is incomplete without a channel that is not optional (rules C1, C2, K-R11).
 */
export interface AccountChannelRow<C extends string = string, D extends string = string> {
  readonly channel: C
  readonly optional: boolean
  /** What is loaded first. */
  readonly sources: ReadonlyArray<SourceRow<D>>
  /** What is explained before consent, in this order. */
  readonly requirements: ReadonlyArray<RequirementRow>
}

/** What kind of business an account is at its provider. */
export interface AccountTypeRow<C extends string = string, D extends string = string> {
  /** How a person reads it in a list, e.g. `Walmart 1P (supplier)`. */
  readonly label: string
  /** The same within a sentence: `it is a ... account`. */
  readonly noun: string
  /** What it means, in one line. */
  readonly hint: string
  /**
   * Whether it sells to shoppers in its own name, or supplies the provider. A seller's merchant id is one on all
   * channels.
   */
  readonly merchant: "seller" | "supplier"
  /** Its channels, in the order in which they are offered. */
  readonly channels: ReadonlyArray<AccountChannelRow<C, D>>
}

/** The area within which one consent reaches (rule C5). */
export interface RegionRow<C extends string = string> {
  /** How a person calls it. */
  readonly label: string
  /**
   * The channel whose access comes by partnership here (rule W-R4). `isSearched`: its advertisers are looked for by
   * ourselves, not only when an operator asks.
   */
  readonly partnership?: { readonly channel: C; readonly isSearched: boolean }
}

/** A country's store. */
export interface MarketplaceRow<R extends string = string> {
  /** The provider's id, or a name of ours. */
  readonly id: string
  readonly region: R
  /** ISO 3166-1 alpha-2. */
  readonly countryCode: string
  /** The same country as the provider's advertising API writes it, where that differs. */
  readonly adsCountryCode?: string
  readonly country: string
  /** ISO 4217. */
  readonly currency: string
  /** IANA zone in which advertising days are cut. */
  readonly timeZone: string
  /** Host of the store, without scheme. */
  readonly storefront: string
  /** Host of the page on which sellers consent, without scheme, where it differs by marketplace. */
  readonly sellerCentral?: string
  /** Host of the page on which vendors consent, without scheme, where it differs by marketplace. */
  readonly vendorCentral?: string
  /** Names of the fields above that no source confirms. */
  readonly assumed?: ReadonlyArray<string>
}

/** One provider. The type parameters are the names of its own rows, so that a row that names another one is checked. */
export interface ProviderTable<
  C extends string = string,
  A extends string = string,
  R extends string = string,
  D extends string = string
> {
  readonly id: Provider
  /** How a person reads it. */
  readonly label: string
  readonly channels: { readonly [K in C]: ChannelRow }
  readonly accountTypes: { readonly [K in A]: AccountTypeRow<NoInfer<C>, NoInfer<D> | StandardDataClass> }
  readonly regions: { readonly [K in R]: RegionRow<NoInfer<C>> }
  readonly marketplaces: ReadonlyArray<MarketplaceRow<NoInfer<R>>>
  /** Kinds of data that only this provider has. */
  readonly dataClasses?: { readonly [K in D]: DataClassRow }
  /** Types of profile that no account can be bound to, each with the reason, as a sentence. */
  readonly unusableProfiles?: { readonly [type: string]: string }
  /** Subtypes of profile that are hardly ever the one that is meant, each with the reason, as a sentence. */
  readonly doubtfulProfiles?: { readonly [subType: string]: string }
  /**
   * Beginnings of ids that name something else of a merchant, e.g. its advertising account. Such an id is compared with
   * no merchant's own id: that they differ proves nothing.
   */
  readonly otherIds?: ReadonlyArray<string>
  /**
   * Countries that are accounts of their own although they share a region, so that "same region" does not let them
   * join: known for sure, or expected and not confirmed.
   */
  readonly separateCountries?: { readonly confirmed: ReadonlyArray<string>; readonly expected: ReadonlyArray<string> }
  /** The texts of checks in the provider's own terms. */
  readonly checks?: { readonly [K in CheckId]?: CheckTexts }
}

/**
 * Checks a provider's table against itself at compile time: an account type can only use the channels, data classes and
 * regions that the table declares. What types cannot see, `Catalogue.make` checks.
 */
export const define = <
  const C extends string,
  const A extends string,
  const R extends string,
  const D extends string = never
>(
  table: ProviderTable<C, A, R, D>
): ProviderTable => table
