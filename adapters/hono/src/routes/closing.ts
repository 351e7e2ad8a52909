/** Closing an organization, with its effects listed first, and reopening it. */
import { Id } from "@portolan/domain"
import { Effect, Schema } from "effect"
import { personRoute, route } from "../Route.ts"
import * as Effects from "../wire/Effects.ts"
import * as People from "../wire/People.ts"
import { list } from "../wire/Text.ts"
import { changing, showList } from "./shared.ts"

const tag = "People"
const mine = "/v1/organizations"
const own = "/v1/organization"

const OrganizationParams = Schema.Struct({ organizationId: Id.OrganizationId })

/** The routes that end an organization. */
export const closing = [
  personRoute({
    method: "POST",
    path: `${mine}/{organizationId}/reopen`,
    operationId: "reopenOrganization",
    tag,
    summary: "Reopens an organization that you closed",
    description: "For its owner, until `closing.dueAt`. All is as it was; data is fetched again within the hour.",
    params: OrganizationParams,
    answer: People.OrganizationDetail,
    problems: ["not-permitted", "expired", ...changing],
    call: ({ organizations }, { caller, params }) => organizations.reopen(caller, params.organizationId),
    show: People.organizationDetail
  }),
  personRoute({
    method: "GET",
    path: `${mine}/{organizationId}/closing/effects`,
    operationId: "getClosingEffectsOf",
    tag,
    summary: "Lists what closing one of your organizations would do",
    description: "For its owner, whichever organization the session works in.",
    params: OrganizationParams,
    answer: list(Effects.Answer),
    problems: ["not-permitted", "not-found"],
    call: ({ organizations }, { caller, params }) =>
      Effect.catchTag(organizations.closingEffectsOf(caller, params.organizationId), "InvalidCursor", Effect.die),
    show: showList(Effects.of)
  }),
  personRoute({
    method: "DELETE",
    path: `${mine}/{organizationId}`,
    operationId: "deleteOrganization",
    tag,
    summary: "Closes one of your organizations, and destroys it after 30 days",
    description:
      "As `closeOrganization`, whichever organization the session works in. After 30 days its consents end, its data " +
      "is erased, and its encryption keys are destroyed: what backups hold of its tokens opens no more.",
    params: OrganizationParams,
    answer: People.OrganizationDetail,
    problems: ["not-permitted", ...changing],
    call: ({ organizations }, { caller, params }) => organizations.closeOne(caller, params.organizationId),
    show: People.organizationDetail
  }),
  route({
    method: "GET",
    path: `${own}/closing/effects`,
    operationId: "getClosingEffects",
    sessionOnly: true,
    tag,
    summary: "Lists what closing your organization would do",
    description: "For its owner.",
    answer: list(Effects.Answer),
    call: ({ organizations }, { caller }) =>
      Effect.catchTag(organizations.closingEffects(caller), "InvalidCursor", Effect.die),
    show: showList(Effects.of)
  }),
  route({
    method: "DELETE",
    path: own,
    operationId: "closeOrganization",
    sessionOnly: true,
    tag,
    summary: "Closes your organization",
    description:
      "For its owner. From then on members and keys get the problem `organization-closed`, no token is given and " +
      "nothing is fetched. Its owner can reopen it within 30 days; then its consents end and its data is erased.",
    answer: People.OrganizationDetail,
    problems: changing,
    call: ({ organizations }, { caller }) => organizations.close(caller),
    show: People.organizationDetail
  })
]
