/**
 * One seller, vendor or advertiser account of a company: one account type, one region, one or more marketplaces
 * (rules K-R3, K-R7). Which channels it needs follows from provider and type (rule C2).
 */
import { Array, DateTime, Option, Result, Schema } from "effect"
import * as AccountType from "../providers/AccountType.ts"
import { Actor } from "../kernel/Actor.ts"
import { type Catalogue, standard } from "../providers/Catalogue.ts"
import * as Channel from "../providers/Channel.ts"
import { AccountId, BrandId, CompanyId, OrganizationId } from "../kernel/Id.ts"
import { deciderWith, fold, happened, nothing } from "../kernel/Machine.ts"
import * as Marketplace from "../providers/Marketplace.ts"
import * as Provider from "../providers/Provider.ts"
import { Region } from "../providers/Region.ts"
import { Name } from "../kernel/Text.ts"
import { type Message, say } from "../messages/Messages.ts"
import { impossible, refuse } from "../messages/Refusal.ts"

const fields = {
  id: AccountId,
  organizationId: OrganizationId,
  companyId: CompanyId,
  name: Name,
  provider: Provider.Provider,
  accountType: AccountType.AccountType,
  region: Region,
  marketplaces: Schema.NonEmptyArray(Marketplace.MarketplaceId),
  brandIds: Schema.Array(BrandId),
  /** Every SKU of the account, present and later, belongs to this brand unless said otherwise (rule K-R6). */
  defaultBrandId: BrandId,
  createdAt: Schema.DateTimeUtc,
  /** Its loaded data is going to be erased, unless somebody changes his mind before (rule C14). */
  deletion: Schema.optionalKey(
    Schema.Struct({ requestedAt: Schema.DateTimeUtc, requestedBy: Actor, dueAt: Schema.DateTimeUtc })
  ),
  /** When its data was last erased. */
  erasedAt: Schema.optionalKey(Schema.DateTimeUtc)
}

/** An account in use. */
export const Open = Schema.TaggedStruct("Open", fields)
/** An account in use. */
export type Open = typeof Open.Type

/** An account taken off the lists; its data and history stay (rules P-R18, C14). */
export const Removed = Schema.TaggedStruct("Removed", { ...fields, removedAt: Schema.DateTimeUtc, removedBy: Actor })
/** An account taken off the lists. */
export type Removed = typeof Removed.Type
/** An account, in use or taken off the lists. */
export type Present = Open | Removed

/** Absent until opened. */
export const State = Schema.Union([Schema.TaggedStruct("Absent", {}), Open, Removed])
/** Absent until opened. */
export type State = typeof State.Type

/** Days between asking for the erasure of data and the erasure; until then it can be called off. */
export const graceDays = 7
/** The state before the first event. */
export const initial: State = { _tag: "Absent" }

/** What happened to an account. */
export const Event = Schema.TaggedUnion({
  AccountOpened: { account: Open },
  AccountRenamed: { name: Name },
  BrandsAssigned: { brandIds: Schema.Array(BrandId), defaultBrandId: BrandId },
  /** A further country of the same region under the same account (rule P-R6). */
  MarketplaceAdded: { marketplaceId: Marketplace.MarketplaceId },
  /** The account turned out to belong to another country of its region; nothing was connected yet (rule P-R9). */
  MarketplaceChanged: { from: Marketplace.MarketplaceId, to: Marketplace.MarketplaceId },
  AccountRemoved: { at: Schema.DateTimeUtc, by: Actor },
  AccountRestored: { at: Schema.DateTimeUtc, by: Actor },
  DeletionScheduled: {
    accountId: AccountId,
    requestedAt: Schema.DateTimeUtc,
    requestedBy: Actor,
    dueAt: Schema.DateTimeUtc
  },
  DeletionCalledOff: { at: Schema.DateTimeUtc, by: Actor },
  DataErased: { at: Schema.DateTimeUtc, rows: Schema.Int }
})
/** What happened to an account. */
export type Event = typeof Event.Type

/** What can be asked of an account. `companyBrands` are the brands that its company has at that moment. */
export type Command =
  | {
      readonly _tag: "OpenAccount"
      readonly account: Omit<Open, "_tag" | "region" | "provider" | "deletion" | "erasedAt">
      readonly companyBrands: ReadonlyArray<BrandId>
    }
  | { readonly _tag: "Rename"; readonly name: Name }
  | {
      readonly _tag: "AssignBrands"
      readonly brandIds: ReadonlyArray<BrandId>
      readonly defaultBrandId: BrandId
      readonly companyBrands: ReadonlyArray<BrandId>
    }
  | { readonly _tag: "AddMarketplace"; readonly marketplaceId: Marketplace.MarketplaceId }
  /** `connected`: how many connections of the account are bound to a profile. */
  | {
      readonly _tag: "ChangeMarketplace"
      readonly from: Marketplace.MarketplaceId
      readonly to: Marketplace.MarketplaceId
      readonly connected: number
    }
  | { readonly _tag: "Remove"; readonly connected: number; readonly at: DateTime.Utc; readonly by: Actor }
  | { readonly _tag: "Restore"; readonly at: DateTime.Utc; readonly by: Actor }
  | { readonly _tag: "DeleteData"; readonly connected: number; readonly at: DateTime.Utc; readonly by: Actor }
  | { readonly _tag: "KeepData"; readonly at: DateTime.Utc; readonly by: Actor }
  /** The same by whoever would erase: the account was connected again meanwhile, so its data is wanted. */
  | { readonly _tag: "AbandonErasure"; readonly at: DateTime.Utc; readonly by: Actor }
  | { readonly _tag: "RecordErasure"; readonly rows: number; readonly at: DateTime.Utc }

