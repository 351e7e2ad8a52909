/**
 * Self-serve onboarding, further countries, consents and diagnoses at a browser (flow F2; rules P-R2, P-R6 to P-R13,
 * S-R5, S-R7, X-R7).
 */
import { type Account, type Id, Profile } from "@portolan/domain"
import { ProviderScript } from "@portolan/memory"
import { Diagnoses, Grants } from "@portolan/ports"
import { Effect } from "effect"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { location } from "./support/asking.ts"
import * as World from "./support/World.ts"

let world: World.World
beforeAll(async () => {
  world = await World.make()
})
afterAll(() => world.close())

const cookiesOf = (response: Response) =>
  response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(";")[0])
    .join("; ")
const begin = async (form: { readonly [field: string]: string }) => {
  const response = await world.ask("/start", { as: "ada", form })
  return { response, id: location(response).replace("/start/", "") as Id.AccountId }
}
/** Presses a button that leads to the provider, consents there, and comes back. */
const authorization = async (
  path: string,
  form: { readonly [field: string]: string },
  channel: "amazon-ads" | "amazon-sp",
  candidates: ReadonlyArray<Profile.Candidate>,
  grantor = "ada"
) => {
  const authorizationRedirect = await world.ask(path, { as: "ada", form })
  const cookie = cookiesOf(authorizationRedirect)
  const state = new URL(location(authorizationRedirect)).searchParams.get("state") ?? ""
  const code = await world.code(channel, "NA", candidates, { grantor })
  const back = await world.ask(`/callback/${channel}?${new URLSearchParams({ state, code })}`, { as: "ada", cookie })
  return { pending: location(back), cookie }
}
const script = <A>(use: (script: ProviderScript.ProviderScript["Service"]) => Effect.Effect<A>) =>
  world.run(Effect.flatMap(ProviderScript.ProviderScript, use))
const choose = (
  pending: string,
  cookie: string,
  candidate: Profile.Candidate,
  more: { readonly [field: string]: string } = {}
) => world.ask(`${pending}/select`, { as: "ada", cookie, form: { profile: Profile.keyText(candidate.key), ...more } })

