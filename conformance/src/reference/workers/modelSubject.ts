/** A small correct store of workers: every law passes on it, and the mutants are made from it. */
import type { Workers } from "@portolan/ports"
import { Clock, DateTime, Duration, Effect } from "effect"
import type { WorkersInstance, WorkersService } from "../../laws/workers/WorkersInstance.ts"
import type { Subject } from "../../Subject.ts"

/** What the model keeps. */
export interface Model {
  readonly workers: Map<string, { readonly seenAt: number; readonly livingUntil: number }>
  confirmed: Workers.Turn
  claimedUntil: number
  /** The store's time, in milliseconds since 1970. */
  readonly now: Effect.Effect<number>
}

const make = (model: Model): WorkersService => ({
  beat: (workerId, life) =>
    Effect.map(model.now, (now) => {
      model.workers.set(workerId, { seenAt: now, livingUntil: now + Duration.toMillis(life) })
    }),
  leave: (workerId) =>
    Effect.map(model.now, (now) => {
      const seen = model.workers.get(workerId)
      if (seen === undefined) return
      model.workers.set(workerId, { ...seen, livingUntil: Math.min(seen.livingUntil, now) })
    }),
  status: Effect.map(model.now, (now): Workers.Status => {
    const all = [...model.workers.values()]
    const last = all.map(({ seenAt }) => seenAt).toSorted((one, other) => other - one)[0]
    return {
      at: DateTime.makeUnsafe(now),
      living: all.filter(({ livingUntil }) => livingUntil > now).length,
      underWay: 0,
      ...(last === undefined ? {} : { lastSeenAt: DateTime.makeUnsafe(last) })
    }
  }),
  backlog: Effect.map(model.now, (now): Workers.Backlog => ({
    due: 0,
    overdue: 0,
    underWay: 0,
    later: 0,
    deadLetters: 0,
    oldestDueSeconds: 0,
    living: [...model.workers.values()].filter(({ livingUntil }) => livingUntil > now).length
  })),
  claimNotice: (turn, life) =>
    Effect.map(model.now, (now) => {
      if (model.confirmed === turn || model.claimedUntil > now) return false
      model.claimedUntil = now + Duration.toMillis(life)
      return true
    }),
  confirmNotice: (turn) => Effect.sync(() => void Object.assign(model, { confirmed: turn, claimedUntil: 0 }))
})

/** Makes the model, or one that departs from it, a subject. */
export const modelSubject = (
  name: string,
  wrap: (workers: WorkersService, model: Model) => WorkersService = (workers) => workers
): Subject<WorkersInstance> => ({
  name,
  version: "1",
  place: "in-process",
  manifest: { features: [], clock: "store" },
  open: Effect.succeed(
    Clock.clockWith((clock) =>
      Effect.sync((): WorkersInstance => {
        const model: Model = {
          workers: new Map(),
          confirmed: "recovery",
          claimedUntil: 0,
          now: clock.currentTimeMillis
        }
        const open = () => wrap(make(model), model)
        return {
          workers: open(),
          probes: {
            advance: (millis) => clock.sleep(Duration.millis(millis)),
            clients: (count) => Effect.sync(() => Array.from({ length: count }, open))
          }
        }
      })
    )
  )
})
