/** The `ProviderApi` port for Amazon: the channels `amazon-ads` and `amazon-sp`. */
import { Day, Failure } from "@portolan/domain"
import { ProviderApi } from "@portolan/ports"
import { Guard, Wire } from "@portolan/wire"
import { Effect, Layer } from "effect"
import { HttpClient } from "effect/http"
import * as Ads from "./Ads.ts"
import * as AdsReports from "./AdsReports.ts"
import { authorize } from "./authorize.ts"
import * as Inspect from "./Inspect.ts"
import * as Inventory from "./Inventory.ts"
import * as Listings from "./Listings.ts"
import * as Login from "./Login.ts"
import { readCallback } from "./readCallback.ts"
import { revoke } from "./revoke.ts"
import * as Sales from "./Sales.ts"
import * as SellingPartner from "./SellingPartner.ts"
import * as Settings from "./Settings.ts"

type Api = typeof ProviderApi.ProviderApi.Service
type LoadError = ProviderApi.CallError | Failure.RequestRefused

const refused = (detail: string) => Effect.fail(new Failure.RequestRefused({ detail, beyondRetention: false }))

const foreign = (channel: string) =>
  Effect.fail(new ProviderApi.ChannelUnavailable({ channel, detail: "it is not a channel of Amazon" }))

/** Builds the port over any HTTP client. Nothing is shared between calls but the waits that Amazon asked for. */
export const make = (given: Settings.Given, client: HttpClient.HttpClient): Api => {
  const settings = Settings.resolve(given)
  const parts: Login.Parts = { settings, wire: Wire.make(client, settings.limits), guard: Guard.make() }
  const sendAds = Ads.sender(parts)
  const sendSp = SellingPartner.sender(parts)
  const discoverAds = Ads.discover(sendAds)
  const discoverSp = SellingPartner.discover(sendSp)
  const inspectAds = Inspect.ads(discoverAds, sendAds)
  const inspectSp = Inspect.sellingPartner(discoverSp)
  const advertising = AdsReports.load(parts, sendAds)
  const sales = Sales.load(sendSp)
  const inventory = Inventory.load(parts, sendSp)
  const content = Listings.load(parts, sendSp)

  const load = (
    access: ProviderApi.Access,
    request: ProviderApi.WindowRequest
  ): Effect.Effect<ProviderApi.WindowAnswer, LoadError> => {
    const { dataClass, from, profile, until } = request
    if (access.channel !== "amazon-ads" && access.channel !== "amazon-sp") return foreign(access.channel)
    if (profile.key.channel !== access.channel) return refused(`the profile belongs to ${profile.key.channel}`)
    if (profile.key.region !== access.region) return refused(`the profile belongs to the region ${profile.key.region}`)
    if (Day.between(from, until) < 1) return refused("the window is empty")
    if (access.channel === "amazon-ads") {
      return dataClass === "advertising" ? advertising(access, request) : refused(`the Ads API gives no ${dataClass}`)
    }
    if (access.accountType !== "seller") return refused(`no call for ${dataClass} of a vendor is known`)
    switch (dataClass) {
      case "sales":
        return sales(access, request)
      case "inventory":
        return inventory(access, request)
      case "content":
        return content(access, request)
      default:
        return refused(`the Selling Partner API gives no ${dataClass}`)
    }
  }

  return {
    authorizeUrl: (request) => Effect.fromResult(authorize(settings, request)),
    readCallback,
    ...Login.make(parts),
    discover: (access) => {
      if (access.channel === "amazon-ads") return discoverAds(access)
      return access.channel === "amazon-sp" ? discoverSp(access) : foreign(access.channel)
    },
    advertisers: (region) =>
      Effect.fail(
        new ProviderApi.ChannelUnavailable({
          channel: "amazon-ads",
          detail: `Amazon gives access by consent only, so there is nobody to look for in ${region}`
        })
      ),
    inspect: (access, about) => {
      if (access.channel === "amazon-ads") return inspectAds(access, about)
      return access.channel === "amazon-sp" ? inspectSp(access, about) : foreign(access.channel)
    },
    revoke: (request) => Effect.sync(() => revoke(request)),
    load: Effect.fn("AmazonApi.load")(load)
  }
}

/** Provides the port; the HTTP client decides how bytes travel, so tests can answer in process. */
export const layer = (settings: Settings.Given): Layer.Layer<ProviderApi.ProviderApi, never, HttpClient.HttpClient> =>
  Layer.effect(
    ProviderApi.ProviderApi,
    Effect.map(HttpClient.HttpClient, (client) => make(settings, client))
  )
