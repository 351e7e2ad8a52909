/** Refusals of the Ads API, the Selling Partner API and their storage, played. */
import * as Hosts from "../core/Hosts.ts"
import { other, play, type Play } from "./Check.ts"
import { campaignMedia, type Player, reportMedia } from "./Player.ts"

const HOUR_MS = 3_600_000
const US = "ATVPDKIKX0DER"

const adsPlays: ReadonlyArray<Play> = [
  play("ADS-401-01", "a token after an hour", async (p) => {
    const tokens = await p.adsTokens()
    p.simulator.advance(HOUR_MS)
    return p.ads(tokens, "/v2/profiles")
  }),
  play("ADS-401-01", "a token of a revoked consent", async (p) => {
    const tokens = await p.adsTokens()
    p.simulator.revoke("ada")
    return p.ads(tokens, "/v2/profiles")
  }),
  play("ADS-401-02", "no client id", async (p) =>
    p.ads(await p.adsTokens(), "/v2/profiles", { headers: { "amazon-advertising-api-clientid": "-" } })
  ),
  play("ADS-401-03", "another client id", async (p) =>
    p.ads(await p.adsTokens(), "/v2/profiles", { headers: { "amazon-advertising-api-clientid": other(p).client_id } })
  ),
  play("ADS-401-05", "no profile", async (p) =>
    p.ads(await p.adsTokens(), "/sp/campaigns/list", {
      method: "POST",
      headers: { "amazon-advertising-api-scope": "-", "content-type": campaignMedia }
    })
  ),
  play("ADS-401-06", "a profile of another region", async (p) =>
    p.ads(await p.adsTokens(), "/sp/campaigns/list", {
      method: "POST",
      host: Hosts.ads.EU,
      headers: { "content-type": campaignMedia }
    })
  ),
  play("ADS-401-07", "a profile of somebody else", async (p) =>
    p.ads(await p.adsTokens("emre"), "/sp/campaigns/list", {
      method: "POST",
      headers: { "content-type": campaignMedia }
    })
  ),
  play("ADS-401-08", "a write of somebody who may only look", async (p) =>
    p.ads(await p.adsTokens("chiara"), "/sp/campaigns", {
      method: "PUT",
      headers: { "content-type": campaignMedia },
      body: { campaigns: [{ campaignId: "1", state: "PAUSED" }] }
    })
  ),
  play("ADS-400-02", "a parameter that nobody knows", async (p) => p.ads(await p.adsTokens(), "/v2/profiles?size=2")),
  play("ADS-404-01", "an unknown report", async (p) => p.ads(await p.adsTokens(), "/reporting/reports/none")),
  play("ADS-415-01", "another media type", async (p) =>
    p.ads(await p.adsTokens(), "/reporting/reports", { headers: { "content-type": "text/plain" }, body: "{}" })
  ),
  play("ADS-406-02", "an answer in another media type", async (p) =>
    p.ads(await p.adsTokens(), "/sp/campaigns/list", {
      method: "POST",
      headers: { "content-type": campaignMedia, accept: "text/html" }
    })
  ),
  play("ADS-429-01", "more calls than the throttle lets through", async (p) => {
    const tokens = await p.adsTokens()
    p.simulator.act({ kind: "policy", policy: { adsRate: { perSecond: 1, burst: 1 } } })
    await p.ads(tokens, "/v2/profiles")
    return p.ads(tokens, "/v2/profiles")
  }),
  play("ADS-406-01", "a report from before retention", async (p) => report(p, "2025-01-01")),
  play("ADS-425-01", "the same report twice", async (p) => {
    await report(p, "2026-07-01")
    return report(p, "2026-07-01")
  })
]

const report = async (p: Player, day: string): Promise<Response> =>
  p.ads(await p.adsTokens(), "/reporting/reports", {
    headers: { "content-type": reportMedia },
    body: {
      startDate: day,
      endDate: day,
      configuration: {
        adProduct: "SPONSORED_PRODUCTS",
        groupBy: ["campaign"],
        columns: ["date", "campaignId", "clicks"],
        reportTypeId: "spCampaigns",
        timeUnit: "DAILY",
        format: "GZIP_JSON"
      }
    }
  })

const participations = "/sellers/v1/marketplaceParticipations"

