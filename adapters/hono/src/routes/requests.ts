/** Requests to connect and renewal campaigns, as the member sees them who asks (flow F5). Answering one is the console's part. */
import { Channel, Id, type Invitation } from "@portolan/domain"
import { Requests } from "@portolan/ports"
import { DateTime, Effect, Schema } from "effect"
import { route } from "../Route.ts"
import * as Request from "../wire/Request.ts"
import { page } from "../wire/Text.ts"
import { pageOf, pageQuery, RequestParams, written } from "./parts.ts"

const at = "/v1/requests"
const campaigns = "/v1/renewal-campaigns"
const tag = "Requests"

const FilterState = Schema.Literals(["open", "used", "revoked", "expired"])
const states: { readonly [S in typeof FilterState.Type]: Invitation.Present["_tag"] } = {
  open: "Open",
  used: "Used",
  revoked: "Revoked",
  expired: "Expired"
}

const Filter = Schema.Struct({
  ...pageQuery,
  state: Schema.optionalKey(FilterState),
  connectionId: Schema.optionalKey(Id.ConnectionId)
})

/** How far ahead a campaign looks when nothing else is said, in days; people are reminded of an end from 90 days on (rule C11). */
const daysAhead = 90

const RenewableFilter = Schema.Struct({
  ...pageQuery,
  withinDays: Schema.optionalKey(
    Schema.NumberFromString.check(Schema.isInt(), Schema.isBetween({ minimum: 0, maximum: 400 })).pipe(
      Schema.annotateEncoded({
        description: `Consents that end within so many days, 0 to 400; ${daysAhead} when left out. Those that ended are included.`
      })
    )
  ),
  companyId: Schema.optionalKey(Id.CompanyId),
  channel: Schema.optionalKey(Channel.Known)
})

