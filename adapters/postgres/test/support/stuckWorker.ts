/** A worker that takes work, says so and never finishes it. Argument: a server's address or a data folder. */
import { Scheduler } from "@portolan/ports"
import { Duration, Effect, Layer, Redacted } from "effect"
import { Database, PostgresAdapters } from "../../src/index.ts"
import { options } from "./subjects.ts"

const [, , address = ""] = process.argv

const database = address.startsWith("postgres:")
  ? Database.layerPostgres({ url: Redacted.make(address) })
  : Database.layerPGlite({ dataDir: address })

const program = Effect.gen(function* () {
  const scheduler = yield* Scheduler.Scheduler
  yield* scheduler.consume(
    ({ job }) =>
      Effect.andThen(
        Effect.sync(() => void process.stdout.write(`${job.id}\n`)),
        Effect.never
      ),
    { concurrency: 1 }
  )
  yield* Effect.never
})

await Effect.runPromise(
  Effect.scoped(
    Effect.provide(
      program,
      Layer.provide(PostgresAdapters.layer({ ...options, claimLife: Duration.seconds(2) }), database)
    )
  )
)
