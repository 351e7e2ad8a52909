/** Authorizations to the provider, and the choice that finishes them (flow F1, steps 4 to 6). */
import { Connecting, Connections, Deployment, PendingAuthorizations } from "@portolan/ports"
import { Effect, Option, Redacted } from "effect"
import { InvalidInput } from "../RequestError.ts"
import { route } from "../Route.ts"
import * as Authorization from "../wire/Authorization.ts"
import * as Profile from "../wire/Profile.ts"
import { page } from "../wire/Text.ts"
import { AuthorizationParams, ConnectionParams, pageOf, PageQuery, written } from "./parts.ts"

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
    summary: "Starts a consent by the person at the keyboard",
    description:
      "The answer sets a cookie, and the provider's return is taken only from a browser that has it: send this from the " +
      "browser that goes to `url`. Software that wants somebody else to consent makes an auth link instead.",
    status: 201,
    creates: true,
    params: ConnectionParams,
    answer: Authorization.AuthorizationRedirect,
    problems: ["channel-unavailable", "wrong-browser"],
    handle: ({ caller, headers, idempotencyKey, params }) =>
      Effect.gen(function* () {
        const { authenticateNow } = yield* Connecting.Connecting
        const { origin } = yield* Deployment.Deployment
        const authorizationRedirect = yield* authenticateNow(caller, params.connectionId, {
          browser: browserOf(headers),
          idempotencyKey
        })
        return {
          body: { authorizationId: authorizationRedirect.authorizationId, url: authorizationRedirect.url.href },
          location: `${at}/${authorizationRedirect.authorizationId}`,
          cookies: [cookie(authorizationRedirect.browser, origin)]
        }
      })
  }),
  route({
    method: "GET",
    path: ofConnection,
    operationId: "listAuthorizationsOfConnection",
    tag,
    summary: "Lists the trips of a connection, whatever became of them, the youngest first",
    params: ConnectionParams,
    query: PageQuery,
    answer: page(Authorization.Answer),
    problems: ["invalid-cursor"],
    handle: ({ caller, params, query }) =>
      Effect.gen(function* () {
        const { view } = yield* Connections.Connections
        const pending = yield* PendingAuthorizations.PendingAuthorizations
        yield* view(caller, params.connectionId)
        return {
          body: written(yield* pending.ofConnection(caller, params.connectionId, pageOf(query)), Authorization.of)
        }
      })
  }),
  route({
    method: "GET",
    path: "/v1/pending-authorizations",
    operationId: "listPendingAuthorizations",
    tag,
    summary: "Lists the consents that wait for a person's choice, the youngest first",
    query: PageQuery,
    answer: page(Authorization.Pending),
    problems: ["invalid-cursor"],
    handle: ({ caller, query }) =>
      Effect.gen(function* () {
        const { list } = yield* PendingAuthorizations.PendingAuthorizations
        return { body: written(yield* list(caller, pageOf(query)), Authorization.pending) }
      })
  }),
  route({
    method: "GET",
    path: `${at}/{authorizationId}`,
    operationId: "getAuthorization",
    tag,
    summary: "Reads a trip with the profiles to choose from",
    params: AuthorizationParams,
    answer: Authorization.Detail,
    handle: ({ caller, params }) =>
      Effect.gen(function* () {
        const { view } = yield* PendingAuthorizations.PendingAuthorizations
        return { body: Authorization.detail(yield* view(caller, params.authorizationId)) }
      })
  }),
  route({
    method: "POST",
    path: `${at}/{authorizationId}/look-again`,
    operationId: "lookAgain",
    tag,
    summary: "Asks the provider again what the consent can see",
    description: "A profile may take a day to appear after the first campaign was made (rule P-R2).",
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
    handle: ({ caller, params }) =>
      Effect.gen(function* () {
        const { lookAgain } = yield* PendingAuthorizations.PendingAuthorizations
        return { body: Authorization.detail(yield* lookAgain(caller, params.authorizationId)) }
      })
  }),
  route({
    method: "POST",
    path: `${at}/{authorizationId}/select`,
    operationId: "selectProfile",
    tag,
    summary: "Binds the chosen profile to the account and finishes the trip",
    description:
      "The connection is live and its first load is planned (rules K-R12 to K-R15). One profile belongs to one account (rule C4). " +
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
    handle: ({ body, caller, params }) =>
      Effect.gen(function* () {
        const { select } = yield* PendingAuthorizations.PendingAuthorizations
        const key = Profile.key(body.profile)
        if (Option.isNone(key)) {
          return yield* new InvalidInput({
            errors: [{ pointer: "/profile", detail: "Expected the `reference` of one of the choices" }]
          })
        }
        return {
          body: Authorization.of(
            yield* select(caller, params.authorizationId, {
              key: key.value,
              confirmed: body.confirmed ?? false,
              keepsReplaced: body.keepsReplaced ?? false
            })
          )
        }
      })
  }),
  route({
    method: "POST",
    path: `${at}/{authorizationId}/dismiss`,
    operationId: "dismissAuthorization",
    tag,
    summary: "Drops a consent without using it; its tokens are forgotten",
    params: AuthorizationParams,
    body: Authorization.Dismissal,
    bodyOptional: true,
    answer: Authorization.Answer,
    problems: ["not-possible-now", "changed-meanwhile"],
    handle: ({ body, caller, params }) =>
      Effect.gen(function* () {
        const { dismiss } = yield* PendingAuthorizations.PendingAuthorizations
        const because = body.because === undefined || body.because === "" ? "It was dismissed." : body.because
        return { body: Authorization.of(yield* dismiss(caller, params.authorizationId, because)) }
      })
  })
]
