/** Consents: who gave them, who answers for them, what lives on them, and using one for a further account (rules C1, S-R4, X-R7). */
import { Id } from "@portolan/domain"
import { Connections, Grants } from "@portolan/ports"
import { Effect, Option, Schema } from "effect"
import { InvalidInput } from "../RequestError.ts"
import { route } from "../Route.ts"
import * as Connection from "../wire/Connection.ts"
import * as Grant from "../wire/Grant.ts"
import * as Profile from "../wire/Profile.ts"
import { list as listOf, page } from "../wire/Text.ts"
import { pageOf, pageQuery, written } from "./parts.ts"

const at = "/v1/grants"
const tag = "Consents"
const Params = Schema.Struct({ grantId: Id.GrantId })

const atProvider = [
  "reauthorization-needed",
  "permission-missing",
  "channel-unavailable",
  "provider-refused",
  "application-rejected",
  "provider-unavailable"
] as const

/** The routes. */
export const grants = [
  route({
    method: "GET",
    path: at,
    operationId: "listGrants",
    tag,
    summary: "Lists consents with what lives on them, the youngest first",
    description: "For callers whose access is not limited to chosen accounts: a consent may serve many.",
    query: Schema.Struct({ ...pageQuery, ...Grant.Filter }),
    answer: page(Grant.Answer),
    problems: ["invalid-cursor"],
    handle: ({ caller, query }) =>
      Effect.gen(function* () {
        const { list } = yield* Grants.Grants
        const { channel, keeperId, region, state } = query
        const filter = {
          ...(channel === undefined ? {} : { channel }),
          ...(region === undefined ? {} : { region }),
          ...(keeperId === undefined ? {} : { keeperId }),
          ...(state === undefined ? {} : { states: [state === "active" ? "Active" : "Ended"] as const })
        }
        return { body: written(yield* list(caller, filter, pageOf(query)), Grant.of) }
      })
  }),
  route({
    method: "GET",
    path: `${at}/{grantId}`,
    operationId: "getGrant",
    tag,
    summary: "Reads a consent",
    params: Params,
    answer: Grant.Answer,
    handle: ({ caller, params }) =>
      Effect.gen(function* () {
        const { view } = yield* Grants.Grants
        return { body: Grant.of(yield* view(caller, params.grantId)) }
      })
  }),
  route({
    method: "GET",
    path: `${at}/{grantId}/choices`,
    operationId: "listGrantChoices",
    tag,
    summary: "Asks the provider what a consent can offer to a connection, and says what speaks against each",
    params: Params,
    query: Grant.ChoicesQuery,
    answer: listOf(Profile.Choice),
    problems: ["contradiction", "not-possible-now", ...atProvider],
    handle: ({ caller, params, query }) =>
      Effect.gen(function* () {
        const { choices } = yield* Grants.Grants
        return { body: { items: (yield* choices(caller, params.grantId, query.connection)).map(Profile.choice) } }
      })
  }),
  route({
    method: "POST",
    path: `${at}/{grantId}/links`,
    operationId: "linkFromGrant",
    tag,
    summary: "Binds a profile that a consent sees to a connection, without another trip",
    description:
      "One login yields many accounts (rule S-R4), and an added country lives under the account's own consent (rule P-R6). " +
      "A login that the connection lived on before stays as one to fall back to (rule S-R7).",
    params: Params,
    body: Grant.Link,
    answer: Connection.Detail,
    problems: [
      "profile-held",
      "needs-confirmation",
      "unfit-profile",
      "different-identity",
      "contradiction",
      "not-possible-now",
      "changed-meanwhile",
      ...atProvider
    ],
    handle: ({ body, caller, params }) =>
      Effect.gen(function* () {
        const { link } = yield* Grants.Grants
        const { view } = yield* Connections.Connections
        const key = Profile.key(body.profile)
        if (Option.isNone(key)) {
          return yield* new InvalidInput({
            errors: [{ pointer: "/profile", detail: "Expected the `reference` of one of the choices" }]
          })
        }
        const { id } = yield* link(caller, params.grantId, {
          connectionId: body.connectionId,
          key: key.value,
          confirmed: body.confirmed ?? false
        })
        return { body: Connection.detail(yield* view(caller, id)) }
      })
  }),
  route({
    method: "POST",
    path: `${at}/{grantId}/keeper`,
    operationId: "handOverGrant",
    tag,
    summary: "Makes another member answer for a consent",
    description: "It works without the one who did: he may be gone (rule X-R7).",
    params: Params,
    body: Grant.NewKeeper,
    answer: Grant.Answer,
    problems: ["not-yours", "not-possible-now", "does-not-exist", "changed-meanwhile"],
    handle: ({ body, caller, params }) =>
      Effect.gen(function* () {
        const { handOver } = yield* Grants.Grants
        return { body: Grant.of(yield* handOver(caller, params.grantId, body.memberId)) }
      })
  })
]
