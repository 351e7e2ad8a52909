/** `install.mjs` in a tree of its own, with a script in the place of npm. */
import { spawn, spawnSync } from "node:child_process"
import { once } from "node:events"
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync
} from "node:fs"
import { tmpdir } from "node:os"
import { delimiter, join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterEach, beforeEach, describe, expect, test } from "vitest"

const setup = fileURLToPath(new URL("../", import.meta.url))
const fakeNpm = fileURLToPath(new URL("./fixtures/npm.mjs", import.meta.url))

let root: string

const lock = (versions: Readonly<Record<string, string>>, dev: ReadonlyArray<string> = []) =>
  writeFileSync(
    join(root, "package-lock.json"),
    JSON.stringify({
      packages: {
        "": { name: "tree" },
        ...Object.fromEntries(
          Object.entries(versions).map(([name, version]) => [
            `node_modules/${name}`,
            { version, integrity: `sha512-${name}-${version}`, ...(dev.includes(name) ? { dev: true } : {}) }
          ])
        )
      }
    })
  )

const environment = (slowMillis = 0) => ({
  ...process.env,
  PATH: `${join(root, "bin")}${delimiter}${process.env.PATH ?? ""}`,
  RUNS: join(root, "runs"),
  SLOW: String(slowMillis)
})

const script = () => join(root, "apps/setup/install.mjs")
const install = (...extent: ReadonlyArray<"run">) =>
  spawnSync(process.execPath, [script(), ...extent], { encoding: "utf8", env: environment() })
const begin = (slowMillis: number, ...extent: ReadonlyArray<"run">) =>
  spawn(process.execPath, [script(), ...extent], { stdio: "ignore", env: environment(slowMillis) })
const runs = () => (existsSync(join(root, "runs")) ? readFileSync(join(root, "runs"), "utf8").trim().split("\n") : [])
const until = (holds: () => boolean) => expect.poll(holds, { timeout: 10_000, interval: 20 }).toBe(true)

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "portolan-install-"))
  mkdirSync(join(root, "apps/setup"), { recursive: true })
  for (const name of readdirSync(setup).filter((file) => file.endsWith(".mjs"))) {
    cpSync(join(setup, name), join(root, "apps/setup", name))
  }
  mkdirSync(join(root, "bin"))
  writeFileSync(join(root, "bin/npm"), `#!/bin/sh\nexec "${process.execPath}" "${fakeNpm}" "$@"\n`)
  chmodSync(join(root, "bin/npm"), 0o755)
  lock({ alpha: "1.0.0", beta: "2.0.0" })
})

afterEach(() => rmSync(root, { recursive: true, force: true }))

