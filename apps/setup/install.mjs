// Installs the dependencies when they are absent or older than the lock file. Plain JavaScript that any Node >= 20 runs,
// because it runs before the project's own Node (a dev dependency) exists.
import { spawnSync } from "node:child_process"
import { existsSync, statSync } from "node:fs"
import { fileURLToPath } from "node:url"

const root = fileURLToPath(new URL("../../", import.meta.url))
const lock = `${root}package-lock.json`
const installed = `${root}node_modules/.package-lock.json`

if (!existsSync(installed) || statSync(installed).mtimeMs < statSync(lock).mtimeMs) {
  console.log("Installing dependencies (npm ci) ...")
  // The engine warnings come from the Node that runs npm; everything afterwards runs on the pinned one.
  const done = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: root,
    stdio: "inherit",
    shell: process.platform === "win32"
  })
  if (done.status !== 0) {
    console.error("The dependencies could not be installed; see npm's message above.")
    process.exit(done.status ?? 1)
  }
}
