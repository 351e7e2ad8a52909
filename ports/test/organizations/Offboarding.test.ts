/**
 * What a member who goes leaves behind in the organization's work: links and requests stay, and no news follows
 * that person out.
 */
import { describe, expect, it } from "@effect/vitest"
import { ProviderScript } from "@portolan/memory"
import { AuthLinks, Connecting, Connections, Members, Requests } from "@portolan/ports"
import { Effect, Redacted } from "effect"
import { TestClock } from "effect/testing"
import { tokenIn } from "../support/office.ts"
import { email, founder, joined, mails } from "../support/people.ts"
import { account, adsKey, cookie, marketplaces, sees, settle, working, world } from "../support/world.ts"

const owner = { name: "Olive Owner", email: "olive@harbour.example" }

describe("a member who is removed", () => {
  it.effect(
    "leaves their requests and links valid; news of them, and the owner's answers, go to who removed them",
    () =>
      Effect.scoped(
        Effect.gen(function* () {
          yield* working
          const members = yield* Members.Members
          const requests = yield* Requests.Requests
          const links = yield* AuthLinks.AuthLinks
          const script = yield* ProviderScript.ProviderScript
          const ada = yield* founder("Ada")
          const ann = yield* joined(ada.caller, "Ann", "admin")
          const max = yield* joined(ada.caller, "Max", "admin")
          const { ads, sp } = yield* account(ann.caller)
          const sent = yield* requests.send(ann.caller, {
            connectionId: ads.id,
            owner,
            marketplaceId: marketplaces.US,
            message: "For my books."
          })
          const link = yield* links.create(ann.caller, sp.id, {})
          yield* settle
          const mailed = (to: string) =>
            Effect.map(mails(ada.organization.id), (all) => all.filter((one) => one.to.email === to))
          const [asked] = yield* mailed(owner.email)
          const token = Redacted.make(tokenIn(asked?.emailMessage.text ?? ""))
          expect([asked?.replyTo?.email, (yield* links.look(token)).contact]).toEqual([email("Ann"), "Ann"])
          const before = (yield* mailed(email("Ann"))).length

          yield* members.remove(max.caller, ann.member.id)
          expect(yield* links.look(token)).toMatchObject({
            contact: "Max",
            link: { _tag: "Open" },
            request: { requesterName: "Ann" }
          })
          const ofLink = Redacted.make(tokenIn(link.url === undefined ? "" : Redacted.value(link.url)))
          expect(yield* links.look(ofLink)).toMatchObject({
            contact: "Ada Traders",
            issuedBy: "Ann",
            link: { _tag: "Open" }
          })
          yield* requests.object(token, "not-the-owner")
          yield* requests.mailAgain(ada.caller, sent.link.id)
          yield* settle
          const [refused] = yield* mailed(email("Max"))
          expect(refused?.emailMessage.subject).toBe("Olive Owner is not the owner of Harbour US")
          expect(refused?.emailMessage.text).toContain("Ann sent the request and is no longer a member of Ada Traders")
          const again = (yield* mailed(owner.email))[0]
          expect([again?.replyTo?.email, again?.emailMessage.subject]).toEqual([
            email("Max"),
            "Ann asks you to connect Harbour US"
          ])

          // Who stands in goes as well: the owner is always there.
          yield* members.remove(ada.caller, max.member.id)
          const profile = ProviderScript.candidate(adsKey("2973802954634317"))
          yield* script.consents("code", sees("olive", profile))
          const authorizationRedirect = yield* links.follow(token, cookie("owner"))
          const query = new URLSearchParams({
            code: "code",
            state: authorizationRedirect.url.searchParams.get("state") ?? ""
          })
          yield* (yield* Connecting.Connecting).receive("amazon-ads", query, authorizationRedirect.browser)
          yield* settle
          yield* TestClock.adjust("4 minutes")
          yield* settle
          expect((yield* (yield* Connections.Connections).view(ada.caller, ads.id)).evidence.status).toBe("connected")
          expect((yield* mailed(email("Ada"))).map(({ emailMessage }) => emailMessage.subject)).toContain(
            "Harbour US is connected"
          )
          expect((yield* mailed(email("Ann"))).length).toBe(before)
        })
      ).pipe(Effect.provide(world))
  )
})
