/** Notices as mails: who gets them, when they prefer them, once each, and what a refused address does not stop. */
import { describe, expect, it } from "@effect/vitest"
import { type Access, Id, Member } from "@portolan/domain"
import { Deployment, JobHandlers, Mailer, Members, Notifier, NotifierByMail } from "@portolan/ports"
import { Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import { mails, office } from "./support/office.ts"
import { caller, settle, working, world } from "./support/world.ts"

const deployment = { origin: "https://portolan.example.com", supportEmail: "Support@vendor.example" }
const here = <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.scoped(effect).pipe(Effect.provide(world))
const byMail = Effect.provideService(NotifierByMail.make, Deployment.Deployment, deployment)

const colleague = (role: Access.Role, name: string): Access.Caller => ({
  ...caller(role),
  actor: { _tag: "Person", personId: `per_${name.padStart(26, "0")}` as Id.PersonId, name }
})
const notice = (audience: Notifier.Notice["audience"], number = 1, topic: Notifier.Notice["topic"] = "overdue") =>
  ({
    id: `int_${String(number).padStart(26, "0")}` as Id.JobId,
    organizationId: caller().organizationId,
    topic,
    audience,
    connectionId: "con_00000000000000000000000001" as Id.ConnectionId,
    subject: `Harbour US is not in sync (${number})\r\nBcc: x`,
    text: "It goes on by itself."
  }) satisfies Notifier.Notice
const people = Effect.gen(function* () {
  yield* office(caller("owner"), "owner@books.example")
  yield* office(colleague("admin", "anna"), "anna@books.example", false)
  yield* office(colleague("member", "mona"), "mona@books.example", false)
  yield* office(colleague("viewer", "vera"), "vera@books.example", false)
})
const to = (kept: ReadonlyArray<Mailer.KeptMail>) => kept.map(({ to: { email } }) => email).toSorted()
const burst = Effect.andThen(TestClock.adjust("3 minutes"), settle)

describe("notices by mail", () => {
  it.effect("go to owner and admins, and to support when it should know, once each", () =>
    here(
      Effect.gen(function* () {
        yield* people
        yield* working
        const { notify } = yield* byMail
        for (let turn = 0; turn < 3; turn++) yield* notify(notice("members-and-support"))
        yield* burst
        const kept = yield* mails(caller().organizationId)
        expect(to(kept)).toEqual(["anna@books.example", "owner@books.example"])
        expect(to(yield* mails(Id.installation))).toEqual(["support@vendor.example"])
        expect(kept[0]?.emailMessage.subject).toBe("Harbour US is not in sync (1) Bcc: x")
        expect(kept[0]?.emailMessage.text).toContain(
          "https://portolan.example.com/connections/con_00000000000000000000000001"
        )
        expect(kept[0]?.emailMessage.text).toContain("/mail-preferences")
      })
    )
  )

  it.effect("about secrets and incidents lead operators to the page that shows them", () =>
    here(
      Effect.gen(function* () {
        const { notify } = yield* byMail
        const about = ["application-secret", "incident-opened"] as const
        for (const [index, topic] of about.entries()) {
          const { connectionId: _, ...rest } = notice("operators-and-support", index + 1, topic)
          yield* notify({ ...rest, organizationId: Id.installation })
        }
        const texts = (yield* mails(Id.installation)).map(({ emailMessage }) => emailMessage.text)
        for (const page of ["/operator/application-secrets", "/operator/incidents"])
          expect(texts.filter((text) => text.includes(deployment.origin + page))).toHaveLength(1)
      })
    )
  )

  it.effect("with a text that is cut in the middle of a character keep whole characters", () =>
    here(
      Effect.gen(function* () {
        yield* office(caller("owner"), "owner@books.example")
        yield* working
        const { notify } = yield* byMail
        yield* notify({ ...notice("members"), text: `${"a".repeat(999)}\u{1f9ed} and more` })
        yield* burst
        const [kept] = yield* mails(caller().organizationId)
        expect(kept?.emailMessage.text.isWellFormed()).toBe(true)
        expect(kept?.emailMessage.text).toContain("aaa\n")
      })
    )
  )

  it.effect("for support alone reach nobody else, and an organization that is gone is nobody", () =>
    here(
      Effect.gen(function* () {
        const { notify } = yield* byMail
        yield* working
        yield* notify(notice("members"))
        yield* people
        yield* notify(notice("support"))
        yield* burst
        expect(yield* mails(caller().organizationId)).toHaveLength(0)
        expect(yield* mails(Id.installation)).toHaveLength(1)
      })
    )
  )

  it.effect("within a few minutes are one mail, collected for a day when somebody prefers that, or none", () =>
    here(
      Effect.gen(function* () {
        yield* people
        yield* working
        const members = yield* Members.Members
        const choose = (by: Access.Caller, change: Partial<Member.MailPreferences>) =>
          members.changeMailPreferences(by, { ...Member.defaultPreferences, ...change })
        yield* choose(colleague("admin", "anna"), { problems: "daily", progress: "never" })
        expect(yield* members.mailPreferences(caller("owner"))).toEqual(Member.defaultPreferences)
        const { notify } = yield* byMail
        yield* notify(notice("members", 1))
        yield* TestClock.adjust("1 second")
        yield* notify(notice("members", 2, "caught-up"))
        yield* burst
        const [first, ...others] = yield* mails(caller().organizationId)
        expect(others).toEqual([])
        expect(first?.to.email).toBe("owner@books.example")
        expect(first?.emailMessage.subject).toBe("Harbour US is not in sync (1) Bcc: x, and one more update")
        for (const part of ["not in sync (1)", "not in sync (2)", "It goes on by itself."])
          expect(first?.emailMessage.text).toContain(part)
        yield* TestClock.adjust("1 day")
        yield* settle
        const anna = (yield* mails(caller().organizationId)).filter((mail) => mail.to.email.startsWith("anna"))
        expect(anna.map(({ emailMessage }) => emailMessage.subject)).toEqual(["Harbour US is not in sync (1) Bcc: x"])
      })
    )
  )

  it.effect("preferences are a member's own: a key and somebody outside have none", () =>
    here(
      Effect.gen(function* () {
        yield* people
        const members = yield* Members.Members
        const key: Access.Caller = {
          ...caller("admin"),
          actor: { _tag: "ApiKey", keyId: "key_00000000000000000000000001", name: "bulk" }
        }
        for (const by of [key, colleague("admin", "gone")]) {
          const refused = yield* Effect.flip(members.changeMailPreferences(by, Member.defaultPreferences))
          expect(refused._tag === "Refused" && refused.reason).toBe("not-permitted")
        }
      })
    )
  )

  it.effect("one refused address does not keep the others from being told; an outage is tried again", () =>
    here(
      Effect.gen(function* () {
        yield* people
        const mailer = yield* Mailer.Mailer
        let failure: Mailer.MailRefused | Mailer.MailerUnavailable | undefined
        const failing = Mailer.Mailer.of({
          ...mailer,
          send: (mail) =>
            failure !== undefined && mail.to.email.startsWith("anna") ? Effect.fail(failure) : mailer.send(mail)
        })
        const layer = Layer.fresh(JobHandlers.JobHandlers.layer).pipe(
          Layer.provide(Layer.succeed(Mailer.Mailer, failing))
        )
        yield* working.pipe(Effect.provide(layer))
        const { notify } = yield* byMail
        failure = new Mailer.MailRefused({ reason: "550" })
        yield* notify(notice("members", 1))
        yield* burst
        expect(to(yield* mails(caller().organizationId))).toEqual(["owner@books.example"])
        failure = new Mailer.MailerUnavailable({ reason: "421" })
        yield* notify(notice("members", 2))
        yield* burst
        failure = undefined
        yield* TestClock.adjust("1 hour")
        yield* settle
        expect(to(yield* mails(caller().organizationId))).toEqual([
          "anna@books.example",
          "owner@books.example",
          "owner@books.example"
        ])
      })
    )
  )
})
