/**
 * The runtime that cases run in.
 *
 * The default scheduler starts fibers first come, first served, and runs each until it waits: a lost update then hides
 * in every run. Here the next fiber is a seeded choice, and a fiber may be stopped between any two of its steps, so a
 * check followed by an act is soon caught in between. Time is part of the same machine: it moves only when nothing can
 * run, and then exactly to the next timer. Same seed, same run; weeks pass in a millisecond.
 *
 * That is for subjects that live in this process. A subject that talks to a database cannot be simulated: its replies
 * come when they come. It keeps the seeded order of fibers and gets a clock that stands still until the law moves it.
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Scheduler from "effect/Scheduler"
import type { Draws } from "./Seed.ts"

/** The instant at which every case begins: 2027-01-15T09:30:00Z. */
export const startsAt = Date.UTC(2027, 0, 15, 9, 30)

/** A runtime for one case: the services to run effects with, and the hand on its clock. */
export interface Simulation {
  readonly services: Context.Context<never>
  /** Lets this many milliseconds pass, for every fiber of the case. */
  readonly advance: (millis: number) => Effect.Effect<void>
  /** Says what time it is, in milliseconds since 1970. */
  readonly now: () => number
  /** Ends the case: fibers that were left behind no longer move time. */
  readonly close: () => void
}

interface Sleeper {
  readonly at: number
  readonly wake: () => void
}

const clockOf = (now: () => number, sleep: (millis: number) => Effect.Effect<void>): Clock.Clock => {
  const nanos = () => BigInt(Math.floor(now())) * 1_000_000n
  return {
    currentTimeMillisUnsafe: now,
    currentTimeMillis: Effect.sync(now),
    currentTimeNanosUnsafe: nanos,
    currentTimeNanos: Effect.sync(nanos),
    monotonicTimeNanosUnsafe: nanos,
    monotonicTimeNanos: Effect.sync(nanos),
    sleep: (duration) => sleep(Duration.toMillis(duration))
  }
}

/** The chance that a fiber is stopped after a step. High enough to split a check from its act, low enough to get on. */
const stopChance = 0.15

/**
 * Picks the next fiber by seed. `whenIdle` is asked for more work each time nothing is left to run; it answers whether
 * it made any.
 */
const seededScheduler = (chance: Draws, whenIdle: () => boolean): Scheduler.Scheduler => {
  const ready: Array<() => void> = []
  let awake = false
  // Bounded, so that fibers that keep each other busy for ever do not keep the case's own time limit from striking.
  const drain = () => {
    for (let ran = 0; ready.length > 0 && ran < 2_000; ran++) {
      const [task] = ready.splice(chance.below(ready.length), 1)
      task?.()
    }
  }
  // Promises that settle without the outside world (a key derivation, an await) get several turns before time moves.
  const turn = (idleTurns: number) => {
    setImmediate(() => {
      const worked = ready.length > 0
      drain()
      if (worked) return turn(0)
      if (idleTurns < 3) return turn(idleTurns + 1)
      if (whenIdle()) return turn(0)
      awake = false
    })
  }
  const start = () => {
    if (awake) return
    awake = true
    turn(0)
  }
  return {
    executionMode: "async",
    shouldYield: (fiber) => fiber.currentOpCount > 0 && chance.next() < stopChance,
    makeDispatcher: () => ({
      scheduleTask: (task) => {
        ready.push(task)
        start()
      },
      flush: drain
    })
  }
}

/** Makes the runtime for subjects inside this process: seeded order, time that jumps to the next timer. */
export const simulated = (chance: Draws): Simulation => {
  let time = startsAt
  const sleepers: Array<Sleeper> = []
  let closed = false
  const wakeNext = (): boolean => {
    if (closed || sleepers.length === 0) return false
    time = Math.max(time, Math.min(...sleepers.map((sleeper) => sleeper.at)))
    const due = sleepers.filter((sleeper) => sleeper.at <= time)
    for (const sleeper of due) sleepers.splice(sleepers.indexOf(sleeper), 1)
    for (const sleeper of due) sleeper.wake()
    return true
  }
  const scheduler = seededScheduler(chance, wakeNext)
  const dispatcher = scheduler.makeDispatcher()
  const sleep = (millis: number) =>
    Effect.callback<void>((resume) => {
      const sleeper = { at: time + millis, wake: () => resume(Effect.void) }
      sleepers.push(sleeper)
      // The idle loop may have stopped already; an empty task makes it look again.
      dispatcher.scheduleTask(() => undefined, 0)
      return Effect.sync(() => {
        const place = sleepers.indexOf(sleeper)
        if (place >= 0) sleepers.splice(place, 1)
      })
    })
  const now = () => time
  return {
    services: Context.make(Scheduler.Scheduler, scheduler).pipe(Context.add(Clock.Clock, clockOf(now, sleep))),
    advance: sleep,
    now,
    close: () => void (closed = true)
  }
}

/** Makes a runtime for subjects with real input and output: the clock stands still until `advance`; sleeps are real. */
export const attended = (): Simulation => {
  let time = startsAt
  const now = () => time
  const sleep = (millis: number) =>
    Effect.callback<void>((resume) => {
      const timer = setTimeout(() => resume(Effect.void), millis)
      return Effect.sync(() => clearTimeout(timer))
    })
  return {
    services: Context.make(Clock.Clock, clockOf(now, sleep)),
    advance: (millis) => Effect.sync(() => void (time += millis)),
    now,
    close: () => undefined
  }
}
