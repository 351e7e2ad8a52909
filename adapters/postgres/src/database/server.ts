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
import { Replica, standardLagSeconds } from "./Replica.ts"
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

/** Where a streaming replica is. */
export interface ReplicaAddress {
  readonly url: Redacted.Redacted<string>
  /** How far behind lists may be, in seconds; `standardLagSeconds` unless told. */
  readonly lagSeconds?: number
}

/** What opens a server. `poolSize` is the number of connections this process may hold at most. */
export interface PostgresOptions {
  readonly url: Redacted.Redacted<string>
  readonly poolSize?: number
  /** How long the first contact may take. */
  readonly connectSeconds?: number
  /** A streaming replica, which lists are read from while it is not behind. */
  readonly replica?: ReplicaAddress | undefined
  /** Wraps kysely's dialect, to watch statements or to let them fail in tests. */
  readonly wrap?: (dialect: Dialect) => Dialect
}

const notHeard = "what other processes commit is not heard, and looked for every second"

/** Opens a PostgreSQL server. */
export const layerPostgres = ({
  connectSeconds = limits.connectSeconds,
  poolSize = 10,
  replica,
  url,
  wrap = itself
}: PostgresOptions): Layer.Layer<Database, DatabaseError> =>
  Layer.effect(
    Database,
    Effect.gen(function* () {
      const address = addressOf(url)
      if (address === undefined) return yield* new AddressMalformed()
      const log = Effect.runForkWith(yield* Effect.context())
      const pool = yield* openPool(url, { connectSeconds, poolSize })
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
      const kysely = new Kysely<Tables>({ dialect: wrap(new PostgresDialect({ pool: pool.kysely })) })
      const opened = { kind: "postgres", kysely, version, pool: pool.use, signals } as const
      if (replica === undefined) return Database.of(opened)
      return Database.of({ ...opened, replica: yield* openReplica(kysely, replica, { connectSeconds, poolSize }) })
    })
  )

type PoolLimits = Required<Pick<PostgresOptions, "connectSeconds" | "poolSize">>

/** A pool that is closed with the scope; it opens no connection yet. */
const openPool = Effect.fnUntraced(function* (
  url: Redacted.Redacted<string>,
  { connectSeconds, poolSize }: PoolLimits
) {
  const log = Effect.runForkWith(yield* Effect.context())
  return yield* Effect.acquireRelease(
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
})

/** A replica that nobody waits for: while it cannot be reached, lists are read from the primary. */
const openReplica = Effect.fnUntraced(function* (
  primary: Kysely<Tables>,
  { lagSeconds = standardLagSeconds, url }: ReplicaAddress,
  limits: PoolLimits
) {
  if (addressOf(url) === undefined) return yield* new AddressMalformed()
  const log = Effect.runForkWith(yield* Effect.context())
  const pool = yield* openPool(url, limits)
  const kysely = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: pool.kysely }) })
  return yield* Effect.acquireRelease(
    Effect.sync(() => new Replica({ primary, kysely, lagSeconds, onChange: (news) => log(Effect.logInfo(news)) })),
    (replica) => Effect.promise(() => replica.close())
  )
})

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
