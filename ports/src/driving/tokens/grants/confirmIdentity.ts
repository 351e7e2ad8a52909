/**
 * An operator's word for who a consent is of, where the provider has none. Operators act outside every organization, so
 * no role is checked here.
 */
import { type Access, Channel, type Id, Identity, Messages, Refusal } from "@portolan/domain"
import { Effect } from "effect"
import { CurrentCatalogue } from "../../../driven/CurrentCatalogue.ts"
import type { PageRequest } from "../../../driven/Repository.ts"
import { judgeConnections } from "../../authorizations/identity/reviewIdentity.ts"
import { change, on } from "../../shared/change.ts"
import type { ChangeDeps, Deps } from "../../shared/deps.ts"
import { type GrantFilter, listIn, withConnections } from "./grantView.ts"

/** Whose consent is confirmed, and what the operator has seen that shows it. */
export interface ConfirmIdentity {
  readonly organizationId: Id.OrganizationId
  readonly grantId: Id.GrantId
  readonly because: string
}

const refusal = (detail: Messages.Message, nextStep: Messages.Message) =>
  Refusal.make("Grant", "JudgeIdentity", "contradiction", { detail, nextStep })

const withoutReason = refusal(Messages.say("identity.reason-missing"), Messages.say("identity.say-what-shows-it"))

const tooLong = refusal(
  Messages.say("identity.reason-too-long", { limit: Identity.becauseLimit }),
  Messages.say("identity.shorten-reason")
)

const saidByProvider = refusal(Messages.say("identity.provider-says-it"), Messages.say("step.nothing"))

const notConfirmed = refusal(Messages.say("identity.not-confirmed"), Messages.say("step.nothing"))

/** Which consents of which organization. */
export interface GrantsOf {
  readonly organizationId: Id.OrganizationId
  readonly filter: GrantFilter
}

/** Lists the consents of any organization, the youngest first. An organization that is not there is not found. */
export const listFor = Effect.fn("Grants.listFor")(function* (
  deps: Deps<"repository">,
  _operator: Access.Operator,
  { filter, organizationId }: GrantsOf,
  page: PageRequest
) {
  yield* deps.repository.find("organization", organizationId, organizationId)
  return yield* listIn(deps, organizationId, filter, page)
})

/** Reads a consent of any organization. */
export const viewFor = Effect.fn("Grants.viewFor")(function* (
  deps: Deps<"repository">,
  _operator: Access.Operator,
  organizationId: Id.OrganizationId,
  id: Id.GrantId
) {
  const { state } = yield* deps.repository.find("grant", organizationId, id)
  return yield* withConnections(deps, state)
})

/**
 * Puts it on record that an operator checked, by other means than the provider, who a consent is of: for vendors, and
 * wherever the application lacks the right to ask. From then on the profile counts as proven, for all organizations;
 * one that another organization has proven stays that one's.
 */
export const confirmIdentity = Effect.fn("Grants.confirmIdentity")(function* (
  deps: ChangeDeps,
  { actor }: Access.Operator,
  { because, grantId, organizationId }: ConfirmIdentity
) {
  const reason = because.trim()
  if (reason === "") return yield* withoutReason
  if (reason.length > Identity.becauseLimit) return yield* tooLong
  const context = { organizationId, actor }
  const { state: known } = yield* deps.repository.find("grant", organizationId, grantId)
  const isProvenByProvider = known.identity?._tag === "Proven" && Identity.isExclusive(known.identity)
  const isListed = !Channel.claimsIdentity(known.channel, yield* CurrentCatalogue)
  if (isProvenByProvider || isListed) return yield* saidByProvider
  const [grant] = yield* change(deps, context, [
    on("grant", grantId, (at) => ({
      _tag: "JudgeIdentity",
      identity: { _tag: "Confirmed", by: actor, because: reason, at } satisfies Identity.Identity
    }))
  ])
  yield* judgeConnections(deps, context, grantId, grant.identity)
  return yield* withConnections(deps, grant)
})

/**
 * Takes a confirmation back: the consent is a claim again, and keeps no other organization out. What it is bound to
 * stays bound. The provider is asked again with the next look.
 */
export const takeBackIdentity = Effect.fn("Grants.takeBackIdentity")(function* (
  deps: ChangeDeps,
  { actor }: Access.Operator,
  { grantId, organizationId }: Pick<ConfirmIdentity, "grantId" | "organizationId">
) {
  const context = { organizationId, actor }
  const { state: known } = yield* deps.repository.find("grant", organizationId, grantId)
  if (known.identity?._tag !== "Confirmed") return yield* notConfirmed
  const detail = Messages.text("identity.unconfirmed")
  const [grant] = yield* change(deps, context, [
    on("grant", grantId, (at) => ({
      _tag: "JudgeIdentity",
      identity: { _tag: "Claimed", doubt: "unconfirmed", detail, at } satisfies Identity.Identity
    }))
  ])
  yield* judgeConnections(deps, context, grantId, grant.identity)
  return yield* withConnections(deps, grant)
})
