/**
 * 0016: API keys, their organizations, connections and the sealed tokens of their consents in one statement, which
 * records each read as `read_token` does. Row level security holds: for each question the function sees the one row of
 * its digest first, and then the rows of that key's organization.
 *
 * States travel once: who names the digest of the states that were sent before is answered without them.
 */
import { type Kysely, sql } from "kysely"

/** Walks along indexes, whatever statistics say of a table that was empty when the plan was made. */
const planned = "set enable_seqscan = off set enable_bitmapscan = off"

// A value is assigned and not performed: an expression needs no executor of its own.
const readByKeys = `create function portolan.read_tokens_by_key(
    digests text[], connections text[], operations text[], known text[])
  returns table (place integer, organization text, reference text, version bigint, sealed bytea, nonce bytea, tag bytea,
    sealed_with text, updated_at bigint, states_digest text, states text)
  language plpgsql security definer set search_path = '' ${planned} as $$
  #variable_conflict use_column
  declare
    set_to text;
    key_state text;
    actor_json text;
  begin
    -- A transaction that is bound to an organization learns nothing of another one.
    if coalesce(current_setting('portolan.organization', true), '') <> '' then
      return;
    end if;
    -- Nobody waits for the disk: the record is written out within some tenths of a second.
    set_to := pg_catalog.set_config('synchronous_commit', 'off', true);
    for i in 1 .. cardinality(digests) loop
      set_to := pg_catalog.set_config('portolan.organization', '', true);
      set_to := pg_catalog.set_config('portolan.digest', digests[i], true);
      select a.organization_id, '[' || coalesce(a.schema_version::text, 'null') || ',' || a.state::text,
          '{"_tag":"ApiKey","keyId":"' || a.id || '","name":' || (a.state -> 'name')::text || '}'
        into organization, key_state, actor_json
        from portolan.api_keys a
        where a.digest = digests[i] and a.tag = 'Active' and a.state #>> '{accessScope,_tag}' = 'Everything';
      continue when organization is null;
      set_to := pg_catalog.set_config('portolan.organization', organization, true);
      select s.reference, s.version, s.sealed, s.nonce, s.tag, s.key_id,
          floor(extract(epoch from s.updated_at) * 1000),
          key_state || ',' || coalesce(c.schema_version::text, 'null') || ',' || c.state::text
            || ',' || coalesce(o.schema_version::text, 'null') || ',' || coalesce(o.state::text, 'null') || ']'
        into reference, version, sealed, nonce, tag, sealed_with, updated_at, states
        from portolan.connections c
        join portolan.vault_secrets s on s.organization_id = organization and s.reference = c.grant_id
        left join portolan.organizations o on o.organization_id = organization and o.id = organization
        where c.organization_id = organization and c.id = connections[i] and c.tag in ('Connected', 'Limited')
          and s.sealed is not null and coalesce(o.tag, 'Open') = 'Open';
      continue when reference is null;
      insert into portolan.token_reads
        (organization_id, at, reference, version, actor_tag, actor, operation, connection_id)
        values (organization, (extract(epoch from clock_timestamp()) * 1000)::bigint, reference, version, 'ApiKey',
          actor_json, operations[i], connections[i]);
      states_digest := pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(states, 'UTF8')), 'hex');
      if states_digest = known[i] then
        states := null;
      end if;
      place := i;
      return next;
    end loop;
  end $$`

/** The function, as `portolan.name(types)`. It runs as its owner. */
export const signature = "portolan.read_tokens_by_key(text[], text[], text[], text[])"

/** Adds the function. */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  await sql.raw(readByKeys).execute(db)
  await sql.raw(`revoke all on function ${signature} from public`).execute(db)
}
