/**
 * Reminders of consents that end to owners who have no account here: they gave the consent by answering a request (rule
 * X-R14).
 */
import { describe, expect, it } from "@effect/vitest"
import { Access, Connection, type Id, type Invitation, MailQuota, Text } from "@portolan/domain"
import { ProviderScript } from "@portolan/memory"
import { AuthLinks, Connecting, Connections, Members, PendingAuthorizations, Requests } from "@portolan/ports"
import { DateTime, Effect, Redacted, Result } from "effect"
import { TestClock } from "effect/testing"
import { ada, dueBy, mailed, mailingWorker, passUntil } from "../support/endings.ts"
import { outcome } from "../support/gate.ts"
import { office, tokenIn } from "../support/office.ts"
import { account, adsKey, cookie, marketplaces, sees, world } from "../support/world.ts"

const here = <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.provide(Effect.scoped(effect), world)
const olive = { name: "Olive Owner", email: "olive@harbour.example" }
const daysBefore = (end: DateTime.Utc, days: number) => DateTime.subtract(end, { days })

const remindersTo = (owner: typeof olive) =>
  Effect.map(mailed, (all) =>
    all.filter(({ emailMessage, to }) => to.email === owner.email && emailMessage.subject.includes("renew the access"))
  )

interface Consent {
  readonly expiresAt: DateTime.Utc
  readonly login: string
  readonly numbers: ReadonlyArray<string>
}

/** Follows a link as somebody without an account, and consents as a login. */
const answer = Effect.fnUntraced(function* (token: string, { expiresAt, login, numbers }: Consent) {
  const code = `${token.slice(0, 8)} ${expiresAt.epochMilliseconds}`
  const candidates = numbers.map((number) => ProviderScript.candidate(adsKey(number)))
  const script = yield* ProviderScript.ProviderScript
  yield* script.consents(code, { ...sees(login, ...candidates), expiresAt })
  const browser = cookie("browser of a guest")
  const redirect = yield* (yield* AuthLinks.AuthLinks).follow(Redacted.make(token), browser)
  const query = new URLSearchParams({ code, state: redirect.url.searchParams.get("state") ?? "" })
  yield* (yield* Connecting.Connecting).receive("amazon-ads", query, redirect.browser)
  return redirect.authorizationId
})

const linkOf = (id: Id.ConnectionId) =>
  Effect.flatMap(Connections.Connections, (connections) =>
    Effect.map(connections.view(ada, id), ({ connection }) =>
      Connection.isLinked(connection) ? connection.link : undefined
    )
  )

/** An account that its owner outside connected by a request, with a consent that ends. */
const connectedBy = Effect.fnUntraced(function* (owner: typeof olive, number: string, consent: Consent) {
  const { ads } = yield* account(ada, `Harbour ${number}`)
  const { link } = yield* (yield* Requests.Requests).send(ada, {
    connectionId: ads.id,
    owner,
    marketplaceId: marketplaces.US
  })
  const { url } = yield* (yield* AuthLinks.AuthLinks).view(ada, link.id)
  const authorizationId = yield* answer(tokenIn(url === undefined ? "" : Redacted.value(url)), consent)
  const pending = yield* PendingAuthorizations.PendingAuthorizations
  yield* pending.select(ada, authorizationId, { key: adsKey(number), confirmed: false })
  return ads.id
})

/** Three accounts of Olive's, two of them of one login. */
const owners = Effect.gen(function* () {
  yield* office(ada, "ada@example.com")
  const expiresAt = DateTime.add(yield* DateTime.now, { days: 40, hours: 9 })
  const shop = { expiresAt, login: "shop", numbers: ["1", "2"] }
  const one = yield* connectedBy(olive, "1", shop)
  const two = yield* connectedBy(olive, "2", shop)
  const late = DateTime.add(expiresAt, { hours: 3 })
  const three = yield* connectedBy({ ...olive, name: "O." }, "3", { expiresAt: late, login: "store", numbers: ["3"] })
  return { one, two, three, end: expiresAt }
})

const openReminders = Effect.gen(function* () {
  const { items } = yield* (yield* Requests.Requests).list(ada, { states: ["Open"] }, { limit: 100 })
  return items.map(({ link }) => link).filter(({ request }) => request.renews !== undefined)
})

/** The requests that were answered; nothing comes of their own reminders. */
const usedRequests = Effect.gen(function* () {
  const { items } = yield* (yield* Requests.Requests).list(ada, { states: ["Used"] }, { limit: 100 })
  return new Set<string>(items.map(({ link }) => link.id))
})

