/** Master keys are changed while everything is read, and what is left of an organization is destroyed. */
import { describe, expect, it } from "@effect/vitest"
import type { Id } from "@portolan/domain"
import { type KeyRing, MasterKeys, Secrets, TokenVault, VaultKeys } from "@portolan/ports"
import { Context, Effect, Exit, Layer, Redacted } from "effect"
import { sql } from "kysely"
import {
  DataKeys,
  Database,
  KeyRingLocal,
  KeyTree,
  Seal,
  Store,
  TokenVaultPostgres,
  VaultKeysPostgres
} from "../src/index.ts"
import { freshDatabase } from "./support/databases.ts"
import { secrets } from "./support/subjects.ts"

const key = (id: string, isTree: boolean): readonly [string, Seal.Material] => [
  id,
  isTree ? KeyTree.make() : Seal.newKey()
]

/** What a deployment gives its programs: keys that can be changed, and that a program reads when it is told to. */
const deployment = ({ isTree } = { isTree: true }) => {
  let given: KeyRingLocal.Ready = { active: "k1", keys: new Map([key("k1", isTree)]) }
  return {
    isTree,
    /** Takes an owner's key out of each. */
    destroy: (owner: KeyRing.Owner) =>
      Effect.sync(() => {
        const without = (one: Seal.Material) => (Redacted.isRedacted(one) ? one : KeyTree.destroy(one, owner))
        given = { ...given, keys: new Map([...given.keys].map(([id, one]) => [id, without(one)])) }
      }),
    given: () => given,
    /** A new key seals, and the others still open. */
    rotate: (id: string) => {
      given = { active: id, keys: new Map([...given.keys, key(id, isTree)]) }
    },
    retire: (id: string) => {
      given = { ...given, keys: new Map([...given.keys].filter(([one]) => one !== id)) }
    }
  }
}

/** A program: it knows the keys that it read when it started, until something makes it read them again. */
const program = (keys: ReturnType<typeof deployment>, url: Redacted.Redacted<string>) =>
  Effect.gen(function* () {
    let read = keys.given()
    const reload = Effect.sync(() => {
      read = keys.given()
    })
    const destroy = (owner: KeyRing.Owner) => Effect.andThen(keys.destroy(owner), Effect.as(reload, []))
    const ring = KeyRingLocal.make(() => read, { reload, ...(keys.isTree ? { destroy } : {}) })
    const store = Layer.provideMerge(Store.layer, Database.layerPostgres({ url, poolSize: 3 }))
    const vault = Layer.merge(TokenVaultPostgres.layer, VaultKeysPostgres.layer)
    const context = yield* Layer.build(
      MasterKeys.MasterKeys.layer.pipe(
        Layer.provideMerge(vault),
        Layer.provide(Layer.sync(DataKeys.DataKeys, () => DataKeys.make(ring))),
        Layer.provideMerge(store),
        Layer.provideMerge(secrets)
      )
    )
    return {
      vault: Context.get(context, TokenVault.TokenVault),
      care: Context.get(context, MasterKeys.MasterKeys),
      vaultKeys: Context.get(context, VaultKeys.VaultKeys),
      id: Context.get(context, Secrets.Secrets).id,
      query: (text: ReturnType<typeof sql>) =>
        Effect.promise(() => text.execute(Context.get(context, Database.Database).kysely))
    }
  })

type Program = Effect.Success<ReturnType<typeof program>>

const fill = Effect.fnUntraced(function* ({ id, vault }: Program, count: number) {
  const organizationId = yield* id("organization")
  for (let n = 0; n < count; n++) yield* vault.put(organizationId, `grant ${n}`, Redacted.make(`secret ${n}`))
  return organizationId
})

const opens = ({ vault }: Program, organizationId: Id.OrganizationId, n = 0) =>
  Effect.map(Effect.exit(vault.get(organizationId, `grant ${n}`)), (exit) =>
    Exit.isSuccess(exit) ? Redacted.value(exit.value.secret) : undefined
  )

