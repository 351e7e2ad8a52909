/**
 * Amazon, where a consent begins in Seller Central: "Authorize" opens the application's log-in URI. In every fifth
 * world the application is a draft.
 *
 * @see https://developer-docs.amazon.com/sp-api/docs/selling-partner-appstore-authorization-workflow
 */
import { AmazonApi } from "@portolan/amazon"
import type { Marketplace } from "@portolan/domain"
import { Deployment } from "@portolan/ports"
import { Preset, Simulator } from "@portolan/simulator"
import { Redacted } from "effect"
import { type Door, origin, pick, type Provider, type Seller, sellers } from "./door.ts"

const console = "https://sellercentral.amazon.com"

const situation: Preset.Preset = {
  id: "marketplace",
  title: "Sellers who begin their consents at Amazon",
  policy: { quotaScale: 0 },
  accounts: sellers.map((key) => ({
    key,
    kind: "seller",
    name: `Shop of ${key}`,
    region: "NA",
    countries: ["US"],
    skuCount: 1
  })),
  people: sellers.map((id) => ({ id, name: id, role: "owner", owns: [id], edit: [id] }))
}

const addresses = [
  "https://evil.example/apps/authorize/confirm/",
  "https://sellercentral.amazon.com.evil.example/apps/authorize/confirm/",
  "http://sellercentral.amazon.com/apps/authorize/confirm/",
  "https://sellercentral.amazon.com@evil.example/apps/authorize/confirm/",
  "https://sellercentral.amazon.com/redirect?to=https://evil.example/apps/authorize/confirm/"
] as const

const changes = (applicationId: string): Door["changes"] => ({
  "missing-parameter": (query, draw) =>
    query.delete(pick(["amazon_callback_uri", "amazon_state", "selling_partner_id"], draw)),
  "malformed-seller": (query, draw) =>
    draw < 0.5 ? query.set("selling_partner_id", "<b>") : query.append("selling_partner_id", "A0OTHER"),
  "foreign-address": (query, draw) => query.set("amazon_callback_uri", `${pick(addresses, draw)}${applicationId}`),
  "other-application": (query) =>
    query.set("amazon_callback_uri", `${console}/apps/authorize/confirm/amzn1.sp.solution.other`)
})

const weights: Door["weights"] = {
  renew: 20,
  new: 22,
  foreign: 10,
  twice: 8,
  resumed: 10,
  "missing-parameter": 6,
  "malformed-seller": 2,
  "foreign-address": 6,
  "other-application": 3,
  "claimed-seller": 5,
  "forged-callback": 5,
  "other-browser": 4
}

/** Puts up Amazon. */
export const amazon = (seed: number): Provider => {
  const text = `marketplace-${seed}`
  const returnUrls = [Deployment.callbackUri(origin, "amazon-sp")]
  const simulator = Simulator.make({ seed: text, preset: situation, returnUrls })
  simulator.registerLoginUri(Deployment.loginUri(origin, "amazon-sp"))
  const isDraft = seed % 5 === 0
  const application =
    Object.values(simulator.world().applications).find(({ draft }) => draft === isDraft) ?? simulator.application()
  const { clientId, clientSecret, spApplicationId } = application
  const applicationId = spApplicationId ?? ""
  const sp = {
    clientId,
    clientSecret: Redacted.make(clientSecret),
    applicationId,
    draft: isDraft,
    userAgent: "Portolan/0.1 (Language=TypeScript)"
  }
  const door: Door = {
    channel: "amazon-sp",
    accountType: "seller",
    marketplaceId: "ATVPDKIKX0DER" as Marketplace.MarketplaceId,
    button: { console, application: applicationId },
    isDraft,
    sellerParameter: "selling_partner_id",
    callbackSeller: "selling_partner_id",
    nobody: "A0NOBODYHASIT",
    weights,
    changes: changes(applicationId),
    api: (client) => AmazonApi.make({ sp }, client)
  }
  return { simulator, door, idOf: (key: Seller) => Preset.accountId(text, { key, kind: "seller" }) }
}
