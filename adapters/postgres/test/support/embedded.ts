/**
 * One real PostgreSQL for a whole test run: binaries from npm, its own folder, its own free port. Vitest starts it
 * before the first test and stops it after the last; each test file makes a database of its own on it.
 */
import { type ChildProcessByStdio, spawn } from "node:child_process"
import { existsSync, rmSync } from "node:fs"
import { chown, mkdir, rm, writeFile } from "node:fs/promises"
import { createServer } from "node:net"
import { join } from "node:path"
import type { Readable } from "node:stream"
import type { TestProject } from "vitest/node"
import { programsFor } from "./serverPrograms.ts"
import { findServerUser, openFolder, type ServerUser } from "./serverUser.ts"

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

type Child = ChildProcessByStdio<null, null, Readable>

/** Variables that would bring the caller's own PostgreSQL, language or folders into the server. */
const environment = (): NodeJS.ProcessEnv => ({
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(PG|LC_|LANG)/.test(name))),
  LC_ALL: "C"
})

/** Starts a program of the server as its user; what it writes to its error output is kept for the error message. */
const launch = (program: string, args: ReadonlyArray<string>, cwd: string, user: ServerUser | undefined) => {
  const child: Child = spawn(program, [...args], {
    cwd,
    env: environment(),
    stdio: ["ignore", "ignore", "pipe"],
    ...user
  })
  let log = ""
  child.stderr.on("data", (chunk: Buffer) => (log = (log + chunk.toString()).slice(-4_000)))
  return { child, log: () => log }
}

const ended = (child: Child): Promise<number | null> =>
  new Promise((resolve, reject) => {
    child.once("error", reject)
    child.once("close", (code) => resolve(code))
  })

const initialise = async (programs: string, place: string, user: ServerUser | undefined): Promise<void> => {
  const password = join(place, "password")
  await writeFile(password, "portolan\n", { mode: 0o600 })
  if (user !== undefined) await chown(password, user.uid, user.gid)
  const { child, log } = launch(
    join(programs, "bin", "initdb"),
    [
      `--pgdata=${join(place, "data")}`,
      "--username=portolan",
      "--auth=password",
      `--pwfile=${password}`,
      "--encoding=UTF8",
      "--locale=C"
    ],
    place,
    user
  )
  const code = await ended(child)
  await rm(password)
  if (code !== 0) throw new Error(`initdb ended with ${code}: ${log()}`)
}

/** Starts the server and waits until it takes connections. */
const serve = async (programs: string, place: string, port: number, user: ServerUser | undefined): Promise<Child> => {
  // Durability is not what is tested here, and parallel files open many pools. Sockets would lie in a folder of the
  // machine.
  const settings = ["fsync=off", "max_connections=200", "listen_addresses=127.0.0.1", "unix_socket_directories="]
  const { child, log } = launch(
    join(programs, "bin", "postgres"),
    ["-D", join(place, "data"), "-p", String(port), ...settings.flatMap((setting) => ["-c", setting])],
    place,
    user
  )
  const ready = new Promise<void>((resolve) => {
    child.stderr.on("data", () => {
      if (/ready to accept (read-only )?connections/.test(log())) resolve()
    })
  })
  const over = ended(child).then((code) => {
    throw new Error(`The test server ended with ${code}: ${log()}`)
  })
  await Promise.race([ready, over])
  over.catch(() => undefined)
  return child
}

/** SIGINT asks for a fast shutdown: connections are cut, files are closed. */
const shutDown = async (child: Child): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = ended(child)
  child.kill("SIGINT")
  await gone
}

const signals = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const

/** Removes a folder without giving way to anything else; a server that is just ending may still put files into it. */
const removeNow = (folder: string): void => {
  const pause = new Int32Array(new SharedArrayBuffer(4))
  for (let tries = 0; tries < 40; tries++) {
    try {
      rmSync(folder, { recursive: true, force: true })
    } catch {
      // A file came after the look into its folder.
    }
    if (!existsSync(folder)) return
    Atomics.wait(pause, 0, 0, 50)
  }
}

/** Stops the server when a signal ends the process, and cuts it off when the process ends without having stopped it. */
const stopWithProcess = (child: () => Child, place: string, stop: () => Promise<void>): (() => void) => {
  const cut = () => {
    child().kill("SIGQUIT")
    removeNow(place)
  }
  const listeners = Object.entries(signals).map(
    ([signal, code]) => [signal, () => void stop().finally(() => process.exit(code))] as const
  )
  process.once("exit", cut)
  for (const [signal, listener] of listeners) process.once(signal, listener)
  return () => {
    process.removeListener("exit", cut)
    for (const [signal, listener] of listeners) process.removeListener(signal, listener)
  }
}

/** A server of one's own. */
export interface TestServer {
  readonly url: string
  readonly port: number
  /** Where its data lie. */
  readonly data: string
  /** A fast shutdown, as `pg_ctl stop -m fast` makes it; the data stay. */
  readonly halt: () => Promise<void>
  /** Starts it again, at the same port and with the same data. */
  readonly resume: () => Promise<void>
  /** Stops it for good and removes its data. */
  readonly stop: () => Promise<void>
}

/** Puts data into `data` of a place, for the user that the server runs as. */
export type Prepare = (programs: string, place: string, user: ServerUser | undefined) => Promise<void>

/** Starts a server on prepared data, and gives its address and the ways to stop it. */
export const startOn = async (prepare: Prepare): Promise<TestServer> => {
  const user = findServerUser()
  const programs = programsFor(user)
  const place = openFolder("portolan-postgres", user)
  const clear = async () => {
    await rm(place, { recursive: true, force: true })
    programs.release()
  }
  try {
    await mkdir(join(place, "data"), { mode: 0o700 })
    if (user !== undefined) await chown(join(place, "data"), user.uid, user.gid)
    await prepare(programs.folder, place, user)
    const port = await freePort()
    let child = await serve(programs.folder, place, port, user)
    const stop = async () => {
      await shutDown(child)
      await clear()
      forget()
    }
    const forget = stopWithProcess(() => child, place, stop)
    return {
      url: `postgres://portolan:portolan@127.0.0.1:${port}/postgres`,
      port,
      data: join(place, "data"),
      halt: () => shutDown(child),
      resume: async () => {
        child = await serve(programs.folder, place, port, user)
      },
      stop
    }
  } catch (cause) {
    await clear()
    throw cause
  }
}

/** Starts a server of its own data. */
export const start = (): Promise<TestServer> => startOn(initialise)

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
