/**
 * What is wrong with an installation, judged by content: the lock file's digest kept inside `node_modules`, and the
 * packages on disk. Modification times say nothing here: a clone, a copy and an unpacked archive all carry times of
 * their own.
 */
import { createHash } from "node:crypto"
import { existsSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"

const digestFile = (root) => join(root, "node_modules/.lock-digest")
const runtime = (root) => join(root, `node_modules/.bin/node${process.platform === "win32" ? ".cmd" : ""}`)

/** Line ends differ between checkouts of one commit; the digest does not. */
export const digestOf = (root) =>
  createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json"), "utf8").replaceAll("\r\n", "\n"))
    .digest("hex")

const readJson = (file) => {
  try {
    return JSON.parse(readFileSync(file, "utf8"))
  } catch {
    return undefined
  }
}

/** What was recorded of the last installation that ended: the digest of its lock file, and how much it has. */
const readMark = (root) => {
  try {
    const [digest, extent = "everything"] = readFileSync(digestFile(root), "utf8").trim().split(" ")
    return { digest, extent }
  } catch {
    return undefined
  }
}

/** Whether the last installation that ended has all that the lock file names, and not only what the programs need. */
export const hasEverything = (root) => readMark(root)?.extent === "everything"

/** npm's own record of what it installed, which npm writes after everything else. */
const readRecord = (root) => readJson(join(root, "node_modules/.package-lock.json"))?.packages

const isPackage = ([path]) => path.includes("node_modules/")
const isOptional = (entry) => entry.optional === true || entry.devOptional === true
const admits = (names, own) =>
  names === undefined || names.includes(own) || (names[0]?.startsWith("!") && !names.includes(`!${own}`))
const isForeign = (entry) => !admits(entry.os, process.platform) || !admits(entry.cpu, process.arch)

const isPresent = (root, path, entry) => {
  if (entry.link !== true) return readJson(join(root, path, "package.json"))?.version === entry.version
  try {
    return realpathSync(join(root, path)) === realpathSync(join(root, entry.resolved))
  } catch {
    return false
  }
}

/** The first way in which npm's record differs from the lock file, or nothing. */
const differenceOf = (locked, record) => {
  for (const [path, entry] of Object.entries(locked).filter(isPackage)) {
    const found = record[path]
    if (found === undefined && isOptional(entry)) continue
    if (found?.version !== entry.version || found?.integrity !== entry.integrity) return path
  }
  return undefined
}

/**
 * Without the right digest npm's record decides: it fits after somebody's own `npm ci` or `npm install`, and it is
 * absent after one that was cut short.
 */
const judgeRecord = (locked, record) => {
  if (record === undefined) return "the last installation did not finish"
  const different = differenceOf(locked, record)
  return different === undefined ? undefined : `package-lock.json has another ${different}`
}

/** The first package that is not on disk as the lock file has it. */
const missing = (root, locked, record, extent) => {
  for (const [path, entry] of Object.entries(locked).filter(isPackage)) {
    const recorded = record?.[path] !== undefined
    if (recorded && isForeign(entry)) return `${path} is made for another platform`
    // npm knows which packages a part of the workspace needs, and its record says which these were.
    if (!recorded && (isOptional(entry) || extent === "run")) continue
    if (!isPresent(root, path, entry)) return `${path} is missing or of another version`
  }
  return undefined
}

/**
 * Why the installation does not fit the lock file, in words; nothing when it fits. `extent` is how much is asked for:
 * `everything`, or `run` for what the programs need.
 */
export const faultOf = (root, extent = "everything") => {
  if (!existsSync(join(root, "node_modules"))) return "nothing is installed yet"
  const locked = readJson(join(root, "package-lock.json"))?.packages
  if (locked === undefined) return "package-lock.json cannot be read"
  const record = readRecord(root)
  const mark = readMark(root)
  const isMarked = mark?.digest === digestOf(root)
  const changed =
    isMarked && (mark.extent === "everything" || record !== undefined) ? undefined : judgeRecord(locked, record)
  if (changed !== undefined) return changed
  const found = isMarked ? mark.extent : "everything"
  if (found !== "everything" && extent === "everything") return "only what the programs need is installed"
  if (!existsSync(runtime(root))) return "the project's Node is missing"
  const lost = missing(root, locked, record, found)
  if (lost === undefined && !isMarked) seal(root, "everything")
  return lost
}

/** From here on the installation counts as unfinished, until `seal`. */
export const unseal = (root) => rmSync(digestFile(root), { force: true })

/**
 * Records the lock file that is installed, and how much of it. A tree that cannot be written to stays as it is, and is
 * judged anew each time.
 */
export const seal = (root, extent) => {
  const draft = `${digestFile(root)}.${process.pid}`
  try {
    writeFileSync(draft, `${digestOf(root)}${extent === "everything" ? "" : ` ${extent}`}\n`)
    renameSync(draft, digestFile(root))
  } catch (error) {
    if (!["EACCES", "EPERM", "EROFS"].includes(error.code)) throw error
  }
}
