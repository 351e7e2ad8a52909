/** Requests to connect before they are on record: what somebody typed, and what it becomes. */
import { type Connection, Id, Invitation } from "@portolan/domain"
import { DateTime } from "effect"

/** Somebody as they were typed. */
export interface ContactInput {
  readonly name: string
  readonly email: string
}

/** What a request is made of. Everything is text as it was typed; what cannot be used is refused in words. */
export interface RequestInput {
  readonly connectionId: Id.ConnectionId
  readonly owner: ContactInput
  /** One of the account's marketplaces: the connection's own (rule X-R2). Named so that a wrong choice is noticed. */
  readonly marketplaceId: Connection.Present["marketplaceId"]
  readonly message?: string
  /** Who asks. A person asks in their own name and leaves it out; a key or an operator gives it. */
  readonly requester?: ContactInput
}

/** A request that is, or is going to be, on record. */
export interface RequestDraft extends Pick<
  Invitation.Present,
  "id" | "organizationId" | "companyId" | "accountId" | "connectionId" | "channel" | "expiresAt"
> {
  readonly request: Invitation.Request
}

/** What the draft of a request needs besides its id. */
export interface ValidRequest {
  readonly connection: Connection.Present
  readonly request: Invitation.Request
}

/** A request as it will be on record. When it ends follows from its id, so that a preview names the same minute. */
export const draftOf = (id: Id.InvitationId, { connection, request }: ValidRequest): RequestDraft => ({
  id,
  organizationId: connection.organizationId,
  companyId: connection.companyId,
  accountId: connection.accountId,
  connectionId: connection.id,
  channel: connection.channel,
  request,
  expiresAt: DateTime.addDuration(DateTime.makeUnsafe(Id.millis(id)), Invitation.lifetime.standard)
})
