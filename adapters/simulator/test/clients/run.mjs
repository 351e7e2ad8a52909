// Published clients, as their READMEs use them, with nothing said about where the providers are: proxy and trust come
// from the environment. Prints one line of JSON: by client what it saw, or the error that it ended with.
import { createHash, randomBytes } from "node:crypto"

const control = process.env.PORTOLAN_SIMULATOR_URL
const json = async (response) => {
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`)
  return response.json()
}
const post = (path, body) =>
  fetch(`${control}/_sim/${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body)
  }).then(json)

const world = await fetch(`${control}/_sim/world`).then(json)
const [{ clientId, clientSecret, returnUrls, spApplicationId }] = world.applications
const [redirectUri] = returnUrls
const scope = "advertising::campaign_management"
const US = "ATVPDKIKX0DER"

/** Ada consents in a browser; gives the address that she is sent back to. */
const consent = async (url) => new URL((await post("consent", { as: "ada", url: String(url) })).url)
const authorizeUrl = (extra = {}) =>
  `https://www.amazon.com/ap/oa?${new URLSearchParams({ client_id: clientId, scope, response_type: "code", redirect_uri: redirectUri, state: "s", ...extra })}`
const verifier = randomBytes(32).toString("base64url")
const challenge = createHash("sha256").update(verifier).digest("base64url")

/** A seller's refresh token, as a client gets it from its database. */
const sellerRefreshToken = async () => {
  const back = await consent(
    `https://sellercentral.amazon.com/apps/authorize/consent?${new URLSearchParams({ application_id: spApplicationId, state: "s" })}`
  )
  const tokens = await fetch("https://api.amazon.com/auth/o2/token", {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "authorization_code",
      code: back.searchParams.get("spapi_oauth_code"),
      redirect_uri: redirectUri,
      client_id: clientId,
      client_secret: clientSecret
    })
  }).then(json)
  return tokens.refresh_token
}

const server = {
  issuer: "https://www.amazon.com",
  authorization_endpoint: "https://www.amazon.com/ap/oa",
  token_endpoint: "https://api.amazon.com/auth/o2/token"
}

