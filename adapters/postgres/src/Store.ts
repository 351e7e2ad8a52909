/**
 * A migrated database, ready for transactions. Every transaction says for which organization it works; row level
 * security then shows it that organization's rows and no others, whatever its statements say.
 */
import type { Id } from "@portolan/domain"
import type { StoreUnavailable } from "@portolan/ports"
import { Context, Effect, Layer, Schema } from "effect"
import { sql, type Transaction } from "kysely"
import { Database, limits } from "./Database.ts"
import { type DatabaseError, DatabaseFailed, RightsMissing, saying } from "./DatabaseError.ts"
import { standardMillis, withStatementLimit } from "./database/statementLimit.ts"
import * as Migrations from "./Migrations.ts"
import * as Role from "./Role.ts"
import { attempt, InDoubt, inTime } from "./store/attempts.ts"
import { leavesOpen, naming, outcomeOf, type TransactionName } from "./store/outcome.ts"
import { Reads } from "./store/Reads.ts"
import type { Tables } from "./Tables.ts"

export { unavailable } from "./store/failure.ts"

/** A transaction under way. */
export type Trx = Transaction<Tables>

/** The rows that a transaction can see: those of one organization, and one of few exceptions across organizations. */
export interface TenantScope {
  readonly organizationId?: Id.OrganizationId
  /** The row of a digest. */
  readonly digest?: string
  /** What this person is a member of. */
  readonly personId?: Id.PersonId
  /** The names of all organizations, for operators. */
  readonly directory?: true
  /** Which profiles are linked, of all organizations, so that operators can count them. */
  readonly linked?: true
  /** Which keys the secrets of all organizations hang on, for the care of keys. */
  readonly custody?: true
  /** Which organizations have something on record, and reads of tokens that are not sealed yet. */
  readonly audit?: true
}

/** A migrated database. */
export class Store extends Context.Service<
  Store,
  {
    readonly database: Database["Service"]
    /** The role that transactions switch to, or `none`. */
    readonly role: string
    /** Gathers reads that begin at the same time. */
    readonly reads: Reads
    /** The same on the replica, where there is one. */
    readonly replicaReads: Reads | undefined
  }
>()("@portolan/postgres/Store") {}

/** Applies the migrations and reads what the user may do. */
export const layer: Layer.Layer<Store, DatabaseError, Database> = Layer.effect(
  Store,
  Effect.gen(function* () {
    const database = yield* Database
    yield* Migrations.migrate(database)
    const role = yield* Effect.tryPromise({
      try: () => Role.roleFor(database.kysely),
      catch: (cause) =>
        cause instanceof RightsMissing
          ? cause
          : new DatabaseFailed({ doing: "reading the user's rights", because: saying(cause) })
    })
    const { kysely, replica } = database
    return Store.of({
      database,
      role,
      reads: new Reads({ kysely, role }),
      replicaReads: replica === undefined ? undefined : new Reads({ kysely: replica.kysely, role })
    })
  })
)

/** Binds the rest of a transaction to a scope, by row level security, and limits its waits. */
export const enterTenant = async (
  store: Store["Service"],
  trx: Trx,
  { audit, custody, digest, directory, linked, organizationId, personId }: TenantScope,
  more = sql``
): Promise<unknown> => {
  const { rows } = await sql`select ${more} set_config('role', ${store.role}, true),
    set_config('portolan.organization', ${organizationId ?? ""}, true),
    set_config('portolan.digest', ${digest ?? ""}, true),
    set_config('portolan.person', ${personId ?? ""}, true),
    set_config('portolan.directory', ${directory === true ? "on" : ""}, true),
    set_config('portolan.linked', ${linked === true ? "on" : ""}, true),
    set_config('portolan.custody', ${custody === true ? "on" : ""}, true),
    set_config('portolan.audit', ${audit === true ? "on" : ""}, true),
    set_config('lock_timeout', ${String(limits.lockMillis)}, true),
    set_config('statement_timeout', ${String(limits.statementMillis)}, true)`.execute(trx)
  return rows[0]
}

/** How far a transaction came. */
interface Progress<A> {
  /** Its caller waits no longer: it must not commit. */
  isGivenUp: boolean
  name: TransactionName | undefined
  /** What it leads to when it commits; from then on the commit may have been sent. */
  result: { readonly value: A } | undefined
}

/** What a transaction is for, and the rows that it can see. */
export interface Purpose<E = never> {
  /** What fails when it fails, e.g. `reading the history`. */
  readonly doing: string
  /** `session` keeps the rights of the session, for functions that guard themselves and for upkeep. */
  readonly scope: TenantScope | "session"
  /** Recognises what `work` throws to roll back and to answer with an error. */
  readonly isRefusal?: (cause: unknown) => cause is E
  /** When the answer to the commit is lost, the server is asked what became of it. */
  readonly outcomeMatters?: boolean
}

const decodeName = Schema.decodeUnknownSync(Schema.Struct({ id: Schema.String, server: Schema.String }))

/**
 * What a transaction does. `note` takes a row with the columns `naming`, for one that finds out by itself that
 * its outcome matters.
 */
export type Work<A> = (trx: Trx, note: (row: unknown) => void) => Promise<A>

const runOnce = async <A, E>(
  store: Store["Service"],
  { outcomeMatters = false, scope }: Purpose<E>,
  work: Work<A>
): Promise<A> => {
  const { database } = store
  // The embedded database is inside this process; there is no way on which an answer could be lost.
  const isNamed = outcomeMatters && database.kind === "postgres"
  const progress: Progress<A> = { isGivenUp: false, name: undefined, result: undefined }
  const transaction = withStatementLimit(standardMillis, () =>
    database.kysely.transaction().execute(async (trx) => {
      if (scope !== "session") {
        const row = await enterTenant(store, trx, scope, isNamed ? sql`${naming},` : sql``)
        if (isNamed) progress.name = decodeName(row)
      }
      const value = await work(trx, (row) => {
        if (database.kind === "postgres") progress.name = decodeName(row)
      })
      if (progress.isGivenUp) throw new Error("the caller was told that the time is over")
      progress.result = { value }
      return value
    })
  )
  try {
    return await inTime(transaction, () => {
      progress.isGivenUp = true
    })
  } catch (cause) {
    const { name, result } = progress
    if (name === undefined || result === undefined || !leavesOpen(cause)) throw cause
    const outcome = await outcomeOf(database, name)
    if (outcome === "committed") return result.value
    throw outcome === "unknown" ? new InDoubt(cause) : cause
  }
}

/**
 * Runs one transaction. A refusal that `work` throws rolls back and becomes an error; a failure of the database becomes
 * `StoreUnavailable`; a mistake of the program dies. A transaction cannot be interrupted, and none commits after its
 * caller was told that it failed; the caller learns the outcome, or, where it matters, that it is unknown.
 */
export const transact = <A, E = never>(
  store: Store["Service"],
  purpose: Purpose<E>,
  work: Work<A>
): Effect.Effect<A, E | StoreUnavailable.StoreUnavailable> =>
  attempt({
    kind: store.database.kind,
    doing: purpose.doing,
    isRefusal: purpose.isRefusal,
    run: () => runOnce(store, purpose, work)
  })
