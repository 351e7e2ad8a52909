/** Requests to connect (flow F5; rules X-R1 to X-R5) with the failure cases of the seed's right-hand columns. */
import { describe, expect, it } from "@effect/vitest"
import { type Id, Invitation } from "@portolan/domain"
import { ProviderScript } from "@portolan/memory"
import {
  AuthLinks,
  Connecting,
  Connections,
  Mailer,
  PendingAuthorizations,
  Requests,
  JobHandlers
} from "@portolan/ports"
import { DateTime, Effect, Fiber, Layer, Redacted, type Scope } from "effect"
import { TestClock } from "effect/testing"
import { mails, office, tokenIn } from "../support/office.ts"
import {
  account,
  adsKey,
  caller,
  connected,
  cookie,
  marketplaces,
  sees,
  settle,
  working,
  world,
  worldOffering
} from "../support/world.ts"

const by = caller()
const key = adsKey("2973802954634317")
const owner = { name: "Olive Owner", email: "olive@harbour.example" }
const here = <A, E>(effect: Effect.Effect<A, E, Layer.Success<typeof world> | Scope.Scope>, layer = world) =>
  Effect.scoped(effect).pipe(Effect.provide(layer))

const begun = Effect.gen(function* () {
  yield* office(by)
  const made = yield* account(by)
  return {
    ...made,
    draft: { connectionId: made.ads.id, owner, marketplaceId: marketplaces.US, message: "For the books of 2026." }
  }
})

/** A request that was sent, and its mails. */
const asked = Effect.gen(function* () {
  const requests = yield* Requests.Requests
  const made = yield* begun
  const sent = yield* requests.send(by, made.draft)
  yield* working
  const token = tokenIn((yield* mails(by.organizationId))[0]?.emailMessage.text ?? "")
  return { ...made, requests, sent, id: sent.link.id, token: Redacted.make(token) }
})

/** The owner goes to the provider and comes back. */
const consents = Effect.fnUntraced(function* (
  token: Redacted.Redacted<string>,
  code: string,
  given: ProviderScript.Consent,
  browser = "owner"
) {
  const links = yield* AuthLinks.AuthLinks
  const connecting = yield* Connecting.Connecting
  const script = yield* ProviderScript.ProviderScript
  yield* script.consents(code, given)
  const authorizationRedirect = yield* links.follow(token, cookie(browser))
  const query = new URLSearchParams({ code, state: authorizationRedirect.url.searchParams.get("state") ?? "" })
  return { query, authorizationRedirect, back: connecting.receive(given.channel, query, authorizationRedirect.browser) }
})
const seesOne = sees("olive", ProviderScript.candidate(key))
const told = (about: string) =>
  Effect.map(mails(by.organizationId), (all) => all.filter(({ emailMessage }) => emailMessage.subject.includes(about)))

