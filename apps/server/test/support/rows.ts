/**
 * Rows of one organization, as many as a test wants: everything that belongs to one account is copied in SQL, with ids
 * of its own.
 */
import type { Id } from "@portolan/domain"
import { Database } from "@portolan/postgres"
import { Effect } from "effect"
import { type QueryExecutorProvider, sql } from "kysely"

/** Tables whose rows are copied; the number of a row that has one moves on with each copy. */
const copied = {
  companies: undefined,
  accounts: undefined,
  connections: undefined,
  grants: undefined,
  authorizations: undefined,
  invitations: undefined,
  backfills: undefined,
  api_keys: undefined,
  token_reads: "id",
  events: "position"
} as const

/** Ids end with the number of the copy, and so do digests. The organization, its people and its members stay. */
const shifted = `regexp_replace(regexp_replace(row_to_json(t)::text,
  '"((?:com|bra|acc|con|gra|aut|inv|bac|key|evt)_[0-9a-z]{22})[0-9a-z]{4}"', '"\\1' || lpad(n::text, 4, '0') || '"',
  'g'), '("(?:state_digest|token_digest|digest|stateDigest|tokenDigest)" ?: ?"[^"]*)"',
  '\\1' || n || '"', 'g')::jsonb`

/** Further apart than the numbers that one organization has. */
const stride = 10_000

/** Remembers what there is: that is what `copy` copies. */
export const remember = Effect.fnUntraced(function* (organizationId: Id.OrganizationId) {
  const { kysely } = yield* Database.Database
  yield* Effect.promise(async () => {
    for (const table of Object.keys(copied)) {
      await sql
        .raw(`create table public.copied_${table} as select * from portolan.${table}
        where organization_id = '${organizationId}'`)
        .execute(kysely)
    }
  })
})

const insert = async (trx: QueryExecutorProvider, from: number, to: number) => {
  for (const [table, number] of Object.entries(copied)) {
    const moved = number === undefined ? "" : `|| jsonb_build_object('${number}', t.${number} + n * ${stride})`
    await sql
      .raw(`insert into portolan.${table} overriding system value
      select (jsonb_populate_record(null::portolan.${table}, ${shifted} ${moved})).*
      from public.copied_${table} as t cross join generate_series(${from}, ${to}) as n`)
      .execute(trx)
  }
}

/** Adds copies with these numbers. */
export const copy = Effect.fnUntraced(function* (from: number, to: number) {
  const { kysely } = yield* Database.Database
  yield* Effect.promise(() =>
    kysely.transaction().execute(async (trx) => {
      // No trigger puts the copies on the audit chain.
      await sql`set local session_replication_role = replica`.execute(trx)
      await insert(trx, from, to)
    })
  )
})
