/** The `ProviderApi` port for Walmart: the channels `walmart-marketplace` and `walmart-connect`. */
import { Day, Failure } from "@portolan/domain"
import { ProviderApi } from "@portolan/ports"
import { Guard, Wire } from "@portolan/wire"
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
import { readCallback } from "./readCallback.ts"
import { revoke } from "./revoke.ts"
import * as Sales from "./Sales.ts"
import * as Seller from "./Seller.ts"
import * as Settings from "./Settings.ts"
import * as Token from "./Token.ts"

type Api = typeof ProviderApi.ProviderApi.Service
type LoadError = ProviderApi.CallError | Failure.RequestRefused

const refused = (detail: string) => Effect.fail(new Failure.RequestRefused({ detail, beyondRetention: false }))
const foreign = (channel: string) => Effect.fail(Hosts.unavailable(channel, "it is not a channel of Walmart"))

/**
 * Builds the port over any HTTP client. Nothing is shared between calls but the waits that Walmart asked for. Throws
 * `Settings.UnusableKey` when the private key cannot sign.
 */
export const make = (given: Settings.Given, client: HttpClient.HttpClient): Api => {
  const settings = Settings.resolve(given)
  const parts: Token.Parts = { settings, wire: Wire.make(client, settings.limits), guard: Guard.make() }
  const send = Seller.sender(parts)
  const connect = Connect.make(parts)
  const advertisers = Advertisers.make(parts, connect)
  const discoverSeller = Seller.discover(parts, send)
  const inspectConnect = Inspect.connect(advertisers, connect)
  const advertising = AdReports.load(parts, connect)
  const sales = Sales.load(parts, send)
  const inventory = Inventory.load(parts, send)
  const content = Items.load(parts, send)

  const load = (
    access: ProviderApi.Access,
    request: ProviderApi.WindowRequest
  ): Effect.Effect<ProviderApi.WindowAnswer, LoadError> => {
    const { dataClass, from, profile, until } = request
    if (access.channel !== "walmart-connect" && access.channel !== "walmart-marketplace") return foreign(access.channel)
    if (profile.key.channel !== access.channel) return refused(`the profile belongs to ${profile.key.channel}`)
    if (profile.key.region !== access.region) return refused(`the profile belongs to the region ${profile.key.region}`)
    if (Day.between(from, until) < 1) return refused("the window is empty")
    if (access.channel === "walmart-connect") {
      return dataClass === "advertising" ? advertising(request) : refused(`Walmart Connect gives no ${dataClass}`)
    }
    switch (dataClass) {
      case "sales":
        return sales(access, request)
      case "inventory":
        return inventory(access, request)
      case "content":
        return content(access, request)
      default:
        return refused(`Walmart Marketplace gives no ${dataClass}`)
    }
  }

  return {
    authorizeUrl: (request) => Effect.fromResult(authorize(settings, request)),
    readCallback: readCallback(settings),
    ...Token.make(parts),
    discover: (access) => {
      if (access.channel === "walmart-marketplace") return discoverSeller(access)
      return access.channel === "walmart-connect"
        ? Effect.fail(
            Hosts.unavailable(
              access.channel,
              "no consent leads to an advertiser; look among the advertisers of the market"
            )
          )
        : foreign(access.channel)
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
