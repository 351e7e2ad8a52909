/**
 * Reads descriptions of APIs from files: Swagger 2.0 and OpenAPI 3, JSON or YAML. A document may refer to parts of
 * others beside it; nothing is fetched from a network.
 */
import { readFileSync } from "node:fs"
import { createRequire } from "node:module"
import { resolve } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"
import type { Document } from "./Described.ts"
import { operationsOf } from "./operations.ts"
import { isRecord, itemsOf, type Node, reader, textOf } from "./references.ts"
import * as Validator from "./validator.ts"
import { parseExactly } from "../core/Wire.ts"

const require = createRequire(import.meta.url)

/** A file that cannot be read as a description, and why. */
export class DescriptionUnreadable extends Error {
  readonly _tag = "DescriptionUnreadable"
  readonly file: string
  constructor(file: string, reason: string, options?: ErrorOptions) {
    super(`${file} cannot be read as a description of an API: ${reason}`, options)
    this.file = file
  }
}

const reasonOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error)
  if ("code" in error && error.code === "ENOENT") return "there is no such file"
  return (error.message.split("\n")[0] ?? "").slice(0, 300)
}

const parse = (file: string, text: string): Node => {
  if (/\.ya?ml$/i.test(file)) return (require("yaml") as typeof import("yaml")).parse(text, { maxAliasCount: 1000 })
  return parseExactly(text.replace(/^\uFEFF/, ""))
}

const readValue = (file: string): Node => {
  try {
    return parse(file, readFileSync(file, "utf8"))
  } catch (error) {
    throw new DescriptionUnreadable(file, reasonOf(error), { cause: error })
  }
}

const versionOf = (document: Readonly<Record<string, Node>>): "swagger" | "openapi" | undefined => {
  if (String(document.swagger) === "2" || textOf(document.swagger).startsWith("2.")) return "swagger"
  return textOf(document.openapi).startsWith("3.") ? "openapi" : undefined
}

/** What an OpenAPI server's address says, its variables filled with their defaults. */
const serverOf = (server: Node): { readonly host: string; readonly base: string } | undefined => {
  if (!isRecord(server)) return undefined
  const filled = textOf(server.url).replaceAll(/\{([^}]+)\}/g, (_, name: string) => {
    const variable = isRecord(server.variables) ? server.variables[name] : undefined
    return isRecord(variable) ? textOf(variable.default) : ""
  })
  const url = URL.canParse(filled) ? new URL(filled) : undefined
  if (url !== undefined) return { host: url.hostname, base: url.pathname }
  return filled.startsWith("/") ? { host: "", base: filled } : undefined
}

const placeOf = (document: Readonly<Record<string, Node>>) => {
  if (versionOf(document) === "swagger") {
    const host = textOf(document.host).split(":")[0] ?? ""
    return { hosts: host === "" ? [] : [host.toLowerCase()], base: textOf(document.basePath) }
  }
  const servers = itemsOf(document.servers).flatMap((one) => serverOf(one) ?? [])
  return {
    hosts: servers.map(({ host }) => host.toLowerCase()).filter((host) => host !== ""),
    base: servers[0]?.base ?? ""
  }
}

/** A file by its `file:` address, read once; undefined for an address that is none. */
const opener = (first: string, document: Node) => {
  const opened = new Map<string, Node>([[first, document]])
  return (address: string): Node => {
    if (!address.startsWith("file:")) return undefined
    const known = opened.get(address)
    if (known !== undefined) return known
    const value = readValue(fileURLToPath(address))
    opened.set(address, value)
    return value
  }
}

/** Whether a parsed file is a description of an API, as opposed to any other JSON or YAML. */
export const isDescription = (value: Node): boolean =>
  isRecord(value) && versionOf(value) !== undefined && isRecord(value.paths)

/**
 * Reads a file; undefined when it holds something else than a description. Throws `DescriptionUnreadable` when it is
 * missing or broken.
 */
export const maybe = (file: string): Document | undefined => {
  const value = readValue(file)
  if (!isRecord(value) || !isDescription(value)) return undefined
  const address = pathToFileURL(resolve(file)).href
  const read = reader({ address, open: opener(address, value) })
  const { base, hosts } = placeOf(value)
  const operations = operationsOf(read, value, base)
  const { info } = value
  return {
    file,
    title: (isRecord(info) ? textOf(info.title) : "") || file,
    hosts,
    operations,
    validator: Validator.make(read.schemas)
  }
}

/** Reads a file that has to be a description. Throws `DescriptionUnreadable` for anything else. */
export const file = (path: string): Document => {
  const document = maybe(path)
  if (document === undefined) {
    throw new DescriptionUnreadable(path, 'it has neither `swagger: "2.0"` nor `openapi: "3.x"` with `paths`')
  }
  return document
}
