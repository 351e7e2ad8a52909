/** A company's logins and accounts, and the plan that gathers them under one main login (flow F4). */
import { given } from "@portolan/domain"
import { route } from "../Route.ts"
import * as Consolidation from "../wire/Consolidation.ts"
import * as Statement from "../wire/Statement.ts"
import { CompanyParams } from "./shared.ts"

const at = "/v1/companies/{companyId}/consolidation"
const tag = "Main accounts"
const location = (companyId: string) => at.replace("{companyId}", companyId)
const refusals = [
  "already-exists",
  "does-not-exist",
  "contradiction",
  "not-possible-now",
  "too-many",
  "changed-meanwhile"
] as const

/** The routes. */
export const consolidations = [
  route({
    method: "GET",
    path: at,
    operationId: "getConsolidation",
    tag,
    summary: "Reads a company's logins and accounts with the plan",
    description: "Empty until somebody records something. These operations change nothing at a provider.",
    params: CompanyParams,
    answer: Consolidation.Answer,
    call: ({ consolidations }, { caller, params }) => consolidations.view(caller, params.companyId),
    show: Consolidation.of
  }),
  route({
    method: "POST",
    path: `${at}/logins`,
    operationId: "addLogin",
    tag,
    summary: "Adds a login",
    status: 201,
    creates: true,
    params: CompanyParams,
    body: Consolidation.NewLogin,
    answer: Consolidation.Answer,
    problems: refusals,
    call: ({ consolidations }, { body, caller, idempotencyKey, params }) =>
      consolidations.addCredential(
        caller,
        { companyId: params.companyId, credential: { provider: "amazon", ...body } },
        idempotencyKey
      ),
    show: Consolidation.of,
    location: (_, { params }) => location(params.companyId)
  }),
  route({
    method: "POST",
    path: `${at}/accounts`,
    operationId: "addProviderAccount",
    tag,
    summary: "Adds an account of the provider",
    description:
      "With `linkedAccountId`, name, type and countries come from that account, and the provider's id once it is " +
      "known.",
    status: 201,
    creates: true,
    params: CompanyParams,
    body: Consolidation.NewAccount,
    answer: Consolidation.Answer,
    problems: [...refusals, "not-yours"],
    call: ({ consolidations }, { body: { marketplaces, ...body }, caller, idempotencyKey, params }) =>
      consolidations.addAccount(
        caller,
        { companyId: params.companyId, account: { ...body, ...given({ marketplaceIds: marketplaces }) } },
        idempotencyKey
      ),
    show: Consolidation.of,
    location: (_, { params }) => location(params.companyId)
  }),
  route({
    method: "POST",
    path: `${at}/told`,
    operationId: "tellConsolidation",
    tag,
    summary: "Records what somebody did at the provider: administrators, grants, the main login",
    description:
      "Recording the same again changes nothing. Only the administrator of an account can have granted access to it.",
    params: CompanyParams,
    body: Statement.Statement,
    answer: Consolidation.Answer,
    problems: [...refusals, "not-yours"],
    call: ({ consolidations }, { body, caller, params }) =>
      consolidations.record(caller, params.companyId, Statement.statement(body)),
    show: Consolidation.of
  }),
  route({
    method: "POST",
    path: `${at}/looks`,
    operationId: "lookWithLogin",
    tag,
    summary: "Asks the provider which accounts a login can see, and records them",
    description: "The recorded access then equals the provider's: new accounts are added, missing ones removed.",
    params: CompanyParams,
    body: Consolidation.NewLook,
    answer: Consolidation.Answer,
    problems: [
      ...refusals,
      "different-identity",
      "reauthorization-needed",
      "permission-missing",
      "channel-unavailable",
      "provider-refused",
      "application-rejected",
      "provider-unavailable"
    ],
    call: ({ consolidations }, { body, caller, params }) => consolidations.observe(caller, params.companyId, body),
    show: Consolidation.of
  }),
  route({
    method: "POST",
    path: `${at}/share`,
    operationId: "sharePlan",
    tag,
    summary: "Makes an address that shows the plan without a sign-in",
    description: "The address works for 30 days; an earlier one stops working.",
    params: CompanyParams,
    answer: Consolidation.Answer,
    problems: ["not-possible-now", "changed-meanwhile"],
    call: ({ consolidations }, { caller, params }) => consolidations.share(caller, params.companyId),
    show: Consolidation.of
  }),
  route({
    method: "DELETE",
    path: `${at}/share`,
    operationId: "unsharePlan",
    tag,
    summary: "Withdraws the address of the plan",
    params: CompanyParams,
    answer: Consolidation.Answer,
    problems: ["changed-meanwhile"],
    call: ({ consolidations }, { caller, params }) => consolidations.unshare(caller, params.companyId),
    show: Consolidation.of
  }),
  route({
    method: "POST",
    path: `${at}/share/mails`,
    operationId: "mailPlan",
    tag,
    summary: "Mails the address of the plan to somebody who has to sign in for it",
    description: "Makes an address if none works. One address can be mailed 20 times.",
    params: CompanyParams,
    body: Consolidation.NewMail,
    answer: Consolidation.Answer,
    problems: ["too-many", "expired", "revoked", "not-possible-now", "does-not-exist", "changed-meanwhile"],
    call: ({ consolidations }, { body, caller, params }) => consolidations.mail(caller, params.companyId, body),
    show: Consolidation.of
  })
]
