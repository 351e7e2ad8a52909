/** Which adapter stands behind which port. The only place that chooses. */
import { createHmac } from "node:crypto"
import { join } from "node:path"
import { NodeHttpClient } from "@effect/platform-node"
import { AmazonApi, Settings as AmazonSettings } from "@portolan/amazon"
import { IdentityBetterAuth } from "@portolan/identity"
import type { Channel } from "@portolan/domain"
import { SecretsCrypto } from "@portolan/memory"
import { conversations, Deployment } from "@portolan/ports"
import { Database, PostgresAdapters } from "@portolan/postgres"
import { Effect, Layer, Redacted } from "effect"
import type { DeploymentSecrets } from "./DeploymentSecrets.ts"
import * as NotifierLog from "./NotifierLog.ts"
import type { Settings } from "./Settings.ts"
import { type Simulated, userAgent } from "./simulated.ts"

/** Everything that is known before the layers are built. */
export interface Installation {
  readonly settings: Settings
  readonly secrets: DeploymentSecrets
  /** Where browsers reach this installation. */
  readonly origin: string
  /** Absent with the real Amazon. */
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

const live = (settings: Settings): AmazonSettings.Given => ({
  ...(settings.AMAZON_ADS_CLIENT_ID === undefined || settings.AMAZON_ADS_CLIENT_SECRET === undefined ? {} : {
    ads: { clientId: settings.AMAZON_ADS_CLIENT_ID, clientSecret: settings.AMAZON_ADS_CLIENT_SECRET }
  }),
  ...(settings.AMAZON_SP_APPLICATION_ID === undefined || settings.AMAZON_SP_CLIENT_ID === undefined ||
      settings.AMAZON_SP_CLIENT_SECRET === undefined ? {} : {
    sp: {
      applicationId: settings.AMAZON_SP_APPLICATION_ID, clientId: settings.AMAZON_SP_CLIENT_ID,
      clientSecret: settings.AMAZON_SP_CLIENT_SECRET, draft: settings.AMAZON_SP_DRAFT === "yes", userAgent
    }
  })
})

// The simulator is asked often, because it answers soon; the real Amazon is asked as its documents advise.
const simulator = ({ ads, sp, url }: Simulated): AmazonSettings.Given => ({
  ads, sp, addresses: (host) => `${url}/${host}`, limits: { adsPollSeconds: 1, spPollSeconds: 1 }
})

const amazon = ({ settings, simulated }: Installation) =>
  Layer.provide(
    AmazonApi.layer(simulated === undefined ? live(settings) : simulator(simulated)),
    NodeHttpClient.layerUndici
  )

/** The channels there are credentials for. */
const channels = ({ settings, simulated }: Installation): ReadonlyArray<Channel.Channel> => {
  const { ads, sp } = simulated ?? live(settings)
  return [...(ads === undefined ? [] : ["amazon-ads" as const]), ...(sp === undefined ? [] : ["amazon-sp" as const])]
}

/** Who signs in, in the same database. */
const identity = ({ origin, secrets }: Installation) =>
  Layer.unwrap(Effect.map(Database.Database, ({ kysely }) =>
    IdentityBetterAuth.layer({ kysely, origin, secret: secretFor(secrets, "sessions") })))

/** Every port and every conversation, over a database. */
export const portolan = (installation: Installation) => {
  const { origin, secrets } = installation
  return conversations.pipe(
    Layer.provideMerge(Layer.mergeAll(
      PostgresAdapters.layer({ masterKeys: secrets.masterKeys, cursorSecret: secretFor(secrets, "cursors") }),
      SecretsCrypto.layer(secretFor(secrets, "derivations")),
      NotifierLog.layer,
      amazon(installation),
      identity(installation),
      Layer.succeed(Deployment.Deployment, { origin, channels: channels(installation) })
    ))
  )
}
