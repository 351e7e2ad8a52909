/**
 * One seller, vendor or advertiser account of a company: one account type, one region, one or more marketplaces
 * (rules K-R3, K-R7). Which channels it needs follows from provider and type (rule C2).
 */
import * as Array from "effect/Array"
import * as Result from "effect/Result"
import { fold } from "../kernel/Machine.ts"
import * as Marketplace from "../providers/Marketplace.ts"
import { decide } from "./account/decide.ts"
import { type Command, Event, type Present, State } from "./account/state.ts"

export { type Command, Event, Open, type Present, Removed, State, graceDays, initial } from "./account/state.ts"
export { decide, inUse } from "./account/decide.ts"

/** Applies a fact. Total: an event that does not fit the state leaves it as it is. */
export const evolve = (state: State, event: Event): State => {
  if (event._tag === "AccountOpened") return state._tag === "Absent" ? event.account : state
  if (state._tag === "Absent") return state
  switch (event._tag) {
    case "AccountRenamed":
      return { ...state, name: event.name }
    case "BrandsAssigned":
      return { ...state, brandIds: event.brandIds, defaultBrandId: event.defaultBrandId }
    case "AccountCompanyChanged":
      return { ...state, companyId: event.to, brandIds: event.brandIds, defaultBrandId: event.defaultBrandId }
    case "MarketplaceAdded":
      return state.marketplaces.includes(event.marketplaceId)
        ? state
        : { ...notFormer(state, event.marketplaceId), marketplaces: [...state.marketplaces, event.marketplaceId] }
    case "MarketplaceRemoved":
      return withoutMarketplace(state, event.marketplaceId)
    case "MarketplaceChanged":
      return {
        ...notFormer(state, event.to),
        marketplaces: Array.map(state.marketplaces, (id) => (id === event.from ? event.to : id))
      }
    case "AccountRemoved":
      return state._tag === "Open" ? { ...state, _tag: "Removed", removedAt: event.at, removedBy: event.by } : state
    case "AccountRestored": {
      if (state._tag === "Open") return state
      const { removedAt: _at, removedBy: _by, ...rest } = state
      return { ...rest, _tag: "Open" }
    }
    case "DeletionScheduled": {
      const { dueAt, requestedAt, requestedBy } = event
      return { ...state, deletion: { requestedAt, requestedBy, dueAt } }
    }
    case "DeletionCalledOff":
      return kept(state)
    case "DataErased":
      return { ...kept(state), erasedAt: event.at }
  }
}

const notFormer = ({ formerMarketplaces = [], ...rest }: Present, id: Marketplace.MarketplaceId): Present => {
  const former = formerMarketplaces.filter((one) => one !== id)
  return former.length > 0 ? { ...rest, formerMarketplaces: former } : rest
}

/** An account has at least one marketplace, whatever is told. */
const withoutMarketplace = (state: Present, id: Marketplace.MarketplaceId): Present => {
  const left = state.marketplaces.filter((one) => one !== id)
  if (left.length === state.marketplaces.length || !Array.isReadonlyArrayNonEmpty(left)) return state
  return { ...state, marketplaces: left, formerMarketplaces: [...(state.formerMarketplaces ?? []), id] }
}

const kept = (state: Present): Present => {
  const { deletion: _deletion, ...rest } = state
  return rest
}

/** The marketplace whose advertising profile the account is bound to. */
export const primary = (account: Present): Marketplace.Marketplace => Marketplace.get(account.marketplaces[0])

/** Folds a history. */
export const replay = fold(evolve)

/** Decides and evolves in one step. */
export const step = (state: State, command: Command) =>
  Result.map(decide(state, command), (events) => ({ events, next: replay(state, events) }))
