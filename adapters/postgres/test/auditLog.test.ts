/** The audit log: nothing on record is altered, removed, added or moved unnoticed, not even by a superuser. */
import { describe, expect, it } from "@effect/vitest"
import { type Actor, Id } from "@portolan/domain"
import { AuditLog, Secrets, TokenUse, TokenVault, UnitOfWork } from "@portolan/ports"
import { Context, Duration, Effect, Layer, Redacted, Stream } from "effect"
import { sql } from "kysely"
import type postgres from "postgres"
import { sealing } from "../src/AuditLogPostgres.ts"
import { Database, Migrations, Store } from "../src/index.ts"
import { appendOnly } from "../src/migrations/0011_audit/definitions.ts"
import { change, company } from "./support/change.ts"
import { asSuperuser, freshDatabase, plainOwner } from "./support/databases.ts"
import { asTenant, install } from "./support/older.ts"
import { client, pglite } from "./support/subjects.ts"

const seed = (name: string) =>
  Effect.gen(function* () {
    const organizationId = yield* (yield* Secrets.Secrets).id("organization")
    const unit = yield* UnitOfWork.UnitOfWork
    for (let index = 0; index < 6; index++) {
      const { write } = yield* company(organizationId, `${name} ${index} "äöü" \\`)
      yield* unit.commit(change(organizationId, { writes: [write] }))
    }
    const vault = yield* TokenVault.TokenVault
    const log = yield* AuditLog.AuditLog
    const actor: Actor.Actor = { _tag: "System", part: "test" }
    for (let index = 0; index < 4; index++) {
      yield* vault.put(organizationId, `grant ${index}`, Redacted.make("secret"))
      yield* TokenUse.using({ actor, operation: "LoadWindow" }, vault.get(organizationId, `grant ${index}`))
    }
    for (const subject of ["a", "b", "b", "c"]) {
      yield* log.record(organizationId, { kind: "oauth-state-refused", subject, detail: { channel: "amazon-ads" } })
    }
    return organizationId
  })

/** Seals what there is at once. */
const sealNow = (url: Redacted.Redacted<string>) =>
  Effect.gen(function* () {
    const context = yield* Layer.build(Store.layer.pipe(Layer.provide(Database.layerPostgres({ url, poolSize: 1 }))))
    yield* Effect.sleep("5 millis")
    return yield* sealing(Context.get(context, Store.Store), Duration.millis(1))
  })