const spPlays: ReadonlyArray<Play> = [
  play("SPA-403-01", "no token", (p) =>
    p.sp({ access_token: "", refresh_token: "" }, participations, { headers: { "x-amz-access-token": "-" } })
  ),
  play("SPA-403-02", "a token after an hour", async (p) => {
    const tokens = await p.sellerTokens()
    p.simulator.advance(HOUR_MS)
    return p.sp(tokens, participations)
  }),
  play("SPA-403-03", "a token of a revoked consent", async (p) => {
    const tokens = await p.sellerTokens()
    p.simulator.revoke("ada")
    return p.sp(tokens, participations)
  }),
  play("SPA-403-06", "a token of another region", async (p) =>
    p.sp(await p.sellerTokens(), participations, { host: Hosts.sellingPartner.EU })
  ),
  play("SPA-403-07", "a seller's token on a vendor's call", async (p) =>
    p.sp(await p.sellerTokens(), "/vendor/orders/v1/purchaseOrders")
  ),
  play("SPA-403-08", "a consent without the role", async (p) => {
    const application = p.simulator.application()
    application.roles = application.roles.filter((role) => role !== "Finance and Accounting")
    return p.sp(await p.sellerTokens(), "/finances/2024-06-19/transactions?postedAfter=2026-07-01T00:00:00Z")
  }),
  play("SPA-403-09", "an unknown path", async (p) => p.sp(await p.sellerTokens(), "/nowhere")),
  play("SPA-403-10", "an unknown path without a token", (p) =>
    p.sp({ access_token: "", refresh_token: "" }, "/nowhere", { headers: { "x-amz-access-token": "-" } })
  ),
  play("SPA-400-01", "a parameter that nobody knows", async (p) =>
    p.sp(await p.sellerTokens(), `${participations}?a=1`)
  ),
  play("SPA-400-02", "no user agent", async (p) =>
    p.sp(await p.sellerTokens(), participations, { headers: { "user-agent": "-" } })
  ),
  play("SPA-403-11", "a marketplace that the seller is not in", async (p) => {
    const query = "granularityType=Marketplace&granularityId=A2Q3Y263D00KWC&marketplaceIds=A2Q3Y263D00KWC"
    return p.sp(await p.sellerTokens(), `/fba/inventory/v1/summaries?${query}`)
  }),
  play("SPA-404-01", "an unknown report", async (p) => p.sp(await p.sellerTokens(), "/reports/2021-06-30/reports/1")),
  play("SPA-404-01", "a report of another seller", async (p) => {
    const made = await p.sp(await p.sellerTokens(), "/reports/2021-06-30/reports", {
      headers: { "content-type": "application/json" },
      body: { reportType: "GET_MERCHANT_LISTINGS_ALL_DATA", marketplaceIds: [US] }
    })
    const { reportId } = (await made.json()) as { readonly reportId: string }
    return p.sp(await p.sellerTokens("emre"), `/reports/2021-06-30/reports/${reportId}`)
  }),
  play("SPA-429-01", "more calls than the quota", async (p) => {
    const tokens = await p.sellerTokens()
    p.simulator.act({ kind: "policy", policy: { quotaScale: 1 } })
    let answer = await p.sp(tokens, participations)
    for (let calls = 0; calls < 40 && answer.status === 200; calls += 1) answer = await p.sp(tokens, participations)
    return answer
  })
]

const link = async (p: Player): Promise<string> => {
  const tokens = await p.sellerTokens()
  const made = await p.sp(tokens, "/reports/2021-06-30/reports", {
    headers: { "content-type": "application/json" },
    body: { reportType: "GET_MERCHANT_LISTINGS_ALL_DATA", marketplaceIds: [US] }
  })
  const { reportId } = (await made.json()) as { readonly reportId: string }
  p.simulator.advance(600_000)
  const done = await p.sp(tokens, `/reports/2021-06-30/reports/${reportId}`)
  const { reportDocumentId } = (await done.json()) as { readonly reportDocumentId: string }
  const document = await p.sp(tokens, `/reports/2021-06-30/documents/${reportDocumentId}`)
  return ((await document.json()) as { readonly url: string }).url
}

const storagePlays: ReadonlyArray<Play> = [
  play("STO-403-01", "a link after five minutes", async (p) => {
    const url = await link(p)
    p.simulator.advance(300_001)
    return p.send(url)
  }),
  play("STO-403-02", "an altered link", async (p) =>
    p.send((await link(p)).replace(/Expires=\d+/, "Expires=99999999999999"))
  ),
  play("STO-400-01", "a token beside an advertising link", async (p) => {
    const { reportId } = (await (await report(p, "2026-07-01")).json()) as { readonly reportId: string }
    p.simulator.advance(600_000)
    const done = await p.ads(await p.adsTokens(), `/reporting/reports/${reportId}`)
    const { url } = (await done.json()) as { readonly url: string }
    return p.send(url, { headers: { authorization: "Bearer x" } })
  }),
  play("STO-404-01", "an unknown file", (p) => p.send(`https://${Hosts.spStorage}/1/none`))
]

/** The plays. */
export const plays: ReadonlyArray<Play> = [...adsPlays, ...spPlays, ...storagePlays]
