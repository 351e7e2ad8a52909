/** A PostgreSQL server. */
import { Duration, Effect, Layer, PubSub, Redacted, Schema } from "effect"
import { type Dialect, Kysely } from "kysely"
import { PostgresJSDialect } from "kysely-postgres-js"
import type { Db } from "pg-boss"
import postgres from "postgres"
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

/** pg-boss and this package pass JSON as text already; the driver's own encoding would wrap it a second time. */
const json = {
  to: 114,
  from: [114, 3802],
  serialize: (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value)),
  parse: (text: string): unknown => JSON.parse(text)
}
const bigint = { to: 20, from: [20], serialize: String, parse: Number }

const connect = (url: Redacted.Redacted<string>, poolSize: number, connectSeconds: number) =>
  postgres(Redacted.value(url), {
    max: poolSize,
    connect_timeout: connectSeconds,
    idle_timeout: 60,
    types: { json, bigint },
    onnotice: () => undefined,
    connection: { application_name: "portolan" }
  })

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
      const client = yield* Effect.acquireRelease(
        Effect.sync(() => connect(url, Math.max(2, poolSize), connectSeconds)),
        (client) => Effect.promise(() => client.end({ timeout: 5 }))
      )
      const rows = yield* Effect.tryPromise({
        try: () => client<Array<{ readonly server_version: string }>>`show server_version`,
        catch: (cause) => judgeContact(cause, address)
      }).pipe(
        // The driver connects anew for ever when a server accepts and hangs up.
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
      const version = rows[0]?.server_version ?? ""
      yield* checkVersion(version)
      return Database.of({
        kind: "postgres",
        kysely: new Kysely<Tables>({ dialect: wrap(new PostgresJSDialect({ postgres: client })) }),
        queue: queueOn(client),
        version,
        changed: yield* PubSub.sliding<void>(1)
      })
    })
  )

/**
 * The pool as pg-boss wants it: each text on a connection of its own, several commands in one text allowed (it sends
 * whole BEGIN ... COMMIT blocks), and nothing of a failed block left behind on the connection.
 */
const queueOn = (client: ReturnType<typeof connect>): Db => ({
  executeSql: async (text, values = []) => {
    const connection = await client.reserve()
    try {
      if (values.length > 0) return { rows: [...(await connection.unsafe(text, values.map(parameter)))] }
      const results: ReadonlyArray<unknown> = await connection.unsafe(text).simple()
      return { rows: results.flat() }
    } catch (cause) {
      await connection
        .unsafe("rollback")
        .simple()
        .catch(() => undefined)
      throw cause
    } finally {
      connection.release()
    }
  }
})

const Parameter = Schema.Union([
  Schema.Null,
  Schema.String,
  Schema.Finite,
  Schema.Boolean,
  Schema.Date,
  Schema.Array(Schema.String)
])
const asParameter = Schema.decodeUnknownSync(Parameter)
const parameter = (value: unknown) => {
  const known = asParameter(value ?? null)
  return Array.isArray(known) ? [...known] : known
}
