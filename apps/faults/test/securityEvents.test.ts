/** Attempts that were refused are on record in PostgreSQL as they are in memory, and on the chain. */
import { expect, it } from "@effect/vitest"
import { Id } from "@portolan/domain"
import { AuditLog } from "@portolan/ports"
import { Effect, Layer } from "effect"
import { freshDatabase } from "../../../adapters/postgres/test/support/databases.ts"
import { story } from "../../../ports/test/overview/refusals.ts"
import { driven, process } from "./matrix/Installation.ts"

it.live("each attempt that is refused is on record and on the chain of the organization that it concerns", () =>
  Effect.gen(function* () {
    const { url } = yield* freshDatabase
    const services = yield* Layer.build(Layer.fresh(driven(url)))
    yield* Effect.gen(function* () {
      const whole = yield* process()
      yield* whole(
        Effect.gen(function* () {
          const { ada, ours } = yield* story
          const log = yield* AuditLog.AuditLog
          const own = yield* log.verify(ada.caller.organizationId)
          expect([own.securityEvents, own.findings]).toEqual([ours.length, []])
          expect(yield* log.verify(Id.installation)).toMatchObject({ findings: [] })
        })
      )
    }).pipe(Effect.provide(services))
  })
)
