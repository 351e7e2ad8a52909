/**
 * Claims of connections on profiles. A profile has one holder in an organization, by the primary key, and one holder
 * across all organizations that is not merely claimed, by a partial unique index.
 */
import { Profile } from "@portolan/domain"
import { UnitOfWork } from "@portolan/ports"
import { type RawBuilder, sql } from "kysely"
import type { Trx } from "../Store.ts"
import { byText } from "./order.ts"

const { ProfileTaken } = UnitOfWork

/** Frees and binds profiles, in the order of their keys. */
export const settleClaims = async (trx: Trx, { claims, organizationId }: UnitOfWork.Change) => {
  const ordered = claims.toSorted((one, other) => byText(Profile.keyText(one.key), Profile.keyText(other.key)))
  const at = ({ key }: UnitOfWork.Claim) => sql`channel = ${key.channel} and region = ${key.region} and
    marketplace_id = ${key.marketplaceId} and external_id = ${key.externalId}`
  // Frees before it binds, so that one change can move a profile from one connection to another.
  for (const claim of ordered) {
    if (claim._tag === "Hold") continue
    await sql`delete from portolan.claims where organization_id = ${organizationId} and ${at(claim)}
      and connection_id = ${claim.connectionId}`.execute(trx)
  }
  for (const claim of ordered) {
    if (claim._tag === "Release") continue
    await hold(trx, organizationId, claim, at(claim))
  }
}

/**
 * How often a profile is tried to be held. A holder may let go after it stood in the way and before it was looked at;
 * only one that stays in the way unseen belongs to another organization.
 */
const holdAttempts = 3

const hold = async (
  trx: Trx,
  organizationId: string,
  claim: Extract<UnitOfWork.Claim, { readonly _tag: "Hold" }>,
  at: RawBuilder<unknown>
) => {
  const { accountId, claimed = false, connectionId, key } = claim
  // A hold that was claimed is made anew, so that the index judges it; one that counts for all stays so.
  if (!claimed) {
    await sql`delete from portolan.claims where organization_id = ${organizationId} and ${at}
      and connection_id = ${connectionId} and claimed`.execute(trx)
  }
  for (let attempt = 0; attempt < holdAttempts; attempt++) {
    const made = await sql`insert into portolan.claims
      (organization_id, channel, region, marketplace_id, external_id, connection_id, account_id, claimed)
      values (${organizationId}, ${key.channel}, ${key.region}, ${key.marketplaceId}, ${key.externalId},
        ${connectionId}, ${accountId}, ${claimed}) on conflict do nothing returning 1`.execute(trx)
    if (made.rows.length > 0) return
    // Row level security shows the holder only when it is the caller's own (laws REPO-07, REPO-29).
    const {
      rows: [holder]
    } = await sql<{ readonly account_id: string; readonly connection_id: string }>`
      select account_id, connection_id from portolan.claims
      where organization_id = ${organizationId} and ${at}`.execute(trx)
    if (holder?.connection_id === connectionId) return
    if (holder !== undefined) {
      throw new ProfileTaken({
        profile: key.externalId,
        holder: { accountId: holder.account_id, connectionId: holder.connection_id }
      })
    }
  }
  throw new ProfileTaken({ profile: key.externalId })
}
