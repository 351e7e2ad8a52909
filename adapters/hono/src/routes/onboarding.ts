/** Self-serve onboarding: what has to be so beforehand, where an account stands, and further countries (flow F2). */
import { Id, Marketplace, Onboarding, Requirements } from "@portolan/domain"
import { DateTime, Effect, Schema } from "effect"
import { route } from "../Route.ts"
import * as Account from "../wire/Account.ts"
import * as Effects from "../wire/Effects.ts"
import * as Wire from "../wire/Onboarding.ts"
import { list } from "../wire/Text.ts"
import { AccountParams, showList } from "./shared.ts"

const at = "/v1/accounts/{accountId}"
const tag = "Accounts"

const MarketplaceParams = Schema.Struct({ accountId: Id.AccountId, marketplaceId: Marketplace.MarketplaceId })

/** The routes. */
export const onboarding = [
  route({
    method: "GET",
    path: "/v1/requirements",
    operationId: "listRequirements",
    tag: "Catalogue",
    summary: "Lists the preconditions at the provider, in the order in which they are checked",
    description: "Empty when no precondition is known, or when accounts of the type do not use the channel.",
    query: Wire.RequirementQuery,
    answer: list(Wire.Requirement),
    call: (_, { query }) => Effect.succeed(Requirements.of(query.channel, query.type)),
    show: showList(Wire.requirement)
  }),
  route({
    method: "GET",
    path: `${at}/onboarding`,
    operationId: "getOnboarding",
    tag,
    summary: "Reads the progress of an account until it is connected and its data loaded",
    description:
      "For the account's first country. Optional steps do not count: a vendor without the Selling Partner API is " +
      "complete.",
    params: AccountParams,
    answer: Wire.Answer,
    call: ({ accounts, connections }, { caller, params: { accountId } }) =>
      Effect.gen(function* () {
        const account = yield* accounts.view(caller, accountId)
        const own = connections.list(caller, { accountId }, { limit: 100 })
        const { items } = yield* Effect.catchTag(own, "InvalidCursor", Effect.die)
        return Onboarding.of(
          account,
          items.map(({ connection }) => connection),
          items.flatMap(({ backfill }) => backfill ?? []),
          { now: yield* DateTime.now }
        )
      }),
    show: Wire.of
  }),
  route({
    method: "GET",
    path: `${at}/expansion`,
    operationId: "getExpansion",
    tag,
    summary: "Decides whether a further country joins an account or needs one of its own, and says why",
    description:
      "Considers what the account's consents list now. Japan, Australia and Singapore share a region, but each is a " +
      "seller account of its own.",
    params: AccountParams,
    query: Wire.ExpansionQuery,
    answer: Wire.ExpansionAnswer,
    call: ({ accounts }, { caller, params: { accountId }, query: { marketplace, type } }) =>
      Effect.gen(function* () {
        const accountType = type ?? (yield* accounts.view(caller, accountId)).accountType
        return yield* accounts.expansion(caller, accountId, { marketplaceId: marketplace, accountType })
      }),
    show: Wire.expansion
  }),
  route({
    method: "POST",
    path: `${at}/marketplaces`,
    operationId: "addMarketplace",
    tag,
    summary: "Adds a country to an account",
    description:
      "Proposes its connections. Refused where `expansion` says that the country needs an account of its own; adding " +
      "a country twice changes nothing. " +
      "To use an existing consent that lists the country, send POST /v1/grants/{grantId}/links.",
    params: AccountParams,
    body: Wire.AddedMarketplace,
    answer: Account.Answer,
    problems: ["contradiction", "changed-meanwhile", "not-possible-now"],
    call: ({ accounts }, { body, caller, params }) =>
      accounts.addMarketplace(caller, params.accountId, body.marketplaceId),
    show: Account.of
  }),
  route({
    method: "GET",
    path: `${at}/marketplaces/{marketplaceId}/effects`,
    operationId: "getMarketplaceEffects",
    tag,
    summary: "Lists what taking a country out of an account would do",
    params: MarketplaceParams,
    answer: list(Effects.Answer),
    call: ({ accounts }, { caller, params }) =>
      accounts.marketplaceEffects(caller, params.accountId, params.marketplaceId),
    show: showList(Effects.of)
  }),
  route({
    method: "DELETE",
    path: `${at}/marketplaces/{marketplaceId}`,
    operationId: "removeMarketplace",
    tag,
    summary: "Takes a country out of an account to which it was added by mistake",
    description:
      "Its connections get the status `withdrawn` and are listed only when asked for; open links and requests are " +
      "withdrawn. Data and history stay. Adding the country again brings them back. Refused for the account's first " +
      "country, and while a connection there is live: disconnect that first.",
    params: MarketplaceParams,
    answer: Account.Answer,
    problems: ["contradiction", "does-not-exist", "changed-meanwhile", "not-possible-now"],
    call: ({ accounts }, { caller, params }) =>
      accounts.removeMarketplace(caller, params.accountId, params.marketplaceId),
    show: Account.of
  })
]
