/** Connections: how each stands and why, its first load, its token, and its end (flow F1, steps 3 and 7). */
import { Channel, type Connection as Machine, given, Id } from "@portolan/domain"
import { type AccessTokens, Repository } from "@portolan/ports"
import { Redacted, Schema } from "effect"
import * as Query from "../Query.ts"
import { route } from "../Route.ts"
import * as Connection from "../wire/Connection.ts"
import * as AuditRecord from "../wire/AuditRecord.ts"
import * as Event from "../wire/Event.ts"
import * as Freshness from "../wire/Freshness.ts"
import { instant, page } from "../wire/Text.ts"
import { ConnectionParams, pageOf, PageQuery, pageQuery, several, showPage } from "./shared.ts"

const at = "/v1/connections"
const tag = "Connections"

const Before = Query.instant("Only connections whose consent expires before this instant, e.g. 2026-03-01T00:00:00Z.")

// Whether a connection is paused is a note on its state and no state of its own.
const FilterStatus = Schema.Literals([
  "not-connected",
  "awaiting-selection",
  "awaiting-access",
  "connected",
  "limited",
  "reauthorization-needed",
  "disconnected",
  "withdrawn"
])

const states: { readonly [S in typeof FilterStatus.Type]: Machine.Present["_tag"] } = {
  "not-connected": "Proposed",
  "awaiting-selection": "AwaitingSelection",
  "awaiting-access": "AwaitingAccess",
  connected: "Connected",
  limited: "Limited",
  "reauthorization-needed": "ReauthorizationNeeded",
  disconnected: "Disconnected",
  withdrawn: "Withdrawn"
}

const Filter = Schema.Struct({
  ...pageQuery,
  companyId: Schema.optionalKey(Id.CompanyId),
  accountId: Schema.optionalKey(Id.AccountId),
  channel: Schema.optionalKey(Channel.Known),
  marketplaceId: Schema.optionalKey(Query.marketplace("Only connections in this marketplace.")),
  expiresBefore: Schema.optionalKey(Before),
  paused: Schema.optionalKey(Query.flag("Only paused ones, or only others.")),
  status: Schema.optionalKey(
    Schema.Union([FilterStatus, Schema.Array(FilterStatus).check(Schema.isMaxLength(8))]).annotate({
      description:
        "One status, or several by repeating the parameter. Left out: all but `withdrawn`, which is the status of " +
        "connections whose marketplace was taken out of the account."
    })
  )
})

const filterOf = ({ cursor: _, limit: __, status, ...filter }: typeof Filter.Type): Repository.ConnectionFilter => ({
  ...filter,
  ...given({ states: several(status)?.map((one) => states[one]) })
})

const tokenProblems = [
  "not-possible-now",
  "reauthorization-needed",
  "channel-unavailable",
  "application-rejected",
  "provider-unavailable"
] as const

const shownToken = ({ expiresAt, token }: AccessTokens.AccessToken) => ({
  accessToken: Redacted.value(token),
  expiresAt: instant(expiresAt)
})

