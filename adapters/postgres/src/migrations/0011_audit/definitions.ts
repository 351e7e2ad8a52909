/** The tables and functions of version 0011, as SQL. */

/** Tables that version 0011 adds, without the organization, which is their first column. */
export const tableDefinitions: ReadonlyArray<readonly [table: string, definition: string]> = [
  // Who read which secret, and why. `at` is in epoch milliseconds by the database's clock. No index but that of its
  // key, because each one is paid for with every read of a secret.
  [
    "token_reads",
    `id bigint generated always as identity, at bigint not null, reference text collate "C" not null,
    version bigint not null, actor_tag text collate "C" not null, actor text not null,
    operation text collate "C" not null, connection_id text collate "C", job_id text collate "C",
    primary key (organization_id, id)`
  ],
  // The digests of the reads of a batch, 32 bytes each, in the order of their ids: they name the read that was changed.
  [
    "token_read_batches",
    `number bigint not null, ids bigint[] not null, digests bytea not null, primary key (organization_id, number)`
  ],
  // `moment` keeps a flood small: what repeats in one minute is one row.
  [
    "security_events",
    `id bigint generated always as identity, at bigint not null, moment bigint not null,
    kind text collate "C" not null, subject text collate "C" not null, detail json not null,
    primary key (organization_id, id), unique (organization_id, kind, subject, moment)`
  ],
  [
    "audit_erasures",
    `id bigint generated always as identity, at bigint not null, source text collate "C" not null,
    place bigint not null, because text not null, primary key (organization_id, id),
    unique (organization_id, source, place)`
  ],
  [
    "audit_chain",
    `sequence bigint not null, source text collate "C" not null
      check (source in ('event', 'token-reads', 'security', 'erasure')),
    place bigint not null, digest bytea not null, link bytea not null, primary key (organization_id, sequence),
    unique (organization_id, source, place)`
  ],
  // How long each chain is and its last link, apart from it; and up to which read and batch reads are sealed.
  [
    "audit_heads",
    `sequence bigint not null, link bytea not null, sealed_read bigint not null default 0,
    batch bigint not null default 0, primary key (organization_id)`
  ]
]

/** Tables that nobody updates or deletes from; `audit_heads` is changed by `audit_append` alone. */
export const appendOnly: ReadonlyArray<string> = [
  "events",
  "token_reads",
  "token_read_batches",
  "security_events",
  "audit_erasures",
  "audit_chain"
]

const definer = "security definer set search_path = ''"

/**
 * A digest is over fields with their lengths in bytes, so that no two lists of fields give one text. Places are left
 * out, so that a record is recognized where another one was: its entry names the place.
 */
const digests: ReadonlyArray<string> = [
  `create function portolan.audit_digest(variadic fields text[]) returns bytea language sql immutable
    return (select sha256(convert_to(string_agg(
      coalesce(octet_length(f.value)::text || ':' || f.value, '-'), '' order by f.n), 'UTF8'))
      from unnest(fields) with ordinality as f (value, n))`,
  `create function portolan.audit_digest_event(e portolan.events) returns bytea language sql immutable
    return portolan.audit_digest('event', e.organization_id, e.id, e.kind, e.aggregate_id, e.version::text, e.at::text,
      e.actor_tag, e.actor::text, e.schema_version::text, e.event::text)`,
  `create function portolan.audit_digest_read(r portolan.token_reads) returns bytea language sql immutable
    return portolan.audit_digest('token-read', r.organization_id, r.at::text, r.reference, r.version::text, r.actor_tag,
      r.actor, r.operation, r.connection_id, r.job_id)`,
  `create function portolan.audit_digest_security(s portolan.security_events) returns bytea language sql immutable
    return portolan.audit_digest('security', s.organization_id, s.at::text, s.kind, s.subject, s.detail::text)`
]

const append = `create function portolan.audit_append(
    organization text, source text, places bigint[], digests bytea[]) returns bigint
  language plpgsql ${definer} as $$
  declare
    head portolan.audit_heads;
  begin
    insert into portolan.audit_heads (organization_id, sequence, link)
      values (organization, 0, portolan.audit_digest('chain', organization)) on conflict do nothing;
    select * into head from portolan.audit_heads h where h.organization_id = organization for update;
    for i in 1 .. cardinality(places) loop
      head.sequence := head.sequence + 1;
      head.link := pg_catalog.sha256(head.link
        || portolan.audit_digest(head.sequence::text, source, places[i]::text) || digests[i]);
      insert into portolan.audit_chain (organization_id, sequence, source, place, digest, link)
        values (organization, head.sequence, source, places[i], digests[i], head.link);
    end loop;
    update portolan.audit_heads h set sequence = head.sequence, link = head.link
      where h.organization_id = organization;
    return head.sequence;
  end $$`

const added = (name: string, source: string, place: string): string => `create function portolan.audit_${name}_added()
  returns trigger language plpgsql ${definer} as $$
  declare
    one record;
  begin
    for one in select a.organization_id, array_agg(a.${place} order by a.${place}) as places,
      array_agg(portolan.audit_digest_${name}(row(a.*)::portolan.${name === "event" ? "events" : "security_events"})
        order by a.${place}) as digests from added a group by 1
    loop
      perform portolan.audit_append(one.organization_id, '${source}', one.places, one.digests);
    end loop;
    return null;
  end $$`

