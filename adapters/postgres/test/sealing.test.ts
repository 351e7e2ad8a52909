/** What lies in the vault's tables, and what happens when somebody changes it. */
import { describe, expect, it } from "@effect/vitest"
import { Repository, Secrets, TokenVault, UnitOfWork } from "@portolan/ports"
import { Effect, Layer, Redacted } from "effect"
import { sql } from "kysely"
import { DataKeys, Database, KeyRingLocal, Seal, Store, TokenVaultPostgres } from "../src/index.ts"
import { change, company } from "./support/change.ts"
import { freshDatabase } from "./support/databases.ts"
import { secrets, server } from "./support/subjects.ts"

const key = (id: string, byte: string): Seal.MasterKey => ({ id, key: Redacted.make(byte.repeat(32)) })

/** A vault whose ring of master keys can be turned. */
const turning = Effect.gen(function* () {
  let ring: KeyRingLocal.Ready = { active: "m1", keys: Seal.ring({ active: key("m1", "11") }) }
  const { url } = yield* freshDatabase
  const store = Layer.provideMerge(Store.layer, Database.layerPostgres({ url, poolSize: 2 }))
  const keys = Layer.sync(DataKeys.DataKeys, () => DataKeys.make(KeyRingLocal.make(() => ring)))
  const context = yield* Layer.build(
    Layer.mergeAll(Layer.provideMerge(TokenVaultPostgres.layer, Layer.merge(store, keys)), secrets)
  )
  return {
    here: <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.provide(effect, context),
    use: (next: Seal.MasterKeys) =>
      Effect.sync(() => {
        ring = { active: next.active.id, keys: Seal.ring(next) }
      })
  }
})

const onServer = Layer.unwrap(Effect.map(freshDatabase, ({ url }) => server(url)))

const query = (text: ReturnType<typeof sql>) =>
  Effect.flatMap(Database.Database, ({ kysely }) => Effect.promise(() => text.execute(kysely)))

