/** The Nodes that published packages run on, installed once into the cache of the repository. */
import { existsSync, mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { root } from "../packages.ts"
import { succeed } from "./run.ts"

/** The last release of each line that is checked, by its major version. */
export const releases = { 20: "20.20.2", 22: "22.23.3", 26: "26.10.0" } as const

/** The major version of a Node that is checked. */
export type Major = keyof typeof releases

/** Majors, oldest first. */
export const majors: ReadonlyArray<Major> = [20, 22, 26]

const cache = join(root, "node_modules/.cache/portolan")

/** Where a Node is, after installing it when it is not there yet. */
export const nodeOf = async (major: Major): Promise<string> => {
  const folder = join(cache, `node-${releases[major]}`)
  const program = join(folder, "node_modules/node/bin/node")
  if (existsSync(program)) return program
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, "package.json"), `{"private":true,"allowScripts":{"node":true}}`)
  await succeed("npm", ["install", "--no-audit", "--no-fund", "--loglevel=error", `node@${releases[major]}`], {
    cwd: folder
  })
  return program
}

const numbersOf = (version: string): ReadonlyArray<number> => version.split(".").map(Number)

/** Does a range of engines, `>=22.12`, admit this release? */
export const admits = (range: string, release: string): boolean => {
  const least = numbersOf(range.replace(">=", ""))
  const found = numbersOf(release)
  for (const [index, number] of least.entries()) {
    const own = found[index] ?? 0
    if (own !== number) return own > number
  }
  return true
}
