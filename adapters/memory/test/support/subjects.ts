/** The smaller adapters in memory, as the conformance suite tests them. */
import type {
  LandedRow,
  MailerInstance,
  NotifierInstance,
  SchedulerInstance,
  SecretsInstance,
  SinkInstance,
  Subject
} from "@portolan/conformance"
import { Id, Profile } from "@portolan/domain"
import { DataSink, Mailer, Notifier, Scheduler, UnitOfWork, Workers } from "@portolan/ports"
import { Context, DateTime, Effect, HashMap, Layer, Ref } from "effect"
import * as DataSinkMemory from "../../src/DataSinkMemory.ts"
import * as MailerMemory from "../../src/MailerMemory.ts"
import * as Memory from "../../src/Memory.ts"
import * as NotifierMemory from "../../src/NotifierMemory.ts"
import * as SchedulerMemory from "../../src/SchedulerMemory.ts"
import * as SecretsSeeded from "../../src/SecretsSeeded.ts"
import * as UnitOfWorkMemory from "../../src/UnitOfWorkMemory.ts"
import * as WorkersMemory from "../../src/WorkersMemory.ts"

/** Every case has a world of its own, so all cases may use the same two organizations. */
const organizations: SinkInstance["organizations"] = [
  Id.make("organization", 1, new Uint8Array(10).fill(1)),
  Id.make("organization", 2, new Uint8Array(10).fill(2))
]

const about = { version: "0.1.0", place: "in-process", name: "memory" } as const

const noOutage = { outage: "the process cannot lose the connection to itself" }

/** A change that does nothing but what is given. */
const change = (organizationId: Id.OrganizationId, parts: Partial<UnitOfWork.Change>): UnitOfWork.Change => ({
  organizationId,
  actor: { _tag: "System", part: "conformance" },
  at: DateTime.makeUnsafe(0),
  writes: [],
  claims: [],
  jobs: [],
  ...parts
})

const jobs = Layer.mergeAll(SchedulerMemory.layer, UnitOfWorkMemory.layer, WorkersMemory.layer)

/** What hands out jobs. */
export const scheduler: Subject<SchedulerInstance> = {
  ...about,
  manifest: { features: [], clock: "effect" },
  open: Effect.succeed(
    Effect.gen(function* () {
      const memory = yield* Layer.build(Memory.layer())
      const open = Effect.provideContext(Layer.build(Layer.fresh(jobs)), memory)
      const services = yield* open
      const { commit } = Context.get(services, UnitOfWork.UnitOfWork)
      const instance: SchedulerInstance = {
        scheduler: Context.get(services, Scheduler.Scheduler),
        organizations: [...organizations, Id.make("organization", 3, new Uint8Array(10).fill(3))],
        schedule: (list) =>
          Effect.forEach(list.slice(0, 1), ({ organizationId }) => commit(change(organizationId, { jobs: list })), {
            discard: true
          }),
        complete: (organizationId, completes) =>
          commit(change(organizationId, { completes })).pipe(
            Effect.as(true),
            Effect.catchTag("JobGone", () => Effect.succeed(false))
          ),
        probes: {
          workers: Context.get(services, Workers.Workers),
          clients: (count) =>
            Effect.all(Array.from({ length: count }, () => Effect.map(open, Context.get(Scheduler.Scheduler))))
        }
      }
      return instance
    })
  )
}

/** What makes identifiers and tokens from a seed. */
export const secrets: Subject<SecretsInstance> = {
  ...about,
  manifest: { features: [], clock: "effect" },
  open: Effect.succeed(
    Effect.sync(() => {
      const open = (seed: string) => Effect.sync(() => SecretsSeeded.seeded(seed))
      return {
        secrets: SecretsSeeded.seeded("one"),
        probes: { reopen: () => open("one"), foreign: () => open("one more") }
      }
    })
  )
}

const rowsOf = (
  contents: Memory.Contents,
  organizationId: Id.OrganizationId,
  connectionId: Id.ConnectionId
): ReadonlyArray<LandedRow> => {
  const classes = HashMap.get(Memory.tenant(contents, organizationId).landed, connectionId)
  if (classes._tag === "None") return []
  return HashMap.toEntries(classes.value).flatMap(([dataClass, landed]) =>
    HashMap.toEntries(landed).map(([name, row]) => {
      const [channel, region, marketplaceId, ...rest] = name.split("/")
      const externalId = rest.join("/").split(" ")[0]
      const profile = { channel, region, marketplaceId, externalId } as unknown as Profile.Key
      return { ...row, dataClass, profile }
    })
  )
}

/** Where rows land. */
export const dataSink: Subject<SinkInstance> = {
  ...about,
  manifest: { features: [], clock: "effect", notVerified: noOutage },
  open: Effect.succeed(
    Effect.gen(function* () {
      const memory = yield* Layer.build(Memory.layer())
      const { contents } = Context.get(memory, Memory.Memory)
      const open = Effect.map(
        Effect.provideContext(Layer.build(Layer.fresh(DataSinkMemory.layer)), memory),
        Context.get(DataSink.DataSink)
      )
      const instance: SinkInstance = {
        sink: yield* open,
        organizations,
        probes: {
          clients: (count) => Effect.all(Array.from({ length: count }, () => open)),
          rows: (organizationId, connectionId) =>
            Effect.map(Ref.get(contents), (all) => rowsOf(all, organizationId, connectionId))
        }
      }
      return instance
    })
  )
}

/** What keeps mails. */
export const mailer: Subject<MailerInstance> = {
  ...about,
  manifest: { features: ["keeps"], clock: "effect" },
  open: Effect.succeed(
    Effect.gen(function* () {
      const memory = yield* Layer.build(Memory.layer())
      const open = Effect.map(
        Effect.provideContext(Layer.build(Layer.fresh(MailerMemory.layer)), memory),
        Context.get(Mailer.Mailer)
      )
      const instance: MailerInstance = {
        mailer: yield* open,
        organizations,
        probes: { clients: (count) => Effect.all(Array.from({ length: count }, () => open)) }
      }
      return instance
    })
  )
}

/** What keeps notices. */
export const notifier: Subject<NotifierInstance> = {
  ...about,
  manifest: { features: [], clock: "effect", notVerified: noOutage },
  open: Effect.succeed(
    Effect.gen(function* () {
      const memory = yield* Layer.build(Memory.layer())
      const open = Effect.map(
        Effect.provideContext(Layer.build(Layer.fresh(NotifierMemory.layer)), memory),
        Context.get(Notifier.Notifier)
      )
      const instance: NotifierInstance = {
        notifier: yield* open,
        organizations,
        probes: {
          clients: (count) => Effect.all(Array.from({ length: count }, () => open)),
          outbox: () => Effect.provideContext(NotifierMemory.notices, memory)
        }
      }
      return instance
    })
  )
}
