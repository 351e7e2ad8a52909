import { Failure } from "@portolan/domain"
import { ProviderScript } from "@portolan/memory"
import { Effect } from "effect"
import { describe, expect, it } from "vitest"
import { advertiser, assign, entryOf, grantOf, lists, narrow, sellerAccount } from "./support/walmart.ts"
import { fresh, location } from "./support/asking.ts"
import { grantOf as consentOf } from "./support/grants.ts"
import * as World from "./support/World.ts"

const advertisersOf = (id: string) => `/connections/${id}/advertisers`

/** An account with these advertisers assigned to its organization. */
const withAdvertisers = async (own: World.World, all: ReadonlyArray<ReturnType<typeof advertiser>>) => {
  const one = await sellerAccount(own, await own.company("Harbor"), "Harbor US")
  await lists(own, all)
  for (const { key } of all) await assign(own, key.externalId, World.home)
  return one
}

const link = (own: World.World, connectionId: string, grantId: string, as: World.Who = "ada", confirmed = "yes") =>
  own.ask(`${advertisersOf(connectionId)}/link`, { as, form: { advertiser: grantId, confirmed } })

describe("linking an advertiser", () => {
  it("is offered where others are sent to the provider, and never sends anybody anywhere", () =>
    fresh(async (own) => {
      const { account, connectionId } = await sellerAccount(own, await own.company("Harbor"), "Harbor US")
      const page = await own.html(`/accounts/${account.id}`)
      expect(page).toContain(`href="${advertisersOf(connectionId)}"`)
      expect(page).not.toContain(`/connections/${connectionId}/authenticate"`)
      expect(page).not.toContain(`/connections/${connectionId}/links"`)
      const company = await own.html(`/companies/${account.companyId}`)
      expect(company).toContain(`href="${advertisersOf(connectionId)}"`)
    }))

  it("explains who must do what when nothing is there, and every 15 minutes we look", () =>
    fresh(async (own) => {
      const { connectionId } = await sellerAccount(own, await own.company("Harbor"), "Harbor US")
      const page = await own.html(advertisersOf(connectionId))
      for (const words of [
        "No advertiser lets us in yet",
        "API Partner - Advertiser level",
        "Add Partner",
        "Write access",
        "every 15 minutes",
        "Tell us which advertiser to expect"
      ])
        expect(page).toContain(words)
    }))

  it("shows all that tells advertisers apart, warns of look-alikes and of read access, and asks before it links", () =>
    fresh(async (own) => {
      const { connectionId } = await withAdvertisers(own, [
        advertiser("700001", { name: "Harbor & Pine, Inc.", sellerId: "S-1", sellerName: "Harbor Seller" }),
        advertiser("700002", { name: "Harbor and Pine Inc", permission: "view" }),
        advertiser("700003", { name: "Harbor Pine", type: "walmart-1p" }),
        advertiser("700004", { name: "Harbor Pines", spendLimitReached: true })
      ])
      const page = await own.html(advertisersOf(connectionId))
      for (const words of [
        "700001",
        "S-1",
        "Harbor Seller",
        "USD",
        "3P (marketplace seller)",
        "1P (supplier)",
        "Read and write",
        "Read only",
        "would be limited",
        "spend limit",
        "Compare the ids",
        "Not for this account"
      ])
        expect(page, words).toContain(words)
      const grantId = await grantOf(own, connectionId, "700001")
      const confirm = await own.html(`${advertisersOf(connectionId)}/link?advertiser=${grantId}`)
      for (const words of [
        "Compare before you confirm",
        "700001",
        "60 days",
        "24 to 48 hours",
        "I have compared name and id"
      ]) {
        expect(confirm, words).toContain(words)
      }
      const unticked = await link(own, connectionId, grantId, "ada", "")
      expect(unticked.status).toBe(422)
      expect(await unticked.text()).toContain("Tick the box")
      expect(location(await link(own, connectionId, grantId))).toContain("done=connected")
      const own1p = await own.ask(
        `${advertisersOf(connectionId)}/link?advertiser=${await grantOf(own, connectionId, "700003")}`,
        { as: "ada" }
      )
      expect(own1p.status).toBe(303)
      const connection = await own.html(`/connections/${connectionId}`)
      expect(connection).toContain("Connected to Harbor &amp; Pine, Inc.")
      expect(connection).toContain("Unlink")
      expect(connection).not.toContain("Authorize again")
    }))

  it("greys out a taken one with the account that holds it, and refuses it by name", () =>
    fresh(async (own) => {
      const { connectionId } = await withAdvertisers(own, [advertiser("700001", { name: "Only One" })])
      const second = await sellerAccount(own, await own.company("Other"), "Second US")
      const grantId = await grantOf(own, connectionId, "700001")
      await link(own, connectionId, grantId)
      const page = await own.html(advertisersOf(second.connectionId))
      expect(page).toContain("Taken")
      expect(page).toContain("Harbor US")
      expect(page).not.toContain(`/link?advertiser=${grantId}`)
      const late = await link(own, second.connectionId, grantId)
      expect(late.status).toBe(409)
      expect(await late.text()).toContain("already connected to the account “Harbor US”")
    }))

  it("lets one of two people win when both link the same advertiser at once", () =>
    fresh(async (own) => {
      const { connectionId } = await withAdvertisers(own, [advertiser("700001", { name: "Only One" })])
      const second = await sellerAccount(own, await own.company("Other"), "Second US")
      const grantId = await grantOf(own, connectionId, "700001")
      const answers = await Promise.all([
        link(own, connectionId, grantId),
        link(own, second.connectionId, grantId, "mia")
      ])
      expect(answers.map(({ status }) => status).toSorted()).toEqual([303, 409])
    }))

  it("unlinks after listing what that does, on record with the name of who did it", () =>
    fresh(async (own) => {
      const { connectionId } = await withAdvertisers(own, [advertiser("700001", { name: "Only One" })])
      await link(own, connectionId, await grantOf(own, connectionId, "700001"))
      const page = await own.html(`/connections/${connectionId}/disconnect`)
      for (const words of ["Unlink", "What ends", "still lists us as its partner", "Keep the link"])
        expect(page, words).toContain(words)
      await own.ask(`/connections/${connectionId}/disconnect`, { as: "ada", form: {} })
      await own.work()
      expect(await own.html(advertisersOf(connectionId))).toContain("/link?advertiser=")
      const audit = await own.html("/audit?kind=connections")
      expect(audit).toContain("Only One (700001) is free to be connected again.")
      expect(audit).toContain("Ada Ferrer")
    }))

  it("waits for an expected one, says when it is overdue, and stops when asked", () =>
    fresh(async (own) => {
      const { connectionId } = await sellerAccount(own, await own.company("Harbor"), "Harbor US")
      const expect_ = (text: string) =>
        own.ask(`/connections/${connectionId}/expectation`, { as: "mia", form: { advertiser: text } })
      const wrong = await expect_(" ")
      expect(wrong.status).toBe(422)
      expect(await wrong.text()).toContain("Enter a name for the advertiser.")
      expect(location(await expect_("Harbor <b>Pine</b>"))).toContain("done=expected")
      const page = await own.html(advertisersOf(connectionId))
      expect(page).toContain("Waiting for the advertiser")
      expect(page).toContain("Harbor &lt;b&gt;Pine&lt;/b&gt;")
      expect(await own.html("/connections?state=awaiting-access")).toContain("Harbor US")
      own.move("25 hours")
      await own.work()
      expect(await own.html(advertisersOf(connectionId))).toContain("The advertiser is overdue")
      await own.ask(`/connections/${connectionId}/expectation/drop`, { as: "mia", form: {} })
      expect(await own.html(advertisersOf(connectionId))).not.toContain("The advertiser is overdue")
    }))

  it("shows hostile names as text that cannot rearrange the page", () =>
    fresh(async (own) => {
      const nasty = `"><script>alert(1)</script>\u202Egnp`
      const { connectionId } = await withAdvertisers(own, [
        advertiser("700001", { name: nasty, sellerName: nasty, sellerId: "<i>" })
      ])
      const entry = await entryOf(own, "700001")
      const grantId = await grantOf(own, connectionId, "700001")
      const pages: ReadonlyArray<readonly [string, World.Who]> = [
        [advertisersOf(connectionId), "ada"],
        [`${advertisersOf(connectionId)}/link?advertiser=${grantId}`, "ada"],
        ["/operator/advertisers?show=all", "opal"],
        [`/operator/advertisers/${entry.id}`, "opal"],
        [`/operator/advertisers/${entry.id}/take-back`, "opal"]
      ]
      for (const [path, as] of pages) {
        const text = await own.html(path, { as })
        expect(text, path).toContain("&lt;script&gt;")
        expect(text, path).not.toMatch(/<script>|<i>/)
        expect(text, path).toMatch(/<bdi>&quot;&gt;&lt;script&gt;/)
      }
    }))
})

