import { Aggregate, Failure } from "@portolan/domain"
import { ProviderScript } from "@portolan/memory"
import { Effect } from "effect"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import * as History from "../src/pages/audit/history.ts"
import { seed, type Seeded } from "./support/seed.ts"
import { narrow } from "./support/walmart.ts"
import { fresh, location } from "./support/asking.ts"
import * as World from "./support/World.ts"

const usAds = (externalId = "1000000000000000001") =>
  World.profile("amazon-ads", "US", externalId, { name: "Nordwind US" })

/** A connected account. */
const connected = async (own: World.World) => {
  const account = await own.account(await own.company("Nordwind"), "Nordwind US")
  const { connectionId } = await own.connect(account, "amazon-ads", usAds())
  return { account, connectionId }
}

describe("pausing", () => {
  it("lists its effects first, shows everywhere that it is paused, and resumes", () =>
    fresh(async (own) => {
      const { account, connectionId } = await connected(own)
      const at = `/connections/${connectionId}`
      const page = await own.html(`${at}/pause`)
      for (const words of ["Pause", "Nothing is fetched", "What stays", "Keep it running"])
        expect(page).toContain(words)
      expect(location(await own.ask(`${at}/pause`, { as: "ada", form: {} }))).toBe(`${at}?done=pause`)
      for (const path of [
        at,
        `/accounts/${account.id}`,
        `/companies/${account.companyId}`,
        "/connections",
        "/connections?state=paused"
      ]) {
        expect(await own.html(path), path).toContain(">Paused</span>")
      }
      expect(await own.html(at)).toContain(`href="${at}/resume"`)
      expect(await own.html(`/accounts/${account.id}`)).toContain(`href="${at}/resume"`)
      expect(location(await own.ask(`${at}/pause`, { as: "ada" }))).toBe(at)
      expect(await own.html(`${at}/resume`)).toContain("the gap is loaded")
      await own.ask(`${at}/resume`, { as: "ada", form: {} })
      expect(await own.html("/connections?state=paused")).toContain("No connection like this")
      const audit = await own.html("/audit?kind=connections")
      expect(audit).toContain("Paused")
      expect(audit).toContain("Resumed")
    }))
})

describe("how fresh the data are", () => {
  it("is a row a kind of data on the page of the connection, with a picture and the same days as a table", () =>
    fresh(async (own) => {
      const { connectionId } = await connected(own)
      const at = `/connections/${connectionId}`
      expect(await own.html(at)).not.toContain("How fresh the data are")
      await own.work()
      const page = await own.html(at)
      expect(page).toContain("How fresh the data are")
      expect(page).toContain('aria-label="Advertising, last 90 days: 90 days loaded"')
      expect(page).toContain("Advertising: days as a table")
      expect(page).toContain(">Fresh</span>")
      // Nobody works for a week: the page says so, and who must act.
      own.move("7 days")
      const late = await own.html(at)
      expect(late).toContain("Connected, data stalled")
      expect(late).toContain("Advertising is late: its data are there up to")
      expect(late).toContain("6 days missing")
      expect(await own.html("/connections")).toContain("Connected, data stalled")
      await own.work(600)
      const again = await own.html(at)
      expect(again).toContain(">Fresh</span>")
      expect(again).not.toContain("data stalled")
    }))
})

