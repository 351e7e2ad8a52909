/** The functions of version 0013 that commit a change, as SQL. */

import { tables } from "./tables.ts"

/** What every function here is: it runs as its owner, finds nothing by a search path, and waits shortly for locks. */
export const definer = (lockSeconds: number): string =>
  `language plpgsql security definer set search_path = '' set lock_timeout = '${lockSeconds}s'`

/** Binds the transaction to an organization; one that is bound to another organization is refused. */
export const bind = `
    if coalesce(current_setting('portolan.organization', true), '') not in ('', organization) then
      raise exception 'the transaction is bound to another organization' using errcode = '42501';
    end if;
    perform pg_catalog.set_config('portolan.organization', organization, true);`

/** Ends a change. `commit_change` catches it, which takes everything back, and answers with the reason. */
const refuse = `create function portolan.refuse(reason json) returns void
  language plpgsql set search_path = '' as $$
  begin
    raise exception 'refused' using errcode = 'P0R01', detail = reason::text;
  end $$`

/**
 * Writes states in the order in which they are given. `cells` holds the columns beside the state by their names. A
 * state comes as text inside the JSON, because the functions that take JSON apart stumble over U+0000 in it.
 */
const writeStates = `create function portolan.write_states(organization text, writes json) returns void
  language plpgsql set search_path = '' as $$
  declare
    w record;
    place text;
    names text;
    written bigint;
    present integer;
  begin
    for w in select * from json_to_recordset(writes)
      as r (kind text, id text, expected integer, cells json, state text)
    loop
      place := case w.kind ${tables.map(([kind, table]) => `when '${kind}' then '${table}'`).join(" ")} end;
      if place is null then
        raise exception 'no such kind of aggregate' using errcode = '22023';
      end if;
      select string_agg(format('%I', k), ', ') into names from json_object_keys(w.cells) k;
      if w.expected = 0 then
        execute format('insert into portolan.%1$I (organization_id, id, state, %2$s)
          select $1, $2, $3::json, %2$s from json_populate_record(null::portolan.%1$I, $4) on conflict do nothing',
          place, names) using organization, w.id, w.state, w.cells;
      else
        execute format('update portolan.%1$I t set state = $3::json,
          (%2$s) = (select %2$s from json_populate_record(null::portolan.%1$I, $4))
          where t.organization_id = $1 and t.id = $2 and t.version = $5',
          place, names) using organization, w.id, w.state, w.cells, w.expected;
      end if;
      get diagnostics written = row_count;
      if written = 0 then
        execute format('select version from portolan.%I where organization_id = $1 and id = $2', place)
          into present using organization, w.id;
        perform portolan.refuse(json_build_object('_tag', 'VersionConflict', 'kind', w.kind, 'id', w.id,
          'expected', w.expected, 'found', coalesce(present, 0)));
      end if;
    end loop;
  end $$`

/**
 * Frees and binds profiles in the order in which they are given: what is freed comes first, so that one change can move
 * a profile from one connection to another. A hold that was claimed is made anew, so that the index judges it; one that
 * counts for all stays so. A holder may let go after it stood in the way and before it was looked at; only one that
 * stays in the way unseen belongs to another organization (laws REPO-07, REPO-29).
 */
const settleClaims = `create function portolan.settle_claims(organization text, wanted json) returns void
  language plpgsql set search_path = '' as $$
  declare
    c record;
    holder portolan.claims;
    is_held boolean;
  begin
    for c in select * from json_to_recordset(wanted) as r (holds boolean, channel text, region text,
      marketplace_id text, external_id text, connection_id text, account_id text, claimed boolean)
    loop
      if not c.holds or not c.claimed then
        delete from portolan.claims p where p.organization_id = organization and p.channel = c.channel
          and p.region = c.region and p.marketplace_id = c.marketplace_id and p.external_id = c.external_id
          and p.connection_id = c.connection_id and (p.claimed or not c.holds);
      end if;
      continue when not c.holds;
      is_held := false;
      for attempts in 1 .. 3 loop
        insert into portolan.claims
          (organization_id, channel, region, marketplace_id, external_id, connection_id, account_id, claimed)
          values (organization, c.channel, c.region, c.marketplace_id, c.external_id, c.connection_id, c.account_id,
            c.claimed) on conflict do nothing;
        is_held := found;
        exit when is_held;
        select * into holder from portolan.claims p where p.organization_id = organization and p.channel = c.channel
          and p.region = c.region and p.marketplace_id = c.marketplace_id and p.external_id = c.external_id;
        is_held := coalesce(holder.connection_id = c.connection_id, false);
        exit when is_held;
        if holder.connection_id is not null then
          perform portolan.refuse(json_build_object('_tag', 'ProfileTaken', 'profile', c.external_id,
            'holder', json_build_object('accountId', holder.account_id, 'connectionId', holder.connection_id)));
        end if;
      end loop;
      if not is_held then
        perform portolan.refuse(json_build_object('_tag', 'ProfileTaken', 'profile', c.external_id));
      end if;
    end loop;
  end $$`

