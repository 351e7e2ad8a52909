/** The catalogue of a migrated database against the rules of distribution (`distribution.ts`). */
import { readFile } from "node:fs/promises"
import { expect, it } from "@effect/vitest"
import { Effect, Logger, Redacted } from "effect"
import { asSuperuser, freshDatabase } from "../../../adapters/postgres/test/support/databases.ts"
import { asMarkdown, functions, keyOf, type Placement, tables } from "../src/distribution.ts"
import { installation, Settings } from "../src/index.ts"

interface Unique {
  readonly relation: string
  readonly index: string
  readonly columns: ReadonlyArray<string>
}

interface Reference {
  readonly name: string
  readonly from: string
  readonly to: string
  readonly columns: ReadonlyArray<string>
}

const placementOf: ReadonlyMap<string, Placement> = new Map(
  Object.entries(tables).flatMap(([schema, byPlacement]) =>
    Object.entries(byPlacement).flatMap(([placement, names]) =>
      names.map((name) => [`${schema}.${name}`, placement as Placement] as const)
    )
  )
)

const catalogue = (url: Redacted.Redacted<string>) =>
  asSuperuser(Redacted.value(url), async (sql) => {
    const schemas = sql`${Object.keys(tables)}`
    const found = await sql<ReadonlyArray<{ readonly relation: string; readonly columns: ReadonlyArray<string> }>>`
      select n.nspname || '.' || c.relname as relation, array(select a.attname::text from pg_attribute a
        where a.attrelid = c.oid and a.attnum > 0 and a.attnotnull) as columns
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = any (${schemas}) and c.relkind in ('r', 'p') and not c.relispartition order by 1`
    const uniques = await sql<ReadonlyArray<Unique>>`
      select n.nspname || '.' || c.relname as relation, i.indexrelid::regclass::text as index,
        array(select a.attname::text from unnest(i.indkey::int2[]) as k join pg_attribute a
          on a.attrelid = c.oid and a.attnum = k) as columns
      from pg_index i join pg_class c on c.oid = i.indrelid join pg_namespace n on n.oid = c.relnamespace
      where i.indisunique and n.nspname = any (${schemas})`
    const references = await sql<ReadonlyArray<Reference>>`
      select k.conname as name, nf.nspname || '.' || f.relname as from, nt.nspname || '.' || t.relname as to,
        array(select a.attname::text from unnest(k.conkey) as c join pg_attribute a
          on a.attrelid = f.oid and a.attnum = c) as columns
      from pg_constraint k join pg_class f on f.oid = k.conrelid join pg_namespace nf on nf.oid = f.relnamespace
        join pg_class t on t.oid = k.confrelid join pg_namespace nt on nt.oid = t.relnamespace
      where k.contype = 'f' and nf.nspname = any (${schemas}) and not f.relispartition`
    const routines = await sql<
      ReadonlyArray<{ readonly name: string; readonly first: string | null; returns: string }>
    >`
      select p.proname as name, p.proargnames[1] as first, p.prorettype::regtype::text as returns
      from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname = 'portolan' order by 1`
    return { found, uniques, references, routines }
  })

it.live(
  "every table, key, foreign key and function obeys the rules of distribution, and the README says the same",
  () =>
    Effect.gen(function* () {
      const { url } = yield* freshDatabase
      const settings = yield* Effect.fromResult(
        Settings.decode({
          DATABASE_URL: Redacted.value(url),
          SIMULATOR_PORT: "0",
          SECRET: "a secret of a database that is only looked at",
          MASTER_KEYS: `k1:${Buffer.alloc(32, 1).toString("base64")}`
        })
      )
      yield* installation(settings, true)
      const { found, references, routines, uniques } = yield* catalogue(url)

      expect(found.map(({ relation }) => relation).toSorted()).toEqual([...placementOf.keys()].toSorted())
      for (const { columns, relation } of found) {
        const key = keyOf[placementOf.get(relation) ?? "local"]
        if (key !== undefined) expect(columns, `${relation}: a row without a key lies nowhere`).toContain(key)
      }

      const spread = uniques.filter(({ relation }) => keyOf[placementOf.get(relation) ?? "local"] !== undefined)
      expect(spread.length).toBeGreaterThan(30)
      for (const { columns, index, relation } of spread) {
        const key = keyOf[placementOf.get(relation) ?? "local"]
        expect(columns, `${index}: no node could check it alone`).toContain(key)
      }

      expect(references.length).toBeGreaterThan(0)
      for (const { columns, from, name, to } of references) {
        const [one, other] = [placementOf.get(from), placementOf.get(to)]
        expect(one, `${name} leads from ${from} to ${to}`).toBe(other)
        const key = keyOf[one ?? "local"]
        if (key !== undefined) expect(columns, name).toContain(key)
      }

      expect(routines.map(({ name }) => name)).toEqual(Object.values(functions).flat().toSorted())
      for (const { first, name, returns } of routines) {
        expect(first === "organization", `${name}: its first argument says on which node`).toBe(
          functions.organization.includes(name)
        )
        expect(returns === "trigger", name).toBe(functions.row.includes(name))
      }

      const readme = yield* Effect.promise(() => readFile(new URL("../README.md", import.meta.url), "utf8"))
      expect(readme).toContain(asMarkdown())
    }).pipe(Effect.scoped, Effect.provide(Logger.layer([])))
)