describe("an owner outside whose consents end", () => {
  it.effect("gets one mail a day, with a link a login that renews all its accounts without an account here", () =>
    here(
      Effect.gen(function* () {
        const { end, one, three, two } = yield* owners
        yield* passUntil(daysBefore(end, 29))
        const [first, ...more] = yield* remindersTo(olive)
        expect(more).toEqual([])
        const { subject, text } = first!.emailMessage
        expect(subject).toBe("Please renew the access to 2 accounts")
        expect(text).toMatch(/Account: Harbour [12], Harbour [12]\n/)
        expect(text).toContain("Account: Harbour 3\n")
        expect(text).toContain("at most once a day")
        expect([...text.matchAll(/\/link\//g)]).toHaveLength(2)
        expect(first!.replyTo?.email).toBe("ada@example.com")
        // Nobody asked, so nobody gets a copy.
        expect((yield* mailed).filter(({ emailMessage }) => emailMessage.subject === subject)).toHaveLength(1)

        const renewedUntil = DateTime.add(end, { days: 365 })
        yield* answer(tokenIn(text), { expiresAt: renewedUntil, login: "shop", numbers: ["1", "2"] })
        yield* passUntil(DateTime.add(yield* DateTime.now, { minutes: 5 }))
        for (const id of [one, two]) expect((yield* linkOf(id))?.expiresAt).toEqual(renewedUntil)
        expect((yield* linkOf(three))?.expiresAt).not.toEqual(renewedUntil)

        yield* passUntil(end)
        const later = (yield* remindersTo(olive)).slice(1)
        expect(later.map(({ emailMessage }) => emailMessage.subject)).toEqual(
          Array(4).fill("Please renew the access to Harbour 3")
        )
        expect(new Set(later.map(({ keptAt }) => DateTime.formatIsoDateUtc(keptAt))).size).toBe(4)
      })
    )
  )

  it.effect("is not reminded again of a consent after saying no on its page, or after a member withdrew it", () =>
    here(
      Effect.gen(function* () {
        const { end } = yield* owners
        yield* passUntil(daysBefore(end, 29))
        const requests = yield* Requests.Requests
        const all = yield* openReminders
        const links = yield* AuthLinks.AuthLinks
        // Olive does not want those of the first login, a member withdraws the other one.
        for (const { accountId, id } of all) {
          const { url } = yield* links.view(ada, id)
          const isStore = all.filter((one) => one.accountId === accountId).length === 1 && id === all.at(-1)?.id
          if (isStore) yield* requests.revoke(ada, id)
          else
            yield* requests.object(Redacted.make(tokenIn(url === undefined ? "" : Redacted.value(url))), "not-expected")
        }
        yield* passUntil(end)
        expect(yield* remindersTo(olive)).toHaveLength(1)
      })
    )
  )

  it.effect("who is a member is reminded as one", () =>
    here(
      Effect.gen(function* () {
        const { end } = yield* owners
        const personId = `per_${"o".padStart(26, "0")}` as Id.PersonId
        const as = { ...ada, role: "viewer", actor: { _tag: "Person", personId, name: "Olive" } } as const
        yield* office(as, olive.email, false)
        yield* passUntil(daysBefore(end, 29))
        expect(yield* remindersTo(olive)).toEqual([])
        expect(yield* openReminders).toEqual([])
      })
    )
  )

  it.effect("gets one mail when two workers make it at once, and waits while the limits on mails are reached", () =>
    here(
      Effect.gen(function* () {
        const { end } = yield* owners
        const workers = [yield* mailingWorker, yield* mailingWorker]
        const atOnce = Effect.fnUntraced(function* (tag: string, instant: DateTime.Utc) {
          const used = yield* usedRequests
          const due = (yield* dueBy(instant)).filter(
            ({ job: { task } }) => task._tag === tag && !("invitationId" in task && used.has(task.invitationId))
          )
          yield* TestClock.setTime(instant.epochMilliseconds)
          const outcomes = yield* outcome(
            Effect.forEach(
              due.flatMap((one) => workers.map(({ handle }) => handle(one))),
              (handled) => handled,
              { concurrency: "unbounded" }
            )
          )
          return Result.getOrThrow(outcomes).map(({ _tag }) => _tag)
        })
        const at = daysBefore(end, 30)
        const members = yield* Members.Members
        yield* atOnce("RemindExpiry", at)
        const renewing: ReadonlyArray<Invitation.Present> = yield* openReminders
        // One for each consent, however many workers saw that it ends.
        expect(new Set(renewing.map(({ request }) => request?.renews?.grantId)).size).toBe(renewing.length)
        const morning = DateTime.add(at, { days: 1 })
        yield* TestClock.setTime(DateTime.subtract(morning, { hours: 2 }).epochMilliseconds)
        yield* Effect.forEach(Array.from({ length: MailQuota.limit }), (_, turn) =>
          members.invite(ada, {
            email: Text.Email.make(`guest${turn}@example.com`),
            role: "viewer",
            accessScope: Access.everything
          })
        )
        expect(new Set(yield* atOnce("RemindRequest", morning))).toEqual(new Set(["RetryAt"]))
        expect(yield* remindersTo(olive)).toEqual([])
        yield* atOnce("RemindRequest", DateTime.add(morning, { days: 1 }))
        yield* atOnce("MailRequest", DateTime.add(morning, { days: 1, minutes: 1 }))
        expect(yield* remindersTo(olive)).toHaveLength(1)
      })
    )
  )
})
