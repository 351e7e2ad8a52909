/** Which adapter stands behind which port. The only place that chooses. */
import { createHmac } from "node:crypto"
import { join } from "node:path"
import { IdentityBetterAuth } from "@portolan/identity"
import { MailerSmtp } from "@portolan/mail"
import { SecretsCrypto } from "@portolan/secrets"
import { useCases, Deployment, Notifier, NotifierByMail } from "@portolan/ports"
import { Database, PostgresAdapters } from "@portolan/postgres"
import { Effect, Layer, Redacted } from "effect"
import { signIn as demoSignIn } from "./demoSignIn.ts"
import type { DeploymentSecrets } from "./DeploymentSecrets.ts"
import { keyRing } from "./keyRing.ts"
import { addressOf } from "./listen.ts"
import * as NotifierLog from "./NotifierLog.ts"
import { withSink } from "./sink.ts"
import { applications, channels, type Installation, providers } from "./providerLayers.ts"
import { isDemo, type Settings } from "./Settings.ts"

export type { Installation } from "./providerLayers.ts"

/** A secret for one use, so that what leaks from one place opens no other. */
const secretFor = (secrets: DeploymentSecrets, use: string) =>
  Redacted.make(createHmac("sha256", Redacted.value(secrets.secret)).update(`portolan/${use}`).digest("base64url"))

/** The database that the settings name: a PostgreSQL server, or the embedded one in the data folder. */
export const database = (settings: Settings) =>
  settings.DATABASE_URL === undefined
    ? Database.layerPGlite({ dataDir: join(settings.DATA_DIR, "database") })
    : Database.layerPostgres({
        url: Redacted.make(settings.DATABASE_URL),
        poolSize: settings.DATABASE_POOL,
        replica:
          settings.DATABASE_REPLICA_URL === undefined
            ? undefined
            : { url: Redacted.make(settings.DATABASE_REPLICA_URL), lagSeconds: settings.DATABASE_REPLICA_LAG_SECONDS }
      })

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
  // One value, because a layer that is used twice is built once.
  const stores = PostgresAdapters.layer({
    keyRing: keyRing(installation.settings, secrets),
    cursorSecret: secretFor(secrets, "cursors")
  })
  const ours = applications(installation)
  return useCases.pipe(
    Layer.provideMerge(notifier),
    Layer.provideMerge(
      Layer.mergeAll(
        withSink(installation.settings, stores),
        ours,
        SecretsCrypto.layer(secretFor(secrets, "derivations")),
        Layer.provide(providers(installation), [stores, ours]),
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
