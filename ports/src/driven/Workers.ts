/**
 * Which workers live, and whether anybody heard that none does. Workers give signs of life to the store that all
 * processes share, so that a process which is no worker can watch them; all times go by the store's clock.
 */
import { Context, type DateTime, type Duration, type Effect } from "effect"
import type { StoreUnavailable } from "./StoreUnavailable.ts"

/** How background work stands, at one instant of the store's clock. */
export interface Status {
  readonly at: DateTime.Utc
  /** How many workers live. */
  readonly living: number
  /** When a worker last gave a sign of life, whether or not it lives. Absent: none ever did. */
  readonly lastSeenAt?: DateTime.Utc
  /** How many jobs are under way. */
  readonly underWay: number
  /** Since when the oldest due job that is not under way has been due. Absent: none is due. */
  readonly oldestDueAt?: DateTime.Utc
}

/** For how many seconds a job may be due before it counts as overdue. */
export const overdueSeconds = 60

/** How much work waits, over all organizations, at one instant of the store's clock. It names no organization. */
export interface Backlog {
  /** Jobs that are due and not under way. */
  readonly due: number
  /** Those of them that have been due for longer than `overdueSeconds`. */
  readonly overdue: number
  /** Jobs that are under way. */
  readonly underWay: number
  /** Jobs that wait for their time. */
  readonly later: number
  /** Dead letters: jobs that stopped and wait for an operator. */
  readonly deadLetters: number
  /** For how many seconds the oldest due job that is not under way has been due; 0 when none is. */
  readonly oldestDueSeconds: number
  /** How many workers live. */
  readonly living: number
}

/** What support hears about: that background work stands still, or that it goes on again. */
export type Turn = "standstill" | "recovery"

/** Signs of life of workers, and notices about them. */
export class Workers extends Context.Service<
  Workers,
  {
    /** Gives a sign of life: the worker lives for `life` from now (law WORKERS-01). */
    readonly beat: (workerId: string, life: Duration.Duration) => Effect.Effect<void, StoreUnavailable>

    /** Takes a worker that stops out of the living at once. Repeating it is harmless. */
    readonly leave: (workerId: string) => Effect.Effect<void, StoreUnavailable>

    /** How background work stands. When a worker was last seen is known after it died or left (law WORKERS-02). */
    readonly status: Effect.Effect<Status, StoreUnavailable>

    /** How much work waits, in one statement. For metrics: it is asked often, and answered from memory for seconds. */
    readonly backlog: Effect.Effect<Backlog, StoreUnavailable>

    /**
     * Takes the task of telling support about a turn; true for one caller at a time. Whoever does not confirm it within
     * `life` loses it to the next caller. False when this turn was the last one that was confirmed; the first turn is a
     * standstill (law WORKERS-03).
     */
    readonly claimNotice: (turn: Turn, life: Duration.Duration) => Effect.Effect<boolean, StoreUnavailable>

    /** Puts it on record that support was told about a turn. */
    readonly confirmNotice: (turn: Turn) => Effect.Effect<void, StoreUnavailable>
  }
>()("@portolan/ports/driven/Workers") {}