/** The routes. */
export const requests = [
  route({
    method: "POST",
    path: at,
    operationId: "sendRequest",
    tag,
    summary: "Asks the owner of an account by mail to connect it",
    description:
      "The same mail goes to the owner and to whoever asks (rule X-R3). The owner needs no account here. With the reference of a preview, what was shown is sent.",
    status: 201,
    creates: true,
    body: Request.New,
    answer: Request.Answer,
    problems: ["not-found", "too-many", "expired", "not-possible-now", "contradiction", "changed-meanwhile"],
    handle: ({ body, caller, idempotencyKey }) =>
      Effect.gen(function* () {
        const { send } = yield* Requests.Requests
        const sent = yield* send(caller, body, idempotencyKey)
        return { body: Request.of(sent, yield* DateTime.now), location: `${at}/${sent.link.id}` }
      })
  }),
  route({
    method: "POST",
    path: `${at}/preview`,
    operationId: "previewRequest",
    tag,
    summary: "Shows the mail that a request would send",
    description: "Writes nothing. The mail has its real link, which works once the request is sent.",
    body: Request.Draft,
    answer: Request.Preview,
    problems: ["not-found", "too-many", "not-possible-now", "contradiction"],
    handle: ({ body, caller }) =>
      Effect.gen(function* () {
        const { preview } = yield* Requests.Requests
        return { body: Request.preview(yield* preview(caller, body)) }
      })
  }),
  route({
    method: "GET",
    path: at,
    operationId: "listRequests",
    tag,
    summary: "Lists requests, the youngest first",
    query: Filter,
    answer: page(Request.Answer),
    problems: ["invalid-cursor"],
    handle: ({ caller, query }) =>
      Effect.gen(function* () {
        const { list } = yield* Requests.Requests
        const filter = {
          ...(query.state === undefined ? {} : { states: [states[query.state]] }),
          ...(query.connectionId === undefined ? {} : { connectionId: query.connectionId })
        }
        const now = yield* DateTime.now
        return { body: written(yield* list(caller, filter, pageOf(query)), (view) => Request.of(view, now)) }
      })
  }),
  route({
    method: "GET",
    path: `${at}/{requestId}`,
    operationId: "getRequest",
    tag,
    summary: "Reads a request",
    params: RequestParams,
    answer: Request.Answer,
    handle: ({ caller, params }) =>
      Effect.gen(function* () {
        const { view } = yield* Requests.Requests
        return { body: Request.of(yield* view(caller, params.requestId), yield* DateTime.now) }
      })
  }),
  route({
    method: "POST",
    path: `${at}/{requestId}/mail-again`,
    operationId: "mailRequestAgain",
    tag,
    summary: "Mails a request to its owner once more",
    description: "It lives on from now, at most 30 days in all.",
    params: RequestParams,
    answer: Request.Answer,
    problems: ["already-used", "expired", "revoked", "too-many", "changed-meanwhile"],
    handle: ({ caller, params }) =>
      Effect.gen(function* () {
        const { mailAgain } = yield* Requests.Requests
        return { body: Request.of(yield* mailAgain(caller, params.requestId), yield* DateTime.now) }
      })
  }),
  route({
    method: "POST",
    path: `${at}/{requestId}/revoke`,
    operationId: "revokeRequest",
    tag,
    summary: "Withdraws a request at once",
    description: "The owner is told by mail. Whoever is at the provider with it cannot finish.",
    params: RequestParams,
    answer: Request.Answer,
    problems: ["already-used", "expired", "changed-meanwhile"],
    handle: ({ caller, params }) =>
      Effect.gen(function* () {
        const { revoke } = yield* Requests.Requests
        return { body: Request.of(yield* revoke(caller, params.requestId), yield* DateTime.now) }
      })
  }),
  route({
    method: "GET",
    path: `${campaigns}/connections`,
    operationId: "listRenewable",
    tag,
    summary: "Lists connections whose consent ends, with whom to ask",
    query: RenewableFilter,
    answer: page(Request.Renewable),
    problems: ["invalid-cursor"],
    handle: ({ caller, query }) =>
      Effect.gen(function* () {
        const { renewable } = yield* Requests.Requests
        const { channel, companyId, withinDays = daysAhead } = query
        // By whole days, because the next page has to be asked for with the same filter.
        const expiresBefore = DateTime.add(DateTime.startOf(yield* DateTime.now, "day"), { days: withinDays + 1 })
        const filter = {
          expiresBefore,
          ...(companyId === undefined ? {} : { companyId }),
          ...(channel === undefined ? {} : { channel })
        }
        return { body: written(yield* renewable(caller, filter, pageOf(query)), Request.renewable) }
      })
  }),
  route({
    method: "POST",
    path: `${campaigns}/preview`,
    operationId: "previewRenewalCampaign",
    tag,
    summary: "Shows the mails that a campaign would send",
    body: Request.CampaignDraft,
    answer: Request.CampaignPreview,
    problems: ["not-found", "too-many", "not-possible-now", "contradiction"],
    handle: ({ body, caller }) =>
      Effect.gen(function* () {
        const { previewCampaign } = yield* Requests.Requests
        return { body: Request.campaignPreview(yield* previewCampaign(caller, body)) }
      })
  }),
  route({
    method: "POST",
    path: campaigns,
    operationId: "sendRenewalCampaign",
    tag,
    summary: "Asks owners to renew consents: one mail an owner",
    description:
      "All of it or nothing. Each connection gets a request of its own; renewing keeps account, profile and history (rules X-R13, C10).",
    status: 201,
    creates: true,
    body: Request.NewCampaign,
    answer: Request.Campaign,
    problems: ["not-found", "too-many", "expired", "not-possible-now", "contradiction", "changed-meanwhile"],
    handle: ({ body, caller, idempotencyKey }) =>
      Effect.gen(function* () {
        const { campaign } = yield* Requests.Requests
        const sent = yield* campaign(caller, body, idempotencyKey)
        const now = yield* DateTime.now
        return { body: { items: sent.map((one) => Request.of(one, now)) }, location: `${at}/${sent[0]?.link.id ?? ""}` }
      })
  })
]
