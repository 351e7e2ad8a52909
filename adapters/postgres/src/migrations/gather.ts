/**
 * Statements of migrations, many to one round trip. What has no parameters and gives nothing to its caller waits, and
 * is sent as one `DO` block before the next statement that has, or at the end: the order stays, and a fresh database is
 * a handful of statements instead of hundreds.
 *
 * A `DO` block and not a text of several statements, because PGlite's extended protocol takes one statement at a time.
 */
import { type CompiledQuery, type QueryExecutor, type QueryExecutorProvider, type QueryResult, sql } from "kysely"

/** Words that begin a statement which changes the schema or rows and gives nothing back. */
const silent = /^\s*(?:create|alter|drop|grant|revoke|insert|update|delete)\b/i

const isSilent = ({ parameters, sql: text }: CompiledQuery): boolean => parameters.length === 0 && silent.test(text)

/** Statements as one block, whose quotes occur in none of them. */
export const blockOf = (statements: ReadonlyArray<string>): string =>
  `do $migrations$ begin\n${statements.map((one) => `${one};`).join("\n")}\nend $migrations$`

const flush = async (db: QueryExecutorProvider, waiting: Array<string>): Promise<void> => {
  const statements = waiting.splice(0)
  if (statements.length > 0) await sql.raw(blockOf(statements)).execute(db)
}

const gathering = (executor: QueryExecutor, db: QueryExecutorProvider, waiting: Array<string>): QueryExecutor =>
  new Proxy(executor, {
    get: (target, name) => {
      if (name === "executeQuery") {
        return async <R>(query: CompiledQuery<R>): Promise<QueryResult<R>> => {
          if (isSilent(query)) {
            waiting.push(query.sql)
            return { rows: [] }
          }
          await flush(db, waiting)
          return await target.executeQuery(query)
        }
      }
      const value: unknown = Reflect.get(target, name, target)
      return typeof value === "function" ? value.bind(target) : value
    }
  })

/**
 * Runs `work` with a database that gathers; what still waits at its end is sent then. Nothing is sent after a failure.
 */
export const gather = async <D extends QueryExecutorProvider>(db: D, work: (db: D) => Promise<void>): Promise<void> => {
  const waiting: Array<string> = []
  const executor = gathering(db.getExecutor(), db, waiting)
  await work(
    new Proxy(db, {
      get: (target, name) => {
        if (name === "getExecutor") return () => executor
        const value: unknown = Reflect.get(target, name, target)
        return typeof value === "function" ? value.bind(target) : value
      }
    })
  )
  await flush(db, waiting)
}
