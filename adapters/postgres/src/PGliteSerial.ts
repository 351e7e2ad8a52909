/**
 * Kysely on PGlite, one user of the connection at a time.
 *
 * PGlite has one connection, and kysely's own dialect hands it to everybody: a query of one caller then runs inside the
 * transaction that another has open, and two transactions at once wait for each other for ever. Here whoever acquires
 * the connection has it alone until it is released.
 */
import type { PGlite } from "@electric-sql/pglite"
import { type DatabaseConnection, type Dialect, type Driver, PGliteDialect } from "kysely"

/** Builds the dialect. The instance stays its maker's: destroying kysely closes it, as with kysely's own dialect. */
export const dialect = (pglite: PGlite): Dialect => {
  const base = new PGliteDialect({ pglite })
  return {
    createAdapter: () => base.createAdapter(),
    createIntrospector: (kysely) => base.createIntrospector(kysely),
    createQueryCompiler: () => base.createQueryCompiler(),
    createDriver: () => serial(base.createDriver())
  }
}

const serial = (driver: Driver): Driver => {
  let tail: Promise<void> = Promise.resolve()
  const release = new Map<DatabaseConnection, () => void>()
  return {
    init: (options) => driver.init(options),
    acquireConnection: async (options) => {
      const before = tail
      const { promise, resolve } = Promise.withResolvers<void>()
      tail = promise
      await before
      try {
        const connection = await driver.acquireConnection(options)
        release.set(connection, resolve)
        return connection
      } catch (cause) {
        resolve()
        throw cause
      }
    },
    releaseConnection: async (connection, options) => {
      await driver.releaseConnection(connection, options)
      const free = release.get(connection)
      release.delete(connection)
      free?.()
    },
    beginTransaction: (connection, settings) => driver.beginTransaction(connection, settings),
    commitTransaction: (connection) => driver.commitTransaction(connection),
    rollbackTransaction: (connection) => driver.rollbackTransaction(connection),
    destroy: (options) => driver.destroy(options)
  }
}
