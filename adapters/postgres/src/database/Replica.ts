/**
 * A streaming replica of the server, for reading lists. It is read only while it is known to hold everything that was
 * written until a moment ago, and never for an organization that this process has written for since.
 *
 * That is known by places in the write-ahead log: what the replica has replayed up to a place, it holds, whatever the
 * clocks of the machines say.
 *
 * @see https://www.postgresql.org/docs/current/functions-admin.html#FUNCTIONS-RECOVERY-CONTROL
 * @see https://www.postgresql.org/docs/current/hot-standby.html
 */
import { setTimeout } from "node:timers/promises"
import { type Kysely, sql } from "kysely"
import type { Tables } from "../Tables.ts"
import { saying } from "../DatabaseError.ts"

/** How far behind lists may be, unless told otherwise, in seconds. */
export const standardLagSeconds = 2

/** How long a look at the replica counts before the next one begins, in milliseconds. */
const lookMillis = 250
/** How long a replica is left alone that could not be read, in milliseconds. */
const restMillis = 5_000
/** Organizations whose last write is remembered one by one; with more, the latest of all counts for each. */
const mostWrites = 10_000
/** The pause between two questions of one look, in milliseconds. */
const askMillis = 10

/** What makes a replica. */
export interface ReplicaOptions {
  readonly primary: Kysely<Tables>
  readonly kysely: Kysely<Tables>
  /** How far behind lists may be, in seconds. */
  readonly lagSeconds: number
  /** Hears that the replica is read, or why it is not. */
  readonly onChange: (news: string) => void
  /** Milliseconds that never go back. */
  readonly now?: () => number
}

/** Says where the primary's log is, and whether the replica has replayed it. */
export class Replica {
  readonly kysely: Kysely<Tables>
  readonly #options: ReplicaOptions
  readonly #now: () => number
  /** Everything that was committed before this moment is there. */
  #completeUntil = Number.NEGATIVE_INFINITY
  #nextLook = Number.NEGATIVE_INFINITY
  #looking: Promise<void> | undefined
  #isServing = false
  /** When this process last wrote for an organization; what the replica holds is forgotten. */
  readonly #writes = new Map<string, number>()
  /** Writes up to this moment are not told apart: a process that only writes looks at no replica and forgets none. */
  #writtenUntil = Number.NEGATIVE_INFINITY

  constructor(options: ReplicaOptions) {
    this.#options = options
    this.#now = options.now ?? (() => performance.now())
    this.kysely = options.kysely
  }

  /** Remembers that something was written for an organization, or may have been. */
  wrote(organizationId: string): void {
    const now = this.#now()
    if (this.#writes.size >= mostWrites) {
      this.#writes.clear()
      this.#writtenUntil = now
    }
    this.#writes.set(organizationId, now)
  }

  /** Whether lists of an organization may be read from the replica at this moment. */
  mayServe(organizationId: string): boolean {
    const now = this.#now()
    if (now >= this.#nextLook && this.#looking === undefined) this.#looking = this.#look(now)
    const isRecent = now - this.#completeUntil <= this.#options.lagSeconds * 1_000
    const written = this.#writes.get(organizationId) ?? this.#writtenUntil
    return isRecent && written < this.#completeUntil
  }

  /** Leaves the replica alone for a while, because a statement failed there. */
  distrust(cause: unknown): void {
    this.#completeUntil = Number.NEGATIVE_INFINITY
    this.#nextLook = this.#now() + restMillis
    this.#tell(false, `lists are read from the primary: ${saying(cause)}`)
  }

  /** Ends when no look is under way. */
  async close(): Promise<void> {
    this.#nextLook = Number.POSITIVE_INFINITY
    await this.#looking
  }

  async #look(began: number): Promise<void> {
    this.#nextLook = began + lookMillis
    try {
      const place = await this.#placeOfPrimary()
      // While the primary does not answer, the replica holds what it held.
      if (place === undefined) return
      if (await this.#hasReplayed(place, began)) {
        this.#completeUntil = Math.max(this.#completeUntil, began)
        for (const [id, at] of this.#writes) if (at < began) this.#writes.delete(id)
        this.#tell(true, "lists are read from the replica")
      } else {
        this.#tell(false, "lists are read from the primary: the replica is behind")
      }
    } catch (cause) {
      this.distrust(cause)
    } finally {
      this.#looking = undefined
    }
  }

  async #placeOfPrimary(): Promise<string | undefined> {
    try {
      const query = sql<{ readonly place: string }>`select pg_current_wal_insert_lsn()::text as place`
      return (await query.execute(this.#options.primary)).rows[0]?.place
    } catch {
      return undefined
    }
  }

  /** Waits until the replica has replayed up to a place, as long as a list may be behind. */
  async #hasReplayed(place: string, began: number): Promise<boolean> {
    for (;;) {
      const { rows } = await sql<{ readonly done: boolean | null }>`select pg_is_in_recovery()
        and pg_last_wal_replay_lsn() >= ${place}::pg_lsn as done`.execute(this.kysely)
      if (rows[0]?.done === true) return true
      if (this.#now() - began > this.#options.lagSeconds * 1_000) return false
      await setTimeout(askMillis)
    }
  }

  #tell(isServing: boolean, news: string): void {
    if (isServing === this.#isServing) return
    this.#isServing = isServing
    this.#options.onChange(news)
  }
}
