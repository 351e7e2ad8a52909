/**
 * Walmart Connect: sending signed calls and fetching files
 * (https://developer.walmart.com/advertising-partners-search/docs/advertising-account-and-access,
 * https://developer.walmart.com/advertising-partners-search/docs/advertiser-attributes-snapshot-overview).
 */
import { randomUUID } from "node:crypto"
import { Failure, type Region } from "@portolan/domain"
import type { Applications, ProviderApi } from "@portolan/ports"
import { Download, trySecrets } from "@portolan/wire"
import { Clock, Effect, Redacted } from "effect"
import { HttpClientRequest } from "effect/http"
import * as Hosts from "./Hosts.ts"
import { type ConnectCall, type ConnectFailure, judgeConnect } from "./judgeConnect.ts"
import { limited } from "./limited.ts"
import { readKey } from "./readKey.ts"
import * as Settings from "./Settings.ts"
import { sign } from "./sign.ts"
import type { WalmartTransport } from "./Token.ts"

/** Where a call goes: a market, and what is asked of it. `path` begins with `/api/v` and may hold a query. */
export type Order<A> = ConnectCall<A> & {
  readonly region: Region.Region
  readonly path: string
  /** JSON text of a POST; without it, a GET. */
  readonly body?: string
}

/** The client of Walmart Connect. */
export interface Connect {
  readonly send: <A>(order: Order<A>) => Effect.Effect<A, ConnectFailure | ProviderApi.ChannelUnavailable>
  /** Fetches and unpacks a finished file. */
  readonly download: (
    region: Region.Region,
    link: string
  ) => Effect.Effect<Download.File, Failure.Temporary | Failure.RequestRefused | ProviderApi.ChannelUnavailable>
}

const failed = (detail: string) => new Failure.Temporary({ detail, throttled: false })

/**
 * Whether a link may be fetched: https to one of the allowed hosts or below, or the origin that an operator gave for
 * Walmart Connect. Our credentials go along, so an answer must not be able to send them anywhere else.
 */
export const mayFetch = (settings: Settings.Resolved, link: string): boolean => {
  if (!URL.canParse(link)) return false
  const url = new URL(link)
  if (url.username !== "" || url.password !== "") return false
  if (url.origin === new URL(settings.address(Hosts.connect)).origin) return true
  return (
    url.protocol === "https:" &&
    url.port === "" &&
    settings.assumptions.downloadHosts.some((host) => url.hostname === host || url.hostname.endsWith(`.${host}`))
  )
}

/** Headers that sign a call; made anew for every request, because a signature is good for minutes only. */
const signed = Effect.fnUntraced(function* (
  settings: Settings.Resolved,
  region: Region.Region,
  { label = "1", secret }: Applications.Credential
) {
  const tenant = yield* Effect.fromResult(Hosts.tenant(settings.assumptions, region))
  const partner = settings.connect
  if (partner === undefined) {
    return yield* Hosts.unavailable("walmart-connect", "no partner of Walmart Connect is configured")
  }
  const key = yield* Effect.try({
    try: () => readKey(secret),
    catch: () => new Failure.ApplicationRejected({ detail: `the private key of version ${label} cannot be used` })
  })
  const timestamp = String(yield* Clock.currentTimeMillis)
  const headers = {
    authorization: `Bearer ${Redacted.value(partner.authToken)}`,
    "wm_consumer.id": partner.consumerId,
    "wm_consumer.intimestamp": timestamp,
    "wm_sec.key_version": label,
    "wm_sec.auth_signature": sign(key, partner.consumerId, timestamp, label),
    "wm_qos.correlation_id": randomUUID(),
    ...(tenant === "" ? {} : { "wap-tenant-id": tenant })
  }
  return { headers, secrets: [partner.authToken, Redacted.make(headers["wm_sec.auth_signature"])] }
})

/**
 * Whether the key may be what was refused. Walmart says 403 for a bad key and for missing access alike, so a call about
 * an advertiser is tried with the other key, where there is one, before access counts as missing.
 */
const refusalOf = (failure: { readonly _tag: string }): string | undefined =>
  failure instanceof Failure.ApplicationRejected || failure instanceof Failure.PermissionMissing
    ? failure.detail
    : undefined

/** Runs a call with each key of the partner until Walmart takes it. */
const withKeys = Effect.fnUntraced(function* <A, E extends { readonly _tag: string }>(
  { connect, secrets: source }: Settings.Resolved,
  send: (credential: Applications.Credential) => Effect.Effect<A, E>
) {
  if (connect === undefined) {
    return yield* Hosts.unavailable("walmart-connect", "no partner of Walmart Connect is configured")
  }
  const none = () => new Failure.ApplicationRejected({ detail: "no key of this partner is known" })
  const trying = { source, applicationId: Settings.partnerId(connect), none, refusalOf }
  return yield* trySecrets<A, E | Failure.ApplicationRejected>(trying, send)
})

const quota = (region: Region.Region, advertiserId: string | undefined) => `connect/${region}/${advertiserId ?? ""}`

/** Builds the client. Every request is signed anew, because a signature is good for minutes only. */
export const make = ({ guard, settings, wire }: WalmartTransport): Connect => {
  return {
    send: Effect.fnUntraced(function* (order) {
      const url = `${settings.address(Hosts.connect)}${Hosts.connectRoot}${order.path}`
      const request =
        order.body === undefined
          ? HttpClientRequest.get(url)
          : HttpClientRequest.post(url).pipe(HttpClientRequest.bodyText(order.body, "application/json"))
      const json = { accept: "application/json", "content-type": "application/json" }
      return yield* withKeys(settings, (credential) =>
        Effect.flatMap(signed(settings, order.region, credential), ({ headers, secrets }) =>
          wire.call(HttpClientRequest.setHeaders(request, { ...json, ...headers }), secrets)
        ).pipe(
          Effect.flatMap((answer) => Effect.fromResult(judgeConnect(answer, order, settings.assumptions))),
          guard.within(quota(order.region, order.advertiserId))
        )
      )
    }),

    download: (region, link) =>
      Download.download({
        wire,
        mayFetch: (address) => mayFetch(settings, address),
        headers: withKeys(settings, (credential) => signed(settings, region, credential)).pipe(
          Effect.map(({ headers }) => headers),
          Effect.catchTag("ApplicationRejected", ({ detail }) => Effect.fail(failed(detail)))
        ),
        reportBytes: settings.limits.reportBytes,
        limited: (answer) => limited(answer, "download", settings.assumptions.connectWaitSeconds)
      })(link)
  }
}
