import { spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { expect, test } from "vitest"
import { listen, Simulator } from "../src/index.ts"

const readme = readFileSync(fileURLToPath(new URL("../README.md", import.meta.url)), "utf8")
const script = /```sh\n# file: walk\.sh\n([\s\S]*?)```/.exec(readme)?.[1] ?? ""

test("the walk of the README runs as it stands there", { timeout: 60_000 }, async () => {
  expect(script).toContain("set -eu")
  const folder = mkdtempSync(join(tmpdir(), "portolan-walk-"))
  const server = await listen(Simulator.make({ preset: "owner-not-you" }))
  writeFileSync(join(folder, "walk.sh"), script)
  const child = spawn("sh", ["walk.sh"], { cwd: folder, env: { ...process.env, SIM: server.url } })
  const out: Array<string> = []
  const errors: Array<string> = []
  child.stdout.on("data", (chunk: Buffer) => out.push(chunk.toString()))
  child.stderr.on("data", (chunk: Buffer) => errors.push(chunk.toString()))
  await once(child, "close")
  // The provider's refusal, the first read, and the end of the consent.
  expect([out.join("").trim().split("\n"), errors.join("")]).toEqual([["SPDC8143", "200", "invalid_grant"], ""])
  const har = readFileSync(join(folder, "walk.har"), "utf8")
  const { log } = JSON.parse(har) as { log: { version: string; entries: ReadonlyArray<{ request: { url: string } }> } }
  const journal = JSON.parse(readFileSync(join(folder, "walk.json"), "utf8")) as ReadonlyArray<{ rule: string | null }>
  expect([log.version, log.entries.length]).toEqual(["1.2", journal.length])
  expect(journal.map((entry) => entry.rule).filter((rule) => rule !== null)).toEqual(["CEN-SPDC8143", "LWA-TOK-13"])
  // Nothing secret leaves with it.
  expect(har).not.toMatch(/Atz[ar]\||oa2-cs/)
  await server.close()
  rmSync(folder, { recursive: true, force: true })
})
