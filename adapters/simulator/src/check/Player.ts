/** A client of the simulated providers that speaks their public protocols and nothing else. */
import { sign } from "node:crypto"
import * as Hosts from "../core/Hosts.ts"
import type { Simulator } from "../core/SimulatorApi.ts"

/** Fields or headers; those of "-" are left out. */
export type Fields = Readonly<Record<string, string>>

/** What a consent was exchanged for. */
export type Tokens = { readonly access_token: string; readonly refresh_token: string }

/** A call by its parts. */
export type Call = {
  readonly method?: string
  readonly headers?: Fields
  readonly body?: unknown
  readonly host?: string
}

const given = (fields: Fields): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== "-"))

/** The return address that every world allows. */
export const returnUrl = "https://app.example/callback"
/** Media type of Sponsored Products. */
export const campaignMedia = "application/vnd.spCampaign.v3+json"
/** Media type of an order of an advertising report. */
export const reportMedia = "application/vnd.createasyncreportrequest.v3+json"

const userAgent = "PortolanCheck/1.0 (Language=TypeScript)"

/** The code in a callback address. */
export const codeOf = (callback: string): string => {
  const query = new URL(callback).searchParams
  return query.get("code") ?? query.get("spapi_oauth_code") ?? ""
}

/** The client, at one simulator. */
export class Player {
  readonly simulator: Simulator
  constructor(simulator: Simulator) {
    this.simulator = simulator
  }

  /** Sends a call; a body that is no text is sent as JSON. */
  send(
    url: string,
    { body, headers = {}, method = body === undefined ? "GET" : "POST" }: Call = {}
  ): Promise<Response> {
    const text = typeof body === "string" || body === undefined ? body : JSON.stringify(body)
    return this.simulator.fetch(
      new Request(url, { method, headers: given(headers), ...(text === undefined ? {} : { body: text }) })
    )
  }

  /** The address of the consent page of Login with Amazon. */
  loginUrl(extra: Fields = {}): string {
    const query = given({
      client_id: this.simulator.application().clientId,
      scope: "advertising::campaign_management",
      response_type: "code",
      redirect_uri: returnUrl,
      state: "s-1",
      ...extra
    })
    return `https://${Hosts.loginPage.NA}/ap/oa?${new URLSearchParams(query).toString()}`
  }

  /** The address of a console's consent page. */
  consoleUrl(extra: Fields = {}, host = "sellercentral.amazon.com"): string {
    const { spApplicationId } = this.simulator.application()
    const query = given({ application_id: spApplicationId ?? "", state: "s-2", ...extra })
    return `https://${host}/apps/authorize/consent?${new URLSearchParams(query).toString()}`
  }

  /** A call to the token endpoint, with the credentials of the first application. */
  token(fields: Fields): Promise<Response> {
    const { clientId, clientSecret } = this.simulator.application()
    const all = given({ client_id: clientId, client_secret: clientSecret, ...fields })
    return this.send(`https://${Hosts.login.NA}/auth/o2/token`, {
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams(all).toString()
    })
  }

  /** Exchanges the code of a callback. */
  exchange(callback: string, extra: Fields = {}): Promise<Response> {
    return this.token({ grant_type: "authorization_code", code: codeOf(callback), redirect_uri: returnUrl, ...extra })
  }

  /** Refreshes. */
  refresh(refreshToken: string, extra: Fields = {}): Promise<Response> {
    return this.token({ grant_type: "refresh_token", refresh_token: refreshToken, ...extra })
  }

  /** A person consents to advertising. */
  consent(as = "ada", extra: Fields = {}): Promise<string> {
    return this.simulator.consent({ as, url: this.loginUrl(extra) })
  }

  /** Tokens for advertising. */
  async adsTokens(as = "ada"): Promise<Tokens> {
    return (await (await this.exchange(await this.consent(as))).json()) as Tokens
  }

  /** Tokens of a seller, or of a vendor at another console. */
  async sellerTokens(as = "ada", host = "sellercentral.amazon.com"): Promise<Tokens> {
    const callback = await this.simulator.consent({ as, url: this.consoleUrl({}, host) })
    return (await (await this.exchange(callback)).json()) as Tokens
  }

  /** The profile of an account in the United States. */
  profile(name = "Lindqvist Lanterns", marketplaceId = "ATVPDKIKX0DER"): string {
    const found = Object.values(this.simulator.world().profiles).find(
      (one) => one.accountName === name && one.marketplaceId === marketplaceId && one.type === "seller"
    )
    return found?.id ?? ""
  }

