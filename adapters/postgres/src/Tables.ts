/**
 * The tables as kysely sees them. Most statements here are written in SQL, where a reader can check keys and locks; the
 * types below serve the ones that are put together.
 */
import type { Aggregate } from "@portolan/domain"

/** Columns of every aggregate's table. */
export interface AggregateTable {
  readonly organization_id: string
  readonly id: string
  readonly version: number
  /** The state's tag, for filters. */
  readonly tag: string
  /** Epoch milliseconds that lists are sorted by: when it was created, proposed, started or issued. */
  readonly at: number
  /** JSON by the state's schema. Type `json`, not `jsonb`: any text a name may hold comes back as it was. */
  readonly state: unknown
}

/** All tables of schema `portolan`. */
export interface Tables {
  readonly "portolan.companies": AggregateTable & { readonly sort_name: string; readonly search: string }
  readonly "portolan.accounts": AggregateTable & { readonly company_id: string }
  readonly "portolan.connections": AggregateTable & {
    readonly company_id: string
    readonly account_id: string
    readonly channel: string
    readonly grant_id: string | null
  }
  readonly "portolan.authorizations": AggregateTable & { readonly connection_id: string; readonly state_digest: string }
  readonly "portolan.invitations": AggregateTable & { readonly connection_id: string; readonly token_digest: string }
  readonly "portolan.grants": AggregateTable
  readonly "portolan.backfills": AggregateTable & { readonly connection_id: string }
}

/** The table of each kind of aggregate. */
export const tableOf: { readonly [K in Aggregate.Kind]: keyof Tables } = {
  company: "portolan.companies",
  account: "portolan.accounts",
  connection: "portolan.connections",
  authorization: "portolan.authorizations",
  invitation: "portolan.invitations",
  grant: "portolan.grants",
  backfill: "portolan.backfills"
}
