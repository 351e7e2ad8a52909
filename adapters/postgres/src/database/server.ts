/** A PostgreSQL server. */
import { Duration, Effect, Layer, PubSub, Redacted, Schema } from "effect"
import { type Dialect, Kysely, PostgresDialect } from "kysely"
import type { Db } from "pg-boss"
import {
  AddressMalformed,
  codeOf,
  type DatabaseError,
  DatabaseFailed,
  DatabaseMissing,
  LoginRefused,
  saying,
  ServerUnreachable
} from "../DatabaseError.ts"
import type { Tables } from "../Tables.ts"
import { open, type Pool } from "./pool.ts"
import { upkeepMillis, withStatementLimit } from "./statementLimit.ts"
import { checkVersion, Database, itself, limits } from "./Service.ts"

interface Address {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly database: string
}

const addressOf = (url: Redacted.Redacted<string>): Address | undefined => {
  const parsed = URL.canParse(Redacted.value(url)) ? new URL(Redacted.value(url)) : undefined
  if (parsed === undefined || !/^postgres(ql)?:$/.test(parsed.protocol)) return undefined
  const user = decodeURIComponent(parsed.username) || "postgres"
  return {
    host: parsed.hostname || "localhost",
    port: parsed.port === "" ? 5432 : Number(parsed.port),
    user,
    database: decodeURIComponent(parsed.pathname.slice(1)) || user
  }
}

/** Why no connection came about, by the code of the failure. The first that matches counts. */
const reasons: ReadonlyArray<readonly [pattern: RegExp, because: string]> = [
  [/ECONNREFUSED/, "connection refused"],
  [/ENOTFOUND|EAI_AGAIN/, "the host name is not known"],
  [/TIMEOUT|ETIMEDOUT/, "no answer in time"],
  [/^(CONNECTION_|ECONN|EHOST|ENET|EPIPE)/, "the connection was cut"]
]

/** Turns a failed first contact into its error. */
export const judgeContact = (cause: unknown, { database, host, port, user }: Address): DatabaseError => {
  const code = codeOf(cause)
  if (code === "28P01" || code === "28000") return new LoginRefused({ user, host, port })
  if (code === "3D000") return new DatabaseMissing({ database, host, port })
  const because = reasons.find(([pattern]) => pattern.test(code))?.[1]
  return because === undefined
    ? new DatabaseFailed({ doing: "connecting", because: saying(cause) })
    : new ServerUnreachable({ host, port, because })
}

/** What opens a server. `poolSize` is the number of connections this process may hold at most. */
export interface PostgresOptions {
  readonly url: Redacted.Redacted<string>
  readonly poolSize?: number
  /** How long the first contact may take. */
  readonly connectSeconds?: number
  /** Wraps kysely's dialect, to watch statements or to let them fail in tests. */
  readonly wrap?: (dialect: Dialect) => Dialect
}

/** Opens a PostgreSQL server. */
export const layerPostgres = ({
  connectSeconds = limits.connectSeconds,
  poolSize = 10,
  url,
  wrap = itself
}: PostgresOptions): Layer.Layer<Database, DatabaseError> =>
  Layer.effect(
    Database,
    Effect.gen(function* () {
      const address = addressOf(url)
      if (address === undefined) return yield* new AddressMalformed()
      const log = Effect.runForkWith(yield* Effect.context())
      const pool = yield* Effect.acquireRelease(
        Effect.sync(() =>
          open({
            url: Redacted.value(url),
            size: Math.max(2, poolSize),
            connectSeconds,
            onLost: (cause) => log(Effect.logWarning(`an idle connection to the database was lost: ${saying(cause)}`))
          })
        ),
        (pool) => Effect.promise(() => pool.close(5_000))
      )
      const version = yield* Effect.tryPromise({
        try: () => versionOf(pool),
        catch: (cause) => judgeContact(cause, address)
      }).pipe(
        Effect.timeoutOrElse({
          duration: Duration.seconds(connectSeconds),
          orElse: () =>
            Effect.fail(
              new ServerUnreachable({
                host: address.host,
                port: address.port,
                because: `no answer within ${connectSeconds} seconds`
              })
            )
        })
      )
      yield* checkVersion(version)
      return Database.of({
        kind: "postgres",
        kysely: new Kysely<Tables>({ dialect: wrap(new PostgresDialect({ pool: pool.kysely })) }),
        queue: queueOn(pool),
        version,
        changed: yield* PubSub.sliding<void>(1)
      })
    })
  )

const Version = Schema.Struct({ rows: Schema.Tuple([Schema.Struct({ server_version: Schema.String })]) })
const decodeVersion = Schema.decodeUnknownSync(Version)

const versionOf = async (pool: Pool): Promise<string> => {
  const lease = await pool.take()
  try {
    return decodeVersion(await lease.query("show server_version", [])).rows[0].server_version
  } finally {
    lease.release()
  }
}

/**
 * The pool as pg-boss wants it: each text on a connection of its own, several commands in one text allowed (it sends
 * whole BEGIN ... COMMIT blocks), and nothing of a failed block left behind on the connection.
 */
const queueOn = (pool: Pool): Db => ({
  executeSql: async (text, values = []) => {
    const lease = await pool.take()
    try {
      const results: unknown = await withStatementLimit(upkeepMillis, () => lease.query(text, values))
      return Array.isArray(results) ? { rows: results.flatMap(rowsOf) } : { rows: [...rowsOf(results)] }
    } catch (cause) {
      await lease.query("rollback", []).catch(() => lease.release(true))
      throw cause
    } finally {
      lease.release()
    }
  }
})

const decodeRows = Schema.decodeUnknownSync(Schema.Struct({ rows: Schema.Array(Schema.Unknown) }))
const rowsOf = (result: unknown): ReadonlyArray<unknown> => decodeRows(result).rows
