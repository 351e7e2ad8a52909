/** The sink, the mailer and what hands out jobs on one database, with what the conformance suite can look at. */
import type { LandedRow, MailerInstance, SchedulerInstance, SinkInstance } from "@portolan/conformance"
import { Day, type Id, Profile } from "@portolan/domain"
import { DataSink, Mailer, type ProviderApi, Scheduler, Secrets, UnitOfWork, Workers } from "@portolan/ports"
import { Context, DateTime, Effect, Layer, Schema } from "effect"
import { sql } from "kysely"
import {
  DataSinkPostgres,
  MailerPostgres,
  SchedulerPostgres,
  Store,
  UnitOfWorkPostgres,
  WorkersPostgres
} from "../../src/index.ts"
import type { Faults } from "./Faults.ts"
import { options } from "./subjects.ts"
import type { Client } from "./vaultSubject.ts"

/** What all cases of a run share. */
export interface SmallContext {
  readonly faults: Faults
  /** The first `count` clients; the same ones again for every case, each with connections of its own. */
  readonly clients: (count: number) => Effect.Effect<ReadonlyArray<Client>, unknown>
}

/** The first client of a run. */
export const firstOf = ({ clients }: Pick<SmallContext, "clients">) =>
  Effect.flatMap(clients(1), ([client]) => (client === undefined ? Effect.die("no client") : Effect.succeed(client)))

const over =
  <A, E, R>(layer: Layer.Layer<A, E, R | Store.Store>) =>
  (store: Client) =>
    Layer.build(Layer.fresh(layer).pipe(Layer.provide(Layer.succeed(Store.Store, store))))

const twoOrganizations = Effect.gen(function* () {
  const { id } = yield* Secrets.Secrets
  return [yield* id("organization"), yield* id("organization")] as const
})

interface Stored {
  readonly profile: string
  readonly data_class: string
  readonly key: string
  readonly day: string
  readonly data: ProviderApi.Row["data"]
}

const keyOf = (text: string): Profile.Key => {
  const [channel, region, marketplaceId, ...rest] = text.split("/")
  return Schema.decodeUnknownSync(Profile.Key)({ channel, region, marketplaceId, externalId: rest.join("/") })
}

const landedRow = ({ data, data_class, day, key, profile }: Stored): LandedRow => ({
  key,
  day: Schema.decodeSync(Day.Day)(day),
  data,
  profile: keyOf(profile),
  dataClass: data_class
})

/** Makes a sink for one case, of two organizations that nobody else has. */
export const makeSink = (context: SmallContext) =>
  Effect.gen(function* () {
    const client = yield* firstOf(context)
    const { kysely } = client.database
    const sinkOn = (store: Client) => Effect.map(over(DataSinkPostgres.layer)(store), Context.get(DataSink.DataSink))
    const rows = async (organizationId: Id.OrganizationId, connectionId: Id.ConnectionId) => {
      const found = await sql<Stored>`select profile, data_class, key, day::text as day, data
        from portolan.landing_rows where organization_id = ${organizationId} and connection_id = ${connectionId}`.execute(
        kysely
      )
      return found.rows.map(landedRow)
    }
    const instance: SinkInstance = {
      sink: yield* sinkOn(client),
      organizations: yield* twoOrganizations,
      probes: {
        clients: (count) => Effect.flatMap(context.clients(count), Effect.forEach(sinkOn)),
        rows: (organizationId, connectionId) => Effect.promise(() => rows(organizationId, connectionId)),
        outage: (count) => Effect.sync(() => context.faults.outage(count))
      }
    }
    return instance
  })

/** Makes a mailer for one case, of two organizations that nobody else has. */
export const makeMailer = (context: SmallContext) =>
  Effect.gen(function* () {
    const mailerOn = (store: Client) =>
      Effect.map(over(MailerPostgres.layer(options))(store), Context.get(Mailer.Mailer))
    const instance: MailerInstance = {
      mailer: yield* mailerOn(yield* firstOf(context)),
      organizations: yield* twoOrganizations,
      probes: { clients: (count) => Effect.flatMap(context.clients(count), Effect.forEach(mailerOn)) }
    }
    return instance
  })

const change = (organizationId: Id.OrganizationId, parts: Partial<UnitOfWork.Change>): UnitOfWork.Change => ({
  organizationId,
  actor: { _tag: "System", part: "conformance" },
  at: DateTime.makeUnsafe(0),
  writes: [],
  claims: [],
  jobs: [],
  ...parts
})

/** Makes a scheduler for one case: jobs of all organizations are in one queue, so it begins empty. */
export const makeScheduler = (context: SmallContext) =>
  Effect.gen(function* () {
    const client = yield* firstOf(context)
    const { kysely } = client.database
    const schedulerOn = (store: Client) =>
      Effect.map(over(SchedulerPostgres.layer())(store), Context.get(Scheduler.Scheduler))
    const { commit } = yield* Effect.map(over(UnitOfWorkPostgres.layer)(client), Context.get(UnitOfWork.UnitOfWork))
    const organizations = yield* twoOrganizations
    yield* Effect.promise(() => sql`delete from portolan.jobs`.execute(kysely))
    const instance: SchedulerInstance = {
      scheduler: yield* schedulerOn(client),
      organizations: [...organizations, (yield* twoOrganizations)[0]],
      schedule: (jobs) =>
        Effect.forEach(jobs.slice(0, 1), ({ organizationId }) => commit(change(organizationId, { jobs })), {
          discard: true
        }),
      complete: (organizationId, completes) =>
        commit(change(organizationId, { completes })).pipe(
          Effect.as(true),
          Effect.catchTag("JobGone", () => Effect.succeed(false))
        ),
      probes: {
        workers: yield* Effect.map(over(WorkersPostgres.layer)(client), Context.get(Workers.Workers)),
        clients: (count) => Effect.flatMap(context.clients(count), Effect.forEach(schedulerOn)),
        now: () =>
          Effect.promise(async () => {
            const { rows } = await sql<{ readonly now: number }>`
              select (extract(epoch from clock_timestamp()) * 1000)::double precision as now`.execute(kysely)
            return rows[0]?.now ?? 0
          }),
        advance: (millis) =>
          Effect.promise(async () => {
            const passed = sql`make_interval(secs => ${millis / 1000}::double precision)`
            await sql`update portolan.jobs set due_at = due_at - ${passed}, claimed_until = claimed_until - ${passed}`.execute(
              kysely
            )
          })
      }
    }
    return instance
  })
