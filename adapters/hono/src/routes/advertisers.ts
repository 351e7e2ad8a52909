/** Linking advertisers that let us in, where no consent comes back (flow F3, steps 2 to 4; rules W-R3 to W-R10). */
import { Effect } from "effect"
import { route } from "../Route.ts"
import * as Advertiser from "../wire/Advertiser.ts"
import * as Connection from "../wire/Connection.ts"
import { list } from "../wire/Text.ts"
import { ConnectionParams } from "./shared.ts"

const at = "/v1/connections/{connectionId}"
const tag = "Connections"

/** The routes. */
export const advertisers = [
  route({
    method: "GET",
    path: `${at}/advertisers`,
    operationId: "listAvailableAdvertisers",
    tag,
    summary: "Lists the advertisers that a connection can be linked to",
    description:
      "For channels where the advertiser's administrator adds this software as a partner. Lists advertisers assigned " +
      "to your organization.",
    params: ConnectionParams,
    answer: list(Advertiser.Available),
    problems: ["contradiction"],
    call: ({ advertisers }, { caller, params }) => advertisers.available(caller, params.connectionId),
    show: (found) => ({ items: Advertiser.available(found) })
  }),
  route({
    method: "POST",
    path: `${at}/advertiser`,
    operationId: "linkAdvertiser",
    tag,
    summary: "Links an advertiser to a connection",
    description: "An advertiser can be linked to one account only. To unlink it, send `DELETE` for the connection.",
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
    call: ({ advertisers, connections }, { body, caller, params: { connectionId } }) =>
      Effect.andThen(
        advertisers.link(caller, connectionId, { grantId: body.grantId, confirmed: body.confirmed ?? false }),
        connections.view(caller, connectionId)
      ),
    show: Connection.detail
  }),
  route({
    method: "PUT",
    path: `${at}/expectation`,
    operationId: "expectAdvertiser",
    tag,
    summary: "Names the advertiser that should appear",
    description: "Operators see the name and assign the advertiser when it appears; it is overdue after a day.",
    params: ConnectionParams,
    body: Advertiser.Expected,
    answer: Connection.Detail,
    problems: ["contradiction", "not-possible-now", "changed-meanwhile"],
    call: ({ advertisers, connections }, { body, caller, params: { connectionId } }) =>
      Effect.andThen(advertisers.expect(caller, connectionId, body.advertiser), connections.view(caller, connectionId)),
    show: Connection.detail
  }),
  route({
    method: "DELETE",
    path: `${at}/expectation`,
    operationId: "stopExpectingAdvertiser",
    tag,
    summary: "Stops waiting for an advertiser",
    params: ConnectionParams,
    answer: Connection.Detail,
    problems: ["contradiction", "not-possible-now", "changed-meanwhile"],
    call: ({ advertisers, connections }, { caller, params: { connectionId } }) =>
      Effect.andThen(advertisers.stopExpecting(caller, connectionId), connections.view(caller, connectionId)),
    show: Connection.detail
  })
]
