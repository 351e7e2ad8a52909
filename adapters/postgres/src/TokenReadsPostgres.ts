/** Reads what a token is handed out by in one statement, which also records the read. */
import { type Aggregate, type Id, Stored } from "@portolan/domain"
import { TokenReads, TokenVault } from "@portolan/ports"
import { DateTime, Effect, Layer, Result } from "effect"
import { CompiledQuery, sql } from "kysely"
import { DataKeys } from "./DataKeys.ts"
import { stripped } from "./DatabaseError.ts"
import { Store } from "./Store.ts"
import { openSecret, referenceOf, type Row as SecretRow, type VaultContext } from "./vault/rows.ts"
import { openKey } from "./vault/secrets.ts"

interface Row extends SecretRow {
  readonly organization: Id.OrganizationId
  readonly reference: string
  readonly sealed_with: string
  readonly key_id: string
  readonly key_schema: number | null
  readonly key_state: string
  readonly organization_schema: number | null
  readonly organization_state: string | null
  readonly connection_schema: number | null
  readonly connection_state: string
}

const { KeyUnavailable, SecretCorrupted, VaultUnavailable } = TokenVault

/** Most states that are remembered of a kind. */
const capacity = 1_000

/** Reads states of a kind. A text that is the same as last time is not decoded again. */
const makeReader = <K extends "apiKey" | "organization" | "connection">(kind: K) => {
  const lately = new Map<
    string,
    { readonly version: number | null; readonly text: string; readonly state: Aggregate.Present<K> }
  >()
  return (id: string, schemaVersion: number | null, text: string): Aggregate.Present<K> => {
    const known = lately.get(id)
    if (known?.text === text && known.version === schemaVersion) return known.state
    const state = Result.getOrThrow(Stored.readState(kind, { id, schemaVersion, payload: JSON.parse(text) }))
    lately.delete(id)
    for (const oldest of lately.keys()) {
      if (lately.size < capacity) break
      lately.delete(oldest)
    }
    lately.set(id, { version: schemaVersion, text, state })
    return state
  }
}

interface Reader {
  readonly context: VaultContext
  /** The statement. */
  readonly text: string
  readonly apiKey: ReturnType<typeof makeReader<"apiKey">>
  readonly organization: ReturnType<typeof makeReader<"organization">>
  readonly connection: ReturnType<typeof makeReader<"connection">>
}

const read = async (
  { apiKey, connection, context, organization, text }: Reader,
  connectionId: string,
  parameters: ReadonlyArray<string>
) => {
  const { rows } = await context.store.database.kysely.executeQuery(CompiledQuery.raw(text, [...parameters]))
  const row = (rows as ReadonlyArray<Row>)[0]
  if (row === undefined) return undefined
  const { organization: organizationId, sealed_with: keyName } = row
  const reference = referenceOf(row.reference)
  const dataKey = context.keys.cached(organizationId, keyName) ?? (await openKey(context, organizationId, keyName))
  const secret = openSecret(dataKey, { organizationId, reference }, { ...row, key_id: keyName })
  if (secret === undefined) throw new SecretCorrupted({ reference })
  return {
    key: apiKey(row.key_id, row.key_schema, row.key_state),
    organization:
      row.organization_state === null
        ? undefined
        : organization(organizationId, row.organization_schema, row.organization_state),
    connection: connection(connectionId, row.connection_schema, row.connection_state),
    secret: { secret, version: Number(row.version), updatedAt: DateTime.makeUnsafe(row.updated_at) }
  } satisfies TokenReads.Reading
}

/** Over `Store` and the data keys. */
export const layer: Layer.Layer<TokenReads.TokenReads, never, Store | DataKeys> = Layer.effect(
  TokenReads.TokenReads,
  Effect.gen(function* () {
    const context: VaultContext = { store: yield* Store, keys: yield* DataKeys }
    // Compiled once: nothing is asked more often.
    const { sql: text } = sql`select * from portolan.read_token_by_key(${""}, ${""}, ${""})`.compile(
      context.store.database.kysely
    )
    const reader: Reader = {
      context,
      text,
      apiKey: makeReader("apiKey"),
      organization: makeReader("organization"),
      connection: makeReader("connection")
    }
    return TokenReads.TokenReads.of({
      byKey: (digest, connectionId, operation) =>
        Effect.tryPromise({
          try: () => read(reader, connectionId, [digest, connectionId, operation]),
          catch: (cause) =>
            cause instanceof SecretCorrupted || cause instanceof KeyUnavailable || cause instanceof VaultUnavailable
              ? cause
              : new VaultUnavailable({ doing: "reading a token by a key", cause: stripped(cause) })
        })
    })
  })
)