const subject = "Account"

const brandsObstacle = (
  asked: string,
  brandIds: ReadonlyArray<BrandId>,
  defaultBrandId: BrandId,
  companyBrands: ReadonlyArray<BrandId>
) => {
  if (brandIds.some((brandId) => !companyBrands.includes(brandId))) {
    return refuse(subject, asked, "not-yours", {
      detail: say("account.brand-of-other-company"),
      nextStep: say("account.add-brand-first")
    })
  }
  if (!brandIds.includes(defaultBrandId)) {
    return refuse(subject, asked, "contradiction", {
      detail: say("account.default-brand-not-assigned"),
      nextStep: say("account.assign-brand")
    })
  }
  return undefined
}

const openAccount = (
  { account, companyBrands }: Extract<Command, { readonly _tag: "OpenAccount" }>,
  catalogue: Catalogue
) => {
  const contradiction = (detail: Message, nextStep: Message) =>
    refuse(subject, "OpenAccount", "contradiction", { detail, nextStep })
  const ids = Array.dedupe(account.marketplaces)
  const marketplaces = Array.getSomes(ids.map((id) => Marketplace.find(id, catalogue)))
  const first = marketplaces[0]
  if (first === undefined || marketplaces.length < ids.length) {
    const unknown = ids.filter((id) => Option.isNone(Marketplace.find(id, catalogue)))
    return contradiction(say("account.marketplace-unknown", { ids: unknown }), say("account.choose-marketplace"))
  }
  const { provider, region } = first
  const alien = marketplaces.find((other) => other.region !== region)
  const providerName = Provider.label(provider, catalogue)
  if (alien !== undefined) {
    return contradiction(
      say("account.regions-differ", { one: first.country, other: alien.country, provider: providerName }),
      say("account.one-per-region")
    )
  }
  if (Channel.required(provider, account.accountType, catalogue).length === 0) {
    return contradiction(
      say("account.type-of-other-provider", {
        type: AccountType.label(account.accountType, catalogue),
        provider: providerName
      }),
      say("account.choose-type")
    )
  }
  const obstacle = brandsObstacle("OpenAccount", account.brandIds, account.defaultBrandId, companyBrands)
  if (obstacle !== undefined) return obstacle
  return happened<Event>({
    _tag: "AccountOpened",
    account: { ...account, _tag: "Open", region, provider, marketplaces: ids, brandIds: Array.dedupe(account.brandIds) }
  })
}

const elsewhere = (state: Present, asked: string, id: Marketplace.MarketplaceId, catalogue: Catalogue) => {
  const found = Option.getOrUndefined(Marketplace.find(id, catalogue))
  if (found === undefined) {
    return refuse(subject, asked, "contradiction", {
      detail: say("account.marketplace-unknown", { ids: [id] }),
      nextStep: say("account.choose-marketplace")
    })
  }
  return found.region === state.region
    ? undefined
    : refuse(subject, asked, "contradiction", {
        detail: say("account.outside-region", { country: found.country }),
        nextStep: say("account.add-for-country")
      })
}

const stillConnected = (asked: string, connected: number, action: Message) =>
  connected > 0
    ? refuse(subject, asked, "not-possible-now", {
        detail: say("account.connections-live", { count: connected }),
        nextStep: say("account.disconnect-before", { action })
      })
    : undefined

const deleteData = (state: Present, { at, by, connected }: Extract<Command, { readonly _tag: "DeleteData" }>) =>
  stillConnected("DeleteData", connected, say("account.action-delete-data")) ??
  (state.deletion !== undefined
    ? nothing
    : happened<Event>({
        _tag: "DeletionScheduled",
        accountId: state.id,
        requestedAt: at,
        requestedBy: by,
        dueAt: DateTime.add(at, { days: graceDays })
      }))

// Once it is due the erasure may be under way, and a promise to keep the data could be half a lie.
const keepData = (state: Present, { at, by }: Extract<Command, { readonly _tag: "KeepData" }>) => {
  if (state.deletion === undefined) return nothing
  return DateTime.isLessThan(at, state.deletion.dueAt)
    ? happened<Event>({ _tag: "DeletionCalledOff", at, by })
    : refuse(subject, "KeepData", "expired", {
        detail: say("account.erasure-final"),
        nextStep: say("account.connect-again-to-load")
      })
}

