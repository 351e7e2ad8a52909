/** Conditions of SQL statements, from the filters of lists. */
import type { Access } from "@portolan/domain"
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

/** Whether a column is null, or is not. */
export const isNull = (column: Condition, expected: boolean | undefined): ReadonlyArray<Condition> => {
  if (expected === undefined) return []
  return [expected ? sql`${column} is null` : sql`${column} is not null`]
}

const escaped = (text: string) => text.replace(/[\\%_]/g, (character) => `\\${character}`)

/** Whether a column contains a text. */
export const contains = (column: string, text: string | undefined): ReadonlyArray<Condition> => {
  if (text === undefined) return []
  return isStorable(text) ? [sql`${sql.ref(column)} like ${`%${escaped(text)}%`}`] : [sql`false`]
}

/** The accounts that a limited access scope covers, as a condition on accounts. */
export const covered = ({ accounts, brands, companies }: Access.Limited): Condition => {
  const idsOf = (scopes: ReadonlyArray<{ readonly id: string }>) => scopes.map(({ id }) => id)
  const ofBrands =
    brands.length === 0 ? [] : [sql`string_to_array(brand_ids, ',') && array[${sql.join(idsOf(brands))}]::text[]`]
  return sql`(${sql.join(
    [...among("id", idsOf(accounts)), ...among("company_id", idsOf(companies)), ...ofBrands],
    sql` or `
  )})`
}
