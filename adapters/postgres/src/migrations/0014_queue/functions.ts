/**
 * The functions of version 0014, as SQL. Each one is a statement of its own and no part of a transaction that is bound
 * to an organization. `portolan.queue` opens `jobs` across organizations while a function runs, and not a moment
 * longer; it is no `set` clause, because an owner who is no superuser may not give a function one.
 */

/**
 * Planner settings of the functions: every step is a walk along an index, whatever statistics say of a table that is
 * empty at one moment and has a million rows at the next. Planned once a session: planning takes 50 times as long as a
 * look that finds nothing.
 */
const guarded = `security definer set search_path = '' set enable_seqscan = off set enable_bitmapscan = off
  set enable_hashjoin = off set enable_mergejoin = off
  set plan_cache_mode = force_generic_plan set lock_timeout = '5s'`

/** Opens the jobs of all organizations, in no transaction that is bound to one. */
const open = `if coalesce(current_setting('portolan.organization', true), '') <> '' then
      raise exception 'the transaction is bound to an organization' using errcode = '42501';
    end if;
    perform pg_catalog.set_config('portolan.queue', 'on', true);`

const shut = "perform pg_catalog.set_config('portolan.queue', '', true);"

/** Whether a job that waits is in nobody's hands: never claimed, or the claim of the one who had it has ended. */
const free = (job: string) => `(${job}.claimed_until is null or ${job}.claimed_until <= now())`

/** Whether a job that is named waits. Written so that it is looked up by its name, and by no index of waiting jobs. */
const waits = `j.status || '' = 'waiting'`

/**
 * Claims up to `wanted` jobs that are due, one statement. It looks at the jobs that have waited longest, twice as many
 * as wanted and 100 at least, and takes of each organization its first one before any second one; an organization
 * counts as served for each time that `busy` names it.
 *
 * Where that look is full, organizations may wait behind the backlog of others. The last row then says after which
 * organization (`turn`) the next call has to look at some more, in the order of their names.
 *
 * The last rows have no job. Where fewer jobs than wanted were found, `wait_seconds` says in how many seconds the next
 * one can be taken.
 */
const claim = `create function portolan.claim_jobs(
    wanted integer, life double precision, busy text[], turn text)
  returns table (organization_id text, id text, due_at timestamptz, schema_version integer, task json,
    failures integer, claim integer, next_turn text, wait_seconds double precision)
  language plpgsql ${guarded} as $$
  #variable_conflict use_column
  declare
    look integer := greatest(wanted * 2, 100);
    found integer;
  begin
    ${open}
    return query with recursive ahead as materialized (
      select j.organization_id, j.ctid as place, j.due_at from portolan.jobs j
      where j.status = 'waiting' and j.due_at <= now() and ${free("j")} order by j.due_at limit look
    ), organizations as (
      (select j.organization_id, 1 as n from portolan.jobs j
        where turn is not null and j.status = 'waiting' and j.organization_id > turn
        order by j.organization_id, j.due_at limit 1)
      union all
      select (select j.organization_id from portolan.jobs j
        where j.status = 'waiting' and j.organization_id > o.organization_id
        order by j.organization_id, j.due_at limit 1), o.n + 1
      from organizations o where o.organization_id is not null and o.n < 32
    ), known as (
      select * from ahead
      union
      select j.* from organizations o cross join lateral (
        select i.organization_id, i.ctid, i.due_at from portolan.jobs i
        where i.organization_id = o.organization_id and i.status = 'waiting' and i.due_at <= now() and ${free("i")}
        order by i.due_at limit least(wanted, 4)) as j
      union all
      -- What runs comes first in its organization, so that its next job has a later turn.
      select b.name, null, '-infinity' from unnest(busy) as b (name)
    ), ranked as (
      select k.*, row_number() over (partition by k.organization_id order by k.due_at) as turns from known k
    ), fair as (
      select * from ranked r where r.place is not null order by r.turns, r.due_at limit wanted * 2
    ), mine as (
      select j.ctid from fair f
        join portolan.jobs j on j.ctid = f.place
      where ${waits} and j.due_at <= now() and ${free("j")}
      order by f.turns, f.due_at limit wanted for update of j skip locked
    ), taken as (
      update portolan.jobs j set claim = j.claim + 1, claimed_until = now() + make_interval(secs => life)
      from mine where j.ctid = mine.ctid
      returning j.organization_id, j.id, j.due_at, j.schema_version, j.task, j.failures, j.claim
    )
    select t.*, null::text, null::double precision from taken t
    union all
    select null, null, null, null, null, null, null, case when (select count(*) from ahead) = look
      then coalesce((select max(o.organization_id) from organizations o where o.n = 32), '') end, null;
    get diagnostics found = row_count;
    -- A worker that got as many as it wanted asks again as soon as it has room.
    if found <= wanted then
      return query select null::text, null::text, null::timestamptz, null::integer, null::json, null::integer,
        null::integer, null::text, case
          when exists (select from portolan.jobs j where j.status = 'waiting' and j.due_at <= now() and ${free("j")})
          then 0
          -- All that is due is in somebody's hands, so there is not much of it.
          else (select case when n.at is not null then greatest(0, extract(epoch from n.at - clock_timestamp())) end
            from (select least(
              (select j.due_at from portolan.jobs j where j.status = 'waiting' and j.due_at > now()
                order by j.due_at limit 1),
              (select min(j.claimed_until) from portolan.jobs j where j.status = 'waiting' and j.due_at <= now())
            ) as at) as n) end::double precision;
    end if;
    ${shut}
  end $$`

