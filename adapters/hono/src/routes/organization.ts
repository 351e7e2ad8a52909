/** The caller, the organization's API keys and its parked work, and the catalogue. */
import { Access, Id, Marketplace } from "@portolan/domain"
import { Repository } from "@portolan/ports"
import { Effect, Schema } from "effect"
import { route } from "../Route.ts"
import * as Caller from "../wire/Caller.ts"
import * as Catalogue from "../wire/Catalogue.ts"
import { list, page } from "../wire/Text.ts"
import * as Work from "../wire/Work.ts"
import { pageOf, PageQuery, showList, showPage } from "./shared.ts"

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
    summary: "Reads the caller and what their role allows",
    answer: Caller.Me,
    call: ({ callers }, { caller }) => callers.withOrganizationName(caller),
    show: Caller.me
  }),
  route({
    method: "GET",
    path: keys,
    operationId: "listApiKeys",
    tag,
    summary: "Lists the organization's API keys, the latest first",
    query: PageQuery,
    answer: page(Caller.Key),
    problems: ["invalid-cursor"],
    call: ({ apiKeys }, { caller, query }) => apiKeys.list(caller, pageOf(query)),
    show: showPage(Caller.key)
  }),
  route({
    method: "POST",
    path: keys,
    operationId: "createApiKey",
    tag,
    summary: "Creates an API key; its secret is shown only now",
    description:
      "The key can do no more than its creator and never what only an owner may do. It is revoked when its creator " +
      "leaves.",
    status: 201,
    creates: true,
    body: Caller.KeyInput,
    answer: Caller.NewKey,
    problems: ["contradiction", "not-yours"],
    call: ({ apiKeys }, { body, caller, idempotencyKey }) =>
      apiKeys.create(caller, Caller.keyInput(body), idempotencyKey),
    show: Caller.newKey,
    location: () => keys
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
    call: ({ apiKeys }, { caller, params }) => apiKeys.revoke(caller, params.apiKeyId)
  }),
  route({
    method: "GET",
    path: "/v1/parked-work",
    operationId: "listParkedWork",
    tag,
    summary: "Lists background jobs that failed too often, the latest first, at most 100",
    answer: list(Work.DeadLettered),
    call: ({ scheduler }, { caller }) =>
      Effect.andThen(administers(caller), scheduler.deadLetters(caller.organizationId)),
    show: showList(Work.deadLetter)
  }),
  route({
    method: "POST",
    path: "/v1/parked-work/{jobId}/unpark",
    operationId: "unparkWork",
    tag,
    summary: "Runs a parked job again at once",
    status: 204,
    params: WorkParams,
    call: ({ scheduler }, { caller, params: { jobId } }) =>
      administers(caller).pipe(
        Effect.andThen(scheduler.redeliver(caller.organizationId, jobId)),
        Effect.flatMap((found) =>
          found ? Effect.void : Effect.fail(new Repository.NotFound({ kind: "job", id: jobId }))
        )
      )
  }),
  route({
    method: "GET",
    path: "/v1/marketplaces",
    operationId: "listMarketplaces",
    tag: "Catalogue",
    summary: "Lists every marketplace that is known",
    answer: list(Catalogue.MarketplaceAnswer),
    call: () => Effect.succeed(Marketplace.all),
    show: showList(Catalogue.marketplace)
  }),
  route({
    method: "GET",
    path: "/v1/channels/requirements",
    operationId: "listChannelRequirements",
    tag: "Catalogue",
    summary: "Lists the channels that each type of account needs",
    answer: list(Catalogue.Requirement),
    call: () => Effect.succeed({ items: Catalogue.requirements })
  })
]
