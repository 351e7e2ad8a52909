/** Reminders of consents that end: one mail a person and day, of what is still true when it is sent. */
import { describe, expect, it } from "@effect/vitest"
import { Member } from "@portolan/domain"
import { Connections, type Mailer, Members, StoreUnavailable, UnitOfWork } from "@portolan/ports"
import { DateTime, Effect } from "effect"
import { TestClock } from "effect/testing"
import { ada, bob, consented, dueBy, five, mailed, mailingWorker, numbers, passUntil } from "../support/endings.ts"
import { world } from "../support/world.ts"

const here = <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.provide(Effect.scoped(effect), world)
const dayOf = ({ keptAt }: Mailer.KeptMail) => DateTime.formatIsoDateUtc(keptAt)
const to = (name: string) => Effect.map(mailed, (all) => all.filter((mail) => mail.to.email.startsWith(name)))
const daysBefore = (end: DateTime.Utc, days: number) => DateTime.subtract(end, { days })

/** The jobs that mail, once the reminders before them are carried out; the clock is when they are due. */
const mailsDue = Effect.fnUntraced(function* (instant: DateTime.Utc) {
  const { handle } = yield* mailingWorker
  for (const one of yield* dueBy(instant)) {
    if (one.job.task._tag !== "RemindExpiry") continue
    yield* TestClock.setTime(one.job.dueAt.epochMilliseconds)
    yield* handle(one)
  }
  yield* TestClock.setTime(instant.epochMilliseconds)
  return yield* dueBy(instant)
})

describe("reminders of consents that end", () => {
  // Before, each connection and moment was a mail of its own: 50 of them.
  it.effect("are one mail a person and day: 10 for five connections, two people and five moments", () =>
    here(
      Effect.gen(function* () {
        const { end } = yield* five
        yield* (yield* Members.Members).changeMailPreferences(bob, { ...Member.defaultPreferences, progress: "never" })
        yield* passUntil(end)
        const sent = yield* mailed
        expect(sent).toHaveLength(10)
        expect(new Set(sent.map((mail) => `${mail.to.email} ${dayOf(mail)}`)).size).toBe(10)
        expect(sent.map(({ emailMessage }) => emailMessage.subject)).toEqual(
          [30, 14, 7, 3, 1].flatMap((days) => Array(2).fill(`A consent ends in ${days} day${days === 1 ? "" : "s"}`))
        )
        const { text } = sent[0]!.emailMessage
        expect(text).toContain(
          "Harbour 1, Harbour 2, Harbour 3 and 2 more (Amazon Advertising API): ends on 1970-02-10 (UTC), in 30 days."
        )
        expect(text).toContain("https://portolan.example.com/renewals")
        for (const { keptAt } of sent) expect(DateTime.toPartsUtc(keptAt).hour).toBe(Member.digestHour)
      })
    )
  )

  it.effect("go by the clock that a person chose, and a clock that is changed makes no second mail of a day", () =>
    here(
      Effect.gen(function* () {
        const { connections, end } = yield* five
        const members = yield* Members.Members
        const choose = (timeZone: string) =>
          members.changeMailPreferences(bob, { ...Member.defaultPreferences, timeZone })
        yield* choose("Pacific/Auckland")
        yield* passUntil(DateTime.subtract(end, { days: 30, hours: 14 }))
        const [first, ...others] = yield* to("bob")
        expect(others).toEqual([])
        // Six in the morning of Auckland, which was twelve hours ahead of UTC in 1970.
        expect(DateTime.toPartsUtc(first!.keptAt).hour).toBe(18)
        // Further west it is two in the morning: the hour of the daily mail comes again on that person's same day.
        yield* choose("Asia/Bangkok")
        yield* consented(connections[0]!, "1", DateTime.add(yield* DateTime.now, { days: 7, hours: 20 }))
        yield* passUntil(DateTime.add(first!.keptAt, { hours: 40 }))
        const [second, ...more] = (yield* to("bob")).slice(1)
        expect(more).toEqual([])
        const local = (mail: Mailer.KeptMail) =>
          DateTime.formatIsoDate(DateTime.setZoneNamedUnsafe(mail.keptAt, "Asia/Bangkok"))
        expect(local(second!)).not.toBe(local(first!))
      })
    )
  )

  it.effect("are one mail when two workers make it at once, and when one dies after sending it", () =>
    here(
      Effect.gen(function* () {
        const { end } = yield* five
        const due = yield* mailsDue(daysBefore(end, 30))
        expect(due.map(({ job }) => job.task._tag)).toEqual(["MailNews", "MailNews"])
        const unitOfWork = yield* UnitOfWork.UnitOfWork
        const dying = yield* mailingWorker.pipe(
          Effect.provideService(UnitOfWork.UnitOfWork, {
            ...unitOfWork,
            commit: () => Effect.fail(new StoreUnavailable.StoreUnavailable({ doing: "commit", cause: "cut" }))
          })
        )
        for (const one of due) expect((yield* dying.handle(one))._tag).toBe("Failed")
        const workers = [yield* mailingWorker, yield* mailingWorker]
        yield* Effect.forEach(
          due.flatMap((one) => workers.map(({ handle }) => handle(one))),
          (outcome) => Effect.map(outcome, ({ _tag }) => expect(_tag).toBe("Done")),
          { concurrency: "unbounded" }
        )
        expect(yield* mailed).toHaveLength(2)
        expect(yield* dueBy(daysBefore(end, 29))).toEqual([])
      })
    )
  )

  it.effect("say nothing of a consent that was renewed or ended meanwhile, and reach nobody who left", () =>
    here(
      Effect.gen(function* () {
        const { bobsId, connections, end } = yield* five
        const due = yield* mailsDue(daysBefore(end, 30))
        yield* (yield* Members.Members).remove(ada, bobsId)
        for (const number of numbers.slice(0, 3)) {
          yield* consented(connections[Number(number) - 1]!, number, DateTime.add(end, { days: 365 }), "another")
        }
        yield* (yield* Connections.Connections).disconnect(ada, connections[3]!)
        const { handle } = yield* mailingWorker
        for (const one of due) yield* handle(one)
        const [only, ...others] = yield* mailed
        expect(others).toEqual([])
        expect(only?.to.email).toBe("ada@example.com")
        expect(only?.emailMessage.text).toContain("\nHarbour 5 (Amazon")
        for (const name of ["Harbour 1", "Harbour 4"]) expect(only?.emailMessage.text).not.toContain(name)
        yield* consented(connections[4]!, "5", DateTime.add(end, { days: 365 }), "another")
        yield* passUntil(end)
        expect(
          (yield* mailed).filter(({ emailMessage }) => emailMessage.subject.includes("consent ends"))
        ).toHaveLength(1)
      })
    )
  )
})