describe("connecting an account step by step", () => {
  it("explains each kind of account before anything else, and keeps what was typed when something is missing", async () => {
    const page = await world.html("/start")
    for (const words of ["Seller Central", "Vendor Central", "Walmart&#39;s marketplace", "Supplies Walmart"])
      expect(page).toContain(words)
    const wrong = await world.ask("/start", {
      as: "ada",
      form: { type: "seller", name: "", marketplace: "WALMART_US" }
    })
    expect(wrong.status).toBe(422)
    const text = await wrong.text()
    expect(text).toContain("Enter a name for the account.")
    expect(text).toContain("Choose a marketplace of the same provider")
  })

  it("takes a seller from the kind of account to a loaded history, and can be left and resumed at each step", async () => {
    const ads = World.profile("amazon-ads", "US", "501", { name: "Kite US", ownerId: "AKITE" })
    const { id, response } = await begin({
      type: "seller",
      name: "Kite",
      marketplace: World.market("US"),
      company: "new",
      key: "k1"
    })
    expect(response.status).toBe(303)
    // The same form again makes no second account.
    expect(
      (await begin({ type: "seller", name: "Kite", marketplace: World.market("US"), company: "new", key: "k1" })).id
    ).toBe(id)

    const first = await world.html(`/start/${id}`)
    for (const words of [
      "Your next step",
      "at least one active advertising campaign",
      "view and edit",
      "Connect Amazon Advertising API"
    ])
      expect(first).toContain(words)
    expect(first).toContain('aria-current="step"')
    expect(await world.html("/start")).toContain(`/start/${id}`)

    const out = await authorization(`/start/${id}/advertising`, {}, "amazon-ads", [ads])
    expect(await world.html(`/start/${id}`)).toContain("Choose merchant and marketplace")
    // Whoever came from the way is led on along it.
    expect(location(await choose(out.pending, out.cookie, ads))).toBe(`/start/${id}`)

    const second = await world.html(`/start/${id}`)
    expect(second).toContain("permission in Seller Central, and I agree")
    expect(second).toContain("primary account owner")
    const unticked = await world.ask(`/start/${id}/selling-partner`, { as: "ada", form: {} })
    expect([unticked.status, (await unticked.text()).includes("Tick the box first")]).toEqual([422, true])
    const seller = World.profile("amazon-sp", "US", "AKITE", { name: "Kite" })
    const sp = await authorization(`/start/${id}/selling-partner`, { agreed: "yes" }, "amazon-sp", [seller], "AKITE")
    await choose(sp.pending, sp.cookie, seller)
    const syncing = await world.html(`/start/${id}`)
    expect(syncing).toContain("Selling partner connected")
    expect(syncing).toContain('hx-trigger="every 5s"')
    await world.work(700)
    const done = await world.html(`/start/${id}`)
    expect(done).toContain("In sync")
    expect(await world.html("/start")).not.toContain(`/start/${id}`)
    expect(await world.html(`/start/${id}/sync`)).not.toContain("hx-trigger")
    // Who agreed is on record.
    const account = await world.run(
      Effect.flatMap(Diagnoses.Diagnoses, (diagnoses) =>
        Effect.promise(() => world.connectionOf({ id } as Account.Present, "amazon-sp")).pipe(
          Effect.flatMap((connection) => diagnoses.view(World.caller("ada"), connection))
        )
      )
    )
    expect(
      account.requirements.find((one) => one.id === "advertising-permission-in-seller-central")?.answer?.holds
    ).toBe(true)
  })

  it("says overdue past 48 hours, that support was told, and what happens next (P-R13)", async () => {
    const own = await World.make()
    const { id } = await (async () => {
      const response = await own.ask("/start", {
        as: "ada",
        form: { type: "vendor", name: "Slow", marketplace: World.market("US"), company: "new" }
      })
      return { id: location(response).replace("/start/", "") as Id.AccountId }
    })()
    await own.run(
      Effect.flatMap(ProviderScript.ProviderScript, ({ windows }) =>
        windows(() => ({ _tag: "NotReady", ticket: "t", retryAfterSeconds: 3600 }))
      )
    )
    const account = await own.run(
      Effect.flatMap(Grants.Grants, () => Effect.succeed({ id, region: "NA" } as Account.Present))
    )
    await own.connect(account, "amazon-ads", World.profile("amazon-ads", "US", "777", { name: "Slow", type: "vendor" }))
    await own.work(200)
    const during = await own.html(`/start/${id}`)
    expect(during).toContain("Syncing.")
    own.move("49 hours")
    await own.work(300)
    const late = await own.html(`/start/${id}`)
    expect(late).toContain("Not in sync after 48 hours")
    expect(late).toContain("Support has been told")
    await own.close()
  })

  it("never shows a vendor as incomplete for lack of the Selling Partner API (P-R12)", async () => {
    const { id } = await begin({ type: "vendor", name: "Mill", marketplace: World.market("US"), company: "new" })
    expect(await world.html(`/accounts/${id}`)).toContain("Nothing is loaded through this channel")
    const candidate = World.profile("amazon-ads", "US", "601", { name: "Mill", type: "vendor" })
    const out = await authorization(`/start/${id}/advertising`, {}, "amazon-ads", [candidate])
    await choose(out.pending, out.cookie, candidate)
    await world.work(500)
    const page = await world.html(`/start/${id}`)
    expect(page).toContain("Everything is in sync.")
    expect(page).toContain("Optional")
    expect(page).not.toMatch(/incomplete/i)
    expect(await world.html("/start")).not.toContain(`/start/${id}`)
  })

  it("moves the account to the chosen profile's country after a tick (P-R9)", async () => {
    const { id } = await begin({ type: "seller", name: "Mover", marketplace: World.market("US"), company: "new" })
    const ca = World.profile("amazon-ads", "CA", "602", { name: "Mover CA", ownerId: "AMOVE" })
    const out = await authorization(`/start/${id}/advertising`, {}, "amazon-ads", [ca])
    expect((await choose(out.pending, out.cookie, ca)).status).toBe(422)
    expect(location(await choose(out.pending, out.cookie, ca, { confirmed: "yes" }))).toBe(`/start/${id}`)
    expect(await world.html(`/start/${id}`)).toContain("Amazon Canada")
  })

  it("an account with several countries shows which are done, and the way of the one that a person chooses", async () => {
    const { id } = await begin({ type: "vendor", name: "Pair", marketplace: World.market("US"), company: "new" })
    const us = World.profile("amazon-ads", "US", "611", { name: "Pair US", type: "vendor" })
    const out = await authorization(`/start/${id}/advertising`, {}, "amazon-ads", [us])
    await choose(out.pending, out.cookie, us)
    await world.work(500)
    expect(await world.html(`/start/${id}`)).not.toContain("Countries of this account")
    await world.ask(`/accounts/${id}/countries`, { as: "ada", form: { marketplace: World.market("CA") } })
    const [american, canadian] = ["US", "CA"].map((one) => `/start/${id}?country=${World.market(one)}`)
    // What is left to do comes first.
    const first = await world.html(`/start/${id}`)
    expect(first).toContain("1 of 2 countries are done")
    expect(first).toMatch(/aria-current="page"><span>Amazon Canada<\/span><span class="badge wait">Your turn/)
    expect(first).toMatch(/<span>Amazon United States<\/span><span class="badge good">Done/)
    expect(first).toContain("Use a consent that is there")
    expect(await world.html(american ?? "")).toContain("Everything is in sync.")
    expect(await world.html("/start")).toContain(canadian)
    // Whoever leaves for the provider comes back to the same country.
    const ca = World.profile("amazon-ads", "CA", "612", { name: "Pair CA", type: "vendor" })
    const again = await authorization(`/start/${id}/advertising?country=${World.market("CA")}`, {}, "amazon-ads", [ca])
    expect(location(await choose(again.pending, again.cookie, ca))).toBe(canadian)
    await world.work(500)
    expect(await world.html(`/start/${id}`)).toContain("2 of 2 countries are done")
    expect(await world.html(`/start/${id}?country=nonsense`)).toContain("Everything is in sync.")
  })

  it("a viewer is told that others can act, and cannot begin", async () => {
    expect((await world.ask("/start", { as: "vic" })).status).toBe(403)
  })
})

