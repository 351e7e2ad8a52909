/**
 * Cares for the keys of all organizations' secrets. Reads across organizations see names and numbers only, by a policy
 * of their own; what changes something runs for one organization at a time, like everything else.
 */
import { Id } from "@portolan/domain"
import { KeyRing, TokenVault, VaultKeys } from "@portolan/ports"
import { Effect, Layer, Schema } from "effect"
import { sql } from "kysely"
import { DataKeys } from "./DataKeys.ts"
import { Store, transact, type Trx } from "./Store.ts"
import { statement } from "./store/statement.ts"
import { rewrapIn } from "./vault/rewrap.ts"
import { change, only, openSecret, referenceOf, type Row, type VaultContext } from "./vault/rows.ts"

type Port = VaultKeys.VaultKeys["Service"]

const isOrganization = Schema.is(Id.OrganizationId)

/** Runs a look across organizations. */
const look = <A>({ store }: VaultContext, doing: string, work: (trx: Trx) => Promise<A>) =>
  transact(store, { doing, scope: { custody: true } }, work).pipe(
    Effect.catchTag("StoreUnavailable", ({ cause, doing }) =>
      Effect.fail(new TokenVault.VaultUnavailable({ doing, cause }))
    )
  )

/** Master key, or null where no data key is there any more. */
const hangingOn = sql`
  from (
    select organization_id, key_id, count(*) as secrets from portolan.vault_secrets
    where sealed is not null group by organization_id, key_id
  ) as s
  full join portolan.vault_keys as k on k.organization_id = s.organization_id and k.master_key_id = s.key_id`

interface UseRow {
  readonly key_id: string
  readonly secrets: string | number
  readonly data_keys: string | number
  readonly organizations: string | number
}

const stateOf = (known: KeyRing.Known, keyId: string): VaultKeys.KeyUse["state"] => {
  if (keyId === known.active) return "active"
  return known.others.has(keyId) ? "opens-only" : "missing"
}

/** The keys of rows, and those at hand that nothing hangs on. */
const usesOf = (known: KeyRing.Known, rows: ReadonlyArray<UseRow>): ReadonlyArray<VaultKeys.KeyUse> => {
  const used = rows.map((row): VaultKeys.KeyUse => ({
    keyId: row.key_id,
    state: stateOf(known, row.key_id),
    secrets: Number(row.secrets),
    dataKeys: Number(row.data_keys),
    organizations: Number(row.organizations)
  }))
  const idle = [known.active, ...known.others]
    .filter((keyId) => used.every((one) => one.keyId !== keyId))
    .map((keyId) => ({ keyId, state: stateOf(known, keyId), secrets: 0, dataKeys: 0, organizations: 0 }))
  return [...used, ...idle]
}

const status = (context: VaultContext): Port["status"] =>
  Effect.gen(function* () {
    const { ring } = context.keys
    const known = yield* Effect.orElseSucceed(ring.refresh, ring.known)
    const { rows } = yield* look(context, "looking at keys", (trx) =>
      sql<UseRow>`select coalesce(k.sealed_by, k.master_key_id, s.key_id) as key_id,
          coalesce(sum(s.secrets), 0) as secrets, count(k.master_key_id) as data_keys,
          count(distinct coalesce(k.organization_id, s.organization_id)) as organizations
        ${hangingOn} group by 1 order by 1`.execute(trx)
    )
    return usesOf(known, rows)
  }).pipe(Effect.withSpan("VaultKeys.status"))

/** The keys that something hangs on, by an index, and what hangs on each up to a number. */
const lookAtUse = ({ keys: { ring }, store }: VaultContext): Port["look"] =>
  Effect.gen(function* () {
    const known = yield* Effect.orElseSucceed(ring.refresh, ring.known)
    const rows = yield* statement(
      store,
      "looking at keys",
      sql<UseRow>`select * from portolan.keys_in_use(${VaultKeys.countLimit}::integer)`
    )
    return usesOf(known, rows)
  }).pipe(
    Effect.mapError(({ cause, doing }) => new TokenVault.VaultUnavailable({ doing, cause })),
    Effect.withSpan("VaultKeys.look")
  )

/** Organizations that something of is not under the active key, in the order of their names; one statement. */
const behind = ({ keys, store }: VaultContext, after: string, limit: number) =>
  statement(
    store,
    "looking for what to seal anew",
    sql<{ readonly organization_id: string }>`select keys_behind as organization_id
      from portolan.keys_behind(${keys.active()}, ${after}, ${limit}::integer)`
  ).pipe(
    Effect.map((rows) => rows.map(({ organization_id: id }) => id).filter(isOrganization)),
    Effect.mapError(({ cause, doing }) => new TokenVault.VaultUnavailable({ doing, cause }))
  )

const countBehind = (context: VaultContext) =>
  look(context, "counting what to seal anew", async (trx) => {
    const active = context.keys.active()
    const { rows } = await sql<{ readonly remaining: string }>`select
      (select count(*) from portolan.vault_secrets where sealed is not null and key_id <> ${active})
      + (select count(*) from portolan.vault_keys where coalesce(sealed_by, master_key_id) <> ${active})
      as remaining`.execute(trx)
    return Number(rows[0]?.remaining ?? 0)
  })

