/** A store of workers on one database, with a hand on its clock. */
import type { WorkersInstance } from "@portolan/conformance"
import { Workers } from "@portolan/ports"
import { Context, Effect, Layer } from "effect"
import { sql } from "kysely"
import { Store, WorkersPostgres } from "../../src/index.ts"
import type { Client } from "./vaultSubject.ts"

/** Makes a store of workers for one case: the tables are the installation's, so they begin empty. */
export const makeWorkers = (clients: (count: number) => Effect.Effect<ReadonlyArray<Client>, unknown>) =>
  Effect.gen(function* () {
    const [client] = yield* clients(1)
    if (client === undefined) return yield* Effect.die("no client")
    const { kysely } = client.database
    const workersOn = (store: Client) =>
      Effect.map(
        Layer.build(Layer.fresh(WorkersPostgres.layer).pipe(Layer.provide(Layer.succeed(Store.Store, store)))),
        Context.get(Workers.Workers)
      )
    yield* Effect.promise(async () => {
      await sql`delete from portolan.workers`.execute(kysely)
      await sql`update portolan.worker_notices set confirmed = 'recovery', claimed_until = null`.execute(kysely)
    })
    const instance: WorkersInstance = {
      workers: yield* workersOn(client),
      probes: {
        clients: (count) => Effect.flatMap(clients(count), Effect.forEach(workersOn)),
        advance: (millis) =>
          Effect.promise(async () => {
            const passed = sql`make_interval(secs => ${millis / 1000}::double precision)`
            await sql`update portolan.workers set seen_at = seen_at - ${passed},
              living_until = living_until - ${passed}`.execute(kysely)
            await sql`update portolan.worker_notices set claimed_until = claimed_until - ${passed}`.execute(kysely)
          })
      }
    }
    return instance
  })
