/** The `ProviderApi` port for Walmart: the channels `walmart-marketplace` and `walmart-connect`. */
import { ProviderApi } from "@portolan/ports"
import { OAuth, Transport, Windows } from "@portolan/wire"
import { Effect, Layer } from "effect"
import { HttpClient } from "effect/http"
import * as AdReports from "./AdReports.ts"
import * as Advertisers from "./Advertisers.ts"
import { authorize } from "./authorize.ts"
import * as Connect from "./Connect.ts"
import * as Hosts from "./Hosts.ts"
import * as Inspect from "./Inspect.ts"
import * as Inventory from "./Inventory.ts"
import * as Items from "./Items.ts"
import * as Prove from "./Prove.ts"
import { readCallback } from "./readCallback.ts"
import { readStart } from "./readStart.ts"
import { revoke } from "./revoke.ts"
import * as Sales from "./Sales.ts"
import * as Seller from "./Seller.ts"
import * as Settings from "./Settings.ts"
import * as Token from "./Token.ts"

type Api = ProviderApi.ProviderApi["Service"]

const foreign = (channel: string) => Effect.fail(Hosts.unavailable(channel, "it is not a channel of Walmart"))

/**
 * Builds the port over any HTTP client. Nothing is shared between calls but the waits that Walmart asked for. Throws
 * `Settings.UnusableKey` when the private key cannot sign.
 */
export const make = (given: Settings.Given, client: HttpClient.HttpClient): Api => {
  const settings = Settings.resolve(given)
  const transport: Token.WalmartTransport = Transport.make(settings, client)
  const send = Seller.sender(transport)
  const connect = Connect.make(transport)
  const advertisers = Advertisers.make(transport, connect)
  const discoverSeller = Seller.discover(transport, send)
  const proveSeller = Prove.seller(send)
  const inspectConnect = Inspect.connect(advertisers, connect)
  const advertising = AdReports.load(transport, connect)
  const sales = Sales.load(transport, send)
  const inventory = Inventory.load(transport, send)
  const content = Items.load(transport, send)

  const load = Windows.load(foreign, {
    "walmart-connect": { label: "Walmart Connect", loaders: { advertising: (_, request) => advertising(request) } },
    "walmart-marketplace": { label: "Walmart Marketplace", loaders: { sales, inventory, content } }
  })

  return {
    authorizeUrl: (request) => Effect.fromResult(authorize(settings, request)),
    readCallback: readCallback(settings),
    readStart: readStart(settings),
    ...OAuth.make(Token.provider(transport)),
    prove: (access) => {
      if (access.channel === "walmart-marketplace") return proveSeller(access)
      return access.channel === "walmart-connect" ? Effect.succeed(Prove.advertiser) : foreign(access.channel)
    },
    discover: (access) => {
      if (access.channel === "walmart-marketplace") return discoverSeller(access)
      if (access.channel !== "walmart-connect") return foreign(access.channel)
      const detail = "no consent leads to an advertiser; look among the advertisers of the market"
      return Effect.fail(Hosts.unavailable(access.channel, detail))
    },
    advertisers,
    inspect: (access, about) => {
      if (access.channel === "walmart-connect") return inspectConnect(access, about)
      return access.channel === "walmart-marketplace" ? Effect.succeed(Inspect.marketplace) : foreign(access.channel)
    },
    revoke: (request) => Effect.sync(() => revoke(request)),
    load: Effect.fn("WalmartApi.load")(load)
  }
}

/** Provides the port; the HTTP client decides how bytes travel, so tests can answer in process. */
export const layer = (settings: Settings.Given): Layer.Layer<ProviderApi.ProviderApi, never, HttpClient.HttpClient> =>
  Layer.effect(
    ProviderApi.ProviderApi,
    Effect.map(HttpClient.HttpClient, (client) => make(settings, client))
  )
