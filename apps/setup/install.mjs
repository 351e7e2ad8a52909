// Installs the dependencies when what is installed does not fit the lock file, or was cut short: everything, or with
// the argument `run` what the programs need and no more. Plain JavaScript that any Node >= 20 runs, because it runs
// before the project's own Node (a dependency) exists.
import { spawn } from "node:child_process"
import { existsSync, rmSync, writeFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { faultOf, hasEverything, seal, unseal } from "./installation.mjs"
import { prune } from "./pruned.mjs"
import { takeTurn } from "./turn.mjs"

const root = fileURLToPath(new URL("../../", import.meta.url))
const turns = `${root}.installing`
/** Says that somebody who waits needs everything. */
const wish = `${turns}/everything`
const patienceMillis = 15 * 60_000

const sleep = (millis) => new Promise((resolve) => setTimeout(resolve, millis))

/** Of two scripts that start at once, one installs and the other waits. */
const waitForTurn = async () => {
  const began = Date.now()
  for (;;) {
    const turn = takeTurn(turns)
    if (turn !== undefined) return turn
    if (requested === "everything") writeFileSync(wish, "")
    if (Date.now() - began > patienceMillis)
      throw new Error(`Another installation does not end. If none runs, remove ${turns}.`)
    await sleep(300 + 400 * Math.random())
  }
}

// A tree that has everything keeps it: otherwise a developer would lose their tools with each new lock file.
const requested = process.argv[2] === "run" && !hasEverything(root) ? "run" : "everything"

// Engine warnings would come from the Node that runs npm; everything afterwards runs on the pinned one.
const ci = ["ci", "--no-audit", "--no-fund", "--loglevel=error"]
const words = {
  // Dev dependencies are named, because NODE_ENV=production would leave them out.
  everything: ["--include=dev", "--include=optional", "--include=peer"],
  run: [
    ...["dev", "optional", "peer"].map((kind) => `--omit=${kind}`),
    ...["server", "app-worker", "app-demo"].map((name) => `--workspace=@portolan/${name}`),
    "--include-workspace-root"
  ]
}

const runNpm = (turn, extent) =>
  new Promise((resolve) => {
    const shell = process.platform === "win32"
    const npm = spawn("npm", [...ci, ...words[extent]], { cwd: root, stdio: ["inherit", 2, "inherit"], shell })
    const pass = (signal) => npm.kill(signal)
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, pass)
    if (npm.pid !== undefined) turn.share(npm.pid)
    npm.once("error", () => resolve(1))
    npm.once("exit", (code) => resolve(code ?? 1))
  })

const install = async (turn, extent) => {
  const fault = faultOf(root, extent)
  if (fault === undefined) return
  // Not where the answer of the program comes that was asked for, which may be read by another one.
  console.error(`Installing ${extent === "run" ? "what runs" : "dependencies"} (npm ci): ${fault} ...`)
  unseal(root)
  if ((await runNpm(turn, extent)) !== 0)
    throw new Error("The dependencies could not be installed; see npm's message above.")
  if (extent === "run") prune(root)
  seal(root, extent)
  const left = faultOf(root, extent)
  if (left === undefined) return
  unseal(root)
  throw new Error(`npm ci ended, but ${left}. Check npm's settings (ignore-scripts, omit).`)
}

const repair = async () => {
  const turn = await waitForTurn()
  try {
    // What was installed for the programs alone would be replaced under them by the one who waits.
    if (requested === "run" && !existsSync(wish)) await install(turn, "run")
    if (requested === "everything" || existsSync(wish)) await install(turn, "everything")
  } finally {
    rmSync(wish, { force: true })
    turn.end()
  }
}

try {
  const fault = faultOf(root, requested)
  if (fault !== undefined)
    await repair().catch((error) => {
      throw error.syscall === undefined ? error : new Error(`${fault}, and nothing can be installed: ${error.message}`)
    })
} catch (error) {
  console.error(error.message)
  process.exitCode = 1
}