const abandonErasure = (state: Present, { at, by }: Extract<Command, { readonly _tag: "AbandonErasure" }>) =>
  state.deletion === undefined ? nothing : happened<Event>({ _tag: "DeletionCalledOff", at, by })

// Whoever called it off in time keeps the data, although the work was written down before.
const recordErasure = (state: Present, { at, rows }: Extract<Command, { readonly _tag: "RecordErasure" }>) =>
  state.deletion === undefined || DateTime.isLessThan(at, state.deletion.dueAt)
    ? nothing
    : happened<Event>({ _tag: "DataErased", at, rows })

const gone = (of: string, asked: string, { name }: Removed) =>
  refuse(of, asked, "not-possible-now", {
    detail: say("account.was-removed", { name }),
    nextStep: say("account.restore")
  })

/** Refuses to begin anything with an account that was removed, in the name of what was asked (rules P-R18, C14). */
export const inUse = (account: Present, of: string, asked: string) =>
  account._tag === "Open" ? nothing : gone(of, asked, account)

/** Decides what an account's command leads to. */
export const decide = deciderWith<State, Command, Event, Catalogue>(
  standard,
  {
    Absent: { OpenAccount: (_, command, catalogue) => openAccount(command, catalogue) },
    Open: {
      OpenAccount: () =>
        refuse(subject, "OpenAccount", "already-exists", {
          detail: say("account.exists"),
          nextStep: say("step.open-instead")
        }),
      Rename: (state, { name }) => (state.name === name ? nothing : happened<Event>({ _tag: "AccountRenamed", name })),
      AssignBrands: (state, { brandIds, companyBrands, defaultBrandId }) => {
        const obstacle = brandsObstacle("AssignBrands", brandIds, defaultBrandId, companyBrands)
        if (obstacle !== undefined) return obstacle
        const unique = Array.dedupe(brandIds)
        const same =
          state.defaultBrandId === defaultBrandId &&
          unique.length === state.brandIds.length &&
          unique.every((brandId) => state.brandIds.includes(brandId))
        return same ? nothing : happened<Event>({ _tag: "BrandsAssigned", brandIds: unique, defaultBrandId })
      },
      AddMarketplace: (state, { marketplaceId }, catalogue) =>
        state.marketplaces.includes(marketplaceId)
          ? nothing
          : (elsewhere(state, "AddMarketplace", marketplaceId, catalogue) ??
            happened<Event>({ _tag: "MarketplaceAdded", marketplaceId })),
      ChangeMarketplace: (state, { connected, from, to }, catalogue) => {
        if (from === to || !state.marketplaces.includes(from)) return nothing
        if (connected > 0 || state.marketplaces.includes(to)) {
          return refuse(subject, "ChangeMarketplace", "not-possible-now", {
            detail: say("account.connected-elsewhere"),
            nextStep: say("account.add-marketplace-instead")
          })
        }
        return (
          elsewhere(state, "ChangeMarketplace", to, catalogue) ??
          happened<Event>({ _tag: "MarketplaceChanged", from, to })
        )
      },
      Remove: (_, { at, by, connected }) =>
        stillConnected("Remove", connected, say("account.action-remove")) ??
        happened<Event>({ _tag: "AccountRemoved", at, by }),
      Restore: () => nothing,
      DeleteData: deleteData,
      KeepData: keepData,
      AbandonErasure: abandonErasure,
      RecordErasure: recordErasure
    },
    Removed: {
      OpenAccount: () =>
        refuse(subject, "OpenAccount", "already-exists", {
          detail: say("account.exists"),
          nextStep: say("account.restore-instead")
        }),
      Rename: (state) => gone(subject, "Rename", state),
      AssignBrands: (state) => gone(subject, "AssignBrands", state),
      AddMarketplace: (state) => gone(subject, "AddMarketplace", state),
      ChangeMarketplace: (state) => gone(subject, "ChangeMarketplace", state),
      Remove: () => nothing,
      Restore: (_, { at, by }) => happened<Event>({ _tag: "AccountRestored", at, by }),
      DeleteData: deleteData,
      KeepData: keepData,
      AbandonErasure: abandonErasure,
      RecordErasure: recordErasure
    }
  },
  impossible(subject, {
    Absent: say("account.create-first"),
    Open: say("account.open"),
    Removed: say("account.restore-first")
  })
)

/** Applies a fact. Total: an event that does not fit the state leaves it as it is. */
export const evolve = (state: State, event: Event): State => {
  if (event._tag === "AccountOpened") return state._tag === "Absent" ? event.account : state
  if (state._tag === "Absent") return state
  switch (event._tag) {
    case "AccountRenamed":
      return { ...state, name: event.name }
    case "BrandsAssigned":
      return { ...state, brandIds: event.brandIds, defaultBrandId: event.defaultBrandId }
    case "MarketplaceAdded":
      return { ...state, marketplaces: Array.append(state.marketplaces, event.marketplaceId) }
    case "MarketplaceChanged":
      return { ...state, marketplaces: Array.map(state.marketplaces, (id) => (id === event.from ? event.to : id)) }
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