describe("sending", () => {
  it.effect("the preview is what both sides get, byte for byte (X-R2, X-R3)", () =>
    here(
      Effect.gen(function* () {
        const requests = yield* Requests.Requests
        const { draft } = yield* begun
        const preview = yield* requests.preview(by, draft)
        expect((yield* requests.list(by, {}, { limit: 10 })).items).toHaveLength(0)
        yield* TestClock.adjust("59 seconds")
        const sent = yield* requests.send(by, { ...draft, reference: preview.reference })
        expect(sent.link.id).toBe(preview.id)
        yield* working
        const all = yield* mails(by.organizationId)
        expect(all.map(({ to }) => to.email).toSorted()).toEqual(["bea@books.example", "olive@harbour.example"])
        for (const mail of all) expect(mail.emailMessage).toEqual(preview.emailMessage)
        expect(all.find(({ to }) => to.email === owner.email)?.replyTo?.email).toBe("bea@books.example")
        const text = preview.emailMessage.text
        for (const part of ["Sharp Books", "Harbour Goods", "Harbour US", "United States", "For the books of 2026."])
          expect(text).toContain(part)
        const view = yield* (yield* AuthLinks.AuthLinks).look(Redacted.make(tokenIn(text)))
        expect(view.request).toEqual({
          organizationName: "Sharp Books",
          requesterName: "Person 1",
          ownerName: "Olive Owner",
          message: "For the books of 2026."
        })
      })
    )
  )

  it.effect(
    "a preview is sent once however often its button is pressed, and not at all when it would read differently",
    () =>
      here(
        Effect.gen(function* () {
          const requests = yield* Requests.Requests
          const { draft } = yield* begun
          const { reference } = yield* requests.preview(by, draft)
          const all = yield* Effect.all(
            [1, 2, 3].map(() => requests.send(by, { ...draft, reference })),
            { concurrency: "unbounded" }
          )
          expect(new Set(all.map(({ link }) => link.id)).size).toBe(1)
          expect((yield* requests.list(by, {}, { limit: 10 })).items).toHaveLength(1)
          const other = yield* requests.preview(by, draft)
          const changed = yield* Effect.flip(
            requests.send(by, { ...draft, message: "Another.", reference: other.reference })
          )
          expect(changed._tag === "Refused" && changed.detail).toContain("read differently")
          yield* TestClock.adjust("61 minutes")
          const late = yield* Effect.flip(requests.send(by, { ...draft, reference: other.reference }))
          expect(late._tag === "Refused" && late.reason).toBe("expired")
        })
      )
  )

  it.effect("an id is never taken from a caller, so nobody is shown the link of somebody else's request", () =>
    here(
      Effect.gen(function* () {
        const { id, requests } = yield* asked
        const stranger = caller("admin", 2)
        yield* office(stranger, "eve@elsewhere.example")
        const { ads } = yield* account(stranger)
        const draft = { connectionId: ads.id, owner, marketplaceId: marketplaces.US }
        for (const reference of [
          id,
          `${id}.`,
          `${id}.x`,
          "",
          "x".repeat(2_000_000),
          `${id}.${(yield* requests.preview(stranger, draft)).reference.split(".")[1]}`
        ]) {
          const error = yield* Effect.flip(requests.send(stranger, { ...draft, reference }))
          expect(error._tag).toBe("Refused")
        }
        expect((yield* Effect.flip(requests.view(stranger, id)))._tag).toBe("NotFound")
        expect((yield* Effect.flip(requests.mailAgain(stranger, id)))._tag).toBe("NotFound")
        expect((yield* Effect.flip(requests.revoke(stranger, id)))._tag).toBe("NotFound")
      })
    )
  )

  it.effect("the wrong marketplace, a viewer and a key without a mailbox are told what to do (X2)", () =>
    here(
      Effect.gen(function* () {
        const requests = yield* Requests.Requests
        const { draft } = yield* begun
        const ca = yield* Effect.flip(requests.send(by, { ...draft, marketplaceId: marketplaces.CA }))
        expect(ca._tag === "Refused" && ca.detail).toContain("another marketplace")
        expect((yield* Effect.flip(requests.send(caller("viewer"), draft))).message).toContain("role")
        const apiKey = { ...by, actor: { _tag: "ApiKey" as const, keyId: "key", name: "ci" } }
        expect((yield* Effect.flip(requests.send(apiKey, draft))).message).toContain(
          "e-mail address of the person who asks"
        )
        const sent = yield* requests.send(apiKey, { ...draft, requester: { name: "Bo", email: "BO@books.example " } })
        expect(sent.link.request.requester).toEqual({ name: "Bo", email: "bo@books.example" })
        expect(
          (yield* Effect.flip(requests.send(by, { ...draft, requester: { name: "Chief", email: "c@x.example" } })))
            .message
        ).toContain("own name")
      })
    )
  )

  it.effect("a channel that this installation cannot reach is refused with what to do instead", () =>
    here(
      Effect.gen(function* () {
        const requests = yield* Requests.Requests
        const { draft } = yield* begun
        expect((yield* Effect.flip(requests.preview(by, draft))).message).toContain("Ask your operator")
      }),
      worldOffering("amazon-sp")
    )
  )

  it.effect("hostile names are refused in words, or make a safe mail", () =>
    here(
      Effect.gen(function* () {
        const requests = yield* Requests.Requests
        const { draft } = yield* begun
        for (const name of ["x".repeat(2_000_000), "Dana\r\nBcc: victim@example.com", "", "\u202egnikcah"]) {
          const error = yield* Effect.flip(requests.preview(by, { ...draft, owner: { ...owner, name } }))
          expect(error._tag === "Refused" && error.detail).toContain("name of the owner")
        }
        for (const email of ["x".repeat(2_000_000), "a@b.c\r\nBcc: v@example.com", "nobody", ""]) {
          expect(
            (yield* Effect.flip(requests.preview(by, { ...draft, owner: { ...owner, email } }))).message
          ).toContain("e-mail address of the owner")
        }
        expect(
          (yield* Effect.flip(requests.preview(by, { ...draft, message: "y".repeat(2_000_000) }))).message
        ).toContain("at most 1000")
        const { emailMessage } = yield* requests.preview(by, {
          ...draft,
          owner: { ...owner, name: "</title><script>alert(1)</script>" },
          message: "<b>\r\nBcc: x\r\n"
        })
        expect(emailMessage.html).not.toContain("<script>")
        expect(emailMessage.html).not.toContain("<b>")
        expect(emailMessage.subject).not.toMatch(/[\r\n]/)
      })
    )
  )

  it.effect(
    "no more than five requests for one connection wait at the same time, and no more than twenty are made in a day",
    () =>
      here(
        Effect.gen(function* () {
          const requests = yield* Requests.Requests
          const { draft } = yield* begun
          for (let turn = 0; turn < Requests.openLimit; turn++) yield* requests.send(by, draft)
          const sixth = yield* Effect.flip(requests.send(by, draft))
          expect(sixth._tag === "Refused" && sixth.reason).toBe("too-many")
          yield* TestClock.adjust("8 days")
          for (let turn = 0; turn < Requests.dayLimit; turn++) {
            // Other owners: one address is written to less often than that.
            const { link } = yield* requests.send(by, {
              ...draft,
              owner: { ...owner, email: `olive${turn % 4}@harbour.example` }
            })
            yield* requests.revoke(by, link.id)
          }
          expect((yield* Effect.flip(requests.send(by, draft))).message).toContain("Wait until tomorrow")
        })
      )
  )
})

