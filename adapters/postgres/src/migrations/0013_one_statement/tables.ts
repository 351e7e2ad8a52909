/** The tables that a commit writes states to. */

/** Tables by the kind of aggregate; nothing else is written to by name. A further kind needs a new `write_states`. */
export const tables: ReadonlyArray<readonly [kind: string, table: string]> = [
  ["organization", "organizations"],
  ["member", "members"],
  ["apiKey", "api_keys"],
  ["advertiser", "advertisers"],
  ["awaited", "awaited"],
  ["company", "companies"],
  ["account", "accounts"],
  ["connection", "connections"],
  ["authorization", "authorizations"],
  ["invitation", "invitations"],
  ["grant", "grants"],
  ["backfill", "backfills"],
  ["window", "windows"],
  ["consolidation", "consolidations"],
  ["diagnosis", "diagnoses"],
  ["incident", "incidents"]
]
