/** The conversation about accounts (flow F1, step 3; rules K-R3, K-R5 to K-R7). */
import {
  Access,
  type Account,
  type AccountType,
  Channel,
  Connection,
  Effects,
  Expansion,
  type Id,
  Marketplace,
  Profile,
  Refused,
  type Text
} from "@portolan/domain"
import { Context, DateTime, Effect, Layer } from "effect"
import { CurrentCatalogue } from "../../driven/CurrentCatalogue.ts"
import { Repository, type InvalidCursor, type NotFound, type Page, type PageRequest } from "../../driven/Repository.ts"
import { ProviderApi } from "../../driven/ProviderApi.ts"
import { Secrets } from "../../driven/Secrets.ts"
import type { StoreUnavailable } from "../../driven/StoreUnavailable.ts"
import { type Decided, decideWith, makeCommit, onConflictAgain } from "../shared/change.ts"
import { AccessTokens } from "../tokens/AccessTokens.ts"
import type { ChangeError } from "./Companies.ts"
import { makeIdempotency, type IdempotencyKey, idempotencyRecord } from "../shared/creating.ts"
import { makeAccessScope } from "../shared/reach.ts"
import { accessTo, asGrant } from "../tokens/withToken.ts"

/** What a new account is made of. Without brands, it takes the company's first. */
export interface NewAccount {
  readonly companyId: Id.CompanyId
  readonly name: Text.Name
  readonly accountType: AccountType.AccountType
  readonly marketplaces: readonly [Marketplace.MarketplaceId, ...ReadonlyArray<Marketplace.MarketplaceId>]
  readonly brandIds?: ReadonlyArray<Id.BrandId>
  readonly defaultBrandId?: Id.BrandId
}

/** A further country somebody wants. */
export interface JobRequest {
  readonly marketplaceId: Marketplace.MarketplaceId
  readonly accountType: AccountType.AccountType
}

/** Asks about accounts. */
export class Accounts extends Context.Service<
  Accounts,
  {
    /**
     * Opens an account and proposes a connection for every channel it can have, so that each has its tile at once
     * (rules K-R7, K-R11, C2).
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
      brandIds: ReadonlyArray<Id.BrandId>,
      defaultBrandId: Id.BrandId
    ) => Effect.Effect<Account.Present, ChangeError>

    /** Renames an account. */
    readonly rename: (
      caller: Access.Caller,
      accountId: Id.AccountId,
      name: Text.Name
    ) => Effect.Effect<Account.Present, ChangeError>

    /**
     * Whether a further country joins this account or needs one of its own, and why (rule P-R6). Looks at what the account's
     * consents list; where a provider cannot be asked now, the answer says what is not known.
     */
    readonly expansion: (
      caller: Access.Caller,
      accountId: Id.AccountId,
      wanted: JobRequest
    ) => Effect.Effect<Expansion.Expansion, Refused.Refused | NotFound | StoreUnavailable>

    /**
     * Adds a country to an account and proposes its connections; refused where `expansion` says that it needs an account of
     * its own. A consent that lists the country is used with `Grants.link`, without a new authorization.
     */
    readonly addMarketplace: (
      caller: Access.Caller,
      accountId: Id.AccountId,
      marketplaceId: Marketplace.MarketplaceId
    ) => Effect.Effect<Account.Present, ChangeError>

    /** What a command would do, to be told before it is confirmed (rule C14). */
    readonly effects: (
      caller: Access.Caller,
      accountId: Id.AccountId,
      command: Parameters<typeof Effects.ofAccount>[0]
    ) => Effect.Effect<ReadonlyArray<Effects.Effect>, Refused.Refused | NotFound | StoreUnavailable>

    /** Takes an account off the lists; refused while a connection of it is live (rules P-R18, C14). */
    readonly remove: (caller: Access.Caller, accountId: Id.AccountId) => Effect.Effect<Account.Present, ChangeError>

    /** Puts a removed account back. */
    readonly restore: (caller: Access.Caller, accountId: Id.AccountId) => Effect.Effect<Account.Present, ChangeError>

    /** Schedules the erasure of everything loaded for an account, after days of grace (rule C14). */
    readonly deleteData: (caller: Access.Caller, accountId: Id.AccountId) => Effect.Effect<Account.Present, ChangeError>

    /** Calls a scheduled erasure off. */
    readonly keepData: (caller: Access.Caller, accountId: Id.AccountId) => Effect.Effect<Account.Present, ChangeError>

    /** Lists the accounts of a company, or of all: those in use, unless other states are asked for. */
    readonly list: (
      caller: Access.Caller,
      companyId: Id.CompanyId | undefined,
      page: PageRequest,
      states?: ReadonlyArray<Account.Present["_tag"]>
    ) => Effect.Effect<Page<Account.Present>, Refused.Refused | InvalidCursor | StoreUnavailable>

    /** Reads one account. */
    readonly view: (
      caller: Access.Caller,
      accountId: Id.AccountId
    ) => Effect.Effect<Account.Present, Refused.Refused | NotFound | StoreUnavailable>
  }
