import { spawnSync } from "node:child_process"
import { fileURLToPath } from "node:url"
import { expect, test } from "vitest"

const root = fileURLToPath(new URL("../../../", import.meta.url))
const vitest = fileURLToPath(new URL("../../../node_modules/vitest/vitest.mjs", import.meta.url))
const args = ["run", "--configLoader", "native", "--config", "apps/setup/test/fixtures/failing.config.ts"]

test("a failing test makes the whole run fail, with the embedded PostgreSQL too", { timeout: 120_000 }, () => {
  const { VITEST: _inside, ...environment } = process.env
  const done = spawnSync(process.execPath, [vitest, ...args], { cwd: root, encoding: "utf8", env: environment })
  expect(done.stdout).toContain("1 failed")
  expect(done.status).toBe(1)
})
