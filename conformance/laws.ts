/** `npm run laws` writes the page of laws; with `--check` it says whether the page is current, by its exit code. */
import { readFileSync, writeFileSync } from "node:fs"
import { lawsPage } from "./src/cli/lawsPage.ts"

const file = new URL("LAWS.md", import.meta.url)

if (process.argv.includes("--check")) {
  if (readFileSync(file, "utf8") !== lawsPage()) {
    console.error("conformance/LAWS.md is not current: run npm run laws.")
    process.exitCode = 1
  }
} else writeFileSync(file, lawsPage())
