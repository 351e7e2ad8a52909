/** Keeps mails instead of sending them; the same mail is kept once. */
import { Mailer } from "@portolan/ports"
import { DateTime, Effect, Layer } from "effect"
import { Memory, read, tenant, withTenant, write } from "./Memory.ts"
import { paged } from "./paged.ts"

/** Keeps mails in `Memory`, the youngest 1,000 of each organization. */
export const layer: Layer.Layer<Mailer.Mailer, never, Memory> = Layer.effect(
  Mailer.Mailer,
  Effect.map(Memory, (memory) =>
    Mailer.Mailer.of({
      sends: false,

      send: Effect.fn("Mailer.send")(function* (mail) {
        const keptAt = yield* DateTime.now
        yield* write(memory, (contents) => {
          const before = tenant(contents, mail.organizationId)
          if (before.mails.some(({ id }) => id === mail.id)) return [undefined, contents]
          const mails = [...before.mails, { ...mail, keptAt }].slice(-Mailer.keptLimit)
          return [undefined, withTenant(contents, mail.organizationId, { ...before, mails })]
        })
      }),

      kept: Effect.fn("Mailer.kept")(function* (organizationId, page) {
        const { mails } = yield* read(memory, (contents) => tenant(contents, organizationId))
        return yield* paged<Mailer.KeptMail>({ key: memory.cursorKey, name: [organizationId, "mails"], page }, mails, {
          key: (mail) => [DateTime.toEpochMillis(mail.keptAt), mail.id],
          descending: true
        })
      })
    })
  )
)
