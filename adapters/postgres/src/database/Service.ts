/** The open database, as the rest of this package uses it. */
import { Context, Effect, type PubSub } from "effect"
import type { Dialect, Kysely } from "kysely"
import type { Db } from "pg-boss"
import { oldestVersion, ServerTooOld } from "../DatabaseError.ts"
import type { Tables } from "../Tables.ts"

/** Where a database runs. */
export type Kind = "postgres" | "pglite"

/** An open database. */
export class Database extends Context.Service<
  Database,
  {
    readonly kind: Kind
    readonly kysely: Kysely<Tables>
    /** The same connection or pool as pg-boss takes it; statements of several commands are allowed. */
    readonly queue: Db
    /** The server's version, e.g. `18.1`. */
    readonly version: string
    /** Signals in this process that a job may be due or that the history of an organization grew. */
    readonly changed: PubSub.PubSub<void>
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
