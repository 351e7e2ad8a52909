/** Sealing secrets anew after the master key changed. */
import type { Id } from "@portolan/domain"
import { Effect } from "effect"
import { sql } from "kysely"
import type { Trx } from "../Store.ts"
import { change, type FencedRow, only, openSecret, referenceOf, sealSecret, type VaultContext } from "./rows.ts"

type NamedRow = FencedRow & { readonly reference: string }

/** Seals one secret with the active key. Answers whether it could be opened. */
const rewrapOne = async (context: VaultContext, trx: Trx, organizationId: Id.OrganizationId, row: NamedRow) => {
  const name = { organizationId, reference: referenceOf(row.reference) }
  const key = await context.keys.get(trx, organizationId, row.key_id ?? "", false)
  const secret = openSecret(key, name, row)
  // A damaged secret stays as it is, so that its reader gets the error; it does not hold up the others.
  if (secret === undefined) return false
  const { keyId, nonce, sealed, tag } = await sealSecret(
    context,
    trx,
    { ...name, version: Number(row.version) },
    secret
  )
  // Version and time stay: the secret is the same.
  await sql`update portolan.vault_secrets set sealed = ${sealed}, nonce = ${nonce}, tag = ${tag}, key_id = ${keyId}
    where organization_id = ${organizationId} and reference = ${row.reference}`.execute(trx)
  return true
}

/** Seals at most `limit` secrets of an organization with the active key. */
export const rewrap = Effect.fn("TokenVault.rewrap")(function* (
  context: VaultContext,
  organizationId: Id.OrganizationId,
  limit: number
) {
  return yield* change(context, "sealing secrets anew", organizationId, async (trx) => {
    const old = sql`organization_id = ${organizationId} and sealed is not null
      and key_id <> ${context.keys.active()}`
    // Locked rows are being written at this moment, with the active key: they need nothing.
    const { rows } = await sql<NamedRow>`
      select reference, version, sealed, nonce, tag, key_id, updated_at, fence from portolan.vault_secrets
      where ${old} order by reference limit ${Math.max(0, Math.trunc(limit))} for update skip locked`.execute(trx)
    let rewrapped = 0
    for (const row of rows) if (await rewrapOne(context, trx, organizationId, row)) rewrapped += 1
    const left = await sql<{ readonly count: number }>`
      select count(*)::integer as count from portolan.vault_secrets where ${old}`.execute(trx)
    return { rewrapped, remaining: left.rows[0]?.count ?? 0 }
  }).pipe(only("KeyUnavailable"))
})
