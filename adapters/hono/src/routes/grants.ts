/**
 * Consents: who gave them, who answers for them, what lives on them, and using one for a further account (rules C1,
 * S-R4, X-R7).
 */
import { given, Id } from "@portolan/domain"
import { Effect, Schema } from "effect"
import { operatorRoute, route } from "../Route.ts"
import * as Connection from "../wire/Connection.ts"
import * as Grant from "../wire/Grant.ts"
import * as Profile from "../wire/Profile.ts"
import { list as listOf, page } from "../wire/Text.ts"
import { changing, pageOf, pageQuery, showList, showPage } from "./shared.ts"

const at = "/v1/grants"
const tag = "Consents"
const Params = Schema.Struct({ grantId: Id.GrantId })

const atProvider = [
  "reauthorization-needed",
  "permission-missing",
  "channel-unavailable",
  "provider-refused",
  "application-rejected",
  "provider-unavailable"
] as const

/** What keeps a token from being taken in. */
const takingIn = [
  ...atProvider,
  "different-identity",
  "profile-held",
  "unfit-profile",
  "needs-confirmation",
  "contradiction",
  "not-possible-now",
  "changed-meanwhile"
] as const

const Filter = Schema.Struct({ ...pageQuery, ...Grant.Filter })
const states = { active: ["Active"], ended: ["Ended"] } as const

const filterOf = ({ channel, keeperId, region, state }: typeof Filter.Type) =>
  given({ channel, region, responsiblePersonId: keeperId, states: state === undefined ? undefined : states[state] })

/** The routes. */
export const grants = [
  route({
    method: "GET",
    path: at,
    operationId: "listGrants",
    tag,
    summary: "Lists consents with the connections that use them, the latest first",
    description: "For callers whose access is not limited to certain accounts, because a consent may serve many.",
    query: Filter,
    answer: page(Grant.Answer),
    problems: ["invalid-cursor"],
    call: ({ grants }, { caller, query }) => grants.list(caller, filterOf(query), pageOf(query)),
    show: showPage(Grant.of)
  }),
  route({
    method: "POST",
    path: at,
    operationId: "takeInToken",
    tag,
    summary: "Takes in a refresh token that was given without a redirect",
    description:
      "For private applications, which a seller authorizes by hand, and for a team that leaves another system. The " +
      "provider is asked first whether the token works, whose it is and what it gives access to; a token that it " +
      "refuses leaves nothing behind. The same token again changes nothing, with or without an `Idempotency-Key`; " +
      "for another connection, such as a further country, it joins the same consent.",
    body: Grant.Token,
    answer: Grant.TakenIn,
    problems: [...takingIn, "not-found"],
    call: ({ connecting }, { body, caller }) => connecting.takeInToken(caller, Grant.takeIn(body)),
    show: Grant.takenIn
  }),
  route({
    method: "GET",
    path: `${at}/{grantId}`,
    operationId: "getGrant",
    tag,
    summary: "Reads a consent",
    params: Params,
    answer: Grant.Answer,
    call: ({ grants }, { caller, params }) => grants.view(caller, params.grantId),
    show: Grant.of
  }),
  route({
    method: "GET",
    path: `${at}/{grantId}/choices`,
    operationId: "listGrantChoices",
    tag,
    summary: "Asks the provider for the profiles of a consent, with the obstacles to linking each to a connection",
    params: Params,
    query: Grant.ChoicesQuery,
    answer: listOf(Profile.Choice),
    problems: ["contradiction", "not-possible-now", ...atProvider],
    call: ({ grants }, { caller, params, query }) => grants.choices(caller, params.grantId, query.connection),
    show: showList(Profile.choice)
  }),
  route({
    method: "POST",
    path: `${at}/{grantId}/links`,
    operationId: "linkFromGrant",
    tag,
    summary: "Links a profile of a consent to a connection, without another authorization",
    description:
      "One login can serve many accounts, and an added country uses the account's own consent. " +
      "The login that the connection used before stays as a fallback.",
    params: Params,
    body: Grant.Link,
    answer: Connection.Detail,
    problems: [
      "profile-held",
      "needs-confirmation",
      "unfit-profile",
      "different-identity",
      "contradiction",
      "not-possible-now",
      "changed-meanwhile",
      ...atProvider
    ],
    call: ({ connections, grants }, { body, caller, params }) =>
      Profile.keyOf(body.profile).pipe(
        Effect.flatMap((key) =>
          grants.link(caller, params.grantId, {
            connectionId: body.connectionId,
            key,
            confirmed: body.confirmed ?? false
          })
        ),
        Effect.flatMap(({ id }) => connections.view(caller, id))
      ),
    show: Connection.detail
  }),
  route({
    method: "POST",
    path: `${at}/{grantId}/keeper`,
    operationId: "handOverGrant",
    tag,
    summary: "Makes another member responsible for a consent",
    description: "The responsible member need not take part; they may have left.",
    params: Params,
    body: Grant.NewResponsibleMember,
    answer: Grant.Answer,
    problems: ["not-yours", "not-possible-now", "does-not-exist", "changed-meanwhile"],
    call: ({ grants }, { body, caller, params }) => grants.handOver(caller, params.grantId, body.memberId),
    show: Grant.of
  }),
  route({
    method: "POST",
    path: `${at}/{grantId}/revocation/confirm`,
    operationId: "confirmRevocation",
    tag,
    summary: "Records that a consent was ended at the provider by hand",
    description:
      "For a consent that is over here, when asking the provider to end it had failed or was not offered. A consent " +
      "that the provider ended stays as it is.",
    params: Params,
    answer: Grant.Answer,
    problems: ["contradiction", "not-possible-now", "does-not-exist", "changed-meanwhile"],
    call: ({ grants }, { caller, params }) => grants.confirmRevocation(caller, params.grantId),
    show: Grant.of
  })
]

