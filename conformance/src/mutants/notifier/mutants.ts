/** Notifiers that are wrong on purpose: NOTIF-01 and 03. */
import { Id } from "@portolan/domain"
import { Notifier } from "@portolan/ports"
import { Effect } from "effect"
import type { NotifierInstance, NotifierService } from "../../laws/notifier/NotifierInstance.ts"
import type { Mutant } from "../../Mutant.ts"
import type { Degenerate } from "../../Port.ts"
import { type Model, modelSubject } from "../../reference/notifier/modelSubject.ts"
import { mutantsOf } from "../mutantsOf.ts"

const moments = new WeakMap<Model, Notifier.Notice>()

/** All mutants of the notifier. */
export const mutants: ReadonlyArray<Mutant<NotifierInstance>> = mutantsOf<NotifierInstance, NotifierService, Model>(
  modelSubject
)([
  {
    id: "notif-fresh-id",
    law: "NOTIF-01",
    defect: "Makes an id of its own for each attempt.",
    change: ({ notify }, { outbox }) => ({
      notify: (notice) =>
        notify({ ...notice, id: Id.make("job", outbox.length, new Uint8Array(Id.entropyBytes).fill(outbox.length)) })
    })
  },
  {
    id: "notif-drops-connection",
    law: "NOTIF-01",
    defect: "Leaves out which connection it is about.",
    change: ({ notify }) => ({ notify: ({ connectionId: _dropped, ...notice }) => notify(notice) })
  },
  {
    id: "notif-members-only",
    law: "NOTIF-01",
    defect: "Tells members only.",
    change: ({ notify }) => ({ notify: (notice) => notify({ ...notice, audience: "members" }) })
  },
  {
    id: "notif-shared-state",
    law: "NOTIF-01",
    defect: "Keeps the notice of the moment in the service: of two at once, one goes out twice.",
    change: ({ notify }, model) => ({
      notify: (notice) =>
        Effect.gen(function* () {
          moments.set(model, notice)
          yield* Effect.yieldNow
          yield* notify(moments.get(model) ?? notice)
        })
    })
  },
  {
    id: "notif-swallows",
    law: "NOTIF-03",
    defect: "Logs a failure, and takes the notice for told.",
    change: ({ notify }) => ({ notify: (notice) => Effect.ignore(notify(notice)) })
  },
  {
    id: "notif-record-then-send",
    law: "NOTIF-03",
    defect: "Notes the id before the notice went out, and tells no noted id again.",
    change: ({ notify }) => {
      const noted = new Set<string>()
      return {
        notify: (notice) =>
          Effect.suspend(() => {
            if (noted.has(notice.id)) return Effect.void
            noted.add(notice.id)
            return notify(notice)
          })
      }
    }
  }
])

/** Notifiers that no one could call correct. */
export const degenerates: ReadonlyArray<Degenerate<NotifierInstance>> = [
  { subject: modelSubject("idle notifier", () => ({ notify: () => Effect.void })), passes: {} },
  {
    subject: modelSubject("failing notifier", () => ({
      notify: () => Effect.fail(new Notifier.NotifierUnavailable({ cause: "always" }))
    })),
    passes: {}
  }
]
