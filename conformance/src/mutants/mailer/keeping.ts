/** Mailers that are wrong about keeping: MAIL-01 to 04. */
import { Mailer } from "@portolan/ports"
import { DateTime, Effect } from "effect"
import type { MailerInstance, MailerService } from "../../laws/mailer/MailerInstance.ts"
import { listed, type Model, modelSubject, placeOf } from "../../reference/mailer/modelSubject.ts"
import { type Deviation, mutantsOf } from "../mutantsOf.ts"

type Wrong = Deviation<MailerService, Model>

const keeping = (place: (mail: Mailer.Mail) => string, isReplaced: boolean) => (_: MailerService, model: Model) => ({
  send: ((mail) =>
    Effect.map(DateTime.now, (keptAt) => {
      if (isReplaced || !model.kept.has(place(mail))) model.kept.set(place(mail), { ...mail, keptAt })
    })) satisfies MailerService["send"]
})

const keepers: ReadonlyArray<Wrong> = [
  {
    id: "mail-says-it-sends",
    law: "MAIL-01",
    defect: "Says that it sends, and keeps.",
    change: () => ({ sends: true })
  },
  {
    id: "mail-keeps-nothing",
    law: "MAIL-01",
    defect: "Neither sends nor keeps.",
    change: () => ({ send: () => Effect.void })
  },
  {
    id: "mail-keeps-last",
    law: "MAIL-02",
    defect: "Puts the second mail under an id in the place of the first.",
    change: keeping(placeOf, true)
  },
  {
    id: "mail-id-across-organizations",
    law: "MAIL-02",
    defect: "Takes ids for unique across organizations.",
    change: keeping(({ id }) => id, false)
  },
  {
    id: "mail-folds-ids",
    law: "MAIL-02",
    defect: "Compares ids without regard to capitals.",
    change: keeping((mail) => placeOf({ ...mail, id: mail.id.toLowerCase() }), false)
  },
  {
    id: "mail-forgets-answers",
    law: "MAIL-02",
    defect: "Does not keep who gets the answers.",
    change: (mailer) => ({ send: ({ replyTo: _forgotten, ...mail }) => mailer.send(mail) })
  },
  {
    id: "mail-look-then-keep",
    law: "MAIL-02",
    defect: "Looks whether a mail is there, and keeps it later.",
    change: (mailer, model) => ({
      send: (mail) =>
        Effect.gen(function* () {
          if (model.kept.has(placeOf(mail))) return
          const copy = `${placeOf(mail)} ${model.kept.size}`
          yield* Effect.yieldNow
          if (model.kept.has(placeOf(mail))) model.kept.set(copy, { ...mail, keptAt: yield* DateTime.now })
          else yield* mailer.send(mail)
        })
    })
  },
  {
    id: "mail-oldest-first",
    law: "MAIL-03",
    defect: "Lists the oldest first.",
    change: (mailer) => ({
      kept: (of, page) =>
        Effect.map(mailer.kept(of, { ...page, limit: 100 }), ({ items }) => ({ items: items.toReversed() }))
    })
  },
  {
    id: "mail-first-page",
    law: "MAIL-03",
    defect: "Gives the first page only.",
    change: (mailer) => ({ kept: (of, page) => Effect.map(mailer.kept(of, page), ({ items }) => ({ items })) })
  },
  {
    id: "mail-lists-all",
    law: "MAIL-03",
    defect: "Lists the mails of every organization.",
    change: (_, model) => ({ kept: () => Effect.sync(() => ({ items: [...model.kept.values()].toReversed() })) })
  },
  {
    id: "mail-cursor-of-anybody",
    law: "MAIL-03",
    defect: "Goes on from the beginning when it does not know the cursor.",
    change: (mailer) => ({
      kept: (of, { cursor, ...page }) =>
        Effect.catchTag(
          mailer.kept(of, { ...page, ...(cursor === undefined ? {} : { cursor }) }),
          "InvalidCursor",
          () => mailer.kept(of, page)
        )
    })
  },
  {
    id: "mail-keeps-all",
    law: "MAIL-04",
    defect: "Keeps every mail for ever.",
    longest: 1,
    change: keeping(placeOf, false)
  },
  {
    id: "mail-limit-of-all",
    law: "MAIL-04",
    defect: "Keeps a thousand mails of all organizations together.",
    longest: 1,
    change: (mailer, model) => ({
      send: (mail) =>
        Effect.tap(mailer.send(mail), () =>
          Effect.sync(() => {
            for (const place of [...model.kept.keys()].slice(0, Math.max(0, model.kept.size - Mailer.keptLimit)))
              model.kept.delete(place)
          })
        )
    })
  },
  {
    id: "mail-drops-the-youngest",
    law: "MAIL-04",
    defect: "Takes no further mail when a thousand are kept.",
    longest: 1,
    change: (mailer, model) => ({
      send: (mail) => (listed(model, mail.organizationId).length < Mailer.keptLimit ? mailer.send(mail) : Effect.void)
    })
  }
]

/** The mutants. */
export const mutants = mutantsOf<MailerInstance, MailerService, Model>(modelSubject)(keepers)