describe("when nothing appears", () => {
  it("says what is missing and when it looks again, asks a person, and heals when the campaign appears", async () => {
    const { id } = await begin({ type: "seller", name: "Quiet", marketplace: World.market("US"), company: "new" })
    await script(({ facts }) => facts(() => ({ profileVisible: false })))
    const out = await authorization(`/start/${id}/advertising`, {}, "amazon-ads", [], "quiet")
    await world.work(150)
    expect(await world.html(out.pending)).toContain("What is missing?")
    const connection = await world.connectionOf({ id } as Account.Present, "amazon-ads")
    const diagnosis = `/connections/${connection}/diagnosis`
    const page = await world.html(diagnosis)
    for (const words of [
      "does not see the advertising profile",
      "We look again by ourselves",
      "Does the account have at least one advertising campaign"
    ])
      expect(page).toContain(words)
    const answered = await world.ask(`${diagnosis}/answers`, {
      as: "ada",
      form: { check: "campaign-exists", holds: "no" }
    })
    expect(location(answered)).toBe(`${diagnosis}?done=answered`)
    const told = await world.html(diagnosis)
    expect(told).toContain("up to 24 hours")
    expect(told).toContain("Said by")
    const quiet = World.profile("amazon-ads", "US", "603", { name: "Quiet US", ownerId: "AQUIET" })
    await script(({ shows }) => shows("quiet", [quiet]))
    await script(({ facts }) =>
      facts(() => ({ profileVisible: true, permission: "edit", campaigns: true, paymentValid: true }))
    )
    world.move("61 minutes")
    await world.work(300)
    expect(await world.html(out.pending)).toContain("Quiet US")
    expect(
      (await world.ask(`${diagnosis}/answers`, { as: "ada", form: { check: "nonsense", holds: "yes" } })).status
    ).toBe(400)
    expect((await world.ask(diagnosis, { as: "ada", form: {} })).status).toBe(303)
  })
})

