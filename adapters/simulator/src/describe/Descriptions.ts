/**
 * The descriptions that a simulator was given, and where in them a request belongs. `--models DIR` takes a folder such
 * as a clone of https://github.com/amzn/selling-partner-api-models, `--describe NAME=FILE` a single file for an API by
 * its name, or for a host.
 */
import { readdirSync } from "node:fs"
import { join } from "node:path"
import * as Hosts from "../core/Hosts.ts"
import type { Document, Operation } from "./Described.ts"
import * as Read from "./read.ts"
import * as Route from "./Route.ts"

/** APIs that a description can be for. */
export const families = ["selling-partner", "ads", "walmart-marketplace", "walmart-connect"] as const
/** One of them. */
export type Family = (typeof families)[number]

/** A document and where it holds: at an API, or at hosts of its own. */
export type Entry = {
  readonly family: Family | null
  readonly hosts: ReadonlyArray<string>
  readonly document: Document
}

/** An operation that a request names, with the values of its path. */
export type Found = {
  readonly document: Document
  readonly operation: Operation
  readonly path: Readonly<Record<string, string>>
}

/** Every description of a simulator. */
export type Descriptions = {
  readonly entries: ReadonlyArray<Entry>
  /** Hosts that are simulated because a description names them. */
  readonly hosts: ReadonlySet<string>
  /** The operation of an API, or of a host, that a method and path name. */
  readonly find: (where: string, method: string, path: string) => Found | undefined
  /** Whether anything of an API is described below the first part of a path, such as `/orders`. */
  readonly covers: (where: string, path: string) => boolean
}

const firstPart = (path: string): string => path.split("/")[1] ?? ""

/** Brings descriptions together. */
export const make = (entries: ReadonlyArray<Entry>): Descriptions => {
  const tables = new Map<string, Route.Table<{ readonly document: Document; readonly operation: Operation }>>()
  const parts = new Map<string, Set<string>>()
  for (const { document, family, hosts } of entries) {
    for (const where of family === null ? hosts : [family]) {
      const table = tables.get(where) ?? Route.table()
      const known = parts.get(where) ?? new Set()
      tables.set(where, table)
      parts.set(where, known)
      for (const operation of document.operations) {
        Route.add(table, operation, { document, operation })
        known.add(firstPart(operation.path))
      }
    }
  }
  return {
    entries,
    hosts: new Set(entries.flatMap(({ family, hosts }) => (family === null ? hosts : []))),
    find: (where, method, path) => {
      const table = tables.get(where)
      const found = table === undefined ? undefined : Route.find(table, method, path)
      return found === undefined ? undefined : { ...found.value, path: found.path }
    },
    covers: (where, path) => parts.get(where)?.has(firstPart(path)) ?? false
  }
}

/** No descriptions. */
export const none: Descriptions = make([])

const placeKinds: Readonly<Record<string, Family>> = {
  "selling-partner": "selling-partner",
  ads: "ads",
  "walmart-marketplace": "walmart-marketplace",
  "walmart-connect": "walmart-connect"
}

/** Headers that only one API has, by what they begin with. */
const ownHeaders: ReadonlyArray<readonly [start: string, family: Family]> = [
  ["amazon-advertising-api-", "ads"],
  ["amazon-ads-", "ads"],
  ["wm_consumer.", "walmart-connect"],
  ["wm_sec.access_token", "walmart-marketplace"],
  ["wm_svc.", "walmart-marketplace"]
]

/** The API whose own headers an operation takes. */
const familyByHeaders = ({ operations }: Document): Family | undefined => {
  for (const { parameters } of operations) {
    const names = parameters.filter((one) => one.in === "header").map((one) => one.name.toLowerCase())
    const found = ownHeaders.find(([start]) => names.some((name) => name.startsWith(start)))
    if (found !== undefined) return found[1]
  }
  return undefined
}

/**
 * The API that a document is for, by the hosts that it names, else by headers that only one API has; none where neither
 * says so.
 */
const familyOf = (document: Document): Family | undefined =>
  document.hosts.map((host) => placeKinds[Hosts.find(host)?.kind ?? ""]).find((family) => family !== undefined) ??
  familyByHeaders(document)

const filesBelow = (folder: string): ReadonlyArray<string> => {
  try {
    return readdirSync(folder, { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile() && /\.(json|ya?ml)$/i.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((file) => !/(^|[\\/])(node_modules|\.git)[\\/]/.test(file))
      .toSorted()
  } catch (error) {
    const isMissing = error instanceof Error && "code" in error && error.code === "ENOENT"
    throw new Read.DescriptionUnreadable(folder, isMissing ? "there is no such folder" : "it is not a folder", {
      cause: error
    })
  }
}

/**
 * Reads every description below a folder; other files are passed over. What names no simulated host and has no header
 * of another API is taken for the Selling Partner API. Throws `DescriptionUnreadable` for a folder without any, and for
 * a broken file.
 */
export const folder = (path: string): ReadonlyArray<Entry> => {
  const documents = filesBelow(path).flatMap((file) => Read.maybe(file) ?? [])
  if (documents.length === 0) {
    throw new Read.DescriptionUnreadable(path, "no file below it is a Swagger 2.0 or OpenAPI 3 description")
  }
  return documents.map((document) => ({ family: familyOf(document) ?? "selling-partner", hosts: [], document }))
}

const isHost = (name: string): boolean => /^[a-z0-9-]+(\.[a-z0-9-]+)+$/i.test(name)

/**
 * Reads one description under a name: an API's (`families`), or a host's. Any other name is a label, and the file says
 * itself where it holds. Throws `DescriptionUnreadable` when nobody says so.
 */
export const named = (name: string, path: string): Entry => {
  const document = Read.file(path)
  const family = families.find((one) => one === name)
  if (family !== undefined) return { family, hosts: [], document }
  const found = isHost(name) ? [name.toLowerCase()] : document.hosts
  if (found.length === 0) {
    const reason = `it names no host: name it ${families.join(", ")}, or a host such as api.example.com`
    throw new Read.DescriptionUnreadable(path, reason)
  }
  const known = found.map((host) => placeKinds[Hosts.find(host)?.kind ?? ""]).find((one) => one !== undefined)
  return { family: known ?? null, hosts: known === undefined ? found : [], document }
}
