import type { Access } from "@portolan/domain"
import { Effect } from "effect"
import type { Deps } from "../shared/deps.ts"
import { type IdempotencyKey, withIdempotency } from "../shared/idempotency.ts"
import { type ComposeDeps, composeRequestMail } from "./composeRequestMail.ts"
import { checkReference, idsOfReference, newRequestIds, referenceOf } from "./previewReference.ts"
import { recordRequests, type SendDeps } from "./recordRequests.ts"
import {
  type Campaign,
  type CampaignGroup,
  campaignLimit,
  type CampaignPreview,
  draftCampaign
} from "./renewalCampaign.ts"
import { readRequest, requestView } from "./requestView.ts"

const composeAll = (deps: ComposeDeps, groups: ReadonlyArray<CampaignGroup>) =>
  Effect.forEach(groups, (group) => composeRequestMail(deps, group, "asked"))

// A campaign that is too large is refused by `draftCampaign`; ids are not made for more than that.
const newIds = (deps: Deps<"secrets">, { items }: Campaign) =>
  newRequestIds(deps, Math.min(items.length, campaignLimit))

/** What a campaign would send. Writes nothing. */
export const previewCampaign = Effect.fn("Requests.previewCampaign")(function* (
  deps: ComposeDeps,
  caller: Access.Caller,
  campaign: Campaign
) {
  const { organizationId } = caller
  const ids = yield* newIds(deps, campaign)
  const { groups, requester } = yield* draftCampaign(deps, caller, campaign, ids)
  const mails = yield* Effect.forEach(groups, (group) =>
    Effect.map(composeRequestMail(deps, group, "asked"), (emailMessage) => ({
      emailMessage,
      to: group[0].request.owner,
      connectionIds: group.map(({ connectionId }) => connectionId)
    }))
  )
  const emails = mails.map(({ emailMessage }) => emailMessage)
  const reference = yield* referenceOf(deps, { organizationId, ids, emails })
  return { requester, reference, mails } satisfies CampaignPreview
})

/** Sends a campaign, all of it or nothing: a request for each connection, an email for each owner. */
export const campaign = Effect.fn("Requests.campaign")(function* (
  deps: SendDeps,
  caller: Access.Caller,
  { reference, ...input }: Campaign & { readonly reference?: string },
  idempotencyKey?: IdempotencyKey
) {
  const { organizationId } = caller
  const ids =
    reference === undefined ? yield* newIds(deps, input) : yield* idsOfReference(reference, input.items.length)
  const drafts = Effect.gen(function* () {
    const { groups } = yield* draftCampaign(deps, caller, input, ids)
    if (reference !== undefined) {
      const emails = yield* composeAll(deps, groups)
      yield* checkReference(deps, reference, { organizationId, ids, emails })
    }
    return groups.flat()
  })
  const recorded = recordRequests(deps, caller, { ids, drafts, idempotencyKey, isPreviewed: reference !== undefined })
  return yield* withIdempotency(deps, caller, idempotencyKey, {
    create: Effect.flatMap(recorded, (links) => Effect.forEach(links, (link) => requestView(deps, link))),
    show: (resource) => Effect.forEach(resource.split("."), (id) => readRequest(deps, caller, id))
  })
})
