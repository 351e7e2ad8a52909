/**
 * The pool of connections to a server: `pg`'s own, with clients that cannot end the process, leases that cannot wait
 * for ever, and an age before which connections are not trusted any more.
 */
import { Schema } from "effect"
import type { PostgresPool } from "kysely"
import pg from "pg"
import { asLost, Client, ConnectionLost } from "./Client.ts"
import { Activity } from "./Activity.ts"
import { Lease, type Lender, type Lent, triflingMillis } from "./Lease.ts"
import { send } from "./question.ts"
import type { PoolUse } from "./Service.ts"

/** What makes a pool. */
export interface PoolOptions {
  readonly url: string
  readonly size: number
  /** How long a connection may take to come about, or to become free. */
  readonly connectSeconds: number
  /** Hears of connections that were lost while nobody used them. */
  readonly onLost: (cause: unknown) => void
  /** The driver's client; `Client` unless another one stands in for it. */
  readonly Client?: typeof Client
}

/** An open pool. */
export interface Pool {
  /** As kysely takes it. */
  readonly kysely: PostgresPool
  readonly take: () => Promise<Lease>
  /** Makes a connection that is no part of the pool; it is not open yet. */
  readonly newClient: () => Client
  /** How it is used, at this moment. */
  readonly use: () => PoolUse
  /** Closes every connection: politely, and after `graceMillis` without a word. */
  readonly close: (graceMillis: number) => Promise<void>
}

/**
 * A server ends what a vanished client left open inside a transaction, and its locks with it. Longer than any pause
 * between two statements of a transaction, because nothing is decided inside one; a little longer than clients take to
 * notice that the server is out of reach, so that what they do again soon after is not held up.
 */
const idleInTransactionMillis = 4_000

/** Sent on every new connection. */
const greeting = `select pg_backend_pid() as backend,
  set_config('idle_in_transaction_session_timeout', '${idleInTransactionMillis}', false)`

const decodeGreeting = Schema.decodeUnknownSync(
  Schema.Struct({ rows: Schema.NonEmptyArray(Schema.Struct({ backend: Schema.Int })) })
)
const backendOf = (answer: unknown): number => decodeGreeting(answer).rows[0].backend

const int8 = 20

/** Numbers of type `bigint` are numbers here; all of them are counters that stay below 2^53. */
const types: pg.CustomTypesConfig = {
  getTypeParser: (id: number, format?: unknown) =>
    id === int8 && format !== "binary" ? Number : pg.types.getTypeParser(id)
}

/**
 * An address says `sslmode=require` for a connection that is encrypted, as PostgreSQL's own library reads it; this
 * driver would also want a certificate that it can check (`verify-full`), unless it is told to read as that does.
 * @see https://www.postgresql.org/docs/current/libpq-ssl.html#LIBPQ-SSL-PROTECTION
 */
const asLibraryReads = (address: string): string => {
  const url = new URL(address)
  if (url.searchParams.has("sslmode") && !url.searchParams.has("uselibpqcompat")) {
    url.searchParams.set("uselibpqcompat", "true")
  }
  return url.href
}

/** Opens no connection yet. */
export const open = (options: PoolOptions): Pool => {
  const { connectSeconds, onLost, size, url } = options
  const config: pg.PoolConfig = {
    connectionString: asLibraryReads(url),
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    application_name: "portolan",
    types
  }
  const pool = new pg.Pool({
    ...config,
    max: size,
    connectionTimeoutMillis: connectSeconds * 1_000,
    idleTimeoutMillis: 60_000,
    Client: options.Client ?? Client,
    // No parameter of the start-up message, because poolers between us and the server refuse those they do not know.
    onConnect: async (client) => {
      if (!isOurs(client)) return
      const answer = await send(client, { text: greeting, millis: triflingMillis })
      client.backend = backendOf(answer)
    }
  })
  pool.on("error", onLost)
  const living = new Set<pg.PoolClient>()
  pool.on("connect", (client) => void living.add(client))
  pool.on("remove", (client) => void living.delete(client))

  /** Connections that are older gave rise to doubt. */
  let trustedFrom = 0
  const take = async (): Promise<Lent> => {
    for (;;) {
      const client = await pool.connect().catch((cause: unknown) => {
        throw codeOfServer(cause) ? cause : asLost(cause)
      })
      if (!isOurs(client)) throw new Error("the pool lends connections of another kind")
      if (client.lost === undefined && client.born >= trustedFrom) return client
      client.cut(new ConnectionLost("CONNECTION_CLOSED", "other connections of its age were dead"))
      client.release(true)
    }
  }
  const activity = new Activity(() => new Client(config))
  const lender: Lender = {
    take,
    distrust: (client) => {
      trustedFrom = performance.now()
      activity.end(client)
    },
    isForgotten: (client) => activity.isForgotten(client)
  }
  let closing: Promise<void> | undefined
  const close = (graceMillis: number) => (closing ??= end(pool, living, graceMillis))
  return {
    kysely: { options: pool.options, connect: () => Lease.take(lender), end: () => close(0) },
    take: () => Lease.take(lender),
    newClient: () => new Client(config),
    use: () => useOf(pool, size),
    close
  }
}

const useOf = ({ idleCount: idle, totalCount, waitingCount: waiting }: pg.Pool, limit: number): PoolUse => ({
  limit,
  busy: Math.max(0, totalCount - idle),
  idle,
  waiting
})

const end = async (pool: pg.Pool, living: ReadonlySet<pg.PoolClient>, graceMillis: number): Promise<void> => {
  const timer = setTimeout(() => {
    for (const client of living) {
      if (isOurs(client)) client.cut(new ConnectionLost("CONNECTION_CLOSED", "the pool was closed"))
    }
  }, graceMillis)
  await pool.end()
  if (living.size > 0) {
    await new Promise<void>((resolve) => {
      pool.on("remove", () => {
        if (living.size === 0) resolve()
      })
    })
  }
  clearTimeout(timer)
}

const isOurs = <C extends pg.ClientBase>(client: C): client is C & Client => client instanceof Client

/** Whether the server itself refused, with an SQLSTATE that says why. */
const codeOfServer = (cause: unknown): boolean => cause instanceof pg.DatabaseError
