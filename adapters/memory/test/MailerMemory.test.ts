/** Mails of a world in memory are kept, not sent. */
import { describe, expect, it } from "@effect/vitest"
import { type Id, EmailMessage, Text } from "@portolan/domain"
import { Mailer, Secrets } from "@portolan/ports"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { MemoryAdapters } from "../src/index.ts"

const mail = (organizationId: Id.OrganizationId, id: string): Mailer.Mail => ({
  id,
  organizationId,
  to: { name: "Dana", email: Text.Email.make("dana@ledgerline.example") },
  emailMessage: EmailMessage.notice({ subject: `About ${id}`, text: "Something happened." })
})

describe("the mailer in memory", () => {
  it.effect("keeps a mail once, lists the youngest first, and shows it to its own organization only", () =>
    Effect.gen(function* () {
      const mailer = yield* Mailer.Mailer
      const { id } = yield* Secrets.Secrets
      const [one, other] = [yield* id("organization"), yield* id("organization")]
      expect(mailer.sends).toBe(false)
      for (const name of ["a", "b", "c", "a"]) {
        yield* mailer.send(mail(one, name))
        yield* TestClock.adjust("1 second")
      }
      const first = yield* mailer.kept(one, { limit: 2 })
      expect(first.items.map((kept) => kept.id)).toEqual(["c", "b"])
      expect(first.items[0]?.emailMessage.subject).toBe("About c")
      const rest = yield* mailer.kept(one, { limit: 2, cursor: first.next ?? "" })
      expect(rest.items.map((kept) => kept.id)).toEqual(["a"])
      expect(rest).not.toHaveProperty("next")
      expect((yield* mailer.kept(other, { limit: 2 })).items).toEqual([])
      const foreign = yield* Effect.flip(mailer.kept(other, { limit: 2, cursor: first.next ?? "" }))
      expect(foreign._tag).toBe("InvalidCursor")
    }).pipe(Effect.provide(MemoryAdapters.layer()))
  )

  it.effect("keeps the youngest mails up to the limit", () =>
    Effect.gen(function* () {
      const mailer = yield* Mailer.Mailer
      const organizationId = yield* (yield* Secrets.Secrets).id("organization")
      for (let n = 0; n <= Mailer.keptLimit; n++) {
        yield* mailer.send(mail(organizationId, `m${n}`))
        yield* TestClock.adjust("1 milli")
      }
      let count = 0
      let cursor: string | undefined
      do {
        const page: Effect.Success<ReturnType<typeof mailer.kept>> = yield* mailer.kept(organizationId, {
          limit: 100,
          ...(cursor === undefined ? {} : { cursor })
        })
        count += page.items.length
        cursor = page.next
      } while (cursor !== undefined)
      expect(count).toBe(Mailer.keptLimit)
      expect((yield* mailer.kept(organizationId, { limit: 1 })).items[0]?.id).toBe(`m${Mailer.keptLimit}`)
    }).pipe(Effect.provide(MemoryAdapters.layer()))
  )
})
