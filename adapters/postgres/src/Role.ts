/**
 * The role that Portolan's statements run as when the session's user could look past row level security (a superuser,
 * or one with BYPASSRLS). It cannot log in and may only read and write rows of schema `portolan`.
 */
import { type QueryExecutorProvider, sql } from "kysely"
import { codeOf, RightsMissing } from "./DatabaseError.ts"

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
  if (!(await session(kysely)).exists) return
  if (!before.superuser) await sql`grant ${sql.id(name)} to current_user`.execute(kysely)
  const { rows } = await sql<{ readonly granted: boolean; readonly owner: boolean }>`
    select not exists (
        select from pg_class where relnamespace = 'portolan'::regnamespace and relkind = 'r'
        and relname not like 'migrations%' and relname not like 'worker%'
        and not has_table_privilege(${name}, oid, 'delete')
      ) as granted,
      exists (
        select from pg_proc where pronamespace = 'portolan'::regnamespace and proname = 'read_secret'
        and pg_get_userbyid(proowner) = ${name}
      ) as owner`.execute(kysely)
  if (rows[0]?.granted !== true) {
    await sql`grant usage on schema portolan to ${sql.id(name)}`.execute(kysely)
    await sql`grant select, insert, update, delete on all tables in schema portolan to ${sql.id(name)}`.execute(kysely)
    // Which versions are applied and which workers live is the operator's business.
    const closed = ["migrations", "migrations_lock", "workers", "worker_notices"].map((table) =>
      sql.id("portolan", table)
    )
    await sql`revoke all on ${sql.join(closed)} from ${sql.id(name)}`.execute(kysely)
  }
  // The function reads as its owner; a superuser's function would look past row level security.
  if (before.superuser && rows[0]?.owner !== true) {
    await sql`alter function portolan.read_secret(text, text) owner to ${sql.id(name)}`.execute(kysely)
  }
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
