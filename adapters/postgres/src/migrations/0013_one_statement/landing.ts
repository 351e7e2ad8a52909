/** The functions of version 0013 that land rows, as SQL. */
import { bind, definer } from "./commit.ts"

/**
 * Lands rows of one connection and data class. The data of a row comes as text, see `write_states`. The landing holds
 * the place where it would be abandoned, so abandoning it waits until it is over.
 */
const landRows = `create function portolan.land_rows(organization text, attempt text, connection text, account text,
    of_profile text, class text, landed json) returns bigint ${definer(5)} as $$
  declare
    touched bigint;
  begin${bind}
    insert into portolan.abandoned_writes (organization_id, id) values (organization, attempt) on conflict do nothing;
    if not found then
      raise exception 'the sender was told that this did not happen' using errcode = 'P0R02';
    end if;
    insert into portolan.landing_rows as l
        (organization_id, connection_id, profile, data_class, key, account_id, day, data)
      select organization, connection, of_profile, class, r.key, account, r.day, r.data::json
        from json_to_recordset(landed) as r (key text, day date, data text)
      on conflict (organization_id, connection_id, profile, data_class, key) do update set
        account_id = excluded.account_id, day = excluded.day, data = excluded.data, landed_at = now();
    get diagnostics touched = row_count;
    delete from portolan.abandoned_writes a where a.organization_id = organization and a.id = attempt;
    return touched;
  end $$`

/** Keeps a landing that was sent and not answered from happening later; it may have happened. */
const abandonLanding = `create function portolan.abandon_landing(organization text, attempt text) returns void
  ${definer(2)} as $$
  begin${bind}
    perform portolan.abandon(organization, attempt);
  end $$`

/** The functions, in the order of their making. */
export const functions: ReadonlyArray<readonly [signature: string, definition: string]> = [
  ["land_rows(text, text, text, text, text, text, json)", landRows],
  ["abandon_landing(text, text)", abandonLanding]
]