/**
 * Writes down what became of jobs, if the claims still stand. A time in `due` puts a job off, `waiting` without one
 * gives it back; workers hear of what is due soon.
 */
const settle = `create function portolan.settle_jobs(organizations text[], ids text[], claims integer[],
    statuses text[], due timestamptz[], failed boolean[], reasons text[]) returns void
  language plpgsql ${guarded} as $$
  declare
    is_soon boolean;
  begin
    ${open}
    with outcome as (
      select * from unnest(organizations, ids, claims, statuses, due, failed, reasons)
        as o (organization_id, id, claim, status, due_at, failed, reason)
    ), settled as (
      update portolan.jobs j set status = o.status, claimed_until = null, due_at = coalesce(o.due_at, j.due_at),
        failures = j.failures + o.failed::integer, reason = coalesce(o.reason, j.reason),
        parked_at = case when o.status = 'parked' then now() else j.parked_at end
      from outcome o where j.organization_id = o.organization_id and j.id = o.id and j.claim = o.claim
        and ${waits}
      returning j.status, j.due_at
    )
    select bool_or(s.status = 'waiting' and s.due_at < now() + portolan.soon()) into is_soon from settled s;
    if is_soon then
      perform pg_catalog.pg_notify('portolan_jobs', '');
    end if;
    ${shut}
  end $$`

/** Prolongs claims that stand. One that is being written to just now is left to its writer. */
const prolong = `create function portolan.prolong_jobs(
    organizations text[], ids text[], claims integer[], life double precision) returns void
  language plpgsql ${guarded} as $$
  begin
    ${open}
    with held as (
      select j.organization_id, j.id from unnest(organizations, ids, claims) as o (organization_id, id, claim)
        join portolan.jobs j on j.organization_id = o.organization_id and j.id = o.id
      where j.claim = o.claim and ${waits} and j.claimed_until > now()
      for update of j skip locked
    )
    update portolan.jobs j set claimed_until = now() + make_interval(secs => life)
    from held where j.organization_id = held.organization_id and j.id = held.id;
    ${shut}
  end $$`

/** How near a job must be for a worker to hear of it at once; workers find the others when they look by themselves. */
const soon = `create function portolan.soon() returns interval language sql immutable return interval '30 seconds'`

/** Among how many of the jobs that have been due for longest those that are under way are counted. */
const underWayLimit = 10_000

/** How many rows a count counts one by one. */
const countLimit = 100_000

