/**
 * The role that Portolan's statements run as when the session's user could look past row level security (a superuser,
 * or one with BYPASSRLS). It cannot log in and may only read and write rows of schema `portolan`.
 */
import { type QueryExecutorProvider, sql } from "kysely"
import { codeOf, RightsMissing } from "./DatabaseError.ts"
import { appendOnly } from "./migrations/0011_audit/definitions.ts"
import * as version13 from "./migrations/0013_one_statement.ts"
import * as version14 from "./migrations/0014_queue/functions.ts"
import * as version16 from "./migrations/0016_hot_reads.ts"
import * as version18 from "./migrations/0018_upkeep.ts"
import * as version21 from "./migrations/0021_few_statements.ts"
import { gather } from "./migrations/gather.ts"

/** The role's name. One for all databases of a server; it holds no rights beyond each database's own tables. */
export const name = "portolan_app"

interface Session {
  /** Whether the session's user looks past row level security. */
  readonly bypasses: boolean
  readonly superuser: boolean
  readonly exists: boolean
}

const session = async (kysely: QueryExecutorProvider): Promise<Session> => {
  const { rows } = await sql<Session>`
    select rolsuper or rolbypassrls as bypasses, rolsuper as superuser,
      exists (select from pg_roles where rolname = ${name}) as exists
    from pg_roles where rolname = session_user`.execute(kysely)
  return rows[0] ?? { bypasses: false, superuser: false, exists: false }
}

/**
 * Makes the role where the user may, and gives it rights on the tables. Where they may not and are no superuser, forced
 * row level security alone does the job.
 */
export const prepareRole = async (kysely: QueryExecutorProvider): Promise<void> => {
  const before = await session(kysely)
  if (!before.bypasses) return
  if (!before.exists) {
    await sql`create role ${sql.id(name)} nologin nosuperuser nobypassrls noinherit`
      .execute(kysely)
      .catch((cause: unknown) => {
        // Another database of this server may have made it in this moment (a role belongs to the whole server).
        if (!["42710", "23505", "42501"].includes(codeOf(cause))) throw cause
      })
  }
  if (!before.exists && !(await session(kysely)).exists) return
  if (!before.superuser) await sql`grant ${sql.id(name)} to current_user`.execute(kysely)
  const { rows } = await sql<{ readonly granted: boolean; readonly owner: boolean }>`
    select not exists (
        select from pg_class where relnamespace = 'portolan'::regnamespace and relkind = 'r'
        and relname not like 'migrations%' and relname not like 'worker%' and relname <> 'audit_heads'
        and (
          not has_table_privilege(${name}, oid, 'insert')
            and not relname = any (${sql.val(derived)}::text[])
          or has_table_privilege(${name}, oid, 'delete') = (relname = any (${sql.val(appendOnly)}::text[]))
          or has_table_privilege(${name}, oid, 'update') = (relname = any (${sql.val(appendOnly)}::text[]))
        )
      ) as granted,
      not exists (
        select from pg_proc where pronamespace = 'portolan'::regnamespace
        and proname = any (${sql.val(definers.map(nameOf))}::text[])
        and pg_get_userbyid(proowner) <> ${name}
      ) as owner`.execute(kysely)
  await gather(kysely, async (db) => {
    if (rows[0]?.granted !== true) await grantTables(db)
    if (rows[0]?.owner !== true) await giveFunctions(db, before.superuser)
  })
}

/** The functions that read and write for an organization, or look past it for one purpose, as their owner. */
const definers: ReadonlyArray<string> = [
  "portolan.read_secret(text, text)",
  "portolan.read_token(text, text, text, text, text, text, text)",
  version16.signature,
  ...version13.signatures,
  ...version14.signatures,
  ...version18.signatures,
  ...version21.signatures
]

const nameOf = (signature: string): string => /\.(\w+)\(/.exec(signature)?.[1] ?? ""

/**
 * Makes the role the owner of the functions; those of a user who looks past row level security would look past it, too.
 * An owner must be able to create in the schema at that moment, which a superuser need not care about.
 */
const giveFunctions = async (kysely: QueryExecutorProvider, isSuperuser: boolean): Promise<void> => {
  const role = sql.id(name)
  if (!isSuperuser) await sql`grant create on schema portolan to ${role}`.execute(kysely)
  for (const one of definers) await sql.raw(`alter function ${one} owner to ${name}`).execute(kysely)
  if (!isSuperuser) await sql`revoke create on schema portolan from ${role}`.execute(kysely)
}

/** Tables of the audit log that only its own functions write. */
export const derived: ReadonlyArray<string> = ["token_read_batches", "audit_erasures", "audit_chain", "audit_heads"]

/** Gives the role its rights on tables: rows of tenants to read and write, what is on record to read and to add to. */
const grantTables = async (kysely: QueryExecutorProvider): Promise<void> => {
  const all = (names: ReadonlyArray<string>) => sql.join(names.map((table) => sql.id("portolan", table)))
  await sql`grant usage on schema portolan to ${sql.id(name)}`.execute(kysely)
  await sql`grant select, insert, update, delete on all tables in schema portolan to ${sql.id(name)}`.execute(kysely)
  await sql`revoke update, delete, truncate on ${all(appendOnly)} from ${sql.id(name)}`.execute(kysely)
  await sql`revoke insert, update, delete, truncate on ${all(derived)} from ${sql.id(name)}`.execute(kysely)
  await sql`grant execute on function portolan.seal_token_reads(text, integer, bigint) to ${sql.id(name)}`.execute(
    kysely
  )
  // Which versions are applied and which workers live is the operator's business.
  const closed = ["migrations", "migrations_lock", "workers", "worker_notices"]
  await sql`revoke all on ${all(closed)} from ${sql.id(name)}`.execute(kysely)
}

/**
 * The role that transactions switch to: `portolan_app`, or `none` when the session's user is bound by policies anyway.
 * Fails for a user who looks past row level security and has no such role: nothing would keep tenants apart.
 */
export const roleFor = async (kysely: QueryExecutorProvider): Promise<string> => {
  const { bypasses, exists } = await session(kysely)
  if (bypasses && !exists) {
    throw new RightsMissing({
      doing: "keeping tenants apart",
      because:
        `it bypasses row level security and may not create the role ${name}; take BYPASSRLS from it, or give it ` +
        `CREATEROLE`
    })
  }
  return bypasses ? name : "none"
}
