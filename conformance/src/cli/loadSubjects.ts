import { existsSync } from "node:fs"
import { resolve } from "node:path"
import { pathToFileURL } from "node:url"
import { show } from "../show.ts"
import { isSubjects, type Subjects } from "../Subjects.ts"

/** Where the subjects of this repository live: with their adapters, which the suite itself never imports. */
const builtIn: Readonly<Record<string, string>> = {
  memory: "../../../adapters/memory/conformance.ts",
  pglite: "../../../adapters/postgres/conformance.pglite.ts",
  postgres: "../../../adapters/postgres/conformance.postgres.ts"
}

const addressOf = (which: string): string => {
  const known = builtIn[which]
  if (known !== undefined) return new URL(known, import.meta.url).href
  const file = resolve(which)
  return existsSync(file) ? pathToFileURL(file).href : which
}

/** Loads what `--subject` names. Rejects with a sentence when there is no such module, or it offers no subjects. */
export const loadSubjects = async (which: string): Promise<Subjects> => {
  const module: { readonly default?: unknown } = await import(addressOf(which)).catch((error: unknown) => {
    const why = error instanceof Error ? error.message : show(error)
    throw new Error(`the subject '${which}' could not be loaded: ${why}`)
  })
  if (!isSubjects(module.default)) {
    throw new Error(`the module '${which}' does not export defineSubjects({ ... }) by default`)
  }
  return module.default
}
