/**
 * Fills every table that lists and lookups read with rows of one organization, by one statement a table. The columns
 * are spread as they are in life: most rows alike, some values frequent, some rare. States are empty, because no
 * statement of a list looks into them.
 */
import type { Id } from "@portolan/domain"
import type postgres from "postgres"

/** The id of the `n`-th thing with a prefix, as SQL of a number and as text. */
const idOf = (prefix: string, n: string): string => `'${prefix}_' || lpad(to_hex(${n}), 26, '0')`

/** The id of the `n`-th row that `fill` makes. */
export const nth = <A extends string>(prefix: string, n: number): A =>
  `${prefix}_${n.toString(16).padStart(26, "0")}` as A

/** One value for most rows; others for every so many. */
const mostly = (usual: string, rare: { readonly [value: string]: number }): string =>
  `case ${Object.entries(rare)
    .map(([value, every]) => `when i % ${every} = 0 then '${value}'`)
    .join(" ")} else '${usual}' end`

const marketplace = mostly("ATVPDKIKX0DER", { A1F83G8C2ARO7P: 997, A2EUQ1WTGCTBG2: 11, A1AM78C64UM0Y8: 3 })
const channel = mostly("amazon-ads", { "walmart-connect": 983, "amazon-sp": 2 })
const digest = (name: string) => `'${name} ' || i`
const state = `'{}'::json`
const name = `lpad((i::bigint * 7919 % 100003)::text, 5, '0')`

/** Columns beside organization, version and state; those of an aggregate begin with `id`, `tag` and `at`. */
const aggregates: { readonly [table: string]: { readonly [column: string]: string } } = {
  organizations: { id: idOf("org", "i + 16"), tag: "'Open'", sort_name: name },
  members: {
    id: idOf("mem", "i"),
    tag: mostly("Active", { Invited: 50, Gone: 991 }),
    sort_address: `${name} || '@example.com'`,
    person_id: idOf("per", "i"),
    token_digest: digest("join")
  },
  api_keys: { id: idOf("key", "i"), tag: "'Active'", digest: digest("key") },
  advertisers: {
    id: idOf("adv", "i"),
    tag: mostly("Listed", { Lost: 977 }),
    sort_name: name,
    region: mostly("WALMART-US", { "WALMART-CA": 971 }),
    assigned: "i % 967 <> 0"
  },
  awaited: { id: idOf("awa", "i"), tag: mostly("Settled", { Waiting: 953 }) },
  companies: { id: idOf("com", "i"), tag: mostly("Open", { Removed: 947 }), sort_name: name, search: name },
  accounts: {
    id: idOf("acc", "i"),
    tag: mostly("Open", { Removed: 941 }),
    company_id: idOf("com", "i / 10"),
    brand_ids: `${idOf("bra", "i / 5")} || ',' || ${idOf("bra", "i / 7 + 500000")}`
  },
  connections: {
    id: idOf("con", "i"),
    tag: mostly("Connected", {
      ReauthorizationNeeded: 997,
      Disconnected: 991,
      Withdrawn: 20,
      Proposed: 7,
      Limited: 31
    }),
    is_paused: "i % 983 = 0",
    company_id: idOf("com", "i / 20"),
    account_id: idOf("acc", "i / 2"),
    channel,
    marketplace_id: marketplace,
    grant_id: idOf("gra", "i / 3"),
    expires_at: "case when i % 2 = 0 then 1780000000000 + i::bigint * 315576 end"
  },
  authorizations: {
    id: idOf("aut", "i"),
    tag: mostly("Finalised", { AwaitingSelection: 971, Started: 977, Failed: 9 }),
    connection_id: idOf("con", "i / 2"),
    account_id: idOf("acc", "i / 4"),
    state_digest: digest("state")
  },
  invitations: {
    id: idOf("inv", "i"),
    tag: mostly("Used", { Open: 967, Revoked: 10 }),
    connection_id: idOf("con", "i / 2"),
    account_id: idOf("acc", "i / 4"),
    token_digest: digest("link"),
    is_request: "i % 953 = 0"
  },
  grants: {
    id: idOf("gra", "i"),
    tag: mostly("Active", { Ended: 947 }),
    channel,
    region: mostly("NA", { FE: 941, EU: 3 }),
    responsible_member_id: idOf("per", "i / 1000")
  },
  backfills: { id: idOf("bac", "i"), tag: "'Completed'", connection_id: idOf("con", "i") }
}

