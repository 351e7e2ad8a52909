/**
 * 0002: a transaction that is bound to one organization reads no secret of another through `read_secret`, not even a
 * sealed one. The function names the organization by itself only where none is named yet.
 */
import { type Kysely, sql } from "kysely"

/** Replaces the function; its owner and its rights stay. */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  await sql`create or replace function portolan.read_secret(organization text, wanted text)
    returns table (version bigint, sealed bytea, nonce bytea, tag bytea, key_id text, updated_at timestamptz)
    language plpgsql security definer set search_path = '' as $$
    begin
      if coalesce(pg_catalog.current_setting('portolan.organization', true), '') not in ('', organization) then
        return;
      end if;
      perform pg_catalog.set_config('portolan.organization', organization, true);
      return query select s.version, s.sealed, s.nonce, s.tag, s.key_id::text, s.updated_at
        from portolan.vault_secrets s where s.organization_id = organization and s.reference = wanted;
    end $$`.execute(db)
}
