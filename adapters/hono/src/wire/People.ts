/** People and organizations on the wire. */
import { Access, Id, Member, type Organization, Text } from "@portolan/domain"
import type { Members, Organizations } from "@portolan/ports"
import { Schema } from "effect"
import * as AccessScope from "./Access.ts"
import { by, By, Instant, instant, NameInput } from "./Text.ts"

/** An e-mail address as callers send it. */
export const EmailInput = Text.EmailInput.pipe(
  Schema.annotateEncoded({ description: "An e-mail address; upper case becomes lower case." })
)

/** A mailed or derived token as callers send it. */
export const TokenInput = Schema.String.check(Schema.isPattern(/^[A-Za-z0-9_-]{10,500}$/u)).annotate({
  description: "The last part of the link that was mailed."
})

/** An organization. */
export const OrganizationAnswer = Schema.Struct({
  id: Id.OrganizationId,
  name: Schema.String,
  foundedAt: Instant,
  closing: Schema.optionalKey(
    Schema.Struct({ at: Instant, by: By, dueAt: Instant }).annotate({
      description: "Its owner closed it, and can reopen it until `dueAt`; then its data is erased."
    })
  )
}).annotate({ identifier: "Organization", description: "One customer of this installation." })

/** Writes an organization. */
export const organization = (state: Organization.Present): typeof OrganizationAnswer.Type => ({
  id: state.id,
  name: state.name,
  foundedAt: instant(state.foundedAt),
  ...(state._tag === "Closing"
    ? { closing: { at: instant(state.closing.at), by: by(state.closing.by), dueAt: instant(state.closing.dueAt) } }
    : {})
})

/** An organization with its owner. */
export const OrganizationDetail = Schema.Struct({
  ...OrganizationAnswer.fields,
  owner: Schema.Struct({ name: Schema.String, email: Schema.String }),
  offer: Schema.optionalKey(
    Schema.Struct({ personId: Id.PersonId, name: Schema.String, email: Schema.String, expiresAt: Instant }).annotate({
      description: "The member to whom the ownership is offered, while they can accept it."
    })
  )
}).annotate({
  identifier: "OrganizationDetail",
  description: "An organization and who owns it; there is exactly one owner."
})

/** Writes an organization with its owner. */
export const organizationDetail = ({
  offer,
  organization: open,
  owner
}: Organizations.OrganizationView): typeof OrganizationDetail.Type => ({
  ...organization(open),
  owner,
  ...(offer === undefined ? {} : { offer: { ...offer, expiresAt: instant(offer.expiresAt) } })
})

/** An organization as one of its members knows it. */
export const MembershipAnswer = Schema.Struct({
  organization: OrganizationAnswer,
  memberId: Id.MemberId,
  role: Access.Role,
  access: AccessScope.Answer
}).annotate({ identifier: "Membership", description: "An organization you belong to, and what you may do there." })

/** Writes a membership. */
export const membership = ({
  memberId,
  organization: open,
  accessScope,
  role
}: Organizations.Membership): typeof MembershipAnswer.Type => ({
  organization: organization(open),
  memberId,
  role,
  access: AccessScope.of(accessScope)
})

/** What founding or renaming takes. */
export const NameBody = Schema.Struct({ name: NameInput })

/** The status of an entry in the list of people. */
export const Status = Schema.Literals(["invited", "member", "gone"])

const states = { invited: "Invited", member: "Active", gone: "Gone" } as const
/** The state of a member with this status. */
export const stateOf = (status: typeof Status.Type): Member.Present["_tag"] => states[status]