describe("answering", () => {
  it.effect("the owner continues, consents and returns, and both get a confirmation (X-R4, X-R5)", () =>
    here(
      Effect.gen(function* () {
        const { ads, requests, id, token } = yield* asked
        for (let scan = 0; scan < 20; scan++)
          expect((yield* (yield* AuthLinks.AuthLinks).look(token)).outcome.label).toBe("Open")
        const { back } = yield* consents(token, "code", seesOne)
        const arrival = yield* back
        expect(arrival._tag === "Handled" && arrival.authorization._tag).toBe("Finalised")
        yield* TestClock.adjust("2 minutes")
        yield* settle
        expect((yield* (yield* Connections.Connections).view(by, ads.id)).evidence.status).toBe("connected")
        expect((yield* requests.view(by, id)).link._tag).toBe("Used")
        expect((yield* told("Harbour US is connected")).map(({ to }) => to.email).toSorted()).toEqual([
          "bea@books.example",
          "olive@harbour.example"
        ])
        expect(yield* told("Choose the profile")).toHaveLength(0)
        yield* TestClock.adjust("8 days")
        yield* settle
        expect(yield* told("Reminder")).toHaveLength(0)
        expect(yield* told("expired")).toHaveLength(0)
      })
    )
  )

  it.effect("of two people who click at once one connects; a replayed or forwarded link does no harm", () =>
    here(
      Effect.gen(function* () {
        const { ads, token } = yield* asked
        const one = yield* consents(token, "one", seesOne, "first browser")
        const two = yield* consents(
          token,
          "two",
          sees("other", ProviderScript.candidate(adsKey("999"))),
          "second browser"
        )
        const fibers = yield* Effect.forEach([one.back, two.back], (back) => Effect.forkChild(back))
        // The slower one waits a moment before it reads and decides again.
        yield* settle
        const arrivals = yield* Effect.forEach(fibers, Fiber.join)
        const outcomes = arrivals.map((arrival) =>
          arrival._tag === "Handled" ? arrival.authorization._tag : arrival._tag
        )
        expect(outcomes.toSorted()).toEqual(["Failed", "Finalised"])
        expect((yield* (yield* Connections.Connections).view(by, ads.id)).evidence.status).toBe("connected")
        const again = yield* Effect.flip((yield* AuthLinks.AuthLinks).follow(token, cookie("somebody")))
        expect(again._tag === "Refused" && again.reason).toBe("already-used")
        expect((yield* one.back)._tag).toBe("Repeated")
      })
    )
  )

  it.effect("who is not the owner says so; the requester is told, and the owner can still use the link (X-R1)", () =>
    here(
      Effect.gen(function* () {
        const { requests, id, token } = yield* asked
        for (let press = 0; press < 4; press++) {
          yield* requests.object(token, "not-the-owner")
          yield* requests.object(token, "not-expected")
        }
        yield* settle
        const [mail, ...more] = yield* told("is not the owner of Harbour US")
        expect(more).toHaveLength(0)
        expect(mail?.to.email).toBe("bea@books.example")
        expect((yield* requests.view(by, id)).outcome.reason).toContain("somebody else owns the account")
        yield* TestClock.adjust("6 days")
        yield* settle
        expect(yield* told("Reminder")).toHaveLength(0)
        const { back } = yield* consents(token, "code", seesOne)
        expect((yield* back)._tag).toBe("Handled")
        expect(
          (yield* Effect.flip(requests.object(Redacted.make("unknown-token-of-nobody"), "not-the-owner")))._tag
        ).toBe("NotFound")
        expect((yield* Effect.flip(requests.object(token, "not-the-owner")))._tag).toBe("Refused")
      })
    )
  )

  it.effect(
    "with another seller account than before nothing is renewed; the requester chooses and sees the warning (X5)",
    () =>
      here(
        Effect.gen(function* () {
          const requests = yield* Requests.Requests
          const pending = yield* PendingAuthorizations.PendingAuthorizations
          const { ads, draft } = yield* begun
          yield* connected(by, ads.id, "first", key)
          yield* requests.send(by, draft)
          yield* working
          const token = Redacted.make(tokenIn((yield* told("asks you to connect"))[0]?.emailMessage.text ?? ""))
          const { back } = yield* consents(token, "wrong", sees("other", ProviderScript.candidate(adsKey("777"))))
          const arrival = yield* back
          if (arrival._tag !== "Handled") return yield* Effect.die("the return was not handled")
          expect(arrival.authorization._tag).toBe("AwaitingSelection")
          yield* TestClock.adjust("2 minutes")
          yield* settle
          const [mail] = yield* told("Choose the profile")
          expect(mail?.to.email).toBe("bea@books.example")
          expect(mail?.emailMessage.text).toContain(`/pending/${arrival.authorization.id}`)
          const refused = yield* Effect.flip(
            pending.select(by, arrival.authorization.id, { key: adsKey("777"), confirmed: true })
          )
          expect(refused._tag === "Refused" && refused.reason).toBe("different-identity")
          expect((yield* (yield* Connections.Connections).view(by, ads.id)).connection).toMatchObject({
            link: { profile: { key } }
          })
        })
      )
  )

  it.effect("several fitting profiles are left to the requester, who is told", () =>
    here(
      Effect.gen(function* () {
        const pending = yield* PendingAuthorizations.PendingAuthorizations
        const { token } = yield* asked
        const { back, authorizationRedirect } = yield* consents(
          token,
          "code",
          sees("olive", ProviderScript.candidate(key), ProviderScript.candidate(adsKey("888")))
        )
        const arrival = yield* back
        expect(arrival._tag === "Handled" && arrival.authorization._tag).toBe("AwaitingSelection")
        yield* TestClock.adjust("2 minutes")
        yield* settle
        expect(yield* told("Choose the profile")).toHaveLength(1)
        expect(yield* told("is connected")).toHaveLength(0)
        yield* pending.select(by, authorizationRedirect.authorizationId, { key, confirmed: false })
        yield* settle
        expect((yield* told("is connected")).map(({ to }) => to.email).toSorted()).toEqual([
          "bea@books.example",
          "olive@harbour.example"
        ])
      })
    )
  )

  it.effect(
    "withdrawn while the owner is at the provider: the return is told so, nothing is connected, the owner gets a mail",
    () =>
      here(
        Effect.gen(function* () {
          const { ads, requests, id, token } = yield* asked
          const { back } = yield* consents(token, "code", seesOne)
          yield* requests.revoke(by, id)
          const arrival = yield* back
          expect(
            arrival._tag === "Handled" && arrival.authorization._tag === "Failed" && arrival.authorization.reason
          ).toBe("link-closed")
          expect((yield* (yield* Connections.Connections).view(by, ads.id)).evidence.status).toBe("not-connected")
          yield* settle
          expect((yield* told("withdrew the request"))[0]?.to.email).toBe(owner.email)
          expect((yield* Effect.flip(requests.mailAgain(by, id))).message).toContain("withdrawn")
        })
      )
  )
})

