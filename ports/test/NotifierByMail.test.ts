/** Notices as mails: who gets them, once each, and what a refused address does not stop. */
import { describe, expect, it } from "@effect/vitest"
import { type Access, Id } from "@portolan/domain"
import { MemoryAdapters } from "@portolan/memory"
import { Deployment, Mailer, Notifier, NotifierByMail } from "@portolan/ports"
import { Effect, Layer } from "effect"
import { mails, office } from "./support/office.ts"
import { caller } from "./support/world.ts"

const ports = Layer.mergeAll(
  MemoryAdapters.layer(),
  Layer.succeed(Deployment.Deployment, {
    origin: "https://portolan.example.com",
    supportEmail: "Support@vendor.example"
  })
)
const colleague = (role: Access.Role, name: string): Access.Caller => ({
  ...caller(role),
  actor: { _tag: "Person", personId: `per_${name.padStart(26, "0")}` as Id.PersonId, name }
})
const notice = (audience: Notifier.Notice["audience"]): Notifier.Notice => ({
  id: "int_00000000000000000000000001" as Id.JobId,
  organizationId: caller().organizationId,
  topic: "overdue",
  audience,
  connectionId: "con_00000000000000000000000001" as Id.ConnectionId,
  subject: "Harbour US is not in sync\r\nBcc: x",
  text: "It goes on by itself."
})
const people = Effect.gen(function* () {
  yield* office(caller("owner"), "owner@books.example")
  yield* office(colleague("admin", "anna"), "anna@books.example", false)
  yield* office(colleague("member", "mona"), "mona@books.example", false)
  yield* office(colleague("viewer", "vera"), "vera@books.example", false)
})
const to = (kept: ReadonlyArray<Mailer.KeptMail>) => kept.map(({ to: { email } }) => email).toSorted()

describe("notices by mail", () => {
  it.effect("go to owner and admins, and to support when it should know, once each", () =>
    Effect.gen(function* () {
      yield* people
      const { notify } = yield* NotifierByMail.make
      for (let turn = 0; turn < 3; turn++) yield* notify(notice("members-and-support"))
      const kept = yield* mails(caller().organizationId)
      expect(to(kept)).toEqual(["anna@books.example", "owner@books.example"])
      expect(to(yield* mails(Id.installation))).toEqual(["support@vendor.example"])
      expect(kept[0]?.emailMessage.subject).toBe("Harbour US is not in sync Bcc: x")
      expect(kept[0]?.emailMessage.text).toContain(
        "https://portolan.example.com/connections/con_00000000000000000000000001"
      )
    }).pipe(Effect.provide(ports))
  )

  it.effect("for support alone reach nobody else, and an organization that is gone is nobody", () =>
    Effect.gen(function* () {
      const { notify } = yield* NotifierByMail.make
      yield* notify(notice("members"))
      yield* people
      yield* notify(notice("support"))
      expect(yield* mails(caller().organizationId)).toHaveLength(0)
      expect(yield* mails(Id.installation)).toHaveLength(1)
    }).pipe(Effect.provide(ports))
  )

  it.effect("one refused address does not keep the others from being told; an outage is tried again", () =>
    Effect.gen(function* () {
      yield* people
      const mailer = yield* Mailer.Mailer
      const failing = (error: Mailer.MailRefused | Mailer.MailerUnavailable) =>
        Effect.provideService(NotifierByMail.make, Mailer.Mailer, {
          ...mailer,
          send: (mail) => (mail.to.email.startsWith("anna") ? Effect.fail(error) : mailer.send(mail))
        })
      yield* (yield* failing(new Mailer.MailRefused({ reason: "550" }))).notify(notice("members"))
      expect(to(yield* mails(caller().organizationId))).toEqual(["owner@books.example"])
      const error = yield* Effect.flip(
        (yield* failing(new Mailer.MailerUnavailable({ reason: "421" }))).notify(notice("members"))
      )
      expect(error._tag).toBe("NotifierUnavailable")
      yield* (yield* NotifierByMail.make).notify(notice("members"))
      expect(to(yield* mails(caller().organizationId))).toEqual(["anna@books.example", "owner@books.example"])
    }).pipe(Effect.provide(ports))
  )
})
