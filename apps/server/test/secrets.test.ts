/** The secrets of an installation: made once, by a server, and the same for every program beside it. */
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Seal } from "@portolan/postgres"
import { Effect, Redacted, Result, Schedule } from "effect"
import { expect, test } from "vitest"
import * as DeploymentSecrets from "../src/DeploymentSecrets.ts"
import * as KeyFile from "../src/KeyFile.ts"
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

test("destroying an organization's key takes it out of every tree, and names the keys that are one for all", async () => {
  const folder = await mkdtemp(join(tmpdir(), "portolan-secrets-"))
  try {
    const settings = Result.getOrThrow(Settings.decode({ DATA_DIR: folder }))
    const { keyFile = "" } = await Effect.runPromise(DeploymentSecrets.load(settings, true))
    const content = await Effect.runPromise(KeyFile.read(keyFile))
    const whole = `k0:${"11".repeat(32)}`
    await writeFile(keyFile, KeyFile.encode({ ...content, masterKeys: `${content.masterKeys},${whole}` }))
    const owner = ["data-key", "org_1"] as const
    // Two at once: one waits for the other, as two workers do.
    const destroy = Effect.retry(KeyFile.destroy(keyFile, owner), { times: 50, schedule: Schedule.spaced("20 millis") })
    expect(await Effect.runPromise(Effect.all([destroy, destroy], { concurrency: 2 }))).toEqual([["k0"], ["k0"]])
    const { masterKeys } = await Effect.runPromise(DeploymentSecrets.load(settings, false))
    const keys = masterKeys === undefined ? expect.fail("there are keys") : Seal.ring(masterKeys)
    const opens = (id: string) =>
      [...keys.values()].map((material) => Seal.keyFor(material, ["data-key", id]) !== undefined)
    expect([opens("org_1"), opens("org_2")]).toEqual([
      [false, true],
      [true, true]
    ])
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})
