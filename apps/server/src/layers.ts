/** Which adapter stands behind which port. The only place that chooses. */
import { createHmac } from "node:crypto"
import { join } from "node:path"
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import { AmazonApi, Settings as AmazonSettings } from "@portolan/amazon"
import { IdentityBetterAuth } from "@portolan/identity"
import type { Channel } from "@portolan/domain"
import { MailerSmtp } from "@portolan/mail"
import { SecretsCrypto } from "@portolan/secrets"
import { useCases, Deployment, Notifier, NotifierByMail, ProviderApi, providersByChannel } from "@portolan/ports"
import { Database, PostgresAdapters } from "@portolan/postgres"
import { Settings as WalmartSettings, WalmartApi } from "@portolan/walmart"
import { Context, Effect, Layer, Redacted } from "effect"
import { signIn as demoSignIn } from "./demoSignIn.ts"
import type { DeploymentSecrets } from "./DeploymentSecrets.ts"
import { keyRing } from "./keyRing.ts"
import { addressOf } from "./listen.ts"
import * as NotifierLog from "./NotifierLog.ts"
import { isDemo, type Settings } from "./Settings.ts"
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

/** A secret for one use, so that what leaks from one place opens no other. */
const secretFor = (secrets: DeploymentSecrets, use: string) =>
  Redacted.make(createHmac("sha256", Redacted.value(secrets.secret)).update(`portolan/${use}`).digest("base64url"))

/** The database that the settings name: a PostgreSQL server, or the embedded one in the data folder. */
export const database = (settings: Settings) =>
  settings.DATABASE_URL === undefined
    ? Database.layerPGlite({ dataDir: join(settings.DATA_DIR, "database") })
    : Database.layerPostgres({ url: Redacted.make(settings.DATABASE_URL), poolSize: settings.DATABASE_POOL })

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
const amazonOf = ({ settings, simulated }: Installation): AmazonSettings.Given =>
  simulated === undefined
    ? liveAmazon(settings)
    : {
        ads: simulated.ads,
        sp: simulated.sp,
        addresses: (host) => `${simulated.url}/${host}`,
        limits: { adsPollSeconds: 1, spPollSeconds: 1 }
      }

const walmartOf = ({ settings, simulated }: Installation): WalmartSettings.Given =>
  simulated === undefined
    ? liveWalmart(settings)
    : {
        ...simulated.walmart,
        addresses: (host) => `${simulated.url}/${host}`,
        limits: { reportPollSeconds: 1, advertisersPollSeconds: 1 }
      }

/** One provider port over the adapters there are credentials for. */
const providers = (installation: Installation) =>
  Layer.effect(
    ProviderApi.ProviderApi,
    Effect.gen(function* () {
      const amazonGiven = amazonOf(installation)
      const walmartGiven = walmartOf(installation)
      const amazon = Context.get(yield* Layer.build(AmazonApi.layer(amazonGiven)), ProviderApi.ProviderApi)
      const walmart = Context.get(yield* Layer.build(WalmartApi.layer(walmartGiven)), ProviderApi.ProviderApi)
      return providersByChannel({
        ...(amazonGiven.ads === undefined ? {} : { "amazon-ads": amazon }),
        ...(amazonGiven.sp === undefined ? {} : { "amazon-sp": amazon }),
        ...(walmartGiven.connect === undefined ? {} : { "walmart-connect": walmart }),
        ...(walmartGiven.marketplace === undefined ? {} : { "walmart-marketplace": walmart })
      })
    })
  ).pipe(Layer.provide(NodeHttpClient.layerUndici))

/** The channels there are credentials for. */
const channels = (installation: Installation): ReadonlyArray<Channel.Channel> => {
  const amazon = amazonOf(installation)
  const walmart = walmartOf(installation)
  return [
    ...(amazon.ads === undefined ? [] : ["amazon-ads" as const]),
    ...(amazon.sp === undefined ? [] : ["amazon-sp" as const]),
    ...(walmart.connect === undefined ? [] : ["walmart-connect" as const]),
    ...(walmart.marketplace === undefined ? [] : ["walmart-marketplace" as const])
  ]
}

/** Sends mails through the server that the settings name, or keeps them where people can read them. */
const mailer = ({ secrets, settings }: Installation) =>
  settings.SMTP_URL === undefined || settings.MAIL_FROM === undefined
    ? PostgresAdapters.mailArchive({ cursorSecret: secretFor(secrets, "cursors") })
    : MailerSmtp.layer({ url: settings.SMTP_URL, from: { name: "Portolan", email: settings.MAIL_FROM } })

/** Notices go to people by mail, and to the log by topic and id. */
const notifier = Layer.effect(
  Notifier.Notifier,
  Effect.gen(function* () {
    const byMail = yield* NotifierByMail.make
    return Notifier.Notifier.of({ notify: (notice) => Effect.andThen(byMail.notify(notice), NotifierLog.note(notice)) })
  })
)

/** Whom the settings name as operators; the demo's own sign-in is one, so that every page can be tried. */
const operators = (settings: Settings): ReadonlyArray<string> => [
  ...(settings.OPERATORS ?? "")
    .split(",")
    .map((email) => email.trim())
    .filter((email) => email !== ""),
  ...(isDemo(settings) ? [demoSignIn.email] : [])
]

/** Who signs in, in the same database. */
const identity = ({ origin, secrets, settings }: Installation) =>
  Layer.unwrap(
    Effect.map(Database.Database, ({ kysely }) =>
      IdentityBetterAuth.layer({
        kysely,
        origin,
        secret: secretFor(secrets, "sessions"),
        addressOf: addressOf(settings.PROXY_ADDRESS_HEADER)
      })
    )
  )

/** Every port and every use case, over a database. */
export const portolan = (installation: Installation) => {
  const { origin, secrets } = installation
  return useCases.pipe(
    Layer.provideMerge(notifier),
    Layer.provideMerge(
      Layer.mergeAll(
        PostgresAdapters.layer({
          keyRing: keyRing(installation.settings, secrets),
          cursorSecret: secretFor(secrets, "cursors")
        }),
        SecretsCrypto.layer(secretFor(secrets, "derivations")),
        providers(installation),
        mailer(installation),
        identity(installation),
        Layer.succeed(Deployment.Deployment, {
          origin,
          channels: channels(installation),
          operators: operators(installation.settings),
          proofHours: installation.settings.PROOF_HOURS,
          incidentOrganizations: installation.settings.INCIDENT_ORGANIZATIONS,
          ...(installation.settings.SUPPORT_EMAIL === undefined
            ? {}
            : { supportEmail: installation.settings.SUPPORT_EMAIL })
        })
      )
    )
  )
}
