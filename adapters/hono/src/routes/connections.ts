/** Connections: how each stands and why, its first load, its token, and its end (flow F1, steps 3 and 7). */
import { Channel, type Connection as Machine, Id, Marketplace } from "@portolan/domain"
import { AccessTokens, Connections, Repository } from "@portolan/ports"
import { Effect, Redacted, Schema } from "effect"
import { route } from "../Route.ts"
import * as Connection from "../wire/Connection.ts"
import * as Event from "../wire/Event.ts"
import { instant, page } from "../wire/Text.ts"
import { ConnectionParams, pageOf, PageQuery, pageQuery, written } from "./parts.ts"

const at = "/v1/connections"
const tag = "Connections"

const Before = Schema.DateTimeUtcFromString.pipe(
  Schema.annotateEncoded({
    format: "date-time",
    description: "Those whose consent ends by itself before this instant, e.g. 2026-03-01T00:00:00Z."
  })
)
const Flag = Schema.Literals(["true", "false"]).annotate({ description: "Only paused ones, or only others." })

// Whether a connection is paused is a note on its state and no state of its own.
const FilterStatus = Schema.Literals([
  "not-connected",
  "awaiting-selection",
  "awaiting-access",
  "connected",
  "limited",
  "reauthorization-needed",
  "disconnected"
])

const states: { readonly [S in typeof FilterStatus.Type]: Machine.Present["_tag"] } = {
  "not-connected": "Proposed",
  "awaiting-selection": "AwaitingSelection",
  "awaiting-access": "AwaitingAccess",
  connected: "Connected",
  limited: "Limited",
  "reauthorization-needed": "ReauthorizationNeeded",
  disconnected: "Disconnected"
}

const Filter = Schema.Struct({
  ...pageQuery,
  companyId: Schema.optionalKey(Id.CompanyId),
  accountId: Schema.optionalKey(Id.AccountId),
  channel: Schema.optionalKey(Channel.Known),
  marketplaceId: Schema.optionalKey(Marketplace.Known),
  expiresBefore: Schema.optionalKey(Before),
  paused: Schema.optionalKey(Flag),
  status: Schema.optionalKey(
    Schema.Union([FilterStatus, Schema.Array(FilterStatus).check(Schema.isMaxLength(7))]).annotate({
      description: "One status, or several by repeating the parameter."
    })
  )
})

const filterOf = ({
  accountId,
  channel,
  companyId,
  expiresBefore,
  marketplaceId,
  paused,
  status
}: typeof Filter.Type): Repository.ConnectionFilter => ({
  ...(companyId === undefined ? {} : { companyId }),
  ...(accountId === undefined ? {} : { accountId }),
  ...(channel === undefined ? {} : { channel }),
  ...(marketplaceId === undefined ? {} : { marketplaceId }),
  ...(expiresBefore === undefined ? {} : { expiresBefore }),
  ...(paused === undefined ? {} : { paused: paused === "true" }),
  ...(status === undefined
    ? {}
    : { states: (typeof status === "string" ? [status] : status).map((one) => states[one]) })
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
    handle: ({ caller, query }) =>
      Effect.gen(function* () {
        const { list } = yield* Connections.Connections
        return { body: written(yield* list(caller, filterOf(query), pageOf(query)), Connection.of) }
      })
  }),
  route({
    method: "GET",
    path: `${at}/{connectionId}`,
    operationId: "getConnection",
    tag,
    summary: "Reads a connection: its evidence, its first load, its next deadline",
    params: ConnectionParams,
    answer: Connection.Detail,
    handle: ({ caller, params }) =>
      Effect.gen(function* () {
        const { view } = yield* Connections.Connections
        return { body: Connection.detail(yield* view(caller, params.connectionId)) }
      })
  }),
  route({
    method: "DELETE",
    path: `${at}/{connectionId}`,
    operationId: "disconnect",
    tag,
    summary: "Ends a connection",
    description:
      "Frees the profile, forgets the tokens and stops the load. The connection stays, disconnected; loaded data stays where it landed.",
    params: ConnectionParams,
    answer: Connection.Detail,
    problems: ["changed-meanwhile", "not-possible-now"],
    handle: ({ caller, params }) =>
      Effect.gen(function* () {
        const { disconnect } = yield* Connections.Connections
        return { body: Connection.detail(yield* disconnect(caller, params.connectionId)) }
      })
  }),
  route({
    method: "GET",
    path: `${at}/{connectionId}/history`,
    operationId: "getConnectionHistory",
    tag,
    summary: "Lists what happened to a connection, its trips and its first load, the youngest first",
    params: ConnectionParams,
    query: PageQuery,
    answer: page(Event.Answer),
    problems: ["invalid-cursor"],
    handle: ({ caller, params, query }) =>
      Effect.gen(function* () {
        const { history } = yield* Connections.Connections
        return { body: written(yield* history(caller, params.connectionId, pageOf(query)), Event.of) }
      })
  }),
  route({
    method: "GET",
    path: `${at}/{connectionId}/backfill`,
    operationId: "getBackfill",
    tag,
    summary: "Reads the first load with its ledger, window by window",
    description: "Not found until the connection was finalised and its load was planned.",
    params: ConnectionParams,
    answer: Connection.Ledger,
    handle: ({ caller, params }) =>
      Effect.gen(function* () {
        const { view } = yield* Connections.Connections
        const { backfill } = yield* view(caller, params.connectionId)
        if (backfill === undefined) return yield* new Repository.NotFound({ kind: "backfill", id: params.connectionId })
        return { body: Connection.ledger(backfill) }
      })
  }),
  route({
    method: "GET",
    path: `${at}/{connectionId}/access-token`,
    operationId: "getAccessToken",
    tag,
    summary: "Hands out a live access token, for software that calls the provider itself",
    description: "Refreshes it first when it is about to end. Needs the role to connect.",
    params: ConnectionParams,
    answer: Connection.AccessToken,
    problems: [
      "not-possible-now",
      "reauthorization-needed",
      "channel-unavailable",
      "application-rejected",
      "provider-unavailable"
    ],
    handle: ({ caller, params }) =>
      Effect.gen(function* () {
        const { ofConnection } = yield* AccessTokens.AccessTokens
        const { expiresAt, token } = yield* ofConnection(caller, params.connectionId)
        return { body: { accessToken: Redacted.value(token), expiresAt: instant(expiresAt) } }
      })
  })
]
