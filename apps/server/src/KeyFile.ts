/**
 * `secrets.json` in the data folder: the secrets that a server generated for itself. Master keys are changed in it
 * while servers run: each of them reads it again.
 */
import { randomBytes } from "node:crypto"
import { open, readFile, rename, unlink, writeFile } from "node:fs/promises"
import { join } from "node:path"
import type { KeyRing } from "@portolan/ports"
import { KeyTree, type Seal } from "@portolan/postgres"
import { DateTime, Duration, Effect, Redacted, Schema } from "effect"
import { DataFolder, FileBroken, KeyFileBusy, KeyInUse } from "./StartError.ts"

/** What the file holds. */
const Content = Schema.Struct({
  secret: Schema.String,
  /** `id:key,...`; the first seals. */
  masterKeys: Schema.String,
  /** When the first of them became that; absent when it was the only one from the start. */
  rotatedAt: Schema.optionalKey(Schema.DateTimeUtcFromString)
})

/** What the file holds. */
export type Content = typeof Content.Type

const Text = Schema.fromJsonString(Content)
const decode = Schema.decodeUnknownEffect(Text)

/** The file in a data folder. */
export const pathIn = (folder: string): string => join(folder, "secrets.json")

/** The file's text. */
export const encode = (content: Content): string => `${JSON.stringify(Schema.encodeSync(Content)(content), null, 2)}\n`

/**
 * A new key, under a name that no other installation's key has: a key of another one counts as missing and not as a
 * broken seal.
 */
export const newKey = (): string => `k${randomBytes(4).toString("hex")}:${KeyTree.encode(KeyTree.make())}`

/** The keys of a list `id:key,...`; the first seals. */
export const parseKeys = (text: string): Seal.MasterKeys => {
  const [active, ...retired] = text.split(",").map((part): Seal.MasterKey => {
    const at = part.indexOf(":")
    return { id: part.slice(0, at), key: Redacted.make(part.slice(at + 1)) }
  })
  if (active === undefined) throw new Error("a decoded list of master keys is never empty")
  return { active, retired }
}

const nameOf = (entry: string): string => entry.slice(0, entry.indexOf(":"))

const because = (cause: unknown) => (cause instanceof Error ? cause.message : String(cause))

/** Reads the file. */
export const read = Effect.fnUntraced(function* (file: string) {
  const text = yield* Effect.tryPromise({
    try: () => readFile(file, "utf8"),
    catch: (cause) => new DataFolder({ folder: file, because: because(cause) })
  })
  return yield* Effect.mapError(
    decode(text),
    () => new FileBroken({ file, because: "it is not the JSON that was written" })
  )
})

/** Two programs do not change the file at once: the second fails with `KeyFileBusy`. The lock goes with the scope. */
const locked = (file: string) =>
  Effect.acquireRelease(
    Effect.tryPromise({
      try: async () => await (await open(`${file}.lock`, "wx")).close(),
      catch: () => new KeyFileBusy({ lock: `${file}.lock` })
    }),
    () => Effect.promise(() => unlink(`${file}.lock`))
  )

/** Changes the file: whole before or whole after, whatever happens meanwhile. */
const change = <A, E>(file: string, work: (content: Content) => Effect.Effect<readonly [A, Content], E>) =>
  Effect.scoped(
    Effect.gen(function* () {
      yield* locked(file)
      const [answer, next] = yield* work(yield* read(file))
      yield* Effect.tryPromise({
        try: async () => {
          const draft = `${file}.${process.pid}`
          await writeFile(draft, encode(next), { mode: 0o600, flush: true })
          await rename(draft, file)
        },
        catch: (cause) => new DataFolder({ folder: file, because: because(cause) })
      })
      return answer
    })
  )

/** Makes a new key and lets it seal; the others open from now on. Gives its name. */
export const rotate = (file: string) =>
  change(file, (content) =>
    Effect.map(DateTime.now, (rotatedAt) => {
      const key = newKey()
      return [nameOf(key), { ...content, masterKeys: `${key},${content.masterKeys}`, rotatedAt }] as const
    })
  )

const separate = (entry: string): readonly [id: string, key: string] => [
  nameOf(entry),
  entry.slice(nameOf(entry).length + 1)
]

/**
 * Takes the keys of one owner out of every master key, for ever. Gives the names of those that are one key for all
 * owners, as keys from before are.
 */
export const destroy = (file: string, owner: KeyRing.Owner) =>
  change(file, (content) =>
    Effect.sync(() => {
      const whole: Array<string> = []
      const entries = content.masterKeys.split(",").map((entry) => {
        const [id, key] = separate(entry)
        const tree = KeyTree.decode(key)
        if (tree !== undefined) return `${id}:${KeyTree.encode(KeyTree.destroy(tree, owner))}`
        whole.push(id)
        return entry
      })
      return [whole, { ...content, masterKeys: entries.join(",") }] as const
    })
  )

/** How long after a change a program may still seal with the key of before: each reads the file four times a minute. */
export const settling = Duration.minutes(2)

/** Takes a key out of the file, for ever. Refused for the one that seals, and too soon after a change. */
export const retire = (file: string, keyId: string) =>
  change(
    file,
    Effect.fnUntraced(function* (content) {
      const [active = "", ...others] = content.masterKeys.split(",")
      if (nameOf(active) === keyId) return yield* new KeyInUse({ keyId, because: "it seals" })
      const kept = others.filter((entry) => nameOf(entry) !== keyId)
      if (kept.length === others.length) return yield* new KeyInUse({ keyId, because: "there is no such key" })
      const { rotatedAt } = content
      const from = rotatedAt === undefined ? undefined : DateTime.addDuration(rotatedAt, settling)
      if (from !== undefined && DateTime.isLessThan(yield* DateTime.now, from)) {
        const at = DateTime.formatIso(from)
        return yield* new KeyInUse({ keyId, because: `another program may still seal with it; try again after ${at}` })
      }
      return [undefined, { ...content, masterKeys: [active, ...kept].join(",") }] as const
    })
  )
