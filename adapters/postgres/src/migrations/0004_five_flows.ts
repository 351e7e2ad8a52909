/**
 * 0004: organizations, members, keys, the directory of advertisers, consolidations and diagnoses; and what lists are
 * narrowed by since then.
 *
 * What an older version wrote is carried over in place: a connection belongs to one marketplace, a link counts its
 * mails, a renewal says whether the earlier login stays. States and events are `json`, whose functions stumble over
 * text that it may hold (U+0000), so they are spliced as text: a key and its quotes cannot occur inside a JSON string,
 * where each quote has a backslash before it.
 */
import { type Kysely, type RawBuilder, sql } from "kysely"

const newTables: ReadonlyArray<readonly [table: string, columns: string, indexes: ReadonlyArray<string>]> = [
  ["organizations", `sort_name text collate "C" not null`, []],
  [
    "members",
    `sort_address text collate "C" not null, person_id text collate "C", token_digest text collate "C"`,
    ["sort_address, id"]
  ],
  ["api_keys", `digest text collate "C" not null`, ["at, id"]],
  [
    "advertisers",
    `sort_name text collate "C" not null, region text collate "C" not null, assigned boolean not null`,
    ["sort_name, id"]
  ],
  ["awaited", "", ["at, id"]],
  ["consolidations", "", []],
  ["diagnoses", "", []]
]

/** The tables that this version adds. */
export const tables: ReadonlyArray<string> = newTables.map(([table]) => table)

const indexes: ReadonlyArray<readonly [name: string, definition: string]> = [
  // Across organizations, on purpose: a person, a digest or an operator is there before an organization is known.
  ["organizations_directory", "portolan.organizations (sort_name, id)"],
  ["members_person", "portolan.members (person_id, at, id) where person_id is not null"],
  ["members_digest", "portolan.members (token_digest) where token_digest is not null"],
  ["api_keys_digest", "portolan.api_keys (digest)"],
  ["connections_expiry", "portolan.connections (organization_id, expires_at) where expires_at is not null"],
  ["authorizations_account", "portolan.authorizations (organization_id, account_id, at, id)"],
  ["invitations_account", "portolan.invitations (organization_id, account_id, at, id)"],
  ["grants_at", "portolan.grants (organization_id, at, id)"],
  ["events_kind", "portolan.events (organization_id, kind, position)"],
  ["events_actor", "portolan.events (organization_id, actor_tag, position)"]
]

/** A setting of the transaction that is set and not empty. */
const setting = (name: string) => sql.raw(`nullif(current_setting('portolan.${name}', true), '')`)

const add = async (db: Kysely<unknown>) => {
  for (const [table, columns, keys] of newTables) {
    await sql`create table ${sql.table(`portolan.${table}`)} (
      organization_id text collate "C" not null, id text collate "C" not null, version integer not null,
      tag text not null, at bigint not null, state json not null, ${sql.raw(columns === "" ? "" : `${columns},`)}
      primary key (organization_id, id))`.execute(db)
    for (const [index, key] of keys.entries()) {
      await sql.raw(`create index ${table}_${index + 1} on portolan.${table} (organization_id, ${key})`).execute(db)
    }
  }
}

const secure = async (db: Kysely<unknown>) => {
  for (const table of tables) {
    const name = sql.table(`portolan.${table}`)
    await sql`alter table ${name} enable row level security`.execute(db)
    await sql`alter table ${name} force row level security`.execute(db)
    await sql`create policy own on ${name} using (organization_id = current_setting('portolan.organization', true))
      with check (organization_id = current_setting('portolan.organization', true))`.execute(db)
  }
  // Who presents a digest sees the one row it belongs to, before the organization is known.
  await sql`create policy by_digest on portolan.members for select using (token_digest = ${setting("digest")})`.execute(
    db
  )
  await sql`create policy by_digest on portolan.api_keys for select using (digest = ${setting("digest")})`.execute(db)
  // A person sees where they are a member.
  await sql`create policy by_person on portolan.members for select using (person_id = ${setting("person")})`.execute(db)
  // Operators see which organizations there are; nothing but that list sets this.
  await sql`create policy directory on portolan.organizations for select
    using (${setting("directory")} = 'on')`.execute(db)
}

/** Tables whose rows are carried over. */
const carried = ["accounts", "connections", "authorizations", "invitations", "grants", "events"] as const

/** The text at the first place where a key stands in a JSON column; `pattern` has one group. */
const found = (column: string, pattern: string) => sql.raw(`substring(${column}::text from '${pattern}')`)