describe("the vault's tables", () => {
  it.live("hold nothing readable, and no two seals alike", () =>
    Effect.gen(function* () {
      const vault = yield* TokenVault.TokenVault
      const organizationId = yield* (yield* Secrets.Secrets).id("organization")
      const secret = "Atzr|IwEBIexample-refresh-token-0123456789"
      for (let index = 0; index < 20; index++) yield* vault.put(organizationId, `r${index % 2}`, Redacted.make(secret))
      const { rows } = yield* query(sql`select * from portolan.vault_secrets`)
      const text = JSON.stringify(
        rows.map((row) =>
          Object.values(row as object).map((value) =>
            value instanceof Uint8Array ? Buffer.from(value).toString("latin1") : String(value)
          )
        )
      )
      for (const run of [secret.slice(0, 12), Buffer.from(secret).toString("base64").slice(0, 16)])
        expect(text).not.toContain(run)
      const { rows: nonces } = yield* query(sql`select distinct nonce from portolan.vault_secrets`)
      expect(nonces).toHaveLength(2)
    }).pipe(Effect.provide(onServer))
  )

  it.live("tell when a seal was changed, moved to another place, or put back", () =>
    Effect.gen(function* () {
      const vault = yield* TokenVault.TokenVault
      const { id } = yield* Secrets.Secrets
      const [one, other] = [yield* id("organization"), yield* id("organization")]
      yield* vault.put(one, "a", Redacted.make("old"))
      yield* query(sql`create table old as select * from portolan.vault_secrets`)
      yield* vault.put(one, "a", Redacted.make("new"))
      yield* vault.put(one, "b", Redacted.make("of b"))
      yield* vault.put(other, "a", Redacted.make("of another"))
      const moved = (from: ReturnType<typeof sql>, organizationId: string, reference: string) =>
        query(sql`
      update portolan.vault_secrets t set sealed = f.sealed, nonce = f.nonce, tag = f.tag from ${from} f
      where t.organization_id = ${organizationId} and t.reference = ${reference}`)
      const fails = (organizationId: typeof one, reference: string) =>
        Effect.map(Effect.flip(vault.get(organizationId, reference)), (error) =>
          expect(error._tag).toBe("SecretCorrupted")
        )
      yield* moved(
        sql`(select * from portolan.vault_secrets where organization_id = ${one} and reference = 'a')`,
        one,
        "b"
      )
      yield* fails(one, "b")
      yield* moved(
        sql`(select * from portolan.vault_secrets where organization_id = ${one} and reference = 'a')`,
        other,
        "a"
      )
      yield* fails(other, "a")
      yield* moved(sql`old`, one, "a")
      yield* fails(one, "a")
      for (const column of ["sealed", "nonce", "tag"]) {
        yield* vault.put(one, "a", Redacted.make("whole"))
        yield* query(
          sql`update portolan.vault_secrets set ${sql.ref(column)} = set_bit(${sql.ref(column)}, 3, 1 - get_bit(${sql.ref(column)}, 3))`
        )
        yield* fails(one, "a")
        yield* query(sql`update portolan.vault_secrets set ${sql.ref(column)} = ${sql.ref(column)} || '\\x00'::bytea`)
        yield* fails(one, "a")
      }
    }).pipe(Effect.provide(onServer))
  )

  it.live("are sealed anew with the active key, after which the old one can go", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const { here, use } = yield* turning
        yield* here(
          Effect.gen(function* () {
            const vault = yield* TokenVault.TokenVault
            const organizationId = yield* (yield* Secrets.Secrets).id("organization")
            for (let index = 0; index < 7; index++)
              yield* vault.put(organizationId, `r${index}`, Redacted.make(`s${index}`))
            yield* use({ active: key("m2", "22"), retired: [key("m1", "11")] })
            yield* vault.put(organizationId, "r0", Redacted.make("s0"))
            expect(yield* vault.rewrap(organizationId, 4)).toEqual({ rewrapped: 4, remaining: 2 })
            yield* use({ active: key("m2", "22") })
            expect(yield* Effect.flip(vault.get(organizationId, "r6"))).toMatchObject({
              _tag: "KeyUnavailable",
              keyId: "m1"
            })
            yield* use({ active: key("m2", "22"), retired: [key("m1", "11")] })
            expect(yield* vault.rewrap(organizationId, 100)).toEqual({ rewrapped: 2, remaining: 0 })
            yield* use({ active: key("m2", "22") })
            for (let index = 0; index < 7; index++) {
              const stored = yield* vault.get(organizationId, `r${index}`)
              expect([Redacted.value(stored.secret), stored.version]).toEqual([`s${index}`, index === 0 ? 2 : 1])
            }
            // A wrong key under a known name is a key that is not at hand, never a lost secret.
            yield* use({ active: key("m2", "33") })
            const other = yield* (yield* Secrets.Secrets).id("organization")
            yield* vault.put(other, "r", Redacted.make("fine"))
          })
        )
      })
    )
  )
})

describe("a row that this version cannot read", () => {
  it.live("is an error that names kind and id and none of its content", () =>
    Effect.gen(function* () {
      const store = yield* Repository.Repository
      const organizationId = yield* (yield* Secrets.Secrets).id("organization")
      const good = yield* company(organizationId, "Good")
      const bad = yield* company(organizationId, "Bad")
      yield* (yield* UnitOfWork.UnitOfWork).commit(change(organizationId, { writes: [good.write, bad.write] }))
      yield* query(
        sql`update portolan.companies set state = '{"_tag":"Odd","private":"content"}' where id = ${bad.state.id}`
      )
      const error = yield* Effect.flip(store.find("company", organizationId, bad.state.id))
      expect(error).toMatchObject({ _tag: "Unreadable", reason: "unknown-tag", kind: "company", id: bad.state.id })
      expect(error.message).toContain(bad.state.id)
      expect(`${error.message} ${JSON.stringify(error)}`).not.toContain("content")
      expect((yield* store.find("company", organizationId, good.state.id)).version).toBe(1)
    }).pipe(Effect.provide(onServer))
  )
})
