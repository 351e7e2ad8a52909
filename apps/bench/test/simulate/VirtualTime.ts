/**
 * A clock and a scheduler of one machine: fibers run first come, first served, and time moves only when none of them
 * can, then exactly to the next timer. Nothing waits for the machine's own clock, so the same program runs in the same
 * way each time, and a year takes as long as its work.
 */
import { Clock, Context, Duration, Effect, Exit, Fiber, Scheduler } from "effect"

interface Sleeper {
  readonly at: number
  /** Sleepers of one instant wake in the order in which they lay down. */
  readonly order: number
  readonly wake: () => void
  isAwake: boolean
}

const isBefore = (one: Sleeper, other: Sleeper): boolean =>
  one.at < other.at || (one.at === other.at && one.order < other.order)

/** A binary heap: the next sleeper is found in logarithmic time, however many there are. */
const heap = () => {
  const all: Array<Sleeper> = []
  const swap = (a: number, b: number) => {
    const [one, other] = [all[a], all[b]]
    if (one === undefined || other === undefined) return
    all[a] = other
    all[b] = one
  }
  const precedes = (a: number, b: number) => {
    const [one, other] = [all[a], all[b]]
    return one !== undefined && other !== undefined && isBefore(one, other)
  }
  const sink = () => {
    for (let at = 0; ;) {
      const [left, right] = [2 * at + 1, 2 * at + 2]
      let least = at
      if (precedes(left, least)) least = left
      if (precedes(right, least)) least = right
      if (least === at) return
      swap(at, least)
      at = least
    }
  }
  return {
    push: (sleeper: Sleeper) => {
      all.push(sleeper)
      for (let at = all.length - 1; at > 0;) {
        const above = (at - 1) >> 1
        if (!precedes(at, above)) return
        swap(at, above)
        at = above
      }
    },
    pop: (): Sleeper | undefined => {
      const [first] = all
      const last = all.pop()
      if (last !== undefined && all.length > 0) {
        all[0] = last
        sink()
      }
      return first
    }
  }
}

/** Tasks that are run before the machine's own loop has its turn. */
const tasksPerTurn = 20_000

/** Turns of the machine's own loop that a promise gets to settle, when nothing else is left to wait for. */
const patience = 10_000

/** Time, what waits for it, and what can run now. */
const machine = (startsAt: number) => {
  let now = startsAt
  let order = 0
  let head = 0
  const ready: Array<() => void> = []
  const sleepers = heap()
  /** Runs what can run, what comes of it included; says how much that was. A task may drain, too. */
  const drain = (): number => {
    let ran = 0
    for (; head < ready.length; ran++) {
      const task = ready[head]
      head += 1
      task?.()
    }
    ready.length = 0
    head = 0
    return ran
  }
  /** Moves time to the next sleeper and wakes it; says whether there was one. */
  const wake = (): boolean => {
    for (let next = sleepers.pop(); next !== undefined; next = sleepers.pop()) {
      if (next.isAwake) continue
      now = Math.max(now, next.at)
      next.wake()
      return true
    }
    return false
  }
  const scheduler: Scheduler.Scheduler = {
    executionMode: "async",
    shouldYield: () => false,
    makeDispatcher: () => ({ scheduleTask: (task) => void ready.push(task), flush: drain })
  }
  const nanos = () => BigInt(now) * 1_000_000n
  const clock: Clock.Clock = {
    currentTimeMillisUnsafe: () => now,
    currentTimeMillis: Effect.sync(() => now),
    currentTimeNanosUnsafe: nanos,
    currentTimeNanos: Effect.sync(nanos),
    monotonicTimeNanosUnsafe: nanos,
    monotonicTimeNanos: Effect.sync(nanos),
    sleep: (duration) =>
      Effect.callback<void>((resume) => {
        const at = now + Math.ceil(Duration.toMillis(duration))
        const sleeper = { at, order: order++, isAwake: false, wake: () => resume(Effect.void) }
        sleepers.push(sleeper)
        return Effect.sync(() => void (sleeper.isAwake = true))
      })
  }
  const services = Context.make(Scheduler.Scheduler, scheduler).pipe(Context.add(Clock.Clock, clock))
  return { drain, services, wake }
}

/** Runs an effect from an instant (epoch milliseconds) on; gives what it gives. Fails when it waits for ever. */
export const run = <A, E>(startsAt: number, effect: Effect.Effect<A, E>): Promise<A> =>
  new Promise((resolve, reject) => {
    const { drain, services, wake } = machine(startsAt)
    const fiber = Effect.runForkWith(services)(effect)
    const progress = { isOver: false }
    fiber.addObserver((exit) => {
      progress.isOver = true
      if (Exit.isSuccess(exit)) resolve(exit.value)
      else reject(new Error("the simulation failed", { cause: exit.cause }))
    })
    const turn = (idle: number): void => {
      let ran = 0
      for (let some = drain(); !progress.isOver && ran < tasksPerTurn; some = drain()) {
        ran += some
        if (some === 0 && !wake()) break
      }
      if (progress.isOver) return
      if (ran > 0 || idle < patience) return void setImmediate(turn, ran > 0 ? 0 : idle + 1)
      reject(new Error("everything waits, and nothing will happen any more"))
      Effect.runFork(Fiber.interrupt(fiber))
    }
    turn(0)
  })
