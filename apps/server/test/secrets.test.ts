/** The secrets of an installation: made once, by a server, and the same for every program beside it. */
import { mkdtemp, readdir, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Effect, Redacted, Result } from "effect"
import { expect, test } from "vitest"
import * as DeploymentSecrets from "../src/DeploymentSecrets.ts"
import * as Settings from "../src/Settings.ts"

test("only a server makes secrets; a program beside it says what it needs, and makes nothing", async () => {
  const folder = await mkdtemp(join(tmpdir(), "portolan-secrets-"))
  try {
    const settings = Result.getOrThrow(Settings.decode({ DATA_DIR: folder }))
    const refused = await Effect.runPromise(Effect.flip(DeploymentSecrets.load(settings, false)))
    expect(refused.message).toContain("SECRET and MASTER_KEYS")
    expect(await readdir(folder)).toEqual([])
    const made = await Effect.runPromise(DeploymentSecrets.load(settings, true))
    const again = await Effect.runPromise(DeploymentSecrets.load(settings, false))
    expect(Redacted.value(again.secret)).toBe(Redacted.value(made.secret))
    expect(again.masterKeys?.active.id).toBe(made.masterKeys?.active.id)
    const other = await Effect.runPromise(
      DeploymentSecrets.load({ ...settings, DATA_DIR: join(folder, "other") }, true)
    )
    expect(other.masterKeys?.active.id).not.toBe(made.masterKeys?.active.id)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})
