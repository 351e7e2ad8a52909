/**
 * What the tests of consents that end share: accounts of one login, two people, and a worker that carries out reminders
 * and mails alone, so that months pass in a moment.
 */
import { type Access, type Id, type Job } from "@portolan/domain"
import { Memory, ProviderScript } from "@portolan/memory"
import { JobHandlers, NotifierByMail, PendingAuthorizations, type Scheduler } from "@portolan/ports"
import { Context, DateTime, Effect, HashMap, Layer, Ref } from "effect"
import { TestClock } from "effect/testing"
import { mails, office } from "./office.ts"
import { account, adsKey, caller, consent, sees } from "./world.ts"

/** The owner of the organization. */
export const ada = caller("owner")

/** An admin beside them. */
export const bob: Access.Caller = {
  ...caller("admin"),
  actor: { _tag: "Person", personId: `per_${"b".padStart(26, "0")}` as Id.PersonId, name: "Bob" }
}

/** Numbers of accounts, which are those of their profiles; one login sees all of them. */
export const numbers = ["1", "2", "3", "4", "5"]
const candidates = numbers.map((number) => ProviderScript.candidate(adsKey(number)))

/** Consents to a connection as the login that sees all accounts. */
export const consented = Effect.fnUntraced(function* (
  connectionId: Id.ConnectionId,
  number: string,
  expiresAt: DateTime.Utc,
  login = "olive"
) {
  const pending = yield* PendingAuthorizations.PendingAuthorizations
  const code = `${login} ${number} ${expiresAt.epochMilliseconds}`
  const { authorizationRedirect } = yield* consent(ada, connectionId, code, {
    ...sees(login, ...candidates),
    expiresAt
  })
  yield* pending.select(ada, authorizationRedirect.authorizationId, { key: adsKey(number), confirmed: false })
})

/** Five accounts of one login, each by a consent of its own that ends in 40 days and some minutes; two people. */
export const five = Effect.gen(function* () {
  yield* office(ada, "ada@example.com")
  const { memberId } = yield* office(bob, "bob@example.com", false)
  const end = DateTime.add(yield* DateTime.now, { days: 40, hours: 9 })
  const connections: Array<Id.ConnectionId> = []
  for (const [index, number] of numbers.entries()) {
    const { ads } = yield* account(ada, `Harbour ${number}`)
    connections.push(ads.id)
    yield* consented(ads.id, number, DateTime.add(end, { minutes: 7 * index }))
  }
  return { bobsId: memberId, connections, end }
})

/** A worker whose notices are mails. */
export const mailingWorker = Effect.map(
  Layer.build(Layer.fresh(JobHandlers.JobHandlers.layer).pipe(Layer.provide(NotifierByMail.layer))),
  (context) => Context.get(context, JobHandlers.JobHandlers)
)

const kinds: ReadonlySet<Job.Task["_tag"]> = new Set([
  "RemindExpiry",
  "MailNews",
  "SpreadRenewal",
  "RemindRequest",
  "MailRequest",
  "ExpireInvitation"
])

/** The reminders and mails that are due by an instant, the earliest first. */
export const dueBy = Effect.fnUntraced(function* (instant: DateTime.Utc) {
  const { tasks } = yield* Ref.get((yield* Memory.Memory).contents)
  return HashMap.toValues(tasks)
    .filter(({ job, status }) => status === "waiting" && kinds.has(job.task._tag))
    .filter(({ job }) => DateTime.isLessThanOrEqualTo(job.dueAt, instant))
    .map(({ failures, job }): Scheduler.Due => ({ failures, job }))
    .toSorted((one, other) => one.job.dueAt.epochMilliseconds - other.job.dueAt.epochMilliseconds)
})

/** Carries out, one after the other and each when it is due, the reminders and mails until an instant. */
export const passUntil = Effect.fnUntraced(function* (instant: DateTime.Utc) {
  const { handle } = yield* mailingWorker
  const carriedOut = new Set<string>()
  for (;;) {
    const next = (yield* dueBy(instant)).find(({ job }) => !carriedOut.has(job.id))
    if (next === undefined) break
    carriedOut.add(next.job.id)
    const now = yield* DateTime.now
    yield* TestClock.setTime(DateTime.max(now, next.job.dueAt).epochMilliseconds)
    const outcome = yield* handle(next)
    if (outcome._tag !== "Done") return yield* Effect.die(`${next.job.task._tag}: ${outcome._tag}`)
  }
  yield* TestClock.setTime(DateTime.max(yield* DateTime.now, instant).epochMilliseconds)
})

/** The mails of the organization, the oldest first. */
export const mailed = Effect.map(mails(ada.organizationId), (all) => all.toReversed())
