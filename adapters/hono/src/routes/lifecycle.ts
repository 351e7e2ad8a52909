/**
 * Pausing, removing and deleting: different commands, each with its effects to be told first (rules P-R17 to P-R19,
 * C14). Ending a connection is `DELETE /v1/connections/{connectionId}`.
 */
import { route, type RouteDoc } from "../Route.ts"
import * as Account from "../wire/Account.ts"
import * as Company from "../wire/Company.ts"
import * as Connection from "../wire/Connection.ts"
import * as Effects from "../wire/Effects.ts"
import { list } from "../wire/Text.ts"
import { AccountParams, CompanyParams, ConnectionParams, showList } from "./shared.ts"

const connection = "/v1/connections/{connectionId}"
const company = "/v1/companies/{companyId}"
const account = "/v1/accounts/{accountId}"

const ofConnection = (command: "pause" | "resume", operationId: string, summary: string, description: string) =>
  route({
    method: "POST",
    path: `${connection}/${command}`,
    operationId,
    tag: "Connections",
    summary,
    description,
    params: ConnectionParams,
    answer: Connection.Detail,
    problems: ["changed-meanwhile", "not-possible-now"],
    call: ({ connections }, { caller, params }) => connections[command](caller, params.connectionId),
    show: Connection.detail
  })

interface AccountCommand extends Pick<RouteDoc, "operationId" | "summary" | "description"> {
  readonly command: "remove" | "restore" | "deleteData" | "keepData"
  /** The last part of the path. */
  readonly verb: string
}

const ofAccount = ({ command, verb, ...doc }: AccountCommand) =>
  route({
    method: "POST",
    ...doc,
    path: `${account}/${verb}`,
    tag: "Accounts",
    params: AccountParams,
    answer: Account.Answer,
    problems: ["changed-meanwhile", "not-possible-now"],
    call: ({ accounts }, { caller, params }) => accounts[command](caller, params.accountId),
    show: Account.of
  })

/** The routes of connections. */
export const connectionLifecycle = [
  route({
    method: "GET",
    path: `${connection}/effects`,
    operationId: "getConnectionEffects",
    tag: "Connections",
    summary: "Lists what pausing, resuming or disconnecting would do",
    params: ConnectionParams,
    query: Effects.ofConnection,
    answer: list(Effects.Answer),
    call: ({ connections }, { caller, params, query }) =>
      connections.effects(caller, params.connectionId, query.command),
    show: showList(Effects.of)
  }),
  ofConnection(
    "pause",
    "pauseConnection",
    "Stops loading data until the connection is resumed",
    "Consent, profile and loaded data stay. A paused connection gives no access token."
  ),
  ofConnection(
    "resume",
    "resumeConnection",
    "Loads data again, including that of the pause",
    "Does nothing when the connection is not paused."
  )
]

const ofCompany = (command: "remove" | "restore", doc: Pick<RouteDoc, "operationId" | "summary" | "description">) =>
  route({
    method: "POST",
    ...doc,
    path: `${company}/${command}`,
    tag: "Companies",
    params: CompanyParams,
    answer: Company.Answer,
    problems: ["changed-meanwhile", "not-possible-now"],
    call: ({ companies }, { caller, params }) => companies[command](caller, params.companyId),
    show: Company.of
  })

/** The routes of companies. */
export const companyLifecycle = [
  route({
    method: "GET",
    path: `${company}/effects`,
    operationId: "getCompanyEffects",
    tag: "Companies",
    summary: "Lists what removing, merging or restoring a company would do",
    params: CompanyParams,
    query: Effects.ofCompany,
    answer: list(Effects.Answer),
    call: ({ companies }, { caller, params, query }) => companies.effects(caller, params.companyId, query),
    show: showList(Effects.of)
  }),
  ofCompany("remove", {
    operationId: "removeCompany",
    summary: "Takes a company that is there twice off the lists",
    description:
      "Refused while it has an account in use: take those to another company, or send POST " +
      "/v1/companies/{companyId}/merge. Its brands, access rights and history stay."
  }),
  ofCompany("restore", {
    operationId: "restoreCompany",
    summary: "Puts a removed company back",
    description: "It has its brands, its main account and its history again."
  }),
  route({
    method: "POST",
    path: `${company}/merge`,
    operationId: "mergeCompany",
    tag: "Companies",
    summary: "Takes all accounts of a company to another one and removes it",
    description:
      "Each account keeps its connections, consents, data and history, and has the brands of the same names there, " +
      "else the first one. Asked again after an interruption, it goes on where it stopped.",
    params: CompanyParams,
    body: Company.Merged,
    answer: Company.Answer,
    problems: ["contradiction", "changed-meanwhile", "not-possible-now"],
    call: ({ companies }, { body, caller, params }) => companies.merge(caller, params.companyId, body.into),
    show: Company.of
  })
]

/** The routes of accounts. */
export const accountLifecycle = [
  route({
    method: "GET",
    path: `${account}/effects`,
    operationId: "getAccountEffects",
    tag: "Accounts",
    summary: "Lists what removing, restoring, deleting or keeping would do",
    params: AccountParams,
    query: Effects.ofAccount,
    answer: list(Effects.Answer),
    call: ({ accounts }, { caller, params, query }) => accounts.effects(caller, params.accountId, query.command),
    show: showList(Effects.of)
  }),
  ofAccount({
    command: "remove",
    verb: "remove",
    operationId: "removeAccount",
    summary: "Takes an account off the lists",
    description: "Its data and history stay. Refused while one of its connections is live."
  }),
  ofAccount({
    command: "restore",
    verb: "restore",
    operationId: "restoreAccount",
    summary: "Puts a removed account back",
    description: "The account has its brands and history again, and is not connected."
  }),
  ofAccount({
    command: "deleteData",
    verb: "delete-data",
    operationId: "deleteAccountData",
    summary: "Schedules the erasure of everything loaded for an account",
    description:
      "The data is erased at `erasure.dueAt`, after a grace period; until then the erasure can be cancelled. Refused " +
      "while a connection is live."
  }),
  ofAccount({
    command: "keepData",
    verb: "keep-data",
    operationId: "keepAccountData",
    summary: "Cancels a scheduled erasure",
    description: "Does nothing when none is scheduled."
  })
]