describe("days that wait for a person", () => {
  it("can be asked for again from the page of the connection by those who may, unless it is paused", () =>
    fresh(async (own) => {
      const refuses = ProviderScript.ProviderScript.use((script) =>
        script.fail("load", new Failure.RequestRefused({ detail: "Dead token.", beyondRetention: false }), Infinity)
      )
      await own.run(refuses)
      const { connectionId } = await connected(own)
      const at = `/connections/${connectionId}`
      for (const hours of [0, 13, 13, 13]) {
        own.move(`${hours} hours`)
        await own.work()
      }
      const form = `action="${at}/retry"`
      for (const page of [at, `${at}/live`]) expect(await own.html(page), page).toContain(form)
      expect(await own.html(at)).toContain("Try Advertising again")
      expect(await own.html(at, { as: "vic" })).not.toContain(form)
      expect((await own.ask(`${at}/retry`, { as: "vic", form: {} })).status).toBe(403)
      const { heal } = await own.run(ProviderScript.ProviderScript.use(Effect.succeed))
      await own.run(heal("load"))
      const tried = await own.ask(`${at}/retry`, { as: "mia", form: { dataClass: "advertising" } })
      expect(location(tried)).toBe(`${at}?done=tried-again`)
      expect(await own.html(`${at}?done=tried-again`)).toContain("What waited is asked for again.")
      await own.work()
      expect(await own.html(at)).not.toContain(form)
      expect(await own.html("/audit?kind=loads")).toContain("4 ranges of days asked for again.")
      await own.ask(`${at}/pause`, { as: "ada", form: {} })
      expect((await own.ask(`${at}/retry`, { as: "mia", form: {} })).status).toBe(409)
    }))
})

/** Lets half days pass, with a worker in each, until the page says something; at most ten days. */
const passUntil = async (own: World.World, path: string, words: string): Promise<string> => {
  for (let half = 0; half < 20; half++) {
    own.move("13 hours")
    await own.work()
    const page = await own.html(path)
    if (page.includes(words)) return page
  }
  return own.html(path)
}

describe("later days that wait for a person", () => {
  it("are said beside how fresh the data are, with a button, although the first load is complete", () =>
    fresh(async (own) => {
      const { connectionId } = await connected(own)
      const at = `/connections/${connectionId}`
      await own.work()
      expect(await own.html(at)).not.toContain(`action="${at}/retry"`)
      await own.run(
        ProviderScript.ProviderScript.use((script) =>
          script.fail("load", new Failure.RequestRefused({ detail: "Dead token.", beyondRetention: false }), Infinity)
        )
      )
      const page = await passUntil(own, at, "Dead token.")
      expect(page).toContain("Connected, data stalled")
      expect(page).toContain("First load complete")
      expect(page.split(`action="${at}/retry"`)).toHaveLength(2)
      expect(page).toContain("Dead token.")
      const { heal } = await own.run(ProviderScript.ProviderScript.use(Effect.succeed))
      await own.run(heal("load"))
      await own.ask(`${at}/retry`, { as: "mia", form: { dataClass: "advertising" } })
      // Those that do not wait for a person come back by themselves.
      const healed = await passUntil(own, at, ">Fresh</span>")
      expect(healed).not.toContain(`action="${at}/retry"`)
      expect(healed).toContain(">Fresh</span>")
    }))
})

describe("closing the organization", () => {
  it("tells its owner what happens, waits for a tick, says so on every page, and takes it back", () =>
    fresh(async (own) => {
      await connected(own)
      expect(await own.html("/settings")).toContain('href="/settings/close"')
      expect(await own.html("/settings", { as: "mia" })).not.toContain('href="/settings/close"')
      const page = await own.html("/settings/close")
      for (const words of [
        "nothing is fetched",
        "What ends",
        "What stays",
        "Keep it open",
        "everything loaded is erased"
      ])
        expect(page).toContain(words)
      for (const as of ["mia", "vic"] as const) {
        expect((await own.ask("/settings/close", { as })).status).toBe(403)
        expect((await own.ask("/settings/close", { as, form: { confirmed: "yes" } })).status).toBe(403)
      }
      const unticked = await own.ask("/settings/close", { as: "ada", form: {} })
      expect([unticked.status, (await unticked.text()).includes("Tick the box")]).toEqual([422, true])
      const closed = await own.ask("/settings/close", { as: "ada", form: { confirmed: "yes" } })
      expect(location(closed)).toBe("/organizations")
      for (const as of ["ada", "mia"] as const) {
        expect(location(await own.ask("/companies", { as }))).toBe("/organizations")
        expect(await own.html("/organizations", { as })).toContain("it can be reopened until")
      }
      expect(await own.html("/organizations", { as: "mia" })).not.toContain("/reopen")
      const form = /action="(\/organizations\/[^"]+\/reopen)"/.exec(await own.html("/organizations"))?.[1] ?? ""
      expect((await own.ask(form, { as: "mia", form: {} })).status).toBe(403)
      expect((await own.ask(form, { as: "rex", form: {} })).status).toBe(404)
      expect(location(await own.ask(form, { as: "ada", form: {} }))).toBe("/companies")
      expect(await own.html("/companies")).toContain("Nordwind")
      expect(await own.html("/audit")).toContain("Organization reopened")
    }))
})

