/**
 * What the conformance suite needs to test this package: fresh organizations, clients with connections of their own,
 * and hands behind the vault's back. The subjects are in `conformance.pglite.ts` and `conformance.postgres.ts`.
 */
import { randomBytes } from "node:crypto"
import type { Subject, VaultInstance } from "@portolan/conformance"
import { Id } from "@portolan/domain"
import { TokenVault } from "@portolan/ports"
import { Context, Effect, Layer, type Redacted, type Scope } from "effect"
import { type Kysely, type KyselyPlugin, sql } from "kysely"
import * as Database from "./src/Database.ts"
import * as DataKeys from "./src/DataKeys.ts"
import { type Key, newKey } from "./src/Seal.ts"
import * as Store from "./src/Store.ts"
import * as TokenVaultPostgres from "./src/TokenVaultPostgres.ts"

type OpenStore = Store.Store["Service"]

const freshOrganization = () => Id.make("organization", Date.now(), randomBytes(Id.entropyBytes))

/** Which statement of the vault goes wrong, and how. */
interface Trap {
  away: number
  call: number
  side: "before" | "after"
  struck: boolean
}

const lost = () => Object.assign(new Error("the connection was cut"), { code: "ECONNRESET" })

/** Sits between the vault and the driver and cuts the connection at the statement it is told to. */
const trapping = (trap: Trap): KyselyPlugin => {
  let failsAfter = false
  return {
    transformQuery: ({ node }) => {
      if (trap.away > 0) {
        trap.away -= 1
        throw lost()
      }
      const due = trap.call > 0 && --trap.call === 0
      if (due) trap.struck = true
      if (due && trap.side === "before") throw lost()
      failsAfter = due
      return node
    },
    transformResult: ({ result }) => {
      if (!failsAfter) return Promise.resolve(result)
      failsAfter = false
      return Promise.reject(lost())
    }
  }
}

/** A ring of master keys that a law may turn. */
const turningRing = () => {
  const keys = new Map<string, Key>([["master-1", newKey()]])
  const withdrawn = new Map<string, Key>()
  let active = "master-1"
  const move = (from: Map<string, Key>, to: Map<string, Key>, keyId: string) => {
    const key = from.get(keyId)
    if (key === undefined) return
    from.delete(keyId)
    to.set(keyId, key)
  }
  return {
    current: (): DataKeys.KeyRing => ({ active, keys }),
    rotate: () => {
      const before = active
      active = `master-${keys.size + withdrawn.size + 1}`
      keys.set(active, newKey())
      return before
    },
    withdraw: (keyId: string) => move(keys, withdrawn, keyId),
    restore: (keyId: string) => move(withdrawn, keys, keyId)
  }
}

/** A vault of its own, with its own cache of keys, over an open store. */
const vaultOver = (store: OpenStore, ring: ReturnType<typeof turningRing>) =>
  Layer.build(Layer.fresh(TokenVaultPostgres.layer)).pipe(
    Effect.map(Context.get(TokenVault.TokenVault)),
    Effect.provideService(Store.Store, store),
    Effect.provideService(DataKeys.DataKeys, DataKeys.make(ring.current))
  )

const withPlugin = (store: OpenStore, plugin: KyselyPlugin): OpenStore => ({
  ...store,
  database: { ...store.database, kysely: store.database.kysely.withPlugin(plugin) }
})

interface SealedRow {
  readonly sealed: Uint8Array | null
  readonly nonce: Uint8Array | null
  readonly tag: Uint8Array | null
  readonly key_id: string | null
}

type AnyRow = Readonly<Record<string, unknown>>

const query = <A>(work: () => Promise<A>) => Effect.tryPromise({ try: work, catch: (cause) => cause })

