/** Conditions of SQL statements, from the filters of lists. */
import type { Access, Id } from "@portolan/domain"
import { type RawBuilder, sql } from "kysely"
import { isStorable, type Value } from "../codec.ts"

/** A condition of a statement. */
export type Condition = RawBuilder<unknown>

/** Whether a column has a value; no condition when the filter leaves it out. */
export const is = (column: string, value: Value | undefined): ReadonlyArray<Condition> =>
  value === undefined ? [] : [sql`${sql.ref(column)} = ${value}`]

/** Whether a column has one of several values; one of none is never true. */
export const among = (column: string, values: ReadonlyArray<string> | undefined): ReadonlyArray<Condition> => {
  if (values === undefined) return []
  return values.length === 0 ? [sql`false`] : [sql`${sql.ref(column)} in (${sql.join(values)})`]
}

/**
 * Whether a column contains a text. Not by `like`: the planner would take the guess that it has for `like` times the
 * one for the pieces (`mayContain`), as if they were about different things, and expect next to nothing.
 */
export const contains = (column: string, text: string | undefined): ReadonlyArray<Condition> => {
  if (text === undefined) return []
  return isStorable(text) ? [sql`strpos(${sql.ref(column)}, ${text}) > 0`] : [sql`false`]
}

/** Signs of a piece of a name that `portolan.company_grams` has a row for. */
const gramLength = 3

/** The first and the last piece of a text: every name that contains the text has both. */
const gramsOf = (text: string): ReadonlyArray<string> => {
  const signs = [...text]
  return [...new Set([signs.slice(0, gramLength), signs.slice(-gramLength)].map((gram) => gram.join("")))]
}

/**
 * Whether a company's names may contain a text, by the index of pieces (migration 0015). `contains` alone could use no
 * index: row level security lets an index serve none but leakproof operators, and those that find a text within
 * another are not. One or two signs are in so many names that the list's own order finds them soonest.
 */
export const mayContain = (organizationId: Id.OrganizationId, text: string | undefined): ReadonlyArray<Condition> =>
  text === undefined || !isStorable(text) || [...text].length < gramLength
    ? []
    : gramsOf(text).map(
        (gram) => sql`exists (select from portolan.company_grams g where g.organization_id = ${organizationId}
    and g.gram = ${gram} and g.company_id = companies.id)`
      )

/** The accounts that a limited access scope covers, as a condition on accounts; each part has an index of its own. */
export const covered = (
  organizationId: Id.OrganizationId,
  { accounts, brands, companies }: Access.Limited
): Condition => {
  const idsOf = (scopes: ReadonlyArray<{ readonly id: string }>) => scopes.map(({ id }) => id)
  const own = sql`organization_id = ${organizationId}`
  const parts = [
    ...among("id", idsOf(accounts)).map((one) => sql`select id from portolan.accounts where ${own} and ${one}`),
    ...among("company_id", idsOf(companies)).map(
      (one) => sql`select id from portolan.accounts where ${own} and ${one}`
    ),
    ...among("brand_id", idsOf(brands)).map(
      (one) => sql`select account_id from portolan.account_brands where ${own} and ${one}`
    )
  ]
  return sql`id in (${sql.join(parts, sql` union `)})`
}