  /** A call to the Ads API, within the usual profile unless the header says otherwise. */
  ads(tokens: Tokens, path: string, { headers, host = Hosts.ads.NA, ...call }: Call = {}): Promise<Response> {
    return this.send(`https://${host}${path}`, {
      ...call,
      headers: {
        authorization: `Bearer ${tokens.access_token}`,
        "amazon-advertising-api-clientid": this.simulator.application().clientId,
        "amazon-advertising-api-scope": this.profile(),
        ...headers
      }
    })
  }

  /** A call to the Selling Partner API. */
  sp(tokens: Tokens, path: string, { headers, host = Hosts.sellingPartner.NA, ...call }: Call = {}): Promise<Response> {
    return this.send(`https://${host}${path}`, {
      ...call,
      headers: { "x-amz-access-token": tokens.access_token, "user-agent": userAgent, ...headers }
    })
  }

  /** A signed call to Walmart Connect. */
  connect(path: string, { headers, ...call }: Call = {}, at = this.simulator.now()): Promise<Response> {
    const { authToken, consumerId, keyVersion, privateKey } = this.simulator.walmartPartner()
    const text = `${consumerId}\n${at}\n${keyVersion}\n`
    return this.send(`https://${Hosts.walmartConnect}/api-proxy/service/WPA/Api/v1/api/v1${path}`, {
      ...call,
      headers: {
        authorization: `Bearer ${authToken}`,
        "wm_consumer.id": consumerId,
        "wm_sec.auth_signature": sign("sha256", Buffer.from(text), privateKey).toString("base64"),
        "wm_sec.key_version": keyVersion,
        "wm_consumer.intimestamp": String(at),
        "wm_qos.correlation_id": "5b8f0f0e-0000-4000-a000-000000000001",
        "content-type": "application/json",
        ...headers
      }
    })
  }

  /** A call to the campaigns of a Walmart advertiser. */
  walmartCampaigns(name: string, call: Call = {}): Promise<Response> {
    return this.connect(`/campaigns?advertiserId=${this.simulator.walmartAdvertiser(name).id}`, call)
  }

  /** The address of Walmart Marketplace's consent page. */
  shopUrl(extra: Fields = {}): string {
    const query = given({
      responseType: "code",
      clientId: this.simulator.walmartApplication().clientId,
      redirectUri: returnUrl,
      clientType: "seller",
      nonce: "n-1",
      state: "s-3",
      ...extra
    })
    return `https://${Hosts.walmartLogin}/authorize?${new URLSearchParams(query).toString()}`
  }

  /** A call to Walmart Marketplace's token endpoint. */
  shopToken(fields: Fields, headers: Fields = {}): Promise<Response> {
    const { clientId, clientSecret } = this.simulator.walmartApplication()
    return this.send(`https://${Hosts.walmart}/v3/token`, {
      headers: {
        authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString("base64")}`,
        "wm_svc.name": "Walmart Marketplace",
        "wm_qos.correlation_id": "c-1",
        accept: "application/json",
        "content-type": "application/x-www-form-urlencoded",
        ...headers
      },
      body: new URLSearchParams(given(fields)).toString()
    })
  }

  /** Walt consents for his seller; gives the callback address. */
  shopConsent(): Promise<string> {
    return this.simulator.consent({ as: "walt", url: this.shopUrl() })
  }

  /** Exchanges the code of Walt's callback. */
  shopExchange(callback: string, extra: Fields = {}, headers: Fields = {}): Promise<Response> {
    const sellerId = new URL(callback).searchParams.get("sellerId") ?? ""
    return this.shopToken(
      { grant_type: "authorization_code", code: codeOf(callback), redirect_uri: returnUrl, ...extra },
      { "wm_partner.id": sellerId, ...headers }
    )
  }

  /** Tokens of Walt's seller. */
  async shopTokens(): Promise<Tokens> {
    return (await (await this.shopExchange(await this.shopConsent())).json()) as Tokens
  }

  /** A call to Walmart Marketplace. */
  shop(tokens: Tokens, path: string, { headers, ...call }: Call = {}): Promise<Response> {
    return this.send(`https://${Hosts.walmart}${path}`, {
      ...call,
      headers: {
        "wm_sec.access_token": tokens.access_token,
        "wm_svc.name": "Walmart Marketplace",
        "wm_qos.correlation_id": "c-2",
        accept: "application/json",
        ...headers
      }
    })
  }
}