/** What somebody with every right does to one row, and what has to be found. */
const alterations: ReadonlyArray<{
  readonly name: string
  readonly work: (sql: postgres.Sql, organization: string) => Promise<unknown>
  readonly finds: ReadonlyArray<string>
}> = [
  {
    name: "an event is altered",
    work: (sql, o) => sql`update portolan.events set event = replace(event::text, '2', '3')::json
      where organization_id = ${o} and position = 3`,
    finds: ["altered events 3"]
  },
  {
    name: "who did it is altered",
    work: (sql, o) => sql`update portolan.events set actor = '{"_tag":"System","part":"other"}'
      where organization_id = ${o} and position = 3`,
    finds: ["altered events 3"]
  },
  {
    name: "an event is removed",
    work: (sql, o) => sql`delete from portolan.events where organization_id = ${o} and position = 2`,
    finds: ["removed events 2"]
  },
  {
    name: "two events change places",
    work: async (sql, o) => {
      await sql`update portolan.events set position = -position where organization_id = ${o} and position in (2, 4)`
      await sql`update portolan.events set position = 6 + position where organization_id = ${o} and position in (-2, -4)`
    },
    finds: ["reordered events 2", "reordered events 4"]
  },
  {
    name: "the last event is removed",
    work: (sql, o) => sql`delete from portolan.events where organization_id = ${o} and position = 6`,
    finds: ["removed events 6"]
  },
  {
    name: "the last event and its entry are removed, and the counter is set back",
    work: async (sql, o) => {
      await sql`delete from portolan.security_events where organization_id = ${o}`
      await sql`delete from portolan.events where organization_id = ${o} and position = 6`
      await sql`delete from portolan.audit_chain where organization_id = ${o} and sequence > 5`
      await sql`delete from portolan.token_read_batches where organization_id = ${o}`
      await sql`update portolan.histories set position = 5 where organization_id = ${o}`
    },
    finds: ["head-differs audit_heads"]
  },
  {
    name: "an event is smuggled in past the trigger",
    work: async (sql, o) => {
      await sql`alter table portolan.events disable trigger audit`
      await sql`insert into portolan.events select organization_id, 7, id, kind, aggregate_id, version, at, actor, event,
        actor_tag, schema_version from portolan.events where organization_id = ${o} and position = 1`
    },
    finds: ["added events 7"]
  },
  {
    name: "an entry is removed",
    work: (sql, o) => sql`delete from portolan.audit_chain where organization_id = ${o} and sequence = 2`,
    finds: ["chain-broken audit_chain 2", "added events 2"]
  },
  {
    name: "an event is altered together with its entry",
    work: async (sql, o) => {
      await sql`update portolan.events set at = at + 1 where organization_id = ${o} and position = 3`
      await sql`update portolan.audit_chain c set digest = portolan.audit_digest_event(e) from portolan.events e
        where e.organization_id = ${o} and e.position = 3 and c.organization_id = ${o} and c.place = 3
          and c.source = 'event'`
    },
    finds: ["chain-broken audit_chain 3"]
  },
  {
    name: "two entries change places",
    work: async (sql, o) => {
      await sql`update portolan.audit_chain set sequence = -sequence where organization_id = ${o} and sequence in (2, 3)`
      await sql`update portolan.audit_chain set sequence = 5 + sequence where organization_id = ${o} and sequence < 0`
    },
    finds: ["chain-broken audit_chain 2", "chain-broken audit_chain 3", "chain-broken audit_chain 4"]
  },
  {
    name: "a read is altered",
    work: (sql, o) => sql`update portolan.token_reads set operation = 'nothing' where organization_id = ${o}
      and reference = 'grant 1'`,
    finds: ["altered token_reads"]
  },
  {
    name: "a read is removed",
    work: (sql, o) => sql`delete from portolan.token_reads where organization_id = ${o} and reference = 'grant 2'`,
    finds: ["removed token_reads"]
  },
  {
    name: "two reads change places",
    work: async (sql, o) => {
      const [one, other] = await sql`select id from portolan.token_reads where organization_id = ${o} order by id`
      await sql`alter table portolan.token_reads alter column id set generated by default`
      await sql`update portolan.token_reads set reference = case id when ${one?.id} then 'grant 1' else 'grant 0' end,
        at = (select at from portolan.token_reads r where r.organization_id = ${o} and r.id = case token_reads.id
          when ${one?.id} then ${other?.id}::bigint else ${one?.id}::bigint end)
        where organization_id = ${o} and id in (${one?.id}, ${other?.id})`
    },
    finds: ["reordered token_reads", "reordered token_reads"]
  },
  {
    name: "a security event is removed",
    work: (sql, o) => sql`delete from portolan.security_events where organization_id = ${o} and subject = 'b'`,
    finds: ["removed security_events"]
  },
  {
    name: "a head is set back",
    work: (sql, o) => sql`update portolan.audit_heads set sequence = sequence - 1 where organization_id = ${o}`,
    finds: ["head-differs audit_heads"]
  }
]

const spelled = ({ fault, row, table }: AuditLog.Finding) =>
  /^(events|audit_chain)$/.test(table) ? `${fault} ${table} ${row}` : `${fault} ${table}`

