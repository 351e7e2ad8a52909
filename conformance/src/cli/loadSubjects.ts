import { existsSync } from "node:fs"
import { resolve } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"
import { show } from "../show.ts"
import { isSubjects, type Subjects } from "../Subjects.ts"
import { Usage } from "./Usage.ts"

/** Where the subjects of this repository live: with their adapters, which the suite itself never imports. */
const builtIn: Readonly<Record<string, string>> = {
  memory: "../../../adapters/memory/conformance.ts",
  pglite: "../../../adapters/postgres/conformance.pglite.ts",
  postgres: "../../../adapters/postgres/conformance.postgres.ts",
  crypto: "../../../adapters/secrets/conformance.ts",
  amazon: "../../../adapters/amazon/conformance.ts",
  walmart: "../../../adapters/walmart/conformance.ts",
  smtp: "../../../adapters/mail/conformance.ts"
}

const addressOf = (which: string): string => {
  const known = builtIn[which]
  if (known !== undefined) {
    const address = new URL(known, import.meta.url)
    if (existsSync(fileURLToPath(address))) return address.href
    throw new Usage(`the subject '${which}' is part of a clone of Portolan; name your own file with --subject`)
  }
  const file = resolve(which)
  if (which !== "" && existsSync(file)) return pathToFileURL(file).href
  if (which === "" || /^\.|^\/|\.[cm]?[jt]s$/.test(which)) throw new Usage(`--subject: there is no file '${which}'`)
  return which
}

/**
 * Loads what `--subject` names. Rejects with a sentence when there is no such module (a mistake of the caller), when it
 * offers no subjects (likewise) and when it fails while it is loaded.
 */
export const loadSubjects = async (which: string): Promise<Subjects> => {
  const module: { readonly default?: unknown } = await import(addressOf(which)).catch((error: unknown) => {
    const why = error instanceof Error ? error.message : show(error)
    throw new Error(`the subject '${which}' could not be loaded: ${why}`)
  })
  if (!isSubjects(module.default)) {
    throw new Usage(`the module '${which}' does not export defineSubjects({ ... }) by default`)
  }
  return module.default
}
