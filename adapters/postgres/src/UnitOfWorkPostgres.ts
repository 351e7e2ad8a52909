/**
 * Commits a change in one transaction: key, completed work, states, claims, history, intents and their wake-ups.
 *
 * Rows are touched in one order by everybody (kind and id, then profile, then the organization's history, locked last),
 * so two changes never wait for each other. A reply that is lost is safe to repeat: versions, completed work and
 * remembered keys tell the repeated change what happened.
 */
import { Profile } from "@portolan/domain"
import { UnitOfWork } from "@portolan/ports"
import { DateTime, Effect, Layer, PubSub } from "effect"
import { type RawBuilder, sql } from "kysely"
import { columnsOf, type Value, writeActor, writeEvent, writeState, writeTask } from "./codec.ts"
import { Jobs } from "./Jobs.ts"
import { Store, transact, type Trx, widen } from "./Store.ts"
import { tableOf } from "./Tables.ts"

const { AlreadyDone, JobGone, KeyReused, ProfileTaken, VersionConflict } = UnitOfWork

type Refusal = Exclude<UnitOfWork.CommitError, { readonly _tag: "StoreUnavailable" }>

const isRefusal = (cause: unknown): cause is Refusal =>
  cause instanceof AlreadyDone ||
  cause instanceof JobGone ||
  cause instanceof KeyReused ||
  cause instanceof ProfileTaken ||
  cause instanceof VersionConflict

const isKeyReused = (cause: unknown): cause is UnitOfWork.KeyReused => cause instanceof KeyReused

/** Rows one statement inserts; the protocol allows 65,535 parameters. */
const chunk = 500

const chunks = <A>(items: ReadonlyArray<A>): ReadonlyArray<ReadonlyArray<A>> =>
  Array.from({ length: Math.ceil(items.length / chunk) }, (_, index) => items.slice(index * chunk, (index + 1) * chunk))

const byText = (one: string, other: string) => (one < other ? -1 : one > other ? 1 : 0)

const idempotency = async (trx: Trx, { organizationId, idempotency }: UnitOfWork.Change) => {
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
  readonly state: string
}

/** The columns of a write. The pairing of kind and state is lost by a union; each case restores it. */
const rowOf = (write: UnitOfWork.Write): Row => {
  switch (write.kind) {
    case "organization":
      return { columns: columnsOf.organization(write.next), state: writeState(write.kind, write.next) }
    case "member":
      return { columns: columnsOf.member(write.next), state: writeState(write.kind, write.next) }
    case "apiKey":
      return { columns: columnsOf.apiKey(write.next), state: writeState(write.kind, write.next) }
    case "advertiser":
      return { columns: columnsOf.advertiser(write.next), state: writeState(write.kind, write.next) }
    case "awaited":
      return { columns: columnsOf.awaited(write.next), state: writeState(write.kind, write.next) }
    case "company":
      return { columns: columnsOf.company(write.next), state: writeState(write.kind, write.next) }
    case "account":
      return { columns: columnsOf.account(write.next), state: writeState(write.kind, write.next) }
    case "connection":
      return { columns: columnsOf.connection(write.next), state: writeState(write.kind, write.next) }
    case "authorization":
      return { columns: columnsOf.authorization(write.next), state: writeState(write.kind, write.next) }
    case "invitation":
      return { columns: columnsOf.invitation(write.next), state: writeState(write.kind, write.next) }
    case "grant":
      return { columns: columnsOf.grant(write.next), state: writeState(write.kind, write.next) }
    case "backfill":
      return { columns: columnsOf.backfill(write.next), state: writeState(write.kind, write.next) }
    case "consolidation":
      return { columns: columnsOf.consolidation(write.next), state: writeState(write.kind, write.next) }
    case "diagnosis":
      return { columns: columnsOf.diagnosis(write.next), state: writeState(write.kind, write.next) }
  }
}