describe("removing and deleting", () => {
  it("says what stands in the way of an account that is connected, and refuses it all the same", () =>
    fresh(async (own) => {
      const { account, connectionId } = await connected(own)
      for (const command of ["remove", "delete-data"]) {
        const page = await own.html(`/accounts/${account.id}/${command}`)
        expect(page).toContain("still connected")
        expect(page).toContain(`/connections/${connectionId}/disconnect`)
        expect(
          (await own.ask(`/accounts/${account.id}/${command}`, { as: "ada", form: { confirmed: "yes" } })).status
        ).toBe(409)
      }
    }))

  it("takes an account off the lists, keeps it among the removed ones, and restores it", () =>
    fresh(async (own) => {
      const account = await own.account(await own.company("Nordwind"), "Nordwind US")
      const at = `/accounts/${account.id}`
      expect(await own.html("/accounts/removed")).toContain("No removed accounts")
      expect(await own.html(`${at}/remove`)).toContain("off every list")
      expect(location(await own.ask(`${at}/remove`, { as: "ada", form: {} }))).toBe(`${at}?done=remove`)
      const gone = await own.html(at)
      expect(gone).toContain("This account was removed")
      expect(gone).not.toContain("Authenticate now")
      expect(await own.html(`/companies/${account.companyId}`)).not.toContain(">Nordwind US<")
      expect(await own.html("/accounts/removed")).toContain(`href="${at}/restore"`)
      expect(await own.html("/accounts/removed", { as: "vic" })).not.toContain(`href="${at}/restore"`)
      expect(await own.html("/accounts/removed", { as: "rex" })).toContain("No removed accounts")
      expect(await own.html(`${at}/restore`)).toContain("back on the lists")
      await own.ask(`${at}/restore`, { as: "ada", form: {} })
      expect(await own.html(at)).not.toContain("This account was removed")
      expect(await own.html("/accounts/removed")).toContain("No removed accounts")
    }))

  it("takes a country out after its effects, which an account never does with its first, and adds it again", () =>
    fresh(async (own) => {
      const { account } = await connected(own)
      const at = `/accounts/${account.id}`
      const canada = "A2EUQ1WTGCTBG2"
      const first = `${at}/countries/ATVPDKIKX0DER/remove`
      expect(await own.html(at)).not.toContain("Take United States out")
      expect(location(await own.ask(first, { as: "ada" }))).toBe(at)
      expect((await own.ask(first, { as: "ada", form: {} })).status).toBe(409)
      await own.ask(`${at}/countries`, { as: "ada", form: { marketplace: canada } })
      const path = `${at}/countries/${canada}/remove`
      expect(await own.html(at)).toContain(`href="${path}"`)
      const page = await own.html(path)
      for (const words of ["Take Canada out of", "is taken off the account", "What stays", "Keep Canada"])
        expect(page).toContain(words)
      const tile = /href="(\/connections\/con_[^"/]+)"/.exec(await own.html(`/connections?marketplace=${canada}`))?.[1]
      expect(tile).toBeDefined()
      for (const as of ["vic", "mia"] as const) expect((await own.ask(path, { as, form: {} })).status).toBe(403)
      expect((await own.ask(path, { as: "rex", form: {} })).status).toBe(404)
      expect(location(await own.ask(path, { as: "ada", form: {} }))).toBe(`${at}?done=country-removed`)
      const left = await own.html(at)
      expect(left).not.toContain("Canada")
      expect(await own.html(`/connections?marketplace=${canada}`)).not.toContain(tile)
      expect(await own.html(`/connections?marketplace=${canada}&state=withdrawn`)).toContain(tile)
      const gone = await own.html(tile ?? "")
      expect(gone).toContain("Canada was taken out of the account")
      expect(gone).not.toContain("Authenticate now")
      await own.ask(`${at}/countries`, { as: "ada", form: { marketplace: canada } })
      expect(await own.html(`/connections?marketplace=${canada}`)).toContain(tile)
    }))

  it("merges a company that is there twice into the other one, after its effects, and restores it", () =>
    fresh(async (own) => {
      const { account } = await connected(own)
      const other = await own.company("Nordwind AG")
      const at = `/companies/${account.companyId}`
      expect(await own.html(at)).toContain(`href="${at}/remove"`)
      const first = await own.html(`${at}/remove`)
      for (const words of [
        "It has 1 account in use",
        `/accounts/${account.id}/company`,
        "Company that takes them over"
      ])
        expect(first).toContain(words)
      expect(first).not.toContain("Take them over and remove it")
      expect((await own.ask(`${at}/remove`, { as: "ada", form: {} })).status).toBe(409)
      const told = await own.html(`${at}/remove?company=${other.id}`)
      expect(told).toContain("Its account is taken to Nordwind AG")
      expect((await own.ask(`${at}/merge`, { as: "ada", form: { company: "nothing" } })).status).toBe(422)
      for (const as of ["vic", "mia"] as const)
        expect((await own.ask(`${at}/merge`, { as, form: { company: other.id } })).status).toBe(403)
      const merged = await own.ask(`${at}/merge`, { as: "ada", form: { company: other.id } })
      expect(location(merged)).toBe(`/companies/${other.id}`)
      expect(await own.html(`/companies/${other.id}`)).toContain("Nordwind US")
      expect(await own.html("/companies?search=Nordwind")).not.toContain(`href="${at}"`)
      expect(await own.html("/companies/removed")).toContain(`href="${at}/restore"`)
      const gone = await own.html(at)
      expect(gone).toContain("This company was removed")
      expect(gone).not.toContain("New account")
      expect(await own.html(`${at}/restore`)).toContain("back on the lists")
      expect(location(await own.ask(`${at}/restore`, { as: "ada", form: {} }))).toBe(`${at}?done=restore`)
      expect(await own.html("/companies?search=Nordwind")).toContain(`href="${at}"`)
      expect(await own.html("/companies/removed")).toContain("No removed companies")
    }))

  it("schedules an erasure after a tick, shows its day, and calls it off", () =>
    fresh(async (own) => {
      const account = await own.account(await own.company("Nordwind"), "Nordwind US")
      const at = `/accounts/${account.id}`
      expect(await own.html(`${at}/delete-data`)).toContain("erased in 7 days")
      const unticked = await own.ask(`${at}/delete-data`, { as: "ada", form: {} })
      expect(unticked.status).toBe(422)
      expect(await unticked.text()).toContain("Tick the box")
      await own.ask(`${at}/delete-data`, { as: "ada", form: { confirmed: "yes" } })
      const page = await own.html(at)
      expect(page).toContain("Its data is erased on")
      expect(page).toContain(`href="${at}/keep-data"`)
      expect(location(await own.ask(`${at}/delete-data`, { as: "ada" }))).toBe(at)
      await own.ask(`${at}/keep-data`, { as: "ada", form: {} })
      expect(await own.html(at)).not.toContain("Its data is erased on")
      expect(location(await own.ask(`${at}/keep-data`, { as: "ada" }))).toBe(at)
    }))

  it("is for those who may administer the account, and for nobody else", () =>
    fresh(async (own) => {
      const { account, connectionId } = await connected(own)
      await narrow(own, account.id, "write")
      const commands = [
        ...["pause", "disconnect"].map((one) => `/connections/${connectionId}/${one}`),
        ...["remove", "delete-data", "restore", "keep-data"].map((one) => `/accounts/${account.id}/${one}`)
      ]
      for (const path of commands) {
        for (const [as, status] of [
          ["vic", 403],
          ["mia", 403],
          ["lim", 403],
          ["rex", 404]
        ] as const) {
          expect([path, as, (await own.ask(path, { as })).status]).toEqual([path, as, status])
          expect([path, as, (await own.ask(path, { as, form: { confirmed: "yes" } })).status]).toEqual([
            path,
            as,
            status
          ])
        }
        expect(
          (await own.ask(path, { as: "ada", form: { confirmed: "yes" }, headers: { origin: "https://evil.example" } }))
            .status
        ).toBe(403)
      }
      const page = await own.html(`/accounts/${account.id}`, { as: "vic" })
      expect(page).not.toContain("Manage this account")
      expect(await own.html(`/connections/${connectionId}`, { as: "mia" })).not.toContain("/pause")
    }))
})

