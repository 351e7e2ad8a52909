/**
 * Requests to connect (flow F5; rules X-R1 to X-R5): a member asks the owner of a seller account by email, sees before
 * what the email will say, sends it again or withdraws it, and learns what became of it. The owner answers without an
 * account here: they follow the link (`AuthLinks.follow`), or say that they cannot help.
 *
 * A renewal campaign is the same for many connections at once, in one email an owner (rules X-R13, X-R14). Renewing
 * keeps account, profile and history; only the consent is new (rule C10).
 */
import type { Access, Id, Invitation, Refused } from "@portolan/domain"
import { Context, type DateTime, type Effect, Layer, type Redacted } from "effect"
import type { ConnectionFilter, InvalidCursor, NotFound, Page, PageRequest } from "../../driven/Repository.ts"
import type { StoreError } from "../../driven/StoreUnavailable.ts"
import type { WriteError } from "../../driven/UnitOfWork.ts"
import { bound, deps, type Service } from "../shared/deps.ts"
import type { IdempotencyKey } from "../shared/idempotency.ts"
import * as ChangeRequest from "./changeRequest.ts"
import * as KnownOwner from "./knownOwner.ts"
import * as ListRenewable from "./listRenewable.ts"
import * as ListRequests from "./listRequests.ts"
import * as ObjectToRequest from "./objectToRequest.ts"
import type { Campaign, CampaignPreview, Renewable } from "./renewalCampaign.ts"
import type { RequestInput } from "./requestDraft.ts"
import type { Preview, SendInput } from "./requestPreview.ts"
import type { RequestView } from "./requestView.ts"
import * as SendCampaign from "./sendCampaign.ts"
import * as SendRequest from "./sendRequest.ts"

export { previewLife } from "./previewReference.ts"
export {
  type Campaign,
  type CampaignItem,
  campaignLimit,
  type CampaignMail,
  type CampaignPreview,
  type Renewable
} from "./renewalCampaign.ts"
export type { ContactInput, RequestInput } from "./requestDraft.ts"
export type { Preview, SendInput } from "./requestPreview.ts"
export type { RequestLink, RequestView } from "./requestView.ts"
export { dayLimit, messageLimit, openLimit } from "./validateRequest.ts"

/** What a change of a request may fail with. */
export type ChangeError = Refused.Refused | NotFound | WriteError

/** Asks owners to connect. */
export interface Contract {
  /** What would be sent. Writes nothing. */
  readonly preview: (
    caller: Access.Caller,
    input: RequestInput
  ) => Effect.Effect<Preview, Refused.Refused | NotFound | StoreError>

  /**
   * Sends a request to both sides. With the reference of a preview it sends what was shown or, when that would read
   * differently by now, nothing; sent twice, it is sent once. Refused for channels that no person's consent opens, and
   * beyond the organization's daily number of emails (`MailQuota`).
   */
  readonly send: (
    caller: Access.Caller,
    input: SendInput,
    idempotencyKey?: IdempotencyKey
  ) => Effect.Effect<RequestView, ChangeError>

  /** Lists requests, the youngest first. */
  readonly list: (
    caller: Access.Caller,
    filter: { readonly states?: ReadonlyArray<Invitation.Present["_tag"]>; readonly connectionId?: Id.ConnectionId },
    page: PageRequest
  ) => Effect.Effect<Page<RequestView>, Refused.Refused | NotFound | InvalidCursor | StoreError>

  /**
   * Who is known to own what a connection belongs to: whoever was asked last for its account, else for another account
   * of its company. Nobody when nobody was ever asked.
   */
  readonly knownOwner: (
    caller: Access.Caller,
    connectionId: Id.ConnectionId
  ) => Effect.Effect<Invitation.Request["owner"] | undefined, Refused.Refused | NotFound | StoreError>

  /** Reads one request. */
  readonly view: (
    caller: Access.Caller,
    id: Id.InvitationId
  ) => Effect.Effect<RequestView, Refused.Refused | NotFound | StoreError>

  /**
   * Mails a request to its owner once more and lets it live on, at most as long as any link lives. Limited in number.
   */
  readonly mailAgain: (caller: Access.Caller, id: Id.InvitationId) => Effect.Effect<RequestView, ChangeError>

  /**
   * Withdraws a request at once. The owner gets an email about it; a person who is at the provider with it learns it on
   * return.
   */
  readonly revoke: (caller: Access.Caller, id: Id.InvitationId) => Effect.Effect<RequestView, ChangeError>

  /**
   * The person who got the email says that they cannot help; the requester gets an email about it (rule X-R1). The link
   * stays usable.
   */
  readonly object: (
    token: Redacted.Redacted<string>,
    because: Invitation.Objection
  ) => Effect.Effect<void, Refused.Refused | NotFound | WriteError>

  /** Lists connections whose consent ends before an instant, with the owner to ask for a new one. */
  readonly renewable: (
    caller: Access.Caller,
    filter: { readonly expiresBefore: DateTime.Utc } & Pick<
      ConnectionFilter,
      "companyId" | "channel" | "marketplaceId"
    >,
    page: PageRequest
  ) => Effect.Effect<Page<Renewable>, Refused.Refused | NotFound | InvalidCursor | StoreError>

  /** What a campaign would send. Writes nothing. */
  readonly previewCampaign: (
    caller: Access.Caller,
    campaign: Campaign
  ) => Effect.Effect<CampaignPreview, Refused.Refused | NotFound | StoreError>

  /** Sends a campaign, all of it or nothing: a request for each connection, an email for each owner. */
  readonly campaign: (
    caller: Access.Caller,
    campaign: Campaign & { readonly reference?: string },
    idempotencyKey?: IdempotencyKey
  ) => Effect.Effect<ReadonlyArray<RequestView>, ChangeError>
}

const verbs = {
  knownOwner: KnownOwner.knownOwner,
  ...SendRequest,
  ...ListRequests,
  ...ChangeRequest,
  ...ObjectToRequest,
  ...ListRenewable,
  ...SendCampaign
}

/** Asks owners to connect. */
export class Requests extends Context.Service<Requests, Service<Contract, typeof verbs>>()(
  "@portolan/ports/driving/Requests"
) {
  /** The service over the driven ports. */
  static readonly layer = Layer.effect(
    Requests,
    bound(deps("deployment", "eventLog", "repository", "secrets", "unitOfWork"), verbs)
  )
}