describe.skipIf(process.platform === "win32")("the installation of dependencies", () => {
  test("happens once, and again when the lock file names other versions", () => {
    expect(install().status).toBe(0)
    expect(install().status).toBe(0)
    expect(runs()).toEqual(["begin", "end"])
    lock({ alpha: "1.0.1", beta: "2.0.0" })
    // Beside the answer of the program that was asked for, and not in it.
    const again = install()
    expect(again.stderr).toContain("package-lock.json has another node_modules/alpha")
    expect(again.stdout).toBe("")
    expect(runs()).toEqual(["begin", "end", "begin", "end"])
  })

  test("leaves a clone alone whose files are older than its lock file", () => {
    install()
    const long = new Date("2001-01-01")
    for (const file of ["node_modules", "node_modules/.package-lock.json"]) utimesSync(join(root, file), long, long)
    writeFileSync(join(root, "node_modules/kept"), "")
    expect(install().status).toBe(0)
    expect(runs()).toEqual(["begin", "end"])
    expect(existsSync(join(root, "node_modules/kept"))).toBe(true)
  })

  test("accepts what npm itself has installed from this lock file", () => {
    spawnSync(join(root, "bin/npm"), ["ci"], { cwd: root, env: environment() })
    expect(install().status).toBe(0)
    expect(runs()).toEqual(["begin", "end"])
  })

  test("notices an older installation whose files are newer than the lock file", () => {
    install()
    lock({ alpha: "1.0.1", beta: "2.0.0" })
    const long = new Date("2001-01-01")
    utimesSync(join(root, "package-lock.json"), long, long)
    install()
    expect(runs()).toHaveLength(4)
  })

  test("repairs a package that is missing or of another version", () => {
    install()
    rmSync(join(root, "node_modules/beta"), { recursive: true })
    expect(install().stderr).toContain("node_modules/beta is missing or of another version")
    expect(existsSync(join(root, "node_modules/beta/package.json"))).toBe(true)
    writeFileSync(join(root, "node_modules/alpha/package.json"), `{"version":"0.9.0"}`)
    install()
    expect(runs()).toHaveLength(6)
  })

  test("repairs one that ended with an error", () => {
    writeFileSync(join(root, "bin/npm"), "#!/bin/sh\nmkdir -p node_modules\nexit 7\n")
    const failed = install()
    expect([failed.status, failed.stderr]).toEqual([1, expect.stringContaining("could not be installed")])
    writeFileSync(join(root, "bin/npm"), `#!/bin/sh\nexec "${process.execPath}" "${fakeNpm}" "$@"\n`)
    expect(install().status).toBe(0)
    expect(runs()).toEqual(["begin", "end"])
  })

  test("is done by one of two commands that start at once", async () => {
    const both = [begin(700), begin(700)]
    const codes = await Promise.all(both.map(async (one) => (await once(one, "exit"))[0]))
    expect(codes).toEqual([0, 0])
    expect(runs()).toEqual(["begin", "end"])
    expect(existsSync(join(root, ".installing"))).toBe(false)
  })

  test("is not begun again while the npm of a killed command still works", async () => {
    const killed = begin(1_500)
    await until(() => runs().length === 1)
    killed.kill("SIGKILL")
    await once(killed, "exit")
    expect(install().status).toBe(0)
    expect(runs()).toEqual(["begin", "end"])
  }, 40_000)

  test("is interrupted by a signal, noticed by the next command and repaired", async () => {
    const interrupted = begin(60_000)
    await until(() => existsSync(join(root, "node_modules/beta")))
    interrupted.kill("SIGTERM")
    expect((await once(interrupted, "exit"))[0]).toBe(1)
    expect(existsSync(join(root, "node_modules/alpha"))).toBe(true)
    expect(install().stderr).toContain("the last installation did not finish")
    expect(runs()).toEqual(["begin", "begin", "end"])
  })

  const has = (path: string) => existsSync(join(root, "node_modules", path))

  test("has no more than the programs need when that is asked for, and is completed when the rest is", () => {
    lock({ alpha: "1.0.0", beta: "2.0.0" }, ["beta"])
    for (const _ of [1, 2]) expect(install("run").status).toBe(0)
    expect([has("alpha"), has("beta"), runs()]).toEqual([true, false, ["begin", "end"]])
    expect(install().stderr).toContain("only what the programs need is installed")
    expect([has("beta"), runs().length]).toEqual([true, 4])
    // From here on a start leaves everything there, also with the next lock file.
    lock({ alpha: "1.0.1", beta: "2.0.0" }, ["beta"])
    for (const _ of [1, 2]) expect(install("run").status).toBe(0)
    expect([has("beta"), runs().length]).toEqual([true, 6])
  })

  test("for the programs is repaired, and renewed with the lock file", () => {
    lock({ alpha: "1.0.0", beta: "2.0.0" }, ["beta"])
    install("run")
    rmSync(join(root, "node_modules/alpha"), { recursive: true })
    expect(install("run").stderr).toContain("node_modules/alpha is missing or of another version")
    lock({ alpha: "1.0.1", beta: "2.0.0" }, ["beta"])
    expect(install("run").stderr).toContain("package-lock.json has another node_modules/alpha")
    expect([has("alpha"), has("beta"), runs().length]).toEqual([true, false, 6])
  })

  test("has everything before a start goes on, when a second command needs everything meanwhile", async () => {
    lock({ alpha: "1.0.0", beta: "2.0.0" }, ["beta"])
    const starting = begin(1_000, "run")
    await until(() => runs().length === 1)
    const testing = begin(0)
    const [code] = await once(starting, "exit")
    expect([code, has("beta")]).toEqual([0, true])
    if (testing.exitCode === null) await once(testing, "exit")
    expect([testing.exitCode, runs().length, existsSync(join(root, ".installing"))]).toEqual([0, 4, false])
  })
})
