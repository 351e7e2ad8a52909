/**
 * Kysely on PGlite, one user of the connection at a time.
 *
 * PGlite has one connection, and kysely's own dialect hands it to everybody: a query of one caller then runs inside the
 * transaction that another has open, two transactions at once wait for each other for ever, and one that begins while
 * the database closes never ends. Here whoever acquires the connection has it alone until it is released, and the same
 * turnstile is there for those who use PGlite directly.
 */
import type { PGlite } from "@electric-sql/pglite"
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  PGliteDialect,
  type QueryResult
} from "kysely"

/** Lets one in at a time, in the order of arrival. Gives the way out. */
export type Turnstile = () => Promise<() => void>

/** Builds a turnstile that is free. */
export const turnstile = (): Turnstile => {
  let tail: Promise<void> = Promise.resolve()
  return async () => {
    const before = tail
    // `Promise.withResolvers` would do, but Node 20 has none.
    let release = () => {}
    tail = new Promise((resolve) => {
      release = resolve
    })
    await before
    return release
  }
}

/** Builds the dialect. Destroying its kysely leaves the instance open: it stays its maker's. */
export const dialect = (pglite: PGlite, enter: Turnstile): Dialect => {
  const base = new PGliteDialect({ pglite })
  return {
    createAdapter: () => base.createAdapter(),
    createIntrospector: (kysely) => base.createIntrospector(kysely),
    createQueryCompiler: () => base.createQueryCompiler(),
    createDriver: () => driver(pglite, enter)
  }
}

const driver = (pglite: PGlite, enter: Turnstile): Driver => {
  const exits = new WeakMap<DatabaseConnection, () => void>()
  return {
    init: () => Promise.resolve(),
    destroy: () => Promise.resolve(),
    acquireConnection: async () => {
      const leave = await enter()
      const connection: DatabaseConnection = {
        executeQuery: (query) => execute(pglite, query),
        streamQuery: () => {
          throw new Error("PGlite gives no streams of rows")
        }
      }
      exits.set(connection, leave)
      return connection
    },
    releaseConnection: (connection) => {
      exits.get(connection)?.()
      exits.delete(connection)
      return Promise.resolve()
    },
    beginTransaction: async (_, { accessMode, isolationLevel }) => {
      const level = isolationLevel === undefined ? "" : ` isolation level ${isolationLevel}`
      await pglite.exec(`begin${level}${accessMode === undefined ? "" : ` ${accessMode}`}`)
    },
    commitTransaction: async () => {
      await pglite.exec("commit")
    },
    rollbackTransaction: async () => {
      await pglite.exec("rollback")
    }
  }
}

const execute = async <R>(pglite: PGlite, { parameters, sql }: CompiledQuery): Promise<QueryResult<R>> => {
  const { affectedRows, rows } = await pglite.query<R>(sql, [...parameters])
  return affectedRows === undefined ? { rows } : { rows, numAffectedRows: BigInt(affectedRows) }
}
