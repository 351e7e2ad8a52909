/** Accounts (flow F1, step 3). */
import { given, Id } from "@portolan/domain"
import { Accounts, Connections } from "@portolan/ports"
import { Effect, Schema } from "effect"
import { route } from "../Route.ts"
import * as Account from "../wire/Account.ts"
import { Named } from "../wire/Company.ts"
import * as Connection from "../wire/Connection.ts"
import { page } from "../wire/Text.ts"
import { AccountParams, pageOf, pageQuery, written } from "./parts.ts"

const at = "/v1/accounts"
const tag = "Accounts"

/** The routes. */
export const accounts = [
  route({
    method: "GET",
    path: at,
    operationId: "listAccounts",
    tag,
    summary: "Lists accounts, oldest first",
    query: Schema.Struct({
      ...pageQuery,
      companyId: Schema.optionalKey(Id.CompanyId),
      state: Schema.optionalKey(Account.Listed)
    }),
    answer: page(Account.Answer),
    problems: ["invalid-cursor"],
    handle: ({ caller, query }) =>
      Effect.gen(function* () {
        const { list } = yield* Accounts.Accounts
        const filter = given({ companyId: query.companyId, states: Account.states(query.state) })
        return { body: written(yield* list(caller, filter, pageOf(query)), Account.of) }
      })
  }),
  route({
    method: "POST",
    path: at,
    operationId: "openAccount",
    tag,
    summary: "Opens an account",
    description: "Proposes a connection for every channel the account can have (rules K-R7, K-R11).",
    status: 201,
    creates: true,
    body: Account.New,
    answer: Account.Answer,
    problems: ["not-found", "contradiction", "not-yours"],
    handle: ({ body, caller, idempotencyKey }) =>
      Effect.gen(function* () {
        const { create } = yield* Accounts.Accounts
        const account = yield* create(caller, body, idempotencyKey)
        return { body: Account.of(account), location: `${at}/${account.id}` }
      })
  }),
  route({
    method: "GET",
    path: `${at}/{accountId}`,
    operationId: "getAccount",
    tag,
    summary: "Reads an account with its connections",
    params: AccountParams,
    answer: Account.Detail,
    handle: ({ caller, params: { accountId } }) =>
      Effect.gen(function* () {
        const { view } = yield* Accounts.Accounts
        const { list } = yield* Connections.Connections
        const account = yield* view(caller, accountId)
        // An account has a handful of channels, so its first page is all of it.
        const { items } = yield* list(caller, { accountId }, { limit: 25 })
        return { body: { ...Account.of(account), connections: items.map(Connection.of) } }
      })
  }),
  route({
    method: "PATCH",
    path: `${at}/{accountId}`,
    operationId: "renameAccount",
    tag,
    summary: "Renames an account",
    params: AccountParams,
    body: Named,
    answer: Account.Answer,
    problems: ["changed-meanwhile", "not-possible-now"],
    handle: ({ body, caller, params }) =>
      Effect.gen(function* () {
        const { rename } = yield* Accounts.Accounts
        return { body: Account.of(yield* rename(caller, params.accountId, body.name)) }
      })
  }),
  route({
    method: "PUT",
    path: `${at}/{accountId}/brands`,
    operationId: "assignBrands",
    tag,
    summary: "Says which brands of the company an account has",
    params: AccountParams,
    body: Account.AssignedBrands,
    answer: Account.Answer,
    problems: ["contradiction", "not-yours", "changed-meanwhile", "not-possible-now"],
    handle: ({ body, caller, params }) =>
      Effect.gen(function* () {
        const { assignBrands } = yield* Accounts.Accounts
        return { body: Account.of(yield* assignBrands(caller, params.accountId, body)) }
      })
  })
]
