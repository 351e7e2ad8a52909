/**
 * The versions of schema `portolan`, applied in order and once, by whichever process comes first; a second one waits
 * for the lock and finds nothing to do.
 */
import { setTimeout } from "node:timers/promises"
import { Effect } from "effect"
import { type Kysely, type QueryExecutorProvider, sql } from "kysely"
import type { Migration } from "kysely/migration"
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
import * as version11 from "./migrations/0011_audit.ts"
import * as version12 from "./migrations/0012_read_batch.ts"
import * as version13 from "./migrations/0013_one_statement.ts"
import * as version14 from "./migrations/0014_queue.ts"
import * as version15 from "./migrations/0015_lists.ts"
import * as version16 from "./migrations/0016_hot_reads.ts"
import * as version18 from "./migrations/0018_upkeep.ts"
import * as version20 from "./migrations/0020_windows.ts"
import * as version21 from "./migrations/0021_few_statements.ts"
import * as version22 from "./migrations/0022_rounds.ts"
import { gather } from "./migrations/gather.ts"
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
  "0010_key_custody": { up: version10.up },
  "0011_audit": { up: version11.up },
  "0012_read_batch": { up: version12.up },
  "0013_one_statement": { up: version13.up },
  "0014_queue": { up: version14.up },
  "0015_lists": { up: version15.up },
  "0016_hot_reads": { up: version16.up },
  "0018_upkeep": { up: version18.up },
  "0020_windows": { up: version20.up },
  "0021_few_statements": { up: version21.up },
  "0022_rounds": { up: version22.up }
}

/** The tables of schema `portolan` that hold rows of organizations. */
export const tables: ReadonlyArray<string> = [
  version1,
  version3,
  version4,
  version7,
  version11,
  version13,
  version15,
  version20
]
  .flatMap(({ tables }) => tables)
  .map((table) => version5.renamedTables[table] ?? table)

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

/** Codes of "there is no such table" and "no such schema": nothing is applied yet. */
const absent = new Set(["42P01", "3F000"])

const namesOn = async (kysely: QueryExecutorProvider): Promise<ReadonlyArray<string>> => {
  const done = await sql<{ readonly name: string }>`select name from portolan.migrations`.execute(kysely)
  return done.rows.map(({ name }) => name).toSorted()
}

const appliedOn = (kysely: QueryExecutorProvider): Promise<ReadonlyArray<string>> =>
  namesOn(kysely).catch((cause: unknown) => {
    if (absent.has(codeOf(cause))) return []
    throw cause
  })

/** Versions of a newer program that a database has. */
const beyondOf = (applied: ReadonlyArray<string>): ReadonlyArray<string> => {
  const last = Object.keys(versions).at(-1) ?? ""
  return applied.filter((name) => !Object.hasOwn(versions, name) && name > last)
}

/** The versions that a database lacks. Those it has are the first ones, or it was made by something else. */
const pendingOf = (applied: ReadonlyArray<string>): ReadonlyArray<string> => {
  const names = Object.keys(versions)
  const known = applied.filter((name) => !beyondOf(applied).includes(name))
  const strange = known.find((name, index) => name !== names[index])
  if (strange !== undefined) throw new Error(`the database has version ${strange}, and lacks another one before it`)
  return names.slice(known.length)
}

/**
 * The lock and the tables of kysely's `Migrator`, which earlier versions of this program migrate with, perhaps in this
 * moment. "If not exists" wants the right to create even where nothing is left to create.
 */
const begin = `do $migrations$ begin
  perform pg_advisory_xact_lock(3853314791062309107);
  if to_regnamespace('portolan') is null then create schema portolan; end if;
  if to_regclass('portolan.migrations') is null then
    create table portolan.migrations (name varchar(255) primary key, timestamp varchar(255) not null);
  end if;
  if to_regclass('portolan.migrations_lock') is null then
    create table portolan.migrations_lock (id varchar(255) primary key, is_locked integer default 0 not null);
    insert into portolan.migrations_lock (id) values ('migration_lock');
  end if;
end $migrations$`

/**
 * One transaction of few statements, in place of kysely's `Migrator`, which looks at its tables and its lock anew each
 * time. A second process waits for the lock and finds the work done.
 */
const apply = <DB>(kysely: Kysely<DB>): Promise<void> =>
  kysely.transaction().execute(async (trx) => {
    await sql.raw(begin).execute(trx)
    const pending = pendingOf(await namesOn(trx))
    if (pending.length === 0) return
    await gather(trx, async (db) => {
      for (const name of pending) await versions[name]?.up(db)
      const at = new Date().toISOString()
      const rows = pending.map((name) => sql`(${sql.lit(name)}, ${sql.lit(at)})`)
      await sql`insert into portolan.migrations (name, timestamp) values ${sql.join(rows)}`.execute(db)
    })
  })

/** Applies what is pending; gives the versions that the database has beyond those that this program knows. */
const run = async <DB>(kysely: Kysely<DB>): Promise<ReadonlyArray<string>> => {
  const applied = await appliedOn(kysely)
  if (pendingOf(applied).length > 0) await apply(kysely)
  await prepareRole(kysely)
  return beyondOf(applied)
}

/**
 * Applies what is pending. Safe when several processes start at once. A database that a newer program has migrated
 * further is taken as it is: every version leaves what the one before it reads and writes in place, so that both work
 * side by side during an upgrade, and the older one can be started again.
 */
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
  }).pipe(
    Effect.tap((beyond) =>
      beyond.length === 0
        ? Effect.void
        : Effect.logWarning(`the database has versions of a newer program: ${beyond.join(", ")}`)
    )
  )

/** Tells which versions are applied and which are pending; all are pending in an empty database. */
export const status = (database: Database["Service"]): Effect.Effect<Status, DatabaseFailed | RightsMissing> =>
  Effect.tryPromise({
    try: async () => {
      const applied = await appliedOn(database.kysely)
      return { applied, pending: Object.keys(versions).filter((name) => !applied.includes(name)) }
    },
    catch: failed("reading the state of migrations")
  })
