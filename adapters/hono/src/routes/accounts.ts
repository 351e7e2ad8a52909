/** Accounts (flow F1, step 3). */
import { given, Id } from "@portolan/domain"
import { Effect, Schema } from "effect"
import { route } from "../Route.ts"
import * as Account from "../wire/Account.ts"
import { Named } from "../wire/Company.ts"
import * as Connection from "../wire/Connection.ts"
import { page } from "../wire/Text.ts"
import { AccountParams, pageOf, pageQuery, showPage } from "./shared.ts"

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
    call: ({ accounts }, { caller, query }) =>
      accounts.list(caller, given({ companyId: query.companyId, states: Account.states(query.state) }), pageOf(query)),
    show: showPage(Account.of)
  }),
  route({
    method: "POST",
    path: at,
    operationId: "openAccount",
    tag,
    summary: "Opens an account",
    description: "Proposes a connection for every channel that the account can have.",
    status: 201,
    creates: true,
    body: Account.New,
    answer: Account.Answer,
    problems: ["not-found", "contradiction", "not-yours"],
    call: ({ accounts }, { body, caller, idempotencyKey }) => accounts.create(caller, body, idempotencyKey),
    show: Account.of,
    location: (account) => `${at}/${account.id}`
  }),
  route({
    method: "GET",
    path: `${at}/{accountId}`,
    operationId: "getAccount",
    tag,
    summary: "Reads an account with its connections",
    params: AccountParams,
    answer: Account.Detail,
    call: ({ accounts, connections }, { caller, params: { accountId } }) =>
      Effect.all({
        account: accounts.view(caller, accountId),
        // An account has a handful of channels, so its first page is all of it.
        own: connections.list(caller, { accountId }, { limit: 25 })
      }),
    show: ({ account, own }) => ({ ...Account.of(account), connections: own.items.map(Connection.of) })
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
    call: ({ accounts }, { body, caller, params }) => accounts.rename(caller, params.accountId, body.name),
    show: Account.of
  }),
  route({
    method: "PUT",
    path: `${at}/{accountId}/company`,
    operationId: "changeAccountCompany",
    tag,
    summary: "Takes an account to another company",
    description:
      "It keeps its connections, consents, data and history. Without `brands` it has the new company's brands of the " +
      "same names, else its first one.",
    params: AccountParams,
    body: Account.NewCompany,
    answer: Account.Answer,
    problems: ["not-found", "contradiction", "not-yours", "changed-meanwhile", "not-possible-now"],
    call: ({ accounts }, { body, caller, params }) => accounts.changeCompany(caller, params.accountId, body),
    show: Account.of
  }),
  route({
    method: "PUT",
    path: `${at}/{accountId}/brands`,
    operationId: "assignBrands",
    tag,
    summary: "Sets the brands of an account",
    params: AccountParams,
    body: Account.AssignedBrands,
    answer: Account.Answer,
    problems: ["contradiction", "not-yours", "changed-meanwhile", "not-possible-now"],
    call: ({ accounts }, { body, caller, params }) => accounts.assignBrands(caller, params.accountId, body),
    show: Account.of
  })
]
