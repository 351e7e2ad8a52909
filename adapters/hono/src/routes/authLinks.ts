/** Auth links, as the member sees them who makes them (flow F1, step 4). Following one is the console's part. */
import { AuthLinks, Connections } from "@portolan/ports"
import { DateTime, Duration, Effect } from "effect"
import { route } from "../Route.ts"
import * as AuthLink from "../wire/AuthLink.ts"
import { page } from "../wire/Text.ts"
import { AuthLinkParams, ConnectionParams, pageOf, PageQuery, written } from "./parts.ts"

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
    summary: "Makes a link for the person who may consent",
    description:
      "Whoever opens it needs no account here (rule K-R9). It is used up by one consent and lives seven days unless said otherwise.",
    status: 201,
    creates: true,
    params: ConnectionParams,
    body: AuthLink.New,
    bodyOptional: true,
    answer: AuthLink.WithAddress,
    handle: ({ body, caller, idempotencyKey, params }) =>
      Effect.gen(function* () {
        const { create } = yield* AuthLinks.AuthLinks
        const life = body.lifeHours === undefined ? {} : { life: Duration.hours(body.lifeHours) }
        const made = yield* create(caller, params.connectionId, { ...life, idempotencyKey })
        return { body: AuthLink.withAddress(made, yield* DateTime.now), location: `${at}/${made.link.id}` }
      })
  }),
  route({
    method: "GET",
    path: ofConnection,
    operationId: "listAuthLinksOfConnection",
    tag,
    summary: "Lists the links of a connection, the youngest first",
    params: ConnectionParams,
    query: PageQuery,
    answer: page(AuthLink.Answer),
    problems: ["invalid-cursor"],
    handle: ({ caller, params, query }) =>
      Effect.gen(function* () {
        const { view } = yield* Connections.Connections
        const { list } = yield* AuthLinks.AuthLinks
        // A list of nothing would not tell a connection without links from one that is not there.
        yield* view(caller, params.connectionId)
        const now = yield* DateTime.now
        return {
          body: written(yield* list(caller, params.connectionId, pageOf(query)), (link) => AuthLink.of(link, now))
        }
      })
  }),
  route({
    method: "GET",
    path: at,
    operationId: "listAuthLinks",
    tag,
    summary: "Lists all links, the youngest first",
    query: PageQuery,
    answer: page(AuthLink.Answer),
    problems: ["invalid-cursor"],
    handle: ({ caller, query }) =>
      Effect.gen(function* () {
        const { list } = yield* AuthLinks.AuthLinks
        const now = yield* DateTime.now
        return { body: written(yield* list(caller, undefined, pageOf(query)), (link) => AuthLink.of(link, now)) }
      })
  }),
  route({
    method: "GET",
    path: `${at}/{authLinkId}`,
    operationId: "getAuthLink",
    tag,
    summary: "Reads a link with its address",
    description: "Needs the role to connect, because whoever has the address can consent.",
    params: AuthLinkParams,
    answer: AuthLink.WithAddress,
    handle: ({ caller, params }) =>
      Effect.gen(function* () {
        const { view } = yield* AuthLinks.AuthLinks
        return { body: AuthLink.withAddress(yield* view(caller, params.authLinkId), yield* DateTime.now) }
      })
  }),
  route({
    method: "POST",
    path: `${at}/{authLinkId}/revoke`,
    operationId: "revokeAuthLink",
    tag,
    summary: "Withdraws a link at once",
    params: AuthLinkParams,
    answer: AuthLink.Answer,
    problems: ["already-used", "expired", "changed-meanwhile"],
    handle: ({ caller, params }) =>
      Effect.gen(function* () {
        const { revoke } = yield* AuthLinks.AuthLinks
        return { body: AuthLink.of(yield* revoke(caller, params.authLinkId), yield* DateTime.now) }
      })
  })
]