/** A member, an open invitation, or somebody who is gone. */
export const MemberAnswer = Schema.Struct({
  id: Id.MemberId,
  status: Status,
  email: Schema.String,
  name: Schema.optionalKey(Schema.String),
  role: Schema.optionalKey(Access.Role),
  access: Schema.optionalKey(AccessScope.Answer),
  isYou: Schema.Boolean,
  invitedBy: Schema.optionalKey(By),
  invitedAt: Schema.optionalKey(Instant),
  expiresAt: Schema.optionalKey(Instant.annotate({ description: "When an invitation ends by itself." })),
  mails: Schema.optionalKey(Schema.Int.annotate({ description: "How often an invitation was mailed." })),
  joinedAt: Schema.optionalKey(Instant),
  leftAt: Schema.optionalKey(Instant),
  because: Schema.optionalKey(Schema.Literals(["withdrawn", "declined", "expired", "removed", "left"]))
}).annotate({ identifier: "Member", description: "A member, an open invitation, or somebody who is gone." })

/** Writes somebody of the list of people. */
export const member = ({ isCaller, member: one, role }: Members.MemberView): typeof MemberAnswer.Type => {
  const common = { id: one.id, email: one.email, isYou: isCaller, ...(role === undefined ? {} : { role }) }
  switch (one._tag) {
    case "Invited":
      return {
        ...common,
        status: "invited",
        access: AccessScope.of(one.accessScope),
        invitedBy: by(one.invitedBy),
        invitedAt: instant(one.invitedAt),
        expiresAt: instant(one.expiresAt),
        mails: one.mails
      }
    case "Active":
      return {
        ...common,
        status: "member",
        name: one.name,
        access: AccessScope.of(role === "owner" ? Access.everything : one.accessScope),
        joinedAt: instant(one.joinedAt)
      }
    case "Gone":
      return { ...common, status: "gone", because: one.because, leftAt: instant(one.at) }
  }
}

/** What inviting takes. */
export const InviteInput = Schema.Struct({
  email: EmailInput,
  role: Access.GivenRole,
  access: Schema.optionalKey(AccessScope.Input)
})
/** What changing somebody's access takes. */
export const AccessInput = Schema.Struct({ role: Access.GivenRole, access: Schema.optionalKey(AccessScope.Input) })
/** Who takes over what somebody answers for. */
export const HandOverInput = Schema.Struct({
  handOverTo: Schema.optionalKey(
    Id.MemberId.annotate({ description: "The member who becomes responsible for the consents." })
  )
})
/** When somebody wants to get news by mail. */
export const MailPreferencesInput = Member.MailPreferencesInput.annotate({
  identifier: "MailPreferencesInput",
  description:
    "`timeZone` is a name of the IANA database, e.g. `Europe/Berlin`; `daily` goes by its clock, else by UTC."
})

/** When somebody gets news by mail. */
export const MailPreferencesAnswer = Member.MailPreferences.annotate({
  identifier: "MailPreferences",
  description:
    "When news goes out by mail: `at-once` (with the rest of its burst; `progress` at most every three minutes), " +
    "`daily`, or `never`."
})

/** Who becomes the owner. */
export const OwnerInput = Schema.Struct({ memberId: Id.MemberId })
/** Names an invitation by the token that was mailed. */
export const TokenBody = Schema.Struct({ token: TokenInput })

/** What somebody who holds an invitation may know. */
export const InvitationAnswer = Schema.Struct({
  organization: Schema.Struct({ id: Id.OrganizationId, name: Schema.String }),
  inviter: Schema.String,
  email: Schema.String,
  role: Access.GivenRole,
  isLimited: Schema.Boolean.annotate({ description: "Whether the access is limited to certain accounts." }),
  expiresAt: Instant
}).annotate({
  identifier: "InvitationToJoin",
  description: "Who invites whom to which organization, as what, until when."
})

/** Writes an invitation. */
export const invitation = (one: Members.InvitationView): typeof InvitationAnswer.Type => ({
  organization: { id: one.organizationId, name: one.organizationName },
  inviter: one.inviter,
  email: one.email,
  role: one.role,
  isLimited: one.isLimited,
  expiresAt: instant(one.expiresAt)
})
