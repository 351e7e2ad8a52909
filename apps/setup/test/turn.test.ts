import { spawn } from "node:child_process"
import { once } from "node:events"
import { mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs"
import { hostname, tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { expect, onTestFinished, test } from "vitest"

const program = fileURLToPath(new URL("./fixtures/turns.mjs", import.meta.url))

test("turns never overlap, also when six processes find the turn of a dead one at once", async () => {
  const place = mkdtempSync(join(tmpdir(), "portolan-turn-"))
  onTestFinished(() => rmSync(place, { recursive: true, force: true }))
  const folder = join(place, "turns")
  mkdirSync(folder)
  // No process has a number this high.
  writeFileSync(join(folder, "1"), JSON.stringify({ host: hostname(), pids: [2 ** 30] }))
  utimesSync(join(folder, "1"), new Date("2001-01-01"), new Date("2001-01-01"))
  const log = join(place, "log")
  await Promise.all(
    Array.from({ length: 6 }, () => once(spawn(process.execPath, [program, folder, log], { stdio: "inherit" }), "exit"))
  )
  const lines = readFileSync(log, "utf8").trim().split("\n")
  expect(lines).toHaveLength(60)
  for (let at = 0; at < lines.length; at += 2) expect(lines[at + 1]).toBe(lines[at]?.replace("begin", "end"))
})