const writeOne = async (trx: Trx, organizationId: string, write: UnitOfWork.Write) => {
  const { expected, id, kind, next } = write
  const table = sql.table(tableOf[kind])
  const row = rowOf(write)
  const columns = { ...row.columns, tag: next._tag, version: expected + 1 }
  const names = Object.keys(columns).map((name) => sql.ref(name))
  const values = Object.values(columns).map((value) => sql`${value}`)
  const written =
    expected === 0
      ? await sql`insert into ${table} (organization_id, id, state, ${sql.join(names)})
        values (${organizationId}, ${id}, ${row.state}::json, ${sql.join(values)})
        on conflict do nothing returning 1`.execute(trx)
      : await sql`update ${table} set state = ${row.state}::json,
        ${sql.join(names.map((name, index) => sql`${name} = ${values[index]}`))}
        where organization_id = ${organizationId} and id = ${id} and version = ${expected} returning 1`.execute(trx)
  if (written.rows.length > 0) return
  const found = await sql<{ readonly version: number }>`
    select version from ${table} where organization_id = ${organizationId} and id = ${id}`.execute(trx)
  throw new VersionConflict({ kind, id, expected, found: found.rows[0]?.version ?? 0 })
}

const settleClaims = async (trx: Trx, { claims, organizationId }: UnitOfWork.Change) => {
  const ordered = claims.toSorted((one, other) => byText(Profile.keyText(one.key), Profile.keyText(other.key)))
  const at = ({ key }: UnitOfWork.Claim) => sql`channel = ${key.channel} and region = ${key.region} and
    marketplace_id = ${key.marketplaceId} and external_id = ${key.externalId}`
  // Frees before it binds, so that one change can move a profile from one connection to another.
  for (const claim of ordered) {
    if (claim._tag === "Hold") continue
    await sql`delete from portolan.claims where organization_id = ${organizationId} and ${at(claim)}
      and connection_id = ${claim.connectionId}`.execute(trx)
  }
  for (const claim of ordered) {
    if (claim._tag === "Release") continue
    await hold(trx, organizationId, claim, at(claim))
  }
}

/**
 * How often a profile is tried to be held. A holder may let go after it stood in the way and before it was looked at;
 * only one that stays in the way unseen belongs to another organization.
 */
const holdAttempts = 3

const hold = async (
  trx: Trx,
  organizationId: string,
  claim: Extract<UnitOfWork.Claim, { readonly _tag: "Hold" }>,
  at: RawBuilder<unknown>
) => {
  const { accountId, connectionId, key } = claim
  for (let attempt = 0; attempt < holdAttempts; attempt++) {
    const made = await sql`insert into portolan.claims
      (organization_id, channel, region, marketplace_id, external_id, connection_id, account_id)
      values (${organizationId}, ${key.channel}, ${key.region}, ${key.marketplaceId}, ${key.externalId}, ${connectionId},
        ${accountId}) on conflict do nothing returning 1`.execute(trx)
    if (made.rows.length > 0) return
    // Row level security shows the holder only when it is the caller's own (laws REPO-07, REPO-29).
    const {
      rows: [holder]
    } = await sql<{ readonly account_id: string; readonly connection_id: string }>`
      select account_id, connection_id from portolan.claims where organization_id = ${organizationId} and ${at}`.execute(
      trx
    )
    if (holder?.connection_id === connectionId) return
    if (holder !== undefined) {
      throw new ProfileTaken({
        profile: key.externalId,
        holder: { accountId: holder.account_id, connectionId: holder.connection_id }
      })
    }
  }
  throw new ProfileTaken({ profile: key.externalId })
}