describe("who may link", () => {
  it("a viewer sees the list and no button; another organization sees nothing at all", () =>
    fresh(async (own) => {
      const { connectionId } = await withAdvertisers(own, [advertiser("700001")])
      const grantId = await grantOf(own, connectionId, "700001")
      const page = await own.html(advertisersOf(connectionId), { as: "vic" })
      expect(page).toContain("700001")
      expect(page).not.toContain("/link?advertiser=")
      expect(page).not.toContain("Tell us which advertiser")
      expect((await link(own, connectionId, grantId, "vic")).status).toBe(403)
      expect(
        (await own.ask(`/connections/${connectionId}/expectation`, { as: "vic", form: { advertiser: "x" } })).status
      ).toBe(403)
      for (const path of [advertisersOf(connectionId), `${advertisersOf(connectionId)}/link?advertiser=${grantId}`]) {
        expect((await own.ask(path, { as: "rex" })).status).toBe(404)
      }
      expect((await link(own, connectionId, grantId, "rex")).status).toBe(404)
      const isolateText = await sellerAccount(own, await own.company("Rivals", "Rivals", "rex"), "Rival US", "rex")
      expect(await own.html(advertisersOf(isolateText.connectionId), { as: "rex" })).toContain(
        "No advertiser lets us in yet"
      )
      const stolen = await link(own, isolateText.connectionId, grantId, "rex")
      expect(stolen.status).toBe(400)
      expect(await stolen.text()).not.toContain("700001")
    }))

  it("a member with limited access sees their own account only, and is not told who holds what elsewhere", () =>
    fresh(async (own) => {
      const first = await withAdvertisers(own, [advertiser("700001", { name: "Only One" })])
      const second = await sellerAccount(own, await own.company("Other"), "Second US")
      await link(own, first.connectionId, await grantOf(own, first.connectionId, "700001"))
      await narrow(own, second.account.id, "write")
      expect((await own.ask(advertisersOf(first.connectionId), { as: "lim" })).status).toBe(404)
      const page = await own.html(advertisersOf(second.connectionId), { as: "lim" })
      expect(page).toContain("to another account.")
      expect(page).not.toContain("Harbor US")
      await narrow(own, second.account.id, "read")
      const looking = await own.html(advertisersOf(second.connectionId), { as: "lim" })
      expect(looking).not.toContain("Tell us which advertiser")
      expect(
        (await own.ask(`/connections/${second.connectionId}/expectation`, { as: "lim", form: { advertiser: "x" } }))
          .status
      ).toBe(403)
    }))
})

