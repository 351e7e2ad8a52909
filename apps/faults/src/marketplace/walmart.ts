/**
 * Walmart, where a consent begins in the App Store: "Connect" opens the App Log-in URL. What Walmart appends to it is
 * not confirmed, so in every second world it names no seller.
 *
 * @see https://developer.walmart.com/us-marketplace/docs/log-in-and-authorize-app-scope
 */
import type { Marketplace } from "@portolan/domain"
import { Deployment } from "@portolan/ports"
import { Preset, Simulator } from "@portolan/simulator"
import { WalmartApi } from "@portolan/walmart"
import { Redacted } from "effect"
import { type Door, origin, type Provider, type Seller, sellers } from "./door.ts"

const nameOf = (key: Seller) => `Shop of ${key}`

const situation = (isNamed: boolean): Preset.Preset => ({
  id: "marketplace",
  title: "Sellers who begin their consents in Walmart's App Store",
  policy: { quotaScale: 0, walmartStartSeller: isNamed ? "sellerId" : null },
  accounts: [],
  people: sellers.map((id) => ({ id, name: id, role: "owner" })),
  walmart: { sellers: sellers.map((key) => ({ key, name: nameOf(key), skuCount: 1, admins: [key] })) }
})

const changes: Door["changes"] = {
  "malformed-seller": (query, draw) => {
    query.append("sellerId", draw < 0.5 ? "<b>" : "1")
    query.append("sellerId", "2")
  },
  "passed-over": (query) => {
    query.set("callbackUri", "https://evil.example/app-store/done")
    query.set("redirectUri", "https://evil.example/callback")
  }
}

const weights: Door["weights"] = {
  renew: 20,
  new: 22,
  foreign: 10,
  twice: 8,
  resumed: 10,
  "passed-over": 6,
  "malformed-seller": 5,
  "claimed-seller": 5,
  "forged-callback": 5,
  "other-client": 5,
  "other-browser": 4
}

/** Puts up Walmart. */
export const walmart = (seed: number): Provider => {
  const isNamed = seed % 2 === 1
  const simulator = Simulator.make({
    seed: `marketplace-${seed}`,
    preset: situation(isNamed),
    returnUrls: [Deployment.callbackUri(origin, "walmart-marketplace")]
  })
  simulator.registerLoginUri(Deployment.loginUri(origin, "walmart-marketplace"), "walmart")
  const { clientId, clientSecret } = simulator.walmartApplication()
  const marketplace = { clientId, clientSecret: Redacted.make(clientSecret) }
  const door: Door = {
    channel: "walmart-marketplace",
    accountType: "walmart-3p",
    marketplaceId: "WALMART_US" as Marketplace.MarketplaceId,
    button: { console: "https://seller.walmart.com", page: "/app-store", application: clientId },
    isDraft: false,
    sellerParameter: isNamed ? "sellerId" : undefined,
    callbackSeller: "sellerId",
    nobody: "999999999999",
    weights,
    changes,
    api: (client) => WalmartApi.make({ marketplace }, client)
  }
  return { simulator, door, idOf: (key: Seller) => simulator.walmartSeller(nameOf(key)).id }
}
