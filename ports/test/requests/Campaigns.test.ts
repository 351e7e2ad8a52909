/** Renewal campaigns: one request a connection, one mail an owner (rules X-R13, X-R14, C10, C11). */
import { describe, expect, it } from "@effect/vitest"
import type { Profile } from "@portolan/domain"
import { ProviderScript } from "@portolan/memory"
import { Accounts, AuthLinks, Connecting, Connections, PendingAuthorizations, Requests } from "@portolan/ports"
import { DateTime, Effect, type Layer, Redacted, type Scope } from "effect"
import { TestClock } from "effect/testing"
import { mails, office, tokenIn } from "../support/office.ts"
import { account, adsKey, caller, consent, cookie, sees, settle, working, world } from "../support/world.ts"

const by = caller()
const olive = { name: "Olive Owner", email: "olive@harbour.example" }
const otto = { name: "Otto Other", email: "otto@harbour.example" }
const here = <A, E>(effect: Effect.Effect<A, E, Layer.Success<typeof world> | Scope.Scope>) =>
  Effect.scoped(effect).pipe(Effect.provide(world))

/** A connected account whose consent ends after some days. */
const ending = Effect.fnUntraced(function* (name: string, key: Profile.Key, days: number) {
  const pending = yield* PendingAuthorizations.PendingAuthorizations
  const { ads } = yield* account(by, name)
  const given = { ...sees(name, ProviderScript.candidate(key)), expiresAt: DateTime.add(yield* DateTime.now, { days }) }
  const { authorizationRedirect } = yield* consent(by, ads.id, `code of ${name}`, given)
  yield* pending.select(by, authorizationRedirect.authorizationId, { key, confirmed: false })
  return ads.id
})

const three = Effect.gen(function* () {
  const requests = yield* Requests.Requests
  yield* office(by)
  const one = yield* ending("Harbour One", adsKey("1"), 20)
  const two = yield* ending("Harbour Two", adsKey("2"), 25)
  const far = yield* ending("Harbour Far", adsKey("3"), 300)
  const soon = { expiresBefore: DateTime.add(yield* DateTime.now, { days: 30 }) }
  return { requests, one, two, far, soon }
})
const subjects = (about: string) =>
  Effect.map(mails(by.organizationId), (all) => all.filter(({ emailMessage }) => emailMessage.subject.includes(about)))