/** The routes. */
export const connections = [
  route({
    method: "GET",
    path: at,
    operationId: "listConnections",
    tag,
    summary: "Lists connections, oldest first",
    query: Filter,
    answer: page(Connection.Answer),
    problems: ["invalid-cursor"],
    call: ({ connections }, { caller, query }) => connections.list(caller, filterOf(query), pageOf(query)),
    show: showPage(Connection.of)
  }),
  route({
    method: "GET",
    path: `${at}/{connectionId}`,
    operationId: "getConnection",
    tag,
    summary: "Reads a connection: its evidence, its first load, its next deadline",
    params: ConnectionParams,
    answer: Connection.Detail,
    call: ({ connections }, { caller, params }) => connections.view(caller, params.connectionId),
    show: Connection.detail
  }),
  route({
    method: "DELETE",
    path: `${at}/{connectionId}`,
    operationId: "disconnect",
    tag,
    summary: "Ends a connection",
    description:
      "Frees the profile, deletes the tokens and stops the load. The connection stays, with the status " +
      "`disconnected`; loaded data stays.",
    params: ConnectionParams,
    answer: Connection.Detail,
    problems: ["changed-meanwhile", "not-possible-now"],
    call: ({ connections }, { caller, params }) => connections.disconnect(caller, params.connectionId),
    show: Connection.detail
  }),
  route({
    method: "GET",
    path: `${at}/{connectionId}/history`,
    operationId: "getConnectionHistory",
    tag,
    summary: "Lists the events of a connection, its authorizations and its first load, the latest first",
    params: ConnectionParams,
    query: PageQuery,
    answer: page(Event.Answer),
    problems: ["invalid-cursor"],
    call: ({ connections }, { caller, params, query }) =>
      connections.history(caller, params.connectionId, pageOf(query)),
    show: showPage(Event.of)
  }),
  route({
    method: "GET",
    path: `${at}/{connectionId}/token-reads`,
    operationId: "listTokenReads",
    tag,
    summary: "Lists who read the tokens of a connection's consent and why, the latest first",
    description: "A consent may serve several connections; reads for another one of them are not listed.",
    params: ConnectionParams,
    query: PageQuery,
    answer: page(AuditRecord.TokenRead),
    problems: ["invalid-cursor"],
    call: ({ connections }, { caller, params, query }) =>
      connections.tokenReads(caller, params.connectionId, pageOf(query)),
    show: showPage(AuditRecord.ofRead)
  }),
  route({
    method: "GET",
    path: `${at}/{connectionId}/backfill`,
    operationId: "getBackfill",
    tag,
    summary: "Reads the first load with its ledger, window by window",
    description: "Not found until a profile was selected and the load was planned.",
    params: ConnectionParams,
    answer: Connection.Ledger,
    call: ({ connections }, { caller, params: { connectionId } }) => connections.ledger(caller, connectionId),
    show: Connection.ledger
  }),
  route({
    method: "GET",
    path: `${at}/{connectionId}/freshness`,
    operationId: "getFreshness",
    tag,
    summary: "Reads how fresh each kind of data is, with what became of the last 90 days",
    description:
      "Computed from the plan and from what is there, at the instant of the call. Not found until the load was " +
      "planned; no class while the connection is not linked.",
    params: ConnectionParams,
    answer: Freshness.Answer,
    call: ({ connections }, { caller, params: { connectionId } }) => connections.freshness(caller, connectionId),
    show: Freshness.of
  }),
  route({
    method: "POST",
    path: `${at}/{connectionId}/backfill/retry`,
    operationId: "retryBackfill",
    tag,
    summary: "Asks again for the days that wait for a person",
    description:
      "For days with the progress `blocked`: after the cause is gone, or to see whether it is. Nothing changes when " +
      "none waits, so the call can be repeated. Refused while nothing can be fetched: not connected, the consent is " +
      "gone, or paused.",
    params: ConnectionParams,
    body: Connection.RetryRequest,
    bodyOptional: true,
    answer: Connection.Detail,
    problems: ["changed-meanwhile", "not-possible-now"],
    call: ({ connections }, { body: { dataClass }, caller, params: { connectionId } }) =>
      connections.retry(caller, connectionId, dataClass),
    show: Connection.detail
  }),
  route({
    method: "GET",
    path: `${at}/{connectionId}/access-token`,
    operationId: "getAccessToken",
    tag,
    summary: "Gives a valid access token, for software that calls the provider itself",
    description: "Refreshes the token first if it is about to expire. Needs the role to connect.",
    params: ConnectionParams,
    answer: Connection.AccessToken,
    problems: tokenProblems,
    direct: ({ accessTokens }, { headers, operationId, params }) =>
      accessTokens.ofKey(headers, params["connectionId"] ?? "", operationId),
    call: ({ accessTokens }, { caller, params }) => accessTokens.ofConnection(caller, params.connectionId),
    show: shownToken
  }),
  route({
    method: "POST",
    path: `${at}/{connectionId}/access-token`,
    operationId: "replaceAccessToken",
    tag,
    summary: "Gives a valid access token, after the provider refused one",
    description:
      "Name the token that the provider answered with 401. Another one is fetched, unless a newer one is there. When " +
      "the consent turns out to be gone, the answer says so and the connection needs reauthorization at once.",
    params: ConnectionParams,
    body: Connection.AccessTokenRequest,
    bodyOptional: true,
    answer: Connection.AccessToken,
    problems: tokenProblems,
    call: ({ accessTokens }, { body: { refusedToken }, caller, params }) =>
      accessTokens.ofConnection(
        caller,
        params.connectionId,
        refusedToken === undefined ? undefined : Redacted.make(refusedToken)
      ),
    show: shownToken
  })
]
