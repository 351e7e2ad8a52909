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

/**
 * A login that owns what it makes in a database and is bound by row level security like everybody else; it goes, with
 * all it owns, when the scope closes. Gives its address.
 */
export const plainOwner = ({ name, url }: { readonly name: string; readonly url: Redacted.Redacted<string> }) => {
  const role = `owner_${name}`
  const plain = new URL(Redacted.value(url))
  plain.username = role
  plain.password = "plain"
  return Effect.acquireRelease(
    Effect.as(
      asSuperuser(Redacted.value(url), async (admin) => {
        await admin.unsafe(`create role ${role} login password 'plain' nosuperuser nocreaterole`)
        await admin.unsafe(`grant create on database ${name} to ${role}`)
      }),
      Redacted.make(plain.href)
    ),
    () =>
      asSuperuser(Redacted.value(url), async (admin) => {
        await admin.unsafe(`drop owned by ${role} cascade`)
        await admin.unsafe(`drop role ${role}`)
      })
  )
}
