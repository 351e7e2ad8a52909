/** A world for comparing with descriptions, and tokens for every kind of call to it. */
import * as Hosts from "../core/Hosts.ts"
import * as Simulator from "../core/Simulator.ts"
import type { Descriptions } from "../describe/Descriptions.ts"

/** What a call is made with. */
export type Credential = "seller" | "vendor" | "ads" | "notifications" | "rotation"

/** A request by its parts. */
export type Sent = {
  readonly host: string
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | undefined
}

/** A world with consents in it. */
export type Caller = {
  readonly simulator: Simulator.Simulator
  /** Headers that say who calls. */
  readonly headers: (who: Credential) => Readonly<Record<string, string>>
  readonly send: (sent: Sent) => Promise<{ readonly status: number; readonly body: string }>
}

const noon = "2026-07-15T12:00:00Z"
const userAgent = "PortolanParity/1.0 (Language=TypeScript)"

const jsonOf = async (response: Response): Promise<Readonly<Record<string, string>>> => {
  const text = await response.text()
  if (!response.ok) throw new Error(`the world for parity answers ${response.status}: ${text}`)
  return JSON.parse(text) as Readonly<Record<string, string>>
}

const tokenOf = async (simulator: Simulator.Simulator, fields: Readonly<Record<string, string>>): Promise<string> => {
  const { clientId, clientSecret } = simulator.application()
  const body = new URLSearchParams({ client_id: clientId, client_secret: clientSecret, ...fields })
  const request = new Request(`https://${Hosts.login.NA}/auth/o2/token`, { method: "POST", body })
  return (await jsonOf(await simulator.fetch(request))).access_token ?? ""
}

const consentOf = async (simulator: Simulator.Simulator, url: string): Promise<string> => {
  const back = new URL(await simulator.consent({ as: "ada", url })).searchParams
  const code = back.get("code") ?? back.get("spapi_oauth_code") ?? ""
  const [redirectUri = ""] = simulator.application().returnUrls
  return tokenOf(simulator, { grant_type: "authorization_code", code, redirect_uri: redirectUri })
}

const consoleUrl = (simulator: Simulator.Simulator, host: string): string =>
  `https://${host}/apps/authorize/consent?${new URLSearchParams({
    application_id: simulator.application().spApplicationId ?? "",
    state: "parity"
  }).toString()}`

const loginUrl = (simulator: Simulator.Simulator): string => {
  const { clientId, returnUrls } = simulator.application()
  return `https://${Hosts.loginPage.NA}/ap/oa?${new URLSearchParams({
    client_id: clientId,
    scope: "advertising::campaign_management",
    response_type: "code",
    redirect_uri: returnUrls[0] ?? "",
    state: "parity"
  }).toString()}`
}

/** Builds the world and walks its consents. */
export const make = async (descriptions: Descriptions): Promise<Caller> => {
  const simulator = Simulator.make({
    preset: "demo",
    seed: "parity",
    clock: { manual: noon },
    policy: { quotaScale: 0 },
    descriptions
  })
  const grantless = (scope: string) => tokenOf(simulator, { grant_type: "client_credentials", scope })
  const tokens: Readonly<Record<Credential, string>> = {
    seller: await consentOf(simulator, consoleUrl(simulator, "sellercentral.amazon.com")),
    vendor: await consentOf(simulator, consoleUrl(simulator, "vendorcentral.amazon.com")),
    ads: await consentOf(simulator, loginUrl(simulator)),
    notifications: await grantless("sellingpartnerapi::notifications"),
    rotation: await grantless("sellingpartnerapi::client_credential:rotation")
  }
  return {
    simulator,
    headers: (who) =>
      who === "ads"
        ? {
            authorization: `Bearer ${tokens.ads}`,
            "amazon-advertising-api-clientid": simulator.application().clientId,
            "user-agent": userAgent
          }
        : { "x-amz-access-token": tokens[who], "user-agent": userAgent },
    send: async ({ body, headers, host, method, path, query }) => {
      const search = query.size === 0 ? "" : `?${query.toString()}`
      const response = await simulator.fetch(
        new Request(`https://${host}${path}${search}`, { method, headers, ...(body === undefined ? {} : { body }) })
      )
      return { status: response.status, body: await response.text() }
    }
  }
}
