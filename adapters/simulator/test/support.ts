import { Simulator } from "../src/index.ts"
import type { Access } from "../src/core/World.ts"

/** A summer noon, so that no day is cut by a change of clocks. */
export const noon = Date.parse("2026-07-15T12:00:00Z")
export const returnUrl = "https://app.example/callback"
export const scope = "advertising::campaign_management"

export const fresh = (options: Simulator.Options = {}) =>
  Simulator.make({ seed: 7, preset: "demo", clock: { manual: noon }, ...options })

export const consentUrl = (
  simulator: Simulator.Simulator,
  extra: Record<string, string> = {},
  host = "www.amazon.com"
) =>
  `https://${host}/ap/oa?${new URLSearchParams({ client_id: simulator.application().clientId, scope, response_type: "code", redirect_uri: returnUrl, state: "s-1", ...extra }).toString()}`

export const centralUrl = (
  simulator: Simulator.Simulator,
  host = "sellercentral.amazon.com",
  extra: Record<string, string> = {}
) =>
  `https://${host}/apps/authorize/consent?${new URLSearchParams({ application_id: simulator.application().spApplicationId ?? "", state: "s-2", ...extra }).toString()}`

export const form = (fields: Record<string, string>): RequestInit => ({
  method: "POST",
  headers: { "content-type": "application/x-www-form-urlencoded;charset=UTF-8" },
  body: new URLSearchParams(fields).toString()
})

export const token = (simulator: Simulator.Simulator, fields: Record<string, string>, host = "api.amazon.com") => {
  const { clientId, clientSecret } = simulator.application()
  const all = { client_id: clientId, client_secret: clientSecret, ...fields }
  return simulator.fetch(
    new Request(
      `https://${host}/auth/o2/token`,
      form(Object.fromEntries(Object.entries(all).filter(([, value]) => value !== "-")))
    )
  )
}

export type Tokens = { readonly access_token: string; readonly refresh_token: string }

export const codeOf = (callback: string): string => {
  const query = new URL(callback).searchParams
  return query.get("code") ?? query.get("spapi_oauth_code") ?? ""
}

export const exchange = async (simulator: Simulator.Simulator, callback: string): Promise<Tokens> =>
  (await (
    await token(simulator, { grant_type: "authorization_code", code: codeOf(callback), redirect_uri: returnUrl })
  ).json()) as Tokens

export const adsTokens = async (simulator: Simulator.Simulator, as = "ada") =>
  exchange(simulator, await simulator.consent({ as, url: consentUrl(simulator) }))
export const sellerTokens = async (simulator: Simulator.Simulator, as = "ada", host = "sellercentral.amazon.com") =>
  exchange(simulator, await simulator.consent({ as, url: centralUrl(simulator, host) }))

export const adsHeaders = (
  simulator: Simulator.Simulator,
  tokens: Tokens,
  profile?: string
): Record<string, string> => ({
  authorization: `Bearer ${tokens.access_token}`,
  "amazon-advertising-api-clientid": simulator.application().clientId,
  ...(profile === undefined ? {} : { "amazon-advertising-api-scope": profile })
})

export const ads = (
  simulator: Simulator.Simulator,
  tokens: Tokens,
  path: string,
  init: RequestInit & { profile?: string; host?: string } = {}
) =>
  simulator.fetch(
    new Request(`https://${init.host ?? "advertising-api.amazon.com"}${path}`, {
      ...init,
      headers: { ...adsHeaders(simulator, tokens, init.profile), ...(init.headers as Record<string, string>) }
    })
  )

export const sp = (
  simulator: Simulator.Simulator,
  tokens: Tokens,
  path: string,
  init: RequestInit & { host?: string } = {}
) =>
  simulator.fetch(
    new Request(`https://${init.host ?? "sellingpartnerapi-na.amazon.com"}${path}`, {
      ...init,
      headers: {
        "x-amz-access-token": tokens.access_token,
        "user-agent": "Test/1.0 (Language=TypeScript)",
        ...(init.headers as Record<string, string>)
      }
    })
  )

export const profileIds = (text: string): ReadonlyArray<string> =>
  [...text.matchAll(/"profileId":(\d+)/g)].map((match) => match[1] ?? "")

export const lastRule = (simulator: Simulator.Simulator): string | null => simulator.journal().at(-1)?.rule ?? null

/** The profile of an account's name in a country. */
export const profileOf = (
  simulator: Simulator.Simulator,
  name: string,
  marketplaceId: string,
  type = "seller"
): string =>
  Object.values(simulator.world().profiles).find(
    (profile) => profile.accountName === name && profile.marketplaceId === marketplaceId && profile.type === type
  )?.id ?? ""

export const reportBody = (startDate: string, endDate: string, configuration: Record<string, unknown> = {}) =>
  JSON.stringify({
    name: "report",
    startDate,
    endDate,
    configuration: {
      adProduct: "SPONSORED_PRODUCTS",
      groupBy: ["campaign"],
      columns: ["date", "campaignId", "impressions", "clicks", "cost", "purchases7d", "sales7d"],
      reportTypeId: "spCampaigns",
      timeUnit: "DAILY",
      format: "GZIP_JSON",
      ...configuration
    }
  })
export const reportType = { "content-type": "application/vnd.createasyncreportrequest.v3+json" }
export const accesses: ReadonlyArray<Access | "none"> = ["view", "edit", "none"]
export const US = "ATVPDKIKX0DER"
export const CA = "A2EUQ1WTGCTBG2"
