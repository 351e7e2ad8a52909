/**
 * The two secrets of an installation: one that signs and derives, one that seals tokens at rest. They come from the
 * settings, or are generated once into the data folder, readable by its owner only. Losing them loses every connection.
 */
import { randomBytes } from "node:crypto"
import { existsSync } from "node:fs"
import { link, mkdir, readFile, unlink, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { Effect, Redacted, Schema } from "effect"
import type { Settings } from "./Settings.ts"
import { DataFolder, FileBroken, SecretsMissing } from "./StartError.ts"

/** A key that seals tokens: 32 bytes, with the name that is written beside what it sealed. */
export interface MasterKey {
  readonly id: string
  readonly key: Redacted.Redacted<string>
}

/** The secrets of an installation. */
export interface DeploymentSecrets {
  readonly secret: Redacted.Redacted<string>
  /** The first of the list seals; the others only open what was sealed before. */
  readonly masterKeys: { readonly active: MasterKey; readonly retired: ReadonlyArray<MasterKey> }
}

const File = Schema.fromJsonString(Schema.Struct({ secret: Schema.String, masterKeys: Schema.String }))
const decodeFile = Schema.decodeUnknownEffect(File)

const parseKeys = (text: string): DeploymentSecrets["masterKeys"] => {
  const keys = text.split(",").map((part): MasterKey => {
    const at = part.indexOf(":")
    return { id: part.slice(0, at), key: Redacted.make(part.slice(at + 1)) }
  })
  const [active, ...retired] = keys
  if (active === undefined) throw new Error("a decoded list of master keys is never empty")
  return { active, retired }
}

const because = (cause: unknown) => (cause instanceof Error ? cause.message : String(cause))

/**
 * A name that no other installation's key has, so that a key of another one is told as missing and not as a broken
 * seal.
 */
const newKey = () => `k${randomBytes(4).toString("hex")}:${randomBytes(32).toString("base64")}`

/** Reads the generated file, or makes it. Of two processes that start at once, one makes it and both read it. */
const generated = Effect.fnUntraced(function* (folder: string, mayGenerate: boolean) {
  const file = join(folder, "secrets.json")
  if (!mayGenerate && !existsSync(file)) return yield* new SecretsMissing({ file })
  yield* Effect.tryPromise({
    try: async () => {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      if (existsSync(file)) return
      const content = { secret: randomBytes(32).toString("base64url"), masterKeys: newKey() }
      // Written beside and linked into place: the file is whole or absent, and the first of two writers wins.
      const draft = `${file}.${process.pid}`
      await writeFile(draft, JSON.stringify(content, null, 2), { mode: 0o600, flush: true })
      await link(draft, file).catch((cause: unknown) => {
        if (!(cause instanceof Error && "code" in cause && cause.code === "EEXIST")) throw cause
      })
      await unlink(draft)
    },
    catch: (cause) => new DataFolder({ folder, because: because(cause) })
  })
  const text = yield* Effect.tryPromise({
    try: () => readFile(file, "utf8"),
    catch: (cause) => new DataFolder({ folder, because: because(cause) })
  })
  return yield* Effect.mapError(
    decodeFile(text),
    () => new FileBroken({ file, because: "it is not the JSON that was written" })
  )
})

/**
 * The secrets from the settings, completed by the generated file where they are silent. Only a server may generate
 * them: another program beside it would open nothing that the server sealed, and its links would open nothing here.
 */
export const load = Effect.fnUntraced(function* (settings: Settings, mayGenerate: boolean) {
  const file =
    settings.SECRET === undefined || settings.MASTER_KEYS === undefined
      ? yield* generated(settings.DATA_DIR, mayGenerate)
      : undefined
  return {
    secret: settings.SECRET ?? Redacted.make(file?.secret ?? ""),
    masterKeys: parseKeys(
      settings.MASTER_KEYS === undefined ? (file?.masterKeys ?? "") : Redacted.value(settings.MASTER_KEYS)
    )
  } satisfies DeploymentSecrets
})
