/** Unit of work, lists and history on one database, with everything the conformance suite can look at. */
import type { PlantedRecord, RepositoryInstance, Services } from "@portolan/conformance"
import type { Id, Job } from "@portolan/domain"
import { Repository, DataSink, EventLog, Secrets, UnitOfWork } from "@portolan/ports"
import { Context, DateTime, Effect, Layer, Result } from "effect"
import { sql } from "kysely"
import { readTask, type TaskRow } from "../../src/codec.ts"
import {
  RepositoryPostgres,
  DataSinkPostgres,
  EventLogPostgres,
  Migrations,
  Store,
  UnitOfWorkPostgres
} from "../../src/index.ts"
import { tableOf } from "../../src/Tables.ts"
import type { Faults } from "./Faults.ts"
import { options } from "./subjects.ts"

/** A client of the database: its own pool, where the database has pools. */
export interface StoreClient {
  readonly store: Store.Store["Service"]
}

/** What all cases of a run share. */
export interface StoreContext {
  readonly faults: Faults
  /** The first `count` clients; the same ones again for every case, each with connections of its own. */
  readonly clients: (count: number) => Effect.Effect<ReadonlyArray<StoreClient>, unknown>
}

const ports = Layer.mergeAll(
  UnitOfWorkPostgres.layer,
  RepositoryPostgres.layer(options),
  EventLogPostgres.layer(options)
)

const storesOn = ({ store }: StoreClient) =>
  Layer.build(Layer.fresh(ports)).pipe(
    Effect.provideService(Store.Store, store),
    Effect.map((services): Services => ({
      unitOfWork: Context.get(services, UnitOfWork.UnitOfWork),
      repository: Context.get(services, Repository.Repository),
      log: Context.get(services, EventLog.EventLog)
    }))
  )

const sinkOn = ({ store }: StoreClient) =>
  Layer.build(Layer.fresh(DataSinkPostgres.layer)).pipe(
    Effect.provideService(Store.Store, store),
    Effect.map(Context.get(DataSink.DataSink))
  )

/** Makes the stores for one case. */
export const makeStores = (context: StoreContext) =>
  Effect.gen(function* () {
    const secrets = yield* Secrets.Secrets
    const organizations = [
      yield* secrets.id("organization"),
      yield* secrets.id("organization"),
      yield* secrets.id("organization")
    ] as const
    const [client] = yield* context.clients(1)
    if (client === undefined) return yield* Effect.die("no client")
    const { kysely } = client.store.database
    const own = sql.join([...organizations])

    const waiting = async (organizationId: Id.OrganizationId): Promise<ReadonlyArray<Job.Job>> => {
      const { rows } = await sql<{ readonly id: Id.JobId; readonly due_at: Date } & TaskRow>`
      select id, due_at, schema_version, task from portolan.jobs
      where organization_id = ${organizationId} and status = 'waiting'`.execute(kysely)
      return rows.flatMap((row) => {
        const read = readTask(row.id, row)
        return Result.isSuccess(read)
          ? [{ id: row.id, organizationId, dueAt: DateTime.makeUnsafe(row.due_at), task: read.success }]
          : []
      })
    }
    const plant = async ({ organizationId, stored, ...record }: PlantedRecord) => {
      const table = { State: undefined, Event: "events", Task: "jobs" }[record._tag]
      const column = sql.ref({ State: "state", Event: "event", Task: "task" }[record._tag])
      const place = "position" in record ? sql`position = ${record.position}` : sql`id = ${record.id}`
      await sql`update ${sql.table("kind" in record ? tableOf[record.kind] : `portolan.${table}`)}
        set schema_version = ${stored.schemaVersion ?? null}::integer, ${column} = ${JSON.stringify(stored.payload)}::json
        where organization_id = ${organizationId} and ${place}`.execute(kysely)
    }
    const dump = async () => {
      const lines: Array<string> = []
      for (const table of Migrations.tables) {
        const { rows } = await sql<{ readonly line: string }>`
        select ${table} || ' ' || t::text as line from ${sql.table(`portolan.${table}`)} t
        where organization_id in (${own})`.execute(kysely)
        lines.push(...rows.map(({ line }) => line))
      }
      return lines
    }

    const instance: RepositoryInstance = {
      services: yield* storesOn(client),
      organizations,
      probes: {
        clients: (count) => Effect.flatMap(context.clients(count), Effect.forEach(storesOn)),
        reopen: () => storesOn(client),
        dump: () => Effect.promise(dump),
        jobs: (organizationId) => Effect.promise(() => waiting(organizationId)),
        plant: (record) => Effect.promise(() => plant(record)),
        sink: yield* sinkOn(client),
        outage: (count) => Effect.sync(() => context.faults.outage(count)),
        crash: {
          arm: (call, side) => Effect.sync(() => context.faults.arm(call, side)),
          disarm: () => Effect.sync(() => context.faults.disarm())
        }
      }
    }
    return instance
  })
