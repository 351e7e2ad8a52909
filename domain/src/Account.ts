/**
 * One seller, vendor or advertiser account of a company: one account type, one region, one or more marketplaces
 * (rules K-R3, K-R7). Which channels it needs follows from provider and type (rule C2).
 */
import { Array, Option, Result, Schema } from "effect"
import type { AccountType } from "./AccountType.ts"
import { AccountType as AccountTypeSchema, label } from "./AccountType.ts"
import * as Channel from "./Channel.ts"
import { AccountId, BrandId, CompanyId, OrganizationId } from "./Id.ts"
import { decider, fold, happened, nothing, refuse } from "./Machine.ts"
import * as Marketplace from "./Marketplace.ts"
import { Region } from "./Region.ts"
import { Name } from "./Text.ts"

/** What is true of an account for all its life. */
export const Open = Schema.TaggedStruct("Open", {
  id: AccountId,
  organizationId: OrganizationId,
  companyId: CompanyId,
  name: Name,
  provider: Marketplace.Provider,
  accountType: AccountTypeSchema,
  region: Region,
  marketplaces: Schema.NonEmptyArray(Marketplace.MarketplaceId),
  brandIds: Schema.Array(BrandId),
  /** Every SKU of the account, present and later, belongs to this brand unless said otherwise (rule K-R6). */
  defaultBrandId: BrandId,
  createdAt: Schema.DateTimeUtc
})
/** What is true of an account for all its life. */
export type Open = typeof Open.Type

/** Absent until opened. */
export const State = Schema.Union([Schema.TaggedStruct("Absent", {}), Open])
/** Absent until opened. */
export type State = typeof State.Type
/** The state before the first event. */
export const initial: State = { _tag: "Absent" }

/** What happened to an account. */
export const Event = Schema.TaggedUnion({
  AccountOpened: { account: Open },
  AccountRenamed: { name: Name },
  BrandsAssigned: { brandIds: Schema.Array(BrandId), defaultBrandId: BrandId }
})
/** What happened to an account. */
export type Event = typeof Event.Type

/** What can be asked of an account. `companyBrands` are the brands that its company has at that moment. */
export type Command =
  | {
    readonly _tag: "OpenAccount"
    readonly account: Omit<Open, "_tag" | "region" | "provider">
    readonly companyBrands: ReadonlyArray<BrandId>
  }
  | { readonly _tag: "Rename"; readonly name: Name }
  | {
    readonly _tag: "AssignBrands"
    readonly brandIds: ReadonlyArray<BrandId>
    readonly defaultBrandId: BrandId
    readonly companyBrands: ReadonlyArray<BrandId>
  }

const subject = "Account"

const brandsObstacle = (
  asked: string, brandIds: ReadonlyArray<BrandId>, defaultBrandId: BrandId, companyBrands: ReadonlyArray<BrandId>
) => {
  if (brandIds.some((brandId) => !companyBrands.includes(brandId))) {
    return refuse(subject, asked, "not-yours", "A brand can only be assigned to accounts of its own company.",
      "Add the brand to this company first.")
  }
  if (!brandIds.includes(defaultBrandId)) {
    return refuse(subject, asked, "contradiction", "The default brand must be one of the account's brands.",
      "Assign the brand to the account, or choose another default brand.")
  }
  return undefined
}

const providerName: { readonly [P in Marketplace.Provider]: string } = { amazon: "Amazon", walmart: "Walmart" }

/** Whether an account of this provider can have this type. */
const typeFits = (provider: Marketplace.Provider, type: AccountType): boolean => Channel.required(provider, type).length > 0

/** Decides what an account's command leads to. */
export const decide = decider<State, Command, Event>(subject, {
  Absent: {
    OpenAccount: (_, { account, companyBrands }) => {
      const ids = Array.dedupe(account.marketplaces)
      const marketplaces = Array.getSomes(ids.map(Marketplace.find))
      const first = marketplaces[0]
      if (first === undefined || marketplaces.length < ids.length) {
        const unknown = ids.filter((id) => Option.isNone(Marketplace.find(id)))
        return refuse(subject, "OpenAccount", "contradiction", `No marketplace has the id ${unknown.join(", ")}.`,
          "Choose a marketplace from the list.")
      }
      const alien = marketplaces.find((other) => other.region !== first.region)
      if (alien !== undefined) {
        return refuse(subject, "OpenAccount", "contradiction",
          `${first.country} and ${alien.country} lie in different regions of ${providerName[first.provider]}.`,
          "Create one account per region.")
      }
      if (!typeFits(first.provider, account.accountType)) {
        return refuse(subject, "OpenAccount", "contradiction",
          `${label[account.accountType]} is not an account type of ${providerName[first.provider]}.`, "Choose another account type.")
      }
      const obstacle = brandsObstacle("OpenAccount", account.brandIds, account.defaultBrandId, companyBrands)
      if (obstacle !== undefined) return obstacle
      return happened<Event>({
        _tag: "AccountOpened",
        account: { ...account, _tag: "Open", region: first.region, provider: first.provider, marketplaces: ids,
          brandIds: Array.dedupe(account.brandIds) }
      })
    }
  },
  Open: {
    OpenAccount: () => refuse(subject, "OpenAccount", "already-exists", "This account exists.", "Open it instead."),
    Rename: (state, { name }) => state.name === name ? nothing : happened<Event>({ _tag: "AccountRenamed", name }),
    AssignBrands: (state, { brandIds, companyBrands, defaultBrandId }) => {
      const obstacle = brandsObstacle("AssignBrands", brandIds, defaultBrandId, companyBrands)
      if (obstacle !== undefined) return obstacle
      const unique = Array.dedupe(brandIds)
      const same = state.defaultBrandId === defaultBrandId && unique.length === state.brandIds.length &&
        unique.every((brandId) => state.brandIds.includes(brandId))
      return same ? nothing : happened<Event>({ _tag: "BrandsAssigned", brandIds: unique, defaultBrandId })
    }
  }
}, { Absent: "Create the account first.", Open: "Open the account to see what can be done." })

/** Applies a fact. Total: an event that does not fit the state leaves it as it is. */
export const evolve = (state: State, event: Event): State => {
  if (event._tag === "AccountOpened") return state._tag === "Absent" ? event.account : state
  if (state._tag === "Absent") return state
  switch (event._tag) {
    case "AccountRenamed": return { ...state, name: event.name }
    case "BrandsAssigned": return { ...state, brandIds: event.brandIds, defaultBrandId: event.defaultBrandId }
  }
}

/** The marketplace whose advertising profile the account is bound to. */
export const primary = (account: Open): Marketplace.Marketplace => Marketplace.get(account.marketplaces[0])

/** Folds a history. */
export const replay = fold(evolve)

/** Decides and evolves in one step. */
export const step = (state: State, command: Command) =>
  Result.map(decide(state, command), (events) => ({ events, next: replay(state, events) }))
