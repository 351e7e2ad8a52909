// Installs the dependencies when they are absent, older than the lock file, or cut short. Plain JavaScript that any
// Node >= 20 runs, because it runs before the project's own Node (a dev dependency) exists.
import { spawn } from "node:child_process"
import { existsSync, mkdirSync, rmdirSync, statSync, utimesSync } from "node:fs"
import { fileURLToPath } from "node:url"

const root = fileURLToPath(new URL("../../", import.meta.url))
const lockFile = `${root}package-lock.json`
const installed = `${root}node_modules/.package-lock.json`
const runtime = `${root}node_modules/.bin/node${process.platform === "win32" ? ".cmd" : ""}`
// A folder is made or it is not: of two scripts that start at once, one installs and the other waits.
const turn = `${root}.installing`
const staleMillis = 30_000
const patienceMillis = 15 * 60_000

const isInstalled = () =>
  existsSync(runtime) && existsSync(installed) && statSync(installed).mtimeMs >= statSync(lockFile).mtimeMs

const takeTurn = () => {
  try {
    mkdirSync(turn)
    return true
  } catch {
    return false
  }
}

// Whoever installs keeps its turn fresh; one that was killed loses it.
const isStale = () => existsSync(turn) && Date.now() - statSync(turn).mtimeMs > staleMillis

const install = () =>
  new Promise((resolve) => {
    console.log("Installing dependencies (npm ci) ...")
    const fresh = setInterval(() => utimesSync(turn, new Date(), new Date()), 5_000)
    // The engine warnings come from the Node that runs npm; everything afterwards runs on the pinned one.
    const npm = spawn("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
      cwd: root,
      stdio: "inherit",
      shell: process.platform === "win32"
    })
    const end = (status) => {
      clearInterval(fresh)
      resolve(status)
    }
    npm.once("error", () => end(1))
    npm.once("exit", (code) => end(code ?? 1))
  })

const sleep = (millis) => new Promise((resolve) => setTimeout(resolve, millis))

if (!isInstalled()) {
  const began = Date.now()
  while (!takeTurn()) {
    if (isStale()) rmdirSync(turn)
    if (Date.now() - began > patienceMillis) {
      console.error(`Another script has been installing for too long; if none runs, remove ${turn}.`)
      process.exit(1)
    }
    await sleep(500)
  }
  let status = 0
  try {
    if (!isInstalled()) status = await install()
  } finally {
    rmdirSync(turn)
  }
  if (status !== 0) {
    console.error("The dependencies could not be installed; see npm's message above.")
    process.exit(status)
  }
  // The installed copy of the lock file may carry the older of two times; it is what the next start looks at.
  if (!isInstalled() && existsSync(installed)) utimesSync(installed, new Date(), new Date())
}
