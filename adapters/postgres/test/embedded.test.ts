/**
 * The test server starts on any machine: as root, in a closed folder, with blanks and letters of any kind in the path.
 */
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { basename, join } from "node:path"
import postgres from "postgres"
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest"
import { start } from "./support/embedded.ts"
import { type Delivery, programsFor } from "./support/serverPrograms.ts"
import { canEnter, findServerUser } from "./support/serverUser.ts"

const user = findServerUser()
const windows = process.platform === "win32"
const isRoot = process.getuid?.() === 0

let place: string
let delivery: Delivery

const mode = (...path: ReadonlyArray<string>) => statSync(join(...path)).mode & 0o777
const copies = () => readdirSync(place).filter((name) => name.startsWith("portolan-postgres-"))

beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), "portolan pörto-"))
  chmodSync(place, 0o755)
  vi.stubEnv("TMPDIR", place)
  const folder = join(place, "clone", "natívo")
  for (const name of ["bin", "lib", "share"]) mkdirSync(join(folder, name), { recursive: true })
  for (const program of ["postgres", "initdb"]) {
    writeFileSync(join(folder, "bin", program), "#!/bin/sh\nexit 0\n")
    chmodSync(join(folder, "bin", program), 0o755)
  }
  writeFileSync(join(folder, "lib/libx.so.1"), "library")
  symlinkSync("libx.so.1", join(folder, "lib/libx.so"))
  writeFileSync(join(folder, "share/catalogue"), "catalogue", { mode: 0o600 })
  delivery = { folder, key: "test-1.0.0" }
})

afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(place, { recursive: true, force: true })
})

describe.skipIf(windows)("the programs of the test server", () => {
  test("are used where npm put them if their user can start them there", () => {
    expect(programsFor(user, delivery).folder).toBe(delivery.folder)
    expect(copies()).toEqual([])
  })

  test("are copied once, by version and owner, when they cannot be started", () => {
    chmodSync(join(delivery.folder, "bin/postgres"), 0o644)
    const { folder } = programsFor(user, delivery)
    expect(basename(folder)).toBe(`portolan-postgres-test-1.0.0-of-${process.getuid?.()}`)
    const made = statSync(folder).ino
    expect(statSync(programsFor(user, delivery).folder).ino).toBe(made)
    expect(copies()).toEqual([basename(folder)])
  })

  test("are readable and startable for everybody in the copy, and writable for its owner alone", () => {
    chmodSync(join(delivery.folder, "bin/initdb"), 0o600)
    const { folder } = programsFor(user, delivery)
    expect([mode(folder), mode(folder, "bin"), mode(folder, "bin/initdb")]).toEqual([0o755, 0o755, 0o755])
    expect([mode(folder, "share/catalogue"), mode(folder, "lib/libx.so")]).toEqual([0o644, 0o644])
    expect(canEnter(join(folder, "lib"), user)).toBe(true)
  })

  test("are copied anew when the copy has lost a file", () => {
    chmodSync(join(delivery.folder, "bin/postgres"), 0o644)
    const { folder } = programsFor(user, delivery)
    rmSync(join(folder, "share/catalogue"))
    expect(programsFor(user, delivery).folder).toBe(folder)
    expect(statSync(join(folder, "share/catalogue")).size).toBe(9)
    expect(copies()).toEqual([basename(folder)])
  })

  test("are not taken from a folder that others can write to", () => {
    chmodSync(join(delivery.folder, "bin/postgres"), 0o644)
    const planted = programsFor(user, delivery).folder
    writeFileSync(join(planted, "bin/postgres"), "#!/bin/sh\nexit 0\n# planted\n")
    chmodSync(planted, 0o777)
    const { folder, release } = programsFor(user, delivery)
    expect(folder).not.toBe(planted)
    expect(copies()).toHaveLength(2)
    release()
    expect(copies()).toEqual([basename(planted)])
  })

  test.runIf(isRoot)("are copied when root's clone is closed to others", () => {
    chmodSync(join(place, "clone"), 0o700)
    const { folder } = programsFor(user, delivery)
    expect(canEnter(delivery.folder, user)).toBe(false)
    expect(canEnter(join(folder, "bin"), user)).toBe(true)
  })

  test.runIf(isRoot)("lie elsewhere when the temporary folder itself is closed to others", () => {
    chmodSync(place, 0o700)
    const { folder } = programsFor(user, { ...delivery, key: `test-${process.pid}` })
    expect(folder.startsWith(place)).toBe(false)
    expect(canEnter(folder, user)).toBe(true)
    rmSync(folder, { recursive: true })
  })
})

test("the test server works in a path with blanks and letters of any kind, and leaves nothing there", async () => {
  const { url, stop } = await start()
  const sql = postgres(url, { max: 1 })
  const [row] = await sql`select current_setting('data_directory') as folder`
  await sql.end()
  await stop()
  expect(row?.folder).toContain(basename(place))
  expect(readdirSync(place)).toEqual(["clone"])
})
