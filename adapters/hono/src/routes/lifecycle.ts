/**
 * Pausing, removing and deleting: different commands, each with its effects to be told first (rules P-R17 to P-R19, C14). Ending a
 * connection is `DELETE /v1/connections/{connectionId}`.
 */
import { route } from "../Route.ts"
import * as Account from "../wire/Account.ts"
import * as Connection from "../wire/Connection.ts"
import * as Effects from "../wire/Effects.ts"
import { list } from "../wire/Text.ts"
import { AccountParams, ConnectionParams, showList } from "./shared.ts"

const connection = "/v1/connections/{connectionId}"
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

const ofAccount = (
  command: "remove" | "restore" | "deleteData" | "keepData",
  path: string,
  operationId: string,
  summary: string,
  description: string
) =>
  route({
    method: "POST",
    path: `${account}/${path}`,
    operationId,
    tag: "Accounts",
    summary,
    description,
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
    summary: "Tells what pausing, resuming or disconnecting would do",
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
    "Fetches nothing until it is resumed",
    "Consent, profile and loaded data stay. No access token is handed out meanwhile (rule P-R19)."
  ),
  ofConnection(
    "resume",
    "resumeConnection",
    "Fetches again, the gap included",
    "Nothing happens when it is not paused."
  )
]

/** The routes of accounts. */
export const accountLifecycle = [
  route({
    method: "GET",
    path: `${account}/effects`,
    operationId: "getAccountEffects",
    tag: "Accounts",
    summary: "Tells what removing, restoring, deleting or keeping would do",
    params: AccountParams,
    query: Effects.ofAccount,
    answer: list(Effects.Answer),
    call: ({ accounts }, { caller, params, query }) => accounts.effects(caller, params.accountId, query.command),
    show: showList(Effects.of)
  }),
  ofAccount(
    "remove",
    "remove",
    "removeAccount",
    "Takes an account off the lists",
    "Its data and history stay. Refused while one of its connections is live (rules P-R18, C14)."
  ),
  ofAccount(
    "restore",
    "restore",
    "restoreAccount",
    "Puts a removed account back",
    "It comes back with its brands and history, not connected."
  ),
  ofAccount(
    "deleteData",
    "delete-data",
    "deleteAccountData",
    "Schedules the erasure of everything loaded for an account",
    "It happens after days of grace, at `erasure.dueAt`; until then it can be called off. Refused while a connection is live."
  ),
  ofAccount(
    "keepData",
    "keep-data",
    "keepAccountData",
    "Calls a scheduled erasure off",
    "Nothing happens when none is scheduled."
  )
]
