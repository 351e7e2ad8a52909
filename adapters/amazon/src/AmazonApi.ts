/** The `ProviderApi` port for Amazon: the channels `amazon-ads` and `amazon-sp`. */
import { ProviderApi } from "@portolan/ports"
import { OAuth, Transport, Windows } from "@portolan/wire"
import { Effect, Layer } from "effect"
import { HttpClient } from "effect/http"
import * as Ads from "./Ads.ts"
import * as AdsReports from "./AdsReports.ts"
import { authorize } from "./authorize.ts"
import * as FindSellers from "./findSellers.ts"
import * as Inspect from "./Inspect.ts"
import * as Inventory from "./Inventory.ts"
import * as Listings from "./Listings.ts"
import * as ListProfiles from "./listProfiles.ts"
import * as Login from "./Login.ts"
import * as Prove from "./Prove.ts"
import { readCallback } from "./readCallback.ts"
import { revoke } from "./revoke.ts"
import * as Sales from "./Sales.ts"
import * as SellingPartner from "./SellingPartner.ts"
import * as Settings from "./Settings.ts"
import { readStart } from "./start.ts"

type Api = ProviderApi.ProviderApi["Service"]

const unavailable = (channel: string, detail: string) =>
  Effect.fail(new ProviderApi.ChannelUnavailable({ channel, detail }))

const foreign = (channel: string) => unavailable(channel, "it is not a channel of Amazon")

/** Builds the port over any HTTP client. Nothing is shared between calls but the waits that Amazon asked for. */
export const make = (given: Settings.Given, client: HttpClient.HttpClient): Api => {
  const settings = Settings.resolve(given)
  const transport: Login.AmazonTransport = Transport.make(settings, client)
  const sendAds = Ads.sender(transport)
  const sendSp = SellingPartner.sender(transport)
  const discoverAds = ListProfiles.discover(sendAds)
  const discoverSp = FindSellers.discover(sendSp)
  const proveAds = Prove.login(transport, (accessToken) => Login.userOf(transport, accessToken))
  const proveSp = Prove.sellingPartner(sendSp, settings.assumptions.identityAsin)
  const inspectAds = Inspect.ads(discoverAds, sendAds)
  const inspectSp = Inspect.sellingPartner(discoverSp)
  const load = Windows.load(foreign, {
    "amazon-ads": { label: "the Ads API", loaders: { advertising: AdsReports.load(transport, sendAds) } },
    "amazon-sp": {
      label: "the Selling Partner API",
      loaders: {
        sales: Sales.load(sendSp),
        inventory: Inventory.load(transport, sendSp),
        content: Listings.load(transport, sendSp)
      },
      objection: ({ accountType }, { dataClass }) =>
        accountType === "seller" ? undefined : `no call for ${dataClass} of a vendor is known`
    }
  })

  return {
    authorizeUrl: (request) => Effect.fromResult(authorize(settings, request)),
    readCallback,
    readStart: readStart(settings),
    ...OAuth.make(Login.provider(transport)),
    prove: (access) => {
      if (access.channel === "amazon-ads") return proveAds(access)
      return access.channel === "amazon-sp" ? proveSp(access) : foreign(access.channel)
    },
    discover: (access) => {
      if (access.channel === "amazon-ads") return discoverAds(access)
      return access.channel === "amazon-sp" ? discoverSp(access) : foreign(access.channel)
    },
    advertisers: (region) =>
      unavailable("amazon-ads", `Amazon gives access by consent only, so there is nobody to look for in ${region}`),
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
