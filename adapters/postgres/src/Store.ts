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

/** What a transaction may see: one organization's rows, and one of the narrow openings across organizations. */
export interface Sight {
  readonly organizationId?: Id.OrganizationId
  /** The row of a digest. */
  readonly digest?: string
  /** What this person is a member of. */
  readonly personId?: Id.PersonId
  /** The names of all organizations, for operators. */
  readonly directory?: true
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

/** Applies migrations and looks at what the user may do. */
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
          : new DatabaseFailed({ doing: "looking at the user's rights", because: saying(cause) })
    })
    return Store.of({ database, role })
  })
)

/** Narrows the rest of a transaction to what `sight` allows, and limits its waits. */
export const narrow = async (
  store: Store["Service"],
  trx: Trx,
  { digest, directory, organizationId, personId }: Sight
) => {
  await sql`select set_config('role', ${store.role}, true),
    set_config('portolan.organization', ${organizationId ?? ""}, true), set_config('portolan.digest', ${digest ?? ""}, true),
    set_config('portolan.person', ${personId ?? ""}, true),
    set_config('portolan.directory', ${directory === true ? "on" : ""}, true),
    set_config('lock_timeout', ${String(limits.lockMillis)}, true),
    set_config('statement_timeout', ${String(limits.statementMillis)}, true)`.execute(trx)
}

/** Gives the transaction its session's own rights again, for the queue's tables, which belong to no organization. */
export const widen = async (trx: Trx) => {
  await sql`select set_config('role', 'none', true), set_config('portolan.organization', '', true)`.execute(trx)
}

/** A transaction lost against another one and may simply be run again: nothing was decided inside it. */
class Contended {
  readonly _tag = "Contended"
  readonly cause: unknown
  constructor(cause: unknown) {
    this.cause = cause
  }
}

/** Classes of mistakes of the program: data, constraint, syntax or access rules. They die instead of being retried. */
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

/**
 * Runs one transaction. What `isRefusal` recognises is thrown inside to roll back and comes out as an error; trouble
 * with the database comes out as `StoreUnavailable`; a mistake of the program dies. Not interruptible: once begun, a
 * transaction ends, so its outcome is known to who asked for it.
 */
export const transact = <A, E = never>(
  store: Store["Service"],
  doing: string,
  sight: Sight | "wide",
  work: (trx: Trx) => Promise<A>,
  isRefusal: (cause: unknown) => cause is E = (_cause): _cause is E => false
): Effect.Effect<A, E | StoreUnavailable.StoreUnavailable> => {
  const once = Effect.tryPromise({
    try: () =>
      inTime(
        store.database.kysely.transaction().execute(async (trx) => {
          if (sight !== "wide") await narrow(store, trx, sight)
          return await work(trx)
        })
      ),
    catch: (cause): E | Contended | StoreUnavailable.StoreUnavailable => {
      if (isRefusal(cause)) return cause
      if (isMistake(cause)) throw stripped(cause)
      return contendedCodes.has(codeOf(cause)) ? new Contended(cause) : unavailable(doing, cause)
    }
  })
  return Effect.uninterruptible(once).pipe(
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
