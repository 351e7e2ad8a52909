/** A small correct notifier: every law passes on it, and the mutants are made from it. */
import { Id } from "@portolan/domain"
import { Notifier } from "@portolan/ports"
import { Effect } from "effect"
import type { NotifierInstance, NotifierService } from "../../laws/notifier/NotifierInstance.ts"
import type { Subject } from "../../Subject.ts"

/** What the model keeps. */
export interface Model {
  readonly outbox: Array<Notifier.Notice>
  /** How many notices still find nobody to take them. */
  away: number
}

const make = (model: Model): NotifierService => ({
  notify: (notice) =>
    Effect.suspend(() => {
      if (model.away === 0) return Effect.sync(() => void model.outbox.push(notice))
      model.away -= 1
      return Effect.fail(new Notifier.NotifierUnavailable({ cause: "nobody takes it" }))
    })
})

const organization = (n: number) => Id.make("organization", n, new Uint8Array(Id.entropyBytes).fill(n))

/** Makes the model, or one that departs from it, a subject. */
export const modelSubject = (
  name: string,
  wrap: (notifier: NotifierService, model: Model) => NotifierService = (notifier) => notifier
): Subject<NotifierInstance> => ({
  name,
  version: "1",
  place: "in-process",
  manifest: { features: [], clock: "effect" },
  open: Effect.succeed(
    Effect.sync((): NotifierInstance => {
      const model: Model = { outbox: [], away: 0 }
      const open = () => wrap(make(model), model)
      return {
        notifier: open(),
        organizations: [organization(1), organization(2)],
        probes: {
          clients: (count) => Effect.sync(() => Array.from({ length: count }, open)),
          outbox: () => Effect.sync(() => [...model.outbox]),
          outage: (count) => Effect.sync(() => void (model.away = count))
        }
      }
    })
  )
})
