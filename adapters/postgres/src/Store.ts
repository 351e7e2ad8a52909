/**
 * A migrated database, ready for transactions. Every transaction says for which organization it works; row level
 * security then shows it that organization's rows and no others, whatever its statements say.
 */
import type { Id } from "@portolan/domain"
import { StoreUnavailable } from "@portolan/ports"
import { Context, Effect, Layer, Schedule } from "effect"
import { sql, type Transaction } from "kysely"
import { Database, limits } from "./Database.ts"
import { Undecodable } from "./codec.ts"
import { codeOf, type DatabaseError, DatabaseFailed, RightsMissing, saying, stripped } from "./DatabaseError.ts"
import * as Migrations from "./Migrations.ts"
import * as Role from "./Role.ts"
import type { Tables } from "./Tables.ts"

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
}

/** A migrated database. */
export class Store extends Context.Service<
  Store,
  {
    readonly database: Database["Service"]
    /** The role that transactions switch to, or `none`. */
    readonly role: string
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
    return Store.of({ database, role })
  })
)

/** Binds the rest of a transaction to a scope, by row level security, and limits its waits. */
export const enterTenant = async (
  store: Store["Service"],
  trx: Trx,
  { digest, directory, linked, organizationId, personId }: TenantScope
) => {
  await sql`select set_config('role', ${store.role}, true),
    set_config('portolan.organization', ${organizationId ?? ""}, true),
    set_config('portolan.digest', ${digest ?? ""}, true),
    set_config('portolan.person', ${personId ?? ""}, true),
    set_config('portolan.directory', ${directory === true ? "on" : ""}, true),
    set_config('portolan.linked', ${linked === true ? "on" : ""}, true),
    set_config('lock_timeout', ${String(limits.lockMillis)}, true),
    set_config('statement_timeout', ${String(limits.statementMillis)}, true)`.execute(trx)
}

/** Gives the transaction the rights of its session again, for the queue's tables, which belong to no organization. */
export const leaveTenant = async (trx: Trx) => {
  await sql`select set_config('role', 'none', true), set_config('portolan.organization', '', true)`.execute(trx)
}

/** A transaction that lost against another one. It can be run again, because nothing was decided inside it. */
class Contended {
  readonly _tag = "Contended"
  readonly cause: unknown
  constructor(cause: unknown) {
    this.cause = cause
  }
}

/** Codes of mistakes of the program: data, constraint, syntax or access rules. They die instead of being retried. */
const isMistake = (cause: unknown) => /^(22|23|42|0A)/.test(codeOf(cause)) || cause instanceof Undecodable

const contendedCodes = new Set(["40001", "40P01"])

const again = Schedule.exponential("10 millis").pipe(Schedule.jittered, Schedule.upTo({ times: 5 }))

/** Longer than any statement may take: the promise is given up, and the server ends the rest by its own limits. */
const deadlineMillis = 2 * limits.statementMillis

const inTime = async <A>(work: Promise<A>): Promise<A> => {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${deadlineMillis} ms`)), deadlineMillis)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

/** What a transaction is for, and the rows that it can see. */
export interface Purpose<E = never> {
  /** What fails when it fails, e.g. `reading the history`. */
  readonly doing: string
  /** `session` keeps the rights of the session, for the queue and for looks across organizations. */
  readonly scope: TenantScope | "session"
  /** Recognises what `work` throws to roll back and to answer with an error. */
  readonly isRefusal?: (cause: unknown) => cause is E
}

const never = (_cause: unknown): _cause is never => false

/**
 * Runs one transaction. A refusal that `work` throws rolls back and becomes an error; a failure of the database becomes
 * `StoreUnavailable`; a mistake of the program dies. A transaction cannot be interrupted, so its caller always learns
 * its outcome.
 */
export const transact = <A, E = never>(
  store: Store["Service"],
  { doing, isRefusal = never, scope }: Purpose<E>,
  work: (trx: Trx) => Promise<A>
): Effect.Effect<A, E | StoreUnavailable.StoreUnavailable> => {
  const attempt = Effect.tryPromise({
    try: () =>
      inTime(
        store.database.kysely.transaction().execute(async (trx) => {
          if (scope !== "session") await enterTenant(store, trx, scope)
          return await work(trx)
        })
      ),
    catch: (cause): E | Contended | StoreUnavailable.StoreUnavailable => {
      if (isRefusal(cause)) return cause
      if (isMistake(cause)) throw stripped(cause)
      return contendedCodes.has(codeOf(cause)) ? new Contended(cause) : unavailable(doing, cause)
    }
  })
  return Effect.uninterruptible(attempt).pipe(
    Effect.retry({ schedule: again, while: (error) => error instanceof Contended }),
    Effect.catchIf(
      (error): error is Contended => error instanceof Contended,
      (error) => Effect.fail(unavailable(doing, error.cause))
    )
  )
}

/** Says that the store did not answer, without the driver's query and parameters. */
export const unavailable = (doing: string, cause: unknown) =>
  new StoreUnavailable.StoreUnavailable({ doing, cause: stripped(cause) })
