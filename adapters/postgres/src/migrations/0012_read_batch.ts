/**
 * 0012: several reads of several scopes in one statement. The function has no rights of its own (`security invoker`):
 * it sets what a transaction would set with statements of its own, reads under row level security, and sets it back.
 * It is `stable`, so nothing in it can write, and all of its reads see one moment.
 */
import { type Kysely, sql } from "kysely"

// A state is passed on as the text that it is: to take a value out of it would fail for some of its texts (U+0000).
const readBatch = `create function portolan.read_batch(runs_as text, scopes text[], settings text[], templates text[],
    parameters text[])
  returns setof json language plpgsql stable security invoker set lock_timeout = '5s' as $$
  declare
    session_role constant text := current_setting('role');
    query text;
    found text;
    part text;
    named text[];
    one text;
  begin
    -- A transaction that is bound to a scope learns nothing of another one.
    if coalesce(current_setting('portolan.organization', true), '') <> ''
      or coalesce(current_setting('portolan.person', true), '') <> ''
      or coalesce(current_setting('portolan.digest', true), '') <> '' then
      raise exception 'portolan.read_batch is not for transactions that are bound to a scope' using errcode = '42501';
    end if;
    perform set_config('role', runs_as, true);
    for i in 1 .. coalesce(cardinality(templates), 0) loop
      query := format(templates[i], variadic parameters);
      if scopes[i] = 'each' then
        -- The same in every organization that the rows before name, one after the other.
        found := null;
        foreach one in array coalesce(named, '{}') loop
          perform set_config('portolan.organization', one, true);
          execute 'select string_agg(row_to_json(r)::text, '','') from (' || query || ') as r' into part;
          found := concat_ws(',', found, part);
        end loop;
        perform set_config('portolan.organization', '', true);
      else
        if scopes[i] not in ('organization', 'digest', 'person', 'directory', 'linked') then
          raise exception 'no such scope: %', scopes[i] using errcode = '42501';
        end if;
        perform set_config('portolan.' || scopes[i], settings[i], true);
        if scopes[i + 1] = 'each' then
          execute 'select string_agg(row_to_json(r)::text, '',''), array_agg(distinct r.organization_id) from ('
            || query || ') as r' into found, named;
        else
          execute 'select string_agg(row_to_json(r)::text, '','') from (' || query || ') as r' into found;
        end if;
        perform set_config('portolan.' || scopes[i], '', true);
      end if;
      return next concat('[', found, ']')::json;
    end loop;
    perform set_config('role', session_role, true);
  end $$`

/** Adds the function. */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  await sql.raw(readBatch).execute(db)
}
