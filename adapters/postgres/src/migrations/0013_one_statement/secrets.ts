/** The functions of version 0013 that write secrets and keep data keys, as SQL. */
import { bind, definer, refuseAbandoned } from "./commit.ts"

/**
 * Writes a secret that was sealed for version `next`. By `rule`, `create` wants none there, `swap` wants one there, and
 * `put` takes either. Answers `written`, `present`, `absent`, `fenced`, or `other` when the version before is another
 * one. The row outlives its secret, so that versions and fences never repeat.
 */
const writeSecret = `create function portolan.write_secret(organization text, attempt text, wanted text, rule text,
    next bigint, held_fence bigint, new_sealed bytea, new_nonce bytea, new_tag bytea, new_key_id text)
  returns table (answer text, found_version bigint) ${definer(5)} as $$
  declare
    s portolan.vault_secrets;
  begin${bind}
    if rule <> 'swap' then
      insert into portolan.vault_secrets (organization_id, reference) values (organization, wanted)
        on conflict do nothing;
    end if;
    select * into s from portolan.vault_secrets v
      where v.organization_id = organization and v.reference = wanted for update;
    found_version := coalesce(s.version, 0);
    answer := case
      when rule = 'swap' and s.sealed is null then 'absent'
      when rule = 'swap' and held_fence < s.fence then 'fenced'
      when rule = 'create' and s.sealed is not null then 'present'
      when found_version <> next - 1 then 'other'
      else 'written' end;
    if answer = 'written' then
      ${refuseAbandoned.trim()}
      update portolan.vault_secrets v set version = next, sealed = new_sealed, nonce = new_nonce, tag = new_tag,
        key_id = new_key_id, updated_at = clock_timestamp()
        where v.organization_id = organization and v.reference = wanted;
    end if;
    return next;
  end $$`

/**
 * Says what became of a secret that was sent and not answered: `written`, which its nonce shows, or `absent`, and then
 * it cannot be written later. `unknown`: somebody has written that version or a later one since.
 */
const abandonSecret = `create function portolan.abandon_secret(
    organization text, attempt text, wanted text, next bigint, new_nonce bytea) returns text ${definer(2)} as $$
  declare
    s portolan.vault_secrets;
  begin${bind}
    insert into portolan.vault_secrets (organization_id, reference) values (organization, wanted)
      on conflict do nothing;
    select * into s from portolan.vault_secrets v
      where v.organization_id = organization and v.reference = wanted for update;
    if s.version = next and s.nonce = new_nonce then
      return 'written';
    end if;
    perform portolan.abandon(organization, attempt);
    return case when s.version < next then 'absent' else 'unknown' end;
  end $$`

/** Gives a data key as it is sealed. Where there is none, keeps the one that is offered; the first one wins. */
const dataKey = `create function portolan.data_key(organization text, wanted text, offered bytea)
  returns table (sealed bytea, sealed_by text) ${definer(5)} as $$
  begin${bind}
    if offered is not null then
      insert into portolan.vault_keys as k (organization_id, master_key_id, sealed, sealed_by)
        values (organization, wanted, offered, wanted) on conflict do nothing;
    end if;
    return query select k.sealed, coalesce(k.sealed_by, k.master_key_id) from portolan.vault_keys k
      where k.organization_id = organization and k.master_key_id = wanted;
  end $$`

/** The functions, in the order of their making. */
export const functions: ReadonlyArray<readonly [signature: string, definition: string]> = [
  ["write_secret(text, text, text, text, bigint, bigint, bytea, bytea, bytea, text)", writeSecret],
  ["abandon_secret(text, text, text, bigint, bytea)", abandonSecret],
  ["data_key(text, text, bytea)", dataKey]
]
