/** Every module that a published package offers, and what loading it needs. */
import { readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { filesOf } from "../build.ts"
import { packageOf } from "../packages.ts"
import { modulesNamed } from "./imports.ts"
import type { Packed } from "./Project.ts"

/** A module that can be imported: by which name, and where it lies in the package. */
export interface Entry {
  readonly specifier: string
  readonly file: string
}

/** `./*` with `./*.js` stands for every file that fits. */
const expand = (of: Packed, subpath: string, target: string): ReadonlyArray<Entry> => {
  const specifier = `${of.name}${subpath.slice(1)}`
  if (!target.includes("*")) return [{ specifier, file: target.slice(2) }]
  const [before = "", after = ""] = target.slice(2).split("*")
  return filesOf(of.built.folder)
    .filter((file) => file.startsWith(before) && file.endsWith(after))
    .map((file) => ({ file, specifier: specifier.replace("*", file.slice(before.length, file.length - after.length)) }))
}

/** The modules that a package exports. */
export const entriesOf = (of: Packed): ReadonlyArray<Entry> =>
  Object.entries(of.manifest.exports).flatMap(([subpath, target]) =>
    typeof target === "string" ? [] : expand(of, subpath, target.default)
  )

const optional = (of: Packed): ReadonlyArray<string> =>
  Object.entries(of.manifest.peerDependenciesMeta ?? {}).flatMap(([name, { optional: may }]) => (may ? [name] : []))

/** Packages that a module loads, over the files of its own package. */
const loads = (of: Packed, file: string, visited: Set<string>): ReadonlyArray<string> => {
  if (visited.has(file)) return []
  visited.add(file)
  return modulesNamed(file, readFileSync(join(of.built.folder, file), "utf8")).flatMap((specifier) =>
    specifier.startsWith(".") ? loads(of, join(dirname(file), specifier), visited) : [packageOf(specifier)]
  )
}

/** Entries that can be loaded without optional peers. */
export const entriesAlone = (of: Packed): ReadonlyArray<Entry> => {
  const absent = optional(of)
  if (absent.length === 0) return entriesOf(of)
  return entriesOf(of).filter(({ file }) => !loads(of, file, new Set()).some((name) => absent.includes(name)))
}

/** A module that re-exports entries, for the compiler. */
export const typesProgram = (entries: ReadonlyArray<Entry>): string =>
  entries.map(({ specifier }, index) => `export * as module${index} from '${specifier}'\n`).join("")

/** A program that loads entries one by one and says which of them fail. */
export const loadingProgram = (entries: ReadonlyArray<Entry>): string => `
for (const specifier of ${JSON.stringify(entries.map((entry) => entry.specifier))}) {
  await import(specifier).catch((error) => {
    console.log(specifier + ": " + String(error?.message ?? error).split("\\n")[0])
    process.exitCode = 1
  })
}
`
