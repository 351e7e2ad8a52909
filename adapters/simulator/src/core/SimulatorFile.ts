/** A simulator whose world outlives the process: saved to a file now and then, and when it is closed. */
import { readFile, rename, writeFile, mkdir } from "node:fs/promises"
import { dirname } from "node:path"
import type { Options, Simulator } from "./Simulator.ts"
import { make } from "./Simulator.ts"
import type { World } from "./World.ts"

/** A persistent simulator. `save` writes now; `close` writes what is unsaved and stops. */
export type Persistent = {
  readonly simulator: Simulator
  /** Whether a world was found in the file, as opposed to made from the preset. */
  readonly restored: boolean
  /** Writes the world now. Rejects when the file cannot be written; the old file stays whole. */
  readonly save: () => Promise<void>
  /** Writes what is unsaved and stops saving. */
  readonly close: () => Promise<void>
}

/** Journal entries that are kept in the file; the rest is of the moment. */
const keptEntries = 200

const load = async (path: string): Promise<World | undefined> => {
  try {
    return JSON.parse(await readFile(path, "utf8")) as World
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined
    throw error
  }
}

/**
 * Goes on from the world in a file, or begins a new one. Changes are written at most once every `everyMs` (one second
 * unless given), first to a neighbouring file that then takes the place of the old, so that a crash leaves a whole one.
 * Rejects when the file exists and cannot be read: starting afresh would silently end every consent.
 */
export const open = async (
  path: string,
  options: Options & { readonly everyMs?: number } = {}
): Promise<Persistent> => {
  await mkdir(dirname(path), { recursive: true })
  const state = await load(path)
  let dirty = false
  let closed = false
  let timer: NodeJS.Timeout | undefined
  let writing = Promise.resolve()
  const write = async () => {
    if (!dirty) return
    dirty = false
    const world = simulator.world()
    const temporary = `${path}.${process.pid}.tmp`
    await writeFile(temporary, JSON.stringify({ ...world, journal: world.journal.slice(-keptEntries) }), {
      mode: 0o600
    })
    await rename(temporary, path)
  }
  const save = () => {
    clearTimeout(timer)
    timer = undefined
    // One write at a time, each after the one before, whether that one worked or not.
    writing = writing.then(write, write)
    return writing
  }
  const simulator = make({
    ...options,
    ...(state === undefined ? {} : { state }),
    onChange: () => {
      dirty = true
      options.onChange?.()
      if (timer !== undefined || closed) return
      timer = setTimeout(() => {
        save().catch((error: unknown) => {
          dirty = true
          process.emitWarning(
            `the simulated world could not be saved: ${error instanceof Error ? error.message : String(error)}`
          )
        })
      }, options.everyMs ?? 1000)
      timer.unref()
    }
  })
  dirty = state === undefined
  if (dirty) await save()
  return {
    simulator,
    restored: state !== undefined,
    save,
    close: async () => {
      closed = true
      await save()
    }
  }
}
