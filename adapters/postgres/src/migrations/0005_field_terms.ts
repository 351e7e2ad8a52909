/**
 * 0005: rows, columns and tables under the terms that the field uses: an access scope, a responsible member, a job.
 *
 * The keys and one tag of stored JSON are renamed in place. The columns are `json`, and some texts in them hold U+0000,
 * which PostgreSQL's JSON functions refuse; so they are replaced in the text. `"reach":` can only be a key there, and
 * `"_tag":"Chosen"` only a tag, because a quote inside a JSON string has a backslash before it, because no stored
 * document has keys that a user chooses, and because `json` keeps the text as `JSON.stringify` wrote it.
 */
import { type Kysely, sql } from "kysely"

/** Pieces of JSON text and what takes their place. */
type Renames = ReadonlyArray<readonly [old: string, now: string]>

interface Rewrite {
  readonly table: string
  /** The second column of the primary key; the first is the organization. */
  readonly key: "id" | "position"
  readonly column: string
  readonly renames: Renames
}

const key = (old: string, now: string): Renames => [[`"${old}":`, `"${now}":`]]
const tag = (old: string, now: string): Renames => [[`"_tag":"${old}"`, `"_tag":"${now}"`]]

const accessScope: Renames = [...key("reach", "accessScope"), ...tag("Chosen", "Limited")]
const assignmentEpoch = key("spell", "assignmentEpoch")
const listFailed = key("unread", "listFailed")
const responsibleMember = key("keeper", "responsibleMember")
const notReported = key("untold", "notReported")

const rewrites: ReadonlyArray<Rewrite> = [
  { table: "members", key: "id", column: "state", renames: accessScope },
  { table: "api_keys", key: "id", column: "state", renames: accessScope },
  { table: "advertisers", key: "id", column: "state", renames: assignmentEpoch },
  { table: "authorizations", key: "id", column: "state", renames: listFailed },
  { table: "grants", key: "id", column: "state", renames: responsibleMember },
  { table: "diagnoses", key: "id", column: "state", renames: notReported },
  {
    table: "events",
    key: "position",
    column: "event",
    renames: [...accessScope, ...assignmentEpoch, ...listFailed, ...responsibleMember, ...notReported]
  },
  { table: "intents", key: "id", column: "work", renames: assignmentEpoch },
  { table: "kept_mails", key: "id", column: "mail", renames: key("letter", "emailMessage") }
]

/** Tables by their former names. */
export const renamedTables: { readonly [old: string]: string } = { intents: "jobs" }

/** Rows one statement looks at, so that a long history needs no long statement. */
const batch = 5_000

/** Renames in one batch of rows after a place, and gives the batch's last place. */
const rewriteBatch = async (
  db: Kysely<unknown>,
  { column, key, renames, table }: Rewrite,
  after: readonly [string, string] | undefined
): Promise<readonly [string, string] | undefined> => {
  const [name, json, place] = [sql.table(`portolan.${table}`), sql.ref(`t.${column}`), sql.ref(key)]
  const renamed = renames.reduce((text, [old, now]) => sql`replace(${text}, ${old}, ${now})`, sql`${json}::text`)
  const from = after === undefined ? sql`true` : sql`(organization_id, ${place}) > (${after[0]}, ${after[1]})`
  const { rows } = await sql<{ readonly organization_id: string; readonly place: string | number }>`
    with batch as (
      select organization_id, ${place} as place from ${name} where ${from}
      order by organization_id, ${place} limit ${batch}
    ), rewritten as (
      update ${name} t set ${sql.ref(column)} = ${renamed}::json from batch
      where t.organization_id = batch.organization_id and ${sql.ref(`t.${key}`)} = batch.place
        and (${sql.join(
          renames.map(([old]) => sql`strpos(${json}::text, ${old}) > 0`),
          sql` or `
        )})
    )
    select organization_id, place from batch order by organization_id desc, place desc limit 1`.execute(db)
  return rows[0] === undefined ? undefined : [rows[0].organization_id, String(rows[0].place)]
}

/** Which of the tables have rows; one question for all of them. */
const filled = async (db: Kysely<unknown>): Promise<ReadonlyArray<string>> => {
  const questions = rewrites.map(
    ({ table }) => sql`select ${sql.lit(table)} as name where exists (select from ${sql.table(`portolan.${table}`)})`
  )
  const { rows } = await sql<{ readonly name: string }>`${sql.join(questions, sql` union all `)}`.execute(db)
  return rows.map(({ name }) => name)
}

const rewriteAll = async (db: Kysely<unknown>): Promise<void> => {
  // Forced row level security would hide every row from an owner who is no superuser.
  const forced = rewrites.map(({ table }) => sql.table(`portolan.${table}`))
  for (const name of forced) await sql`alter table ${name} no force row level security`.execute(db)
  const tables = await filled(db)
  for (const one of rewrites.filter(({ table }) => tables.includes(table))) {
    for (let after = await rewriteBatch(db, one, undefined); after !== undefined;) {
      after = await rewriteBatch(db, one, after)
    }
  }
  for (const name of forced) await sql`alter table ${name} force row level security`.execute(db)
}

const renameTables = async (db: Kysely<unknown>): Promise<void> => {
  await sql`alter table portolan.intents rename to jobs`.execute(db)
  await sql`alter table portolan.jobs rename column work to task`.execute(db)
  for (const index of ["waiting", "parked", "pkey"]) {
    await sql.raw(`alter index portolan.intents_${index} rename to jobs_${index}`).execute(db)
  }
  await sql`alter table portolan.grants rename column keeper_id to responsible_member_id`.execute(db)
}

/** Renames keys and tags, then tables and columns. The rights and policies of a table go with it. */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  await rewriteAll(db)
  await renameTables(db)
}
