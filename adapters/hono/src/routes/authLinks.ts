/** Auth links, as the member sees them who makes them (flow F1, step 4). Following one is the console's part. */
import { given } from "@portolan/domain"
import { Duration, Effect } from "effect"
import { route } from "../Route.ts"
import * as AuthLink from "../wire/AuthLink.ts"
import { page } from "../wire/Text.ts"
import { AuthLinkParams, ConnectionParams, pageOf, PageQuery, showPage } from "./shared.ts"

const at = "/v1/auth-links"
const ofConnection = "/v1/connections/{connectionId}/auth-links"
const tag = "Auth links"

/** The routes. */
export const authLinks = [
  route({
    method: "POST",
    path: ofConnection,
    operationId: "createAuthLink",
    tag,
    summary: "Creates a link for the person who may consent",
    description: "The person needs no account here. The link works for one consent, and for seven days by default.",
    status: 201,
    creates: true,
    params: ConnectionParams,
    body: AuthLink.New,
    bodyOptional: true,
    answer: AuthLink.WithAddress,
    call: ({ authLinks }, { body, caller, idempotencyKey, params }) =>
      authLinks.create(caller, params.connectionId, {
        ...given({ life: body.lifeHours === undefined ? undefined : Duration.hours(body.lifeHours) }),
        idempotencyKey
      }),
    show: AuthLink.withAddress,
    location: ({ link }) => `${at}/${link.id}`
  }),
  route({
    method: "GET",
    path: ofConnection,
    operationId: "listAuthLinksOfConnection",
    tag,
    summary: "Lists the links of a connection, the latest first",
    params: ConnectionParams,
    query: PageQuery,
    answer: page(AuthLink.Answer),
    problems: ["invalid-cursor"],
    call: ({ authLinks, connections }, { caller, params: { connectionId }, query }) =>
      // An empty list would not tell a connection without links from one that is not there.
      Effect.andThen(connections.view(caller, connectionId), authLinks.list(caller, connectionId, pageOf(query))),
    show: showPage(AuthLink.of)
  }),
  route({
    method: "GET",
    path: at,
    operationId: "listAuthLinks",
    tag,
    summary: "Lists all links, the latest first",
    query: PageQuery,
    answer: page(AuthLink.Answer),
    problems: ["invalid-cursor"],
    call: ({ authLinks }, { caller, query }) => authLinks.list(caller, undefined, pageOf(query)),
    show: showPage(AuthLink.of)
  }),
  route({
    method: "GET",
    path: `${at}/{authLinkId}`,
    operationId: "getAuthLink",
    tag,
    summary: "Reads a link with its address",
    description: "Needs the role to connect, because anybody with the address can consent.",
    params: AuthLinkParams,
    answer: AuthLink.WithAddress,
    call: ({ authLinks }, { caller, params }) => authLinks.view(caller, params.authLinkId),
    show: AuthLink.withAddress
  }),
  route({
    method: "POST",
    path: `${at}/{authLinkId}/revoke`,
    operationId: "revokeAuthLink",
    tag,
    summary: "Revokes a link at once",
    params: AuthLinkParams,
    answer: AuthLink.Answer,
    problems: ["already-used", "expired", "changed-meanwhile"],
    call: ({ authLinks }, { caller, params }) => authLinks.revoke(caller, params.authLinkId),
    show: AuthLink.of
  })
]
