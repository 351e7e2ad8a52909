/**
 * Changes the master key of a database full of secrets while they are read all the time: two processes seal them anew,
 * and each is killed once and followed by another. Every read has to give its secret.
 */
import { spawn, type ChildProcess } from "node:child_process"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { type Id } from "@portolan/domain"
import { Secrets, TokenVault } from "@portolan/ports"
import { Database, DataKeys, Store, TokenVaultPostgres } from "@portolan/postgres"
import { SecretsCrypto } from "@portolan/secrets"
import { DeploymentSecrets, KeyFile, KeysCommand, Settings } from "@portolan/server"
import { Context, Effect, Fiber, Layer, Redacted, Ref } from "effect"
import { MasterKeys } from "@portolan/ports"

/** What the drill found. */
export interface Report {
  /** Secrets that are under the new key. */
  readonly rewrapped: number
  readonly reads: number
  readonly failedReads: number
  readonly killed: number
  /** Seconds from the change of the key until nothing was left to be sealed anew. */
  readonly seconds: number
}

/** How the drill is run. */
export interface Options {
  readonly databaseUrl: string
  readonly secrets: number
  readonly say: (line: string) => void
}

interface Kept {
  readonly organizationId: Id.OrganizationId
  readonly reference: string
}

const organizationsOf = (secrets: number) => Math.max(1, Math.min(200, Math.ceil(secrets / 100)))
const readers = 4
const script = fileURLToPath(new URL("./rewrapper.ts", import.meta.url))
const textOf = ({ organizationId, reference }: Kept) => `Atzr|${organizationId}/${reference}`.padEnd(400, "x")

const folder = Effect.acquireRelease(
  Effect.promise(() => mkdtemp(join(tmpdir(), "portolan-keys-"))),
  (path) => Effect.promise(() => rm(path, { recursive: true, force: true }))
)

const fill = Effect.fnUntraced(function* (vault: TokenVault.TokenVault["Service"], kept: ReadonlyArray<Kept>) {
  yield* Effect.forEach(kept, (one) => vault.create(one.organizationId, one.reference, Redacted.make(textOf(one))), {
    concurrency: 16,
    discard: true
  })
})

/** A process that seals anew; `until` is told how much remains, and says when to kill it. */
const rewrapper = (environment: NodeJS.ProcessEnv, isTime: (remaining: number) => boolean) =>
  Effect.callback<"killed" | "done", Error>((resume) => {
    const child: ChildProcess = spawn(process.execPath, [script], {
      env: environment,
      stdio: ["ignore", "pipe", "inherit"]
    })
    let isKilled = false
    child.stdout?.on("data", (chunk: Buffer) => {
      const remaining = Number(chunk.toString().trim().split("\n").at(-1))
      if (isKilled || !isTime(remaining)) return
      isKilled = true
      child.kill("SIGKILL")
    })
    child.once("exit", (code) => {
      if (isKilled) resume(Effect.succeed("killed"))
      else if (code === 0) resume(Effect.succeed("done"))
      else resume(Effect.fail(new Error(`a process that sealed anew ended with ${code}`)))
    })
    return Effect.sync(() => void child.kill("SIGKILL"))
  })

/** One that is killed at its time, and one after it that goes on. */
const mortal = (environment: NodeJS.ProcessEnv, killAt: number) =>
  Effect.gen(function* () {
    const end = yield* rewrapper(environment, (remaining) => remaining <= killAt)
    if (end === "done") return 0
    yield* rewrapper(environment, () => false)
    return 1
  })

/** Runs the drill on an empty database. */
export const drill = Effect.fn("drill")(function* ({ databaseUrl, say, secrets: count }: Options) {
  const DATA_DIR = yield* folder
  const environment = { ...process.env, DATABASE_URL: databaseUrl, DATA_DIR, DATABASE_POOL: "6" }
  const settings = yield* Effect.fromResult(Settings.decode(environment))
  const secrets = yield* DeploymentSecrets.load(settings, true)
  const file = secrets.keyFile ?? ""
  const database = Database.layerPostgres({ url: Redacted.make(databaseUrl), poolSize: 8 })
  const context = yield* Layer.build(
    Layer.merge(
      TokenVaultPostgres.layer.pipe(
        Layer.provide(DataKeys.layer),
        Layer.provide(KeysCommand.keyRing(settings, secrets)),
        Layer.provide(Store.layer),
        Layer.provide(database)
      ),
      SecretsCrypto.layer(Redacted.make("a secret of the drill, 32 characters"))
    )
  )
  const vault = Context.get(context, TokenVault.TokenVault)
  const { id } = Context.get(context, Secrets.Secrets)
  const organizations = yield* Effect.all(Array.from({ length: organizationsOf(count) }, () => id("organization")))
  const kept = Array.from({ length: count }, (_, index): Kept => ({
    organizationId: organizations[index % organizations.length] ?? ("" as Id.OrganizationId),
    reference: `grant ${index}`
  }))
  say(`storing ${count} secrets of ${organizations.length} organizations ...`)
  yield* fill(vault, kept)

  const reads = yield* Ref.make({ reads: 0, failedReads: 0 })
  const readOne = Effect.suspend(() => {
    const one = kept[Math.floor(Math.random() * kept.length)]
    if (one === undefined) return Effect.void
    return vault.get(one.organizationId, one.reference).pipe(
      Effect.map(({ secret }) => Redacted.value(secret) === textOf(one)),
      Effect.catch((error) =>
        Effect.as(
          Effect.sync(() => say(`a read failed: ${error.message}`)),
          false
        )
      ),
      Effect.flatMap((isRight) =>
        Ref.update(reads, (before) => ({
          reads: before.reads + 1,
          failedReads: before.failedReads + (isRight ? 0 : 1)
        }))
      ),
      Effect.andThen(Effect.sleep("1 millis"))
    )
  })
  const reading = yield* Effect.forEach(Array.from({ length: readers }), () =>
    Effect.forkScoped(Effect.forever(readOne))
  )

  const begun = Date.now()
  const active = yield* KeyFile.rotate(file)
  say(`${active} seals from now on; two processes seal anew, and are killed`)
  const killed = yield* Effect.all(
    [mortal(environment, Math.floor(count * 0.7)), mortal(environment, Math.floor(count * 0.4))],
    { concurrency: 2 }
  )
  const seconds = (Date.now() - begun) / 1000
  yield* Effect.forEach(reading, Fiber.interrupt)

  const now = yield* DeploymentSecrets.load(settings, false)
  const { keys } = yield* Effect.provide(
    Effect.flatMap(MasterKeys.MasterKeys, ({ status }) => status()),
    KeysCommand.custody(settings, now)
  )
  const rewrapped = keys.find(({ keyId }) => keyId === active)?.secrets ?? 0
  const report: Report = {
    rewrapped,
    ...(yield* Ref.get(reads)),
    killed: killed.filter((times) => times > 0).length,
    seconds
  }
  return report
})
