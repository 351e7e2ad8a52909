/**
 * Compares everything that is on record with the chain of an organization, a page at a time, so that others go on
 * meanwhile.
 */
import type { Id } from "@portolan/domain"
import { AuditLog } from "@portolan/ports"
import { Effect } from "effect"
import { sql } from "kysely"
import { type Store, transact, type Trx } from "../Store.ts"
import { findingsOf, type Found, judgeBatch, judgePage, start } from "./judge.ts"
import { endOf, entriesAfter, erasedPlaces, readsBetween, recordsOf } from "./rows.ts"

const { findingLimit } = AuditLog

interface Stray {
  readonly name: string
  readonly row: string
}

/** Records without an entry. */
const straysOf = async (trx: Trx, organizationId: Id.OrganizationId): Promise<ReadonlyArray<Found>> => {
  const found: Array<Stray> = []
  for (const [name, place, source] of [
    ["events", "position", "event"],
    ["security_events", "id", "security"],
    ["token_read_batches", "number", "token-reads"],
    ["audit_erasures", "id", "erasure"]
  ] as const) {
    const column = sql.ref(`t.${place}`)
    const { rows } = await sql<Stray>`select ${name} as name, ${column}::text as row
      from ${sql.table(`portolan.${name}`)} t
      where t.organization_id = ${organizationId} and not exists (select from portolan.audit_chain c
        where c.organization_id = t.organization_id and c.source = ${source} and c.place = ${column})
      order by ${column} limit ${findingLimit}`.execute(trx)
    found.push(...rows)
  }
  return found.map(({ name, row }) => ({
    fault: "added",
    table: name,
    row,
    detail: "the row has no entry in the chain"
  }))
}

const unsealedOf = async (trx: Trx, organizationId: Id.OrganizationId, sealed: number): Promise<number> => {
  const { rows } = await sql<{ readonly count: number }>`select count(*) as count from portolan.token_reads
    where organization_id = ${organizationId} and id > ${sealed}`.execute(trx)
  return rows[0]?.count ?? 0
}

/** Verifies one organization. */
export const verify = (store: Store["Service"]) =>
  Effect.fn("AuditLog.verify")(function* (organizationId: Id.OrganizationId) {
    const look = <A>(work: (trx: Trx) => Promise<A>) =>
      transact(store, { doing: "verifying the audit log", scope: { organizationId } }, work)
    const seen = start(organizationId, yield* look((trx) => erasedPlaces(trx, organizationId)))
    while (true) {
      const { entries, records } = yield* look(async (trx) => {
        const entries = await entriesAfter(trx, organizationId, seen.sequence)
        return { entries, records: await recordsOf(trx, organizationId, entries) }
      })
      if (entries.length === 0) break
      judgePage(seen, entries, records)
      for (const batch of records.batches.values()) {
        const between = { after: seen.lastRead, upTo: batch.ids.at(-1) ?? 0, limit: batch.ids.length + findingLimit }
        judgeBatch(seen, batch, yield* look((trx) => readsBetween(trx, organizationId, between)))
      }
    }
    const { end, strays, unsealedReads } = yield* look(async (trx) => {
      const end = await endOf(trx, organizationId)
      return {
        end,
        strays: await straysOf(trx, organizationId),
        unsealedReads: await unsealedOf(trx, organizationId, end.sealed_read)
      }
    })
    return {
      head: { organizationId, sequence: seen.sequence, link: Buffer.from(seen.link).toString("hex") },
      ...seen.counts,
      unsealedReads,
      findings: findingsOf(seen, end, strays)
        .slice(0, findingLimit)
        .map((found) => ({ organizationId, ...found }))
    } satisfies AuditLog.Verified
  })
