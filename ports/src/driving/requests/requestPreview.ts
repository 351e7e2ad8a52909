/** What is going to be sent, shown before it is. */
import type { EmailMessage, Id, Invitation } from "@portolan/domain"
import type { DateTime } from "effect"
import type { RequestInput } from "./requestDraft.ts"

/** What is going to be sent, and to whom. */
export interface Preview {
  /** Hand it to `send`, and exactly this email is sent. Good for an hour, and for one request. */
  readonly reference: string
  /** The id the request will have. */
  readonly id: Id.InvitationId
  readonly expiresAt: DateTime.Utc
  /** Both get the same email (rule X-R3). */
  readonly to: { readonly owner: Invitation.Request["owner"]; readonly requester: Invitation.Request["requester"] }
  readonly emailMessage: EmailMessage.EmailMessage
}

/** A request that is to be sent. */
export interface SendInput extends RequestInput {
  /** Of the preview that was looked at. */
  readonly reference?: string
}
