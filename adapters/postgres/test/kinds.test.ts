/** The function that commits a change knows the table of every kind of aggregate. */
import { expect, it } from "@effect/vitest"
import { tables } from "../src/migrations/0013_one_statement/tables.ts"
import { tableOf } from "../src/Tables.ts"

it("a change of any kind has its table", () => {
  expect(tables.map(([kind, table]) => [kind, `portolan.${table}`])).toEqual(Object.entries(tableOf))
})
