/** The open database, as the rest of this package uses it. */
import { Context, Effect } from "effect"
import type { Dialect, Kysely } from "kysely"
import { oldestVersion, ServerTooOld } from "../DatabaseError.ts"
import type { Tables } from "../Tables.ts"
import type { Replica } from "./Replica.ts"
import type { Signals } from "./Signals.ts"

/** Where a database runs. */
export type Kind = "postgres" | "pglite"

/** How a pool of connections is used, at this moment. */
export interface PoolUse {
  /** How many connections there may be. */
  readonly limit: number
  /** How many are lent to somebody. */
  readonly busy: number
  /** How many are open and free. */
  readonly idle: number
  /** How many callers wait for one. */
  readonly waiting: number
}

/** An open database. */
export class Database extends Context.Service<
  Database,
  {
    readonly kind: Kind
    readonly kysely: Kysely<Tables>
    /** The server's version, e.g. `18.1`. */
    readonly version: string
    /** How the pool is used; absent for the embedded database, which has one connection. */
    readonly pool?: () => PoolUse
    /** A streaming replica that lists may be read from, where one is given. */
    readonly replica?: Replica
    /** Tells this process that a job may be due, or that the history of an organization grew. */
    readonly signals: Signals
  }
>()("@portolan/postgres/Database") {}

/** Longest waits inside one transaction, so that no caller keeps a connection for ever. */
export const limits = { lockMillis: 5_000, statementMillis: 15_000, connectSeconds: 10 } as const

/** Refuses servers older than `oldestVersion`. */
export const checkVersion = Effect.fnUntraced(function* (version: string) {
  const major = Number.parseInt(version, 10)
  if (!(major >= oldestVersion)) return yield* new ServerTooOld({ found: version, required: oldestVersion })
})

/** Leaves a dialect as it is. */
export const itself = (dialect: Dialect): Dialect => dialect
