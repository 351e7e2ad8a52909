/** Who runs the test server, and folders that this user can enter. */
import { spawnSync } from "node:child_process"
import { chmodSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

/** A user by number, as child processes take it. */
export interface ServerUser {
  readonly uid: number
  readonly gid: number
}

const numberOf = (flag: "-u" | "-g", name: string): number | undefined => {
  const found = spawnSync("id", [flag, name], { encoding: "utf8" })
  return found.status === 0 ? Number.parseInt(found.stdout, 10) : undefined
}

/**
 * PostgreSQL refuses to run as root, so root hands it to a user who exists on the machine and has no rights. Everybody
 * else runs it as themselves: nothing.
 */
export const findServerUser = (): ServerUser | undefined => {
  if (process.getuid?.() !== 0) return undefined
  for (const name of ["postgres", "nobody"]) {
    const [uid, gid] = [numberOf("-u", name), numberOf("-g", name)]
    if (uid !== undefined && gid !== undefined) return { uid, gid }
  }
  throw new Error("PostgreSQL does not run as root, and this machine has neither a user postgres nor a user nobody.")
}

/**
 * Whether the user can enter a folder: all folders above it and the rules of the machine are asked, not only its mode.
 */
export const canEnter = (folder: string, user: ServerUser | undefined): boolean =>
  process.platform === "win32" ||
  spawnSync("/bin/sh", ["-c", `test -r "$1" && test -x "$1"`, "sh", folder], { cwd: "/", ...user }).status === 0

/** Where temporary files may lie. The first is the one that the environment names, which may be in somebody's home. */
export const temporaryFolders = (): ReadonlyArray<string> =>
  process.platform === "win32" ? [tmpdir()] : [...new Set([tmpdir(), "/tmp", "/var/tmp", "/dev/shm"])]

/**
 * Makes a fresh folder that the user can enter and only this process's user can write to. `suits` may ask for more,
 * such as that programs in it may be started.
 */
export const openFolder = (
  name: string,
  user: ServerUser | undefined,
  suits: (folder: string) => boolean = () => true
): string => {
  const reasons: Array<string> = []
  for (const parent of temporaryFolders()) {
    try {
      const folder = mkdtempSync(join(parent, `${name}-`))
      chmodSync(folder, 0o755)
      if (canEnter(folder, user) && suits(folder)) return folder
      rmSync(folder, { recursive: true, force: true })
      reasons.push(`${parent}: not for ${user === undefined ? "this user" : `user ${user.uid}`}`)
    } catch (cause) {
      reasons.push(`${parent}: ${cause instanceof Error ? cause.message : String(cause)}`)
    }
  }
  throw new Error(`No temporary folder suits the test server (${reasons.join("; ")}). Set TMPDIR to one that does.`)
}
