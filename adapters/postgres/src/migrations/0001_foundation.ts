/**
 * 0001: everything of the first release.
 *
 * - The organization comes first in every primary key, unique constraint and index. Exceptions, on purpose: a profile
 *   is unique across organizations (rule C4), and a digest is looked up before the organization is known.
 * - Row level security is forced on every table: a session sees rows of the organization that its transaction names.
 * - Text that is compared uses the C collation: code point order, the same on every server.
 */
import { type Kysely, sql } from "kysely"

const text = sql.raw(`text collate "C"`)

const aggregates: ReadonlyArray<readonly [table: string, columns: string, indexes: ReadonlyArray<string>]> = [
  ["companies", `sort_name text collate "C" not null, search text not null`, ["sort_name, id"]],
  ["accounts", `company_id text collate "C" not null`, ["at, id", "company_id, at, id"]],
  [
    "connections",
    `company_id text collate "C" not null, account_id text collate "C" not null,
    channel text collate "C" not null, grant_id text collate "C"`,
    ["at, id", "account_id", "grant_id"]
  ],
  [
    "authorizations",
    `connection_id text collate "C" not null, state_digest text collate "C" not null`,
    ["at, id", "connection_id, at, id"]
  ],
  [
    "invitations",
    `connection_id text collate "C" not null, token_digest text collate "C" not null`,
    ["at, id", "connection_id, at, id"]
  ],
  ["grants", "", []],
  ["backfills", `connection_id text collate "C" not null`, ["connection_id, id"]]
]

const others: ReadonlyArray<readonly [table: string, definition: string]> = [
  // Locked last in each transaction that appends: positions are gapless and in the order of commit.
  ["histories", `position bigint not null, primary key (organization_id)`],
  [
    "events",
    `position bigint not null, id text collate "C" not null, kind text not null,
    aggregate_id text collate "C" not null, version integer not null, at bigint not null, actor json not null,
    event json not null, primary key (organization_id, position)`
  ],
  [
    "intents",
    `id text collate "C" not null, due_at timestamptz not null, work json not null,
    status text not null default 'waiting' check (status in ('waiting', 'done', 'parked')),
    failures integer not null default 0, claim integer not null default 0, claimed_until timestamptz,
    reason text, parked_at timestamptz, primary key (organization_id, id)`
  ],
  [
    "idempotency_keys",
    `key text collate "C" not null, fingerprint text not null, resource text not null,
    remembered_at timestamptz not null default now(), primary key (organization_id, key)`
  ],
  [
    "claims",
    `channel text collate "C" not null, region text collate "C" not null,
    marketplace_id text collate "C" not null, external_id text collate "C" not null,
    connection_id text collate "C" not null, account_id text collate "C" not null,
    primary key (organization_id, channel, region, marketplace_id, external_id),
    constraint one_live_account_a_profile unique (channel, region, marketplace_id, external_id)`
  ],
  [
    "landing_rows",
    `connection_id text collate "C" not null, profile text collate "C" not null,
    data_class text collate "C" not null, key text collate "C" not null, account_id text collate "C" not null,
    day date not null, data json not null,
    landed_at timestamptz not null default now(),
    primary key (organization_id, connection_id, profile, data_class, key)`
  ],
  // A data key of an organization, sealed with a master key; never changed once written.
  [
    "vault_keys",
    `master_key_id text collate "C" not null, sealed bytea not null,
    made_at timestamptz not null default now(), primary key (organization_id, master_key_id)`
  ],
  // One row a reference: secret, version and lease change in one statement. The row outlives the secret, so that
  // versions and fences never repeat.
  [
    "vault_secrets",
    `reference text collate "C" not null, version bigint not null default 0, sealed bytea, nonce bytea,
    tag bytea, key_id text collate "C", updated_at timestamptz not null default now(), fence bigint not null default 0,
    lease_fence bigint, lease_until timestamptz, primary key (organization_id, reference)`
  ]
]

const indexes: ReadonlyArray<readonly [name: string, definition: string]> = [
  ["events_aggregate", "portolan.events (organization_id, aggregate_id, position)"],
  ["intents_waiting", "portolan.intents (organization_id, due_at) where status = 'waiting'"],
  ["intents_parked", "portolan.intents (organization_id, parked_at) where status = 'parked'"],
  ["vault_secrets_key", "portolan.vault_secrets (organization_id, key_id) where sealed is not null"],
  ["authorizations_digest", "portolan.authorizations (state_digest)"],
  ["invitations_digest", "portolan.invitations (token_digest)"]
]

/** All tables, for row level security and rights. */
export const tables: ReadonlyArray<string> = [...aggregates.map(([table]) => table), ...others.map(([table]) => table)]

const secure = async (db: Kysely<unknown>, table: string) => {
  const name = sql.table(`portolan.${table}`)
  await sql`alter table ${name} enable row level security`.execute(db)
  await sql`alter table ${name} force row level security`.execute(db)
  await sql`create policy own on ${name} using (organization_id = current_setting('portolan.organization', true))
    with check (organization_id = current_setting('portolan.organization', true))`.execute(db)
}

/** Builds schema `portolan`. */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  for (const [table, columns, keys] of aggregates) {
    await sql`create table ${sql.table(`portolan.${table}`)} (
      organization_id ${text} not null, id ${text} not null, version integer not null, tag text not null,
      at bigint not null, state json not null, ${sql.raw(columns === "" ? "" : `${columns},`)}
      primary key (organization_id, id))`.execute(db)
    for (const [index, key] of keys.entries()) {
      await sql.raw(`create index ${table}_${index + 1} on portolan.${table} (organization_id, ${key})`).execute(db)
    }
  }
  for (const [table, definition] of others) {
    await sql`create table ${sql.table(`portolan.${table}`)} (
      organization_id ${text} not null, ${sql.raw(definition)})`.execute(db)
  }
  for (const [name, definition] of indexes) await sql.raw(`create index ${name} on ${definition}`).execute(db)
  for (const table of tables) await secure(db, table)
  // Who presents a digest sees the one row it belongs to, before the organization is known.
  await sql`create policy by_digest on portolan.authorizations for select
    using (state_digest = current_setting('portolan.digest', true))`.execute(db)
  await sql`create policy by_digest on portolan.invitations for select
    using (token_digest = current_setting('portolan.digest', true))`.execute(db)
  // Work whose wake-up was lost is looked for across organizations; nothing but that query sets this.
  await sql`create policy sweep on portolan.intents for select
    using (current_setting('portolan.sweep', true) = 'on')`.execute(db)
  await readSecret(db)
}

/**
 * One round trip for the hottest read: the function names the organization and reads, so that a plain SELECT is enough
 * and row level security still holds.
 */
const readSecret = async (db: Kysely<unknown>) => {
  await sql`create function portolan.read_secret(organization text, wanted text)
    returns table (version bigint, sealed bytea, nonce bytea, tag bytea, key_id text, updated_at timestamptz)
    language plpgsql security definer set search_path = '' as $$
    begin
      perform pg_catalog.set_config('portolan.organization', organization, true);
      return query select s.version, s.sealed, s.nonce, s.tag, s.key_id::text, s.updated_at
        from portolan.vault_secrets s where s.organization_id = organization and s.reference = wanted;
    end $$`.execute(db)
  await sql`revoke all on function portolan.read_secret(text, text) from public`.execute(db)
}
