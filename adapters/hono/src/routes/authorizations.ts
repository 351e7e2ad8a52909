/** Authorizations to the provider, and the choice that finishes them (flow F1, steps 4 to 6). */
import { Deployment } from "@portolan/ports"
import { Effect, Redacted } from "effect"
import { route } from "../Route.ts"
import * as Authorization from "../wire/Authorization.ts"
import * as Profile from "../wire/Profile.ts"
import { page } from "../wire/Text.ts"
import { AuthorizationParams, ConnectionParams, pageOf, PageQuery, showPage } from "./shared.ts"

const at = "/v1/authorizations"
const ofConnection = "/v1/connections/{connectionId}/authorizations"
const tag = "Authorizations"

// What `Secrets.token` gives: 256 bits in base64url. Anything else in the cookie is not ours.
const ours = /^[A-Za-z0-9_-]{43}$/

/** The browser's cookie, when it is one that this software set. */
const browserOf = (headers: Headers): Redacted.Redacted<string> | undefined => {
  const pair = (headers.get("cookie") ?? "").split(/;\s*/).find((one) => one.startsWith(`${Deployment.browserCookie}=`))
  const value = pair?.slice(Deployment.browserCookie.length + 1)
  return value !== undefined && ours.test(value) ? Redacted.make(value) : undefined
}

const cookie = (browser: Redacted.Redacted<string>, origin: string): string =>
  `${Deployment.browserCookie}=${Redacted.value(browser)}; Path=/; Max-Age=86400; HttpOnly; SameSite=Lax${
    origin.startsWith("https:") ? "; Secure" : ""
  }`

/** The routes. */
export const authorizations = [
  route({
    method: "POST",
    path: ofConnection,
    operationId: "authenticateNow",
    tag,
    summary: "Starts an authorization in this browser",
    description:
      "The answer sets a cookie, and the provider's callback is accepted only from a browser that has it. Send this " +
      "from the " +
      "browser that opens `url`. To let somebody else consent, create an auth link instead.",
    status: 201,
    creates: true,
    params: ConnectionParams,
    answer: Authorization.AuthorizationRedirect,
    problems: ["channel-unavailable", "wrong-browser"],
    call: ({ connecting, deployment }, { caller, headers, idempotencyKey, params }) =>
      Effect.map(
        connecting.authenticateNow(caller, params.connectionId, { browser: browserOf(headers), idempotencyKey }),
        (redirect) => ({ ...redirect, cookie: cookie(redirect.browser, deployment.origin) })
      ),
    show: ({ authorizationId, url }) => ({ authorizationId, url: url.href }),
    location: ({ authorizationId }) => `${at}/${authorizationId}`,
    cookies: (redirect) => [redirect.cookie]
  }),
  route({
    method: "GET",
    path: ofConnection,
    operationId: "listAuthorizationsOfConnection",
    tag,
    summary: "Lists all authorizations of a connection, the latest first",
    params: ConnectionParams,
    query: PageQuery,
    answer: page(Authorization.Answer),
    problems: ["invalid-cursor"],
    call: ({ connections, pendingAuthorizations }, { caller, params: { connectionId }, query }) =>
      Effect.andThen(
        connections.view(caller, connectionId),
        pendingAuthorizations.ofConnection(caller, connectionId, pageOf(query))
      ),
    show: showPage(Authorization.of)
  }),
  route({
    method: "GET",
    path: "/v1/pending-authorizations",
    operationId: "listPendingAuthorizations",
    tag,
    summary: "Lists the authorizations that wait for the selection of a profile, the latest first",
    query: PageQuery,
    answer: page(Authorization.Pending),
    problems: ["invalid-cursor"],
    call: ({ pendingAuthorizations }, { caller, query }) => pendingAuthorizations.list(caller, pageOf(query)),
    show: showPage(Authorization.pending)
  }),
  route({
    method: "GET",
    path: `${at}/{authorizationId}`,
    operationId: "getAuthorization",
    tag,
    summary: "Reads an authorization with the profiles to select from",
    params: AuthorizationParams,
    answer: Authorization.Detail,
    call: ({ pendingAuthorizations }, { caller, params }) => pendingAuthorizations.view(caller, params.authorizationId),
    show: Authorization.detail
  }),
  route({
    method: "POST",
    path: `${at}/{authorizationId}/look-again`,
    operationId: "lookAgain",
    tag,
    summary: "Asks the provider again for the profiles of a consent",
    description: "A profile may take a day to appear after the first campaign was created.",
    params: AuthorizationParams,
    answer: Authorization.Detail,
    problems: [
      "reauthorization-needed",
      "permission-missing",
      "channel-unavailable",
      "provider-refused",
      "application-rejected",
      "provider-unavailable",
      "changed-meanwhile",
      "not-possible-now"
    ],
    call: ({ pendingAuthorizations }, { caller, params }) =>
      pendingAuthorizations.lookAgain(caller, params.authorizationId),
    show: Authorization.detail
  }),
  route({
    method: "POST",
    path: `${at}/{authorizationId}/select`,
    operationId: "selectProfile",
    tag,
    summary: "Links the selected profile to the account and finishes the authorization",
    description:
      "The connection is live and its first load is planned. A profile can be linked to one account only. " +
      "Selecting the same profile again changes nothing.",
    params: AuthorizationParams,
    body: Authorization.Selection,
    answer: Authorization.Answer,
    problems: [
      "profile-held",
      "needs-confirmation",
      "unknown-profile",
      "unfit-profile",
      "different-identity",
      "not-possible-now",
      "already-used",
      "changed-meanwhile"
    ],
    call: ({ pendingAuthorizations }, { body, caller, params }) =>
      Effect.flatMap(Profile.keyOf(body.profile), (key) =>
        pendingAuthorizations.select(caller, params.authorizationId, {
          key,
          confirmed: body.confirmed ?? false,
          keepsReplaced: body.keepsReplaced ?? false
        })
      ),
    show: Authorization.of
  }),
  route({
    method: "POST",
    path: `${at}/{authorizationId}/dismiss`,
    operationId: "dismissAuthorization",
    tag,
    summary: "Discards a consent without using it; its tokens are deleted",
    params: AuthorizationParams,
    body: Authorization.Dismissal,
    bodyOptional: true,
    answer: Authorization.Answer,
    problems: ["not-possible-now", "changed-meanwhile"],
    call: ({ pendingAuthorizations }, { body: { because = "" }, caller, params }) =>
      pendingAuthorizations.dismiss(caller, params.authorizationId, because === "" ? "It was dismissed." : because),
    show: Authorization.of
  })
]
