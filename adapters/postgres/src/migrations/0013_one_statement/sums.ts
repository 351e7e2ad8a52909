/** The function that moves the sums of loads with a change, as SQL. Its tables came with version 0020. */

/**
 * Adds to the sums of the windows of loads, in the order in which they are given, and the job of each class of which no
 * window is open afterwards. The row of a class is locked until the commit, so one change sees that it was the last.
 */
const addSums = `create function portolan.add_sums(organization text, sums json) returns void
  language plpgsql set search_path = '' as $$
  declare
    s record;
    still_open integer;
  begin
    for s in select * from json_to_recordset(sums) as r (connection_id text, backfill_id text, data_class text,
      windows integer, open integer, days integer, days_open integer, rows bigint, job json)
    loop
      insert into portolan.window_sums as t (organization_id, connection_id, backfill_id, data_class, windows, open,
          days, days_open, rows)
        values (organization, s.connection_id, s.backfill_id, s.data_class, s.windows, s.open, s.days, s.days_open,
          s.rows)
        on conflict (organization_id, connection_id, backfill_id, data_class) do update set
          windows = t.windows + excluded.windows, open = t.open + excluded.open, days = t.days + excluded.days,
          days_open = t.days_open + excluded.days_open, rows = t.rows + excluded.rows
        returning t.open into still_open;
      continue when s.job is null or still_open > 0;
      -- Whoever claims it waits for this commit, or is waited for here.
      perform from portolan.jobs j where j.organization_id = organization and j.singleton_key = s.backfill_id
        and j.status = 'waiting' and (j.claimed_until is null or j.claimed_until < now()) for update;
      continue when found;
      insert into portolan.jobs (organization_id, id, due_at, schema_version, task, singleton_key)
        select organization, j.id, j.due_at, j.schema_version, j.task::json, s.backfill_id
        from json_to_record(s.job) as j (id text, due_at timestamptz, schema_version integer, task text);
    end loop;
  end $$`

/** The functions, in the order of their making. */
export const functions: ReadonlyArray<readonly [signature: string, definition: string]> = [
  ["add_sums(text, json)", addSums]
]
