/**
 * Flow F3 over HTTP: an advertiser's admin lets us in at Walmart, and nothing returns; the access is discovered,
 * assigned and linked.
 */
import { advertisersPage, link, lookNow, offered, walmartsDelay } from "./advertisers.ts"
import type { Do, Mission, SignIn } from "./Flow.ts"
import { at, Browser, find, list, number, text, Unexpected } from "./Http.ts"
import { mailTo } from "./Mailbox.ts"
import {
  addCompany,
  authenticate,
  choose,
  complete,
  connectionOf,
  enter,
  loaded,
  openAccount,
  statusOf
} from "./Member.ts"
import { settle } from "./Newcomer.ts"
import { must, type Place, seen, until, world } from "./Place.ts"
import { WalmartConsole } from "./WalmartConsole.ts"

const market = "WALMART_US"
const advertiserName = "Marmara Homes"

/**
 * The flow; the demo world's sign-in is the operator, and a member of another organization that must hear nothing of
 * it.
 */
export const f3: Mission = {
  flow: "F3",
  title: "Partner-granted advertising connection (Walmart)",
  steps: (place, signIn, step) => steps(place, signIn, step)
}

const steps = async (place: Place, signIn: SignIn, step: Do) => {
  const { account, companyId, elsewhere, tenant, tile } = await step(
    "A new customer opens a Walmart 3P account; it has tiles of its own",
    ["W-R7", "C1", "C2"],
    async () => {
      const tenant = await settle(place, "Inga Haraldsen", "Harbor Media")
      const elsewhere = await enter(place, signIn, "F3")
      const companyId = await addCompany(tenant, "Marmara at Walmart", "Marmara")
      const account = await openAccount(tenant, companyId, "Homes, United States", market, "walmart-3p")
      return seen(
        { tenant, elsewhere, companyId, account, tile: account.tile("walmart-connect") },
        `${tenant.who.name} founded Harbor Media; its account is in the United States`
      )
    }
  )
  const operator = elsewhere.browser
  const id = text(
    find(list(at(await world(place), "walmart"), "advertisers"), advertiserName, (one) => one.name === advertiserName),
    "id"
  )

  await step(
    "No advertiser is visible; the customer says which one to expect, and the operator sees it",
    ["W-R4", "C15", "W-R1"],
    async () => {
      must(
        (await advertisersPage(tenant, tile)).includes("No advertiser lets us in yet"),
        "there are advertisers already"
      )
      const { status } = await tenant.browser.go(`/connections/${tile}/expectation`, { advertiser: advertiserName })
      must(status === 303, `expecting it answered ${status}`)
      await until("the operator to see it", 20, async () =>
        (await operator.go("/operator")).page.includes("Harbor Media") ? true : undefined
      )
      const stranger = await tenant.browser.go("/operator")
      must(stranger.status >= 400, `a customer saw the operator's page: ${stranger.status}`)
      const { json } = await tenant.api("GET", `/v1/connections/${tile}`, 200)
      return seen(undefined, text(at(json, "evidence"), "reason"))
    }
  )

  const before = await step(
    "At Walmart only an admin can add us; Walt does, with read access",
    ["W-R1", "W-R2", "W-R3"],
    async () => {
      const before = await lookNow(operator)
      const refused = await (await WalmartConsole.open(place, "wendy")).partner(id, "add", "read").then(
        () => "",
        (cause: unknown) => String(cause)
      )
      must(refused !== "", "somebody who is not an admin added a partner")
      await (await WalmartConsole.open(place, "walt")).partner(id, "add", "read")
      return seen(before, `Wendy is refused; Walt added us to advertiser ${id}`)
    }
  )

  await step("It is not listed at once; a later look finds it", ["W-R5", "W-R6", "W-R10", "C7"], async () => {
    must((await lookNow(operator)) === before, "the advertiser was listed at once")
    await walmartsDelay(place)
    must((await lookNow(operator)) === before + 1, "the advertiser was not found")
    must(!(await advertisersPage(tenant, tile)).includes(id), "an advertiser that is nobody's yet was shown")
    return seen(undefined, `${before + 1} advertisers listed; until it is assigned no customer sees it`)
  })

  await step(
    "The operator assigns it to the organization that waits; its people and support are told",
    ["C15", "W-R4"],
    async () => {
      const { page } = await operator.go("/operator")
      const suggestion = page.split("<li>").find((one) => one.includes(`<code>${id}</code>`)) ?? ""
      const [, action] = /action="(\/operator\/advertisers\/[^"]+\/assign)"/.exec(suggestion) ?? []
      const [, organization] = /name="organization"\s+value="([^"]+)"/.exec(suggestion) ?? []
      if (action === undefined || organization === undefined)
        throw new Unexpected("the operator is not offered to assign it")
      const { status } = await operator.go(action, { organization, back: "waiting" })
      must(status === 303, `assigning answered ${status}`)
      const mail = await mailTo(tenant.browser, tenant.who.email, "ready to be linked")
      await mailTo(new Browser(place.origin), "support@demo.example.com", mail.subject, "installation")
      return seen(undefined, `“${mail.subject}”, to the members and to support`)
    }
  )

  const grant = await step(
    "The customer compares, confirms and links it; read access makes it limited, not connected",
    ["W-R8", "W-R9", "W-R3", "C3", "C12"],
    async () => {
      const grant = await offered(tenant, tile, id)
      must((await link(tenant, tile, grant, false)).status === 422, "it was linked without a confirmation")
      const { location, status } = await link(tenant, tile, grant)
      must(status === 303 && location.includes("done=connected"), `linking answered ${status}`)
      const evidence = await statusOf(tenant, tile, "limited")
      return seen(grant, `${text(evidence, "reason")} ${text(evidence, "nextStep")}`)
    }
  )

  await step("Walt gives write access; the next look heals it", ["W-R2", "S-R6"], async () => {
    await (await WalmartConsole.open(place, "walt")).partner(id, "change", "write")
    await lookNow(operator)
    const evidence = await statusOf(tenant, tile, "connected")
    return seen(undefined, text(evidence, "reason"))
  })

  const second = await step(
    "A second account cannot take it, and is told by whom it is held",
    ["W-R9", "C4"],
    async () => {
      const second = await openAccount(tenant, companyId, "Marmara again", market, "walmart-3p")
      const { page, status } = await link(tenant, second.tile("walmart-connect"), grant)
      must(status === 409 && page.includes("Homes, United States"), `linking it twice answered ${status}`)
      return seen(second, "refused, naming the account that holds it")
    }
  )

  await step("Another organization sees nothing of it", ["W-R8", "W-R9"], async () => {
    const other = await openAccount(
      elsewhere,
      await addCompany(elsewhere, "Elsewhere", "Elsewhere"),
      "Elsewhere",
      market,
      "walmart-3p"
    )
    must(
      !(await advertisersPage(elsewhere, other.tile("walmart-connect"))).includes(id),
      "another organization sees the advertiser"
    )
    must((await link(elsewhere, other.tile("walmart-connect"), grant)).status >= 400, "another organization linked it")
    await elsewhere.api("GET", `/v1/connections/${tile}`, 404)
    return seen(undefined, "not in its list, not linkable, its connection not found")
  })

  await step("The first load covers 60 days and reaches 100 %", ["W-R11", "C8"], async () => {
    const ledger = await complete(tenant, tile)
    must(
      list(ledger, "classes").every((one) => number(one, "daysTotal") === 60),
      "the load is not 60 days"
    )
    return seen(
      undefined,
      `${loaded(ledger)}; due ${list(ledger, "classes")
        .map((one) => text(one, "dueAt"))
        .join()}`
    )
  })

  await step(
    "Walt removes us as partner: three looks in a minute are one miss and lose nothing; added again, all is as before",
    ["W-R12"],
    async () => {
      const walt = await WalmartConsole.open(place, "walt")
      await walt.partner(id, "remove")
      for (let look = 1; look <= 3; look++) {
        await lookNow(operator)
        must(
          at(await connectionOf(tenant, tile), "evidence").status === "connected",
          `lost after ${look} looks in a row`
        )
      }
      const missed = async () =>
        (await operator.go("/operator/advertisers?show=all")).page.split("<tr").find((one) => one.includes(id)) ?? ""
      must((await missed()).includes("Missed 1 of 3 looks"), "the looks were not counted as one")
      await walt.partner(id, "add", "write")
      await walmartsDelay(place)
      await lookNow(operator)
      must(!(await missed()).includes("Missed"), "it is not back")
      return seen(
        undefined,
        "connected throughout; three misses ten minutes apart and more lose it, and a return heals it by itself"
      )
    }
  )

  await step(
    "Unlinking is deliberate: its effects are listed first, it is on record, and the advertiser is free",
    ["W-R9", "C14"],
    async () => {
      const { page } = await tenant.browser.go(`/connections/${tile}/disconnect`)
      must(page.includes("What ends") && page.includes("What stays"), "the effects are not listed")
      const { status } = await tenant.browser.go(`/connections/${tile}/disconnect`, {})
      must(status === 303, `unlinking answered ${status}`)
      const { json } = await tenant.api("GET", `/v1/connections/${tile}/history`, 200)
      must(JSON.stringify(json).includes(tenant.who.name), "the record does not say who unlinked it")
      must(
        (await tenant.browser.go("/audit")).page.includes(tenant.who.name),
        "the audit log does not say who unlinked it"
      )
      const target = second.tile("walmart-connect")
      must(
        (await link(tenant, target, await offered(tenant, target, id))).status === 303,
        "the freed advertiser cannot be linked"
      )
      return seen(undefined, "unlinked by name; linked to the other account then")
    }
  )

  await step(
    "Walmart Marketplace is another matter: Walt consents, comes back, and it loads",
    ["C1", "W-R7", "C8"],
    async () => {
      const shop = account.tile("walmart-marketplace")
      await choose(tenant, await authenticate(tenant, shop, "walt"), () => true)
      await statusOf(tenant, shop, "connected")
      return seen(undefined, loaded(await complete(tenant, shop)))
    }
  )
}
