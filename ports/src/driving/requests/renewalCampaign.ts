/**
 * Renewal campaigns: requests for many connections at once, in one email an owner (rules X-R13, X-R14). Renewing keeps
 * account, profile and history; only the consent is new (rule C10).
 */
import {
  type Access,
  Connection,
  EmailMessage,
  given,
  groupBy,
  type Id,
  type Invitation,
  Messages,
  Refusal
} from "@portolan/domain"
import type { DateTime } from "effect"
import { Effect } from "effect"
import * as AccessScope from "../shared/AccessScope.ts"
import type { ComposeDeps } from "./composeRequestMail.ts"
import { type ContactInput, draftOf, type RequestDraft } from "./requestDraft.ts"
import { requesterOf, validateRequest } from "./validateRequest.ts"

/** Whom to ask for which connections. */
export interface Campaign {
  readonly items: ReadonlyArray<CampaignItem>
  readonly message?: string
  readonly requester?: ContactInput
}

/** One connection of a campaign, and the owner to ask for it. */
export interface CampaignItem {
  readonly connectionId: Id.ConnectionId
  readonly owner: ContactInput
}

/** The most connections of one campaign. */
export const campaignLimit = 100

/** One email of a campaign. */
export interface CampaignMail {
  readonly to: Invitation.Request["owner"]
  readonly connectionIds: ReadonlyArray<Id.ConnectionId>
  readonly emailMessage: EmailMessage.EmailMessage
}

/** What a campaign is going to send: each owner's email, which the requester gets a copy of. */
export interface CampaignPreview {
  readonly reference: string
  readonly requester: Invitation.Request["requester"]
  readonly mails: ReadonlyArray<CampaignMail>
}

/** A connection whose consent ends, and the owner to ask for a new one. */
export interface Renewable {
  readonly connection: Connection.Linked
  readonly expiresAt: DateTime.Utc
  readonly companyName: string
  readonly accountName: string
  /** Who was asked the last time: for this connection, else for its account, else for another of its company. */
  readonly owner?: Invitation.Request["owner"]
  /** A request that waits for its answer. */
  readonly openRequest?: Id.InvitationId
}

/** Requests whose links go into one email; the first one carries the others. */
export type CampaignGroup = readonly [RequestDraft, ...ReadonlyArray<RequestDraft>]

const refused = (detail: Messages.Message, nextStep: Messages.Message) =>
  Refusal.make("Invitation", "Issue", "contradiction", { detail, nextStep })

/** Refuses a campaign that is empty or too large, and one that names a connection twice. */
const checkItems = Effect.fnUntraced(function* ({ items }: Campaign) {
  if (items.length === 0 || items.length > campaignLimit) {
    return yield* refused(
      Messages.say("campaign.size", { limit: campaignLimit }),
      Messages.say("campaign.choose-or-split")
    )
  }
  if (new Set(items.map(({ connectionId }) => connectionId)).size < items.length) {
    return yield* refused(Messages.say("campaign.repeats"), Messages.say("campaign.name-once"))
  }
})

/** A campaign's requests with these ids, in the order of its items, in groups of one email each. */
export const draftCampaign = Effect.fnUntraced(function* (
  deps: ComposeDeps,
  caller: Access.Caller,
  campaign: Campaign,
  ids: ReadonlyArray<Id.InvitationId>
) {
  yield* AccessScope.check(caller, "connect")
  yield* checkItems(campaign)
  const requester = yield* requesterOf(deps, caller, campaign.requester)
  const drafts = yield* Effect.forEach(campaign.items, (item, index) =>
    Effect.gen(function* () {
      const id = ids[index]
      if (id === undefined) return yield* Effect.die("every item has an id")
      return draftOf(id, yield* validateItem(deps, caller, { ...item, message: campaign.message }, requester))
    })
  )
  return { requester, groups: groupsOf(drafts) }
})

const validateItem = Effect.fnUntraced(function* (
  deps: ComposeDeps,
  caller: Access.Caller,
  { connectionId, message, owner }: CampaignItem & { readonly message: string | undefined },
  requester: Invitation.Request["requester"]
) {
  const { state: connection } = yield* AccessScope.connection(deps, caller, "connect", connectionId)
  const { marketplaceId } = connection
  const input = given({ connectionId, owner, marketplaceId, message })
  const valid = yield* validateRequest(deps, caller, input, requester)
  if (Connection.isLinked(connection) && connection.link.expiresAt !== undefined) return valid
  return yield* refused(
    Messages.say("campaign.no-end", { account: valid.account.name }),
    Messages.say("campaign.take-out")
  )
})

/** One group an email: by the owner's address, and no more requests than one email names (rule X-R13). */
const groupsOf = (drafts: ReadonlyArray<RequestDraft>): ReadonlyArray<CampaignGroup> =>
  [...groupBy(drafts, ({ request }) => request.owner.email).values()]
    .flatMap((own) =>
      Array.from({ length: Math.ceil(own.length / EmailMessage.accountLimit) }, (_, part) =>
        own.slice(part * EmailMessage.accountLimit, (part + 1) * EmailMessage.accountLimit)
      )
    )
    .flatMap(carried)

/** The first request of a group carries the others; their links go into its email. */
const carried = (group: ReadonlyArray<RequestDraft>): ReadonlyArray<CampaignGroup> => {
  const [leader, ...others] = group
  if (leader === undefined) return []
  return [
    [
      { ...leader, request: { ...leader.request, carries: others.map(({ id }) => id) } },
      ...others.map((one): RequestDraft => ({ ...one, request: { ...one.request, carriedBy: leader.id } }))
    ]
  ]
}
