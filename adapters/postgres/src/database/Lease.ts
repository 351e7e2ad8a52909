/**
 * A connection of the pool in the hands of one user, as kysely takes it. Every statement has a limit; a connection that
 * broke, was silent, or is left inside a transaction is thrown away and never lent again.
 */
import type { PostgresPoolClient, PostgresQueryResult } from "kysely"
import type pg from "pg"
import { codeOf } from "../DatabaseError.ts"
import { type Client, ConnectionLost } from "./Client.ts"
import { isOutdated, nameOf } from "./prepared.ts"
import { send } from "./question.ts"
import { migrationMillis, statementLimit } from "./statementLimit.ts"

/** A connection that the pool has lent. */
export type Lent = Client & Pick<pg.PoolClient, "release">

/** The pool, as a lease sees it. */
export interface Lender {
  readonly take: () => Promise<Lent>
  /** Says that a connection gave no answer, so that those of its age are not trusted either. */
  readonly distrust: (client: Client) => void
  /** Whether the server is known to have nothing to do for a connection. */
  readonly isForgotten: (client: Client) => Promise<boolean>
}

/** Statements that do no work: the server answers at once, or not at all. */
const trifling = /^(begin|start transaction|rollback)\b/

/** How long the answer to a trifle may take. It tells a dead connection before anything is at stake. */
export const triflingMillis = 3_000

/** Reads that change nothing (migration 0012) are sent again when the connection was dead before they began. */
const harmless = /^select rows from portolan\.read_batch\(/

/** How often a transaction is begun anew, on another connection, when the one at hand turns out to be dead. */
const beginAttempts = 3

/** A `do` block is a program, and only migrations have one. */
const isProgram = /^\s*do\b/i

const limitOf = (text: string): number => {
  if (isProgram.test(text)) return migrationMillis
  return trifling.test(text) ? Math.min(triflingMillis, statementLimit()) : statementLimit()
}

/** One lease. */
export class Lease implements PostgresPoolClient {
  readonly #lender: Lender
  #client: Lent | undefined
  #isFresh = true

  constructor(lender: Lender, client: Lent) {
    this.#lender = lender
    this.#client = client
  }

  /** Takes a connection from the pool. */
  static async take(lender: Lender): Promise<Lease> {
    return new Lease(lender, await lender.take())
  }

  query<R>(text: string, values: ReadonlyArray<unknown>): Promise<PostgresQueryResult<R>>
  query(): never
  async query(text?: unknown, values: ReadonlyArray<unknown> = []): Promise<unknown> {
    if (typeof text !== "string") throw new Error("This pool gives no streams of rows")
    const isFirst = this.#isFresh
    this.#isFresh = false
    const mayRepeat = isFirst && (trifling.test(text) || harmless.test(text))
    return mayRepeat ? await this.#begin(text, values) : await this.#run(text, values)
  }

  /** Nothing was done on this connection yet, so when it turns out to be dead the next one serves as well. */
  async #begin(text: string, values: ReadonlyArray<unknown>): Promise<unknown> {
    for (let attempt = 1; ; attempt++) {
      const began = performance.now()
      try {
        return await this.#run(text, values)
      } catch (cause) {
        // One that was at work for longer would only be slow again.
        const isOver = attempt === beginAttempts || performance.now() - began > triflingMillis + 1_000
        if (!(cause instanceof ConnectionLost) || isOver) throw cause
        this.release(true)
        this.#client = await this.#lender.take()
      }
    }
  }

  async #run(text: string, values: ReadonlyArray<unknown>): Promise<unknown> {
    const client = this.#client
    if (client === undefined) throw new ConnectionLost("CONNECTION_CLOSED", "the connection was given back")
    if (client.lost !== undefined) throw client.lost
    const { distrust, isForgotten } = this.#lender
    const question = { text, values, millis: limitOf(text), onSilence: () => distrust(client), isForgotten }
    const name = client.isDirect && client.keepsStatements ? nameOf(text) : undefined
    if (name === undefined) return await send(client, question)
    try {
      return await send(client, { ...question, name })
    } catch (cause) {
      if (!isOutdated(codeOf(cause))) throw cause
      client.keepsStatements = false
      // Inside a transaction, which is over now, its caller begins anew.
      if (client.getTransactionStatus() !== "I") throw cause
      return await send(client, question)
    }
  }

  release(destroy = false): void {
    const client = this.#client
    this.#client = undefined
    if (client === undefined) return
    const isOver = client.lost !== undefined
    // Inside a transaction it still holds locks and rights: closing it ends both.
    client.release(destroy || isOver || client.getTransactionStatus() !== "I")
  }
}
