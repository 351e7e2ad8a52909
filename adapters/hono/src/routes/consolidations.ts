/** A company's logins and accounts, and the plan that gathers them under one main login (flow F4). */
import { Consolidations } from "@portolan/ports"
import { Effect } from "effect"
import { route } from "../Route.ts"
import * as Consolidation from "../wire/Consolidation.ts"
import { CompanyParams } from "./parts.ts"

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
    handle: ({ caller, params }) =>
      Effect.gen(function* () {
        const { view } = yield* Consolidations.Consolidations
        return { body: Consolidation.of(yield* view(caller, params.companyId)) }
      })
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
    handle: ({ body, caller, idempotencyKey, params }) =>
      Effect.gen(function* () {
        const { addCredential } = yield* Consolidations.Consolidations
        const { companyId } = params
        const input = { companyId, credential: { provider: "amazon", ...body } } as const
        const view = yield* addCredential(caller, input, idempotencyKey)
        return { body: Consolidation.of(view), location: location(params.companyId) }
      })
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
    handle: ({ body: { marketplaces, ...body }, caller, idempotencyKey, params }) =>
      Effect.gen(function* () {
        const { addAccount } = yield* Consolidations.Consolidations
        const account = { ...body, ...(marketplaces === undefined ? {} : { marketplaceIds: marketplaces }) }
        return {
          body: Consolidation.of(yield* addAccount(caller, { companyId: params.companyId, account }, idempotencyKey)),
          location: location(params.companyId)
        }
      })
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
    handle: ({ body, caller, params }) =>
      Effect.gen(function* () {
        const { record } = yield* Consolidations.Consolidations
        return { body: Consolidation.of(yield* record(caller, params.companyId, Consolidation.told(body))) }
      })
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
    handle: ({ body, caller, params }) =>
      Effect.gen(function* () {
        const { observe } = yield* Consolidations.Consolidations
        return { body: Consolidation.of(yield* observe(caller, params.companyId, body)) }
      })
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
    handle: ({ caller, params }) =>
      Effect.gen(function* () {
        const { share } = yield* Consolidations.Consolidations
        return { body: Consolidation.of(yield* share(caller, params.companyId)) }
      })
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
    handle: ({ caller, params }) =>
      Effect.gen(function* () {
        const { unshare } = yield* Consolidations.Consolidations
        return { body: Consolidation.of(yield* unshare(caller, params.companyId)) }
      })
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
    handle: ({ body, caller, params }) =>
      Effect.gen(function* () {
        const { mail } = yield* Consolidations.Consolidations
        return { body: Consolidation.of(yield* mail(caller, params.companyId, body)) }
      })
  })
]
