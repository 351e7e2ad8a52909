/** Who could change what is on record. Superusers can always; nobody else may. */
import { type QueryExecutorProvider, sql } from "kysely"
import { appendOnly } from "../migrations/0011_audit/definitions.ts"
import { derived } from "../Role.ts"

/** A right that nobody may have. */
export interface Right {
  /** A role of the server as SQL names it, or `PUBLIC` for everybody. */
  readonly role: string
  readonly table: string
  /** `update`, `delete`, `truncate`, `trigger`, or `insert` where functions alone write. */
  readonly right: string
}

/**
 * The rights to change what is on record that somebody has who is no superuser, on whole tables or on columns. The
 * owner of a table writes what functions write, because the functions run as the owner. Nothing before version 0011.
 * @see https://www.postgresql.org/docs/current/ddl-priv.html
 */
export const excessRights = async (kysely: QueryExecutorProvider): Promise<ReadonlyArray<Right>> => {
  const { rows } = await sql<Right>`
    select distinct case when a.grantee = 0 then 'PUBLIC' else quote_ident(pg_get_userbyid(a.grantee)) end as role,
      c.relname::text as table, lower(a.privilege_type) as right
    from pg_class c
    cross join lateral (
      select x.grantee, x.privilege_type from aclexplode(coalesce(c.relacl, acldefault('r', c.relowner))) x
      union all
      select x.grantee, x.privilege_type from pg_attribute t cross join lateral aclexplode(t.attacl) x
      where t.attrelid = c.oid and t.attacl is not null
    ) a
    left join pg_roles r on r.oid = a.grantee
    where c.relkind = 'r' and c.relnamespace = to_regnamespace('portolan')
      and to_regclass('portolan.audit_chain') is not null
      and r.rolsuper is not true
      and (
        c.relname = any (${sql.val(appendOnly)}::text[]) and a.privilege_type in ('UPDATE', 'DELETE', 'TRUNCATE')
        or a.grantee <> c.relowner and c.relname = any (${sql.val([...appendOnly, ...derived])}::text[])
          and a.privilege_type = 'TRIGGER'
        or a.grantee <> c.relowner and c.relname = any (${sql.val(derived)}::text[])
          and a.privilege_type in ('INSERT', 'UPDATE', 'DELETE', 'TRUNCATE')
      )
    order by 1, 2, 3`.execute(kysely)
  return rows
}
