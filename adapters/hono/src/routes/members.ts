/** Members of an organization, and the invitations that an organization sends. */
import { given, Id, type Member } from "@portolan/domain"
import { Schema } from "effect"
import { route } from "../Route.ts"
import * as AccessScope from "../wire/Access.ts"
import * as People from "../wire/People.ts"
import { page } from "../wire/Text.ts"
import { changing, pageOf, pageQuery, several, showPage } from "./shared.ts"

const tag = "People"
const at = "/v1/members"

const MemberParams = Schema.Struct({ memberId: Id.MemberId })
const Filter = Schema.Struct({
  ...pageQuery,
  status: Schema.optionalKey(
    Schema.Union([People.Status, Schema.Array(People.Status).check(Schema.isMaxLength(3))]).annotate({
      description: "`invited`, `member` or `gone`, or several by repeating the parameter; by default all but `gone`."
    })
  )
})

/** The routes. */
export const members = [
  route({
    method: "GET",
    path: at,
    operationId: "listMembers",
    tag,
    summary: "Lists members and open invitations, by address",
    query: Filter,
    answer: page(People.MemberAnswer),
    problems: ["invalid-cursor", "not-found"],
    call: ({ members }, { caller, query }) =>
      members.list(caller, given({ states: several(query.status)?.map(People.stateOf) }), pageOf(query)),
    show: showPage(People.member)
  }),
  route({
    method: "GET",
    path: "/v1/me/mail-preferences",
    operationId: "getMailPreferences",
    sessionOnly: true,
    tag,
    summary: "Reads when you get news by mail",
    answer: People.MailPreferencesAnswer,
    call: ({ members }, { caller }) => members.mailPreferences(caller),
    show: (preferences: Member.MailPreferences) => preferences
  }),
  route({
    method: "PUT",
    path: "/v1/me/mail-preferences",
    operationId: "changeMailPreferences",
    sessionOnly: true,
    tag,
    summary: "Chooses when you get news by mail",
    description:
      "Mails about signing in, passwords, invitations and the ownership always come at once. What waits already is " +
      "mailed when it was to be.",
    body: People.MailPreferencesInput,
    answer: People.MailPreferencesAnswer,
    problems: ["not-found", ...changing],
    call: ({ members }, { body, caller }) => members.changeMailPreferences(caller, body),
    show: (preferences: Member.MailPreferences) => preferences
  }),
  route({
    method: "POST",
    path: at,
    operationId: "inviteMember",
    tag,
    summary: "Invites somebody by mail",
    status: 201,
    creates: true,
    body: People.InviteInput,
    answer: People.MemberAnswer,
    problems: ["already-exists", "contradiction", "not-yours", "not-found"],
    call: ({ members }, { body: { access, email, role }, caller, idempotencyKey }) =>
      members.invite(caller, { email, role, accessScope: AccessScope.accessScope(access) }, idempotencyKey),
    show: People.member,
    location: ({ member }) => `${at}/${member.id}`
  }),
  route({
    method: "GET",
    path: `${at}/{memberId}`,
    operationId: "getMember",
    tag,
    summary: "Reads a member or an invitation",
    params: MemberParams,
    answer: People.MemberAnswer,
    call: ({ members }, { caller, params }) => members.view(caller, params.memberId),
    show: People.member
  }),
  route({
    method: "PUT",
    path: `${at}/{memberId}/access`,
    operationId: "changeMemberAccess",
    tag,
    summary: "Gives a member or an invitation another role and access",
    params: MemberParams,
    body: People.AccessInput,
    answer: People.MemberAnswer,
    problems: ["contradiction", "not-yours", ...changing],
    call: ({ members }, { body, caller, params }) =>
      members.changeAccess(caller, params.memberId, {
        role: body.role,
        accessScope: AccessScope.accessScope(body.access)
      }),
    show: People.member
  }),
  route({
    method: "POST",
    path: `${at}/{memberId}/mail-again`,
    operationId: "mailInvitationAgain",
    tag,
    summary: "Mails an invitation once more; its time starts anew",
    params: MemberParams,
    answer: People.MemberAnswer,
    problems: ["too-many", ...changing],
    call: ({ members }, { caller, params }) => members.mailAgain(caller, params.memberId),
    show: People.member
  }),
  route({
    method: "POST",
    path: `${at}/{memberId}/withdraw`,
    operationId: "withdrawInvitation",
    tag,
    summary: "Withdraws an invitation; its link stops working at once",
    params: MemberParams,
    answer: People.MemberAnswer,
    problems: ["already-used", ...changing],
    call: ({ members }, { caller, params }) => members.withdraw(caller, params.memberId),
    show: People.member
  }),
  route({
    method: "POST",
    path: `${at}/{memberId}/remove`,
    operationId: "removeMember",
    tag,
    summary: "Removes a member at once",
    description:
      "Their next request is refused and their keys are revoked. You, or the member you name, become responsible for " +
      "their consents.",
    params: MemberParams,
    bodyOptional: true,
    body: People.HandOverInput,
    answer: People.MemberAnswer,
    problems: ["contradiction", "not-yours", ...changing],
    call: ({ members }, { body, caller, params }) => members.remove(caller, params.memberId, body.handOverTo),
    show: People.member
  })
]
