/**
 * `npm run bench -- start`: what a start costs. Figures of time are CPU seconds of whole processes, user and system,
 * each beside a yardstick that takes turns with it in the same run; statements are counted on the wire.
 */
import { execFile, spawn } from "node:child_process"
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { Server, Settings } from "@portolan/server"
import { Effect, Logger } from "effect"
import * as Embedded from "../../../adapters/postgres/test/support/embedded.ts"
import * as Tap from "./tap.ts"

const root = fileURLToPath(new URL("../../../", import.meta.url))
const run = promisify(execFile)

/** Figures of a start. Ratios are medians of pairs. */
export interface Start {
  /** Of the packages that lie here; on a fresh clone after `npm start`, what a start installs. */
  readonly install: { readonly megabytes: number }
  /** A server on a warm data folder, until it says that it runs; the ratio is to a server of Hono alone. */
  readonly ready: { readonly cpuSeconds: number; readonly ratioToBareHono: number }
  /** `import "@portolan/domain"` to `import "effect"`: of the sources as they lie here, and kept compiled by Node. */
  readonly importDomain: { readonly ratio: number; readonly compiledRatio: number }
  /** Statements of a server that finds an empty database, and one that was there before. */
  readonly statements: { readonly fresh: number; readonly warm: number }
  /** Resident memory of that server, ten seconds after it said so. */
  readonly idle: { readonly megabytes: number }
}

const median = (values: ReadonlyArray<number>): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0
const round = (value: number): number => Math.round(value * 100) / 100

const environment = () => {
  const { DATABASE_URL: _none, NODE_OPTIONS: _inside, ...kept } = process.env
  return kept
}

/** What a process that says a line does to the machine until then, and later. */
interface Observed {
  readonly cpuSeconds: number
  readonly residentMegabytes: number
}

// A module that tells its own use; it is loaded first and costs every process the same.
const telling = `import { writeFileSync } from "node:fs"
process.on("SIGUSR2", () => {
  const { user, system } = process.cpuUsage()
  writeFileSync(process.env.TOLD, JSON.stringify({ cpuSeconds: (user + system) / 1e6,
    residentMegabytes: process.memoryUsage.rss() / 2 ** 20 }))
  process.stdout.write("told\\n")
})`

const observe = async (
  place: string,
  words: ReadonlyArray<string>,
  { restMillis = 0, said, ...env }: { readonly said: string; readonly restMillis?: number; readonly DATA_DIR?: string }
): Promise<Observed> => {
  const told = join(place, "told.json")
  const child = spawn(process.execPath, ["--import", join(place, "telling.mjs"), ...words], {
    cwd: root,
    env: { ...environment(), PORT: "0", SIMULATOR_PORT: "0", TOLD: told, ...env },
    stdio: ["ignore", "pipe", "inherit"]
  })
  let heard = ""
  const hear = (text: string) =>
    new Promise<void>((resolve, reject) => {
      const look = () => heard.includes(text) && resolve()
      child.stdout.on("data", look)
      child.once("exit", () => reject(new Error(`${words.join(" ")} ended: ${heard}`)))
      look()
    })
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => (heard += chunk))
  await hear(said)
  if (restMillis > 0) await new Promise((resolve) => setTimeout(resolve, restMillis))
  child.kill("SIGUSR2")
  await hear("told")
  const ended = new Promise((resolve) => child.once("exit", resolve))
  child.kill("SIGINT")
  await ended
  const { cpuSeconds, residentMegabytes }: Observed = JSON.parse(await readFile(told, "utf8"))
  return { cpuSeconds, residentMegabytes }
}

const bareServer = `import { serve } from "@hono/node-server"
import { Hono } from "hono"
const app = new Hono().get("/", (c) => c.text("ok"))
serve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" }, () => console.log("Ctrl+C"))
process.on("SIGINT", () => process.exit(0))`

