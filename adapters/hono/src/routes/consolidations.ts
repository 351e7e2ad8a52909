/** A company's logins and accounts, and the plan that gathers them under one main login (flow F4). */
import { given } from "@portolan/domain"
import { route } from "../Route.ts"
import * as Consolidation from "../wire/Consolidation.ts"
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
    description:
      "Empty while nobody has told anything. Nothing here changes anything at a provider (rules S-R1 to S-R7).",
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
      "Linked to an account here, it takes over name, type and countries, and the provider's id once that is known.",
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
    summary: "Records what was done at the provider, or is known of it: administrators, grants, the main login",
    description:
      "Telling the same again changes nothing. Only the administrator of an account can be the one who granted (rule S-R2).",
    params: CompanyParams,
    body: Consolidation.Told,
    answer: Consolidation.Answer,
    problems: [...refusals, "not-yours"],
    call: ({ consolidations }, { body, caller, params }) =>
      consolidations.record(caller, params.companyId, Consolidation.told(body)),
    show: Consolidation.of
  }),
  route({
    method: "POST",
    path: `${at}/looks`,
    operationId: "lookWithLogin",
    tag,
    summary: "Asks the provider what a login sees, and records it",
    description:
      "Accesses mirror it both ways: what is seen is added, what is no longer seen is removed (rules S-R3, S-R6).",
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
    description: "It works for 30 days; an address made before stops working.",
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
    description: "Makes an address when there is none that works. One address can be mailed 20 times.",
    params: CompanyParams,
    body: Consolidation.NewMail,
    answer: Consolidation.Answer,
    problems: ["too-many", "expired", "revoked", "not-possible-now", "does-not-exist", "changed-meanwhile"],
    call: ({ consolidations }, { body, caller, params }) => consolidations.mail(caller, params.companyId, body),
    show: Consolidation.of
  })
]
