/**
 * Walmart Connect: sending signed calls and fetching files
 * (https://developer.walmart.com/advertising-partners-search/docs/advertising-account-and-access,
 * https://developer.walmart.com/advertising-partners-search/docs/advertiser-attributes-snapshot-overview).
 */
import { randomUUID } from "node:crypto"
import { Failure, type Region } from "@portolan/domain"
import type { ProviderApi } from "@portolan/ports"
import { Clock, Effect, Redacted } from "effect"
import { HttpClientRequest } from "effect/http"
import * as Hosts from "./Hosts.ts"
import { type ConnectCall, type ConnectFailure, judgeConnect } from "./judgeConnect.ts"
import { limited } from "./limited.ts"
import type * as Settings from "./Settings.ts"
import { sign } from "./sign.ts"
import type { WalmartTransport } from "./Token.ts"
import { unpack } from "./unpack.ts"

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
  ) => Effect.Effect<Uint8Array, Failure.Temporary | Failure.RequestRefused | ProviderApi.ChannelUnavailable>
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
const signed = Effect.fnUntraced(function* (settings: Settings.Resolved, region: Region.Region) {
  const tenant = yield* Effect.fromResult(Hosts.tenant(settings.assumptions, region))
  const partner = settings.connect
  if (partner === undefined) {
    return yield* Hosts.unavailable("walmart-connect", "no partner of Walmart Connect is configured")
  }
  const timestamp = String(yield* Clock.currentTimeMillis)
  const headers = {
    authorization: `Bearer ${Redacted.value(partner.authToken)}`,
    "wm_consumer.id": partner.consumerId,
    "wm_consumer.intimestamp": timestamp,
    "wm_sec.key_version": partner.keyVersion,
    "wm_sec.auth_signature": sign(partner.key, partner.consumerId, timestamp, partner.keyVersion),
    "wm_qos.correlation_id": randomUUID(),
    ...(tenant === "" ? {} : { "wap-tenant-id": tenant })
  }
  return { headers, secrets: [partner.authToken, Redacted.make(headers["wm_sec.auth_signature"])] }
})

const quota = (region: Region.Region, advertiserId: string | undefined) => `connect/${region}/${advertiserId ?? ""}`

/** Builds the client. Every request is signed anew, because a signature is good for minutes only. */
export const make = ({ guard, settings, wire }: WalmartTransport): Connect => {
  return {
    send: Effect.fnUntraced(function* (order) {
      const { headers, secrets } = yield* signed(settings, order.region)
      const url = `${settings.address(Hosts.connect)}${Hosts.connectRoot}${order.path}`
      const request =
        order.body === undefined
          ? HttpClientRequest.get(url)
          : HttpClientRequest.post(url).pipe(HttpClientRequest.bodyText(order.body, "application/json"))
      const whole = { accept: "application/json", "content-type": "application/json", ...headers }
      return yield* wire.call(HttpClientRequest.setHeaders(request, whole), secrets).pipe(
        Effect.flatMap((answer) => Effect.fromResult(judgeConnect(answer, order, settings.assumptions))),
        guard.within(quota(order.region, order.advertiserId))
      )
    }),

    download: Effect.fnUntraced(function* (region, link) {
      if (!mayFetch(settings, link)) return yield* failed("the link to the file leads to a host that is not allowed")
      const { headers } = yield* signed(settings, region)
      const whole = yield* wire
        .download(HttpClientRequest.setHeaders(HttpClientRequest.get(link), headers))
        .pipe(
          Effect.catchTag("TooLarge", ({ limit }) =>
            Effect.fail(
              new Failure.RequestRefused({ detail: `the file is larger than ${limit} bytes`, beyondRetention: false })
            )
          )
        )
      if (whole.status !== 200) {
        const atMillis = yield* Clock.currentTimeMillis
        const answer = { status: whole.status, headers: whole.headers, text: "", atMillis }
        // A refusal of a file says little about access, so only limits are taken from it. Asking again gives a new
        // link.
        return yield* whole.status === 429
          ? limited(answer, "download", settings.assumptions.connectWaitSeconds)
          : failed(`the link to the file answered with status ${whole.status}`)
      }
      return yield* unpack(whole.bytes, settings.limits.reportBytes)
    })
  }
}
