/** What a manifest has to say, read from the workspace without building anything. */
import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { type Node, parse } from "../../tidy/tree.ts"
import { filesOf } from "../build.ts"
import { isCode, manifestOf } from "../manifest.ts"
import { isOwn, type Package, publishable, root } from "../packages.ts"
import { exact, peers } from "../published.ts"
import { undeclared } from "./imports.ts"

const say = (isWrong: boolean, problem: string): ReadonlyArray<string> => (isWrong ? [problem] : [])

const describes = ({ folder, manifest }: Package): ReadonlyArray<string> => {
  const readme = join(root, folder, "README.md")
  const title = existsSync(readme) ? readFileSync(readme, "utf8").split("\n")[0] : undefined
  return [
    ...say((manifest.description ?? "").length < 10, "has no description"),
    ...say((manifest.keywords ?? []).length < 4, "has fewer than four keywords"),
    ...say(manifest.license !== "MIT" || !existsSync(join(root, "LICENSE")), "has no licence"),
    ...say(manifest.type !== "module", "is not of type module"),
    ...say(title !== `# ${manifest.name}`, `has no README.md that begins with "# ${manifest.name}"`)
  ]
}

const names = ({ folder, manifest }: Package): ReadonlyArray<string> => {
  const targets = [...Object.values(manifest.exports ?? {}), ...Object.values(manifest.bin ?? {})]
  const missing = targets.filter((target) => !target.includes("*") && !existsSync(join(root, folder, target)))
  const notPrograms = Object.values(manifest.bin ?? {}).filter(
    (target) =>
      existsSync(join(root, folder, target)) &&
      !readFileSync(join(root, folder, target), "utf8").startsWith("#!/usr/bin/env node\n")
  )
  return [
    ...missing.map((target) => `names ${target}, which does not exist`),
    ...notPrograms.map((target) => `names ${target} as a program, which does not begin with #!/usr/bin/env node`)
  ]
}

/** Shared libraries are peers; what is published depends on nothing that is not. */
const depends = ({ folder, manifest }: Package): ReadonlyArray<string> => {
  const published = manifestOf(manifest, folder)
  const own = new Map(publishable().map((one) => [one.manifest.name, one.manifest.version]))
  return [
    ...Object.keys(published.dependencies)
      .filter((name) => isOwn(name) && !own.has(name))
      .map((name) => `depends on ${name}, which is not published`),
    ...Object.entries(published.dependencies)
      .filter(([name, range]) => peers[name] !== undefined || (!range.startsWith("^") && !exact.has(name)))
      .map(([name, range]) => `depends on ${name} ${range}: a shared library is a peer, and a range is a range`),
    ...Object.entries({ ...manifest.dependencies, ...manifest.peerDependencies })
      .filter(([, pinned]) => !/^\d+\.\d+\.\d+$/.test(pinned))
      .map(([name, pinned]) => `has ${name} ${pinned} in the workspace, where versions are pinned`)
  ]
}

/** Statements that do nothing when a module is only loaded. */
const inert: ReadonlySet<string> = new Set([
  "ImportDeclaration",
  "ExportNamedDeclaration",
  "ExportDefaultDeclaration",
  "ExportAllDeclaration",
  "VariableDeclaration",
  "FunctionDeclaration",
  "ClassDeclaration",
  "TSTypeAliasDeclaration",
  "TSInterfaceDeclaration",
  "TSDeclareFunction",
  "EmptyStatement"
])

const isBareImport = (node: Node): boolean =>
  node.type === "ImportDeclaration" &&
  (node.specifiers as ReadonlyArray<unknown>).length === 0 &&
  node.importKind !== "type"

/** Statements at the top of a module that do something, so that a bundler may not leave the module out. */
export const acting = (path: string, text: string): ReadonlyArray<string> =>
  (parse(path, text).program.body as ReadonlyArray<Node>)
    .filter((node) => !inert.has(node.type) || isBareImport(node))
    .map((node) => `${path} does something when it is loaded: ${text.slice(node.start, node.start + 60).trim()}`)

/** Modules that do something when they are loaded are listed in `sideEffects`, and no others are. */
const sideEffects = ({ folder, manifest }: Package): ReadonlyArray<string> => {
  const listed = Array.isArray(manifest.sideEffects) ? manifest.sideEffects : []
  const source = join(root, folder, "src")
  const found = filesOf(source)
    .filter((file) => isCode(file) && !listed.includes(`./src/${file}`))
    .flatMap((file) => acting(file, readFileSync(join(source, file), "utf8")))
  return [
    ...found,
    ...say(manifest.sideEffects !== false && listed.length === 0, "does not say sideEffects"),
    ...listed
      .filter((file) => !Object.values(manifest.bin ?? {}).includes(file))
      .map((file) => `lists ${file} in sideEffects, which is no program`)
  ]
}

/** What is wrong with the manifest of a package; each problem is a sentence without its subject. */
export const problemsOfManifest = (of: Package): ReadonlyArray<string> => [
  ...describes(of),
  ...names(of),
  ...depends(of),
  ...sideEffects(of),
  ...undeclared(join(root, of.folder, "src"), manifestOf(of.manifest, of.folder))
]
