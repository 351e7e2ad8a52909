/** Organizations, their people and invitations to join (rules P-R5, P-R14 to P-R16, S-R8 to S-R10, X-R6, X-R7). */
import { given, Id, type Member } from "@portolan/domain"
import { Effect, Redacted, Schema } from "effect"
import { openRoute, operatorRoute, personRoute, route } from "../Route.ts"
import * as AccessScope from "../wire/Access.ts"
import * as People from "../wire/People.ts"
import { list, page } from "../wire/Text.ts"
import { pageOf, PageQuery, pageQuery, several, showList, showPage } from "./shared.ts"

const tag = "People"
const mine = "/v1/organizations"
const own = "/v1/organization"
const members = "/v1/members"
const joining = "/v1/invitations-to-join"
const operating = "/v1/operator/organizations/{organizationId}"

const OrganizationParams = Schema.Struct({ organizationId: Id.OrganizationId })
const MemberParams = Schema.Struct({ memberId: Id.MemberId })
const Filter = Schema.Struct({
  ...pageQuery,
  standing: Schema.optionalKey(
    Schema.Union([People.Standing, Schema.Array(People.Standing).check(Schema.isMaxLength(3))]).annotate({
      description: "`invited`, `member` or `gone`, or several by repeating the parameter; by default all but `gone`."
    })
  )
})

const changing = ["changed-meanwhile", "not-possible-now"] as const
const token = (body: typeof People.TokenBody.Type) => Redacted.make(body.token)

