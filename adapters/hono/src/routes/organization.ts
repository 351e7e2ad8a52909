/** The caller, the organization's API keys and its parked work, and the catalogue. */
import { Access, Id, Marketplace } from "@portolan/domain"
import { ApiKeys, Repository, Scheduler } from "@portolan/ports"
import { Effect, Schema } from "effect"
import { route } from "../Route.ts"
import * as Caller from "../wire/Caller.ts"
import * as Catalogue from "../wire/Catalogue.ts"
import { list, page } from "../wire/Text.ts"
import * as Work from "../wire/Work.ts"
import { pageOf, PageQuery, written } from "./parts.ts"

const tag = "Organization"
const keys = "/v1/api-keys"
const KeyParams = Schema.Struct({ apiKeyId: Id.ApiKeyId })
const WorkParams = Schema.Struct({ jobId: Id.JobId })

/** Parked work is of all accounts. */
const administers = (caller: Access.Caller) => Effect.fromResult(Access.checkEverywhere(caller, "administer"))

/** The routes. */
export const organization = [
  route({
    method: "GET",
    path: "/v1/me",
    operationId: "getMe",
    tag,
    summary: "Says who is calling and what the role allows",
    answer: Caller.Me,
    handle: ({ caller }) => Effect.succeed({ body: Caller.me(caller) })
  }),
  route({
    method: "GET",
    path: keys,
    operationId: "listApiKeys",
    tag,
    summary: "Lists the organization's API keys, the youngest first",
    query: PageQuery,
    answer: page(Caller.Key),
    problems: ["invalid-cursor"],
    handle: ({ caller, query }) =>
      Effect.gen(function* () {
        const apiKeys = yield* ApiKeys.ApiKeys
        return { body: written(yield* apiKeys.list(caller, pageOf(query)), Caller.key) }
      })
  }),
  route({
    method: "POST",
    path: keys,
    operationId: "createApiKey",
    tag,
    summary: "Makes an API key; its secret is shown this once",
    description:
      "The key does no more than whoever makes it, never what only an owner may do, and it ends with his membership.",
    status: 201,
    creates: true,
    body: Caller.KeyInput,
    answer: Caller.NewKey,
    problems: ["contradiction", "not-yours"],
    handle: ({ body, caller, idempotencyKey }) =>
      Effect.gen(function* () {
        const apiKeys = yield* ApiKeys.ApiKeys
        return {
          body: Caller.newKey(yield* apiKeys.create(caller, Caller.keyInput(body), idempotencyKey)),
          location: keys
        }
      })
  }),
  route({
    method: "DELETE",
    path: `${keys}/{apiKeyId}`,
    operationId: "revokeApiKey",
    tag,
    summary: "Revokes an API key at once",
    status: 204,
    params: KeyParams,
    problems: ["changed-meanwhile"],
    handle: ({ caller, params }) =>
      Effect.gen(function* () {
        const apiKeys = yield* ApiKeys.ApiKeys
        yield* apiKeys.revoke(caller, params.apiKeyId)
        return { body: undefined }
      })
  }),
  route({
    method: "GET",
    path: "/v1/parked-work",
    operationId: "listParkedWork",
    tag,
    summary: "Lists follow-up work that failed too often, the latest first, at most 100",
    answer: list(Work.DeadLettered),
    handle: ({ caller }) =>
      Effect.gen(function* () {
        yield* administers(caller)
        const { deadLetters } = yield* Scheduler.Scheduler
        return { body: { items: (yield* deadLetters(caller.organizationId)).map(Work.deadLetter) } }
      })
  }),
  route({
    method: "POST",
    path: "/v1/parked-work/{jobId}/unpark",
    operationId: "unparkWork",
    tag,
    summary: "Puts parked work back; it is due at once",
    status: 204,
    params: WorkParams,
    handle: ({ caller, params }) =>
      Effect.gen(function* () {
        yield* administers(caller)
        const { redeliver } = yield* Scheduler.Scheduler
        const was = yield* redeliver(caller.organizationId, params.jobId)
        if (!was) return yield* new Repository.NotFound({ kind: "job", id: params.jobId })
        return { body: undefined }
      })
  }),
  route({
    method: "GET",
    path: "/v1/marketplaces",
    operationId: "listMarketplaces",
    tag: "Catalogue",
    summary: "Lists every marketplace that is known",
    answer: list(Catalogue.MarketplaceAnswer),
    handle: () => Effect.succeed({ body: { items: Marketplace.all.map(Catalogue.marketplace) } })
  }),
  route({
    method: "GET",
    path: "/v1/channels/requirements",
    operationId: "listChannelRequirements",
    tag: "Catalogue",
    summary: "Says which channels each type of account needs (rules C1, C2)",
    answer: list(Catalogue.Requirement),
    handle: () => Effect.succeed({ body: { items: Catalogue.requirements } })
  })
]