describe("a renewal campaign", () => {
  it.effect("lists what ends soon, with whom to ask", () =>
    here(
      Effect.gen(function* () {
        const { one, requests, soon, two } = yield* three
        const listed = yield* requests.renewable(by, soon, { limit: 10 })
        expect(listed.items.map(({ connection }) => connection.id).toSorted()).toEqual([one, two].toSorted())
        expect(listed.items.every(({ owner }) => owner === undefined)).toBe(true)
        const { link } = yield* requests.send(by, {
          connectionId: one,
          owner: olive,
          marketplaceId: adsKey("1").marketplaceId
        })
        const again = (yield* requests.renewable(by, soon, { limit: 10 })).items.find(
          ({ connection }) => connection.id === one
        )
        expect(again).toMatchObject({ owner: olive, openRequest: link.id, accountName: "Harbour One" })
        // The owner of one account of a company is suggested for its others, and for nobody else's.
        const { companyId, accountId } = again!.connection
        const sibling = yield* (yield* Accounts.Accounts).create(by, {
          companyId,
          name: "Harbour Canada",
          accountType: "seller",
          marketplaces: ["A2EUQ1WTGCTBG2" as Profile.Key["marketplaceId"]]
        })
        const { items } = yield* (yield* Connections.Connections).list(by, { accountId: sibling.id }, { limit: 1 })
        const id = items[0]!.connection.id
        expect(yield* requests.knownOwner(by, id)).toEqual(olive)
        expect(yield* requests.knownOwner(by, two)).toBeUndefined()
        const accounts = [accountId, sibling.id].map((one) => ({ id: one, right: "read" as const }))
        const limited = { ...by, accessScope: { _tag: "Limited", companies: [], brands: [], accounts } } as const
        expect(yield* requests.knownOwner(limited, id)).toBeUndefined()
      })
    )
  )

  it.effect("sends each owner one mail, which is the one that was previewed, and one link an account", () =>
    here(
      Effect.gen(function* () {
        const { far, one, requests, two } = yield* three
        const campaign = {
          items: [
            { connectionId: one, owner: olive },
            { connectionId: two, owner: { ...olive, email: " OLIVE@harbour.example" } },
            { connectionId: far, owner: otto }
          ],
          message: "It is that time of the year."
        }
        const preview = yield* requests.previewCampaign(by, campaign)
        expect(preview.mails.map(({ connectionIds, to }) => [to.email, connectionIds])).toEqual([
          [olive.email, [one, two]],
          [otto.email, [far]]
        ])
        const sent = yield* requests.campaign(by, { ...campaign, reference: preview.reference })
        const again = yield* requests.campaign(by, { ...campaign, reference: preview.reference })
        expect(again.map(({ link }) => link.id)).toEqual(sent.map(({ link }) => link.id))
        yield* working
        const all = yield* subjects("Please renew")
        expect(all).toHaveLength(4)
        for (const { emailMessage, to } of preview.mails) {
          expect(all.filter((mail) => mail.to.email === to.email).map((mail) => mail.emailMessage)).toEqual([
            emailMessage
          ])
        }
        const text = preview.mails[0]?.emailMessage.text ?? ""
        expect(text).toContain("Harbour One")
        expect(text).toContain("Harbour Two")
        expect((yield* (yield* AuthLinks.AuthLinks).look(Redacted.make(tokenIn(text, 0)))).accountName).toBe(
          "Harbour One"
        )
        expect((yield* (yield* AuthLinks.AuthLinks).look(Redacted.make(tokenIn(text, 1)))).accountName).toBe(
          "Harbour Two"
        )
      })
    )
  )

  it.effect("renews under the same identity: account, profile and history stay, the end moves", () =>
    here(
      Effect.gen(function* () {
        const { one, requests, two } = yield* three
        const links = yield* AuthLinks.AuthLinks
        const connecting = yield* Connecting.Connecting
        const script = yield* ProviderScript.ProviderScript
        const connections = yield* Connections.Connections
        yield* requests.campaign(by, {
          items: [
            { connectionId: one, owner: olive },
            { connectionId: two, owner: olive }
          ]
        })
        yield* working
        const token = Redacted.make(tokenIn((yield* subjects("Please renew"))[0]?.emailMessage.text ?? ""))
        const before = (yield* connections.view(by, one)).connection
        const until = DateTime.add(yield* DateTime.now, { days: 365 })
        yield* script.consents("renewal", { ...sees("olive", ProviderScript.candidate(adsKey("1"))), expiresAt: until })
        const authorizationRedirect = yield* links.follow(token, cookie("olive"))
        yield* connecting.receive(
          "amazon-ads",
          new URLSearchParams({ code: "renewal", state: authorizationRedirect.url.searchParams.get("state") ?? "" }),
          authorizationRedirect.browser
        )
        const after = (yield* connections.view(by, one)).connection
        expect(after).toMatchObject({
          _tag: "Connected",
          id: before.id,
          link: { profile: { key: adsKey("1") }, expiresAt: until }
        })
        // What was not renewed is brought to mind, without what is done.
        yield* TestClock.adjust("121 hours")
        yield* settle
        const reminders = (yield* subjects("Please renew the access to Harbour Two")).filter(
          ({ to }) => to.email === olive.email
        )
        expect(reminders).toHaveLength(1)
        yield* TestClock.adjust("48 hours")
        yield* settle
        expect((yield* subjects("has expired")).map(({ emailMessage }) => emailMessage.subject)).toEqual([
          "Your request for Harbour Two has expired"
        ])
      })
    )
  )

  it.effect("tells once of all that expired together", () =>
    here(
      Effect.gen(function* () {
        const { one, requests, two } = yield* three
        yield* requests.campaign(by, {
          items: [
            { connectionId: one, owner: olive },
            { connectionId: two, owner: olive }
          ]
        })
        yield* working
        yield* TestClock.adjust("8 days")
        yield* settle
        expect((yield* subjects("has expired")).map(({ emailMessage }) => emailMessage.subject)).toEqual([
          "Your request for 2 accounts has expired"
        ])
      })
    )
  )

  it.effect("is refused as a whole when a part makes no sense", () =>
    here(
      Effect.gen(function* () {
        const { one, requests } = yield* three
        const { sp } = yield* account(by, "Not connected")
        const refusal = (items: ReadonlyArray<{ readonly connectionId: typeof one; readonly owner: typeof olive }>) =>
          Effect.map(Effect.flip(requests.campaign(by, { items })), (error) => error.message)
        expect(yield* refusal([])).toContain("1 to 100")
        expect(
          yield* refusal([
            { connectionId: one, owner: olive },
            { connectionId: one, owner: otto }
          ])
        ).toContain("twice")
        expect(
          yield* refusal([
            { connectionId: one, owner: olive },
            { connectionId: sp.id, owner: olive }
          ])
        ).toContain("Not connected")
        expect(yield* refusal([{ connectionId: one, owner: { name: "", email: "x" } }])).toContain("name of the owner")
        expect((yield* requests.list(by, {}, { limit: 10 })).items).toHaveLength(0)
      })
    )
  )
})
