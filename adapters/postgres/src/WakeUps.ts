/**
 * Wake-ups on pg-boss: one job for each piece of waiting work, sent inside the transaction that writes the work down,
 * so both exist or neither. A job carries the names of organization and intent and nothing else; the intent's row is
 * the truth, and a job whose work is done, moved or claimed is dropped.
 */
import type { Id } from "@portolan/domain"
import { Context, Effect, Layer, Option, Schema } from "effect"
import { fromKysely, PgBoss } from "pg-boss"
import { Database } from "./Database.ts"
import { DatabaseFailed, saying } from "./DatabaseError.ts"
import { isCollision } from "./Migrations.ts"
import { Store, type Trx } from "./Store.ts"

/** The queue's name. */
export const queue = "portolan.work"

/** What a wake-up carries: the names of its organization and of its job. */
export const Token = Schema.Struct({ organizationId: Schema.String, jobId: Schema.String })
export type Token = typeof Token.Type

/** Wake-ups that were sent before version 0005 of the schema name the job `intentId`. */
const TokenBefore0005 = Schema.Struct({ organizationId: Schema.String, intentId: Schema.String })

const decodeToken = Schema.decodeUnknownOption(Schema.Union([Token, TokenBefore0005]))

const readToken = (data: unknown): Token | undefined => {
  const token = Option.getOrUndefined(decodeToken(data))
  return token === undefined || "jobId" in token
    ? token
    : { organizationId: token.organizationId, jobId: token.intentId }
}

/** The queue. */
export class WakeUps extends Context.Service<
  WakeUps,
  {
    /** Sends wake-ups inside a transaction that has its session's own rights. */
    readonly send: (trx: Trx, wakes: ReadonlyArray<Wake>) => Promise<void>
    /** Takes the next wake-up that is due out of the queue, inside a transaction; passes over these organizations. */
    readonly take: (trx: Trx, passOver: ReadonlyArray<string>) => Promise<Token | undefined>
  }
>()("@portolan/postgres/WakeUps") {}

/** A wake-up to send. */
export interface Wake {
  readonly organizationId: Id.OrganizationId
  readonly jobId: Id.JobId
  readonly at: Date
}

/** How long a wake-up is kept that nobody takes: longer than any job lies ahead (a consent can expire in a year). */
const retentionSeconds = 800 * 86_400

/** Wake-ups sent in one statement. */
const batch = 500

/** Starts pg-boss on the same database, in schema `pgboss`. */
export const layer: Layer.Layer<WakeUps, DatabaseFailed, Database | Store> = Layer.effect(
  WakeUps,
  Effect.gen(function* () {
    const database = yield* Database
    // The schema must be there before; two processes that install at once wait for each other inside pg-boss.
    yield* Store
    const boss = yield* Effect.acquireRelease(
      Effect.tryPromise({
        try: () => start(database),
        catch: (cause) => new DatabaseFailed({ doing: "starting the queue", because: saying(cause) })
      }),
      (boss) => Effect.promise(() => stop(boss))
    )
    const log = Effect.runForkWith(yield* Effect.context())
    boss.on("error", (cause) => log(Effect.logWarning(`the queue: ${saying(cause)}`)))

    return WakeUps.of({
      send: async (trx, wakes) => {
        for (let start = 0; start < wakes.length; start += batch) {
          await boss.insert(
            queue,
            wakes
              .slice(start, start + batch)
              .map(({ at, jobId, organizationId }) => ({
                data: { organizationId, jobId },
                startAfter: at.toISOString(),
                singletonKey: jobId,
                group: { id: organizationId },
                retentionSeconds
              })),
            { db: fromKysely(trx) }
          )
        }
      },
      take: async (trx, passOver) => {
        const db = fromKysely(trx)
        const others = passOver.length === 0 ? {} : { ignoreGroups: [...passOver] }
        const [message] = await boss.fetch(queue, { batchSize: 1, db, ...others })
        if (message === undefined) return undefined
        await boss.deleteJob(queue, message.id, { db })
        return readToken(message.data)
      }
    })
  })
)

/** Several processes may install the queue in one moment; the later one finds it there on the next attempt. */
const start = async (database: Database["Service"]): Promise<PgBoss> => {
  for (let attempt = 1; ; attempt++) {
    const boss = new PgBoss({
      db: database.queue,
      backend: database.kind,
      schema: "pgboss",
      schedule: false,
      superviseIntervalSeconds: 300
    })
    // Without a listener an error event ends the process.
    boss.on("error", () => undefined)
    try {
      await boss.start()
      await boss.createQueue(queue, { policy: "standard", retryLimit: 0, retentionSeconds, deleteAfterSeconds: 3_600 })
      // Looked up once before any transaction: on one connection a lookup inside would wait for itself for ever.
      await boss.fetch(queue, { batchSize: 1, db: nothing })
      return boss
    } catch (cause) {
      await stop(boss)
      if (attempt === 5 || !isCollision(cause)) throw cause
    }
  }
}

const stop = async (boss: PgBoss): Promise<void> => {
  await boss.stop({ graceful: false, close: false }).catch(() => undefined)
}

/** A database without rows, to fill pg-boss's cache of queues without taking a wake-up. */
const nothing = { executeSql: () => Promise.resolve({ rows: [] }) }
