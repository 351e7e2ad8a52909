import type { Connection, Id, Marketplace } from "@portolan/domain"
import type { DateTime } from "effect"

/** Narrows the list of connections. */
export interface ConnectionFilter {
  readonly companyId?: Id.CompanyId
  readonly accountId?: Id.AccountId
  readonly accountIds?: ReadonlyArray<Id.AccountId>
  readonly marketplaceId?: Marketplace.MarketplaceId
  /** Those whose consent ends by itself before this instant (rule C11). */
  readonly expiresBefore?: DateTime.Utc
  readonly channel?: Connection.Present["channel"]
  /** State tags, e.g. `["Connected", "Limited"]`; those on the lists (`Connection.listed`) when left out. */
  readonly states?: ReadonlyArray<Connection.Present["_tag"]>
  /** True: those that fetch nothing until they are resumed; false: all others (rule P-R19). */
  readonly paused?: boolean
}
