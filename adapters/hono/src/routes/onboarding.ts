/** Self-serve onboarding: what has to be so beforehand, where an account stands, and further countries (flow F2). */
import { Onboarding, Requirements } from "@portolan/domain"
import { Effect } from "effect"
import { route } from "../Route.ts"
import * as Account from "../wire/Account.ts"
import * as Wire from "../wire/Onboarding.ts"
import { list } from "../wire/Text.ts"
import { AccountParams, showList } from "./shared.ts"

const at = "/v1/accounts/{accountId}"
const tag = "Accounts"

/** The routes. */
export const onboarding = [
  route({
    method: "GET",
    path: "/v1/requirements",
    operationId: "listRequirements",
    tag: "Catalogue",
    summary: "Lists what has to be so at the provider before somebody consents, in the order in which it is checked",
    description:
      "Empty when nothing is known to be required, or when accounts of the type do not use the channel (rules P-R2, P-R3, P-R10, W-R1, W-R2).",
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
    summary: "Says where an account stands on its way to being connected and loaded",
    description:
      "The account's first country. What is optional holds nobody up: a vendor without the Selling Partner API is complete (rule P-R12).",
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
          items.flatMap(({ backfill }) => backfill?.state ?? [])
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
      "Looks at what the account's consents list now (rule P-R6). Japan, Australia and Singapore share a region and are seller accounts of their own.",
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
      "Proposes its connections. Refused where `expansion` says that the country needs an account of its own; adding one that is there changes nothing. " +
      "A consent that lists it is used with POST /v1/grants/{grantId}/links, without another trip.",
    params: AccountParams,
    body: Wire.AddedMarketplace,
    answer: Account.Answer,
    problems: ["contradiction", "changed-meanwhile", "not-possible-now"],
    call: ({ accounts }, { body, caller, params }) =>
      accounts.addMarketplace(caller, params.accountId, body.marketplaceId),
    show: Account.of
  })
]
