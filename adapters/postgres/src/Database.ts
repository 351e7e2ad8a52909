/**
 * One database, opened and looked over: a real PostgreSQL server, or PGlite (PostgreSQL inside this process).
 * Everything else in this package works on either through the same kysely.
 */
import { PGlite } from "@electric-sql/pglite"
import { Context, Duration, Effect, Layer, PubSub, Redacted, Schema } from "effect"
import { type Dialect, Kysely, sql } from "kysely"
import { PostgresJSDialect } from "kysely-postgres-js"
import { type Db, fromPglite } from "pg-boss"
import postgres from "postgres"
import {
  AddressMalformed,
  codeOf,
  DataFolderInUse,
  DataFolderUnusable,
  type DatabaseError,
  DatabaseFailed,
  DatabaseMissing,
  LoginRefused,
  oldestVersion,
  saying,
  ServerTooOld,
  ServerUnreachable
} from "./DatabaseError.ts"
import { folderLock } from "./folderLock.ts"
import * as PGliteSerial from "./PGliteSerial.ts"
import type { Tables } from "./Tables.ts"

/** Where a database runs. */
export type Kind = "postgres" | "pglite"

/** An open database. */
export class Database extends Context.Service<
  Database,
  {
    readonly kind: Kind
    readonly kysely: Kysely<Tables>
    /** The same connection or pool as pg-boss wants it; statements of several commands are allowed. */
    readonly jobs: Db
    /** The server's version, e.g. `18.1`. */
    readonly version: string
    /** Told in this process when work may be due or an organization's history grew. */
    readonly changed: PubSub.PubSub<void>
  }
>()("@portolan/postgres/Database") {}

/** Longest waits inside one transaction, so that no caller holds a connection for ever. */
export const limits = { lockMillis: 5_000, statementMillis: 15_000, connectSeconds: 10 } as const

/** Refuses servers older than `oldestVersion`. */
export const checkVersion = Effect.fnUntraced(function* (version: string) {
  const major = Number.parseInt(version, 10)
  if (!(major >= oldestVersion)) return yield* new ServerTooOld({ found: version, required: oldestVersion })
})

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

/** Tells a failed first contact apart. */
export const judgeContact = (cause: unknown, { database, host, port, user }: Address): DatabaseError => {
  const code = codeOf(cause)
  if (code === "28P01" || code === "28000") return new LoginRefused({ user, host, port })
  if (code === "3D000") return new DatabaseMissing({ database, host, port })
  const because = /ECONNREFUSED/.test(code)
    ? "connection refused"
    : /ENOTFOUND|EAI_AGAIN/.test(code)
      ? "the host name is not known"
      : /TIMEOUT|ETIMEDOUT/.test(code)
        ? "no answer in time"
        : /^(CONNECTION_|ECONN|EHOST|ENET|EPIPE)/.test(code)
          ? "the connection was cut"
          : undefined
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

const itself = (dialect: Dialect): Dialect => dialect

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
        jobs: jobsOn(client),
        version,
        changed: yield* PubSub.sliding<void>(1)
      })
    })
  )

/**
 * The pool as pg-boss wants it: each text on a connection of its own, several commands in one text allowed (it sends
 * whole BEGIN ... COMMIT blocks), and nothing of a failed block left behind on the connection.
 */
const jobsOn = (client: ReturnType<typeof connect>): Db => ({
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

/** What opens the embedded database. Without a folder nothing is kept. */
export interface PGliteOptions {
  readonly dataDir?: string
  /** Wraps kysely's dialect, to watch statements or to let them fail in tests. */
  readonly wrap?: (dialect: Dialect) => Dialect
}

/** Opens the embedded database, in memory or in a folder that this process then has for itself. */
export const layerPGlite = ({ dataDir, wrap = itself }: PGliteOptions = {}): Layer.Layer<Database, DatabaseError> =>
  Layer.effect(
    Database,
    Effect.gen(function* () {
      const pglite = yield* Effect.acquireRelease(openPGlite(dataDir), ({ pglite, unlock }) =>
        Effect.promise(async () => {
          if (!pglite.closed) await pglite.close()
          unlock()
        })
      )
      const enter = PGliteSerial.turnstile()
      const kysely = new Kysely<Tables>({ dialect: wrap(PGliteSerial.dialect(pglite.pglite, enter)) })
      const shown = yield* Effect.tryPromise({
        try: () => sql<{ readonly server_version: string }>`show server_version`.execute(kysely),
        catch: (cause) => new DatabaseFailed({ doing: "opening the embedded database", because: saying(cause) })
      })
      const version = shown.rows[0]?.server_version ?? ""
      yield* checkVersion(version)
      return Database.of({
        kind: "pglite",
        kysely,
        jobs: jobsAlone(fromPglite(pglite.pglite), enter),
        version,
        changed: yield* PubSub.sliding<void>(1)
      })
    })
  )

/**
 * pg-boss speaks to PGlite directly; it takes its turn like everybody else, so it never lands in a transaction of ours.
 */
const jobsAlone = (db: Db, enter: PGliteSerial.Turnstile): Db => ({
  executeSql: async (text, values) => {
    const leave = await enter()
    try {
      return await db.executeSql(text, values)
    } finally {
      leave()
    }
  }
})

const openPGlite = (dataDir: string | undefined) =>
  Effect.tryPromise({
    try: async () => {
      const unlock = dataDir === undefined ? () => undefined : folderLock(dataDir)
      try {
        return { pglite: await PGlite.create(dataDir === undefined ? {} : { dataDir }), unlock }
      } catch (cause) {
        unlock()
        throw cause
      }
    },
    catch: (cause): DatabaseError =>
      cause instanceof DataFolderInUse || cause instanceof DataFolderUnusable
        ? cause
        : new DataFolderUnusable({ folder: dataDir ?? "(in memory)", because: saying(cause) })
  })
