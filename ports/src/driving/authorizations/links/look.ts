import { Actor, type Authorization, type Channel, Evidence, given } from "@portolan/domain"
import { DateTime, Effect, type Redacted } from "effect"
import { namedOr, organizationName } from "../../organizations/organizationName.ts"
import { contactOf } from "../../requests/correspondents.ts"
import type { Deps } from "../../shared/deps.ts"
import { type Link, linkByToken } from "./linkAddress.ts"

/** What a guest sees before following a link: who asks for what. Nothing else of the organization. */
export interface GuestView {
  readonly link: Link
  readonly outcome: Evidence.LinkOutcome
  readonly companyName: string
  readonly accountName: string
  readonly accountType: Authorization.Present["accountType"]
  readonly marketplaceId: Authorization.Present["marketplaceId"]
  readonly channel: Channel.Channel
  /** The person who made the link; the organization, for a link that a key made. */
  readonly issuedBy: string
  /** The organization that asks; absent where the host keeps organizations elsewhere. */
  readonly organizationName?: string
  /** Whom to ask about it now: the person who asks, or a substitute for a member who is gone. */
  readonly contact: string
  /** Present when the link is a request to connect: who asks whom, and in whose name (rule X-R4). */
  readonly request?: {
    readonly organizationName: string
    readonly requesterName: string
    readonly ownerName: string
    readonly message?: string
  }
}

/** The names of a request to connect; undefined for a link that is none. */
const requestOf = (organization: string | undefined, { request }: Link) => {
  if (request === undefined) return undefined
  const { message, owner, requester } = request
  const organizationName = namedOr(organization)
  return given({ organizationName, requesterName: requester.name, ownerName: owner.name, message })
}

/** Shows a guest what a link is for. Changes nothing, so mail scanners that follow links do no harm. */
export const look = Effect.fn("AuthLinks.look")(function* (
  deps: Deps<"repository" | "secrets">,
  token: Redacted.Redacted<string>
) {
  const { state: link } = yield* linkByToken(deps, token)
  const { accountId, channel, connectionId, issuedBy, organizationId } = link
  const { state: account } = yield* deps.repository.find("account", organizationId, accountId)
  const { state: company } = yield* deps.repository.find("company", organizationId, account.companyId)
  const { state: connection } = yield* deps.repository.find("connection", organizationId, connectionId)
  const organization = yield* organizationName(deps, organizationId)
  return given({
    link,
    outcome: Evidence.ofInvitation(link, yield* DateTime.now),
    companyName: company.name,
    accountName: account.name,
    accountType: account.accountType,
    marketplaceId: connection.marketplaceId,
    channel,
    issuedBy: Actor.outwardName(issuedBy, namedOr(organization)),
    organizationName: organization,
    contact: yield* contactOf(deps, link, organization),
    request: requestOf(organization, link)
  }) satisfies GuestView
})