describe("operators", () => {
  const organization = `/operator/organizations/${World.home}`
  const paths = [
    "/operator",
    "/operator/advertisers",
    "/operator/organizations",
    organization,
    `${organization}/owner?member=mem_x`,
    `${organization}/consents`,
    `${organization}/consents/new`,
    "/operator/incidents",
    "/operator/application-secrets"
  ]

  it("are the only ones who see their pages; others are told who may", () =>
    fresh(async (own) => {
      await lists(own, [advertiser("700001")])
      const entry = await entryOf(own, "700001")
      for (const as of ["ada", "rex", "vic"] as const) {
        for (const path of [
          ...paths,
          `/operator/advertisers/${entry.id}`,
          `/operator/advertisers/${entry.id}/take-back`
        ]) {
          const response = await own.ask(path, { as })
          const text = await response.text()
          expect([as, path, response.status]).toEqual([as, path, 403])
          expect(text).toContain("The people who run this installation")
          expect(text).not.toContain("700001")
        }
        expect((await own.ask("/operator/look", { as, form: { region: "WALMART-US" } })).status).toBe(403)
        expect(
          (await own.ask(`/operator/advertisers/${entry.id}/assign`, { as, form: { organization: World.away } })).status
        ).toBe(403)
        expect((await own.ask(`/operator/advertisers/${entry.id}/take-back`, { as, form: {} })).status).toBe(403)
        expect((await own.ask(`${organization}/owner`, { as, form: { member: "mem_x" } })).status).toBe(403)
        expect(await own.html("/companies", { as })).not.toContain('href="/operator"')
      }
      expect(location(await own.ask("/operator"))).toContain("/sign-in")
      expect(await own.html("/companies", { as: "opal" })).toContain('href="/operator"')
    }))

  it("confirm who a consent is of with a reason, and take that back; its organization reads both", () =>
    fresh(async (own) => {
      await own.run(
        Effect.flatMap(ProviderScript.ProviderScript, (script) =>
          script.fail("prove", new Failure.PermissionMissing({ missing: "access", detail: "403" }), Infinity)
        )
      )
      const account = await own.account(await own.company("Harbor"), "Harbor US", "US", "seller")
      const { connectionId } = await own.connect(
        account,
        "amazon-sp",
        World.profile("amazon-sp", "US", "A7HARBORPINE01", { name: "Harbor & Pine" })
      )
      const at = `${organization}/consents/${await consentOf(own, connectionId)}`
      expect(await own.html(`/connections/${connectionId}`)).toContain("Claimed")
      expect(await own.html(`${organization}/consents`, { as: "opal" })).toContain("A7HARBORPINE01")
      expect(await own.html(at, { as: "opal" })).toContain(
        "another organization that proves to be the same seller is refused"
      )
      for (const as of ["ada", "rex"] as const) {
        expect((await own.ask(at, { as })).status).toBe(403)
        expect((await own.ask(`${at}/identity`, { as, form: { because: "A letter." } })).status).toBe(403)
        expect((await own.ask(`${at}/identity/take-back`, { as, form: {} })).status).toBe(403)
      }
      const elsewhere = at.replace(World.home, World.away)
      expect((await own.ask(`${elsewhere}/identity`, { as: "opal", form: { because: "A letter." } })).status).toBe(404)
      for (const [because, words] of [
        ["  ", "Nothing is said about what shows"],
        ["x".repeat(501), "over 500 characters"]
      ] as const) {
        const refused = await own.ask(`${at}/identity`, { as: "opal", form: { because } })
        expect(refused.status).toBe(409)
        expect(await refused.text()).toContain(words)
      }
      const form = { because: "A letter of the owner, in the file." }
      const confirmed = await own.ask(`${at}/identity`, { as: "opal", form })
      expect(location(confirmed)).toBe(`${at}?done=confirmed`)
      for (const page of [`/connections/${connectionId}`, "/consents", "/audit"])
        expect(await own.html(page), page).toContain("A letter of the owner, in the file.")
      expect(location(await own.ask(`${at}/identity/take-back`, { as: "opal", form: {} }))).toBe(
        `${at}?done=unconfirmed`
      )
      expect(await own.html(`/connections/${connectionId}`)).toContain("support took a confirmation back")
      expect((await own.ask(`${at}/identity/take-back`, { as: "opal", form: {} })).status).toBe(409)
    }))

  it("see what customers wait for, overdue first, and assign a suggestion in place", () =>
    fresh(async (own) => {
      const late = await sellerAccount(own, await own.company("Harbor"), "Harbor US")
      await own.ask(`/connections/${late.connectionId}/expectation`, { as: "ada", form: { advertiser: "Harbor Pine" } })
      own.move("25 hours")
      const soon = await sellerAccount(own, await own.company("Rivals", "Rivals", "rex"), "Rival US", "rex")
      await own.ask(`/connections/${soon.connectionId}/expectation`, { as: "rex", form: { advertiser: "700009" } })
      await lists(own, [
        advertiser("700001", { name: "Harbor Pine LLC" }),
        advertiser("700002", { name: "Something else" })
      ])
      await own.work()
      const page = await own.html("/operator", { as: "opal" })
      expect(page).toContain("Overdue")
      expect(page.indexOf("Blue Harbor Commerce")).toBeLessThan(page.indexOf("Rival Traders"))
      expect(page).toContain("Harbor Pine LLC")
      expect(page).not.toContain("Something else")
      expect(page).toMatch(
        /Assign <bdi>Harbor Pine LLC<\/bdi> <code>700001<\/code> to <strong><bdi>Blue Harbor Commerce/
      )
      const entry = await entryOf(own, "700001")
      const assigned = await own.ask(`/operator/advertisers/${entry.id}/assign`, {
        as: "opal",
        form: { organization: World.home, back: "waiting" }
      })
      expect(location(assigned)).toBe("/operator?done=assigned")
      await own.work()
      expect(await own.html(advertisersOf(late.connectionId))).toContain("Harbor Pine LLC")
      expect(await own.html(advertisersOf(soon.connectionId), { as: "rex" })).not.toContain("Harbor Pine LLC")
    }))

  it("assign by searching the organization, with words that name both, and take back after seeing what ends", () =>
    fresh(async (own) => {
      const { connectionId } = await sellerAccount(own, await own.company("Harbor"), "Harbor US")
      await lists(own, [advertiser("700001", { name: "Harbor Pine" })])
      const { id } = await entryOf(own, "700001")
      const at = `/operator/advertisers/${id}`
      expect(await own.html("/operator/advertisers", { as: "opal" })).toContain("700001")
      const none = await own.html(`${at}?organization=nobody`, { as: "opal" })
      expect(none).toContain("No organization has")
      expect(none).toContain('placeholder="Name of the organization"')
      const found = await own.html(`${at}?organization=blue`, { as: "opal" })
      expect(found).toMatch(/Assign <bdi>Harbor Pine<\/bdi> <code>700001<\/code> to <strong><bdi>Blue Harbor Commerce/)
      expect(found).not.toContain("Rival Traders")
      expect((await own.ask(`${at}/assign`, { as: "opal", form: { organization: "nonsense" } })).status).toBe(400)
      await own.ask(`${at}/assign`, { as: "opal", form: { organization: World.home } })
      await own.work()
      const twice = await own.ask(`${at}/assign`, { as: "opal", form: { organization: World.away } })
      expect(twice.status).toBe(409)
      expect(await twice.text()).toContain("assigned to Blue Harbor Commerce")
      expect(await own.html("/operator/advertisers", { as: "opal" })).toContain(
        "Every advertiser that lets us in belongs"
      )
      await link(own, connectionId, await grantOf(own, connectionId, "700001"))
      const confirm = await own.html(`${at}/take-back`, { as: "opal" })
      for (const words of ["Take", "Blue Harbor Commerce", "is disconnected"]) expect(confirm).toContain(words)
      await own.ask(`${at}/take-back`, { as: "opal", form: {} })
      await own.work()
      const ended = await own.html(`/connections/${connectionId}`)
      expect(ended).toContain("link an advertiser to connect it again")
      expect(await own.html(advertisersOf(connectionId))).toContain("No advertiser lets us in yet")
    }))

  it("hand an organization over after seeing what it does, on record with their name for its own people (X-R7)", () =>
    fresh(async (own) => {
      expect(await own.html("/operator/organizations?search=blue", { as: "opal" })).toContain(organization)
      expect(await own.html("/operator/organizations?search=nobody", { as: "opal" })).toContain("No organization found")
      const page = await own.html(organization, { as: "opal" })
      expect(page).toMatch(/id="owner">Owner<\/h2>\s*<p><bdi>Ada Ferrer/)
      const member =
        /owner\?member=(mem_[0-9a-z]{26})">Make owner …<span class="sr-only"> Mia Lund/.exec(page)?.[1] ?? ""
      const confirm = await own.html(`${organization}/owner?member=${member}`, { as: "opal" })
      for (const words of [
        "Make <bdi>Mia Lund</bdi> the owner of <bdi>Blue Harbor Commerce",
        "What ends",
        "no longer owns",
        "What starts",
        "What stays",
        "stays a member, as admin"
      ]) {
        expect(confirm).toContain(words)
      }
      expect(await own.html(organization, { as: "opal" })).toMatch(/Owner<\/h2>\s*<p><bdi>Ada Ferrer/)
      expect(location(await own.ask(`${organization}/owner`, { as: "opal", form: { member } }))).toBe(
        `${organization}?done=handed-over`
      )
      const done = await own.html(`${organization}?done=handed-over`, { as: "opal" })
      expect(done).toContain("<bdi>Mia Lund</bdi> is the owner now")
      expect(done).toMatch(/Ownership of the organization handed over[\s\S]*Opal Keys/)
      expect(await own.html("/settings", { as: "mia" })).toContain("Hand the ownership over")
      expect(await own.html("/audit?kind=people")).toMatch(
        /Opal Keys<\/bdi> <span class="muted">\(operator\)[\s\S]*Ownership of the organization handed over/
      )
      // Who owns it already, is no member there, or is nobody at all.
      expect(location(await own.ask(`${organization}/owner?member=${member}`, { as: "opal" }))).toBe(organization)
      expect(
        (await own.ask(`/operator/organizations/${World.away}/owner?member=${member}`, { as: "opal" })).status
      ).toBe(404)
      expect(
        (await own.ask(`/operator/organizations/${World.away}/owner`, { as: "opal", form: { member } })).status
      ).toBe(404)
      expect((await own.ask(`${organization}/owner`, { as: "opal", form: { member: "nonsense" } })).status).toBe(400)
    }))

  it("look now, and are told how many there are, or what is in the way", () =>
    fresh(async (own) => {
      const look = (region = "WALMART-US") => own.ask("/operator/look", { as: "opal", form: { region } })
      expect(location(await look())).toBe("/operator?done=looked&seen=0")
      expect((await look("NA")).status).toBe(400)
      await own.run(
        Effect.flatMap(ProviderScript.ProviderScript, (script) =>
          script.fail("advertisers", new Failure.Temporary({ detail: "503", throttled: false }))
        )
      )
      const busy = await look()
      expect(busy.status).toBe(503)
      expect(await busy.text()).toContain("Walmart did not answer in time")
      await own.run(
        Effect.flatMap(ProviderScript.ProviderScript, (script) =>
          script.fail("advertisers", new Failure.ApplicationRejected({ detail: "bad signature" }))
        )
      )
      expect(await (await look()).text()).toContain("consumer id")
    }))
})
