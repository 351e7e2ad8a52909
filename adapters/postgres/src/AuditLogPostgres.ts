/**
 * What is on record beside the history, and the hash chain of each organization. Entries are written by the database
 * itself, in the transaction of what they record; reads of tokens are put on the chain in batches, later.
 */
import { Id } from "@portolan/domain"
import { AuditLog, Cursor } from "@portolan/ports"
import { Duration, Effect, Layer, Option, Redacted, Schema, Stream } from "effect"
import { sql } from "kysely"
import { entriesPage } from "./audit/entries.ts"
import { securityEvents, tokenReads } from "./audit/lists.ts"
import { excessRights } from "./audit/rights.ts"
import { verify } from "./audit/verify.ts"
import { Database } from "./Database.ts"
import { DatabaseFailed, saying } from "./DatabaseError.ts"
import type { Options } from "./RepositoryPostgres.ts"
import { Store, transact } from "./Store.ts"
import { statement } from "./store/statement.ts"

export type { Right } from "./audit/rights.ts"

type Port = AuditLog.AuditLog["Service"]

/**
 * How old a read is when it is sealed, at least: a statement that took its number before has ended by then, and what a
 * power cut may lose is on disk.
 */
export const sealAfter = Duration.minutes(1)

/** Reads of a batch. */
const batchSize = 1_000

/** Batches that one call makes at most. */
const batchesPerCall = 100

const isOrganization = Schema.is(Id.OrganizationId)

/** Organizations with a read that is not sealed and old enough. */
const waiting = (store: Store["Service"], older: number) =>
  Effect.map(
    statement(
      store,
      "looking for reads to seal",
      sql<{ readonly organization_id: string }>`
        select reads_to_seal as organization_id from portolan.reads_to_seal(${older}::bigint)`
    ),
    (rows) => rows.map(({ organization_id: id }) => id).filter(isOrganization)
  )

/** Seals what is older. A test makes it wait for nothing. */
export const sealing = (store: Store["Service"], after: Duration.Duration): Port["seal"] =>
  Effect.gen(function* () {
    const older = Duration.toMillis(after)
    let sealed = 0
    let batches = 0
    for (const organizationId of yield* waiting(store, older)) {
      for (let last = batchSize; last === batchSize && batches < batchesPerCall; batches++) {
        last = yield* transact(store, { doing: "sealing reads of tokens", scope: { organizationId } }, async (trx) => {
          const { rows } = await sql<{ readonly sealed: number }>`
            select portolan.seal_token_reads(${organizationId}, ${batchSize}, ${older}::bigint) as sealed`.execute(trx)
          return rows[0]?.sealed ?? 0
        })
        sealed += last
      }
    }
    return sealed
  }).pipe(Effect.withSpan("AuditLog.seal"))

const record = (store: Store["Service"]): Port["record"] =>
  Effect.fn("AuditLog.record")(function* (organizationId, { detail, kind, subject }) {
    yield* transact(store, { doing: "recording a security event", scope: { organizationId } }, (trx) =>
      sql`insert into portolan.security_events (organization_id, at, moment, kind, subject, detail)
        select ${organizationId}, n.at, n.at / 60000, ${kind}, ${subject}, ${JSON.stringify(detail)}::json
        from (select (extract(epoch from clock_timestamp()) * 1000)::bigint as at) as n
        on conflict (organization_id, kind, subject, moment) do nothing`.execute(trx)
    )
  })

const organizations = (store: Store["Service"]): Port["organizations"] =>
  transact(store, { doing: "looking at what is on record", scope: { audit: true } }, async (trx) => {
    const { rows } = await sql<{ readonly organization_id: string }>`
      select organization_id from portolan.audit_heads union select organization_id from portolan.histories
      union select organization_id from (select distinct organization_id from portolan.audit_chain) as c
      order by 1`.execute(trx)
    return rows.map(({ organization_id: id }) => id).filter(isOrganization)
  }).pipe(Effect.withSpan("AuditLog.organizations"))

const entries =
  (store: Store["Service"]): Port["entries"] =>
  (organizationId, from = 0) =>
    Stream.paginate(from, (after: number) =>
      Effect.map(entriesPage(store, organizationId, after), (page) => {
        const last = page.at(-1)
        return [page, last === undefined ? Option.none<number>() : Option.some(last.sequence)] as const
      })
    )

/**
 * The rights to change what is on record that somebody has and nobody may have. Read it before `Store` is built: that
 * takes them away from the role of the application again, so that nothing would be left to be reported.
 */
export const rights = Effect.gen(function* () {
  const { kysely } = yield* Database
  return yield* Effect.tryPromise({
    try: () => excessRights(kysely),
    catch: (cause) => new DatabaseFailed({ doing: "reading who may change what is on record", because: saying(cause) })
  })
}).pipe(Effect.withSpan("AuditLog.rights"))

/** A record that the law wants erased. */
export interface Erasure {
  readonly organizationId: Id.OrganizationId
  readonly source: "event" | "security" | "token-read"
  /** The position of an event, or the id of a security event or a read. */
  readonly place: number
  /** Stays on record. */
  readonly because: string
}

const tableOf = { event: "events", security: "security_events", "token-read": "token_reads" } as const

/**
 * Takes one record away; its entry stays, and the erasure is an entry itself. For operators: the role of the
 * application has no right to it. Says whether there was such a record.
 */
export const erase = Effect.fn("AuditLog.erase")(function* ({ because, organizationId, place, source }: Erasure) {
  return yield* transact(yield* Store, { doing: "erasing a record", scope: "session" }, async (trx) => {
    const table = sql.id("portolan", tableOf[source])
    // An owner who is no superuser took the right from themselves (migration 0011).
    await sql`grant delete on ${table} to current_user`.execute(trx)
    const { rows } = await sql<{ readonly erased: boolean }>`
      select portolan.audit_erase(${organizationId}, ${source}, ${place}::bigint, ${because}) as erased`.execute(trx)
    await sql`revoke delete on ${table} from current_user`.execute(trx)
    return rows[0]?.erased === true
  })
})

/** Over `Store`. */
export const layer = ({ cursorSecret }: Options): Layer.Layer<AuditLog.AuditLog, never, Store> =>
  Layer.effect(
    AuditLog.AuditLog,
    Effect.gen(function* () {
      const store = yield* Store
      const lists = { store, key: yield* Cursor.key(Redacted.value(cursorSecret)) }
      return AuditLog.AuditLog.of({
        tokenReads: tokenReads(lists),
        securityEvents: securityEvents(lists),
        record: record(store),
        seal: sealing(store, sealAfter),
        organizations: organizations(store),
        verify: verify(store),
        entries: entries(store)
      })
    })
  )
