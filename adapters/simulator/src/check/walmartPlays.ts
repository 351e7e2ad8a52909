/** Refusals of Walmart Connect and Walmart Marketplace, played. */
import { play, type Play } from "./Check.ts"
import type { Player } from "./Player.ts"

const autumn = [{ name: "Autumn", targetingType: "auto", dailyBudget: 9 }]

const report = (p: Player, reportDate: string): Promise<Response> => {
  const advertiserId = p.simulator.walmartAdvertiser("Lindqvist Lanterns").id
  const body = { advertiserId, reportType: "keyword", reportMetrics: ["campaignId", "adSpend"], reportDate }
  return p.connect("/../v2/snapshot/report", { body })
}

const connectPlays: ReadonlyArray<Play> = [
  play("WMC-403-01", "no bearer token", (p) => p.connect("/campaigns", { headers: { authorization: "-" } })),
  play("WMC-403-02", "another bearer token", (p) =>
    p.connect("/campaigns", { headers: { authorization: "Bearer x" } })
  ),
  play("WMC-403-03", "no correlation id", (p) =>
    p.connect("/campaigns", { headers: { "wm_qos.correlation_id": "-" } })
  ),
  play("WMC-403-04", "an unknown consumer", (p) => p.connect("/campaigns", { headers: { "wm_consumer.id": "x" } })),
  play("WMC-403-05", "a signature that does not hold", (p) =>
    p.connect("/campaigns", { headers: { "wm_sec.auth_signature": "AAAA" } })
  ),
  play("WMC-403-06", "a clock that is an hour off", (p) => p.connect("/campaigns", {}, p.simulator.now() - 3_600_000)),
  play("WMC-403-07", "an unknown key version", (p) =>
    p.connect("/campaigns", { headers: { "wm_sec.key_version": "9" } })
  ),
  play("WMC-403-08", "an advertiser that never let us in", (p) => p.walmartCampaigns("Marmara Homes")),
  play("WMC-403-08", "an advertiser that let us go", (p) => {
    p.simulator.setWalmartAccess("Lindqvist Lanterns", "none")
    return p.walmartCampaigns("Lindqvist Lanterns")
  }),
  play("WMC-403-09", "a write with read access", (p) => p.walmartCampaigns("Marmara Home", { body: autumn })),
  play("WMC-403-10", "a write of a reporting-only partner", (p) => {
    p.simulator.act({ kind: "walmart-partner-type", type: "reporting-only" })
    return p.walmartCampaigns("Lindqvist Lanterns", { body: autumn })
  }),
  play("WMC-400-01", "a body that is no list", (p) => p.walmartCampaigns("Lindqvist Lanterns", { body: {} })),
  play("WMC-400-02", "no advertiser", (p) => p.connect("/campaigns")),
  play("WMC-400-03", "an unknown tenant", (p) => p.connect("/campaigns", { headers: { "wap-tenant-id": "x" } })),
  play("WMC-404-03", "an unknown campaign", (p) => {
    const { id } = p.simulator.walmartAdvertiser("Lindqvist Lanterns")
    return p.connect(`/campaigns?advertiserId=${id}&campaignId=1`)
  }),
  play("WMC-400-04", "a report of years ago", (p) => report(p, "2020-01-01")),
  play("WMC-400-05", "a report of a day that has no figures yet", (p) => {
    p.simulator.act({ kind: "policy", policy: { walmartReportLagDays: 3 } })
    return report(p, "2026-07-14")
  }),
  play("WMC-404-01", "an unknown path", (p) => p.connect("/nowhere")),
  play("WMC-404-02", "an unknown snapshot", (p) => p.connect("/snapshot?snapshotId=none")),
  play("WMC-429-01", "more calls than the hour's budget", async (p) => {
    p.simulator.act({ kind: "policy", policy: { walmartHourlyBudget: 1 } })
    await p.walmartCampaigns("Lindqvist Lanterns")
    return p.walmartCampaigns("Lindqvist Lanterns")
  })
]

const refresh = (p: Player, token: string) =>
  p.shopToken(
    { grant_type: "refresh_token", refresh_token: token },
    { "wm_partner.id": p.simulator.walmartSeller("Lindqvist Lanterns").id }
  )

