/**
 * One process at a time, across processes that may be killed at any moment. A turn is a numbered file: of those who
 * want the next number, the file system lets one create it. Nobody removes a turn that is not its own, so a late
 * cleaner cannot take away the turn of a process that began meanwhile.
 */
import { mkdirSync, readdirSync, readFileSync, renameSync, rmdirSync, rmSync, statSync, writeFileSync } from "node:fs"
import { hostname } from "node:os"
import { join } from "node:path"

const beatMillis = 1_000
/** A turn whose beat is younger than this is held, whatever its process: it may live in a container that hides it. */
const silentMillis = 5_000

const isAlive = (pid) => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === "EPERM"
  }
}

const numbers = (folder) => {
  try {
    return readdirSync(folder)
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
  } catch {
    return []
  }
}

const isHeld = (file) => {
  const found = statSync(file, { throwIfNoEntry: false })
  if (found === undefined) return false
  if (Math.abs(Date.now() - found.mtimeMs) < silentMillis) return true
  try {
    const { host, pids } = JSON.parse(readFileSync(file, "utf8"))
    return host === hostname() && pids.some(isAlive)
  } catch {
    return false
  }
}

const heldBesides = (folder, own) =>
  numbers(folder).some((number) => number !== own && isHeld(join(folder, String(number))))

const write = (file, pids) => {
  const draft = `${file}.${process.pid}`
  writeFileSync(draft, JSON.stringify({ host: hostname(), pids }))
  renameSync(draft, file)
}

const create = (file) => {
  try {
    writeFileSync(file, JSON.stringify({ host: hostname(), pids: [process.pid] }), { flag: "wx" })
    return true
  } catch (error) {
    if (error.code === "EEXIST" || error.code === "ENOENT") return false
    throw error
  }
}

/**
 * Takes the turn and gives the way to share it with a child process and to end it; nothing while another process has
 * it.
 */
export const takeTurn = (folder) => {
  mkdirSync(folder, { recursive: true })
  if (heldBesides(folder, undefined)) return undefined
  const over = numbers(folder)
  const own = Math.max(0, ...over) + 1
  const file = join(folder, String(own))
  if (!create(file)) return undefined
  // Between the look and the number others may have come and gone, and one may have begun below.
  if (heldBesides(folder, own)) {
    rmSync(file, { force: true })
    return undefined
  }
  const pids = [process.pid]
  const beat = setInterval(() => write(file, pids), beatMillis)
  return {
    /** The turn lasts while the child lives, even if this process is killed. */
    share: (pid) => {
      pids.push(pid)
      write(file, pids)
    },
    end: () => {
      clearInterval(beat)
      for (const number of [...over, own]) rmSync(join(folder, String(number)), { force: true })
      try {
        rmdirSync(folder)
      } catch {
        // Another process has begun its turn, or is about to.
      }
    }
  }
}
