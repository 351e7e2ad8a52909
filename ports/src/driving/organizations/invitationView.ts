import type { Access, Id, Text } from "@portolan/domain"
import type { DateTime } from "effect"

/** What the holder of an invitation's token may know: the token proves that the invitation was sent to them. */
export interface InvitationView {
  readonly organizationId: Id.OrganizationId
  readonly organizationName: string
  readonly inviter: string
  readonly email: Text.Email
  readonly role: Access.GivenRole
  /** Whether the access is limited to chosen accounts. */
  readonly isLimited: boolean
  readonly expiresAt: DateTime.Utc
}
