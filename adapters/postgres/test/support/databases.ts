import { randomBytes } from "node:crypto"
import { Effect, Redacted } from "effect"
import postgres from "postgres"
import { addressVariable } from "./embedded.ts"

/** Runs SQL as the superuser of a database. */
export const asSuperuser = <A>(url: string, work: (sql: postgres.Sql) => Promise<A>) =>
  Effect.promise(async () => {
    const sql = postgres(url, { max: 1, onnotice: () => undefined })
    try {
      return await work(sql)
    } finally {
      await sql.end({ timeout: 5 })
    }
  })

/** Makes an empty database on a server; it goes when the scope closes. Gives its name and address. */
export const freshDatabaseOn = (admin: string) =>
  Effect.acquireRelease(
    Effect.gen(function* () {
      const name = `t_${randomBytes(8).toString("hex")}`
      yield* asSuperuser(admin, (sql) => sql.unsafe(`create database ${name}`))
      const url = new URL(admin)
      url.pathname = `/${name}`
      return { name, url: Redacted.make(url.href) }
    }),
    ({ name }) => asSuperuser(admin, (sql) => sql.unsafe(`drop database if exists ${name} with (force)`))
  )

/** The same on the test run's server. */
export const freshDatabase = Effect.suspend(() => freshDatabaseOn(process.env[addressVariable] ?? ""))
