/** The adapters of providers: their credentials from the settings, or from the simulated providers. */
import { AmazonApi, AmazonApplications, Settings as AmazonSettings } from "@portolan/amazon"
import type { Channel } from "@portolan/domain"
import { Applications, liveSecrets, ProviderApi, providersByChannel, TokenVault } from "@portolan/ports"
import { Settings as WalmartSettings, WalmartApi, WalmartApplications } from "@portolan/walmart"
import { Context, Effect, Layer, Redacted } from "effect"
import { HttpClient } from "effect/http"
import { lazyHttpClient } from "./lazyHttpClient.ts"
import type { DeploymentSecrets } from "./DeploymentSecrets.ts"
import * as SecretDays from "./secretDays.ts"
import type { Settings } from "./Settings.ts"
import { type Simulated, userAgent } from "./simulated.ts"

/** Everything that is known before the layers are built. */
export interface Installation {
  readonly settings: Settings
  readonly secrets: DeploymentSecrets
  /** Where browsers reach this installation. */
  readonly origin: string
  /** Absent with the real providers. */
  readonly simulated: Simulated | undefined
}

type Providing = Pick<Installation, "settings" | "simulated">

const liveAmazon = (settings: Settings): AmazonSettings.Given => ({
  ...(settings.AMAZON_ADS_CLIENT_ID === undefined || settings.AMAZON_ADS_CLIENT_SECRET === undefined
    ? {}
    : { ads: { clientId: settings.AMAZON_ADS_CLIENT_ID, clientSecret: settings.AMAZON_ADS_CLIENT_SECRET } }),
  ...(settings.AMAZON_SP_APPLICATION_ID === undefined ||
  settings.AMAZON_SP_CLIENT_ID === undefined ||
  settings.AMAZON_SP_CLIENT_SECRET === undefined
    ? {}
    : {
        sp: {
          applicationId: settings.AMAZON_SP_APPLICATION_ID,
          clientId: settings.AMAZON_SP_CLIENT_ID,
          clientSecret: settings.AMAZON_SP_CLIENT_SECRET,
          draft: settings.AMAZON_SP_DRAFT === "yes",
          userAgent
        }
      })
})

const liveWalmart = (settings: Settings): WalmartSettings.Given => ({
  ...(settings.WALMART_CLIENT_ID === undefined || settings.WALMART_CLIENT_SECRET === undefined
    ? {}
    : { marketplace: { clientId: settings.WALMART_CLIENT_ID, clientSecret: settings.WALMART_CLIENT_SECRET } }),
  ...(settings.WALMART_CONNECT_CONSUMER_ID === undefined ||
  settings.WALMART_CONNECT_TOKEN === undefined ||
  settings.WALMART_CONNECT_KEY === undefined
    ? {}
    : {
        connect: {
          consumerId: settings.WALMART_CONNECT_CONSUMER_ID,
          authToken: settings.WALMART_CONNECT_TOKEN,
          // An environment variable holds one line.
          privateKey: Redacted.make(Redacted.value(settings.WALMART_CONNECT_KEY).replaceAll("\\n", "\n")),
          keyVersion: settings.WALMART_CONNECT_KEY_VERSION
        }
      })
})

// The simulator is asked often, because it answers soon; the real providers are asked as their documents advise.
const amazonOf = ({ settings, simulated }: Providing): AmazonSettings.Given => ({
  assumptions: SecretDays.amazon(settings),
  ...(simulated === undefined
    ? liveAmazon(settings)
    : {
        ads: simulated.ads,
        sp: simulated.sp,
        addresses: (host) => `${simulated.url}/${host}`,
        limits: { adsPollSeconds: 1, spPollSeconds: 1 }
      })
})

const walmartOf = ({ settings, simulated }: Providing): WalmartSettings.Given => ({
  assumptions: SecretDays.walmart(settings),
  ...(simulated === undefined
    ? liveWalmart(settings)
    : {
        ...simulated.walmart,
        addresses: (host) => `${simulated.url}/${host}`,
        limits: { reportPollSeconds: 1, advertisersPollSeconds: 1 }
      })
})

/** One provider port over the adapters there are credentials for. They send the secrets that the vault says. */
export const providers = (installation: Installation) =>
  Layer.effect(
    ProviderApi.ProviderApi,
    Effect.gen(function* () {
      const secrets = liveSecrets({
        applications: yield* Applications.Applications,
        vault: yield* TokenVault.TokenVault
      })
      const amazonGiven = { ...amazonOf(installation), secrets }
      const walmartGiven = { ...walmartOf(installation), secrets }
      const amazon = Context.get(yield* Layer.build(AmazonApi.layer(amazonGiven)), ProviderApi.ProviderApi)
      const walmart = Context.get(yield* Layer.build(WalmartApi.layer(walmartGiven)), ProviderApi.ProviderApi)
      return providersByChannel({
        ...(amazonGiven.ads === undefined ? {} : { "amazon-ads": amazon }),
        ...(amazonGiven.sp === undefined ? {} : { "amazon-sp": amazon }),
        ...(walmartGiven.connect === undefined ? {} : { "walmart-connect": walmart }),
        ...(walmartGiven.marketplace === undefined ? {} : { "walmart-marketplace": walmart })
      })
    })
  ).pipe(Layer.provide(lazyHttpClient))

/** The applications that the settings name, for the care of their secrets. */
export const applications = (installation: Providing) =>
  Layer.effect(
    Applications.Applications,
    Effect.map(HttpClient.HttpClient, (client) => ({
      all: [
        ...AmazonApplications.make(amazonOf(installation), client),
        ...WalmartApplications.make(walmartOf(installation), client)
      ],
      readNotice: AmazonApplications.readNotice
    }))
  ).pipe(Layer.provide(lazyHttpClient))

/** The channels there are credentials for. */
export const channels = (installation: Installation): ReadonlyArray<Channel.Channel> => {
  const amazon = amazonOf(installation)
  const walmart = walmartOf(installation)
  return [
    ...(amazon.ads === undefined ? [] : ["amazon-ads" as const]),
    ...(amazon.sp === undefined ? [] : ["amazon-sp" as const]),
    ...(walmart.connect === undefined ? [] : ["walmart-connect" as const]),
    ...(walmart.marketplace === undefined ? [] : ["walmart-marketplace" as const])
  ]
}