/** Records the caller's key, or says what became of the request that has it. */
const keepKey = `create function portolan.keep_idempotency_key(organization text, wanted json) returns void
  language plpgsql set search_path = '' as $$
  declare
    earlier portolan.idempotency_keys;
  begin
    insert into portolan.idempotency_keys (organization_id, key, fingerprint, resource)
      values (organization, wanted ->> 'key', wanted ->> 'fingerprint', wanted ->> 'resource') on conflict do nothing;
    if found then
      return;
    end if;
    select * into earlier from portolan.idempotency_keys k
      where k.organization_id = organization and k.key = wanted ->> 'key';
    if earlier.fingerprint = wanted ->> 'fingerprint' then
      perform portolan.refuse(json_build_object('_tag', 'AlreadyDone', 'key', earlier.key,
        'resource', earlier.resource));
    end if;
    perform portolan.refuse(json_build_object('_tag', 'KeyReused', 'key', wanted ->> 'key'));
  end $$`

/** Refuses what arrives after its sender was told that it did not happen. The caller holds the lock that decides. */
export const refuseAbandoned = `
    if exists (select from portolan.abandoned_writes a where a.organization_id = organization and a.id = attempt) then
      raise exception 'the sender was told that this did not happen' using errcode = 'P0R02';
    end if;`

/**
 * Commits a change: everything of it or nothing. Rows are locked in one order by everybody: kind and id, then profile,
 * then the sums of loads, then the history's counter. Gives the last position, or why the change was refused.
 */
const commitChange = `create function portolan.commit_change(organization text, attempt text, change json)
  returns table (place bigint, refusal json) ${definer(5)} as $$
  declare
    c record;
    added bigint;
    detail text;
  begin${bind}
    select * into c from json_to_record(change) as r (key json, completes text, writes json, claims json, at bigint,
      actor_tag text, actor text, events json, jobs json, sums json);
    begin
      if c.key is not null then
        perform portolan.keep_idempotency_key(organization, c.key);
      end if;
      if c.completes is not null then
        update portolan.jobs j set status = 'done', claimed_until = null
          where j.organization_id = organization and j.id = c.completes and j.status = 'waiting';
        if not found then
          perform portolan.refuse(json_build_object('_tag', 'JobGone', 'jobId', c.completes));
        end if;
      end if;
      perform portolan.write_states(organization, c.writes);
      perform portolan.settle_claims(organization, c.claims);
      if c.sums is not null then
        perform portolan.add_sums(organization, c.sums);
      end if;
      added := json_array_length(c.events);
      if added = 0 then
        select h.position into place from portolan.histories h where h.organization_id = organization;
      else
        insert into portolan.histories as h (organization_id, position) values (organization, added)
          on conflict (organization_id) do update set position = h.position + added returning h.position into place;
        ${refuseAbandoned.trim()}
        insert into portolan.events (organization_id, position, id, kind, aggregate_id, version, at, actor_tag, actor,
            schema_version, event)
          select organization, place - added + e.n, e.id, e.kind, e.aggregate_id, e.version, c.at, c.actor_tag,
            c.actor::json, e.schema_version, e.event::json
          from json_to_recordset(c.events) as e (n bigint, id text, kind text, aggregate_id text, version integer,
            schema_version integer, event text);
      end if;
      insert into portolan.jobs (organization_id, id, due_at, schema_version, task)
        select organization, j.id, j.due_at, j.schema_version, j.task::json
        from json_to_recordset(c.jobs) as j (id text, due_at timestamptz, schema_version integer, task text);
      place := coalesce(place, 0);
    exception when sqlstate 'P0R01' then
      get stacked diagnostics detail = pg_exception_detail;
      place := null;
      refusal := detail::json;
    end;
    return next;
  end $$`

/**
 * Says whether a change that was sent and not answered is committed, by the position of its first event. When it is
 * not, it cannot be committed later, whenever it arrives. The history's counter decides: who holds it is waited for.
 */
const abandonChange = `create function portolan.abandon_change(
    organization text, attempt text, aggregate text, wanted text) returns bigint ${definer(2)} as $$
  declare
    place bigint;
  begin${bind}
    insert into portolan.histories as h (organization_id, position) values (organization, 0)
      on conflict (organization_id) do update set position = h.position;
    select e.position into place from portolan.events e
      where e.organization_id = organization and e.aggregate_id = aggregate and e.id = wanted;
    if place is null then
      perform portolan.abandon(organization, attempt);
    end if;
    return place;
  end $$`

/** Notes that something must not happen any more. What is older than a day arrives no more. */
const abandon = `create function portolan.abandon(organization text, attempt text) returns void
  language plpgsql set search_path = '' as $$
  begin
    delete from portolan.abandoned_writes a
      where a.organization_id = organization and a.at < now() - interval '1 day';
    insert into portolan.abandoned_writes (organization_id, id) values (organization, attempt) on conflict do nothing;
  end $$`

/** What an earlier request with a key asked for and created. */
const findRequest = `create function portolan.find_request(organization text, wanted text)
  returns table (fingerprint text, resource text) ${definer(5)} as $$
  begin${bind}
    return query select k.fingerprint, k.resource from portolan.idempotency_keys k
      where k.organization_id = organization and k.key = wanted;
  end $$`

/** The functions, in the order of their making. */
export const functions: ReadonlyArray<readonly [signature: string, definition: string]> = [
  ["refuse(json)", refuse],
  ["write_states(text, json)", writeStates],
  ["settle_claims(text, json)", settleClaims],
  ["keep_idempotency_key(text, json)", keepKey],
  ["abandon(text, text)", abandon],
  ["commit_change(text, text, json)", commitChange],
  ["abandon_change(text, text, text, text)", abandonChange],
  ["find_request(text, text)", findRequest]
]
