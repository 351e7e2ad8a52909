/** Brings an empty database to an earlier version, as an installation of that time left it. */
import { Effect } from "effect"
import { Kysely, sql } from "kysely"
import { PostgresJSDialect } from "kysely-postgres-js"
import { Migrator } from "kysely/migration"
import postgres from "postgres"
import { Migrations } from "../../src/index.ts"

/** A database whose tables are those of an earlier version. */
export type Older = Kysely<Record<string, never>>

/** Applies the versions up to and including `last` to an empty database, then fills the tables. */
export const installOn = async (db: Older, last: string, fill: (db: Older) => Promise<void>): Promise<void> => {
  await sql`create schema portolan`.execute(db)
  const versions = Object.fromEntries(Object.entries(Migrations.versions).filter(([name]) => name <= last))
  const { error } = await new Migrator({
    db,
    provider: { getMigrations: () => Promise.resolve(versions) },
    migrationTableSchema: "portolan",
    migrationTableName: "migrations",
    migrationLockTableName: "migrations_lock"
  }).migrateToLatest()
  if (error !== undefined) throw error
  await fill(db)
}

/** The same on a server, as a session of the given address. */
export const install = (address: string, last: string, fill: (db: Older) => Promise<void>) =>
  Effect.promise(async () => {
    const db: Older = new Kysely({
      dialect: new PostgresJSDialect({ postgres: postgres(address, { max: 1, onnotice: () => undefined }) })
    })
    await installOn(db, last, fill)
    await db.destroy()
  })

/** Runs a transaction that is bound to one organization. */
export const asTenant = (db: Older, organizationId: string, work: (trx: Older) => Promise<void>) =>
  db.transaction().execute(async (trx) => {
    await sql`select set_config('portolan.organization', ${organizationId}, true)`.execute(trx)
    await work(trx)
  })
