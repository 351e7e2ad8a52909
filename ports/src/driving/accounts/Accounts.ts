/** Accounts (flow F1, step 3; rules K-R3, K-R5 to K-R7). */
import type { Access, Account, Effects, Expansion, Id, Marketplace, Refused, Text } from "@portolan/domain"
import { Context, type Effect, Layer } from "effect"
import type { InvalidCursor, NotFound, Page, PageRequest } from "../../driven/Repository.ts"
import type { StoreError } from "../../driven/StoreUnavailable.ts"
import type { WriteError } from "../../driven/UnitOfWork.ts"
import { bound, type Service } from "../shared/deps.ts"
import type { IdempotencyKey } from "../shared/idempotency.ts"
import { tokenDeps } from "../tokens/AccessTokens.ts"
import type { AccountFilter, BrandAssignment, ExpansionInput, NewAccount } from "./accountInput.ts"
import * as AddMarketplace from "./addMarketplace.ts"
import * as ChangeAccount from "./changeAccount.ts"
import * as ChangeAccountCompany from "./changeAccountCompany.ts"
import type { NewCompanyOfAccount } from "./changeAccountCompany.ts"
import * as DeleteAccountData from "./deleteAccountData.ts"
import * as ListAccounts from "./listAccounts.ts"
import * as OpenAccount from "./openAccount.ts"
import * as RemoveAccount from "./removeAccount.ts"
import * as RemoveMarketplace from "./removeMarketplace.ts"

export type { NewCompanyOfAccount } from "./changeAccountCompany.ts"
export type { AccountFilter, BrandAssignment, ExpansionInput, NewAccount } from "./accountInput.ts"

/** What changing an account may fail with. */
export type ChangeError = Refused.Refused | NotFound | WriteError

/** A command on one account, and the account as it is then. */
type Change = (caller: Access.Caller, accountId: Id.AccountId) => Effect.Effect<Account.Present, ChangeError>

/** Opens, changes, removes and lists accounts. */
export interface Contract {
  /**
   * Opens an account and proposes a connection for every channel it can have, so that each has its tile at once (rules
   * K-R7, K-R11, C2).
   */
  readonly create: (
    caller: Access.Caller,
    input: NewAccount,
    idempotencyKey?: IdempotencyKey
  ) => Effect.Effect<Account.Present, ChangeError>

  /** Says which brands of the company the account has, and which is the default (rules K-R5, K-R6). */
  readonly assignBrands: (
    caller: Access.Caller,
    accountId: Id.AccountId,
    assignment: BrandAssignment
  ) => Effect.Effect<Account.Present, ChangeError>

  /**
   * Takes an account that stands in the wrong company to the right one: it keeps its connections, consents, data and
   * history. Its brands become brands of the new company: those that are named, else those of the same names.
   */
  readonly changeCompany: (
    caller: Access.Caller,
    accountId: Id.AccountId,
    to: NewCompanyOfAccount
  ) => Effect.Effect<Account.Present, ChangeError>

  /** Renames an account. */
  readonly rename: (
    caller: Access.Caller,
    accountId: Id.AccountId,
    name: Text.Name
  ) => Effect.Effect<Account.Present, ChangeError>

  /**
   * Whether a further country joins this account or needs one of its own, and why (rule P-R6). Asks the providers what
   * the account's consents list; where one cannot be asked now, the answer says what is not known.
   */
  readonly expansion: (
    caller: Access.Caller,
    accountId: Id.AccountId,
    input: ExpansionInput
  ) => Effect.Effect<Expansion.Expansion, Refused.Refused | NotFound | StoreError>

  /**
   * Adds a country to an account and proposes its connections; refused where `expansion` says that it needs an account
   * of its own. A consent that lists the country is used with `Grants.link`, without a new authorization.
   */
  readonly addMarketplace: (
    caller: Access.Caller,
    accountId: Id.AccountId,
    marketplaceId: Marketplace.MarketplaceId
  ) => Effect.Effect<Account.Present, ChangeError>

  /**
   * Takes a country out of an account to which it was added by mistake; its connections leave the lists and keep their
   * history. Refused for the account's first one, and while a connection there is live. `addMarketplace` puts it back.
   */
  readonly removeMarketplace: (
    caller: Access.Caller,
    accountId: Id.AccountId,
    marketplaceId: Marketplace.MarketplaceId
  ) => Effect.Effect<Account.Present, ChangeError>

  /** What taking a country out would do, for a page that asks for confirmation (rule C14). */
  readonly marketplaceEffects: (
    caller: Access.Caller,
    accountId: Id.AccountId,
    marketplaceId: Marketplace.MarketplaceId
  ) => Effect.Effect<ReadonlyArray<Effects.Effect>, Refused.Refused | NotFound | StoreError>

  /** What a command would do, for a page that asks for confirmation (rule C14). */
  readonly effects: (
    caller: Access.Caller,
    accountId: Id.AccountId,
    command: Parameters<typeof Effects.ofAccount>[0]
  ) => Effect.Effect<ReadonlyArray<Effects.Effect>, Refused.Refused | NotFound | StoreError>

  /** Takes an account off the lists; refused while a connection of it is live (rules P-R18, C14). */
  readonly remove: Change

  /** Puts a removed account back. */
  readonly restore: Change

  /** Schedules the erasure of everything loaded for an account, after days of grace (rule C14). */
  readonly deleteData: Change

  /** Calls a scheduled erasure off. */
  readonly keepData: Change

  /** Lists the accounts of a company, or of all: those in use, unless other states are asked for. */
  readonly list: (
    caller: Access.Caller,
    filter: AccountFilter,
    page: PageRequest
  ) => Effect.Effect<Page<Account.Present>, Refused.Refused | InvalidCursor | StoreError>

  /** Reads one account. */
  readonly view: (
    caller: Access.Caller,
    accountId: Id.AccountId
  ) => Effect.Effect<Account.Present, Refused.Refused | NotFound | StoreError>
}

const verbs = {
  ...OpenAccount,
  ...ChangeAccount,
  ...ChangeAccountCompany,
  ...AddMarketplace,
  ...RemoveAccount,
  ...RemoveMarketplace,
  ...DeleteAccountData,
  ...ListAccounts
}

/** Opens, changes, removes and lists accounts. */
export class Accounts extends Context.Service<Accounts, Service<Contract, typeof verbs>>()(
  "@portolan/ports/driving/Accounts"
) {
  /** The service over the driven ports and the access tokens. */
  static readonly layer = Layer.effect(
    Accounts,
    bound(tokenDeps("provider", "repository", "secrets", "unitOfWork"), verbs)
  )
}
