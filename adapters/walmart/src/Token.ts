/**
 * The token endpoint of the Marketplace API
 * (https://developer.walmart.com/us-marketplace/docs/tokenapi).
 */
import { randomUUID } from "node:crypto"
import { type Channel, Failure, type Region } from "@portolan/domain"
import type { Applications } from "@portolan/ports"
import { OAuth, type Transport, trySecrets } from "@portolan/wire"
import { Effect, Option, Redacted } from "effect"
import { HttpClientRequest } from "effect/http"
import * as Hosts from "./Hosts.ts"
import { judgeToken, type Spent, type Unclear } from "./judgeToken.ts"
import * as Settings from "./Settings.ts"

/** What the calls of this adapter share. */
export type WalmartTransport = Transport.Transport<Settings.Resolved>

/** What every call of the Marketplace API names itself to. */
export const serviceName = "Walmart Marketplace"

/** Our application in one market, for the consent of one seller. Without a seller it asks for a token of our own. */
export interface Client {
  readonly application: Settings.MarketplaceApplication
  readonly market: string
  readonly seller?: string
}

const isUnclear = (failure: { readonly _tag: string }): failure is Unclear => failure._tag === "Unclear"
const rejected = (detail: string) => new Failure.ApplicationRejected({ detail })

const clientOf = Effect.fnUntraced(function* (
  { settings }: WalmartTransport,
  channel: Channel.Channel,
  region: Region.Region
) {
  if (channel === "walmart-connect") {
    return yield* Hosts.unavailable(channel, "access rests on our partnership; it has no tokens")
  }
  if (channel !== "walmart-marketplace") return yield* Hosts.unavailable(channel, "it is not a channel of Walmart")
  const at = yield* Effect.fromResult(Hosts.market(channel, region))
  if (settings.marketplace === undefined) {
    return yield* Hosts.unavailable(channel, "no Marketplace application is configured")
  }
  return { application: settings.marketplace, market: Hosts.marketHeader(at) }
})

const basicOf = ({ clientId, clientSecret }: Settings.MarketplaceApplication): string =>
  Buffer.from(`${clientId}:${Redacted.value(clientSecret)}`).toString("base64")

/** Sends a grant to the token endpoint and judges the answer. */
export const spend = (
  { guard, settings, wire }: WalmartTransport,
  { application, market, seller }: Client,
  spent: Spent,
  { fields, secrets }: OAuth.Grant
) => {
  const basic = basicOf(application)
  const request = HttpClientRequest.post(`${settings.address(Hosts.marketplace)}/v3/token`).pipe(
    HttpClientRequest.setHeaders({
      accept: "application/json",
      authorization: `Basic ${basic}`,
      "wm_svc.name": serviceName,
      "wm_qos.correlation_id": randomUUID(),
      wm_market: market,
      ...(seller === undefined ? {} : { "wm_partner.id": seller }),
      ...(application.channelType === undefined ? {} : { "wm_consumer.channel.type": application.channelType })
    }),
    HttpClientRequest.bodyText(new URLSearchParams(fields).toString(), "application/x-www-form-urlencoded")
  )
  return wire.call(request, [...secrets, application.clientSecret, Redacted.make(basic)]).pipe(
    Effect.flatMap((answer) => Effect.fromResult(judgeToken(answer, spent, settings.assumptions))),
    guard.within(`token/${market}/${seller ?? ""}`)
  )
}

type RefreshFailure = Failure.Temporary | Failure.GrantRefused | Failure.ApplicationRejected

/** Tells whose credentials were refused: when a token of our own can be had, ours are good and the grant is dead. */
const whoseCredentials = (
  transport: WalmartTransport,
  { application, market }: Client,
  { detail }: Unclear
): Effect.Effect<never, RefreshFailure> => {
  if (!transport.settings.assumptions.probeOwnCredentials) return Effect.fail(rejected(detail))
  const own = { fields: { grant_type: "client_credentials" }, secrets: [] }
  return spend(transport, { application, market }, "own", own).pipe(
    Effect.matchEffect({
      onSuccess: (): Effect.Effect<never, RefreshFailure> =>
        Effect.fail(new Failure.GrantRefused({ detail: `${detail} (our own credentials are accepted)` })),
      onFailure: (failure) => Effect.fail(failure._tag === "Temporary" ? failure : rejected(detail))
    })
  )
}

const spendCode = (transport: WalmartTransport, client: Client, grant: OAuth.Grant) =>
  spend(transport, client, "code", grant).pipe(
    Effect.catchTag(["Unclear", "GrantRefused"], ({ detail }) => Effect.fail(rejected(detail)))
  )

// Walmart gives no new refresh token with a refresh; if it ever does, that is the one to keep.
const spendRefreshToken = (transport: WalmartTransport, client: Client, grant: OAuth.Grant) =>
  spend(transport, client, "refresh", grant).pipe(
    Effect.catchIf(isUnclear, (unclear) => whoseCredentials(transport, client, unclear)),
    Effect.catchTag("CodeRefused", ({ detail }) => Effect.fail(rejected(detail)))
  )

/** Sends with each secret of the application until Walmart does not refuse the application itself. */
const withSecrets = <A, E extends { readonly _tag: string }>(
  { settings }: WalmartTransport,
  client: Client,
  send: (client: Client) => Effect.Effect<A, E | Failure.ApplicationRejected>
): Effect.Effect<A, E | Failure.ApplicationRejected> => {
  const { application } = client
  const one = ({ secret }: Applications.Credential) =>
    send({ ...client, application: { ...application, clientSecret: secret } })
  const none = () => rejected("no secret of this application is known")
  return trySecrets({ source: settings.secrets, applicationId: Settings.applicationId(application), none }, one)
}

/** The token endpoint, as the OAuth client needs it. */
export const provider = (transport: WalmartTransport): OAuth.Provider => ({
  name: "WalmartApi",
  open: Effect.fnUntraced(function* ({ channel, grantor, region }) {
    const ours = yield* clientOf(transport, channel, region)
    // Without the seller's id Walmart refuses both grants.
    if (grantor === undefined) {
      return yield* Hosts.unavailable(channel, "the seller's id of this consent is not known")
    }
    const client: Client = { ...ours, seller: grantor }
    const { consentDays } = transport.settings.assumptions
    return {
      spendCode: (grant) => withSecrets(transport, client, (one) => spendCode(transport, one, grant)),
      spendRefreshToken: (grant) => withSecrets(transport, client, (one) => spendRefreshToken(transport, one, grant)),
      usesPkce: false,
      consentEnds: consentDays === null ? null : { days: consentDays },
      grantor: () => Effect.succeed(Option.some(grantor))
    }
  })
})
