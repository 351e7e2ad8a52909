/**
 * 0010: a data key says which master key seals it, so that master keys can be changed and retired while secrets stay as
 * they are; and operators see, across organizations, what hangs on which.
 */
import { type Kysely, sql } from "kysely"

/** Adds the column and the view across organizations. */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  // Null: sealed by the master key whose name the data key bears, as processes of the version before write it.
  await sql`alter table portolan.vault_keys add column sealed_by text collate "C"`.execute(db)
  await sql`create index vault_keys_by_master
    on portolan.vault_keys ((coalesce(sealed_by, master_key_id)), organization_id)`.execute(db)
  await sql`create index vault_secrets_by_key on portolan.vault_secrets (key_id, organization_id)
    where sealed is not null`.execute(db)
  // Nothing but the care for keys sets this.
  for (const table of ["vault_keys", "vault_secrets"]) {
    await sql`create policy custody on ${sql.table(`portolan.${table}`)} for select
      using (nullif(current_setting('portolan.custody', true), '') = 'on')`.execute(db)
  }
}
