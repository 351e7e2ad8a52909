/**
 * What the packages of an installation that only runs can do without: declarations and source maps of every package,
 * and the parts of large ones that no program here loads. Two thirds of what npm unpacks.
 */
import { existsSync, readdirSync, rmSync } from "node:fs"
import { join, sep } from "node:path"
import { dropSymbols } from "./symbols.mjs"

/** Files of any package that only a compiler or a debugger reads. */
const read = /\.d\.[cm]?ts$|\.(?:js|mjs|cjs|css)\.map$/

const unstable = ["ai", "cli", "cluster", "devtools", "eventlog", "graphql", "http-api", "rpc", "testing", "workflow"]

/** By package, what nobody loads: paths inside it, as patterns of a whole path. */
const unused = {
  // The binary is in `bin`, too. Headers are for those who compile add-ons.
  node: /^node_modules\/node-[^/]+\/(?:bin|include|share|CHANGELOG\.md)(?:\/|$)/,
  effect: new RegExp(`^(?:src|ai-docs|dist/(?:${unstable.join("|")}))(?:/|$)`),
  "@electric-sql/pglite": /^dist\/.*\.(?:cjs|tar\.gz)$/,
  "@picocss/pico": /^(?:scss|css\/(?!pico\.min\.css$).+)/,
  "@types/node": /^.*$/,
  zod: /^src(?:\/|$)/
}

/** Whether a path inside `node_modules`, with `/` between its parts, goes. */
export const isPruned = (path) => {
  if (read.test(path)) return true
  const [, name, inside] = /^(@[^/]+\/[^/]+|[^/]+)\/(.+)$/.exec(path) ?? []
  return name !== undefined && Object.hasOwn(unused, name) && inside !== "package.json" && unused[name].test(inside)
}

const walk = (folder, path) => {
  for (const entry of readdirSync(join(folder, path), { withFileTypes: true })) {
    const below = path === "" ? entry.name : `${path}/${entry.name}`
    if (entry.isSymbolicLink()) continue
    if (isPruned(below)) rmSync(join(folder, below.replaceAll("/", sep)), { recursive: true, force: true })
    else if (entry.isDirectory()) walk(folder, below)
  }
}

/** Every folder of packages: the root's, and those of workspaces that need another version of something. */
const folders = (root) =>
  ["adapters", "apps"]
    .filter((group) => existsSync(join(root, group)))
    .flatMap((group) => readdirSync(join(root, group)).map((name) => `${group}/${name}`))
    .concat(".")
    .map((place) => join(root, place, "node_modules"))
    .filter((folder) => existsSync(folder))

/** Removes from the packages of a tree what the programs can do without. */
export const prune = (root) => {
  for (const folder of folders(root)) walk(folder, "")
  dropSymbols(join(root, "node_modules/node/bin/node"))
}
