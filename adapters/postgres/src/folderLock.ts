import { closeSync, mkdirSync, openSync, readFileSync, rmSync, statSync, utimesSync, writeSync } from "node:fs"
import { resolve } from "node:path"
import { DataFolderInUse, DataFolderUnusable, saying } from "./DatabaseError.ts"

/** A holder renews its sign this often, and is taken for dead when the sign is older than `staleMillis`. */
const renewMillis = 2_000
const staleMillis = 10_000

/** Folders that this process holds; tells our own sign from that of a dead process with the same number. */
const held = new Set<string>()

const lives = (processId: number): boolean => {
  try {
    process.kill(processId, 0)
    return true
  } catch (cause) {
    // The process exists but belongs to somebody else.
    return cause instanceof Error && "code" in cause && cause.code === "EPERM"
  }
}

const readSign = (path: string): { readonly processId: number; readonly age: number } | undefined => {
  try {
    return { processId: Number(readFileSync(path, "utf8")) || 0, age: Date.now() - statSync(path).mtimeMs }
  } catch {
    return undefined
  }
}

/**
 * Takes a data folder for this process alone; the embedded database itself does not notice a second process and both
 * would destroy the data. A process that died (also by `kill -9`, also with a number that is used again) holds nothing.
 * Gives the effect that lets go. Throws `DataFolderInUse` or `DataFolderUnusable`.
 */
export const folderLock = (dataFolder: string): (() => void) => {
  const folder = resolve(dataFolder)
  const path = `${folder}.lock`
  const take = (attempts: number): number => {
    try {
      mkdirSync(folder, { recursive: true })
      return openSync(path, "wx", 0o600)
    } catch (cause) {
      const sign = cause instanceof Error && "code" in cause && cause.code === "EEXIST" ? readSign(path) : undefined
      if (sign === undefined && attempts > 0 && cause instanceof Error && "code" in cause && cause.code === "EEXIST") {
        return take(attempts - 1)
      }
      if (sign === undefined) throw new DataFolderUnusable({ folder, because: saying(cause) })
      const mine = sign.processId === process.pid
      const alive = mine ? held.has(folder) : lives(sign.processId) && sign.age < staleMillis
      if (alive || attempts === 0) throw new DataFolderInUse({ folder, processId: sign.processId })
      rmSync(path, { force: true })
      return take(attempts - 1)
    }
  }
  const file = take(2)
  writeSync(file, String(process.pid))
  closeSync(file)
  held.add(folder)
  const renewal = setInterval(() => {
    try {
      utimesSync(path, new Date(), new Date())
    } catch {
      // The sign was removed by hand; the next renewal or the next start will tell.
    }
  }, renewMillis)
  renewal.unref()
  return () => {
    clearInterval(renewal)
    held.delete(folder)
    rmSync(path, { force: true })
  }
}
