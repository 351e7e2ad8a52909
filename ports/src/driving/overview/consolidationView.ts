/** A company's consolidation as people see it. */
import {
  Access,
  type Catalogue,
  type Company,
  type Consolidation,
  ConsolidationPlan,
  given,
  type Grant,
  type Id,
  PlanShare
} from "@portolan/domain"
import { DateTime, Effect, type Redacted } from "effect"
import { CurrentCatalogue } from "../../driven/CurrentCatalogue.ts"
import { pageLimit, type Versioned } from "../../driven/Repository.ts"
import * as AccessScope from "../shared/AccessScope.ts"
import type { Deps } from "../shared/deps.ts"
import { fixedId } from "../shared/fixedId.ts"
import { planUrl } from "./planAddress.ts"
import { forEachSideBySide, sideBySide } from "../shared/sideBySide.ts"

/** A consent whose login can be asked what it sees, and the login it is known to belong to. */
export interface Consent {
  readonly grant: Grant.Active
  /** Names of the profiles it serves, which tell consents apart; none for callers with limited access (rule K-R17). */
  readonly profiles: ReadonlyArray<string>
  readonly credentialId?: Id.CredentialId
}

/** The address that shows the plan, for callers who may send it. */
export interface Address {
  readonly share: PlanShare.Share
  /** Absent when it does not work any more. */
  readonly url?: Redacted.Redacted<string>
}

/** A company's logins and accounts, and what is still to be done. */
export interface ConsolidationView {
  readonly company: Company.Present
  /** Empty while nobody has said anything. */
  readonly consolidation: Consolidation.Open
  readonly plan: ConsolidationPlan.Plan
  /** The logins through which each account can be reached, the strongest first (rule S-R7). */
  readonly coverage: ReadonlyArray<{
    readonly accountId: Consolidation.Open["accounts"][number]["id"]
    readonly logins: ReturnType<typeof ConsolidationPlan.coverage>
  }>
  /** At most one page of them, the youngest first. */
  readonly consents: ReadonlyArray<Consent>
  readonly address?: Address
}

/** Reads a company for a caller with unlimited access: the logins of a company concern all its accounts. */
export const readCompany = Effect.fnUntraced(function* (
  { repository }: Deps<"repository">,
  caller: Access.Caller,
  action: Access.Action,
  companyId: Id.CompanyId
) {
  yield* AccessScope.requireUnrestricted(caller, action)
  return (yield* repository.find("company", caller.organizationId, companyId)).state
})

/**
 * Reads a company's consolidation. Its id follows from the company's; one that nobody has begun is shown empty, and
 * `found` is `undefined` then.
 */
export const readConsolidation = Effect.fnUntraced(function* (
  deps: Deps<"repository" | "secrets">,
  { createdAt: openedAt, id: companyId, organizationId }: Company.Present
) {
  const id = yield* fixedId(deps, "consolidation", companyId)
  const found: Versioned<Consolidation.Open> | undefined = yield* Effect.catchTag(
    deps.repository.find("consolidation", organizationId, id),
    "NotFound",
    () => Effect.succeed(undefined)
  )
  const empty = { credentials: [], accounts: [], accesses: [], looks: [] }
  const state: Consolidation.Open = found?.state ?? { _tag: "Open", id, organizationId, companyId, openedAt, ...empty }
  return { id, found, state }
})

/** The channels that show which accounts a login sees; a provider has at most one of them. */
export const lookupChannels = ({ channels }: Catalogue.Catalogue) =>
  [...channels.values()].filter(({ accountLookup }) => accountLookup !== undefined)

/** The consents whose login can be asked what it sees: those for advertising, which mirror the console (rule S-R3). */
export const lookupConsents = Effect.fnUntraced(function* (
  { repository }: Deps<"repository">,
  organizationId: Id.OrganizationId
) {
  const pages = yield* forEachSideBySide(lookupChannels(yield* CurrentCatalogue), ({ id: channel }) =>
    repository.grants(organizationId, { channel, states: ["Active"] }, { limit: pageLimit }).pipe(
      // A first page has no cursor that could be invalid.
      Effect.catchTag("InvalidCursor", Effect.die)
    )
  )
  return pages.flatMap(({ items }) => items.filter((grant): grant is Grant.Active => grant._tag === "Active"))
})

/** Shows a company's consolidation with its plan. */
export const viewConsolidation = Effect.fnUntraced(function* (
  deps: Deps<"deployment" | "repository" | "secrets">,
  caller: Access.Caller,
  company: Company.Present
) {
  const read = [readConsolidation(deps, company), lookupConsents(deps, caller.organizationId)] as const
  const [{ state }, grants] = yield* sideBySide(...read)
  const consents = yield* forEachSideBySide(grants, (grant) => consentView(deps, caller, state, grant))
  return given({
    company,
    consolidation: state,
    plan: ConsolidationPlan.plan(state, yield* CurrentCatalogue),
    consents,
    address: Access.can(caller, "connect") ? yield* addressOf(deps, state) : undefined,
    coverage: state.accounts.map(({ id }) => ({ accountId: id, logins: ConsolidationPlan.coverage(state, id) }))
  }) satisfies ConsolidationView
})

const consentView = Effect.fnUntraced(function* (
  { repository }: Deps<"repository">,
  { accessScope, organizationId }: Access.Caller,
  { credentials }: Consolidation.Open,
  grant: Grant.Active
) {
  const connections = yield* repository.connectionsOfGrant(organizationId, grant.id)
  const { grantor } = grant
  const login = grantor === undefined ? undefined : credentials.find(({ providerUserId }) => providerUserId === grantor)
  const isUnlimited = accessScope._tag === "Everything"
  const profiles = isUnlimited ? connections.map((connection) => connection.state.link.profile.name) : []
  return given({ grant, profiles, credentialId: login?.id }) satisfies Consent
})

const addressOf = Effect.fnUntraced(function* (deps: Deps<"deployment" | "secrets">, state: Consolidation.Open) {
  const { share } = state
  if (share === undefined) return undefined
  const isLive = PlanShare.isLive(share, share.round, yield* DateTime.now)
  return given({ share, url: isLive ? yield* planUrl(deps, state, share.round) : undefined }) satisfies Address
})