const others: { readonly [table: string]: { readonly [column: string]: string } } = {
  claims: {
    channel,
    region: "'NA'",
    marketplace_id: marketplace,
    external_id: "i::text",
    connection_id: idOf("con", "i"),
    account_id: idOf("acc", "i / 2"),
    claimed: "i % 2 = 0"
  },
  events: {
    position: "i",
    id: idOf("evt", "i"),
    kind: mostly("connection", { company: 937, account: 929, grant: 3 }),
    aggregate_id: idOf("con", "i / 5"),
    version: "1",
    at: "1780000000000 + i",
    actor_tag: mostly("System", { Person: 919, ApiKey: 5 }),
    actor: state,
    event: state
  },
  token_reads: {
    at: "1780000000000 + i",
    reference: idOf("gra", "i % 20000"),
    version: "1",
    actor_tag: "'System'",
    actor: `'{"_tag":"System","part":"test"}'`,
    operation: "'LoadWindow'",
    connection_id: idOf("con", "i % 60000")
  },
  security_events: { at: "1780000000000 + i", moment: "i", kind: "'sign-in-limited'", subject: "'x'", detail: state },
  kept_mails: { id: idOf("evt", "i"), at: "1780000000000 + i", mail: state },
  jobs: {
    id: idOf("int", "i"),
    due_at: "now() + make_interval(hours => i)",
    task: `'{"_tag":"ExpireInvitation"}'::json`,
    status: mostly("parked", { waiting: 2 }),
    parked_at: "now() - make_interval(secs => i)"
  }
}

const insert = (table: string, organizationId: string, columns: { readonly [column: string]: string }, rows: number) =>
  `insert into portolan.${table} (organization_id, ${Object.keys(columns).join(", ")})
    select '${organizationId}', ${Object.values(columns).join(", ")} from generate_series(1, ${rows}) as i`

/** The tables that are filled. */
export const filled: ReadonlyArray<string> = [
  ...Object.keys(aggregates),
  ...Object.keys(others),
  "company_grams",
  "account_brands",
  "audit_heads"
]

/** Takes the indexes away that are no constraint; gives the statements that make them again, which is faster in bulk. */
const withoutIndexes = async (sql: postgres.Sql): Promise<ReadonlyArray<string>> => {
  const found = await sql<ReadonlyArray<{ readonly name: string; readonly definition: string }>>`
    select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as definition from pg_index i
    where i.indrelid = any (${filled.map((table) => `portolan.${table}`)}::regclass[])
      and not exists (select from pg_constraint c where c.conindid = i.indexrelid)`
  await sql.unsafe(`drop index ${found.map((index) => index.name).join(", ")}`)
  return found.map(({ definition }) => definition)
}

/** Fills them as the superuser, without triggers, and takes the planner's statistics. */
export const fill = async (sql: postgres.Sql, organizationId: Id.OrganizationId, rows: number): Promise<void> => {
  const indexes = await withoutIndexes(sql)
  const at = { at: "1780000000000 + i", version: "1", state }
  const statements = [
    "set session_replication_role = replica",
    "set synchronous_commit = off",
    "set maintenance_work_mem = '256MB'",
    ...Object.entries(aggregates).map(([table, own]) => insert(table, organizationId, { ...at, ...own }, rows)),
    ...Object.entries(others).map(([table, own]) => insert(table, organizationId, own, rows)),
    `insert into portolan.company_grams (organization_id, gram, company_id)
      select distinct organization_id, substring(search from place for 3), id
      from portolan.companies, generate_series(1, 3) as place order by 1, 2, 3`,
    `insert into portolan.account_brands select organization_id, brand, id
      from portolan.accounts, string_to_table(brand_ids, ',') as brand order by 1, 2, 3`,
    // One row an organization, of as many organizations.
    `insert into portolan.audit_heads (organization_id, sequence, link)
      select ${idOf("org", "i")}, 0, '' from generate_series(1, ${rows}) as i`,
    ...indexes,
    "analyze"
  ]
  for (const statement of statements) await sql.unsafe(statement)
}
