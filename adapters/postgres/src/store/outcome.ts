/**
 * What became of a transaction whose commit was sent and not answered. The server knows: it keeps the outcome of every
 * recent transaction, by its id.
 * @see https://www.postgresql.org/docs/current/functions-info.html#FUNCTIONS-PG-SNAPSHOT
 */
import { setTimeout } from "node:timers/promises"
import { sql } from "kysely"
import type { Database } from "../Database.ts"
import { codeOf } from "../DatabaseError.ts"
import { limits } from "../database/Service.ts"
import { withStatementLimit } from "../database/statementLimit.ts"

/** A transaction, as the server knows it. */
export interface TransactionName {
  readonly id: string
  /** When the server was started: ids of one that was restarted since then prove nothing. */
  readonly server: string
}

/** The columns that name the transaction which reads them. */
export const naming = sql`pg_current_xact_id()::text as id, pg_postmaster_start_time()::text as server`

/** The columns that give the rest of a transaction the usual limits. */
export const limited = sql`set_config('lock_timeout', ${String(limits.lockMillis)}, true),
  set_config('statement_timeout', ${String(limits.statementMillis)}, true)`

/** What became of a transaction. `unknown`: the server was restarted, or is not back in time. */
export type Outcome = "committed" | "aborted" | "unknown"

/** How long the server is asked, in milliseconds. */
const askMillis = 5_000

/** How long one question may take, in milliseconds. */
const answerMillis = 3_000

/** SQLSTATEs of a server that ended the connection, or was about to (classes 08 and 57P). */
const isEnd = (code: string) => /^(08|57P)/.test(code)

/** SQLSTATE codes; those of sockets are words. */
const isState = (code: string) => /^([0-5][0-9A-Z]|F0|HV|P0|XX)[0-9A-Z]{3}$/.test(code)

/** Whether a failure leaves open what happened: the server said nothing, or goodbye. */
export const leavesOpen = (cause: unknown): boolean => {
  const code = codeOf(cause)
  return !isState(code) || isEnd(code)
}

/**
 * Asks. A transaction that the server still holds open, because it did not notice that its client is gone, is ended:
 * it must not commit after its caller was told otherwise.
 */
export const outcomeOf = async ({ kysely }: Database["Service"], { id, server }: TransactionName): Promise<Outcome> => {
  const until = performance.now() + askMillis
  for (let wait = 20; ; wait = Math.min(500, wait * 2)) {
    const status = await withStatementLimit(answerMillis, async () => {
      const { rows } = await sql<{ readonly status: string | null }>`
        select case when pg_postmaster_start_time()::text = ${server} then pg_xact_status(${id}::xid8) end as status,
          (select pg_terminate_backend(pid) from pg_stat_activity
            where backend_xid = ${id}::xid8::xid and pid <> pg_backend_pid() limit 1) as ended`.execute(kysely)
      return rows[0]?.status ?? "unknown"
    }).catch(() => "unanswered")
    if (status === "committed" || status === "aborted" || status === "unknown") return status
    if (performance.now() + wait > until) return "unknown"
    await setTimeout(wait)
  }
}
