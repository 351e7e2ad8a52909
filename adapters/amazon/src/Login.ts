/**
 * Login with Amazon: the token endpoint of both channels, and who consented
 * (https://developer.amazon.com/docs/login-with-amazon/authorization-code-grant.html).
 */
import { type Channel, type ConsentEnd, Failure, type Region } from "@portolan/domain"
import { type Applications, ProviderApi } from "@portolan/ports"
import { OAuth, type Transport, trySecrets } from "@portolan/wire"
import { Effect, Option, Redacted } from "effect"
import { HttpClientRequest } from "effect/http"
import * as Hosts from "./Hosts.ts"
import { judgeLwa, judgeUser } from "./judgeLwa.ts"
import * as Settings from "./Settings.ts"

type Secret = Redacted.Redacted<string>

/** What the calls of this adapter share. */
export type AmazonTransport = Transport.Transport<Settings.Resolved>

/** A client, and the host where its tokens are. */
export interface Client {
  readonly clientId: string
  readonly host: string
}

const form = (url: string, fields: { readonly [name: string]: string }) =>
  HttpClientRequest.post(url).pipe(
    HttpClientRequest.acceptJson,
    HttpClientRequest.bodyText(
      new URLSearchParams(fields).toString(),
      "application/x-www-form-urlencoded;charset=UTF-8"
    )
  )

/**
 * The longest wait at a login host that is kept, in seconds. Every tenant's tokens come through this one door: after a
 * day without it nobody's data would move, and each consent that comes back meanwhile would be lost with its code,
 * which lives five minutes.
 */
export const longestLoginWaitSeconds = 600

/** The client of a channel. */
const clientOf = Effect.fnUntraced(function* (
  { settings }: AmazonTransport,
  channel: Channel.Channel,
  region: Region.Region
) {
  const at = yield* Effect.fromResult(Hosts.region(channel, region))
  const { ads, sp } = settings
  if (channel === "amazon-ads" && ads !== undefined) return { clientId: ads.clientId, host: Hosts.login[at] }
  if (channel === "amazon-sp" && sp !== undefined) return { clientId: sp.clientId, host: Hosts.globalLogin }
  return yield* new ProviderApi.ChannelUnavailable({ channel, detail: "no application is configured for it" })
})

/** Sends fields to the token endpoint with one secret, and gives the answer as it is. */
export const request = (
  { settings, wire }: AmazonTransport,
  { clientId, host }: Client,
  clientSecret: Secret,
  { fields, secrets }: OAuth.Grant
) => {
  const sent = form(`${settings.address(host)}/auth/o2/token`, {
    ...fields,
    client_id: clientId,
    client_secret: Redacted.value(clientSecret)
  })
  return wire.call(sent, [...secrets, clientSecret])
}

const noSecret = () => new Failure.ApplicationRejected({ detail: "no secret of this application is known" })

/** Sends a grant to the token endpoint and judges the answer; a secret that is refused gives way to the other one. */
const spend = <Spent extends "code" | "refresh">(
  transport: AmazonTransport,
  client: Client,
  spent: Spent,
  grant: OAuth.Grant
) => {
  const send = ({ secret }: Applications.Credential) =>
    request(transport, client, secret, grant).pipe(
      Effect.flatMap((answer) => Effect.fromResult(judgeLwa(answer, spent))),
      transport.guard.within(`login/${client.host}/${client.clientId}`, longestLoginWaitSeconds)
    )
  const { secrets: source } = transport.settings
  return trySecrets({ source, applicationId: Settings.applicationId(client), none: noSecret }, send)
}

/** The user id of the person whose access token this is; none when Amazon does not answer now. */
export const userOf = ({ settings, wire }: AmazonTransport, accessToken: Secret) => {
  const request = HttpClientRequest.get(`${settings.address(Hosts.globalLogin)}/user/profile`).pipe(
    HttpClientRequest.acceptJson,
    HttpClientRequest.setHeader("authorization", `Bearer ${Redacted.value(accessToken)}`)
  )
  return wire.call(request, [accessToken]).pipe(
    Effect.map(judgeUser),
    // The consent is in hand already; without this id only "is it the same person?" stays unanswered.
    Effect.catchTag("Temporary", () => Effect.succeed(Option.none<string>()))
  )
}

const profileScopes: ReadonlySet<string> = new Set(["profile", "profile:user_id"])

/**
 * Who consented: advertising tells the user, where the scope allows it; the Selling Partner API told the seller before.
 */
const grantorOf =
  (transport: AmazonTransport, channel: Channel.Channel, fromCallback: string | undefined) =>
  (accessToken: Secret): Effect.Effect<Option.Option<string>> =>
    channel === "amazon-ads" && transport.settings.assumptions.adsScope.some((scope) => profileScopes.has(scope))
      ? userOf(transport, accessToken)
      : Effect.succeed(Option.fromUndefinedOr(fromCallback))

const consentEndsOf = ({ settings }: AmazonTransport, channel: Channel.Channel): ConsentEnd.ConsentEndRow | null => {
  const { adsConsentDays, adsConsentsEndFrom, spConsentDays } = settings.assumptions
  if (channel !== "amazon-ads") return spConsentDays === null ? null : { days: spConsentDays }
  return adsConsentDays === null ? null : { days: adsConsentDays, from: adsConsentsEndFrom }
}

/** The token endpoint, as the OAuth client needs it. */
export const provider = (transport: AmazonTransport): OAuth.Provider => ({
  name: "AmazonApi",
  open: Effect.fnUntraced(function* ({ channel, grantor, region }) {
    const client = yield* clientOf(transport, channel, region)
    return {
      spendCode: (grant) => spend(transport, client, "code", grant),
      spendRefreshToken: (grant) => spend(transport, client, "refresh", grant),
      // Seller and Vendor Central know no PKCE, so no challenge was given there that a verifier could answer.
      usesPkce: channel === "amazon-ads",
      consentEnds: consentEndsOf(transport, channel),
      grantor: grantorOf(transport, channel, grantor)
    }
  })
})
