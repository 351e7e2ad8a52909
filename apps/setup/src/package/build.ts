/**
 * Builds packages into `dist/<name>`: JavaScript with types and source maps beside it, and the manifest that is
 * published. In the workspace the exports name TypeScript, which Node runs by itself; a package inside `node_modules`
 * is not stripped of its types by Node, so what is published has to be JavaScript.
 */
import { spawnSync } from "node:child_process"
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { basename, dirname, join, relative } from "node:path"
import { isCode, manifestOf } from "./manifest.ts"
import { type Package, root } from "./packages.ts"

/** A package that was built, and where. */
export interface Built {
  readonly of: Package
  readonly folder: string
}

/** Pages of a package that are shipped with it, where it has them. */
const pages = ["README.md", "CHANGELOG.md", "LAWS.md", "RULES.md"]

/** Files of a folder, its subfolders included, as paths from there. */
export const filesOf = (folder: string): ReadonlyArray<string> =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))

/** Compiles the packages as one program, so that what they share is checked a single time. */
const compile = (packages: ReadonlyArray<Package>, into: string): void => {
  const config = join(into, "tsconfig.json")
  writeFileSync(
    config,
    JSON.stringify({
      extends: join(root, "tsconfig.json"),
      compilerOptions: {
        // What Node 20 has, and no more: the compiler refuses `Map.groupBy` and iterator helpers.
        target: "es2023",
        lib: ["es2023", "es2024.string", "esnext.disposable"],
        noEmit: false,
        declaration: true,
        sourceMap: true,
        inlineSources: true,
        rootDir: root,
        outDir: join(into, "out"),
        typeRoots: [join(root, "node_modules/@types")]
      },
      include: packages.map(({ folder }) => join(root, folder, "src")),
      exclude: []
    })
  )
  const compiler = join(root, "node_modules/typescript/bin/tsc")
  // Checkers that run side by side each work out the types that files share, so one costs half of the usual four.
  const compiled = spawnSync(process.execPath, [compiler, "-p", config, "--checkers", "1"], {
    cwd: root,
    encoding: "utf8"
  })
  if (compiled.status !== 0) throw new Error(`It does not build:\n${compiled.stdout}${compiled.stderr}`)
}

/** Declarations keep `.ts` at the end of what they import; only the compiler of the workspace reads that. */
const finishDeclarations = (text: string): string =>
  text.replace(/(from |import\()"(\.[^"]*)\.ts"/g, (_all, before: string, path: string) => `${before}"${path}.js"`)

/** A map carries its source; the name beside the emitted file tells readers of a stack trace which file it was. */
const finishMap = (text: string, file: string): string =>
  JSON.stringify({ ...JSON.parse(text), sources: [basename(file).replace(/\.js\.map$/, ".ts")] })

const finished = (file: string, text: string): string => {
  if (file.endsWith(".d.ts")) return finishDeclarations(text)
  return file.endsWith(".js.map") ? finishMap(text, file) : text
}

const copy = (from: string, to: string): void => {
  mkdirSync(dirname(to), { recursive: true })
  cpSync(from, to)
}

/** Puts one package together from what was compiled. */
const assemble = (of: Package, compiled: string, into: string): Built => {
  const target = join(into, of.short)
  const source = join(root, of.folder, "src")
  rmSync(target, { recursive: true, force: true })
  mkdirSync(target, { recursive: true })
  for (const file of filesOf(join(compiled, of.folder, "src"))) {
    mkdirSync(dirname(join(target, file)), { recursive: true })
    const text = readFileSync(join(compiled, of.folder, "src", file), "utf8")
    writeFileSync(join(target, file), finished(file, text))
  }
  for (const asset of filesOf(source).filter((file) => !isCode(file))) copy(join(source, asset), join(target, asset))
  for (const page of pages) {
    if (existsSync(join(root, of.folder, page))) copy(join(root, of.folder, page), join(target, page))
  }
  copy(join(root, "LICENSE"), join(target, "LICENSE"))
  writeFileSync(join(target, "package.json"), `${JSON.stringify(manifestOf(of.manifest, of.folder), undefined, 2)}\n`)
  return { of, folder: target }
}

/** Builds packages, each into a folder of its own. Throws with the compiler's words when they do not build. */
export const build = (packages: ReadonlyArray<Package>, into = join(root, "dist")): ReadonlyArray<Built> => {
  mkdirSync(into, { recursive: true })
  const place = mkdtempSync(join(into, ".compiled-"))
  try {
    compile(packages, place)
    return packages.map((of) => assemble(of, join(place, "out"), into))
  } finally {
    rmSync(place, { recursive: true, force: true })
  }
}
