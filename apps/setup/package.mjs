/**
 * Builds every publishable package into `dist/<name>`: JavaScript with types beside it, and a manifest whose exports
 * name the emitted files, ready for `npm pack`. In the workspace the exports name TypeScript, which Node runs by
 * itself; a package inside `node_modules` is not stripped of its types by Node, so what is published has to be
 * JavaScript.
 *
 *   npm run package            all packages
 *   npm run package -- domain  some of them
 */
import { spawnSync } from "node:child_process"
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join, relative } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"

const root = fileURLToPath(new URL("../../", import.meta.url))

/** Folders of the packages that can be published, in the order of the arrows. */
export const publishable = () => [
  "domain",
  "ports",
  ...readdirSync(join(root, "adapters"))
    .map((name) => `adapters/${name}`)
    .filter((folder) => existsSync(join(root, folder, "package.json"))),
  "conformance"
]

const isCode = (file) => /\.(ts|tsx|mts)$/.test(file)
const emitted = (file, extension) => file.replace(/^\.\/src\//, "./").replace(/\.tsx?$/, extension)

/** `./src/index.ts` becomes the pair of emitted files; anything else (style sheets and the like) stays one file. */
const exportOf = (target) =>
  isCode(target)
    ? { types: emitted(target, ".d.ts"), default: emitted(target, ".js") }
    : target.replace(/^\.\/src\//, "./")

/** The manifest that is published: the workspace's own, with paths into the emitted tree. */
export const manifestOf = (manifest) => {
  const { devDependencies: _devDependencies, private: _private, scripts: _scripts, ...kept } = manifest
  return {
    ...kept,
    exports: Object.fromEntries(
      Object.entries(manifest.exports ?? {}).map(([name, target]) => [name, exportOf(target)])
    ),
    ...(manifest.bin === undefined
      ? {}
      : {
          bin: Object.fromEntries(Object.entries(manifest.bin).map(([name, target]) => [name, emitted(target, ".js")]))
        }),
    files: ["**/*"],
    engines: { node: ">=20" }
  }
}

const assets = (folder) =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    return entry.isDirectory() ? assets(path) : isCode(entry.name) ? [] : [path]
  })

/**
 * Builds one package and gives the folder it was built into. Throws with the compiler's words when it does not build.
 */
export const build = (folder, into = join(root, "dist")) => {
  const from = join(root, folder)
  const manifest = JSON.parse(readFileSync(join(from, "package.json"), "utf8"))
  const target = join(into, manifest.name.replace("@portolan/", ""))
  rmSync(target, { recursive: true, force: true })
  mkdirSync(target, { recursive: true })
  const config = join(into, `${manifest.name.replace("@portolan/", "")}.tsconfig.json`)
  writeFileSync(
    config,
    JSON.stringify({
      extends: join(root, "tsconfig.json"),
      compilerOptions: {
        noEmit: false,
        declaration: true,
        rootDir: join(from, "src"),
        outDir: target,
        typeRoots: [join(root, "node_modules/@types")]
      },
      include: [join(from, "src")],
      exclude: []
    })
  )
  const compiled = spawnSync(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", config], {
    cwd: root,
    encoding: "utf8"
  })
  rmSync(config)
  if (compiled.status !== 0) throw new Error(`${manifest.name} does not build:\n${compiled.stdout}${compiled.stderr}`)
  for (const asset of assets(join(from, "src"))) cpSync(asset, join(target, relative(join(from, "src"), asset)))
  for (const page of ["README.md", "LAWS.md", "RULES.md", "../LICENSE", "../../LICENSE"]) {
    if (existsSync(join(from, page))) cpSync(join(from, page), join(target, page.replace(/^(\.\.\/)+/, "")))
  }
  writeFileSync(join(target, "package.json"), `${JSON.stringify(manifestOf(manifest), undefined, 2)}\n`)
  return target
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const wanted = process.argv.slice(2)
  const folders = publishable().filter(
    (folder) => wanted.length === 0 || wanted.includes(folder) || wanted.includes(folder.replace("adapters/", ""))
  )
  if (folders.length === 0) {
    console.error(`No such package. There are: ${publishable().join(", ")}.`)
    process.exit(2)
  }
  for (const folder of folders) {
    try {
      console.log(`built ${relative(root, build(folder))}`)
    } catch (error) {
      console.error(error instanceof Error ? error.message : error)
      process.exitCode = 1
    }
  }
}