const clients = {
  "amazon-sp-api-sdk-js": async () => {
    const { LwaAuthClient, NotificationsSpApi, ReportsSpApi, SellersSpApi, ScopeConstants } =
      await import("@amazon-sp-api-release/amazon-sp-api-sdk-js")
    const endpoint = "https://sellingpartnerapi-na.amazon.com"
    const refreshToken = await sellerRefreshToken()
    const sellers = new SellersSpApi.ApiClient(endpoint)
    sellers.enableAutoRetrievalAccessToken(clientId, clientSecret, refreshToken, null)
    const participations = await new SellersSpApi.SellersApi(sellers).getMarketplaceParticipations()
    const reports = new ReportsSpApi.ApiClient(endpoint)
    reports.enableAutoRetrievalAccessToken(clientId, clientSecret, refreshToken, null)
    const order = new ReportsSpApi.CreateReportSpecification("GET_MERCHANT_LISTINGS_ALL_DATA", [US])
    const made = await new ReportsSpApi.ReportsApi(reports).createReport(order)
    const grantless = new LwaAuthClient(clientId, clientSecret, null, ScopeConstants.SCOPE_NOTIFICATION_API)
    const token = await grantless.getAccessToken()
    const notifications = new NotificationsSpApi.ApiClient(endpoint)
    notifications.applyXAmzAccessTokenToRequest?.(token)
    return [participations.payload.length, /^\d+$/.test(made.reportId), token.startsWith("Atza|")]
  },
  "amazon-sp-api": async () => {
    const { SellingPartner } = await import("amazon-sp-api")
    const partner = new SellingPartner({
      region: "na",
      refresh_token: await sellerRefreshToken(),
      credentials: { SELLING_PARTNER_APP_CLIENT_ID: clientId, SELLING_PARTNER_APP_CLIENT_SECRET: clientSecret }
    })
    const participations = await partner.callAPI({ operation: "getMarketplaceParticipations", endpoint: "sellers" })
    const made = await partner.callAPI({
      operation: "createReport",
      endpoint: "reports",
      body: { reportType: "GET_MERCHANT_LISTINGS_ALL_DATA", marketplaceIds: [US] }
    })
    await post("advance", { milliseconds: 120_000 })
    const report = await partner.callAPI({ operation: "getReport", endpoint: "reports", path: made })
    const document = await partner.callAPI({
      operation: "getReportDocument",
      endpoint: "reports",
      path: { reportDocumentId: report.reportDocumentId }
    })
    const rows = await partner.download(document)
    return [participations.length, report.processingStatus, String(rows).split("\n")[0]]
  },
  "@sp-api-sdk": async () => {
    const { SellingPartnerApiAuth } = await import("@sp-api-sdk/auth")
    const { ReportsApiClient } = await import("@sp-api-sdk/reports-api-2021-06-30")
    const auth = new SellingPartnerApiAuth({ clientId, clientSecret, refreshToken: await sellerRefreshToken() })
    const reports = new ReportsApiClient({ auth, region: "na" })
    const order = { reportType: "GET_MERCHANT_LISTINGS_ALL_DATA", marketplaceIds: [US] }
    const made = await reports.createReport({ body: order })
    const { data } = await reports.getReports({ reportTypes: [order.reportType] })
    return [/^\d+$/.test(made.data.reportId), data.reports.some((one) => one.reportId === made.data.reportId)]
  },
  "@scaleleap/amazon-advertising-api-sdk": async () => {
    const sdk = await import("@scaleleap/amazon-advertising-api-sdk")
    const { AmazonAdvertising, OAuthClient } = sdk.default ?? sdk
    const marketplaces = await import("@scaleleap/amazon-marketplaces")
    const { amazonMarketplaces } = marketplaces.default ?? marketplaces
    const oauth = new OAuthClient({ clientId, clientSecret, redirectUri }, amazonMarketplaces.US)
    const back = await consent(oauth.getUri({ state: "s" }))
    const token = await oauth.getToken(back.href)
    const refreshed = await oauth.createToken(token.accessToken, token.refreshToken).refresh()
    const api = new AmazonAdvertising(amazonMarketplaces.US, {
      clientId,
      accessToken: refreshed.accessToken,
      refreshToken: refreshed.refreshToken
    })
    const profiles = await api.profile.listProfiles()
    return [profiles.length > 0, profiles[0].accountInfo.type]
  },
  oauth4webapi: async () => {
    const oauth = await import("oauth4webapi")
    const client = { client_id: clientId }
    const back = await consent(authorizeUrl({ code_challenge: challenge, code_challenge_method: "S256" }))
    const parameters = oauth.validateAuthResponse(server, client, back, "s")
    // Encodes both credentials before it joins them, as the standard asks.
    const authentication = oauth.ClientSecretBasic(clientSecret)
    const first = await oauth.processAuthorizationCodeResponse(
      server,
      client,
      await oauth.authorizationCodeGrantRequest(server, client, authentication, parameters, redirectUri, verifier)
    )
    const second = await oauth.processRefreshTokenResponse(
      server,
      client,
      await oauth.refreshTokenGrantRequest(server, client, authentication, first.refresh_token)
    )
    return [first.expires_in, second.refresh_token === first.refresh_token]
  },
  "openid-client": async () => {
    const openid = await import("openid-client")
    const configuration = new openid.Configuration(server, clientId, clientSecret)
    const back = await consent(
      openid.buildAuthorizationUrl(configuration, {
        redirect_uri: redirectUri,
        scope,
        state: "s",
        code_challenge: challenge,
        code_challenge_method: "S256"
      })
    )
    const first = await openid.authorizationCodeGrant(configuration, back, {
      pkceCodeVerifier: verifier,
      expectedState: "s"
    })
    const second = await openid.refreshTokenGrant(configuration, first.refresh_token)
    return [first.expires_in, second.refresh_token === first.refresh_token]
  },
  "simple-oauth2": async () => {
    const { AuthorizationCode } = await import("simple-oauth2")
    const flow = new AuthorizationCode({
      client: { id: clientId, secret: clientSecret },
      auth: {
        tokenHost: "https://api.amazon.com",
        tokenPath: "/auth/o2/token",
        authorizeHost: "https://www.amazon.com",
        authorizePath: "/ap/oa"
      }
    })
    const back = await consent(flow.authorizeURL({ redirect_uri: redirectUri, scope, state: "s" }))
    // Without a return address, as its users often leave it.
    const token = await flow.getToken({ code: back.searchParams.get("code") })
    const refreshed = await token.refresh()
    return [token.token.expires_in, refreshed.token.refresh_token === token.token.refresh_token]
  },
  arctic: async () => {
    const { OAuth2Client } = await import("arctic")
    const client = new OAuth2Client(clientId, clientSecret, redirectUri)
    const url = client.createAuthorizationURLWithPKCE(server.authorization_endpoint, "s", 0, verifier, [scope])
    const back = await consent(url)
    const tokens = await client.validateAuthorizationCode(
      server.token_endpoint,
      back.searchParams.get("code"),
      verifier
    )
    const refreshed = await client.refreshAccessToken(server.token_endpoint, tokens.refreshToken(), [])
    return [tokens.accessTokenExpiresInSeconds(), refreshed.refreshToken() === tokens.refreshToken()]
  }
}

const seen = {}
for (const [name, run] of Object.entries(clients)) {
  seen[name] = await run().catch((error) =>
    `${error?.message ?? error} ${error?.cause ?? ""} ${error?.stack ?? ""}`.slice(0, 900)
  )
}
console.log(JSON.stringify(seen))
process.exit()