describe("the audit log", () => {
  it.live("names each single row that a superuser alters, removes, adds or moves", () =>
    Effect.gen(function* () {
      const { url } = yield* freshDatabase
      const here = yield* client(url)
      const verify = (organizationId: Id.OrganizationId) =>
        here(Effect.flatMap(AuditLog.AuditLog, (log) => log.verify(organizationId)))
      const untouched = yield* here(seed("untouched"))
      const organizations: Array<Id.OrganizationId> = []
      for (const { name } of alterations) organizations.push(yield* here(seed(name)))
      expect(yield* sealNow(url)).toBe(4 * (alterations.length + 1))
      for (const [index, { finds, name, work }] of alterations.entries()) {
        const organizationId = organizations[index] ?? untouched
        expect((yield* verify(organizationId)).findings, name).toEqual([])
        yield* asSuperuser(Redacted.value(url), (sql) => work(sql, organizationId))
        const { findings } = yield* verify(organizationId)
        expect(findings.map(spelled), name).toEqual(expect.arrayContaining([...finds]))
        expect(new Set(findings.map((one) => one.organizationId))).toEqual(new Set([organizationId]))
        expect(findings.length, name).toBeLessThan(finds.length + 4)
      }
      expect(yield* verify(untouched)).toMatchObject({
        head: { sequence: 6 + 3 + 1 },
        events: 6,
        tokenReads: 4,
        unsealedReads: 0,
        securityEvents: 3,
        erased: 0,
        findings: []
      })
      expect(yield* here(Effect.flatMap(AuditLog.AuditLog, (log) => log.organizations))).toHaveLength(
        alterations.length + 1
      )
      const lines = yield* here(Effect.flatMap(AuditLog.AuditLog, (log) => Stream.runCollect(log.entries(untouched))))
      expect(lines.map(({ source }) => source)).toEqual([
        ...Array.from({ length: 6 }, () => "event"),
        ...Array.from({ length: 3 }, () => "security"),
        "token-reads"
      ])
      expect(lines.at(-1)?.record).toMatchObject({ reads: [{ operation: "LoadWindow" }, {}, {}, {}] })
    })
  )

  it.live("is closed to the role of the application, and an erasure by law leaves a marked gap", () =>
    Effect.gen(function* () {
      const { url } = yield* freshDatabase
      const here = yield* client(url)
      const organizationId = yield* here(seed("erased"))
      yield* sealNow(url)
      yield* asSuperuser(Redacted.value(url), async (sql) => {
        for (const table of [...appendOnly, "audit_heads"]) {
          for (const statement of ["update $ set organization_id = organization_id", "delete from $", "truncate $"]) {
            const work = sql.begin(async (trx) => {
              await trx`set local role portolan_app`
              await trx`select set_config('portolan.organization', ${organizationId}, true)`
              await trx.unsafe(statement.replace("$", `portolan.${table}`))
            })
            await expect(work, `${statement} ${table}`).rejects.toThrow(/permission denied/)
          }
        }
        const [read] = await sql`select id from portolan.token_reads where organization_id = ${organizationId}`
        await sql`select portolan.audit_erase(${organizationId}, 'event', 2, 'request of a person')`
        await sql`select portolan.audit_erase(${organizationId}, 'token-read', ${read?.id}, 'request of a person')`
      })
      const verified = yield* here(Effect.flatMap(AuditLog.AuditLog, (log) => log.verify(organizationId)))
      expect(verified).toMatchObject({ erased: 2, findings: [] })
    })
  )
})

describe("an older database", () => {
  for (const login of ["superuser", "owner"] as const) {
    it.live(`is chained when it is upgraded by its ${login}`, () =>
      Effect.gen(function* () {
        const database = yield* freshDatabase
        const url = login === "owner" ? yield* plainOwner(database) : database.url
        const organizationId = Id.make("organization", 1_700_000_000_000, new Uint8Array(Id.entropyBytes).fill(7))
        yield* install(Redacted.value(url), "0010_key_custody", (db) =>
          asTenant(db, organizationId, async (trx) => {
            await sql`insert into portolan.events (organization_id, position, id, kind, aggregate_id, version, at,
                actor_tag, actor, schema_version, event)
              select ${organizationId}, n, 'evt_' || n, 'company', 'cmp_1', n, n, 'System', '{"_tag":"System"}', null,
                '{"_tag":"Some","name":"\\u0000 ä"}' from generate_series(1, 5001) n`.execute(trx)
            await sql`insert into portolan.histories values (${organizationId}, 5001)`.execute(trx)
          })
        )
        const here = yield* client(url)
        const verified = yield* here(Effect.flatMap(AuditLog.AuditLog, (log) => log.verify(organizationId)))
        expect(verified).toMatchObject({ events: 5001, findings: [] })
      })
    )
  }
})

describe("the embedded database", () => {
  it.live("has the same chain", () =>
    Effect.gen(function* () {
      const context = yield* Layer.build(pglite())
      yield* Effect.gen(function* () {
        const organizationId = yield* seed("embedded")
        const log = yield* AuditLog.AuditLog
        expect(yield* log.verify(organizationId)).toMatchObject({ events: 6, unsealedReads: 4, findings: [] })
        const { items } = yield* log.tokenReads(organizationId, { reference: "grant 3" }, { limit: 10 })
        expect(items).toMatchObject([{ operation: "LoadWindow", reference: "grant 3", isSealed: false }])
        expect(Migrations.tables).toContain("token_reads")
      }).pipe(Effect.provide(context))
    })
  )
})
