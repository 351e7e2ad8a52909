/**
 * Where each table would live if one database were not enough. `README.md`, "Beyond one database", has this as a table,
 * and a test reads the catalogue of a migrated database and holds it against the rules here.
 */

/** How the rows of a table are spread over nodes. */
export type Placement =
  /** By `organization_id`: all rows of an organization lie on one node, and a change of it is local to that node. */
  | "organization"
  /** By the profile's own id: the one rule across organizations is checked on one node. */
  | "profile"
  /** On one node, as today: few rows, and no statement joins them with spread ones. */
  | "local"

/** The column whose value decides on which node a row lies; absent where rows are not spread. */
export const keyOf: { readonly [P in Placement]: string | undefined } = {
  organization: "organization_id",
  profile: "external_id",
  local: undefined
}

/** Every table by schema, without partitions of one. */
export const tables: { readonly [schema: string]: { readonly [P in Placement]?: ReadonlyArray<string> } } = {
  portolan: {
    organization: [
      "abandoned_writes",
      "account_brands",
      "accounts",
      "advertisers",
      "api_keys",
      "audit_chain",
      "audit_erasures",
      "audit_heads",
      "authorizations",
      "awaited",
      "backfills",
      "companies",
      "company_grams",
      "connections",
      "consolidations",
      "diagnoses",
      "events",
      "grants",
      "histories",
      "idempotency_keys",
      "incidents",
      "invitations",
      "jobs",
      "kept_mails",
      "landing_rows",
      "members",
      "organizations",
      "security_events",
      "token_read_batches",
      "token_reads",
      "vault_keys",
      "vault_secrets",
      "window_sums",
      "windows"
    ],
    profile: ["claims"],
    local: ["migrations", "migrations_lock", "worker_notices", "workers"]
  },
  identity: { local: ["account", "attempt", "migration", "session", "user", "verification"] }
}

/** Where a function of schema `portolan` runs. */
export type Reach =
  /** On the node of the organization, which is its first argument. */
  | "organization"
  /** On the node of the row that fired it; what it writes has the same organization. */
  | "row"
  /**
   * The queue, upkeep, reads of several scopes and reads by a digest, before an organization is known: to every node;
   * each answers for the organizations it has.
   */
  | "each"
  /** Reads no table: anywhere. */
  | "pure"

/** Every function of schema `portolan`. */
export const functions: { readonly [R in Reach]: ReadonlyArray<string> } = {
  organization: [
    "abandon",
    "abandon_change",
    "abandon_landing",
    "abandon_lease",
    "abandon_secret",
    "add_sums",
    "audit_append",
    "audit_erase",
    "change_lease",
    "commit_change",
    "data_key",
    "find_request",
    "keep_idempotency_key",
    "land_rows",
    "read_secret",
    "read_token",
    "seal_token_reads",
    "settle_claims",
    "write_secret",
    "write_states"
  ],
  row: [
    "account_brands_follow",
    "audit_event_added",
    "audit_security_added",
    "company_grams_follow",
    "connection_pause_follows",
    "events_added",
    "jobs_added"
  ],
  each: [
    "claim_jobs",
    "forget",
    "history_positions",
    "keys_behind",
    "keys_in_use",
    "prolong_jobs",
    "read_batch",
    "read_tokens_by_key",
    "reads_to_seal",
    "settle_jobs",
    "work_status"
  ],
  pure: ["audit_digest", "audit_digest_event", "audit_digest_read", "audit_digest_security", "grams", "refuse", "soon"]
}

const placements: { readonly [P in Placement]: readonly [citus: string, cockroach: string, yugabyte: string] } = {
  organization: [
    "distributed by `organization_id`, colocated",
    "primary key as it is; ranges split by organization",
    "`organization_id HASH`, the rest `ASC`"
  ],
  profile: [
    "distributed by `external_id`",
    "primary key as it is; the unique index is global",
    "unique index `external_id HASH`"
  ],
  local: ["local to the coordinator", "as it is", "one tablet"]
}

/** The tables as lines of Markdown, one a schema and placement. */
export const asMarkdown = (): string =>
  [
    "| tables | placement | Citus | CockroachDB | YugabyteDB |",
    "|---|---|---|---|---|",
    ...Object.entries(tables).flatMap(([schema, byPlacement]) =>
      (Object.keys(placements) as ReadonlyArray<Placement>).flatMap((placement) => {
        const names = byPlacement[placement]
        if (names === undefined) return []
        const shown = names.map((name) => `\`${name}\``).join(", ")
        return [`| ${schema}: ${shown} | ${placement} | ${placements[placement].join(" | ")} |`]
      })
    )
  ].join("\n")
