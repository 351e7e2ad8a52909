import { sign } from "node:crypto"
import type { Simulator } from "../src/index.ts"
import { returnUrl } from "./support.ts"

export const connectHost = "https://developer.api.walmart.com"
export const base = `${connectHost}/api-proxy/service/WPA/Api/v1`

/** What of a signed call a test wants otherwise. A header of "-" is left out. */
export type Odd = {
  readonly at?: number
  readonly timestamp?: string
  readonly version?: string
  readonly key?: string
  readonly headers?: Readonly<Record<string, string>>
}

export const signed = (simulator: Simulator.Simulator, odd: Odd = {}): Record<string, string> => {
  const partner = simulator.walmartPartner()
  const timestamp = odd.timestamp ?? String(odd.at ?? simulator.now())
  const version = odd.version ?? partner.keyVersion
  const text = `${partner.consumerId}\n${timestamp}\n${version}\n`
  const all = {
    authorization: `Bearer ${partner.authToken}`,
    "wm_consumer.id": partner.consumerId,
    "wm_sec.auth_signature": sign("sha256", Buffer.from(text), odd.key ?? partner.privateKey).toString("base64"),
    "wm_sec.key_version": version,
    "wm_consumer.intimestamp": timestamp,
    "wm_qos.correlation_id": "5b8f0f0e-0000-4000-a000-000000000001",
    "content-type": "application/json",
    ...odd.headers
  }
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== "-"))
}

export const connect = (simulator: Simulator.Simulator, path: string, body?: unknown, odd: Odd = {}, method = "POST") =>
  simulator.fetch(
    new Request(path.startsWith("https:") ? path : `${base}${path}`, {
      headers: signed(simulator, odd),
      ...(body === undefined ? {} : { method, body: JSON.stringify(body) })
    })
  )

export type Answer = {
  readonly code: string
  readonly snapshotId: string
  readonly jobStatus: string
  readonly details: string
}

/** Asks for the attributes of all advertisers, waits, and downloads. */
export const attributes = async (
  simulator: Simulator.Simulator,
  insightType = "advertiserAttributes",
  odd: Odd = {}
) => {
  const { snapshotId } = (await (
    await connect(simulator, "/api/v1/snapshot/insight", { insightType, format: "gzip" }, odd)
  ).json()) as Answer
  simulator.advance(30_000)
  const polled = (await (
    await connect(simulator, `/api/v1/snapshot?snapshotId=${snapshotId}`, undefined, odd)
  ).json()) as Answer
  return connect(simulator, polled.details, undefined, odd)
}

export type Login = Readonly<Record<string, string>>

/** The consent address of a seller; a parameter of "-" is left out. */
export const loginUrl = (simulator: Simulator.Simulator, extra: Login = {}): string => {
  const all = {
    responseType: "code",
    clientId: simulator.walmartApplication().clientId,
    redirectUri: returnUrl,
    clientType: "seller",
    nonce: "n-1",
    state: "s-3",
    ...extra
  }
  return `https://login.account.wal-mart.com/authorize?${new URLSearchParams(
    Object.entries(all).filter(([, value]) => value !== "-")
  ).toString()}`
}

/** A call to the token endpoint; fields and headers of "-" are left out. */
export const sellerToken = (
  simulator: Simulator.Simulator,
  fields: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = {}
) => {
  const { clientId, clientSecret } = simulator.walmartApplication()
  const all = {
    authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString("base64")}`,
    "wm_svc.name": "Walmart Marketplace",
    "wm_qos.correlation_id": "c-1",
    accept: "application/json",
    "content-type": "application/x-www-form-urlencoded",
    ...headers
  }
  return simulator.fetch(
    new Request("https://marketplace.walmartapis.com/v3/token", {
      method: "POST",
      headers: Object.fromEntries(Object.entries(all).filter(([, value]) => value !== "-")),
      body: new URLSearchParams(Object.entries(fields).filter(([, value]) => value !== "-")).toString()
    })
  )
}

export type SellerTokens = { readonly access_token: string; readonly refresh_token: string; readonly sellerId: string }

/** Consents as Walt and exchanges the code. */
export const sellerTokens = async (simulator: Simulator.Simulator, extra: Login = {}): Promise<SellerTokens> => {
  const back = new URL(await simulator.consent({ as: "walt", url: loginUrl(simulator, extra) })).searchParams
  const sellerId = back.get("sellerId") ?? ""
  const response = await sellerToken(
    simulator,
    { grant_type: "authorization_code", code: back.get("code") ?? "", redirect_uri: returnUrl },
    { "wm_partner.id": sellerId }
  )
  return { ...((await response.json()) as SellerTokens), sellerId }
}

/** A call to the Marketplace API; headers of "-" are left out. */
export const shop = (
  simulator: Simulator.Simulator,
  accessToken: string,
  path: string,
  headers: Readonly<Record<string, string>> = {},
  method = "GET"
) => {
  const all = {
    "wm_sec.access_token": accessToken,
    "wm_svc.name": "Walmart Marketplace",
    "wm_qos.correlation_id": "c-2",
    accept: "application/json",
    ...headers
  }
  return simulator.fetch(
    new Request(`https://marketplace.walmartapis.com${path}`, {
      method,
      headers: Object.fromEntries(Object.entries(all).filter(([, value]) => value !== "-"))
    })
  )
}
