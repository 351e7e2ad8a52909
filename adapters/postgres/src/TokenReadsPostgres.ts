/**
 * Reads what a token is handed out by in one statement, which also records the read. Reads that come while others are
 * on their way share a statement; states that are as they were last time do not travel, and are not decoded again.
 */
import { type Aggregate, type Id, Stored } from "@portolan/domain"
import { TokenReads, TokenVault } from "@portolan/ports"
import { DateTime, Effect, Layer, Result, Schema } from "effect"
import { CompiledQuery, sql } from "kysely"
import { DataKeys } from "./DataKeys.ts"
import { stripped } from "./DatabaseError.ts"
import { Gathered } from "./Gathered.ts"
import { Store } from "./Store.ts"
import { leavesOpen } from "./store/outcome.ts"
import { openSecret, referenceOf, type Row as SecretRow, type VaultContext } from "./vault/rows.ts"
import { openKey } from "./vault/secrets.ts"

interface Row extends Pick<SecretRow, "version" | "sealed" | "nonce" | "tag"> {
  /** The place of the question, from 1 on. */
  readonly place: number
  readonly organization: Id.OrganizationId
  readonly reference: string
  readonly sealed_with: string
  /** Milliseconds since 1970. */
  readonly updated_at: number
  readonly states_digest: string
  /** Absent when they have the digest that was named as known. */
  readonly states: string | null
}

const { KeyUnavailable, SecretCorrupted, VaultUnavailable } = TokenVault

interface Question {
  readonly digest: string
  readonly connectionId: Id.ConnectionId
  readonly operation: string
}

type States = Pick<TokenReads.Reading, "key" | "organization" | "connection">

/** Most keys and connections whose states are remembered. */
const capacity = 2_000

const Payload = Schema.Record(Schema.String, Schema.Unknown)
const Version = Schema.NullOr(Schema.Int)

/** Schema version and state of key, connection and organization, as the function writes them. */
const decodeStates = Schema.decodeUnknownSync(
  Schema.fromJsonString(Schema.Tuple([Version, Payload, Version, Payload, Version, Schema.NullOr(Payload)]))
)

const stateOf = <K extends "apiKey" | "organization" | "connection">(
  kind: K,
  schemaVersion: number | null,
  payload: typeof Payload.Type
): Aggregate.Present<K> =>
  Result.getOrThrow(Stored.readState(kind, { id: String(payload["id"]), schemaVersion, payload }))

const statesOf = (text: string): States => {
  const [keySchema, key, connectionSchema, connection, organizationSchema, organization] = decodeStates(text)
  return {
    key: stateOf("apiKey", keySchema, key),
    organization: organization === null ? undefined : stateOf("organization", organizationSchema, organization),
    connection: stateOf("connection", connectionSchema, connection)
  }
}

/** The states that were read lately, by key and connection, each with its digest. */
class Lately {
  readonly #states = new Map<string, { readonly digest: string; readonly states: States }>()

  static nameOf({ connectionId, digest }: Question): string {
    return `${digest} ${connectionId}`
  }

  digestOf(question: Question): string {
    return this.#states.get(Lately.nameOf(question))?.digest ?? ""
  }

  /** The states of a row: those that came with it, or those that are known by its digest. */
  statesOf(question: Question, { states, states_digest: digest }: Row): States | undefined {
    const name = Lately.nameOf(question)
    if (states === null) {
      const known = this.#states.get(name)
      return known?.digest === digest ? known.states : undefined
    }
    const read = statesOf(states)
    this.#states.delete(name)
    for (const oldest of this.#states.keys()) {
      if (this.#states.size < capacity) break
      this.#states.delete(oldest)
    }
    this.#states.set(name, { digest, states: read })
    return read
  }
}

/** Asks for several readings in one statement. */
const readMany = async (
  { store: { database } }: VaultContext,
  text: string,
  lately: Lately,
  questions: ReadonlyArray<Question>
): Promise<ReadonlyArray<Row | undefined>> => {
  const { rows } = await database.kysely.executeQuery(
    CompiledQuery.raw(text, [
      questions.map(({ digest }) => digest),
      questions.map(({ connectionId }) => connectionId),
      questions.map(({ operation }) => operation),
      questions.map((one) => lately.digestOf(one))
    ])
  )
  const found: Array<Row | undefined> = questions.map(() => undefined)
  for (const row of rows as ReadonlyArray<Row>) found[row.place - 1] = row
  return found
}

/** Opens the secret of a row. */
const secretOf = async (context: VaultContext, row: Row): Promise<TokenVault.Stored> => {
  const { organization: organizationId, sealed_with: keyName } = row
  const reference = referenceOf(row.reference)
  const dataKey = context.keys.cached(organizationId, keyName) ?? (await openKey(context, organizationId, keyName))
  const secret = openSecret(dataKey, { organizationId, reference }, { ...row, key_id: keyName })
  if (secret === undefined) throw new SecretCorrupted({ reference })
  return { secret, version: Number(row.version), updatedAt: DateTime.makeUnsafe(Number(row.updated_at)) }
}

/** Over `Store` and the data keys. */
export const layer: Layer.Layer<TokenReads.TokenReads, never, Store | DataKeys> = Layer.effect(
  TokenReads.TokenReads,
  Effect.gen(function* () {
    const context: VaultContext = { store: yield* Store, keys: yield* DataKeys }
    // Compiled once: nothing is asked more often.
    const none: ReadonlyArray<string> = []
    const { sql: text } = sql`select * from portolan.read_tokens_by_key(${sql.val(none)}::text[],
      ${sql.val(none)}::text[], ${sql.val(none)}::text[], ${sql.val(none)}::text[])`.compile(
      context.store.database.kysely
    )
    const lately = new Lately()
    const gathered = new Gathered<Question, Row | undefined>({
      send: (questions) => readMany(context, text, lately, questions),
      isOfAll: leavesOpen
    })
    const read = async (question: Question): Promise<TokenReads.Reading | undefined> => {
      const row = await gathered.answer(question)
      if (row === undefined) return undefined
      // Unknown when it was forgotten for others that were asked meanwhile: the ordinary way reads it.
      const states = lately.statesOf(question, row)
      return states === undefined ? undefined : { ...states, secret: await secretOf(context, row) }
    }
    return TokenReads.TokenReads.of({
      byKey: (digest, connectionId, operation) =>
        Effect.tryPromise({
          try: () => read({ digest, connectionId, operation }),
          catch: (cause) =>
            cause instanceof SecretCorrupted || cause instanceof KeyUnavailable || cause instanceof VaultUnavailable
              ? cause
              : new VaultUnavailable({ doing: "reading a token by a key", cause: stripped(cause) })
        })
    })
  })
)