const operating = "/v1/operator/organizations/{organizationId}/grants"
const OperatedParams = Schema.Struct({ organizationId: Id.OrganizationId, grantId: Id.GrantId })

/** The routes of operators. */
export const operatorGrants = [
  operatorRoute({
    method: "GET",
    path: operating,
    operationId: "listGrantsOfOrganization",
    tag: "Operators",
    summary: "Lists the consents of an organization, the latest first",
    params: Schema.Struct({ organizationId: Id.OrganizationId }),
    query: Filter,
    answer: page(Grant.Answer),
    problems: ["invalid-cursor"],
    call: ({ grants }, { caller, params, query }) =>
      grants.listFor(caller, { ...params, filter: filterOf(query) }, pageOf(query)),
    show: showPage(Grant.of)
  }),
  operatorRoute({
    method: "POST",
    path: operating,
    operationId: "takeInTokenForOrganization",
    tag: "Operators",
    summary: "Takes in a refresh token for an organization, which was given without a redirect",
    description:
      "Like `takeInToken`, for a connection of any organization: its people cannot sign in yet, or sent the token to " +
      "support. The history of the organization names the operator. Nobody is responsible for the consent until it " +
      "is handed over.",
    params: Schema.Struct({ organizationId: Id.OrganizationId }),
    body: Grant.Token,
    answer: Grant.TakenIn,
    problems: takingIn,
    call: ({ connecting }, { body, caller, params }) =>
      connecting.takeInTokenFor(caller, { ...params, ...Grant.takeIn(body) }),
    show: Grant.takenIn
  }),
  operatorRoute({
    method: "PUT",
    path: `${operating}/{grantId}/identity`,
    operationId: "confirmGrantIdentity",
    tag: "Operators",
    summary: "Confirms who a consent is of, where the provider cannot say",
    description:
      "For vendors, and where the application lacks the right to ask. From then on another organization that proves " +
      "to be the same seller is refused; one that another organization has proven stays that one's.",
    params: OperatedParams,
    body: Grant.IdentityConfirmation,
    answer: Grant.Answer,
    problems: ["contradiction", ...changing],
    call: ({ grants }, { body, caller, params }) => grants.confirmIdentity(caller, { ...params, ...body }),
    show: Grant.of
  }),
  operatorRoute({
    method: "DELETE",
    path: `${operating}/{grantId}/identity`,
    operationId: "takeBackGrantIdentity",
    tag: "Operators",
    summary: "Takes the confirmation of who a consent is of back",
    description: "The consent is a claim again. What it is bound to stays bound.",
    params: OperatedParams,
    answer: Grant.Answer,
    problems: ["contradiction", ...changing],
    call: ({ grants }, { caller, params }) => grants.takeBackIdentity(caller, params),
    show: Grant.of
  })
]