describe("the list of connections", () => {
  let world: World.World
  let seeded: Seeded
  beforeAll(async () => {
    world = await World.make()
    seeded = await seed(world)
  })
  afterAll(() => world.close())

  const rows = async (query: string, as: World.Who = "ada") =>
    [
      ...(await world.html(`/connections${query}`, { as })).matchAll(
        /<th scope="row"[^>]*><a href="\/connections\/(con_\w+)"/g
      )
    ].map(([, id]) => id)

  it("is narrowed by status, company, channel, marketplace, and by when consents end", async () => {
    const { connections: all, companies } = seeded
    expect(await rows("?state=reauthorization-needed")).toEqual([all.lost])
    expect(await rows("?state=limited")).toEqual([all.limited])
    expect((await rows("?state=attention")).toSorted()).toEqual([all.lost, all.limited].toSorted())
    expect(await rows("?state=disconnected")).toEqual([all.ended])
    expect(await rows("?state=awaiting-selection")).toContain(all.awaiting)
    expect((await rows("?state=awaiting-access")).toSorted()).toEqual(
      [seeded.partners.waiting, seeded.partners.late].toSorted()
    )
    expect((await rows(`?company=${companies.harbor.id}&channel=amazon-ads`)).toSorted()).toEqual(
      [all.lost, all.limited].toSorted()
    )
    expect(await rows(`?marketplace=${World.market("DE")}&state=connected`)).toEqual([all.complete])
    expect(await rows("?ends=30")).toEqual([])
    world.move("300 days")
    try {
      expect((await rows("?ends=90&state=connected")).length).toBeGreaterThan(0)
    } finally {
      world.move("-300 days")
    }
    expect((await rows("?state=nonsense&channel=x&company=y&marketplace=z&ends=8")).length).toBe(
      (await rows("")).length
    )
    expect(await rows(`?company=${companies.harbor.id}`, "rex")).toEqual([])
  })

  it("hands the chosen ones to a campaign, without scripts", async () => {
    const page = await world.html("/connections?state=connected")
    expect(page).toMatch(/<form method="get" action="\/campaigns\/new">/)
    expect(page).toContain(`name="connection" value="${seeded.connections.complete}"`)
    expect(page).not.toMatch(/name="connection"[^>]* checked/)
    expect(await world.html("/connections?state=connected&choose=all")).toMatch(/name="connection"[^>]* checked/)
    expect(await world.html("/connections?state=disconnected")).not.toContain("/campaigns/new")
    expect(await world.html("/connections?state=connected", { as: "vic" })).not.toContain("/campaigns/new")
  })

  it("the audit log shows who did what, narrows, and goes on page by page", async () => {
    const page = await world.html("/audit")
    for (const words of ["Ada Ferrer", "The software", "Auth link", "Nordwind US"]) expect(page, words).toContain(words)
    expect(await world.html("/audit?kind=companies")).toContain("Company Nordwind Outdoor GmbH added")
    expect(await world.html("/audit?kind=people")).toContain("Organization Blue Harbor Commerce created")
    const guests = await world.html("/audit?actor=Guest")
    expect(guests).toContain("A guest")
    expect(guests).not.toContain(">Ada Ferrer</bdi></td>")
    expect(await world.html("/audit?actor=Operator")).toContain('Opal Keys</bdi> <span class="muted">(operator)')
    expect(await world.html("/audit?actor=ApiKey")).toContain("Nothing like this has happened")
    const steps = await world.html("/audit?kind=loads")
    expect(steps).toContain("days loaded")
    const next = /href="(\/audit\?[^"]*cursor=[^"]*)" *\s*rel="next"/.exec(steps)?.[1]?.replaceAll("&amp;", "&") ?? ""
    expect(next).toContain("kind=loads")
    expect((await world.ask(next, { as: "ada" })).status).toBe(200)
    expect((await world.ask("/audit?cursor=made-up", { as: "ada" })).status).toBe(400)
  })

  it("the audit log shows reads of tokens and refused attempts, with the connection that they are about", async () => {
    const reads = await world.html("/audit?record=token-read")
    expect(reads).toMatch(/LoadWindow[^]*?<td data-label="About"><a href="\/connections\/con_/)
    expect(reads).not.toMatch(/(LoadWindow|FindCandidates)<\/code>((?!<code>)[^])*>Consent<\/td>/)
    expect(reads).toMatch(/<td data-label="About"><a href="\/connections\/con_\w+"><bdi[^>]*>[^<]+, /)
    expect(reads).not.toContain('id="kind"')
    const next = /href="(\/audit\?[^"]*cursor=[^"]*)" *\s*rel="next"/.exec(reads)?.[1]?.replaceAll("&amp;", "&") ?? ""
    expect(next).toContain("record=token-read")
    expect(await world.html(next)).toContain("Token read")
    const security = await world.html("/audit?record=security")
    expect(security).toContain("A revoked API key was used")
    expect(security).toContain("Old import")
    expect(security).toMatch(/came in another browser[^]*<a href="\/connections\/con_\w+"/)
    for (const record of ["token-read", "security"]) {
      expect(await world.html(`/audit?record=${record}`, { as: "rex" }), record).toContain(
        "Nothing like this has happened"
      )
      expect((await world.ask(`/audit?record=${record}`, { as: "mia" })).status, record).toBe(403)
    }
    expect(await world.html("/audit?record=nonsense")).toContain('id="kind"')
  })

  it("the audit log is for owners and admins, and each organization has its own", async () => {
    expect((await world.ask("/audit", { as: "mia" })).status).toBe(403)
    expect((await world.ask("/audit", { as: "vic" })).status).toBe(403)
    const isolateText = await world.html("/audit", { as: "rex" })
    expect(isolateText).not.toContain("Nordwind")
    expect(isolateText).toContain("Organization Rival Traders created")
    expect(isolateText).toMatch(/joined as owner/)
    expect(isolateText).not.toContain("joined as admin")
    expect(await world.html("/companies", { as: "mia" })).not.toContain('href="/audit"')
  })
})

describe("sentences", () => {
  it("there is one for every kind of event, and no other", () => {
    const tags = Aggregate.DomainEvent.members.flatMap((union) => Object.keys(union.cases))
    expect(new Set(tags).size).toBe(tags.length)
    expect([...History.types].toSorted()).toEqual(tags.toSorted())
  })
})