describe("sending again, reminding, expiring", () => {
  it.effect("a request is mailed again to the owner alone, five times at most, and lives on", () =>
    here(
      Effect.gen(function* () {
        const { requests, id, sent } = yield* asked
        yield* TestClock.adjust("1 day")
        const again = yield* requests.mailAgain(by, id)
        expect(DateTime.isGreaterThan(again.link.expiresAt, sent.link.expiresAt)).toBe(true)
        yield* settle
        expect(
          (yield* told("asks you to connect")).map(({ to }) => to.email).filter((email) => email === owner.email)
        ).toHaveLength(2)
        for (let mail = 2; mail < Invitation.mailLimit; mail++) {
          yield* TestClock.adjust("1 second")
          yield* requests.mailAgain(by, id)
        }
        yield* TestClock.adjust("1 second")
        const error = yield* Effect.flip(requests.mailAgain(by, id))
        expect(error._tag === "Refused" && error.reason).toBe("too-many")
      })
    )
  )

  it.effect("an unanswered request is brought to mind once, then expires, and the requester is told", () =>
    here(
      Effect.gen(function* () {
        const { requests, id, token } = yield* asked
        yield* TestClock.adjust("121 hours")
        yield* settle
        expect((yield* told("Reminder")).map(({ to }) => to.email)).toEqual([owner.email])
        yield* TestClock.adjust("48 hours")
        yield* settle
        expect((yield* requests.view(by, id)).link._tag).toBe("Expired")
        expect((yield* told("has expired")).map(({ to }) => to.email)).toEqual(["bea@books.example"])
        expect((yield* Effect.flip((yield* AuthLinks.AuthLinks).follow(token, undefined)))._tag).toBe("Refused")
        expect((yield* (yield* AuthLinks.AuthLinks).look(token)).outcome.label).toBe("Expired")
      })
    )
  )

  it.effect("a request that was mailed again is reminded of before its new end", () =>
    here(
      Effect.gen(function* () {
        const { requests, id } = yield* asked
        yield* TestClock.adjust("4 days")
        yield* requests.mailAgain(by, id)
        yield* TestClock.adjust("2 days")
        yield* settle
        expect(yield* told("Reminder")).toHaveLength(0)
        yield* TestClock.adjust("4 days")
        yield* settle
        expect(yield* told("Reminder")).toHaveLength(1)
      })
    )
  )

  it.effect("a mail that comes back parks nothing: it is on the request, and the requester is told (X3)", () =>
    here(
      Effect.gen(function* () {
        const requests = yield* Requests.Requests
        const mailer = yield* Mailer.Mailer
        const { draft } = yield* begun
        const bouncing = Mailer.Mailer.of({
          ...mailer,
          send: (mail) =>
            mail.to.email === owner.email
              ? Effect.fail(new Mailer.MailRefused({ reason: "550 5.1.1 no such user\r\n\u0007here" }))
              : mailer.send(mail)
        })
        const { id } = (yield* requests.send(by, draft)).link
        const layer = Layer.fresh(JobHandlers.JobHandlers.layer).pipe(
          Layer.provide(Layer.succeed(Mailer.Mailer, bouncing))
        )
        yield* working.pipe(Effect.provide(layer))
        yield* settle
        const view = yield* requests.view(by, id)
        expect(view.outcome.reason).toBe("The mail to Olive Owner came back: 550 5.1.1 no such userhere")
        expect((yield* told("came back"))[0]?.to.email).toBe("bea@books.example")
        const again = yield* requests.mailAgain(by, id)
        expect(again.link._tag === "Open" && again.link.bounce).toBe(undefined)
      })
    )
  )

  it.effect("work that is handed out twice is one mail", () =>
    here(
      Effect.gen(function* () {
        const requests = yield* Requests.Requests
        const { draft } = yield* begun
        const { id } = (yield* requests.send(by, draft)).link
        const { handle } = yield* JobHandlers.JobHandlers
        const at = yield* DateTime.now
        const job = {
          id: "int_00000000000000000000000001" as Id.JobId,
          organizationId: by.organizationId,
          dueAt: at,
          task: { _tag: "MailRequest" as const, invitationId: id, to: "owner" as const, about: "asked" as const }
        }
        const fibers = yield* Effect.forEach([1, 2, 3], () => Effect.forkChild(handle({ job, failures: 0 })))
        yield* Effect.forEach(fibers, Fiber.join)
        expect(yield* told("asks you to connect")).toHaveLength(1)
      })
    )
  )
})
