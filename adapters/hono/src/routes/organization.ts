/** The caller, the organization's API keys and its parked work, and the catalogue. */
import { Access, Id, Marketplace } from "@portolan/domain"
import { ConnectionStore, Identity, Scheduler, UnitOfWork } from "@portolan/ports"
import { DateTime, Effect, Schema } from "effect"
import type { Once } from "../Idempotency.ts"
import { route } from "../Route.ts"
import * as Caller from "../wire/Caller.ts"
import * as Catalogue from "../wire/Catalogue.ts"
import { list } from "../wire/Text.ts"
import * as Work from "../wire/Work.ts"

const tag = "Organization"
const keys = "/v1/api-keys"
const KeyParams = Schema.Struct({ apiKeyId: Schema.String.check(Schema.isPattern(/^[A-Za-z0-9_-]{1,100}$/u)) })
const WorkParams = Schema.Struct({ intentId: Id.IntentId })

const administers = (caller: Access.Caller) => Effect.fromResult(Access.check(caller, "administer"))

/** Makes a key, or finds the one that an earlier request with this idempotency key made. */
const makeKey = Effect.fnUntraced(function*(caller: Access.Caller, name: string, once: Once | undefined) {
  const identity = yield* Identity.Identity
  const { commit, remembered } = yield* UnitOfWork.UnitOfWork
  const { actor, organizationId } = caller
  const earlierKey = (id: string) =>
    Effect.flatMap(identity.apiKeys(organizationId), (all) => {
      const found = all.find((key) => key.id === id)
      return found === undefined
        ? Effect.fail(new ConnectionStore.NotFound({ kind: "API key", id }))
        : Effect.succeed(Caller.newKey(found))
    })
  const earlier = once === undefined ? undefined : yield* remembered(organizationId, once.key, once.fingerprint)
  if (earlier !== undefined) return yield* earlierKey(earlier)
  const made = yield* identity.createApiKey(caller, name)
  const answer = Caller.newKey(made.key, made.secret)
  if (once === undefined) return answer
  // The directory of people keeps no idempotency keys, so the key is made first and remembered after it. Of two at once
  // the slower one takes its key back and answers with the other.
  return yield* commit({
    organizationId, actor, at: yield* DateTime.now, writes: [], claims: [], intents: [],
    remember: { ...once, resource: made.key.id }
  }).pipe(
    Effect.as(answer),
    Effect.catchTag("AlreadyDone", ({ resource }) =>
      Effect.andThen(identity.revokeApiKey(organizationId, made.key.id), earlierKey(resource)))
  )
})

/** The routes. */
export const organization = [
  route({
    method: "GET", path: "/v1/me", operationId: "getMe", tag, summary: "Says who is calling and what the role allows",
    answer: Caller.Me, handle: ({ caller }) => Effect.succeed({ body: Caller.me(caller) })
  }),
  route({
    method: "GET", path: keys, operationId: "listApiKeys", tag, summary: "Lists the organization's API keys, the youngest first",
    answer: list(Caller.Key),
    handle: ({ caller }) =>
      Effect.gen(function*() {
        yield* administers(caller)
        const { apiKeys } = yield* Identity.Identity
        return { body: { items: (yield* apiKeys(caller.organizationId)).map(Caller.key) } }
      })
  }),
  route({
    method: "POST", path: keys, operationId: "createApiKey", tag, summary: "Makes an API key; its secret is shown this once",
    description: "The key acts with the role of whoever makes it.",
    status: 201, creates: true, body: Caller.KeyInput, answer: Caller.NewKey, problems: ["not-found"],
    handle: ({ body, caller, once }) =>
      Effect.gen(function*() {
        yield* administers(caller)
        return { body: yield* makeKey(caller, body.name, once), location: keys }
      })
  }),
  route({
    method: "DELETE", path: `${keys}/{apiKeyId}`, operationId: "revokeApiKey", tag, summary: "Revokes an API key at once",
    status: 204, params: KeyParams,
    handle: ({ caller, params }) =>
      Effect.gen(function*() {
        yield* administers(caller)
        const { revokeApiKey } = yield* Identity.Identity
        const was = yield* revokeApiKey(caller.organizationId, params.apiKeyId)
        if (!was) return yield* new ConnectionStore.NotFound({ kind: "API key", id: params.apiKeyId })
        return { body: undefined }
      })
  }),
  route({
    method: "GET", path: "/v1/parked-work", operationId: "listParkedWork", tag,
    summary: "Lists follow-up work that failed too often, the latest first, at most 100", answer: list(Work.Parked),
    handle: ({ caller }) =>
      Effect.gen(function*() {
        yield* administers(caller)
        const { parked } = yield* Scheduler.Scheduler
        return { body: { items: (yield* parked(caller.organizationId)).map(Work.parked) } }
      })
  }),
  route({
    method: "POST", path: "/v1/parked-work/{intentId}/unpark", operationId: "unparkWork", tag,
    summary: "Puts parked work back; it is due at once", status: 204, params: WorkParams,
    handle: ({ caller, params }) =>
      Effect.gen(function*() {
        yield* administers(caller)
        const { unpark } = yield* Scheduler.Scheduler
        const was = yield* unpark(caller.organizationId, params.intentId)
        if (!was) return yield* new ConnectionStore.NotFound({ kind: "intent", id: params.intentId })
        return { body: undefined }
      })
  }),
  route({
    method: "GET", path: "/v1/marketplaces", operationId: "listMarketplaces", tag: "Catalogue",
    summary: "Lists every marketplace that is known", answer: list(Catalogue.MarketplaceAnswer),
    handle: () => Effect.succeed({ body: { items: Marketplace.all.map(Catalogue.marketplace) } })
  }),
  route({
    method: "GET", path: "/v1/channels/requirements", operationId: "listChannelRequirements", tag: "Catalogue",
    summary: "Says which channels each type of account needs (rules C1, C2)", answer: list(Catalogue.Requirement),
    handle: () => Effect.succeed({ body: { items: Catalogue.requirements } })
  })
]