/** Seals anew what there is of one organization: secrets, and when none is left, the data keys of before. */
const rewrapOne = (context: VaultContext, organizationId: Id.OrganizationId, limit: number) =>
  change(context, "sealing anew", organizationId, async (trx) => {
    const rewrapped = await rewrapIn(context, trx, organizationId, limit)
    if (rewrapped >= limit) return { rewrapped, resealed: 0 }
    const { rows } = await sql<{ readonly name: string }>`select master_key_id as name from portolan.vault_keys
      where organization_id = ${organizationId} and coalesce(sealed_by, master_key_id) <> ${context.keys.active()}
      order by master_key_id for update`.execute(trx)
    let resealed = 0
    for (const { name } of rows) if (await context.keys.reseal(trx, organizationId, name)) resealed += 1
    return { rewrapped, resealed }
  }).pipe(only("KeyUnavailable"))

/** Organizations that one look gives at most. */
const lookLimit = 500

const rewrap = (context: VaultContext): Port["rewrap"] =>
  Effect.fn("VaultKeys.rewrap")(function* (limit) {
    yield* context.keys.ring.refresh.pipe(
      Effect.catchTag("KeyRingUnavailable", ({ cause, doing }) =>
        Effect.fail(new TokenVault.VaultUnavailable({ doing, cause }))
      )
    )
    let rewrapped = 0
    let work = 0
    let after = ""
    while (work < limit) {
      const organizations = yield* behind(context, after, lookLimit)
      for (const organizationId of organizations) {
        if (work >= limit) break
        after = organizationId
        // A key that is missing holds up its own secrets, and nobody else's.
        const done = yield* Effect.catchTag(rewrapOne(context, organizationId, limit - work), "KeyUnavailable", () =>
          Effect.succeed({ rewrapped: 0, resealed: 0 })
        )
        rewrapped += done.rewrapped
        work += done.rewrapped + done.resealed
      }
      // The usual look finds nothing, and then there is nothing to count.
      if (organizations.length === 0 && after === "") return { rewrapped, remaining: 0, stuck: 0 }
      if (organizations.length < lookLimit) break
    }
    const remaining = yield* countBehind(context)
    return { rewrapped, remaining, stuck: work < limit ? remaining : 0 }
  })

const verifyOne = async (
  context: VaultContext,
  trx: Trx,
  organizationId: Id.OrganizationId,
  row: Row & { readonly reference: string }
): Promise<VaultKeys.Unopened["because"] | undefined> => {
  try {
    const key = await context.keys.get(trx, organizationId, row.key_id ?? "", false)
    const name = { organizationId, reference: referenceOf(row.reference) }
    return openSecret(key, name, row) === undefined ? "broken" : undefined
  } catch (cause) {
    if (!(cause instanceof TokenVault.KeyUnavailable)) throw cause
    if (cause.isDestroyed === true) return "destroyed"
    const { rows } = await sql`select 1 from portolan.vault_keys
      where organization_id = ${organizationId} and master_key_id = ${row.key_id}`.execute(trx)
    return rows.length === 0 ? "destroyed" : "key-missing"
  }
}

const separator = "\n"

const verify = (context: VaultContext): Port["verify"] =>
  Effect.fn("VaultKeys.verify")(function* (limit, after = separator) {
    const [organization = "", reference = ""] = after.split(separator)
    const rows = yield* look(context, "reading secrets to try them", async (trx) => {
      const found = await sql<Row & { readonly organization_id: string; readonly reference: string }>`
        select organization_id, reference, version, sealed, nonce, tag, key_id, updated_at from portolan.vault_secrets
        where sealed is not null and (organization_id, reference) > (${organization}, ${reference})
        order by organization_id, reference limit ${limit}`.execute(trx)
      return found.rows
    })
    const unopened: Array<VaultKeys.Unopened> = []
    for (const id of new Set(rows.map((row) => row.organization_id))) {
      if (!isOrganization(id)) continue
      const own = rows.filter((row) => row.organization_id === id)
      const found = yield* change(context, "trying secrets", id, async (trx) => {
        const failed: Array<VaultKeys.Unopened> = []
        for (const row of own) {
          const because = await verifyOne(context, trx, id, row)
          if (because !== undefined) failed.push({ organizationId: id, reference: referenceOf(row.reference), because })
        }
        return failed
      }).pipe(only())
      unopened.push(...found)
    }
    const last = rows.at(-1)
    const next = rows.length < limit || last === undefined ? {} : { next: nextOf(last) }
    return { opened: rows.length - unopened.length, unopened, ...next }
  })

const nextOf = (row: { readonly organization_id: string; readonly reference: string }): string =>
  `${row.organization_id}${separator}${row.reference}`

const shred = (context: VaultContext): Port["shred"] =>
  Effect.fn("VaultKeys.shred")(function* (organizationId) {
    const secrets = yield* change(context, "destroying keys", organizationId, async (trx) => {
      await sql`delete from portolan.vault_keys where organization_id = ${organizationId}`.execute(trx)
      // The rows stay, so that versions and fences never repeat.
      const { numAffectedRows } = await sql`update portolan.vault_secrets
        set sealed = null, nonce = null, tag = null, key_id = null, lease_fence = null, lease_until = null,
          updated_at = clock_timestamp()
        where organization_id = ${organizationId} and sealed is not null`.execute(trx)
      return Number(numAffectedRows ?? 0n)
    }).pipe(only())
    // The rows first: what is left when a process dies between the two opens until it is done again, and is not lost.
    return { secrets, stillOpening: yield* context.keys.destroy(organizationId) }
  })

/** Over `Store` and the data keys. */
export const layer: Layer.Layer<VaultKeys.VaultKeys, never, Store | DataKeys> = Layer.effect(
  VaultKeys.VaultKeys,
  Effect.gen(function* () {
    const context: VaultContext = { store: yield* Store, keys: yield* DataKeys }
    return VaultKeys.VaultKeys.of({
      status: status(context),
      look: lookAtUse(context),
      rewrap: rewrap(context),
      verify: verify(context),
      shred: shred(context)
    })
  })
)