/** What the laws may see or do behind the vault's back. Runs as the session's own user, past row level security. */
const behind = <DB>(kysely: Kysely<DB>, organizations: VaultInstance["organizations"]) => {
  const own = sql`organization_id in (${organizations[0]}, ${organizations[1]})`
  const here = (organizationId: string, reference: string) =>
    sql`organization_id = ${organizationId} and reference = ${JSON.stringify(reference).slice(1, -1)}`
  const bytesOf = (value: unknown) => (value instanceof Uint8Array ? value : Buffer.from(JSON.stringify(value) ?? ""))
  const dump = Effect.fnUntraced(function* (table: string) {
    const all = sql<AnyRow>`select * from ${sql.table(`portolan.${table}`)} where ${own}`
    const { rows } = yield* query(() => all.execute(kysely))
    return rows.flatMap((row, index) =>
      Object.entries(row).map(([column, value]) => ({ where: `${table}.${column} row ${index}`, bytes: bytesOf(value) }))
    )
  })
  const probes: Pick<VaultInstance["probes"], "advance" | "dump" | "tamper"> = {
    // Moving all deadlines back is as good as moving the server's clock on.
    advance: (millis) =>
      Effect.orDie(query(() =>
        sql`update portolan.vault_secrets set lease_until = lease_until
          - make_interval(secs => ${millis / 1000}::double precision)
          where ${own}`.execute(kysely)
      )),
    dump: () => Effect.map(Effect.all([dump("vault_secrets"), dump("vault_keys")]), (chunks) => chunks.flat()),
    tamper: {
      read: (organizationId, reference) =>
        Effect.map(
          query(() =>
            sql<SealedRow>`select sealed, nonce, tag, key_id from portolan.vault_secrets
              where ${here(organizationId, reference)} and sealed is not null`.execute(kysely)
          ),
          ({ rows: [row] }) => ({
            ...(row?.sealed == null ? {} : { body: row.sealed }),
            ...(row?.nonce == null ? {} : { nonce: row.nonce }),
            ...(row?.tag == null ? {} : { tag: row.tag }),
            ...(row?.key_id == null ? {} : { keyId: Buffer.from(row.key_id, "latin1") })
          })
        ),
      write: (organizationId, reference, { body, keyId, nonce, tag }) =>
        query(async () => {
          // A text column takes no NUL; any other letter changes the name of the key as well.
          const name = keyId === undefined ? null : Buffer.from(keyId).toString("latin1").replaceAll("\0", "?")
          const bytes = (value: Uint8Array | undefined) => (value === undefined ? null : Buffer.from(value))
          await sql`update portolan.vault_secrets set sealed = coalesce(${bytes(body)}::bytea, sealed),
            nonce = coalesce(${bytes(nonce)}::bytea, nonce), tag = coalesce(${bytes(tag)}::bytea, tag),
            key_id = coalesce(${name}::text, key_id) where ${here(organizationId, reference)}`.execute(kysely)
        })
    }
  }
  return probes
}

/** One case's vault. Clients and reopened vaults take the `others` in turn: stores with connections of their own. */
const instance = Effect.fnUntraced(function* (store: OpenStore, others: ReadonlyArray<OpenStore>) {
  const organizations = [freshOrganization(), freshOrganization()] as const
  const ring = turningRing()
  const trap: Trap = { away: 0, call: 0, side: "before", struck: false }
  const vault = yield* vaultOver(withPlugin(store, trapping(trap)), ring)
  const made: VaultInstance = {
    vault,
    features: vault.features,
    organizations,
    probes: {
      ...behind(store.database.kysely, organizations),
      clients: (count) =>
        Effect.all(
          Array.from({ length: count }, (_, index) => vaultOver(others[index % others.length] ?? store, ring))
        ),
      reopen: () => vaultOver(others[0] ?? store, ring),
      keys: {
        rotate: () => Effect.sync(ring.rotate),
        withdraw: (keyId) => Effect.sync(() => ring.withdraw(keyId)),
        restore: (keyId) => Effect.sync(() => ring.restore(keyId)),
        active: () => Effect.sync(() => ring.current().active)
      },
      crash: {
        arm: (call, side) => Effect.sync(() => void Object.assign(trap, { call, side, struck: false })),
        disarm: () =>
          Effect.sync(() => {
            const { struck } = trap
            Object.assign(trap, { call: 0, struck: false })
            return struck
          })
      },
      outage: (count) => Effect.sync(() => void (trap.away = count))
    }
  }
  return made
})

const opened = <E>(database: Layer.Layer<Database.Database, E>) =>
  Effect.map(Layer.build(Layer.fresh(Store.layer.pipe(Layer.provide(database)))), Context.get(Store.Store))

/** One store for the instance and six for clients, each with connections of its own. */
export const serverStores = Effect.fnUntraced(function* (url: Redacted.Redacted<string>) {
  const open = opened(Database.layerPostgres({ url, poolSize: 3 }))
  return [yield* open, ...(yield* Effect.all(Array.from({ length: 6 }, () => open)))] as const
})

/** The one store that the embedded database has. */
export const embeddedStores = Effect.map(opened(Database.layerPGlite()), (store) => [store] as const)

/** The vault of this package as a subject. `stores` opens what all cases share: the first is the instance's own. */
export const tokenVault = <E>(
  name: string,
  notVerified: Readonly<Record<string, string>>,
  stores: Effect.Effect<readonly [OpenStore, ...ReadonlyArray<OpenStore>], E, Scope.Scope>
): Subject<VaultInstance> => ({
  name,
  version: "0.1.0",
  place: "outside",
  manifest: { features: ["leases", "durable", "rollback-protection"], clock: "store", notVerified },
  open: Effect.map(stores, ([store, ...others]) => instance(store, others))
})