/** Appends to the history and gives the last position. The counter's row stays locked until the commit. */
const append = async (trx: Trx, { actor, at, organizationId, writes }: UnitOfWork.Change): Promise<number> => {
  const events = writes.flatMap((write) => write.events.map(({ event, id }) => ({ id, event, write })))
  if (events.length === 0) {
    const { rows } = await sql<{ readonly position: number }>`
      select position from portolan.histories where organization_id = ${organizationId}`.execute(trx)
    return Number(rows[0]?.position ?? 0)
  }
  const { rows } = await sql<{ readonly position: number }>`
    insert into portolan.histories (organization_id, position) values (${organizationId}, ${events.length})
    on conflict (organization_id) do update set position = histories.position + ${events.length}
    returning position`.execute(trx)
  const last = Number(rows[0]?.position)
  const by = writeActor(actor)
  const numbered = events.map((event, index) => ({ ...event, position: last - events.length + index + 1 }))
  for (const some of chunks(numbered)) {
    await sql`insert into portolan.events
      (organization_id, position, id, kind, aggregate_id, version, at, actor_tag, actor, event) values
      ${sql.join(
        some.map(
          ({ event, id, position, write }) => sql`(${organizationId}, ${position}, ${id}, ${write.kind},
        ${write.id}, ${write.expected + 1}, ${DateTime.toEpochMillis(at)}, ${actor._tag}, ${by}::json,
        ${writeEvent(event)}::json)`
        )
      )}`.execute(trx)
  }
  return last
}

const schedule = async (trx: Trx, queue: Jobs["Service"], { jobs, organizationId }: UnitOfWork.Change) => {
  if (jobs.length === 0) return
  for (const some of chunks(jobs)) {
    await sql`insert into portolan.jobs (organization_id, id, due_at, task) values
      ${sql.join(
        some.map(
          ({ dueAt, id, task }) => sql`(${organizationId}, ${id},
        ${DateTime.formatIso(dueAt)}::timestamptz, ${writeTask(task)}::json)`
        )
      )}`.execute(trx)
  }
  await widen(trx)
  await queue.send(
    trx,
    jobs.map(({ dueAt, id }) => ({ organizationId, jobId: id, at: DateTime.toDateUtc(dueAt) }))
  )
}

/** A change that contradicts itself is a mistake of the program, not an answer to a person. */
const assertCoherent = ({ jobs, organizationId, writes }: UnitOfWork.Change): void => {
  if (new Set(writes.map(({ id, kind }) => `${kind}/${id}`)).size < writes.length) {
    throw new Error("a change writes one aggregate twice")
  }
  const alien = writes.find(({ id, next }) => next.id !== id || next.organizationId !== organizationId)
  if (alien !== undefined) throw new Error(`the ${alien.kind} ${alien.id} does not belong where the change puts it`)
  const foreign = jobs.find((job) => job.organizationId !== organizationId)
  if (foreign !== undefined) throw new Error(`the intent ${foreign.id} belongs to another organization`)
}

/** Commits to `Store`. */
export const layer: Layer.Layer<UnitOfWork.UnitOfWork, never, Store | Jobs> = Layer.effect(
  UnitOfWork.UnitOfWork,
  Effect.gen(function* () {
    const store = yield* Store
    const jobs = yield* Jobs
    return UnitOfWork.UnitOfWork.of({
      commit: Effect.fn("UnitOfWork.commit")(function* (change: UnitOfWork.Change) {
        yield* Effect.sync(() => assertCoherent(change))
        const { organizationId, writes } = change
        const position = yield* transact(
          store,
          "saving a change",
          { organizationId },
          async (trx) => {
            await idempotency(trx, change)
            await complete(trx, change)
            for (const write of writes.toSorted(
              (one, other) => byText(one.kind, other.kind) || byText(one.id, other.id)
            )) {
              await writeOne(trx, organizationId, write)
            }
            await settleClaims(trx, change)
            const last = await append(trx, change)
            await schedule(trx, jobs, change)
            return last
          },
          isRefusal
        )
        yield* PubSub.publish(store.database.changed, undefined)
        return { versions: new Map(writes.map(({ expected, id }) => [id, expected + 1])), position }
      }),

      idempotentResource: Effect.fn("UnitOfWork.idempotentResource")(function* (organizationId, key, fingerprint) {
        return yield* transact(
          store,
          "looking up a request",
          { organizationId },
          async (trx) => {
            const before = await findKey(trx, organizationId, key)
            if (before !== undefined && before.fingerprint !== fingerprint) throw new KeyReused({ key })
            return before?.resource
          },
          isKeyReused
        )
      })
    })
  })
)
