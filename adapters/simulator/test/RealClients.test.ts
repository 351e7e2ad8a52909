import { spawn, spawnSync } from "node:child_process"
import { createHash } from "node:crypto"
import { once } from "node:events"
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, beforeAll, describe, expect, test } from "vitest"

const path = (file: string) => fileURLToPath(new URL(file, import.meta.url))
const main = path("../src/cli.ts")
const data = mkdtempSync(join(tmpdir(), "portolan-clients-"))

const wishes = readFileSync(path("./clients/package.json"), "utf8")
/** Published clients, installed once for each list of versions. */
const folder = path(
  `../../../node_modules/.cache/portolan-clients/${createHash("sha256").update(wishes).digest("hex").slice(0, 12)}`
)

/** Installs the clients; false, with a word, when the registry cannot be reached. */
const install = (): boolean => {
  if (existsSync(join(folder, "installed"))) return true
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, "package.json"), wishes)
  const args = ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error"]
  const { status, stderr } = spawnSync("npm", args, { cwd: folder, encoding: "utf8", timeout: 300_000 })
  if (status !== 0) {
    console.warn(`The published clients cannot be installed, so they are not tried: ${stderr.trim().split("\n")[0]}`)
    return false
  }
  writeFileSync(join(folder, "installed"), "")
  return true
}

const start = async (...args: ReadonlyArray<string>) => {
  const child = spawn(process.execPath, [main, ...args], { stdio: ["ignore", "pipe", "inherit"] })
  const exit = once(child, "exit")
  await once(child.stdout, "data")
  return { child, exit }
}

/** The environment that a shell has after `eval "$(portolan-simulator env)"`. */
const environment = (): NodeJS.ProcessEnv => {
  const script = `eval "$('${process.execPath}' '${main}' env --data '${data}')"; '${process.execPath}' -p 'JSON.stringify(process.env)'`
  const { NODE_OPTIONS: _, ...env } = process.env
  const { stderr, stdout } = spawnSync("sh", ["-c", script], { encoding: "utf8", env })
  expect(stderr).toBe("")
  return JSON.parse(stdout) as NodeJS.ProcessEnv
}

const run = async (command: string, args: ReadonlyArray<string>, cwd: string) => {
  const child = spawn(command, args, { cwd, env: environment(), stdio: ["ignore", "pipe", "pipe"] })
  const out: Array<Buffer> = []
  child.stdout.on("data", (chunk: Buffer) => out.push(chunk))
  child.stderr.on("data", (chunk: Buffer) => out.push(chunk))
  await once(child, "close")
  return Buffer.concat(out).toString()
}

let simulator: Awaited<ReturnType<typeof start>>

beforeAll(async () => {
  simulator = await start(
    "--proxy",
    "--port",
    "0",
    "--tls-port",
    "0",
    "--data",
    data,
    "--preset",
    "seller-us-ready",
    "--json"
  )
})
afterAll(async () => {
  simulator.child.kill("SIGTERM")
  expect((await simulator.exit)[0]).toBe(0)
  expect(existsSync(join(data, "running.json"))).toBe(false)
  rmSync(data, { recursive: true, force: true })
})

describe("clients that know only the real addresses", () => {
  test("published for Node.js, run as they are", { timeout: 400_000 }, async () => {
    if (!install()) return
    copyFileSync(path("./clients/run.mjs"), join(folder, "run.mjs"))
    const out = await run(process.execPath, ["run.mjs"], folder)
    expect(JSON.parse(out.trim().split("\n").at(-1) ?? "{}")).toEqual({
      "amazon-sp-api-sdk-js": [2, true, true],
      "amazon-sp-api": [2, "DONE", "item-name\tseller-sku\tasin1\tquantity\tstatus"],
      "@sp-api-sdk": [true, true],
      "@scaleleap/amazon-advertising-api-sdk": [true, "seller"],
      oauth4webapi: [3600, true],
      "openid-client": [3600, true],
      "simple-oauth2": [3600, true],
      arctic: [3600, true]
    })
  })

  const python = spawnSync("python3", ["--version"]).status === 0
  test.skipIf(!python)(`of Python's standard library${python ? "" : " (not run: python3 is absent)"}`, async () => {
    const out = await run("python3", [path("./clients/run.py")], data)
    expect(JSON.parse(out.trim().split("\n").at(-1) ?? "[]")).toEqual([2, expect.stringContaining("502")])
  })

  test("are told when nothing runs", async () => {
    const { status, stderr } = spawnSync(process.execPath, [main, "env", "--data", join(data, "none")], {
      encoding: "utf8"
    })
    expect([status, stderr]).toEqual([2, expect.stringContaining("no simulator runs with the data folder")])
  })
})