>()("@portolan/ports/driving/Accounts") {
  /** The conversation over the driven ports. */
  static readonly layer = Layer.effect(
    Accounts,
    Effect.gen(function* () {
      const catalogue = yield* CurrentCatalogue
      const decide = decideWith(catalogue)
      const store = yield* Repository
      const secrets = yield* Secrets
      const commit = yield* makeCommit
      const withIdempotency = yield* makeIdempotency
      const provider = yield* ProviderApi
      const tokens = yield* AccessTokens
      const accessScope = yield* makeAccessScope

      const read = (caller: Access.Caller, accountId: string) =>
        Effect.map(store.find("account", caller.organizationId, accountId), ({ state }) => state)

      /** One connection for every channel that an account has in a marketplace. */
      const propose = (
        of: Omit<Extract<Connection.State, { readonly _tag: "Proposed" }>, "_tag" | "id" | "channel" | "optional">,
        provider: Marketplace.Provider,
        type: AccountType.AccountType
      ) =>
        Effect.forEach(Channel.required(provider, type, catalogue), ({ channel, optional }) =>
          Effect.gen(function* () {
            const id = yield* secrets.id("connection")
            const connection = { ...of, id, channel, optional }
            return yield* Effect.fromResult(decide("connection", id, undefined, { _tag: "Propose", connection }))
          })
        )

      const connectionsOf = (organizationId: Id.OrganizationId, accountId: Id.AccountId) =>
        store.connections(organizationId, { accountId }, { limit: 100 }).pipe(
          // A first page has no cursor that could be invalid.
          Effect.catchTag("InvalidCursor", Effect.die),
          Effect.map(({ items }) => items)
        )

      /** Decides on an account that the caller may administer, and gives it back. */
      const change = (
        caller: Access.Caller,
        accountId: Id.AccountId,
        command: (account: Account.Present, at: DateTime.Utc) => Effect.Effect<Account.Command, ChangeError>,
        also: (account: Account.Present, at: DateTime.Utc) => Effect.Effect<ReadonlyArray<Decided>, ChangeError> = () =>
          Effect.succeed([])
      ) =>
        onConflictAgain(
          Effect.gen(function* () {
            const found = yield* accessScope.account(caller, "administer", accountId)
            const at = yield* DateTime.now
            const decided = yield* Effect.fromResult(
              decide("account", accountId, found, yield* command(found.state, at))
            )
            const { actor, organizationId } = caller
            const rest = decided.events.length === 0 ? [] : yield* also(found.state, at)
            yield* commit({ organizationId, actor, at }, [decided, ...rest])
            return yield* read(caller, accountId)
          })
        )

      /** What its connections wait for is over with the account, for operators too. */
      const stopExpecting = ({ id, organizationId }: Account.Present, at: DateTime.Utc) =>
        Effect.gen(function* () {
          const decided: Array<Decided> = []
          for (const { _tag, id: connectionId } of yield* connectionsOf(organizationId, id)) {
            if (_tag !== "AwaitingAccess") continue
            const read = yield* store.find("connection", organizationId, connectionId)
            decided.push(
              yield* Effect.fromResult(decide("connection", connectionId, read, { _tag: "DropExpectation", at }))
            )
          }
          return decided
        })

      const brandsOf = ({ companyId, organizationId }: Account.Present) =>
        Effect.map(store.find("company", organizationId, companyId), ({ state }) => state.brands.map(({ id }) => id))

      const connected = ({ id, organizationId }: Account.Present) =>
        Effect.map(connectionsOf(organizationId, id), (all) => all.filter(Connection.isLinked).length)

      /** What the account's consents list now, and whether each of them could be asked. */
      const listed = (account: Account.Present) =>
        Effect.gen(function* () {
          const { organizationId } = account
          const all = yield* connectionsOf(organizationId, account.id)
          const grantIds = [...new Set(all.flatMap((one) => (Connection.isLinked(one) ? [one.link.grantId] : [])))]
          const seen = new Set<Marketplace.MarketplaceId>()
          let complete = grantIds.length > 0
          for (const grantId of grantIds) {
            const { state: grant } = yield* store.find("grant", organizationId, grantId)
            if (grant._tag !== "Active" || Channel.accessBy(grant.channel, catalogue) === "partner") continue
            const candidates = yield* asGrant(tokens, grant, (accessToken) =>
              provider.discover(
                accessTo(
                  { ...grant, accountType: account.accountType, marketplaceId: account.marketplaces[0] },
                  accessToken,
                  grant
                )
              )
            ).pipe(
              Effect.timeout("20 seconds"),
              // What cannot be read now is not known; the decision says so instead of failing.
              Effect.catch(() => Effect.succeed(undefined))
            )
            if (candidates === undefined) {
              complete = false
              continue
            }
            const owners = new Set(
              all.flatMap((one) => (Connection.isLinked(one) ? [Profile.owner(one.link.profile)] : []))
            )
            for (const one of candidates) {
              const takesPart = one._tag !== "SellingPartner" || one.isParticipating
              if (takesPart && one.type === account.accountType && owners.has(Profile.owner(one)))
                seen.add(one.key.marketplaceId)
            }
          }
          return { seen, complete }
        })

      const expansion = (account: Account.Present, wanted: JobRequest) =>
        Effect.map(listed(account), ({ complete, seen }) =>
          // A list with gaps tells what is there and not what is not.
          Expansion.expand(
            account,
            wanted,
            complete || seen.has(wanted.marketplaceId) ? [...seen] : undefined,
            catalogue
          )
        )

      return Accounts.of({
        create: Effect.fn("Accounts.create")(function* (caller, input, idempotencyKey) {
          yield* accessScope.requireUnrestricted(caller, "administer")
          const { actor, organizationId } = caller
          const create = Effect.gen(function* () {
            const at = yield* DateTime.now
            const { state: company } = yield* store.find("company", organizationId, input.companyId)
            const defaultBrandId = input.defaultBrandId ?? input.brandIds?.[0] ?? company.brands[0].id
            const id = yield* secrets.id("account")
            const opened = yield* Effect.fromResult(
              decide("account", id, undefined, {
                _tag: "OpenAccount",
                account: {
                  id,
                  organizationId,
                  companyId: company.id,
                  name: input.name,
                  accountType: input.accountType,
                  marketplaces: input.marketplaces,
                  brandIds: input.brandIds ?? [defaultBrandId],
                  defaultBrandId,
                  createdAt: at
                },
                companyBrands: company.brands.map((brand) => brand.id)
              })
            )
            const provider = Marketplace.get(input.marketplaces[0], catalogue).provider
            const of = { organizationId, companyId: company.id, accountId: id, proposedAt: at }
            const proposed = (yield* Effect.forEach(input.marketplaces, (marketplaceId) =>
              propose({ ...of, marketplaceId }, provider, input.accountType)
            )).flat()
            yield* commit({ organizationId, actor, at, ...idempotencyRecord(idempotencyKey, id) }, [
              opened,
              ...proposed
            ])
            return id as string
          })
          return yield* withIdempotency(organizationId, idempotencyKey, create, (id) => read(caller, id))
        }),

        assignBrands: Effect.fn("Accounts.assignBrands")((caller, accountId, brandIds, defaultBrandId) =>
          change(caller, accountId, (account) =>
            Effect.map(brandsOf(account), (companyBrands) => ({
              _tag: "AssignBrands",
              brandIds,
              defaultBrandId,
              companyBrands
            }))
          )
        ),

        rename: Effect.fn("Accounts.rename")((caller, accountId, name) =>
          change(caller, accountId, () => Effect.succeed({ _tag: "Rename", name }))
        ),

        expansion: Effect.fn("Accounts.expansion")(function* (caller, accountId, wanted) {
          return yield* expansion((yield* accessScope.account(caller, "read", accountId)).state, wanted)
        }),

        addMarketplace: Effect.fn("Accounts.addMarketplace")(function* (caller, accountId, marketplaceId) {
          const { state } = yield* accessScope.account(caller, "administer", accountId)
          const { decision, explanation } = yield* expansion(state, { marketplaceId, accountType: state.accountType })
          if (decision === "add-account") {
            return yield* new Refused.Refused({
              subject: "Account",
              asked: "AddMarketplace",
              reason: "contradiction",
              detail: explanation,
              nextStep: "Create a new account for it, in the same company."
            })
          }
          return yield* change(
            caller,
            accountId,
            () => Effect.succeed({ _tag: "AddMarketplace", marketplaceId }),
            ({ accountType, companyId, id, organizationId, provider: whose }, at) =>
              Effect.map(
                propose(
                  { organizationId, companyId, accountId: id, marketplaceId, proposedAt: at },
                  whose,
                  accountType
                ),
                (proposed): ReadonlyArray<Decided> => proposed
              )
          )
        }),

        effects: Effect.fn("Accounts.effects")(function* (caller, accountId, command) {
          yield* accessScope.account(caller, "administer", accountId)
          return Effects.ofAccount(command)
        }),

        remove: Effect.fn("Accounts.remove")((caller, accountId) =>
          change(
            caller,
            accountId,
            (account, at) =>
              Effect.map(connected(account), (live) => ({ _tag: "Remove", connected: live, at, by: caller.actor })),
            stopExpecting
          )
        ),

        restore: Effect.fn("Accounts.restore")((caller, accountId) =>
          change(caller, accountId, (_, at) => Effect.succeed({ _tag: "Restore", at, by: caller.actor }))
        ),

        deleteData: Effect.fn("Accounts.deleteData")((caller, accountId) =>
          change(caller, accountId, (account, at) =>
            Effect.map(connected(account), (live) => ({ _tag: "DeleteData", connected: live, at, by: caller.actor }))
          )
        ),

        keepData: Effect.fn("Accounts.keepData")((caller, accountId) =>
          change(caller, accountId, (_, at) => Effect.succeed({ _tag: "KeepData", at, by: caller.actor }))
        ),

        list: Effect.fn("Accounts.list")(function* (caller, companyId, page, states) {
          yield* Effect.fromResult(Access.check(caller, "read"))
          return yield* store.accounts(
            caller.organizationId,
            {
              ...(companyId === undefined ? {} : { companyId }),
              ...(states === undefined ? {} : { states }),
              ...(yield* accessScope.within(caller))
            },
            page
          )
        }),

        view: Effect.fn("Accounts.view")(function* (caller, accountId) {
          return (yield* accessScope.account(caller, "read", accountId)).state
        })
      })
    })
  )
}