const measureReady = async (place: string, pairs: number) => {
  const main = join(root, "apps/server/src/main.ts")
  const bare = join(root, "apps/server", `.bench-${process.pid}.mjs`)
  const said = "Ctrl+C"
  const data = { DATA_DIR: join(place, "data"), said }
  try {
    await writeFile(bare, bareServer)
    // The first makes the folder, the second what Node keeps compiled.
    for (const _ of [1, 2]) await observe(place, [main], data)
    const ours: Array<number> = []
    const ratios: Array<number> = []
    for (let pair = 0; pair < pairs; pair++) {
      const mine = await observe(place, [main], data)
      const other = await observe(place, [bare], { said })
      ours.push(mine.cpuSeconds)
      ratios.push(mine.cpuSeconds / other.cpuSeconds)
    }
    const idle = await observe(place, [main], { ...data, restMillis: 10_000 })
    return {
      ready: { cpuSeconds: round(median(ours)), ratioToBareHono: round(median(ratios)) },
      idle: { megabytes: Math.round(idle.residentMegabytes) }
    }
  } finally {
    await rm(bare, { force: true })
  }
}

const importing = async (name: string, cache: string | undefined): Promise<number> => {
  const program = `await import(${JSON.stringify(name)})
    const { user, system } = process.cpuUsage(); console.log((user + system) / 1e6)`
  const { stdout } = await run(process.execPath, ["--input-type=module", "--eval", program], {
    cwd: join(root, "apps/server"),
    env: { ...environment(), ...(cache === undefined ? {} : { NODE_COMPILE_CACHE: cache }) }
  })
  return Number(stdout)
}

const importRatio = async (pairs: number, cache?: string): Promise<number> => {
  const ratios: Array<number> = []
  for (let pair = 0; pair <= pairs; pair++) {
    const domain = await importing("@portolan/domain", cache)
    ratios.push(domain / (await importing("effect", cache)))
  }
  return round(median(ratios.slice(1)))
}

const measureStatements = async (place: string) => {
  const server = await Embedded.start()
  const tap = await Tap.open(server.url)
  const begin = async () => {
    const before = tap.statements()
    const settings = Settings.decode({
      DATABASE_URL: tap.url,
      DATA_DIR: join(place, "secrets"),
      PORT: "0",
      SIMULATOR_PORT: "0",
      WORKER: "none"
    })
    const starting = Effect.fromResult(settings).pipe(Effect.flatMap(Server.start), Effect.scoped)
    await Effect.runPromise(Effect.provide(starting, Logger.layer([])))
    return tap.statements() - before
  }
  try {
    return { fresh: await begin(), warm: await begin() }
  } finally {
    await tap.stop()
    await server.stop()
  }
}

const bytesOf = async (folder: string): Promise<number> => {
  const sizes = await Promise.all(
    (await readdir(folder, { withFileTypes: true })).map(async (entry) => {
      const path = join(folder, entry.name)
      if (entry.isDirectory()) return await bytesOf(path)
      return entry.isFile() ? (await stat(path)).blocks * 512 : 0
    })
  )
  return sizes.reduce((sum, size) => sum + size, 0)
}

/** Measures a start; `pairs` is how often each process takes its turn. */
export const start = async (pairs = 5): Promise<Start> => {
  const place = await mkdtemp(join(tmpdir(), "portolan-bench-start-"))
  try {
    await writeFile(join(place, "telling.mjs"), telling)
    const megabytes = Math.round((await bytesOf(join(root, "node_modules"))) / 2 ** 20)
    const ratio = await importRatio(pairs)
    const compiledRatio = await importRatio(pairs, join(place, "compiled"))
    const { idle, ready } = await measureReady(place, pairs)
    const statements = await measureStatements(place)
    return { install: { megabytes }, ready, importDomain: { ratio, compiledRatio }, statements, idle }
  } finally {
    await rm(place, { recursive: true, force: true })
  }
}
