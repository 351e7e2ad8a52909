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

const readDigest = (root) => {
  try {
    return readFileSync(digestFile(root), "utf8").trim()
  } catch {
    return undefined
  }
}

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
const missing = (root, locked, record) => {
  for (const [path, entry] of Object.entries(locked).filter(isPackage)) {
    const recorded = record?.[path] !== undefined
    if (recorded && isForeign(entry)) return `${path} is made for another platform`
    if (!recorded && isOptional(entry)) continue
    if (!isPresent(root, path, entry)) return `${path} is missing or of another version`
  }
  return undefined
}

/** Why the installation does not fit the lock file, in words; nothing when it fits. */
export const faultOf = (root) => {
  if (!existsSync(join(root, "node_modules"))) return "nothing is installed yet"
  const locked = readJson(join(root, "package-lock.json"))?.packages
  if (locked === undefined) return "package-lock.json cannot be read"
  const record = readRecord(root)
  const changed = readDigest(root) === digestOf(root) ? undefined : judgeRecord(locked, record)
  if (changed !== undefined) return changed
  if (!existsSync(runtime(root))) return "the project's Node is missing"
  return missing(root, locked, record)
}

/** From here on the installation counts as unfinished, until `seal`. */
export const unseal = (root) => rmSync(digestFile(root), { force: true })

/**
 * Records the lock file that is installed. A tree that cannot be written to stays as it is, and is judged anew each
 * time.
 */
export const seal = (root) => {
  if (readDigest(root) === digestOf(root)) return
  const draft = `${digestFile(root)}.${process.pid}`
  try {
    writeFileSync(draft, `${digestOf(root)}\n`)
    renameSync(draft, digestFile(root))
  } catch (error) {
    if (!["EACCES", "EPERM", "EROFS"].includes(error.code)) throw error
  }
}
