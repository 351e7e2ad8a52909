/** A PostgreSQL server. */
import { Duration, Effect, Layer, Redacted, Schema } from "effect"
import { type Dialect, Kysely, PostgresDialect } from "kysely"
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
import { Listener } from "./Listener.ts"
import { open, type Pool } from "./pool.ts"
import { checkVersion, Database, itself, limits } from "./Service.ts"
import { Signals } from "./Signals.ts"

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

const notHeard = "what other processes commit is not heard, and looked for every second"

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
      const listener = yield* Effect.acquireRelease(
        Effect.sync(
          () => new Listener(pool.newClient, (cause) => log(Effect.logWarning(`${notHeard}: ${saying(cause)}`)))
        ),
        (listener) => Effect.sync(() => listener.stop())
      )
      const signals = new Signals(listener)
      return Database.of({
        kind: "postgres",
        kysely: new Kysely<Tables>({ dialect: wrap(new PostgresDialect({ pool: pool.kysely })) }),
        version,
        pool: pool.use,
        signals
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
