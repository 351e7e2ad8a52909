// Installs the dependencies when what is installed does not fit the lock file, or was cut short. Plain JavaScript that
// any Node >= 20 runs, because it runs before the project's own Node (a dev dependency) exists.
import { spawn } from "node:child_process"
import { fileURLToPath } from "node:url"
import { faultOf, seal, unseal } from "./installation.mjs"
import { takeTurn } from "./turn.mjs"

const root = fileURLToPath(new URL("../../", import.meta.url))
const turns = `${root}.installing`
const patienceMillis = 15 * 60_000

const sleep = (millis) => new Promise((resolve) => setTimeout(resolve, millis))

/** Of two scripts that start at once, one installs and the other waits. */
const waitForTurn = async () => {
  const began = Date.now()
  for (;;) {
    const turn = takeTurn(turns)
    if (turn !== undefined) return turn
    if (Date.now() - began > patienceMillis)
      throw new Error(`Another installation does not end. If none runs, remove ${turns}.`)
    await sleep(300 + 400 * Math.random())
  }
}

// Dev dependencies are named, because NODE_ENV=production would leave them out. Engine warnings would come from the
// Node that runs npm; everything afterwards runs on the pinned one.
const ci = ["ci", "--include=dev", "--include=optional", "--no-audit", "--no-fund", "--loglevel=error"]

const runNpm = (turn) =>
  new Promise((resolve) => {
    const npm = spawn("npm", ci, { cwd: root, stdio: "inherit", shell: process.platform === "win32" })
    const pass = (signal) => npm.kill(signal)
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, pass)
    if (npm.pid !== undefined) turn.share(npm.pid)
    npm.once("error", () => resolve(1))
    npm.once("exit", (code) => resolve(code ?? 1))
  })

const install = async (turn) => {
  const fault = faultOf(root)
  if (fault === undefined) return
  console.log(`Installing dependencies (npm ci): ${fault} ...`)
  unseal(root)
  if ((await runNpm(turn)) !== 0) throw new Error("The dependencies could not be installed; see npm's message above.")
  const left = faultOf(root)
  if (left !== undefined) throw new Error(`npm ci ended, but ${left}. Check npm's settings (ignore-scripts, omit).`)
}

const repair = async () => {
  const turn = await waitForTurn()
  try {
    await install(turn)
    seal(root)
  } finally {
    turn.end()
  }
}

try {
  const fault = faultOf(root)
  if (fault === undefined) seal(root)
  else
    await repair().catch((error) => {
      throw error.syscall === undefined ? error : new Error(`${fault}, and nothing can be installed: ${error.message}`)
    })
} catch (error) {
  console.error(error.message)
  process.exitCode = 1
}
