/**
 * The versions of schema `portolan`, applied in order and once, by whichever process comes first; a second one waits
 * for the lock and finds nothing to do.
 */
import { setTimeout } from "node:timers/promises"
import { Effect } from "effect"
import { type Kysely, sql } from "kysely"
import { type Migration, Migrator } from "kysely/migration"
import type { Database } from "./Database.ts"
import { migrationMillis, withStatementLimit } from "./database/statementLimit.ts"
import { codeOf, DatabaseFailed, RightsMissing, saying } from "./DatabaseError.ts"
import * as version1 from "./migrations/0001_foundation.ts"
import * as version2 from "./migrations/0002_own_secrets.ts"
import * as version3 from "./migrations/0003_kept_mails.ts"
import * as version4 from "./migrations/0004_five_flows.ts"
import * as version5 from "./migrations/0005_field_terms.ts"
import * as version6 from "./migrations/0006_schema_versions.ts"
import * as version7 from "./migrations/0007_incidents.ts"
import * as version8 from "./migrations/0008_workers.ts"
import * as version9 from "./migrations/0009_claimed_profiles.ts"
import * as version10 from "./migrations/0010_key_custody.ts"
import { prepareRole } from "./Role.ts"

/**
 * Every version by name, which is that of its file. Names sort in the order of application. A name never changes: a
 * database records the names of the versions that it has.
 */
export const versions: { readonly [name: string]: Migration } = {
  "0001_foundation": { up: version1.up },
  "0002_own_secrets": { up: version2.up },
  "0003_kept_mails": { up: version3.up },
  "0004_five_flows": { up: version4.up },
  "0005_field_terms": { up: version5.up },
  "0006_schema_versions": { up: version6.up },
  "0007_incidents": { up: version7.up },
  "0008_workers": { up: version8.up },
  "0009_claimed_profiles": { up: version9.up },
  "0010_key_custody": { up: version10.up }
}

/** The tables of schema `portolan` that hold rows of organizations. */
export const tables: ReadonlyArray<string> = [version1, version3, version4, version7]
  .flatMap(({ tables }) => tables)
  .map((table) => version5.renamedTables[table] ?? table)

const migrator = <DB>(kysely: Kysely<DB>) =>
  new Migrator({
    db: kysely,
    provider: { getMigrations: () => Promise.resolve({ ...versions }) },
    migrationTableSchema: "portolan",
    migrationTableName: "migrations",
    migrationLockTableName: "migrations_lock"
  })

/** How the schema stands. */
export interface Status {
  readonly applied: ReadonlyArray<string>
  readonly pending: ReadonlyArray<string>
}

const failed = (doing: string) => (cause: unknown) =>
  codeOf(cause) === "42501"
    ? new RightsMissing({ doing, because: saying(cause) })
    : new DatabaseFailed({ doing, because: saying(cause) })

/** Codes of "somebody else made it in this moment"; the next try finds it there. */
const made = ["23505", "42P06", "42P07", "42710", "XX000", "40001"]

/**
 * Codes of "somebody else dropped it in this moment". The migrator's look at what exists takes in the tables of every
 * schema, also of other parts of the program, which migrate at the same time; the next look is without them.
 */
const dropped = ["42P01", "3F000", "42703"]

/** Whether the migration collided with somebody else's and is worth another try. */
export const isCollision = (cause: unknown) => [...made, ...dropped].includes(codeOf(cause))

const attempts = 10

const run = async <DB>(kysely: Kysely<DB>) => {
  for (const schema of ["portolan", "pgboss"]) {
    // "If not exists" wants the right to create even where nothing is left to create.
    const found = await sql<{
      readonly there: boolean
    }>`select to_regnamespace(${schema}) is not null as there`.execute(kysely)
    if (found.rows[0]?.there !== true) await sql`create schema if not exists ${sql.id(schema)}`.execute(kysely)
  }
  const { error } = await migrator(kysely).migrateToLatest()
  if (error !== undefined) throw error
  await prepareRole(kysely)
}

/** Applies what is pending. Safe when several processes start at once. */
export const migrate = (database: Database["Service"]) =>
  Effect.tryPromise({
    try: async () => {
      for (let attempt = 1; ; attempt++) {
        try {
          return await withStatementLimit(migrationMillis, () => run(database.kysely))
        } catch (cause) {
          if (attempt === attempts || !isCollision(cause)) throw cause
          await setTimeout(attempt * 20)
        }
      }
    },
    catch: failed("the migration of schema portolan")
  })

/** Tells which versions are applied and which are pending; all are pending in an empty database. */
export const status = (database: Database["Service"]): Effect.Effect<Status, DatabaseFailed | RightsMissing> =>
  Effect.tryPromise({
    try: async () => {
      const found = await sql<{ readonly there: boolean }>`
        select to_regclass('portolan.migrations') is not null as there`.execute(database.kysely)
      const done =
        found.rows[0]?.there === true
          ? (await sql<{ readonly name: string }>`select name from portolan.migrations`.execute(database.kysely)).rows
          : []
      const names = done.map(({ name }) => name)
      return { applied: names.toSorted(), pending: Object.keys(versions).filter((name) => !names.includes(name)) }
    },
    catch: failed("reading the state of migrations")
  })
