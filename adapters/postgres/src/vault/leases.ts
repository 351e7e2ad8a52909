/** Leases on secrets. They go by the database's clock, whatever the callers' clocks say. */
import type { Id } from "@portolan/domain"
import { TokenVault } from "@portolan/ports"
import { DateTime, Duration, Effect } from "effect"
import { sql } from "kysely"
import { change, columnOf, only, type SecretName, type VaultContext } from "./rows.ts"

const { LeaseHeld, LeaseLost, SecretNotFound } = TokenVault

interface LeaseRow {
  readonly fence: number
  readonly lease_until: Date
}

const leaseOf = (reference: string, row: LeaseRow): TokenVault.Lease => ({
  reference,
  fence: Number(row.fence),
  expiresAt: DateTime.makeUnsafe(row.lease_until)
})

/** In whole milliseconds, so that a caller reads exactly the instant that the database compares with. */
const until = (life: Duration.Duration) =>
  sql`date_trunc('milliseconds', clock_timestamp())
    + make_interval(secs => ${Duration.toMillis(life) / 1000}::double precision)`

const heldBy = (organizationId: string, lease: TokenVault.Lease) =>
  sql`organization_id = ${organizationId} and reference = ${columnOf(lease.reference)} and sealed is not null
    and lease_fence = ${lease.fence} and lease_until > clock_timestamp()`

/** Takes a lease that nobody has. */
export const acquireLease = Effect.fn("TokenVault.acquireLease")(function* (
  context: VaultContext,
  { organizationId, reference }: SecretName,
  life: Duration.Duration
) {
  return yield* change(context, "taking a lease", organizationId, async (trx) => {
    const here = sql`organization_id = ${organizationId} and reference = ${columnOf(reference)}
      and sealed is not null`
    const take = async () => {
      const { rows } = await sql<LeaseRow>`update portolan.vault_secrets
        set fence = fence + 1, lease_fence = fence + 1, lease_until = ${until(life)}
        where ${here} and (lease_until is null or lease_until <= clock_timestamp())
        returning fence, lease_until`.execute(trx)
      return rows[0]
    }
    const row = await take()
    if (row !== undefined) return leaseOf(reference, row)
    // Locked, because the secret may have come, or its lease have gone, since the first look (law VAULT-36).
    const [held] = (
      await sql<{ readonly held_until: Date | null }>`select lease_until as held_until
        from portolan.vault_secrets where ${here} for update`.execute(trx)
    ).rows
    if (held === undefined) throw new SecretNotFound({ reference })
    const late = await take()
    if (late !== undefined) return leaseOf(reference, late)
    throw new LeaseHeld({ reference, until: DateTime.makeUnsafe(held.held_until ?? new Date()) })
  }).pipe(only("SecretNotFound", "LeaseHeld"))
})

/** Prolongs a lease that is still held. */
export const renewLease = Effect.fn("TokenVault.renewLease")(function* (
  context: VaultContext,
  organizationId: Id.OrganizationId,
  lease: TokenVault.Lease,
  life: Duration.Duration
) {
  return yield* change(context, "prolonging a lease", organizationId, async (trx) => {
    const { rows } = await sql<LeaseRow>`update portolan.vault_secrets set lease_until = ${until(life)}
      where ${heldBy(organizationId, lease)} returning lease_fence as fence, lease_until`.execute(trx)
    const row = rows[0]
    if (row === undefined) throw new LeaseLost({ reference: lease.reference })
    return leaseOf(lease.reference, row)
  }).pipe(only("LeaseLost"))
})

/** Gives a lease back. Answers whether it was still held. */
export const releaseLease = Effect.fn("TokenVault.releaseLease")(function* (
  context: VaultContext,
  organizationId: Id.OrganizationId,
  lease: TokenVault.Lease
) {
  return yield* change(context, "giving a lease back", organizationId, async (trx) => {
    const { rows } = await sql`update portolan.vault_secrets set lease_fence = null, lease_until = null
      where ${heldBy(organizationId, lease)} returning 1`.execute(trx)
    return rows.length > 0
  }).pipe(only())
})
