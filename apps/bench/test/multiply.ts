/**
 * Makes many accounts out of one that the code made: its rows, copied by SQL with ids, names and profiles of their own,
 * so the shape of each row is the code's. Ten accounts share a company.
 */
import type postgres from "postgres"

/** Accounts of a company. */
const perCompany = 10

/** Stands in the copied rows for the account's number, and for its company's. Signs that ids may have. */
const marks = { account: "zzzzzzzz", company: "yyyyyyyy" } as const

/** What is copied: tables that hold rows of an account, and the company's, of which there is one for ten. */
const copied: { readonly [table: string]: keyof typeof marks } = {
  companies: "company",
  accounts: "account",
  connections: "account",
  grants: "account",
  authorizations: "account",
  vault_secrets: "account",
  claims: "account",
  jobs: "account",
  events: "account"
}

/** The account that is copied: ids and other texts that differ from account to account, and the company's. */
export interface Sample {
  readonly organizationId: string
  readonly companyId: string
  /** The number that is in names and in the profile. */
  readonly digits: string
}

const ending = 8

const marked = (text: string, mark: string) => text.slice(0, -ending) + mark

/** Every id of the sample's rows but those of the organization and of people, with what stands in its place. */
const idsOf = async (sql: postgres.Sql, { companyId, digits, organizationId }: Sample) => {
  const texts = await Promise.all(
    Object.keys(copied).map((table) =>
      sql.unsafe<Array<{ readonly row: string }>>(
        `select t::text as row from portolan.${table} t where organization_id = $1`,
        [organizationId]
      )
    )
  )
  const ids = new Set(
    texts.flatMap((rows) =>
      rows.flatMap(({ row }) => row.match(/\b(com|bra|acc|con|gra|aut|int|evt)_[0-9a-z]{26}\b/g) ?? [])
    )
  )
  const isOfCompany = (id: string) => id === companyId || id.startsWith("bra_")
  return [
    [digits, marked(digits, marks.account)] as const,
    ...[...ids].map((id) => [id, marked(id, isOfCompany(id) ? marks.company : marks.account)] as const)
  ]
}

const columnsOf = async (sql: postgres.Sql, table: string) => {
  const rows = await sql<ReadonlyArray<{ readonly name: string; readonly type: string }>>`
    select attname as name, atttypid::regtype::text as type from pg_attribute
    where attrelid = ${`portolan.${table}`}::regclass and attnum > 0 and not attisdropped
      and attgenerated = '' and attidentity = '' order by attnum`
  return rows
}

const replaced = (text: string, pairs: ReadonlyArray<readonly [string, string]>) =>
  pairs.reduce((inner, [from, to]) => `replace(${inner}, '${from}', '${to}')`, text)

/** The value of a column in the `i`-th copy. */
const valueOf = (table: string, { name, type }: { readonly name: string; readonly type: string }, each: number) => {
  if (name === "position") return `t.position + i::bigint * ${each}`
  if (name === "at" && table !== "events") return `t.at + i`
  if (!["text", "json"].includes(type) || name === "organization_id") return `t."${name}"`
  const number = (of: string) => `lpad(to_hex(${of}), ${ending}, '0')`
  const account = `replace(t."${name}"::text, '${marks.account}', ${number("i")})`
  return `replace(${account}, '${marks.company}', ${number(`i / ${perCompany}`)})::${type}`
}

/** Copies per statement, so that progress can be seen. */
const batch = 20_000

/** Adds accounts until there are so many. `progress` hears how much is done, from 0 to 1. */
export const multiply = async (
  sql: postgres.Sql,
  sample: Sample,
  accounts: number,
  progress: (done: number) => void
): Promise<void> => {
  await sql.unsafe("set session_replication_role = replica; set synchronous_commit = off")
  const pairs = await idsOf(sql, sample)
  const statements: Array<(from: number, to: number) => string> = []
  for (const [table, of] of Object.entries(copied)) {
    const columns = await columnsOf(sql, table)
    await sql.unsafe(`create temp table sample_${table} as select (u.r).* from (
      select (${replaced("t::text", pairs)})::portolan.${table} as r from portolan.${table} t
      where organization_id = '${sample.organizationId}') as u`)
    const [count] = await sql.unsafe<Array<{ readonly n: number }>>(`select count(*)::int as n from sample_${table}`)
    const every = of === "company" ? `and i % ${perCompany} = 0` : ""
    const names = columns.map(({ name }) => `"${name}"`).join(", ")
    const values = columns.map((column) => valueOf(table, column, count?.n ?? 0)).join(", ")
    statements.push(
      (from, to) => `insert into portolan.${table} (${names})
        select ${values} from sample_${table} t, generate_series(${from}, ${to}) as i where true ${every}`
    )
  }
  // The sample is the first account.
  for (let from = 1; from < accounts; from += batch) {
    const to = Math.min(accounts - 1, from + batch - 1)
    for (const statement of statements) await sql.unsafe(statement(from, to))
    progress(to / accounts)
  }
  await derive(sql, sample.organizationId)
}

/** What triggers would have written. */
const derive = async (sql: postgres.Sql, organizationId: string): Promise<void> => {
  await sql.unsafe(`insert into portolan.company_grams (organization_id, gram, company_id)
    select c.organization_id, gram, c.id from portolan.companies c, portolan.grams(c.search) as gram
    on conflict do nothing`)
  await sql.unsafe(`insert into portolan.account_brands (organization_id, brand_id, account_id)
    select distinct a.organization_id, brand, a.id
    from portolan.accounts a, string_to_table(a.brand_ids, ',') as brand where brand <> '' on conflict do nothing`)
  await sql.unsafe(`update portolan.histories set position = (select max(position) from portolan.events
    where organization_id = '${organizationId}') where organization_id = '${organizationId}'`)
  // A few of many: what filters look for.
  await sql.unsafe(`update portolan.connections set is_paused = true
    where organization_id = '${organizationId}' and right(id, 3) = '007'`)
  await sql.unsafe("vacuum analyze")
}
