/**
 * Commits a change in one transaction: key, completed job, states, claims, history, jobs and their wake-ups.
 *
 * Rows are touched in one order by everybody (kind and id, then profile, then the organization's history, locked last),
 * so two changes never wait for each other. A reply that is lost is safe to repeat: versions, completed work and
 * remembered keys tell the repeated change what happened.
 */
import { UnitOfWork } from "@portolan/ports"
import { Effect, Layer, PubSub } from "effect"
import { sql } from "kysely"
import { columnsOf, type Encoded, type Value, writeState } from "./codec.ts"
import { Store, transact, type Trx } from "./Store.ts"
import { tableOf } from "./Tables.ts"
import { append, schedule } from "./unitOfWork/appends.ts"
import { byText } from "./unitOfWork/order.ts"
import { settleClaims } from "./unitOfWork/profileClaims.ts"
import { WakeUps } from "./WakeUps.ts"

const { AlreadyDone, JobGone, KeyReused, ProfileTaken, VersionConflict } = UnitOfWork

type Refusal = Exclude<UnitOfWork.CommitError, { readonly _tag: "StoreUnavailable" }>

const isRefusal = (cause: unknown): cause is Refusal =>
  cause instanceof AlreadyDone ||
  cause instanceof JobGone ||
  cause instanceof KeyReused ||
  cause instanceof ProfileTaken ||
  cause instanceof VersionConflict

const isKeyReused = (cause: unknown): cause is UnitOfWork.KeyReused => cause instanceof KeyReused

/** Stores the idempotency key, or throws what became of the request that has it. */
const storeKey = async (trx: Trx, { idempotency, organizationId }: UnitOfWork.Change) => {
  if (idempotency === undefined) return
  const { fingerprint, key, resource } = idempotency
  const made = await sql`insert into portolan.idempotency_keys (organization_id, key, fingerprint, resource)
    values (${organizationId}, ${key}, ${fingerprint}, ${resource}) on conflict do nothing returning 1`.execute(trx)
  if (made.rows.length > 0) return
  const before = await findKey(trx, organizationId, key)
  throw before?.fingerprint === fingerprint
    ? new AlreadyDone({ key, resource: before.resource })
    : new KeyReused({ key })
}

const findKey = async (trx: Trx, organizationId: string, key: string) =>
  (
    await sql<{ readonly fingerprint: string; readonly resource: string }>`
    select fingerprint, resource from portolan.idempotency_keys
    where organization_id = ${organizationId} and key = ${key}`.execute(trx)
  ).rows[0]

const complete = async (trx: Trx, { completes, organizationId }: UnitOfWork.Change) => {
  if (completes === undefined) return
  const done = await sql`update portolan.jobs set status = 'done', claimed_until = null
    where organization_id = ${organizationId} and id = ${completes} and status = 'waiting' returning 1`.execute(trx)
  if (done.rows.length === 0) throw new JobGone({ jobId: completes })
}

interface Row {
  readonly columns: { readonly [column: string]: Value }
  readonly state: Encoded
}

/** The columns of a write. The union pairs kind and state; a lookup by kind cannot say so. */
const rowOf = ({ kind, next }: UnitOfWork.Write): Row => ({
  columns: (columnsOf[kind] as (state: typeof next) => Row["columns"])(next),
  state: writeState(kind, next)
})

const writeOne = async (trx: Trx, organizationId: string, write: UnitOfWork.Write) => {
  const { expected, id, kind, next } = write
  const table = sql.table(tableOf[kind])
  const row = rowOf(write)
  const { json, schemaVersion } = row.state
  const columns = { ...row.columns, tag: next._tag, version: expected + 1, schema_version: schemaVersion }
  const names = Object.keys(columns).map((name) => sql.ref(name))
  const values = Object.values(columns).map((value) => sql`${value}`)
  const written =
    expected === 0
      ? await sql`insert into ${table} (organization_id, id, state, ${sql.join(names)})
        values (${organizationId}, ${id}, ${json}::json, ${sql.join(values)})
        on conflict do nothing returning 1`.execute(trx)
      : await sql`update ${table} set state = ${json}::json,
        ${sql.join(names.map((name, index) => sql`${name} = ${values[index]}`))}
        where organization_id = ${organizationId} and id = ${id} and version = ${expected} returning 1`.execute(trx)
  if (written.rows.length > 0) return
  const found = await sql<{ readonly version: number }>`
    select version from ${table} where organization_id = ${organizationId} and id = ${id}`.execute(trx)
  throw new VersionConflict({ kind, id, expected, found: found.rows[0]?.version ?? 0 })
}

/** A change that contradicts itself is a mistake of the program, not an answer to a person. */
const assertCoherent = ({ jobs, organizationId, writes }: UnitOfWork.Change): void => {
  if (new Set(writes.map(({ id, kind }) => `${kind}/${id}`)).size < writes.length) {
    throw new Error("a change writes one aggregate twice")
  }
  const alien = writes.find(({ id, next }) => next.id !== id || next.organizationId !== organizationId)
  if (alien !== undefined) throw new Error(`the ${alien.kind} ${alien.id} does not belong where the change puts it`)
  const foreign = jobs.find((job) => job.organizationId !== organizationId)
  if (foreign !== undefined) throw new Error(`the job ${foreign.id} belongs to another organization`)
}

/** Commits to `Store`. */
export const layer: Layer.Layer<UnitOfWork.UnitOfWork, never, Store | WakeUps> = Layer.effect(
  UnitOfWork.UnitOfWork,
  Effect.gen(function* () {
    const store = yield* Store
    const wakeUps = yield* WakeUps
    return UnitOfWork.UnitOfWork.of({
      commit: Effect.fn("UnitOfWork.commit")(function* (change: UnitOfWork.Change) {
        yield* Effect.sync(() => assertCoherent(change))
        const { organizationId, writes } = change
        const position = yield* transact(
          store,
          { doing: "saving a change", scope: { organizationId }, isRefusal, outcomeMatters: true },
          async (trx) => {
            await storeKey(trx, change)
            await complete(trx, change)
            for (const write of writes.toSorted(
              (one, other) => byText(one.kind, other.kind) || byText(one.id, other.id)
            )) {
              await writeOne(trx, organizationId, write)
            }
            await settleClaims(trx, change)
            const last = await append(trx, change)
            await schedule(trx, wakeUps, change)
            return last
          }
        )
        yield* PubSub.publish(store.database.changed, undefined)
        return { versions: new Map(writes.map(({ expected, id }) => [id, expected + 1])), position }
      }),

      idempotentResource: Effect.fn("UnitOfWork.idempotentResource")(function* (organizationId, key, fingerprint) {
        return yield* transact(
          store,
          { doing: "looking up a request", scope: { organizationId }, isRefusal: isKeyReused },
          async (trx) => {
            const before = await findKey(trx, organizationId, key)
            if (before !== undefined && before.fingerprint !== fingerprint) throw new KeyReused({ key })
            return before?.resource
          }
        )
      })
    })
  })
)
