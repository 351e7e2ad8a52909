/**
 * 0016: an API key, its organization, a connection and the sealed tokens of its consent in one statement, which records
 * the read as `read_token` does. Row level security holds: the function sees the one row of the digest first, and then
 * the rows of that key's organization.
 */
import { type Kysely, sql } from "kysely"

const readByKey = `create function portolan.read_token_by_key(key_digest text, connection text, doing text)
  returns table (organization text, key_id text, key_schema integer, key_state text,
    organization_schema integer, organization_state text, connection_schema integer, connection_state text,
    reference text, version bigint, sealed bytea, nonce bytea, tag bytea, sealed_with text, updated_at timestamptz)
  language plpgsql security definer set search_path = '' as $$
  declare
    k record;
    r record;
  begin
    -- A transaction that is bound to an organization learns nothing of another one.
    if coalesce(current_setting('portolan.organization', true), '') <> '' then
      return;
    end if;
    perform pg_catalog.set_config('portolan.digest', key_digest, true);
    select a.organization_id, a.id, a.schema_version, a.state::text as state, a.state ->> 'name' as name into k
      from portolan.api_keys a
      where a.digest = key_digest and a.tag = 'Active' and a.state -> 'accessScope' ->> '_tag' = 'Everything';
    if not found then
      return;
    end if;
    perform pg_catalog.set_config('portolan.organization', k.organization_id, true);
    select o.schema_version as o_schema, o.state::text as o_state, c.schema_version as c_schema,
        c.state::text as c_state, s.reference, s.version, s.sealed, s.nonce, s.tag, s.key_id, s.updated_at into r
      from portolan.connections c
      join portolan.vault_secrets s on s.organization_id = c.organization_id and s.reference = c.grant_id
      left join portolan.organizations o on o.organization_id = c.organization_id and o.id = c.organization_id
      where c.organization_id = k.organization_id and c.id = connection and c.tag in ('Connected', 'Limited')
        and s.sealed is not null and coalesce(o.tag, 'Open') = 'Open';
    if not found then
      return;
    end if;
    -- Nobody waits for the disk: the record is written out within some tenths of a second.
    perform pg_catalog.set_config('synchronous_commit', 'off', true);
    insert into portolan.token_reads
      (organization_id, at, reference, version, actor_tag, actor, operation, connection_id)
    values (k.organization_id, (extract(epoch from clock_timestamp()) * 1000)::bigint, r.reference, r.version, 'ApiKey',
      json_build_object('_tag', 'ApiKey', 'keyId', k.id, 'name', k.name)::text, doing, connection);
    return query select k.organization_id, k.id, k.schema_version, k.state,
      r.o_schema, r.o_state, r.c_schema, r.c_state,
      r.reference, r.version, r.sealed, r.nonce, r.tag, r.key_id, r.updated_at;
  end $$`

/** Adds the function. */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  await sql.raw(readByKey).execute(db)
  await sql`revoke all on function portolan.read_token_by_key(text, text, text) from public`.execute(db)
}