const tokenPlays: ReadonlyArray<Play> = [
  play("WMP-TOK-01", "no basic authentication", (p) =>
    p.shopToken({ grant_type: "client_credentials" }, { authorization: "-" })
  ),
  play("WMP-TOK-02", "no service name", (p) =>
    p.shopToken({ grant_type: "client_credentials" }, { "wm_svc.name": "-" })
  ),
  play("WMP-TOK-03", "the partner id of another seller", async (p) =>
    p.shopExchange(await p.shopConsent(), {}, { "wm_partner.id": "1" })
  ),
  play("WMP-TOK-04", "a body that is no form", (p) =>
    p.shopToken({ grant_type: "client_credentials" }, { "content-type": "application/json" })
  ),
  play("WMP-TOK-07", "an unknown code", async (p) => p.shopExchange(await p.shopConsent(), { code: "F".repeat(32) })),
  play("WMP-TOK-05", "no code", (p) => p.shopToken({ grant_type: "authorization_code" }, { "wm_partner.id": "1" })),
  play("WMP-TOK-06", "an unknown grant type", (p) => p.shopToken({ grant_type: "password" })),
  play("WMP-TOK-08", "a code after five minutes", async (p) => {
    const callback = await p.shopConsent()
    p.simulator.advance(300_001)
    return p.shopExchange(callback)
  }),
  play("WMP-TOK-09", "a code used twice", async (p) => {
    const callback = await p.shopConsent()
    await p.shopExchange(callback)
    return p.shopExchange(callback)
  }),
  play("WMP-TOK-10", "another redirect address", async (p) =>
    p.shopExchange(await p.shopConsent(), { redirect_uri: "https://evil.example/" })
  ),
  play("WMP-TOK-11", "an unknown refresh token", (p) => refresh(p, "APXcIoTpx")),
  play("WMP-TOK-12", "a seller that removed us", async (p) => {
    const { refresh_token } = await p.shopTokens()
    p.simulator.revoke("walt")
    return refresh(p, refresh_token)
  }),
  play("WMP-TOK-13", "a refresh token after a year", async (p) => {
    const { refresh_token } = await p.shopTokens()
    p.simulator.advance(366 * 86_400_000)
    return refresh(p, refresh_token)
  })
]

const shopPlays: ReadonlyArray<Play> = [
  play("WMP-401-01", "a bearer token in place of the header", async (p) => {
    const tokens = await p.shopTokens()
    const authorization = `Bearer ${tokens.access_token}`
    return p.shop(tokens, "/v3/orders", { headers: { "wm_sec.access_token": "-", authorization } })
  }),
  play("WMP-401-02", "a token after fifteen minutes", async (p) => {
    const tokens = await p.shopTokens()
    p.simulator.advance(900_000)
    return p.shop(tokens, "/v3/orders")
  }),
  play("WMP-400-01", "no correlation id", async (p) =>
    p.shop(await p.shopTokens(), "/v3/orders", { headers: { "wm_qos.correlation_id": "-" } })
  ),
  play("WMP-400-02", "another market", async (p) =>
    p.shop(await p.shopTokens(), "/v3/orders", { headers: { wm_market: "ca" } })
  ),
  play("WMP-429-01", "more calls than the minute's", async (p) => {
    const tokens = await p.shopTokens()
    p.simulator.act({ kind: "policy", policy: { quotaScale: 0.01 } })
    await p.shop(tokens, "/v3/inventories")
    await p.shop(tokens, "/v3/inventories")
    return p.shop(tokens, "/v3/inventories")
  }),
  play("WMP-400-03", "a page that is too large", async (p) => p.shop(await p.shopTokens(), "/v3/orders?limit=5000")),
  play("WMP-403-01", "a scope that was taken away", async (p) => {
    const tokens = await p.shopTokens()
    const seller = p.simulator.walmartSeller("Lindqvist Lanterns").id
    p.simulator.act({ kind: "walmart-scope", seller, scope: "orders", level: "no_access" })
    return p.shop(tokens, "/v3/orders")
  }),
  play("WMP-404-01", "an unknown article", async (p) => p.shop(await p.shopTokens(), "/v3/inventory?sku=none")),
  play("WMP-404-02", "an unknown path", async (p) => p.shop(await p.shopTokens(), "/v3/nowhere")),
  play("WMP-405-01", "another method", async (p) => p.shop(await p.shopTokens(), "/v3/orders", { method: "DELETE" }))
]

const pagePlays: ReadonlyArray<Play> = [
  play("WML-AUT-01", "an unknown client", (p) => p.send(p.shopUrl({ clientId: "x" }))),
  play("WML-AUT-02", "an address that is not registered", (p) =>
    p.send(p.shopUrl({ redirectUri: "https://evil.example/" }))
  ),
  play("WML-AUT-03", "another response type", (p) => p.send(p.shopUrl({ responseType: "token" }))),
  play("WML-AUT-07", "a long state", (p) => p.send(p.shopUrl({ state: "s".repeat(2_049) }))),
  play("WML-AUT-04", "no nonce", (p) => p.send(p.shopUrl({ nonce: "-" }))),
  play("WML-AUT-05", "another client type", (p) => p.send(p.shopUrl({ clientType: "buyer" }))),
  play("WML-AUT-06", "a parameter in the wrong case", (p) => p.send(`${p.shopUrl({ clientId: "-" })}&client_id=x`))
]

/** The plays. */
export const plays: ReadonlyArray<Play> = [...connectPlays, ...tokenPlays, ...shopPlays, ...pagePlays]
