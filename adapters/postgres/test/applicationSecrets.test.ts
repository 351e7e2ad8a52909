/** The secrets of applications on a real server: changed once by two at a time, and sealed. */
import { expect, it } from "@effect/vitest"
import { Applications, ApplicationSecrets } from "@portolan/ports"
import { Effect, Layer, Redacted, Result } from "effect"
import { sql } from "kysely"
import { DataKeys, Database, KeyRingLocal, Store, TokenVaultPostgres } from "../src/index.ts"
import { freshDatabase } from "./support/databases.ts"

const keyRing = KeyRingLocal.layer({ active: { id: "m1", key: Redacted.make("11".repeat(32)) } })

const application: Applications.Application = {
  id: "made-up/client",
  name: "made-up",
  clientId: "client",
  channels: ["made-up-channel"],
  given: { secret: Redacted.make("canary-first") },
  lifeDays: 180,
  overlapDays: 7,
  attempt: () => Effect.succeed({ outcome: "accepted", detail: "" })
}

const secret = (text: string) => ({ secret: Redacted.make(text) })

it.live("secrets of an application are set and promoted once by two at a time, and lie sealed", () =>
  Effect.gen(function* () {
    const { url } = yield* freshDatabase
    const world = ApplicationSecrets.ApplicationSecrets.layer.pipe(
      Layer.provideMerge(TokenVaultPostgres.layer),
      Layer.provide(DataKeys.layer),
      Layer.provide(keyRing),
      Layer.provideMerge(Store.layer),
      Layer.provideMerge(Database.layerPostgres({ url, poolSize: 4 })),
      Layer.provideMerge(Layer.succeed(Applications.Applications, { all: [application], readNotice: () => undefined }))
    )
    yield* Effect.gen(function* () {
      const secrets = yield* ApplicationSecrets.ApplicationSecrets
      const both = { concurrency: 2, mode: "result" } as const
      const sets = yield* Effect.all(
        [secrets.set("made-up", secret("canary-second")), secrets.set("made-up", secret("canary-third"))],
        both
      )
      expect(sets.filter(Result.isSuccess)).toHaveLength(1)
      expect(sets.find(Result.isFailure)?.failure.message).toContain("Promote it, or retire it first.")
      yield* Effect.all([secrets.promote("made-up", false), secrets.promote("made-up", false)], both)
      const [view] = yield* secrets.status()
      expect([view?.current.source, view?.previous?.number, view?.pending]).toEqual(["operator", 1, undefined])
      const { kysely } = yield* Database.Database
      const { rows } = yield* Effect.promise(() =>
        sql<{ readonly dump: string; readonly organization_id: string }>`
          select organization_id, encode(sealed, 'escape') as dump from portolan.vault_secrets`.execute(kysely)
      )
      expect(rows.map((row) => row.organization_id)).toEqual(["org_00000000000000000000000000"])
      expect(rows[0]?.dump).not.toMatch(/canary|addedAt/)
    }).pipe(Effect.provide(world))
  }).pipe(Effect.scoped)
)
