/**
 * `npm run rules` writes the page of rules; with `--check` it only says whether the page is current, by its exit code.
 */
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { root } from "../tidy/tree.ts"
import { page, path } from "./page.ts"

const file = join(root, path)

if (process.argv.includes("--check")) {
  if (readFileSync(file, "utf8") !== page()) {
    console.error(`${path} is not current: run npm run rules.`)
    process.exitCode = 1
  }
} else writeFileSync(file, page())