/** Seals the oldest reads of an organization that are older than some milliseconds; says how many. */
const sealReads = `create function portolan.seal_token_reads(organization text, most integer, older bigint)
  returns integer language plpgsql ${definer} as $$
  declare
    head portolan.audit_heads;
    last bigint;
    members bigint[];
    marks bytea;
  begin
    if organization is distinct from current_setting('portolan.organization', true) then
      raise exception 'the transaction is bound to another organization' using errcode = '42501';
    end if;
    perform portolan.audit_append(organization, 'token-reads', '{}', '{}');
    select * into head from portolan.audit_heads h where h.organization_id = organization for update;
    select max(id) into last from (
      select r.id from portolan.token_reads r where r.organization_id = organization and r.id > head.sealed_read
        and r.at < extract(epoch from clock_timestamp()) * 1000 - older
      order by r.id limit most) as oldest;
    if last is null then
      return 0;
    end if;
    select array_agg(r.id order by r.id), string_agg(portolan.audit_digest_read(r), '' order by r.id)
      into members, marks from portolan.token_reads r
      where r.organization_id = organization and r.id > head.sealed_read and r.id <= last;
    insert into portolan.token_read_batches (organization_id, number, ids, digests)
      values (organization, head.batch + 1, members, marks);
    perform portolan.audit_append(organization, 'token-reads', array[head.batch + 1], array[pg_catalog.sha256(
      portolan.audit_digest('token-reads', organization, array_to_string(members, ',')) || marks)]);
    update portolan.audit_heads h set sealed_read = last, batch = head.batch + 1
      where h.organization_id = organization;
    return cardinality(members);
  end $$`

/** Takes the content of one record away and leaves its entry, with the reason on the chain. For operators alone. */
const erase = `create function portolan.audit_erase(organization text, wanted text, at_place bigint, reason text)
  returns boolean language plpgsql ${definer} as $$
  declare
    made portolan.audit_erasures;
  begin
    perform pg_catalog.set_config('portolan.organization', organization, true);
    case wanted
      when 'event' then
        delete from portolan.events e where e.organization_id = organization and e.position = at_place;
      when 'security' then
        delete from portolan.security_events s where s.organization_id = organization and s.id = at_place;
      when 'token-read' then
        delete from portolan.token_reads r where r.organization_id = organization and r.id = at_place;
    end case;
    if not found then
      return false;
    end if;
    insert into portolan.audit_erasures (organization_id, at, source, place, because)
      values (organization, (extract(epoch from clock_timestamp()) * 1000)::bigint, wanted, at_place, reason)
      returning * into made;
    perform portolan.audit_append(organization, 'erasure', array[made.id], array[
      portolan.audit_digest('erasure', organization, made.at::text, made.source, made.place::text, made.because)]);
    return true;
  end $$`

/**
 * One round trip for the hottest read, and its record in the same statement. Nobody waits for the disk: the record is
 * written out within some tenths of a second (`synchronous_commit`), and the reader has the secret before that.
 */
const readToken = `create function portolan.read_token(organization text, wanted text,
    by_tag text, by_actor text, doing text, connection text, job text)
  returns table (version bigint, sealed bytea, nonce bytea, tag bytea, key_id text, updated_at timestamptz)
  language plpgsql ${definer} as $$
  declare
    named text := current_setting('portolan.organization', true);
  begin
    if named is distinct from organization then
      if coalesce(named, '') <> '' then
        return;
      end if;
      perform pg_catalog.set_config('portolan.organization', organization, true);
    end if;
    perform pg_catalog.set_config('synchronous_commit', 'off', true);
    return query with s as materialized (
      select s.version, s.sealed, s.nonce, s.tag, s.key_id::text, s.updated_at
      from portolan.vault_secrets s where s.organization_id = organization and s.reference = wanted
    ), recorded as (
      insert into portolan.token_reads
        (organization_id, at, reference, version, actor_tag, actor, operation, connection_id, job_id)
      select organization, (extract(epoch from clock_timestamp()) * 1000)::bigint, wanted, s.version, by_tag,
        by_actor, doing, connection, job from s where s.sealed is not null
    ) select * from s;
  end $$`

/** What processes of the version before call: recorded as a read of which nothing more is known. */
const readSecret = `create or replace function portolan.read_secret(organization text, wanted text)
  returns table (version bigint, sealed bytea, nonce bytea, tag bytea, key_id text, updated_at timestamptz)
  language sql volatile ${definer} as $$
    select * from portolan.read_token(organization, wanted, 'System', '{"_tag":"System","part":"unknown"}',
      'unknown', null, null)
  $$`

const closed: ReadonlyArray<string> = [
  "audit_append(text, text, bigint[], bytea[])",
  "seal_token_reads(text, integer, bigint)",
  "audit_erase(text, text, bigint, text)",
  "read_token(text, text, text, text, text, text, text)"
].map((name) => `revoke all on function portolan.${name} from public`)

/** The functions, in the order of their making. */
export const functions: ReadonlyArray<string> = [
  ...digests,
  append,
  added("event", "event", "position"),
  added("security", "security", "id"),
  sealReads,
  erase,
  readToken,
  readSecret,
  ...closed
]
