/** Linking advertisers that let us in, where no consent comes back (flow F3, steps 2 to 4; rules W-R3 to W-R10). */
import { Advertisers, Connections } from "@portolan/ports"
import type { Access, Id } from "@portolan/domain"
import { Effect } from "effect"
import { route } from "../Route.ts"
import * as Advertiser from "../wire/Advertiser.ts"
import * as Connection from "../wire/Connection.ts"
import { list } from "../wire/Text.ts"
import { ConnectionParams } from "./parts.ts"

const at = "/v1/connections/{connectionId}"
const tag = "Connections"

const detail = (caller: Access.Caller, id: Id.ConnectionId) =>
  Effect.gen(function* () {
    const { view } = yield* Connections.Connections
    return { body: Connection.detail(yield* view(caller, id)) }
  })

/** The routes. */
export const advertisers = [
  route({
    method: "GET",
    path: `${at}/advertisers`,
    operationId: "listAvailableAdvertisers",
    tag,
    summary: "Lists the advertisers that a connection could be linked to",
    description:
      "For channels where an advertiser's admin adds us as partner. Only those assigned to your organization are listed.",
    params: ConnectionParams,
    answer: list(Advertiser.Available),
    problems: ["contradiction"],
    handle: ({ caller, params }) =>
      Effect.gen(function* () {
        const { available } = yield* Advertisers.Advertisers
        return { body: { items: Advertiser.available(yield* available(caller, params.connectionId)) } }
      })
  }),
  route({
    method: "POST",
    path: `${at}/advertiser`,
    operationId: "linkAdvertiser",
    tag,
    summary: "Links an advertiser to a connection",
    description:
      "An advertiser can be linked to one account only. Unlinking is `DELETE` of the connection, deliberate and on record.",
    params: ConnectionParams,
    body: Advertiser.Link,
    answer: Connection.Detail,
    problems: [
      "contradiction",
      "not-possible-now",
      "unfit-profile",
      "needs-confirmation",
      "profile-held",
      "different-identity",
      "changed-meanwhile"
    ],
    handle: ({ body, caller, params }) =>
      Effect.gen(function* () {
        const { link } = yield* Advertisers.Advertisers
        const { confirmed = false, grantId } = body
        yield* link(caller, params.connectionId, { grantId, confirmed })
        return yield* detail(caller, params.connectionId)
      })
  }),
  route({
    method: "PUT",
    path: `${at}/expectation`,
    operationId: "expectAdvertiser",
    tag,
    summary: "Says which advertiser to expect",
    description: "Operators see it and assign the advertiser when it appears; it counts as overdue after a day.",
    params: ConnectionParams,
    body: Advertiser.Expected,
    answer: Connection.Detail,
    problems: ["contradiction", "not-possible-now", "changed-meanwhile"],
    handle: ({ body, caller, params }) =>
      Effect.gen(function* () {
        const { expect } = yield* Advertisers.Advertisers
        yield* expect(caller, params.connectionId, body.advertiser)
        return yield* detail(caller, params.connectionId)
      })
  }),
  route({
    method: "DELETE",
    path: `${at}/expectation`,
    operationId: "stopExpectingAdvertiser",
    tag,
    summary: "Stops expecting one",
    params: ConnectionParams,
    answer: Connection.Detail,
    problems: ["contradiction", "not-possible-now", "changed-meanwhile"],
    handle: ({ caller, params }) =>
      Effect.gen(function* () {
        const { stopExpecting } = yield* Advertisers.Advertisers
        yield* stopExpecting(caller, params.connectionId)
        return yield* detail(caller, params.connectionId)
      })
  })
]