const dumped = ["vault_keys", "vault_secrets"] as const

/** Writes the vault's tables down, as a backup does. */
const dump = ({ query }: Program) =>
  Effect.forEach(dumped, (table) =>
    query(sql`create table ${sql.id(`dump_${table}`)} as table portolan.${sql.id(table)}`)
  )

/** Puts tables back from the backup. */
const restore = ({ query }: Program, tables: ReadonlyArray<(typeof dumped)[number]>) =>
  Effect.forEach(tables, (table) =>
    Effect.andThen(
      query(sql`delete from portolan.${sql.id(table)}`),
      query(sql`insert into portolan.${sql.id(table)} select * from ${sql.id(`dump_${table}`)}`)
    )
  )

describe("changing the master key", () => {
  it.live("is heard of by every program, loses no read, and lets the old key go when nothing hangs on it", () =>
    Effect.gen(function* () {
      const { url } = yield* freshDatabase
      const keys = deployment()
      const first = yield* program(keys, url)
      const other = yield* program(keys, url)
      const one = yield* fill(first, 3)
      const two = yield* fill(other, 2)
      keys.rotate("k2")
      expect(yield* opens(other, one)).toBe("secret 0")
      // One program hears of the new key; the other meets it in a row, and reads its keys again.
      yield* first.care.status()
      yield* first.vault.put(one, "grant 0", Redacted.make("secret 0 anew"))
      expect(yield* opens(other, one)).toBe("secret 0 anew")
      expect(yield* first.care.status()).toMatchObject({ behind: 4, missing: [], retirable: [] })
      const done = yield* Effect.all([first.care.rewrapAll(), other.care.rewrapAll()], { concurrency: 2 })
      expect(done.map(({ remaining }) => remaining)).toEqual([0, 0])
      expect(yield* first.care.status()).toMatchObject({
        behind: 0,
        retirable: ["k1"],
        keys: [
          { keyId: "k2", state: "active", secrets: 5, dataKeys: 4, organizations: 2 },
          { keyId: "k1", state: "opens-only", secrets: 0, dataKeys: 0 }
        ]
      })
      keys.retire("k1")
      const last = yield* program(keys, url)
      expect(yield* opens(last, one, 1)).toBe("secret 1")
      expect(yield* opens(last, two)).toBe("secret 0")
      expect(yield* last.care.verify()).toEqual({ opened: 5, unopened: [] })
    }).pipe(Effect.scoped)
  )

  it.live("leaves old backups readable with the data keys of today", () =>
    Effect.gen(function* () {
      const { url } = yield* freshDatabase
      const keys = deployment()
      const before = yield* program(keys, url)
      const one = yield* fill(before, 3)
      yield* dump(before)
      keys.rotate("k2")
      yield* before.care.rewrapAll()
      keys.retire("k1")
      yield* restore(before, ["vault_secrets"])
      const after = yield* program(keys, url)
      expect(yield* opens(after, one, 2)).toBe("secret 2")
    }).pipe(Effect.scoped)
  )

  it.live("without the old key says what is missing and how much hangs on it; the rest goes on", () =>
    Effect.gen(function* () {
      const { url } = yield* freshDatabase
      const keys = deployment()
      const before = yield* program(keys, url)
      const one = yield* fill(before, 3)
      keys.rotate("k2")
      keys.retire("k1")
      const after = yield* program(keys, url)
      const two = yield* fill(after, 1)
      expect(yield* Effect.flip(after.vault.get(one, "grant 0"))).toMatchObject({ _tag: "KeyUnavailable", keyId: "k1" })
      expect(yield* opens(after, two)).toBe("secret 0")
      expect(yield* after.care.status()).toMatchObject({
        missing: [{ keyId: "k1", state: "missing", secrets: 3, organizations: 1 }]
      })
      expect(yield* after.care.rewrapAll()).toMatchObject({ rewrapped: 0, stuck: 4 })
      const { opened, unopened } = yield* after.care.verify()
      expect([opened, unopened.map(({ because }) => because)]).toEqual([
        1,
        ["key-missing", "key-missing", "key-missing"]
      ])
    }).pipe(Effect.scoped)
  )
})

