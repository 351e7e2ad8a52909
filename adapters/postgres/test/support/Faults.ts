/** A dialect whose statements can be told to fail: as if the process died at one of them, or the database were away. */
import type { DatabaseConnection, Dialect, Driver, QueryResult } from "kysely"

/** The switches of one database. */
export interface Faults {
  readonly wrap: (dialect: Dialect) => Dialect
  /** Ends the caller at the `call`-th statement from now on (counted from 1), before or after it took effect. */
  readonly arm: (call: number, side: "before" | "after") => void
  /** Removes the trap and says whether it struck. */
  readonly disarm: () => boolean
  /** Lets the next `count` statements fail. */
  readonly outage: (count: number) => void
}

class Gone extends Error {
  readonly code = "CONNECTION_CLOSED"
}

/** Makes switches that are off. */
export const make = (): Faults => {
  let trap: { readonly call: number; readonly side: "before" | "after" } | undefined
  let calls = 0
  let struck = false
  let away = 0
  const guard = async <A>(statement: () => Promise<A>): Promise<A> => {
    if (away > 0) {
      away -= 1
      throw new Gone("the database is away")
    }
    if (trap === undefined) return await statement()
    calls += 1
    if (calls !== trap.call) return await statement()
    const { side } = trap
    struck = true
    if (side === "after") await statement()
    throw new Gone("the process died")
  }
  const watched = (connection: DatabaseConnection): DatabaseConnection => ({
    executeQuery: <R>(query: Parameters<DatabaseConnection["executeQuery"]>[0]): Promise<QueryResult<R>> =>
      guard(() => connection.executeQuery<R>(query)),
    streamQuery: (query, chunkSize) => connection.streamQuery(query, chunkSize)
  })
  const driver = (own: Driver): Driver => {
    const inner = new WeakMap<DatabaseConnection, DatabaseConnection>()
    const of = (connection: DatabaseConnection) => inner.get(connection) ?? connection
    return {
      init: (options) => own.init(options),
      destroy: (options) => own.destroy(options),
      acquireConnection: async (options) => {
        const connection = await own.acquireConnection(options)
        const outer = watched(connection)
        inner.set(outer, connection)
        return outer
      },
      releaseConnection: (connection, options) => own.releaseConnection(of(connection), options),
      beginTransaction: async (connection, settings) => {
        let begun = false
        try {
          await guard(async () => {
            await own.beginTransaction(of(connection), settings)
            begun = true
          })
        } catch (cause) {
          // A process that dies takes its connection with it, and what was begun on it.
          if (begun) await own.rollbackTransaction(of(connection))
          throw cause
        }
      },
      commitTransaction: (connection) => guard(() => own.commitTransaction(of(connection))),
      rollbackTransaction: (connection) => own.rollbackTransaction(of(connection))
    }
  }
  return {
    wrap: (dialect) => ({
      createAdapter: () => dialect.createAdapter(),
      createDriver: () => driver(dialect.createDriver()),
      createIntrospector: (kysely) => dialect.createIntrospector(kysely),
      createQueryCompiler: () => dialect.createQueryCompiler()
    }),
    arm: (call, side) => {
      trap = { call, side }
      calls = 0
      struck = false
    },
    disarm: () => {
      trap = undefined
      return struck
    },
    outage: (count) => {
      away = count
    }
  }
}
