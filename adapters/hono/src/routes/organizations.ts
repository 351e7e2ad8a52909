/** Organizations: which ones a person belongs to, founding, renaming, handing over and leaving. */
import { Id, type Member } from "@portolan/domain"
import { Effect, Schema } from "effect"
import { operatorRoute, personRoute, route } from "../Route.ts"
import * as People from "../wire/People.ts"
import { list, page } from "../wire/Text.ts"
import { changing, pageOf, PageQuery, showList, showPage } from "./shared.ts"

const tag = "People"
const mine = "/v1/organizations"
const own = "/v1/organization"
const operating = "/v1/operator/organizations/{organizationId}"

const OrganizationParams = Schema.Struct({ organizationId: Id.OrganizationId })

/** The routes of a person's own organizations. */
export const organizations = [
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
    path: `${own}/owner/offer`,
    operationId: "offerOwnership",
    sessionOnly: true,
    tag,
    summary: "Offers the ownership to another member",
    description:
      "Only the owner can do this, with a session. Both are mailed, and nothing changes until the member accepts, " +
      "within seven days.",
    body: People.OwnerInput,
    answer: People.OrganizationDetail,
    problems: ["not-found", "not-yours", "already-exists", ...changing],
    call: ({ organizations }, { body, caller }) => organizations.offerOwnership(caller, body.memberId),
    show: People.organizationDetail
  }),
  route({
    method: "DELETE",
    path: `${own}/owner/offer`,
    operationId: "callOffOwnership",
    sessionOnly: true,
    tag,
    summary: "Calls an offer of the ownership off",
    description: "For the owner, until it is accepted. Without an offer nothing changes.",
    answer: People.OrganizationDetail,
    problems: changing,
    call: ({ organizations }, { caller }) => organizations.callOffOwnership(caller),
    show: People.organizationDetail
  }),
  route({
    method: "POST",
    path: `${own}/owner/offer/accept`,
    operationId: "acceptOwnership",
    sessionOnly: true,
    tag,
    summary: "Accepts the ownership that is offered to you",
    description: "The former owner stays as admin.",
    answer: People.OrganizationDetail,
    problems: ["expired", "wrong-person", "not-yours", ...changing],
    call: ({ organizations }, { caller }) => organizations.acceptOwnership(caller),
    show: People.organizationDetail
  }),
  route({
    method: "POST",
    path: `${own}/owner/offer/decline`,
    operationId: "declineOwnership",
    sessionOnly: true,
    tag,
    summary: "Declines the ownership that is offered to you",
    answer: People.OrganizationDetail,
    problems: changing,
    call: ({ organizations }, { caller }) => organizations.declineOwnership(caller),
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
  })
]

/** The routes of operators. */
export const operatorOrganizations = [
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
