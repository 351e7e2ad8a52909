/**
 * How long this process waits for the answer to one statement. The server has limits of its own inside transactions;
 * this one holds when nothing comes back at all, because the server or the way to it is gone without a word.
 */
import { AsyncLocalStorage } from "node:async_hooks"
import { limits } from "./Service.ts"

/** A little longer than the server's own limit inside transactions, which gives the better error. */
export const standardMillis = limits.statementMillis + 1_000

/** A migration may rewrite large tables, and waits while another process migrates. */
export const migrationMillis = 600_000

const current = new AsyncLocalStorage<number>()

/** The limit of the statement that is about to be sent, in milliseconds. */
export const statementLimit = (): number => current.getStore() ?? standardMillis

/** Gives the statements that `work` sends another limit, in milliseconds. */
export const withStatementLimit = <A>(millis: number, work: () => Promise<A>): Promise<A> => current.run(millis, work)
