/** Straight SQL as the role that Portolan's statements run as: what row level security lets through, table by table. */
import { describe, expect, it } from "@effect/vitest"
import { Id } from "@portolan/domain"
import { DataSink, Secrets, TokenVault, UnitOfWork } from "@portolan/ports"
import { DateTime, Effect, Redacted } from "effect"
import fc from "fast-check"
import postgres from "postgres"
import { Migrations } from "../src/index.ts"
import { appendOnly } from "../src/migrations/0011_audit/definitions.ts"
import { change, company, connection, hold, job, key, newcomers, personOf, authorization } from "./support/change.ts"
import { asSuperuser, freshDatabase } from "./support/databases.ts"
import { client } from "./support/subjects.ts"

type Sql = postgres.TransactionSql

/** Fills a tenant with something in every table that the ports write. */
const populate = Effect.fnUntraced(function* (organizationId: Id.OrganizationId, names: ReadonlyArray<string>) {
  const { id } = yield* Secrets.Secrets
  const unit = yield* UnitOfWork.UnitOfWork
  for (const [index, name] of names.entries()) {
    const { state, write } = yield* company(organizationId, name)
    yield* unit.commit(
      change(organizationId, {
        writes: [
          write,
          (yield* authorization(organizationId, `${organizationId}/${index}`)).write,
          (yield* connection(organizationId, DateTime.makeUnsafe("2026-05-01T10:00:00Z"))).write,
          ...(yield* newcomers(organizationId, index))
        ],
        claims: [yield* hold(`${organizationId}.${index}`)],
        jobs: [yield* job(organizationId, DateTime.makeUnsafe("2099-01-01T00:00:00Z"))],
        idempotency: { key: `key-${index}`, fingerprint: "f", resource: state.id }
      })
    )
    yield* (yield* TokenVault.TokenVault).put(organizationId, `r${index}`, Redacted.make(`secret ${name}`))
  }
  yield* (yield* DataSink.DataSink).land({
    organizationId,
    connectionId: yield* id("connection"),
    accountId: yield* id("account"),
    profile: key("1"),
    dataClass: "sales",
    windowId: "sales/2026-05-01/2026-05-02" as DataSink.Landing["windowId"],
    rows: names.map((name, index) => ({
      key: `${index}`,
      day: "2026-05-01" as DataSink.Landing["rows"][number]["day"],
      data: { name }
    }))
  })
})

/** Runs SQL as a session that is bound to one tenant, and takes everything back. */
const asTenant = <A>(sql: postgres.Sql, organizationId: string | undefined, work: (sql: Sql) => Promise<A>) =>
  sql.begin(async (trx) => {
    await trx.unsafe("set local role portolan_app")
    if (organizationId !== undefined) await trx`select set_config('portolan.organization', ${organizationId}, true)`
    const result = await work(trx).then(
      (value) => ({ value }),
      (error: unknown) => ({ error })
    )
    await trx.unsafe("rollback; begin")
    if ("error" in result) throw result.error
    return result.value
  })

/** Tables of which no rights are given to change them: `auditLog.test.ts` looks at them. */
const kept = new Set([...appendOnly, "audit_heads"])

const names = fc.array(
  fc.string({ minLength: 1, maxLength: 12 }).map((text) => `n${text.replaceAll("\0", "")}`.trim()),
  { minLength: 1, maxLength: 4 }
)

