/** An account: what it is, what happened to it, and what can be asked of it. */
import * as DateTime from "effect/DateTime"
import * as Schema from "effect/Schema"
import { Actor } from "../../kernel/Actor.ts"
import { AccountId, BrandId, CompanyId, OrganizationId } from "../../kernel/Id.ts"
import { Name } from "../../kernel/Text.ts"
import * as AccountType from "../../providers/AccountType.ts"
import * as Marketplace from "../../providers/Marketplace.ts"
import * as Provider from "../../providers/Provider.ts"
import { Region } from "../../providers/Region.ts"

const fields = {
  id: AccountId,
  organizationId: OrganizationId,
  companyId: CompanyId,
  name: Name,
  provider: Provider.Provider,
  accountType: AccountType.AccountType,
  region: Region,
  marketplaces: Schema.NonEmptyArray(Marketplace.MarketplaceId),
  /** Marketplaces that were taken out of it; each can be added again. Absent: none was. */
  formerMarketplaces: Schema.optionalKey(Schema.Array(Marketplace.MarketplaceId)),
  brandIds: Schema.Array(BrandId),
  /** Every SKU of the account, present and later, belongs to this brand unless said otherwise (rule K-R6). */
  defaultBrandId: BrandId,
  createdAt: Schema.DateTimeUtc,
  /** Its loaded data will be erased, unless a member calls it off before (rule C14). */
  deletion: Schema.optionalKey(
    Schema.Struct({ requestedAt: Schema.DateTimeUtc, requestedBy: Actor, dueAt: Schema.DateTimeUtc })
  ),
  /** When its data was last erased. */
  erasedAt: Schema.optionalKey(Schema.DateTimeUtc)
}

/** An account in use. */
export const Open = Schema.TaggedStruct("Open", fields)
export type Open = typeof Open.Type

/** An account taken off the lists; its data and history stay (rules P-R18, C14). */
export const Removed = Schema.TaggedStruct("Removed", { ...fields, removedAt: Schema.DateTimeUtc, removedBy: Actor })
export type Removed = typeof Removed.Type
/** An account, in use or taken off the lists. */
export type Present = Open | Removed

/** Absent until opened. */
export const State = Schema.Union([Schema.TaggedStruct("Absent", {}), Open, Removed])
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
  /** It stood in the wrong company; its connections go with it. */
  AccountCompanyChanged: {
    from: CompanyId,
    to: CompanyId,
    brandIds: Schema.Array(BrandId),
    defaultBrandId: BrandId,
    at: Schema.DateTimeUtc,
    by: Actor
  },
  /** A further country of the same region under the same account (rule P-R6). */
  MarketplaceAdded: { marketplaceId: Marketplace.MarketplaceId },
  /** A country that was added by mistake is off the account; what happened there stays on record. */
  MarketplaceRemoved: { marketplaceId: Marketplace.MarketplaceId, at: Schema.DateTimeUtc, by: Actor },
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
export type Event = typeof Event.Type

/** What can be asked of an account. `companyBrands` are the brands that its company has at that moment. */
export type Command =
  | {
      readonly _tag: "OpenAccount"
      readonly account: Omit<Open, "_tag" | "region" | "provider" | "formerMarketplaces" | "deletion" | "erasedAt">
      readonly companyBrands: ReadonlyArray<BrandId>
    }
  | { readonly _tag: "Rename"; readonly name: Name }
  | {
      readonly _tag: "AssignBrands"
      readonly brandIds: ReadonlyArray<BrandId>
      readonly defaultBrandId: BrandId
      readonly companyBrands: ReadonlyArray<BrandId>
    }
  /** Takes it to another company, whose brands it has from then on. `companyBrands` are those of that company. */
  | {
      readonly _tag: "ChangeCompany"
      readonly companyId: CompanyId
      readonly brandIds: ReadonlyArray<BrandId>
      readonly defaultBrandId: BrandId
      readonly companyBrands: ReadonlyArray<BrandId>
      readonly at: DateTime.Utc
      readonly by: Actor
    }
  /**
   * Refused where `Expansion.expand` says that the country needs an account of its own. `listed`: the marketplaces that
   * a consent of the account lists; absent while no consent was looked through.
   */
  | {
      readonly _tag: "AddMarketplace"
      readonly marketplaceId: Marketplace.MarketplaceId
      readonly listed?: ReadonlyArray<Marketplace.MarketplaceId>
    }
  /**
   * Refused for the account's first marketplace, to which its profile belongs, and for one that it never had.
   * `connected`: how many connections of the account in that marketplace are bound to a profile.
   */
  | {
      readonly _tag: "RemoveMarketplace"
      readonly marketplaceId: Marketplace.MarketplaceId
      readonly connected: number
      readonly at: DateTime.Utc
      readonly by: Actor
    }
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
  /** The same by the job that would erase: the account was connected again meanwhile, so its data stays. */
  | { readonly _tag: "AbandonErasure"; readonly at: DateTime.Utc; readonly by: Actor }
  | { readonly _tag: "RecordErasure"; readonly rows: number; readonly at: DateTime.Utc }
