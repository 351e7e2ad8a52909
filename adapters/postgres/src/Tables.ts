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
  /** The version of the state's schema that it was written in; null in rows from before migration 0006. */
  readonly schema_version: number | null
  /** JSON by the state's schema. Type `json`, not `jsonb`: any text a name may hold comes back as it was. */
  readonly state: unknown
}

/** All tables of schema `portolan`. */
export interface Tables {
  readonly "portolan.organizations": AggregateTable & { readonly sort_name: string }
  readonly "portolan.members": AggregateTable & {
    readonly sort_address: string
    /** Of a member; null for who is invited or gone. */
    readonly person_id: string | null
    /** Of an open invitation. */
    readonly token_digest: string | null
  }
  readonly "portolan.api_keys": AggregateTable & { readonly digest: string }
  readonly "portolan.advertisers": AggregateTable & {
    readonly sort_name: string
    readonly region: string
    readonly assigned: boolean
  }
  readonly "portolan.awaited": AggregateTable
  readonly "portolan.companies": AggregateTable & { readonly sort_name: string; readonly search: string }
  readonly "portolan.accounts": AggregateTable & {
    readonly company_id: string
    /** Ids with commas between them. */
    readonly brand_ids: string
  }
  readonly "portolan.connections": AggregateTable & {
    readonly company_id: string
    readonly account_id: string
    readonly channel: string
    readonly marketplace_id: string
    readonly grant_id: string | null
    /** Epoch milliseconds at which its consent ends by itself. */
    readonly expires_at: number | null
  }
  readonly "portolan.authorizations": AggregateTable & {
    readonly connection_id: string
    readonly account_id: string
    readonly state_digest: string
  }
  readonly "portolan.invitations": AggregateTable & {
    readonly connection_id: string
    readonly account_id: string
    readonly token_digest: string
    readonly is_request: boolean
  }
  readonly "portolan.grants": AggregateTable & {
    readonly channel: string
    readonly region: string
    readonly responsible_member_id: string | null
  }
  readonly "portolan.backfills": AggregateTable & { readonly connection_id: string }
  readonly "portolan.windows": AggregateTable & {
    readonly connection_id: string
    readonly backfill_id: string
    readonly data_class: string
    readonly from_day: string
    readonly until_day: string
    readonly reason: string | null
    readonly round: string | null
  }
  readonly "portolan.consolidations": AggregateTable
  readonly "portolan.diagnoses": AggregateTable
  readonly "portolan.incidents": AggregateTable
}

/** The table of each kind of aggregate. */
export const tableOf: { readonly [K in Aggregate.Kind]: keyof Tables } = {
  organization: "portolan.organizations",
  member: "portolan.members",
  apiKey: "portolan.api_keys",
  advertiser: "portolan.advertisers",
  awaited: "portolan.awaited",
  company: "portolan.companies",
  account: "portolan.accounts",
  connection: "portolan.connections",
  authorization: "portolan.authorizations",
  invitation: "portolan.invitations",
  grant: "portolan.grants",
  backfill: "portolan.backfills",
  window: "portolan.windows",
  consolidation: "portolan.consolidations",
  diagnosis: "portolan.diagnoses",
  incident: "portolan.incidents"
}