/** The routes. */
export const people = [
  personRoute({
    method: "GET",
    path: mine,
    operationId: "listOrganizations",
    tag,
    summary: "Lists the organizations you belong to",
    description: "For anybody with a session, even without an organization.",
    answer: list(People.MembershipAnswer),
    call: ({ organizations }, { caller }) => organizations.mine(caller),
    show: showList(People.membership)
  }),
  personRoute({
    method: "POST",
    path: mine,
    operationId: "createOrganization",
    tag,
    summary: "Creates an organization; you become its owner",
    description: "The session then acts for it.",
    status: 201,
    creates: true,
    body: People.NameBody,
    answer: People.OrganizationAnswer,
    problems: ["too-many", "not-found"],
    call: ({ organizations }, { body, caller, headers, idempotencyKey }) =>
      Effect.tap(organizations.create(caller, body, idempotencyKey), ({ id }) => organizations.choose(headers, id)),
    show: People.organization,
    location: () => own
  }),
  personRoute({
    method: "POST",
    path: `${mine}/{organizationId}/choose`,
    operationId: "chooseOrganization",
    tag,
    summary: "Makes your session act for another of your organizations",
    params: OrganizationParams,
    answer: People.OrganizationAnswer,
    call: ({ organizations }, { headers, params }) => organizations.choose(headers, params.organizationId),
    show: People.organization
  }),
  route({
    method: "GET",
    path: own,
    operationId: "getOrganization",
    tag,
    summary: "Reads your organization and its owner",
    answer: People.OrganizationDetail,
    problems: ["not-found"],
    call: ({ organizations }, { caller }) => organizations.view(caller),
    show: People.organizationDetail
  }),
  route({
    method: "PATCH",
    path: own,
    operationId: "renameOrganization",
    tag,
    summary: "Renames your organization",
    body: People.NameBody,
    answer: People.OrganizationAnswer,
    problems: ["not-found", ...changing],
    call: ({ organizations }, { body, caller }) => organizations.rename(caller, body.name),
    show: People.organization
  }),
  route({
    method: "PUT",
    path: `${own}/owner`,
    operationId: "handOverOrganization",
    sessionOnly: true,
    tag,
    summary: "Hands the ownership to another member",
    description: "Only the owner can do this, with a session. The former owner stays as admin.",
    body: People.OwnerInput,
    answer: People.OrganizationDetail,
    problems: ["not-found", "not-yours", ...changing],
    call: ({ organizations }, { body, caller }) => organizations.handOver(caller, body.memberId),
    show: People.organizationDetail
  }),
  route({
    method: "POST",
    path: `${own}/leave`,
    operationId: "leaveOrganization",
    sessionOnly: true,
    tag,
    summary: "Leaves your organization",
    description:
      "The owner, or the member you name, becomes responsible for your consents. An owner must hand over the " +
      "ownership first.",
    status: 204,
    bodyOptional: true,
    body: People.HandOverInput,
    problems: ["not-found", "not-yours", "contradiction", ...changing],
    call: ({ members }, { body, caller }) => members.leave(caller, body.handOverTo)
  }),
  route({
    method: "GET",
    path: members,
    operationId: "listMembers",
    tag,
    summary: "Lists members and open invitations, by address",
    query: Filter,
    answer: page(People.MemberAnswer),
    problems: ["invalid-cursor", "not-found"],
    call: ({ members }, { caller, query }) =>
      members.list(caller, given({ states: several(query.standing)?.map(People.stateOf) }), pageOf(query)),
    show: showPage(People.member)
  }),
  route({
    method: "POST",
    path: members,
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
    location: ({ member }) => `${members}/${member.id}`
  }),
  route({
    method: "GET",
    path: `${members}/{memberId}`,
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
    path: `${members}/{memberId}/access`,
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
    path: `${members}/{memberId}/mail-again`,
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
    path: `${members}/{memberId}/withdraw`,
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
    path: `${members}/{memberId}/remove`,
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
  }),
  openRoute({
    method: "POST",
    path: `${joining}/look`,
    operationId: "lookAtInvitation",
    tag,
    summary: "Shows an invitation by its mailed token",
    description: "Changes nothing. An invitation that was answered, withdrawn or mailed anew is not found.",
    body: People.TokenBody,
    answer: People.InvitationAnswer,
    problems: ["not-found", "expired"],
    call: ({ members }, { body }) => members.look(token(body)),
    show: People.invitation
  }),
  personRoute({
    method: "POST",
    path: `${joining}/accept`,
    operationId: "acceptInvitation",
    tag,
    summary: "Accepts an invitation, as the person who was invited",
    description:
      "Refused when the session's address is not the invited one. The session then acts for the organization.",
    body: People.TokenBody,
    answer: People.OrganizationAnswer,
    problems: ["not-found", "expired", "wrong-person", "changed-meanwhile"],
    call: ({ members, organizations }, { body, caller, headers }) =>
      Effect.flatMap(members.accept(caller, token(body)), ({ organizationId }) =>
        organizations.choose(headers, organizationId)
      ),
    show: People.organization
  }),
  personRoute({
    method: "POST",
    path: `${joining}/decline`,
    operationId: "declineInvitation",
    tag,
    summary: "Declines an invitation",
    status: 204,
    body: People.TokenBody,
    problems: ["not-found", "wrong-person", ...changing],
    call: ({ members }, { body, caller }) => members.decline(caller, token(body))
  }),
  operatorRoute({
    method: "GET",
    path: `${operating}/members`,
    operationId: "listOwnerCandidates",
    tag: "Operators",
    summary: "Lists the members of an organization who can become its owner",
    params: OrganizationParams,
    query: PageQuery,
    answer: page(Schema.Struct({ id: Id.MemberId, name: Schema.String, email: Schema.String })),
    problems: ["invalid-cursor"],
    call: ({ organizations }, { caller, params, query }) =>
      organizations.candidates(caller, params.organizationId, pageOf(query)),
    show: showPage(({ email, id, name }: Member.Active) => ({ id, name, email }))
  }),
  operatorRoute({
    method: "PUT",
    path: `${operating}/owner`,
    operationId: "handOverForOwner",
    tag: "Operators",
    summary: "Hands the ownership to a member when the owner is gone",
    description: "The operator is recorded as the actor.",
    params: OrganizationParams,
    body: People.OwnerInput,
    answer: People.OrganizationDetail,
    problems: ["not-yours", ...changing],
    call: ({ organizations }, { body, caller, params }) =>
      organizations.handOverFor(caller, params.organizationId, body.memberId),
    show: People.organizationDetail
  })
]