const estimate = `(select greatest(c.reltuples, 0) from pg_catalog.pg_class c
  where c.oid = 'portolan.jobs_due'::regclass)`

/**
 * How background work stands, over all organizations. Due and overdue jobs are counted up to `countLimit`; of those
 * that wait for their time up to 10,000 are counted, and more are estimated by the statistics of the index.
 */
const workStatus = `create function portolan.work_status(overdue_seconds double precision, with_counts boolean)
  returns table (at timestamptz, living integer, last_seen_at timestamptz, under_way integer, oldest_due_at timestamptz,
    due integer, overdue integer, later bigint, dead_letters integer)
  language plpgsql ${guarded} as $$
  begin
    ${open}
    return query select clock_timestamp(),
      (select count(*) from portolan.workers w where w.living_until > clock_timestamp())::integer,
      (select max(w.seen_at) from portolan.workers w),
      (select count(*) from (select j.claimed_until from portolan.jobs j
        where j.status = 'waiting' and j.due_at <= now() order by j.due_at limit ${underWayLimit}) as few
        where few.claimed_until > now())::integer,
      (select j.due_at from portolan.jobs j where j.status = 'waiting' and j.due_at <= now() and ${free("j")}
        order by j.due_at limit 1),
      case when with_counts then (select count(*) from (select from portolan.jobs j
        where j.status = 'waiting' and j.due_at <= now() and ${free("j")} limit ${countLimit}) as few) end::integer,
      case when with_counts then (select count(*) from (select from portolan.jobs j
        where j.status = 'waiting' and j.due_at < now() - make_interval(secs => overdue_seconds) and ${free("j")}
        limit ${countLimit}) as few) end::integer,
      case when with_counts then (select case when count(*) > 10000 then greatest(count(*), ${estimate}::bigint)
        else count(*) end from (select from portolan.jobs j where j.status = 'waiting' and j.due_at > now()
        limit 10001) as few) end,
      case when with_counts then (select count(*) from (select from portolan.jobs j where j.status = 'parked'
        limit ${countLimit}) as few) end::integer;
    ${shut}
  end $$`

/** Up to where the histories of some organizations reach. */
const positions = `create function portolan.history_positions(organizations text[])
  returns table (organization_id text, "position" bigint)
  language plpgsql security definer set search_path = '' as $$
  #variable_conflict use_column
  begin
    perform pg_catalog.set_config('portolan.audit', 'on', true);
    return query select h.organization_id, h.position from portolan.histories h
      where h.organization_id = any (organizations);
    perform pg_catalog.set_config('portolan.audit', '', true);
  end $$`

const jobsAdded = `create function portolan.jobs_added() returns trigger language plpgsql set search_path = '' as $$
  begin
    if exists (select from added a where a.status = 'waiting' and a.due_at < now() + portolan.soon()) then
      perform pg_catalog.pg_notify('portolan_jobs', '');
    end if;
    return null;
  end $$`

const eventsAdded = `create function portolan.events_added() returns trigger language plpgsql set search_path = '' as $$
  begin
    perform pg_catalog.pg_notify('portolan_events', a.organization_id)
      from (select distinct organization_id from added) as a;
    return null;
  end $$`

/** The functions that look across organizations, as `portolan.name(types)`. They run as their owner. */
export const signatures: ReadonlyArray<string> = [
  "portolan.claim_jobs(integer, double precision, text[], text)",
  "portolan.settle_jobs(text[], text[], integer[], text[], timestamptz[], boolean[], text[])",
  "portolan.prolong_jobs(text[], text[], integer[], double precision)",
  "portolan.history_positions(text[])"
]

/** This one reads the workers as well, which belong to no organization; it stays with the user who migrates. */
const ofTheSession = "portolan.work_status(double precision, boolean)"

/** The functions, in the order of their making. */
export const functions: ReadonlyArray<string> = [
  soon,
  claim,
  settle,
  prolong,
  workStatus,
  positions,
  jobsAdded,
  eventsAdded,
  ...[...signatures, ofTheSession].map((name) => `revoke all on function ${name} from public`)
]
