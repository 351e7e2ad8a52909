/**
 * Requests to connect and renewal campaigns, as the member sees them who asks (flow F5). Answering one is the console's
 * part.
 */
import { Channel, given, Id, type Invitation } from "@portolan/domain"
import { DateTime, Effect, Schema } from "effect"
import * as Query from "../Query.ts"
import { route } from "../Route.ts"
import * as Request from "../wire/Request.ts"
import { page } from "../wire/Text.ts"
import { pageOf, pageQuery, RequestParams, showPage } from "./shared.ts"

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

/**
 * How far ahead a campaign looks when nothing else is said, in days; people are reminded of an end from 90 days on
 * (rule C11).
 */
const daysAhead = 90

const RenewableFilter = Schema.Struct({
  ...pageQuery,
  withinDays: Schema.optionalKey(
    Query.integer({
      minimum: 0,
      maximum: 400,
      standard: daysAhead,
      description: "Only consents that expire within this number of days. Expired ones are included."
    })
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
      "The owner and the requester get the same mail. The owner needs no account here. With the `reference` of a " +
      "preview, exactly that mail is sent.",
    status: 201,
    creates: true,
    body: Request.New,
    answer: Request.Answer,
    problems: ["not-found", "too-many", "expired", "not-possible-now", "contradiction", "changed-meanwhile"],
    call: ({ requests }, { body, caller, idempotencyKey }) => requests.send(caller, body, idempotencyKey),
    show: Request.of,
    location: (sent) => `${at}/${sent.link.id}`
  }),
  route({
    method: "POST",
    path: `${at}/preview`,
    operationId: "previewRequest",
    tag,
    summary: "Shows the mail that a request would send",
    description: "Stores nothing. The mail has its real link, which works once the request is sent.",
    body: Request.Draft,
    answer: Request.Preview,
    problems: ["not-found", "too-many", "not-possible-now", "contradiction"],
    call: ({ requests }, { body, caller }) => requests.preview(caller, body),
    show: Request.preview
  }),
  route({
    method: "GET",
    path: at,
    operationId: "listRequests",
    tag,
    summary: "Lists requests, the latest first",
    query: Filter,
    answer: page(Request.Answer),
    problems: ["invalid-cursor"],
    call: ({ requests }, { caller, query: { connectionId, state, ...query } }) =>
      requests.list(
        caller,
        given({ connectionId, states: state === undefined ? undefined : [states[state]] }),
        pageOf(query)
      ),
    show: showPage(Request.of)
  }),
  route({
    method: "GET",
    path: `${at}/{requestId}`,
    operationId: "getRequest",
    tag,
    summary: "Reads a request",
    params: RequestParams,
    answer: Request.Answer,
    call: ({ requests }, { caller, params }) => requests.view(caller, params.requestId),
    show: Request.of
  }),
  route({
    method: "POST",
    path: `${at}/{requestId}/mail-again`,
    operationId: "mailRequestAgain",
    tag,
    summary: "Mails a request to its owner once more",
    description: "Its time starts anew, but it lasts at most 30 days in all.",
    params: RequestParams,
    answer: Request.Answer,
    problems: ["already-used", "expired", "revoked", "too-many", "changed-meanwhile"],
    call: ({ requests }, { caller, params }) => requests.mailAgain(caller, params.requestId),
    show: Request.of
  }),
  route({
    method: "POST",
    path: `${at}/{requestId}/revoke`,
    operationId: "revokeRequest",
    tag,
    summary: "Revokes a request at once",
    description: "The owner gets a mail. A consent that is under way cannot be finished.",
    params: RequestParams,
    answer: Request.Answer,
    problems: ["already-used", "expired", "changed-meanwhile"],
    call: ({ requests }, { caller, params }) => requests.revoke(caller, params.requestId),
    show: Request.of
  }),
  route({
    method: "GET",
    path: `${campaigns}/connections`,
    operationId: "listRenewable",
    tag,
    summary: "Lists connections whose consent expires, with the person to ask",
    query: RenewableFilter,
    answer: page(Request.Renewable),
    problems: ["invalid-cursor"],
    call: ({ requests }, { caller, query: { channel, companyId, withinDays, ...query } }) =>
      Effect.gen(function* () {
        // By whole days, because the next page has to be asked for with the same filter.
        const today = DateTime.startOf(yield* DateTime.now, "day")
        const expiresBefore = DateTime.add(today, { days: (withinDays ?? daysAhead) + 1 })
        return yield* requests.renewable(caller, { expiresBefore, ...given({ channel, companyId }) }, pageOf(query))
      }),
    show: showPage(Request.renewable)
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
    call: ({ requests }, { body, caller }) => requests.previewCampaign(caller, body),
    show: Request.campaignPreview
  }),
  route({
    method: "POST",
    path: campaigns,
    operationId: "sendRenewalCampaign",
    tag,
    summary: "Asks owners to renew consents, with one mail for each owner",
    description:
      "Sends all mails or none. Each connection gets a request of its own; a renewal keeps account, profile and " +
      "history.",
    status: 201,
    creates: true,
    body: Request.NewCampaign,
    answer: Request.Campaign,
    problems: ["not-found", "too-many", "expired", "not-possible-now", "contradiction", "changed-meanwhile"],
    call: ({ requests }, { body, caller, idempotencyKey }) => requests.campaign(caller, body, idempotencyKey),
    show: (sent, now) => ({ items: sent.map((one) => Request.of(one, now)) }),
    location: (sent) => `${at}/${sent[0]?.link.id ?? ""}`
  })
]
