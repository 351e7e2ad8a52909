/** Sealing secrets anew after the master key changed. */
import type { Id } from "@portolan/domain"
import { Effect } from "effect"
import { sql } from "kysely"
import type { Trx } from "../Store.ts"
import { change, type FencedRow, only, openSecret, referenceOf, sealSecret, type VaultContext } from "./rows.ts"

type NamedRow = FencedRow & { readonly reference: string }

interface Resealed {
  readonly reference: string
  readonly keyId: string
  readonly nonce: Buffer
  readonly tag: Buffer
  readonly sealed: Buffer
}

/**
 * Seals one secret with the active key. Nothing when it cannot be opened: a damaged secret stays as it is, so that its
 * reader gets the error; it does not hold up the others.
 */
const resealed = async (
  context: VaultContext,
  trx: Trx,
  organizationId: Id.OrganizationId,
  row: NamedRow
): Promise<Resealed | undefined> => {
  const name = { organizationId, reference: referenceOf(row.reference) }
  const key = await context.keys.get(trx, organizationId, row.key_id ?? "", false)
  const secret = openSecret(key, name, row)
  if (secret === undefined) return undefined
  const active = context.keys.active()
  const own = await context.keys.get(trx, organizationId, active, true)
  const anew = sealSecret(own, active, { ...name, version: Number(row.version) }, secret)
  return { reference: row.reference, ...anew }
}

/** Seals at most `limit` secrets of an organization with the active key, in one statement. Says how many. */
export const rewrapIn = async (
  context: VaultContext,
  trx: Trx,
  organizationId: Id.OrganizationId,
  limit: number
): Promise<number> => {
  // Locked rows are being written at this moment, with the active key: they need nothing.
  const { rows } = await sql<NamedRow>`
    select reference, version, sealed, nonce, tag, key_id, updated_at, fence from portolan.vault_secrets
    where ${notUnder(context, organizationId)}
    order by reference limit ${Math.max(0, Math.trunc(limit))} for update skip locked`.execute(trx)
  const anew: Array<Resealed> = []
  for (const row of rows) {
    const one = await resealed(context, trx, organizationId, row)
    if (one !== undefined) anew.push(one)
  }
  if (anew.length === 0) return 0
  const values = anew.map(
    ({ keyId, nonce, reference, sealed, tag }) =>
      sql`(${reference}::text, ${sealed}::bytea, ${nonce}::bytea, ${tag}::bytea, ${keyId}::text)`
  )
  // Version and time stay: the secret is the same.
  await sql`update portolan.vault_secrets as s
    set sealed = anew.sealed, nonce = anew.nonce, tag = anew.tag, key_id = anew.key_id
    from (values ${sql.join(values)}) as anew (reference, sealed, nonce, tag, key_id)
    where s.organization_id = ${organizationId} and s.reference = anew.reference`.execute(trx)
  return anew.length
}

const notUnder = ({ keys }: VaultContext, organizationId: Id.OrganizationId) =>
  sql`organization_id = ${organizationId} and sealed is not null and key_id <> ${keys.active()}`

/** Seals at most `limit` secrets of an organization with the active key. */
export const rewrap = Effect.fn("TokenVault.rewrap")(function* (
  context: VaultContext,
  organizationId: Id.OrganizationId,
  limit: number
) {
  return yield* change(context, "sealing secrets anew", organizationId, async (trx) => {
    const rewrapped = await rewrapIn(context, trx, organizationId, limit)
    const left = await sql<{ readonly count: number }>`
      select count(*)::integer as count from portolan.vault_secrets
      where ${notUnder(context, organizationId)}`.execute(trx)
    return { rewrapped, remaining: left.rows[0]?.count ?? 0 }
  }).pipe(only("KeyUnavailable"))
})