describe("row level security", () => {
  it.live("shows a tenant its own rows of every table and lets it touch no others", () =>
    Effect.gen(function* () {
      const { url } = yield* freshDatabase
      const here = yield* client(url)
      const samples = fc.sample(fc.tuple(names, names), { numRuns: 4, seed: 42 })
      for (const [own, foreign] of samples) {
        const { id } = yield* here(Secrets.Secrets)
        const [one, other] = [yield* id("organization"), yield* id("organization")]
        yield* here(populate(one, own))
        yield* here(populate(other, foreign))
        yield* asSuperuser(Redacted.value(url), async (sql) => {
          for (const table of Migrations.tables) {
            const name = sql(`portolan.${table}`)
            const seen = await asTenant(sql, one, (trx) => trx`select organization_id from ${name}`)
            expect(new Set(seen.map((row) => row.organization_id)), table).toEqual(
              new Set((await sql`select from ${name} where organization_id = ${one}`).length === 0 ? [] : [one])
            )
            expect(await asTenant(sql, undefined, (trx) => trx`select from ${name}`), `${table}, unbound`).toHaveLength(
              0
            )
            if (kept.has(table)) continue
            const changed = await asTenant(
              sql,
              one,
              (trx) => trx`update ${name} set organization_id = organization_id where organization_id = ${other}`
            )
            expect(changed.count, table).toBe(0)
            const removed = await asTenant(sql, one, (trx) => trx`delete from ${name} where organization_id = ${other}`)
            expect(removed.count, table).toBe(0)
            const there = (await sql`select * from ${name} where organization_id = ${other} limit 1`)[0]
            if (there === undefined) continue
            await expect(
              asTenant(sql, one, (trx) => trx`insert into ${name} ${trx(there)}`),
              table
            ).rejects.toThrow(/row-level security/)
            const own = (await sql`select from ${name} where organization_id = ${one}`).length
            if (own === 0) continue
            await expect(
              asTenant(sql, one, (trx) => trx`update ${name} set organization_id = ${other}`),
              table
            ).rejects.toThrow(/row-level security/)
          }
        })
      }
      // Every table that the ports write was really looked at.
      yield* asSuperuser(Redacted.value(url), async (sql) => {
        const filled = [
          "organizations",
          "members",
          "api_keys",
          "advertisers",
          "awaited",
          "companies",
          "connections",
          "authorizations",
          "histories",
          "events",
          "jobs",
          "idempotency_keys",
          "claims",
          "landing_rows",
          "vault_keys",
          "vault_secrets"
        ]
        for (const table of filled)
          expect(await sql`select from ${sql(`portolan.${table}`)} limit 1`, table).toHaveLength(1)
        const open =
          await sql`select relname from pg_class where relnamespace = 'portolan'::regnamespace and relkind = 'r'
        and not (relrowsecurity and relforcerowsecurity) order by relname`
        expect(open.map((row) => row.relname)).toEqual(["migrations", "migrations_lock", "worker_notices", "workers"])
      })
    })
  )

  it.live("shows who presents a digest one row, and who is bound to a tenant nothing of the queue or of versions", () =>
    Effect.gen(function* () {
      const { url } = yield* freshDatabase
      const here = yield* client(url)
      const { id } = yield* here(Secrets.Secrets)
      const organizationId = yield* id("organization")
      yield* here(populate(organizationId, ["a", "b", "c"]))
      yield* asSuperuser(Redacted.value(url), async (sql) => {
        const found = await asTenant(sql, undefined, async (trx) => {
          await trx`select set_config('portolan.digest', ${`${organizationId}/1`}, true)`
          return await trx`select state_digest from portolan.authorizations`
        })
        expect(found.map((row) => row.state_digest)).toEqual([`${organizationId}/1`])
        // Each setting opens its own few columns' worth of rows, and no other table.
        const openings = [
          ["digest", `joins ${organizationId} 1`, { members: 1 }],
          ["digest", `key ${organizationId} 2`, { api_keys: 1 }],
          ["digest", "", {}],
          ["digest", "unknown", {}],
          ["person", personOf(organizationId, 0), { members: 1 }],
          ["person", "", {}],
          ["person", personOf(organizationId, 9), {}],
          ["directory", "on", { organizations: 1 }],
          ["directory", "", {}],
          ["directory", "off", {}],
          ["linked", "on", { claims: 3 }],
          ["linked", "", {}],
          ["sweep", "on", { jobs: 3 }],
          ["queue", "on", { jobs: 3 }],
          ["queue", "", {}],
          ["audit", "on", { histories: 1, audit_heads: 1, audit_chain: 9 }],
          ["audit", "", {}]
        ] as const
        for (const [name, value, expected] of openings) {
          const shown: Record<string, number> = {}
          for (const table of Migrations.tables) {
            const rows = await asTenant(sql, undefined, async (trx) => {
              await trx`select set_config(${`portolan.${name}`}, ${value}, true)`
              return await trx`select from ${sql(`portolan.${table}`)}`
            })
            if (rows.length > 0) shown[table] = rows.length
            // Looking is all that they open.
            if (kept.has(table)) continue
            const changed = await asTenant(sql, undefined, async (trx) => {
              await trx`select set_config(${`portolan.${name}`}, ${value}, true)`
              return await trx`delete from ${sql(`portolan.${table}`)}`
            })
            expect(changed.count, `${name} ${table}`).toBe(0)
          }
          expect(shown, `${name} ${value}`).toEqual(expected)
        }
        for (const table of ["portolan.migrations", "portolan.workers"]) {
          await expect(asTenant(sql, organizationId, (trx) => trx`select from ${sql(table)}`)).rejects.toThrow(
            /permission denied/
          )
        }
        const read = await sql`select * from portolan.read_secret('org_another', 'r0')`
        expect(read).toHaveLength(0)
        const own = await asTenant(
          sql,
          organizationId,
          (trx) => trx`select * from portolan.read_secret(${organizationId}, 'r0')`
        )
        expect(own).toHaveLength(1)
        const foreign = await asTenant(
          sql,
          "org_another",
          (trx) => trx`select * from portolan.read_secret(${organizationId}, 'r0')`
        )
        expect(foreign).toHaveLength(0)
        for (const call of [
          `commit_change('${organizationId}', '', '{}')`,
          `abandon_change('${organizationId}', 'a', 'b', 'c')`,
          `find_request('${organizationId}', 'a')`,
          `write_secret('${organizationId}', 'a', 'r0', 'put', 2, null, '', '', '', 'k')`,
          `abandon_secret('${organizationId}', 'a', 'r0', 1, '')`,
          `data_key('${organizationId}', 'k', null)`,
          `land_rows('${organizationId}', 'a', 'b', 'c', 'd', 'e', '[]')`,
          `abandon_landing('${organizationId}', 'a')`
        ]) {
          await expect(
            asTenant(sql, "org_another", (trx) => trx.unsafe(`select portolan.${call}`)),
            call
          ).rejects.toThrow(/bound to another organization/)
        }
      })
    })
  )

  it.live("binds what functions write, for a user who looks past it", () =>
    Effect.gen(function* () {
      const { name, url } = yield* freshDatabase
      yield* asSuperuser(Redacted.value(url), async (sql) => {
        await sql.unsafe(`do $$ begin create role portolan_app nologin; exception when others then null; end $$`)
        await sql.unsafe(`create role past_${name} login password 'plain' bypassrls nosuperuser nocreaterole`)
        await sql.unsafe(`grant portolan_app to past_${name} with admin option`)
        await sql.unsafe(`grant create on database ${name} to past_${name}`)
      })
      const past = new URL(Redacted.value(url))
      past.username = `past_${name}`
      past.password = "plain"
      const program = Effect.gen(function* () {
        const here = yield* client(Redacted.make(past.href))
        const organizationId = yield* (yield* here(Secrets.Secrets)).id("organization")
        yield* here(populate(organizationId, ["a"]))
        const secret = yield* here(Effect.flatMap(TokenVault.TokenVault, (vault) => vault.get(organizationId, "r0")))
        expect(Redacted.value(secret.secret)).toBe("secret a")
        yield* asSuperuser(Redacted.value(url), async (sql) => {
          const owned = await sql`select proname from pg_proc where pronamespace = 'portolan'::regnamespace
            and proowner = 'portolan_app'::regrole and prosecdef`
          expect(owned.map(({ proname }) => proname)).toEqual(
            expect.arrayContaining(["commit_change", "write_secret", "land_rows", "read_tokens_by_key"])
          )
          const [right] = await sql`select has_schema_privilege('portolan_app', 'portolan', 'create') as creates`
          expect(right?.["creates"]).toBe(false)
        })
      })
      yield* Effect.scoped(program)
      yield* asSuperuser(Redacted.value(url), async (sql) => {
        await sql.unsafe(`drop schema portolan cascade; drop owned by past_${name} cascade`)
        await sql.unsafe(`drop role past_${name}`)
      })
    })
  )

  it.live("holds without a role of its own, for a user who owns the tables and may not make roles", () =>
    Effect.gen(function* () {
      const { name, url } = yield* freshDatabase
      yield* asSuperuser(Redacted.value(url), async (sql) => {
        await sql.unsafe(`create role owner_${name} login password 'plain' nosuperuser nocreaterole`)
        await sql.unsafe(`grant create on database ${name} to owner_${name}`)
      })
      const plain = new URL(Redacted.value(url))
      plain.username = `owner_${name}`
      plain.password = "plain"
      const program = Effect.gen(function* () {
        const here = yield* client(Redacted.make(plain.href))
        const { id } = yield* here(Secrets.Secrets)
        const [one, other] = [yield* id("organization"), yield* id("organization")]
        yield* here(populate(one, ["a"]))
        yield* here(populate(other, ["b"]))
        const secret = yield* here(Effect.flatMap(TokenVault.TokenVault, (vault) => vault.get(one, "r0")))
        expect(Redacted.value(secret.secret)).toBe("secret a")
        const sql = postgres(plain.href, { max: 1 })
        const seen = yield* Effect.promise(() =>
          sql.begin(async (trx) => {
            await trx`select set_config('portolan.organization', ${one}, true)`
            return await trx`select distinct organization_id from portolan.companies`
          })
        )
        expect(seen.map((row) => row.organization_id)).toEqual([one])
        yield* Effect.promise(() => sql.end())
      })
      yield* Effect.scoped(program)
      yield* asSuperuser(Redacted.value(url), async (sql) => {
        await sql.unsafe(`drop owned by owner_${name} cascade`)
        await sql.unsafe(`drop role owner_${name}`)
      })
    })
  )
})
