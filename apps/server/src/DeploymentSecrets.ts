/**
 * The two secrets of an installation: one that signs and derives, one that seals tokens at rest. They come from the
 * settings, or are generated once into the data folder, readable by its owner only. Losing them loses every connection.
 */
import { randomBytes } from "node:crypto"
import { existsSync } from "node:fs"
import { link, mkdir, unlink, writeFile } from "node:fs/promises"
import type { Seal } from "@portolan/postgres"
import { Effect, Redacted } from "effect"
import * as KeyFile from "./KeyFile.ts"
import type { Settings } from "./Settings.ts"
import { DataFolder, SecretsMissing } from "./StartError.ts"

/** The secrets of an installation. */
export interface DeploymentSecrets {
  readonly secret: Redacted.Redacted<string>
  /** The first of the list seals; the others only open what was sealed before. Absent with a key management service. */
  readonly masterKeys: Seal.MasterKeys | undefined
  /** The file that the master keys are in, when they are in one: it may be changed while programs run. */
  readonly keyFile: string | undefined
}

const because = (cause: unknown) => (cause instanceof Error ? cause.message : String(cause))

/** Reads the generated file, or makes it. Of two processes that start at once, one makes it and both read it. */
const generated = Effect.fnUntraced(function* (folder: string, mayGenerate: boolean) {
  const file = KeyFile.pathIn(folder)
  if (!mayGenerate && !existsSync(file)) return yield* new SecretsMissing({ file })
  yield* Effect.tryPromise({
    try: async () => {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      if (existsSync(file)) return
      const content = { secret: randomBytes(32).toString("base64url"), masterKeys: KeyFile.newKey() }
      // Written beside and linked into place: the file is whole or absent, and the first of two writers wins.
      const draft = `${file}.${process.pid}`
      await writeFile(draft, KeyFile.encode(content), { mode: 0o600, flush: true })
      await link(draft, file).catch((cause: unknown) => {
        if (!(cause instanceof Error && "code" in cause && cause.code === "EEXIST")) throw cause
      })
      await unlink(draft)
    },
    catch: (cause) => new DataFolder({ folder, because: because(cause) })
  })
  return yield* KeyFile.read(file)
})

/**
 * The secrets from the settings, completed by the generated file where they are silent. Only a server may generate
 * them: another program beside it would open nothing that the server sealed, and its links would open nothing here.
 */
export const load = Effect.fnUntraced(function* (settings: Settings, mayGenerate: boolean) {
  const keepsKeys = settings.MASTER_KEYS === undefined && settings.KMS_URL === undefined
  const file = settings.SECRET === undefined || keepsKeys ? yield* generated(settings.DATA_DIR, mayGenerate) : undefined
  const keys = settings.MASTER_KEYS === undefined ? file?.masterKeys : Redacted.value(settings.MASTER_KEYS)
  return {
    secret: settings.SECRET ?? Redacted.make(file?.secret ?? ""),
    masterKeys: keys === undefined || settings.KMS_URL !== undefined ? undefined : KeyFile.parseKeys(keys),
    keyFile: keepsKeys ? KeyFile.pathIn(settings.DATA_DIR) : undefined
  } satisfies DeploymentSecrets
})
