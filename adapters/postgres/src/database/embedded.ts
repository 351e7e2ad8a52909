/** PGlite: PostgreSQL inside this process. */
import { PGlite } from "@electric-sql/pglite"
import { Effect, Layer } from "effect"
import { type Dialect, Kysely, sql } from "kysely"
import { DataFolderInUse, DataFolderUnusable, type DatabaseError, DatabaseFailed, saying } from "../DatabaseError.ts"
import { folderLock } from "../folderLock.ts"
import * as PGliteSerial from "../PGliteSerial.ts"
import type { Tables } from "../Tables.ts"
import { checkVersion, Database, itself } from "./Service.ts"
import { Signals } from "./Signals.ts"

/** What opens the embedded database. Without a folder nothing is kept. */
export interface PGliteOptions {
  readonly dataDir?: string
  /** Wraps kysely's dialect, to watch statements or to let them fail in tests. */
  readonly wrap?: (dialect: Dialect) => Dialect
}

/**
 * The shared buffers of one process with one connection. PostgreSQL's default, 128 MB, would be cleared at each start
 * and kept; what is not in a buffer comes from the file cache of the operating system.
 */
const sharedBuffers = "16MB"

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
      return Database.of({ kind: "pglite", kysely, version, signals: new Signals() })
    })
  )

const openPGlite = (dataDir: string | undefined) =>
  Effect.tryPromise({
    try: async () => {
      const unlock = dataDir === undefined ? () => undefined : folderLock(dataDir)
      try {
        const startParams = [...PGlite.defaultStartParams, "-c", `shared_buffers=${sharedBuffers}`]
        return { pglite: await PGlite.create({ startParams, ...(dataDir === undefined ? {} : { dataDir }) }), unlock }
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
