/**
 * 0021: leases and removals of secrets are one statement each, and what hangs on which master key is a look at an
 * index, however many secrets there are. A lease that was taken and not answered is found again by the attempt that
 * took it.
 */
import { type Kysely, sql } from "kysely"
import { bind, definer, refuseAbandoned } from "./0013_one_statement/commit.ts"

const moment = "date_trunc('milliseconds', clock_timestamp())"

const here = "v.organization_id = organization and v.reference = wanted and v.sealed is not null"
const isHeld = "v.lease_fence = held and v.lease_until > clock_timestamp()"

/**
 * Takes (`take`), prolongs (`renew`) or gives back (`release`) the lease of a secret, or forgets the secret with its
 * lease (`remove`). Answers `done`, `held` when another one has the lease, or `absent`. Times are whole milliseconds,
 * so that a caller reads exactly the instant that the database compares with.
 */
const changeLease = `create function portolan.change_lease(organization text, attempt text, wanted text, doing text,
    held bigint, life double precision)
  returns table (answer text, fence bigint, held_until timestamptz) ${definer(5)} as $$
  #variable_conflict use_column
  declare
    ends timestamptz := ${moment} + make_interval(secs => life);
  begin${bind}
    case doing
      when 'take' then
        update portolan.vault_secrets v set fence = v.fence + 1, lease_fence = v.fence + 1, lease_until = ends,
          attempt = change_lease.attempt
          where ${here} and (v.lease_until is null or v.lease_until <= clock_timestamp())
          returning v.fence, v.lease_until into fence, held_until;
      when 'renew' then
        update portolan.vault_secrets v set lease_until = ends, attempt = change_lease.attempt
          where ${here} and ${isHeld} returning v.lease_fence, v.lease_until into fence, held_until;
      when 'release' then
        update portolan.vault_secrets v set lease_fence = null, lease_until = null, attempt = change_lease.attempt
          where ${here} and ${isHeld} returning held into fence;
      when 'remove' then
        update portolan.vault_secrets v set sealed = null, nonce = null, tag = null, key_id = null,
          lease_fence = null, lease_until = null, updated_at = clock_timestamp(), attempt = change_lease.attempt
          where ${here} returning v.fence into fence;
    end case;
    if fence is not null then
      ${refuseAbandoned.replaceAll("= attempt", "= change_lease.attempt").trim()}
      answer := 'done';
      return next;
      return;
    end if;
    -- Held a moment ago; when it was given back since, the caller may try again at once.
    select coalesce(v.lease_until, clock_timestamp()) into held_until from portolan.vault_secrets v where ${here};
    answer := case when held_until is null then 'absent' else 'held' end;
    return next;
  end $$`

/**
 * Says what became of a change that was sent and not answered: `done`, or `absent`, and then it cannot happen later.
 * One that another one has followed on the same secret counts as absent: a lease that is over, or a secret that is
 * there.
 */
const abandonLease = `create function portolan.abandon_lease(organization text, attempt text, wanted text)
  returns table (answer text, fence bigint, held_until timestamptz) ${definer(2)} as $$
  #variable_conflict use_column
  declare
    s portolan.vault_secrets;
  begin${bind}
    select * into s from portolan.vault_secrets v
      where v.organization_id = organization and v.reference = wanted for update;
    if s.attempt = abandon_lease.attempt then
      answer := 'done';
      fence := coalesce(s.lease_fence, s.fence);
      held_until := s.lease_until;
    else
      perform portolan.abandon(organization, abandon_lease.attempt);
      answer := 'absent';
    end if;
    return next;
  end $$`

const sealer = "coalesce(k.sealed_by, k.master_key_id)"

/** The master keys that data keys are sealed with, and what hangs on each, counted up to `most`. */
const keysInUse = `create function portolan.keys_in_use(most integer)
  returns table (key_id text, secrets integer, data_keys integer, organizations integer)
  language plpgsql security definer set search_path = '' set enable_seqscan = off set enable_bitmapscan = off
  set enable_hashjoin = off set enable_mergejoin = off set plan_cache_mode = force_generic_plan as $$
  #variable_conflict use_column
  begin
    if coalesce(current_setting('portolan.organization', true), '') <> '' then
      raise exception 'the transaction is bound to an organization' using errcode = '42501';
    end if;
    perform pg_catalog.set_config('portolan.custody', 'on', true);
    return query with recursive used as (
      (select ${sealer} as id from portolan.vault_keys k order by 1 limit 1)
      union all
      select (select ${sealer} from portolan.vault_keys k where ${sealer} > u.id order by 1 limit 1)
      from used u where u.id is not null
    ) select u.id, (
        select count(*) from (select from portolan.vault_keys k join portolan.vault_secrets s
          on s.key_id = k.master_key_id and s.organization_id = k.organization_id and s.sealed is not null
          where ${sealer} = u.id limit most) as few
      )::integer, (
        select count(*) from (select from portolan.vault_keys k where ${sealer} = u.id limit most) as few
      )::integer, (
        select count(distinct few.organization_id) from (select k.organization_id from portolan.vault_keys k
          where ${sealer} = u.id limit most) as few
      )::integer
      from used u where u.id is not null;
    perform pg_catalog.set_config('portolan.custody', '', true);
  end $$`

/** The functions that this version adds, as `portolan.name(types)`. They run as their owner. */
export const signatures: ReadonlyArray<string> = [
  "portolan.change_lease(text, text, text, text, bigint, double precision)",
  "portolan.abandon_lease(text, text, text)",
  "portolan.keys_in_use(integer)"
]

/** Adds the column and the functions. */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  await sql`alter table portolan.vault_secrets add column attempt text collate "C"`.execute(db)
  for (const text of [changeLease, abandonLease, keysInUse]) await sql.raw(text).execute(db)
  await sql.raw(`revoke all on function ${signatures.join(", ")} from public`).execute(db)
}
