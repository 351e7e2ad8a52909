/**
 * Removes what is of no use any more, by declared rules, in small batches. What is on record is never removed by a
 * rule: events, reads of tokens and security events are on the audit log's chain, which must stay verifiable.
 */
import { Context, type Duration, type Effect } from "effect"
import type { StoreUnavailable } from "./StoreUnavailable.ts"

/** What is kept for how long, and why no longer. */
export interface Rule {
  readonly name: string
  /** How old something is when it may go; a day at least. */
  readonly age: Duration.Duration
  readonly reason: string
}

/** How much was removed by a rule. */
export interface Removed {
  readonly rule: string
  readonly rows: number
}

/** Removes by rules. */
export class Retention extends Context.Service<
  Retention,
  {
    /** Every rule there is. */
    readonly rules: ReadonlyArray<Rule>
    /**
     * Removes what the rules let go, batch after batch. One process at a time does it; another one removes nothing
     * meanwhile. It may be ended anywhere, and the next call goes on.
     */
    readonly forget: Effect.Effect<ReadonlyArray<Removed>, StoreUnavailable>
  }
>()("@portolan/ports/driven/Retention") {}
