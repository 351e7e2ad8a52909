/** Empty projects with packed packages in them: the way in which a user meets Portolan. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { basename, dirname, join } from "node:path"
import type { Built } from "../build.ts"
import { ownDependencies, type Published } from "../manifest.ts"
import { root } from "../packages.ts"
import { run, succeed } from "./run.ts"

/** A package that was built and packed. */
export interface Packed {
  readonly built: Built
  readonly name: string
  readonly short: string
  readonly manifest: Published
  /** The archive that would be published. */
  readonly tarball: string
}

/** Packs a built package, as `npm publish` would. */
export const pack = async (built: Built, into: string): Promise<Packed> => {
  mkdirSync(into, { recursive: true })
  const args = ["pack", "--silent", "--ignore-scripts", "--pack-destination", into]
  const archive = (await succeed("npm", args, { cwd: built.folder })).trim().split("\n").at(-1) ?? ""
  const manifest: Published = JSON.parse(readFileSync(join(built.folder, "package.json"), "utf8"))
  return { built, manifest, name: manifest.name, short: built.of.short, tarball: join(into, basename(archive)) }
}

/** The packages that these depend on, and these. */
export const closure = (these: ReadonlyArray<Packed>, all: ReadonlyArray<Packed>): ReadonlyArray<Packed> => {
  const needed = new Set(these)
  for (const one of needed) {
    for (const name of ownDependencies(one.manifest)) {
      const dependency = all.find((other) => other.name === name)
      if (dependency !== undefined) needed.add(dependency)
    }
  }
  return [...needed]
}

/** What a project asks npm for. */
export interface Wish {
  readonly packages: ReadonlyArray<Packed>
  /** Everything packed, for the dependencies of the packages. */
  readonly all: ReadonlyArray<Packed>
  /** Other dependencies with their versions. */
  readonly others?: { readonly [name: string]: string }
}

const place = ({ all, others, packages }: Wish) => ({
  private: true,
  type: "module",
  dependencies: { ...Object.fromEntries(packages.map((one) => [one.name, `file:${one.tarball}`])), ...others },
  overrides: Object.fromEntries(
    closure(packages, all)
      .filter((one) => !packages.includes(one))
      .map((one) => [one.name, `file:${one.tarball}`])
  )
})

/**
 * Installs packages into an empty project, with nothing beside what they declare and what the project asks for. A
 * conflict of peers fails. Engines are not judged here, because one installation serves several Nodes.
 */
export const install = async (folder: string, wish: Wish): Promise<string> => {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, "package.json"), JSON.stringify(place(wish), undefined, 2))
  const args = ["install", "--strict-peer-deps", "--prefer-offline", "--no-audit", "--no-fund", "--ignore-scripts"]
  await succeed("npm", [...args, "--loglevel=error"], { cwd: folder })
  return folder
}

/** Writes a file of a project. */
export const write = (folder: string, file: string, text: string): void => {
  mkdirSync(dirname(join(folder, file)), { recursive: true })
  writeFileSync(join(folder, file), text)
}

/** Versions of a library that lie in a project, one entry for each copy. */
export const copiesOf = (folder: string, name: string): ReadonlyArray<string> =>
  readdirSync(join(folder, "node_modules"), { recursive: true, encoding: "utf8" })
    .filter((path) => path === join(name, "package.json") || path.endsWith(join("node_modules", name, "package.json")))
    .map((path) => JSON.parse(readFileSync(join(folder, "node_modules", path), "utf8")).version)

/** Two ways to resolve modules in TypeScript. */
export type Resolution = "nodenext" | "bundler"

/** Third-party packages whose own declarations have errors, whoever imports them. */
export const faulty: { readonly [name: string]: string } = {
  "@better-auth/core": "names bun:sqlite",
  "@electric-sql/pglite": "names types of Emscripten that it does not depend on"
}

const isFaultOfOthers = (line: string): boolean =>
  Object.keys(faulty).some((name) => line.startsWith(`node_modules/${name}/`))

/** How a project is compiled. */
export interface Compilation {
  readonly resolution: Resolution
  /** The file of the compiler; by default the workspace's own. */
  readonly compiler?: string
  /** Libraries that the project's own files need beyond those of ES2022. */
  readonly lib?: ReadonlyArray<string>
}

/** Errors of TypeScript in a project, `skipLibCheck` being off; those in `faulty` packages are left out. */
export const typeErrors = async (
  folder: string,
  { compiler = join(root, "node_modules/typescript/bin/tsc"), lib, resolution }: Compilation
): Promise<ReadonlyArray<string>> => {
  const config = `tsconfig.${resolution}.json`
  const compilerOptions = {
    target: "es2022",
    ...(lib === undefined ? {} : { lib }),
    module: resolution === "bundler" ? "esnext" : "nodenext",
    moduleResolution: resolution,
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
    types: ["node"],
    allowImportingTsExtensions: true,
    noEmit: true
  }
  write(folder, config, JSON.stringify({ compilerOptions, include: ["*.ts", "examples/**/*.ts"] }))
  const { output, status } = await run(process.execPath, [compiler, "-p", config, "--pretty", "false"], { cwd: folder })
  const errors = output.split("\n").filter((line) => /error TS\d+/.test(line))
  if (status !== 0 && errors.length === 0) return [`tsc (${resolution}) ended with ${status}: ${output}`]
  return errors.filter((line) => !isFaultOfOthers(line)).map((line) => `types (${resolution}): ${line}`)
}
