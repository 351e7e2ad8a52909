/** A vault on one database, with everything the conformance suite can look at. */
import type { VaultInstance } from "@portolan/conformance"
import { Id } from "@portolan/domain"
import { Secrets, TokenVault } from "@portolan/ports"
import { Context, Effect, Layer } from "effect"
import { sql } from "kysely"
import { DataKeys, KeyRingLocal, Seal, Store, TokenVaultPostgres } from "../../src/index.ts"
import type { Faults } from "./Faults.ts"

/** A client of the database: its own pool, where the database has pools. */
export type Client = Store.Store["Service"]

/** What all cases of a run share. */
export interface VaultContext {
  readonly faults: Faults
  /** The first `count` clients; the same ones again for every case, each with connections of its own. */
  readonly clients: (count: number) => Effect.Effect<ReadonlyArray<Client>, unknown>
}

const entry = (keyId: string): readonly [string, Seal.Key] => [keyId, Seal.newKey()]

const bytesOf = (value: unknown): Uint8Array => (value instanceof Uint8Array ? value : Buffer.from(String(value)))

/** Whatever bytes come, as text a column takes; different bytes stay different from what was there. */
const textOf = (bytes: Uint8Array | undefined) =>
  Buffer.from(bytes ?? [])
    .toString("latin1")
    .replaceAll("\0", "\u0100")

/** Makes a vault for one case, under master keys of its own. */
export const makeVault = (context: VaultContext) =>
  Effect.gen(function* () {
    const secrets = yield* Secrets.Secrets
    const organizations = [yield* secrets.id("organization"), yield* secrets.id("organization")] as const
    const [client] = yield* context.clients(1)
    if (client === undefined) return yield* Effect.die("no client")
    const { kysely } = client.database

    let ring: KeyRingLocal.Ready = { active: "k1", keys: new Map([entry("k1")]) }
    const withdrawn = new Map<string, Seal.Material>()
    const vaultOn = (store: Client) =>
      Effect.map(
        Layer.build(
          Layer.fresh(TokenVaultPostgres.layer).pipe(
            Layer.provide(
              Layer.mergeAll(
                Layer.succeed(Store.Store, store),
                Layer.succeed(DataKeys.DataKeys, DataKeys.make(KeyRingLocal.make(() => ring)))
              )
            )
          )
        ),
        Context.get(TokenVault.TokenVault)
      )
    const clients = (count: number) => Effect.flatMap(context.clients(count), Effect.forEach(vaultOn))
    const vault = yield* vaultOn(client)

    const mine = sql`organization_id in (${sql.join([...organizations])})`
    const place = (organizationId: Id.OrganizationId, reference: string) => sql`organization_id = ${organizationId}
    and reference = ${JSON.stringify(reference).slice(1, -1)}`

    const instance: VaultInstance = {
      vault,
      features: vault.features,
      organizations,
      probes: {
        clients,
        reopen: () => vaultOn(client),
        advance: (millis) =>
          Effect.promise(async () => {
            await sql`update portolan.vault_secrets set lease_until = lease_until - make_interval(secs => ${millis / 1000}::double precision)
          where ${mine}`.execute(kysely)
          }),
        dump: () =>
          Effect.promise(async () => {
            const chunks = []
            for (const table of ["vault_secrets", "vault_keys", "events", "jobs"]) {
              const { rows } = await sql<object>`select * from ${sql.table(`portolan.${table}`)} where ${mine}`.execute(
                kysely
              )
              for (const [index, row] of rows.entries()) {
                for (const [column, value] of Object.entries(row)) {
                  chunks.push({ where: `${table}.${column} row ${index}`, bytes: bytesOf(value) })
                }
              }
            }
            return chunks
          }),
        tamper: {
          read: (organizationId, reference) =>
            Effect.promise(async () => {
              const { rows } = await sql<{
                readonly sealed: Uint8Array
                readonly nonce: Uint8Array
                readonly tag: Uint8Array
                readonly key_id: string
              }>`
            select sealed, nonce, tag, key_id from portolan.vault_secrets where ${place(organizationId, reference)}`.execute(
                kysely
              )
              const row = rows[0]
              return row === undefined
                ? {}
                : { body: row.sealed, nonce: row.nonce, tag: row.tag, key: Buffer.from(row.key_id) }
            }),
          write: (organizationId, reference, { body, key, nonce, tag }) =>
            Effect.promise(async () => {
              const bytes = (value: Uint8Array | undefined) => Buffer.from(value ?? [])
              await sql`update portolan.vault_secrets set sealed = ${bytes(body)}, nonce = ${bytes(nonce)}, tag = ${bytes(tag)},
            key_id = ${textOf(key)} where ${place(organizationId, reference)}`.execute(kysely)
            })
        },
        keys: {
          rotate: () =>
            Effect.sync(() => {
              const before = ring.active
              const next = `k${ring.keys.size + withdrawn.size + 1}`
              ring = { active: next, keys: new Map([...ring.keys, entry(next)]) }
              return before
            }),
          withdraw: (keyId) =>
            Effect.sync(() => {
              const key = ring.keys.get(keyId)
              if (key === undefined) return
              withdrawn.set(keyId, key)
              ring = { ...ring, keys: new Map([...ring.keys].filter(([id]) => id !== keyId)) }
            }),
          restore: (keyId) =>
            Effect.sync(() => {
              const key = withdrawn.get(keyId)
              if (key === undefined) return
              withdrawn.delete(keyId)
              ring = { ...ring, keys: new Map([...ring.keys, [keyId, key]]) }
            }),
          active: () => Effect.sync(() => ring.active)
        },
        crash: {
          arm: (call, side) => Effect.sync(() => context.faults.arm(call, side)),
          disarm: () => Effect.sync(() => context.faults.disarm())
        },
        outage: (count) => Effect.sync(() => context.faults.outage(count))
      }
    }
    return instance
  })
