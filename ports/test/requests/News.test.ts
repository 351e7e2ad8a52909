/** News of a request to connect, for its requester: as few mails as there are moments, when they prefer them. */
import { describe, expect, it } from "@effect/vitest"
import { Member } from "@portolan/domain"
import { ProviderScript } from "@portolan/memory"
import { AuthLinks, Connecting, JobHandlers, Members, NotifierByMail, Requests } from "@portolan/ports"
import { Effect, Layer, Redacted } from "effect"
import { TestClock } from "effect/testing"
import { tokenIn } from "../support/office.ts"
import { founder, mails } from "../support/people.ts"
import { account, adsKey, cookie, marketplaces, sees, settle, working, world } from "../support/world.ts"

const owner = { name: "Olive Owner", email: "olive@harbour.example" }
const later = (wait: "4 minutes" | "1 day") => Effect.andThen(TestClock.adjust(wait), settle)

/** A request that was answered, in a world whose notices are mails; gives the requester's mails from then on. */
const connected = Effect.fnUntraced(function* (preferences: Partial<Member.MailPreferences>) {
  const handlers = Layer.fresh(JobHandlers.JobHandlers.layer).pipe(Layer.provide(NotifierByMail.layer))
  yield* working.pipe(Effect.provide(handlers))
  const members = yield* Members.Members
  const ada = yield* founder("Ada")
  yield* members.changeMailPreferences(ada.caller, { ...Member.defaultPreferences, ...preferences })
  const { ads } = yield* account(ada.caller)
  const requests = yield* Requests.Requests
  yield* requests.send(ada.caller, { connectionId: ads.id, owner, marketplaceId: marketplaces.US })
  yield* settle
  const mine = Effect.map(mails(ada.organization.id), (all) =>
    all.filter(({ to }) => to.email === ada.person.email).map(({ emailMessage }) => emailMessage)
  )
  const asked = (yield* mails(ada.organization.id)).find(({ to }) => to.email === owner.email)
  const script = yield* ProviderScript.ProviderScript
  yield* script.consents("code", sees("olive", ProviderScript.candidate(adsKey("2973802954634317"))))
  const links = yield* AuthLinks.AuthLinks
  const before = (yield* mine).length
  const token = Redacted.make(tokenIn(asked?.emailMessage.text ?? ""))
  const { browser, url } = yield* links.follow(token, cookie("owner"))
  const query = new URLSearchParams({ code: "code", state: url.searchParams.get("state") ?? "" })
  yield* (yield* Connecting.Connecting).receive("amazon-ads", query, browser)
  yield* settle
  return Effect.map(mine, (all) => all.slice(0, all.length - before))
})

describe("news of a request, for its requester", () => {
  it.effect("is one mail for all that follows within a few minutes of the owner's consent", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const news = yield* connected({})
        yield* later("4 minutes")
        const [mail, ...others] = yield* news
        expect(others).toEqual([])
        expect(mail?.text).toContain("Harbour US is connected")
        expect(mail?.text).toContain("/requests/inv_")
        expect(mail?.text).toContain("/connections/con_")
      })
    ).pipe(Effect.provide(world))
  )

  it.effect("comes with the daily mail for who prefers that, once", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const news = yield* connected({ requests: "daily", progress: "never" })
        yield* later("4 minutes")
        expect(yield* news).toEqual([])
        yield* later("1 day")
        const [mail, ...others] = yield* news
        expect(others).toEqual([])
        expect(mail?.text).toContain("Harbour US is connected")
        yield* later("1 day")
        expect((yield* news).filter(({ text }) => text.includes("/requests/inv_"))).toHaveLength(1)
      })
    ).pipe(Effect.provide(world))
  )
})
