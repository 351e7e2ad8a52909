/** The conversation about accounts (flow F1, step 3; rules K-R3, K-R5 to K-R7). */
import { Access, type Account, type AccountType, Channel, type Id, Marketplace, type Refused, type Text } from "@portolan/domain"
import { Context, DateTime, Effect, Layer } from "effect"
import { ConnectionStore, type InvalidCursor, type NotFound, type Page, type PageRequest } from "../driven/ConnectionStore.ts"
import { Secrets } from "../driven/Secrets.ts"
import type { StoreUnavailable } from "../driven/StoreUnavailable.ts"
import { decide, makeCommit, onConflictAgain } from "./change.ts"
import type { ChangeError } from "./Companies.ts"
import { makeCreating, type Once, remembering } from "./creating.ts"

/** What a new account is made of. Without brands, it takes the company's first. */
export interface NewAccount {
  readonly companyId: Id.CompanyId
  readonly name: Text.Name
  readonly accountType: AccountType.AccountType
  readonly marketplaces: readonly [Marketplace.MarketplaceId, ...ReadonlyArray<Marketplace.MarketplaceId>]
  readonly brandIds?: ReadonlyArray<Id.BrandId>
  readonly defaultBrandId?: Id.BrandId
}

/** Asks about accounts. */
export class Accounts extends Context.Service<Accounts, {
  /**
   * Opens an account and proposes a connection for every channel it can have, so that each has its tile at once
   * (rules K-R7, K-R11, C2).
   */
  readonly create: (
    caller: Access.Caller, input: NewAccount, once?: Once
  ) => Effect.Effect<Account.Present, ChangeError>

  /** Says which brands of the company the account has, and which is the default (rules K-R5, K-R6). */
  readonly assignBrands: (
    caller: Access.Caller, accountId: Id.AccountId, brandIds: ReadonlyArray<Id.BrandId>, defaultBrandId: Id.BrandId
  ) => Effect.Effect<Account.Present, ChangeError>

  /** Renames an account. */
  readonly rename: (
    caller: Access.Caller, accountId: Id.AccountId, name: Text.Name
  ) => Effect.Effect<Account.Present, ChangeError>

  /** Lists the accounts of a company, or of all. */
  readonly list: (
    caller: Access.Caller, companyId: Id.CompanyId | undefined, page: PageRequest
  ) => Effect.Effect<Page<Account.Present>, Refused.Refused | InvalidCursor | StoreUnavailable>

  /** Reads one account. */
  readonly view: (
    caller: Access.Caller, accountId: Id.AccountId
  ) => Effect.Effect<Account.Present, Refused.Refused | NotFound | StoreUnavailable>
}>()("@portolan/ports/driving/Accounts") {
  /** The conversation over the driven ports. */
  static readonly layer = Layer.effect(Accounts, Effect.gen(function*() {
    const store = yield* ConnectionStore
    const secrets = yield* Secrets
    const commit = yield* makeCommit
    const creating = yield* makeCreating

    const read = (caller: Access.Caller, accountId: string) =>
      Effect.map(store.find("account", caller.organizationId, accountId), ({ state }) => state)

    const change = (
      caller: Access.Caller, accountId: Id.AccountId, command: (companyBrands: ReadonlyArray<Id.BrandId>) => Account.Command
    ) =>
      onConflictAgain(Effect.gen(function*() {
        yield* Effect.fromResult(Access.check(caller, "administer"))
        const { actor, organizationId } = caller
        const found = yield* store.find("account", organizationId, accountId)
        const company = yield* store.find("company", organizationId, found.state.companyId)
        const companyBrands = company.state.brands.map((brand) => brand.id)
        const decided = yield* Effect.fromResult(decide("account", accountId, found, command(companyBrands)))
        yield* commit({ organizationId, actor, at: yield* DateTime.now }, [decided])
        return yield* read(caller, accountId)
      }))

    return Accounts.of({
      create: Effect.fn("Accounts.create")(function*(caller, input, once) {
        yield* Effect.fromResult(Access.check(caller, "administer"))
        const { actor, organizationId } = caller
        const create = Effect.gen(function*() {
          const at = yield* DateTime.now
          const { state: company } = yield* store.find("company", organizationId, input.companyId)
          const defaultBrandId = input.defaultBrandId ?? input.brandIds?.[0] ?? company.brands[0].id
          const id = yield* secrets.id("account")
          const opened = yield* Effect.fromResult(decide("account", id, undefined, {
            _tag: "OpenAccount",
            account: {
              id, organizationId, companyId: company.id, name: input.name, accountType: input.accountType,
              marketplaces: input.marketplaces, brandIds: input.brandIds ?? [defaultBrandId], defaultBrandId, createdAt: at
            },
            companyBrands: company.brands.map((brand) => brand.id)
          }))
          const provider = Marketplace.get(input.marketplaces[0]).provider
          const proposed = yield* Effect.forEach(Channel.required(provider, input.accountType), ({ channel, optional }) =>
            Effect.gen(function*() {
              const connectionId = yield* secrets.id("connection")
              return yield* Effect.fromResult(decide("connection", connectionId, undefined, {
                _tag: "Propose",
                connection: {
                  id: connectionId, organizationId, companyId: company.id, accountId: id, channel, optional, proposedAt: at
                }
              }))
            }))
          yield* commit({ organizationId, actor, at, ...remembering(once, id) }, [opened, ...proposed])
          return id as string
        })
        return yield* creating(organizationId, once, create, (id) => read(caller, id))
      }),

      assignBrands: Effect.fn("Accounts.assignBrands")((caller, accountId, brandIds, defaultBrandId) =>
        change(caller, accountId, (companyBrands) => ({ _tag: "AssignBrands", brandIds, defaultBrandId, companyBrands }))),

      rename: Effect.fn("Accounts.rename")((caller, accountId, name) =>
        change(caller, accountId, () => ({ _tag: "Rename", name }))),

      list: Effect.fn("Accounts.list")(function*(caller, companyId, page) {
        yield* Effect.fromResult(Access.check(caller, "read"))
        return yield* store.accounts(caller.organizationId, companyId, page)
      }),

      view: Effect.fn("Accounts.view")(function*(caller, accountId) {
        yield* Effect.fromResult(Access.check(caller, "read"))
        return yield* read(caller, accountId)
      })
    })
  }))
}
