/**
 * The email that asks for a consent (rules X-R2 to X-R5, X-R13), composed from what is stored. The preview and the job
 * that mails it both come here, so what is previewed is what is sent. An email holds the token of a link, which is
 * never stored; so the email is not stored either, and is composed anew where it is needed.
 */
import { Channel, Connection, EmailMessage, given, Marketplace } from "@portolan/domain"
import { Effect, Redacted } from "effect"
import { CurrentCatalogue } from "../../driven/CurrentCatalogue.ts"
import { linkUri } from "../../driven/Deployment.ts"
import { tokenOf } from "../authorizations/links/linkAddress.ts"
import type { Deps } from "../shared/deps.ts"
import { requesterRecipient } from "./correspondents.ts"
import type { RequestDraft } from "./requestDraft.ts"

/** An email that asks for a consent: the first one, or a reminder of it. */
export type RequestMail = "asked" | "reminded"

/** The ports that composing needs. */
export type ComposeDeps = Deps<"deployment" | "repository" | "secrets">

const linkOf = (deps: ComposeDeps, id: RequestDraft["id"]) =>
  Effect.map(tokenOf(deps, id), (token) => linkUri(deps.deployment.origin, Redacted.value(token)))

/** The account that a request is about, as emails name it. */
const subjectOf = Effect.fnUntraced(function* (
  { repository }: Deps<"repository">,
  { accountId, channel, organizationId, request }: RequestDraft
) {
  const { state: account } = yield* repository.find("account", organizationId, accountId)
  const { state: company } = yield* repository.find("company", organizationId, account.companyId)
  const catalogue = yield* CurrentCatalogue
  return {
    company: company.name,
    account: account.name,
    marketplace: Marketplace.get(request.marketplaceId, catalogue).country,
    channel: Channel.label(channel, catalogue)
  }
})

/** Who asks whom, as emails name them. */
export const partiesOf = Effect.fnUntraced(function* (deps: ComposeDeps, { organizationId, request }: RequestDraft) {
  const { standsIn, to } = yield* requesterRecipient(deps, organizationId, request.requester)
  const { state: organization } = yield* deps.repository.find("organization", organizationId, organizationId)
  return given({
    product: deps.deployment.productName,
    organization: organization.name,
    requester: request.requester.name,
    owner: request.owner.name,
    standIn: standsIn ? to.name : undefined
  })
})

/** Who asks whom for which account, as emails name it. */
export const requestFacts = Effect.fnUntraced(function* (deps: ComposeDeps, draft: RequestDraft) {
  const parties = yield* partiesOf(deps, draft)
  return { ...parties, ...(yield* subjectOf(deps, draft)) } satisfies EmailMessage.Request
})

/**
 * Asks for a consent, or reminds of the request: for one account, or for all accounts of a renewal whose links go into
 * one email (rule X-R13).
 */
export const composeRequestMail = Effect.fnUntraced(function* (
  deps: ComposeDeps,
  drafts: readonly [RequestDraft, ...ReadonlyArray<RequestDraft>],
  about: RequestMail
) {
  const [first] = drafts
  const { carriedBy, carries, message } = first.request
  if (carriedBy === undefined && carries === undefined) return yield* composeSingle(deps, first, about)
  const accounts = (yield* Effect.forEach(drafts, (draft) => renewalOf(deps, draft))).flat()
  if (accounts.length === 0) return yield* composeSingle(deps, first, about)
  const { organization, owner, product, requester } = yield* partiesOf(deps, first)
  return EmailMessage.renewalCampaign(given({ product, message, owner, requester, organization, accounts }))
})

const composeSingle = Effect.fnUntraced(function* (deps: ComposeDeps, draft: RequestDraft, about: RequestMail) {
  const { channel, expiresAt, id, request } = draft
  const facts: EmailMessage.ConsentRequest = {
    ...(yield* requestFacts(deps, draft)),
    ...given({ message: request.message }),
    url: yield* linkOf(deps, id),
    expiresAt,
    permissions: `${Channel.allows(channel, yield* CurrentCatalogue).join(". ")}.`
  }
  return about === "asked" ? EmailMessage.requestToConnect(facts) : EmailMessage.requestReminder(facts)
})

/** One account of a renewal; nothing when there is no consent any more that could be renewed. */
const renewalOf = Effect.fnUntraced(function* (deps: ComposeDeps, draft: RequestDraft) {
  const { connectionId, id, organizationId } = draft
  const { state: connection } = yield* deps.repository.find("connection", organizationId, connectionId)
  if (!Connection.isLinked(connection) || connection.link.expiresAt === undefined) return []
  const renewal: EmailMessage.Renewal = {
    ...(yield* subjectOf(deps, draft)),
    accessUntil: connection.link.expiresAt,
    url: yield* linkOf(deps, id)
  }
  return [renewal]
})
