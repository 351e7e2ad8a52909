/**
 * The letters about requests to connect (rules X-R2 to X-R5, X-R13), put together from what is stored. The preview and the
 * worker both come here, so what is previewed is what is sent. Not a conversation of its own.
 */
import { type Aggregate, Channel, Connection, EmailMessage, Marketplace } from "@portolan/domain"
import { Effect, Redacted } from "effect"
import { Repository } from "../../driven/Repository.ts"
import { Deployment, linkUri } from "../../driven/Deployment.ts"
import { Secrets } from "../../driven/Secrets.ts"
import { makeCorrespondents } from "./correspondents.ts"

type Link = Aggregate.Present<"invitation">

/** A request that is, or is going to be, on record. */
export interface Asked extends Pick<
  Link,
  "id" | "organizationId" | "companyId" | "accountId" | "connectionId" | "channel" | "expiresAt"
> {
  readonly request: NonNullable<Link["request"]>
}

/** Builds the letters, once per service. */
export const makeRequestEmails = Effect.gen(function* () {
  const store = yield* Repository
  const secrets = yield* Secrets
  const deployment = yield* Deployment
  const correspondents = yield* makeCorrespondents
  const product = deployment.productName === undefined ? {} : { product: deployment.productName }

  /** Who gets the letters to the requester now. */
  const told = ({ organizationId, request }: Pick<Asked, "organizationId" | "request">) =>
    correspondents.told(organizationId, request.requester)

  /** The token of a link, derived from its id, so that it can be shown again without ever being stored. */
  const tokenOf = (id: Link["id"]) => secrets.derive("link-token", id)
  const urlOf = (id: Link["id"]) =>
    Effect.map(tokenOf(id), (token) => linkUri(deployment.origin, Redacted.value(token)))

  /** The address of a page of the console. */
  const page = (path: string): string => `${deployment.origin}${path}`

  const namesOf = Effect.fnUntraced(function* ({ accountId, companyId, organizationId }: Asked) {
    const { state: organization } = yield* store.find("organization", organizationId, organizationId)
    const { state: company } = yield* store.find("company", organizationId, companyId)
    const { state: account } = yield* store.find("account", organizationId, accountId)
    return { organization: organization.name, company: company.name, account: account.name }
  })

  /** Who asks whom for what, as letters name it. */
  const facts = (asked: Asked) =>
    Effect.gen(function* () {
      const { standsIn, to } = yield* told(asked)
      return {
        ...product,
        ...(yield* namesOf(asked)),
        requester: asked.request.requester.name,
        owner: asked.request.owner.name,
        marketplace: Marketplace.get(asked.request.marketplaceId).country,
        channel: Channel.label(asked.channel),
        ...(standsIn ? { standIn: to.name } : {})
      } satisfies EmailMessage.Request
    })

  const messageOf = ({ request }: Asked) => (request.message === undefined ? {} : { message: request.message })

  const single = Effect.fnUntraced(function* (asked: Asked, about: "asked" | "reminded") {
    const asking: EmailMessage.Asking = {
      ...(yield* facts(asked)),
      ...messageOf(asked),
      url: yield* urlOf(asked.id),
      expiresAt: asked.expiresAt,
      asked: `${Channel.allows(asked.channel).join(". ")}.`
    }
    return about === "asked" ? EmailMessage.requestToConnect(asking) : EmailMessage.requestReminder(asking)
  })

  /** One account of a renewal; nothing when there is no consent any more that could be renewed. */
  const renewalOf = Effect.fnUntraced(function* (asked: Asked) {
    const { state: connection } = yield* store.find("connection", asked.organizationId, asked.connectionId)
    if (!Connection.isLinked(connection) || connection.link.expiresAt === undefined) return []
    const { account, channel, company, marketplace } = yield* facts(asked)
    const renewal: EmailMessage.Renewal = {
      account,
      channel,
      company,
      marketplace,
      accessUntil: connection.link.expiresAt,
      url: yield* urlOf(asked.id)
    }
    return [renewal]
  })

  /** Asks, or asks again: for one account, or for all accounts of a renewal whose links go into one mail (rule X-R13). */
  const ask = Effect.fnUntraced(function* (
    asked: readonly [Asked, ...ReadonlyArray<Asked>],
    about: "asked" | "reminded"
  ) {
    const [first] = asked
    const { carriedBy, carries } = first.request
    if (carriedBy === undefined && carries === undefined) return yield* single(first, about)
    const accounts = (yield* Effect.forEach(asked, renewalOf)).flat()
    if (accounts.length === 0) return yield* single(first, about)
    const { organization, owner, requester } = yield* facts(first)
    return EmailMessage.renewalCampaign({ ...product, ...messageOf(first), owner, requester, organization, accounts })
  })

  return { ask, facts, page, product, told, tokenOf, urlOf }
})