describe("destroying what is left of an organization", () => {
  it.live("leaves nothing that opens, also in a dump from before; the others open from the same dump", () =>
    Effect.gen(function* () {
      const { url } = yield* freshDatabase
      const keys = deployment()
      const before = yield* program(keys, url)
      const other = yield* program(keys, url)
      const gone = yield* fill(before, 3)
      const stays = yield* fill(before, 2)
      keys.rotate("k2")
      yield* before.vault.put(stays, "grant 1", Redacted.make("secret 1"))
      yield* before.vault.put(gone, "grant 1", Redacted.make("secret 1"))
      yield* dump(before)
      expect(yield* opens(other, gone)).toBe("secret 0")
      expect(yield* before.care.shred(gone)).toEqual({ secrets: 3, stillOpening: [] })
      expect(yield* before.care.shred(gone)).toEqual({ secrets: 0, stillOpening: [] })
      expect(yield* opens(other, gone)).toBe(undefined)

      yield* restore(before, dumped)
      const restored = yield* program(keys, url)
      expect(yield* Effect.flip(restored.vault.get(gone, "grant 0"))).toMatchObject({ isDestroyed: true })
      const { opened, unopened } = yield* restored.care.verify()
      expect([opened, unopened.map(({ because, organizationId }) => [organizationId, because])]).toEqual([
        2,
        [0, 1, 2].map(() => [gone, "destroyed"])
      ])
      // After a backup was put back the same command cleans up again, and what is sealed anew holds up nobody.
      expect(yield* restored.care.shred(gone)).toEqual({ secrets: 3, stillOpening: [] })
      expect(yield* restored.care.rewrapAll()).toMatchObject({ stuck: 0, remaining: 0 })
      expect(yield* opens(restored, stays)).toBe("secret 0")
    }).pipe(Effect.scoped)
  )

  it.live("with a key for all organizations says which key is to be retired, and then spares the others", () =>
    Effect.gen(function* () {
      const { url } = yield* freshDatabase
      const keys = deployment({ isTree: false })
      const before = yield* program(keys, url)
      const gone = yield* fill(before, 3)
      const stays = yield* fill(before, 2)
      yield* dump(before)
      expect(yield* before.care.shred(gone)).toEqual({ secrets: 3, stillOpening: ["k1"] })
      expect(yield* before.care.shred(gone)).toMatchObject({ secrets: 0 })
      expect(yield* opens(before, gone)).toBe(undefined)
      keys.rotate("k2")
      yield* before.care.rewrapAll()
      keys.retire("k1")

      // The whole dump opens nothing: what sealed its data keys is gone.
      const { rows: today } = (yield* before.query(sql`select * from portolan.vault_keys`)) as {
        readonly rows: ReadonlyArray<object>
      }
      yield* before.query(sql`create table today as table portolan.vault_keys`)
      yield* restore(before, dumped)
      const restored = yield* program(keys, url)
      expect(yield* Effect.all([opens(restored, gone), opens(restored, stays)])).toEqual([undefined, undefined])

      // With the data keys of today, everybody but the one who is gone is back.
      expect(today.length).toBe(2)
      yield* before.query(sql`delete from portolan.vault_keys`)
      yield* before.query(sql`insert into portolan.vault_keys select * from today`)
      const back = yield* program(keys, url)
      expect(yield* Effect.all([opens(back, gone), opens(back, stays)])).toEqual([undefined, "secret 0"])
      const { unopened } = yield* back.care.verify()
      expect(new Set(unopened.map(({ because, organizationId }) => `${organizationId} ${because}`))).toEqual(
        new Set([`${gone} destroyed`])
      )
    }).pipe(Effect.scoped)
  )
})
