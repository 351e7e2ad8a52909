/**
 * The key ring of an installation: keys from the settings, which stay; from the file of secrets, which may change; or
 * of a key management service, which never shows them.
 */
import { KeyRing } from "@portolan/ports"
import { KeyRingLocal, type Seal } from "@portolan/postgres"
import { KeyRingTransit } from "@portolan/secrets"
import { Duration, Effect, Layer, Schedule } from "effect"
import type { DeploymentSecrets } from "./DeploymentSecrets.ts"
import * as KeyFile from "./KeyFile.ts"
import type { Settings } from "./Settings.ts"

/** How often the file is read again: an old key may still seal for as long. */
const readEvery = Duration.seconds(15)

/** A program that changes the file holds it for milliseconds. */
const busy = { schedule: Schedule.spaced("200 millis"), times: 25 } as const

/** Keys that are read again now and then, and whenever a key is met that is not known. */
const fromFile = (file: string, first: Seal.MasterKeys) =>
  Layer.effect(
    KeyRing.KeyRing,
    Effect.gen(function* () {
      let current = yield* KeyRingLocal.ready(first)
      const reload = KeyFile.read(file).pipe(
        Effect.flatMap(({ masterKeys }) => KeyRingLocal.ready(KeyFile.parseKeys(masterKeys))),
        Effect.tap((next) =>
          Effect.sync(() => {
            current = next
          })
        ),
        Effect.mapError((cause) => new KeyRing.KeyRingUnavailable({ doing: "reading the master keys", cause }))
      )
      yield* reload.pipe(
        Effect.catch((error) => Effect.logWarning(error.message, error.cause)),
        Effect.repeat(Schedule.spaced(readEvery)),
        Effect.delay(readEvery),
        Effect.forkScoped
      )
      const destroy = (owner: KeyRing.Owner) =>
        KeyFile.destroy(file, owner).pipe(
          // Another program changes the file at this moment.
          Effect.retry({ ...busy, while: ({ _tag }) => _tag === "KeyFileBusy" }),
          Effect.mapError((cause) => new KeyRing.KeyRingUnavailable({ doing: "destroying a key", cause })),
          Effect.tap(reload)
        )
      return KeyRingLocal.make(() => current, { reload, destroy })
    })
  )

/** The ring of an installation. */
export const keyRing = (
  { KMS_KEY: key, KMS_TOKEN: token, KMS_URL: url }: Settings,
  { keyFile, masterKeys }: DeploymentSecrets
): Layer.Layer<KeyRing.KeyRing, Seal.MasterKeyUnusable | KeyRing.KeyRingUnavailable> => {
  if (url !== undefined && token !== undefined && key !== undefined) return KeyRingTransit.layer({ url, token, key })
  if (masterKeys === undefined) throw new Error("without a key management service there are master keys")
  return keyFile === undefined ? KeyRingLocal.layer(masterKeys) : fromFile(keyFile, masterKeys)
}
