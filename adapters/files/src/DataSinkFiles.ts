/**
 * Lands rows in a folder, as files of JSON lines, for whoever reads them with a query engine or copies them into a
 * warehouse. Files are only added: `organization/connection/class/landing`. Whoever upserts the lines of a class by
 * profile and key, in the order of the names, has what the port promises.
 *
 * A file is written beside the others and then renamed, so there is never half of one. The folder may be shared by
 * processes and machines.
 */
import { randomUUID } from "node:crypto"
import { mkdir, open, readdir, rename, rm, stat } from "node:fs/promises"
import { join } from "node:path"
import { DataClass, type Id } from "@portolan/domain"
import { DataSink } from "@portolan/ports"
import { Effect, Layer, Schema } from "effect"
import * as LandedFile from "./LandedFile.ts"

/** What the layer needs to know. */
export interface Options {
  /** Where the rows land. Made when it is not there. */
  readonly folder: string
}

/** Files that were not finished are removed when they are older than this, in milliseconds. */
const abandonedMillis = 86_400_000

const partialFolder = (folder: string) => join(folder, ".partial")

const codeOf = (cause: unknown): string =>
  typeof cause === "object" && cause !== null && "code" in cause ? String(cause.code) : ""

/** What is in a folder; nothing when it is not there. */
const entriesOf = async (folder: string): Promise<ReadonlyArray<string>> => {
  try {
    return (await readdir(folder)).toSorted()
  } catch (cause) {
    if (codeOf(cause) === "ENOENT") return []
    throw cause
  }
}

/** Makes sure that a name is there after a power cut. */
const syncFolder = async (folder: string): Promise<void> => {
  const handle = await open(folder, "r")
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

const writeWhole = async (path: string, content: Buffer): Promise<void> => {
  const handle = await open(path, "wx", 0o640)
  try {
    await handle.writeFile(content)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

const attempt = <A>(work: () => Promise<A>): Effect.Effect<A, DataSink.SinkUnavailable> =>
  Effect.uninterruptible(Effect.tryPromise({ try: work, catch: (cause) => new DataSink.SinkUnavailable({ cause }) }))

const landFile = async (folder: string, landing: DataSink.Landing): Promise<void> => {
  const lines = LandedFile.linesOf(landing)
  if (lines === "") return
  const target = join(folder, landing.organizationId, landing.connectionId, landing.dataClass)
  const [window, digest] = [LandedFile.windowPart(landing.windowId), LandedFile.digestOf(lines)]
  const before = (await entriesOf(target)).flatMap((file) => LandedFile.nameOf(file) ?? [])
  // The same rows of the same window once more: they are there, unless another answer came in between.
  if (before.findLast((name) => name.window === window)?.digest === digest) return
  const place = (before.at(-1)?.place ?? 0) + 1
  const partial = join(partialFolder(folder), randomUUID())
  try {
    await writeWhole(partial, await LandedFile.compressed(lines))
    await mkdir(target, { recursive: true })
    await rename(partial, join(target, LandedFile.fileOf({ place, window, digest })))
    await syncFolder(target)
  } catch (cause) {
    await rm(partial, { force: true })
    throw cause
  }
}

/** The different rows of a class. */
const countClass = async (folder: string): Promise<number> => {
  const keys = new Set<string>()
  for (const file of await entriesOf(folder)) {
    if (LandedFile.nameOf(file) === undefined) continue
    for await (const { key, profile } of LandedFile.read(join(folder, file))) keys.add(`${profile} ${key}`)
  }
  return keys.size
}

const isDataClass = Schema.is(DataClass.DataClass)

const countIn = async (folder: string): Promise<ReadonlyMap<DataClass.DataClass, number>> => {
  const counts = new Map<DataClass.DataClass, number>()
  for (const dataClass of await entriesOf(folder)) {
    const rows = isDataClass(dataClass) ? await countClass(join(folder, dataClass)) : 0
    if (rows > 0) counts.set(dataClass, rows)
  }
  return counts
}

/** Counts what is in the folder of a connection, and removes it; what lands meanwhile lands in a new folder. */
const eraseIn = async (folder: string, organizationId: Id.OrganizationId, connectionId: Id.ConnectionId) => {
  const counts = await countIn(join(folder, organizationId, connectionId))
  // Out of the way in one step: an erasure that is stopped half-way leaves nothing that anybody reads.
  const away = join(partialFolder(folder), randomUUID())
  try {
    await rename(join(folder, organizationId, connectionId), away)
  } catch (cause) {
    if (codeOf(cause) === "ENOENT") return 0
    throw cause
  }
  await rm(away, { recursive: true, force: true })
  return [...counts.values()].reduce((sum, rows) => sum + rows, 0)
}

/** Makes the folder, and removes what nobody finished. */
const prepare = async (folder: string): Promise<void> => {
  const partials = partialFolder(folder)
  await mkdir(partials, { recursive: true, mode: 0o750 })
  for (const name of await entriesOf(partials)) {
    const { mtimeMs } = await stat(join(partials, name))
    if (Date.now() - mtimeMs > abandonedMillis) await rm(join(partials, name), { recursive: true, force: true })
  }
}

/** Lands in a folder. Fails to build when the folder cannot be made. */
export const layer = ({ folder }: Options): Layer.Layer<DataSink.DataSink, DataSink.SinkUnavailable> =>
  Layer.effect(
    DataSink.DataSink,
    Effect.as(
      attempt(() => prepare(folder)),
      DataSink.DataSink.of({
        land: Effect.fn("DataSink.land")((landing) => attempt(() => landFile(folder, landing))),
        count: Effect.fn("DataSink.count")((organizationId, connectionId) =>
          attempt(() => countIn(join(folder, organizationId, connectionId)))
        ),
        erase: Effect.fn("DataSink.erase")((organizationId, connectionId) =>
          attempt(() => eraseIn(folder, organizationId, connectionId))
        )
      })
    )
  )