describe("further countries and consents", () => {
  it("a country that the consent lists joins the account and lives under it without another trip", async () => {
    const company = await world.company("Wide")
    const us = await world.account(company, "Wide")
    const ads = World.profile("amazon-ads", "US", "701", { name: "Wide US", ownerId: "AWIDE" })
    const ca = World.profile("amazon-ads", "CA", "702", { name: "Wide CA", ownerId: "AWIDE" })
    const authorizations = await world.consent(us, "amazon-ads", [ads, ca])
    await choose(`/pending/${authorizations.authorizationId}`, "", ads)
    const page = await world.html(`/accounts/${us.id}/countries/new?marketplace=${World.market("CA")}`)
    expect(page).toContain("Canada joins this account")
    expect(page).toContain("lists Canada")
    const far = await world.html(`/accounts/${us.id}/countries/new?marketplace=${World.market("JP")}`)
    expect(far).toContain("Japan needs an account of its own")
    expect(
      (await world.ask(`/accounts/${us.id}/countries`, { as: "ada", form: { marketplace: World.market("JP") } })).status
    ).toBe(422)
    const added = await world.ask(`/accounts/${us.id}/countries`, {
      as: "ada",
      form: { marketplace: World.market("CA") }
    })
    expect(location(added)).toContain("country-added")
    const account = await world.html(`/accounts/${us.id}`)
    expect(account).toContain(`id="country-${World.market("CA")}"`)
    const [, connection] =
      new RegExp(`id="country-${World.market("CA")}"[\\s\\S]*?/connections/(con_[0-9a-z]{26})/consents`).exec(
        account
      ) ?? []
    const grant = await world.run(
      Effect.flatMap(Grants.Grants, (grants) =>
        grants.list(World.caller("ada"), { states: ["Active"] }, { limit: 100 })
      )
    )
    const own =
      grant.items.find(({ connections }) => connections.some(({ accountId }) => accountId === us.id))?.grant.id ?? ""
    const offer = await world.html(`/connections/${connection}/consents?consent=${own}`)
    expect(offer).toContain("Wide CA")
    expect(offer).toContain("Already connected")
    const linked = await world.ask(`/connections/${connection}/consents`, {
      as: "ada",
      form: { consent: own, profile: Profile.keyText(ca.key) }
    })
    expect(location(linked)).toBe(`/connections/${connection}?done=connected`)
    expect(await world.html("/consents")).toContain("Wide CA")
  })

  it("a second consent for a live connection replaces the earlier login or keeps both, as the person says", async () => {
    const company = await world.company("Twice")
    const us = await world.account(company, "Twice")
    const ads = World.profile("amazon-ads", "US", "801", { name: "Twice US", ownerId: "ATWICE" })
    await world.connect(us, "amazon-ads", ads)
    const again = await world.consent(us, "amazon-ads", [ads])
    const page = await world.html(`/pending/${again.authorizationId}`)
    for (const words of ["Replace the earlier login", "Keep both"]) expect(page).toContain(words)
    await choose(`/pending/${again.authorizationId}`, "", ads, { earlier: "keep" })
    await world.work(200)
    const { items } = await world.run(
      Effect.flatMap(Grants.Grants, (grants) =>
        grants.list(World.caller("ada"), { states: ["Active"] }, { limit: 100 })
      )
    )
    expect(
      items.filter(({ grant }) => grant.channel === "amazon-ads" && grant.grantor?.startsWith("A") === true).length
    ).toBeGreaterThan(1)
    expect(await world.html("/consents")).toContain("It is kept to fall back to")
  })

  it("a consent is handed over to another member, who answers for it from then on (X-R7)", async () => {
    const page = await world.html("/consents")
    const [, id] = /action="\/consents\/(gra_[0-9a-z]{26})\/keeper"/.exec(page) ?? []
    const [, member] = /<option value="(mem_[0-9a-z]{26})">Mia/.exec(page) ?? []
    const done = await world.ask(`/consents/${id}/keeper`, { as: "ada", form: { member: member ?? "" } })
    expect(location(done)).toBe(`/consents?done=handed-over#${id}`)
    expect(await world.html("/consents")).toMatch(/Answers for it">[\s\S]*Mia/)
    expect((await world.ask(`/consents/${id}/keeper`, { as: "vic", form: { member: member ?? "" } })).status).toBe(403)
  })
})