/** A JSON object with one more key in front. */
const withMember = (column: string, member: RawBuilder<unknown>) =>
  sql`('{' || ${member} || ',' || substring(${sql.raw(column)}::text from 2))::json`

const addColumns = async (db: Kysely<unknown>) => {
  await sql`alter table portolan.accounts add column brand_ids text collate "C"`.execute(db)
  await sql`alter table portolan.connections add column marketplace_id text collate "C",
    add column expires_at bigint`.execute(db)
  await sql`alter table portolan.authorizations add column account_id text collate "C"`.execute(db)
  await sql`alter table portolan.invitations add column account_id text collate "C",
    add column is_request boolean`.execute(db)
  await sql`alter table portolan.grants add column channel text collate "C", add column region text collate "C",
    add column keeper_id text collate "C"`.execute(db)
  await sql`alter table portolan.events add column actor_tag text`.execute(db)
}

const carryConnections = async (db: Kysely<unknown>) => {
  const expiresAt = found("c.state", `"expiresAt":"([-0-9T:.Z]+)"`)
  // A connection that is bound belongs where its profile is, else it could never be renewed; any other to the account's
  // first marketplace.
  await sql`update portolan.connections c set marketplace_id = coalesce(
      ${found("c.state", `"marketplaceId":"([A-Z0-9_]+)"`)},
      (select ${found("a.state", `"marketplaces":\\["([A-Z0-9_]+)"`)} from portolan.accounts a
        where a.organization_id = c.organization_id and a.id = c.account_id)),
    expires_at = (extract(epoch from ${expiresAt}::timestamptz) * 1000)::bigint`.execute(db)
  const marketplace = sql.raw(`'"marketplaceId":"' || c.marketplace_id || '"'`)
  await sql`update portolan.events e set event = ${withMember("e.event", marketplace)} from portolan.connections c
    where e.kind = 'connection' and c.organization_id = e.organization_id and c.id = e.aggregate_id
    and e.event::text like '%"_tag":"ConnectionProposed"%'`.execute(db)
  await sql`update portolan.connections c set state = ${withMember("c.state", marketplace)}`.execute(db)
  await sql`update portolan.events e set event = ${withMember("e.event", sql.raw(`'"keepsReplaced":false'`))}
    where e.kind = 'connection' and e.event::text like '%"_tag":"Renewed"%'`.execute(db)
}

const carryOthers = async (db: Kysely<unknown>) => {
  const brandIds = found("state", `"brandIds":\\[([^\\]]*)\\]`)
  await sql`update portolan.accounts set brand_ids = replace(coalesce(${brandIds}, ''), '"', '')`.execute(db)
  const account = found("state", `"accountId":"(acc_[0-9a-z]+)"`)
  await sql`update portolan.authorizations set account_id = ${account}`.execute(db)
  await sql`update portolan.invitations set account_id = ${account}, is_request = false`.execute(db)
  const withMails = withMember("state", sql.raw(`'"mails":0'`))
  await sql`update portolan.invitations set state = ${withMails} where tag = 'Open'`.execute(db)
  await sql`update portolan.grants set channel = ${found("state", `"channel":"([a-z-]+)"`)},
    region = ${found("state", `"region":"([A-Z-]+)"`)}`.execute(db)
  await sql`update portolan.events set actor_tag = ${found("actor", `"_tag":"([A-Za-z]+)"`)}`.execute(db)
}

const required: ReadonlyArray<readonly [table: string, columns: ReadonlyArray<string>]> = [
  ["accounts", ["brand_ids"]],
  ["connections", ["marketplace_id"]],
  ["authorizations", ["account_id"]],
  ["invitations", ["account_id", "is_request"]],
  ["grants", ["channel", "region"]],
  ["events", ["actor_tag"]]
]

/** Adds the tables and columns, and carries over what is there. */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  await add(db)
  await secure(db)
  await addColumns(db)
  // Without this an owner who is no superuser would see, and carry over, no rows at all.
  for (const table of carried)
    await sql`alter table ${sql.table(`portolan.${table}`)} no force row level security`.execute(db)
  await carryConnections(db)
  await carryOthers(db)
  for (const table of carried)
    await sql`alter table ${sql.table(`portolan.${table}`)} force row level security`.execute(db)
  for (const [table, columns] of required) {
    for (const column of columns) {
      await sql`alter table ${sql.table(`portolan.${table}`)} alter column ${sql.ref(column)} set not null`.execute(db)
    }
  }
  for (const [name, definition] of indexes) await sql.raw(`create index ${name} on ${definition}`).execute(db)
}
