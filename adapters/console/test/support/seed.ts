/** A world in which every page has something to show: each state of a connection, an authorization and a link. */
import { Day, Failure, type Grant, type Profile } from "@portolan/domain"
import { ProviderScript } from "@portolan/memory"
import { AuthLinks, Companies, Connecting } from "@portolan/ports"
import { Effect, Redacted } from "effect"
import { promoteSecret, setSecret } from "./applications.ts"
import { seedPeople } from "./seedPeople.ts"
import { seedPartners } from "./seedPartners.ts"
import { grantOf } from "./grants.ts"
import { caller, profile, type World } from "./World.ts"

/** A profile that its login may only look at. */
const onlyViewing = (candidate: Profile.Candidate): Profile.Candidate =>
  candidate._tag === "AdvertisingProfile" ? { ...candidate, permission: "view" } : candidate

export const seed = async (world: World) => {
  const { run } = world
  world.move("-9 days")
  const nordwind = await world.company("Nordwind Outdoor GmbH", "Nordwind")
  for (const name of ["Alpenglow", "Kleine Eule", "Trekka", "Windrose Kids"]) {
    await run(
      Effect.flatMap(Companies.Companies, (companies) =>
        companies.addBrand(caller("ada"), { companyId: nordwind.id, name })
      )
    )
  }
  const harbor = await world.company("Harbor & Pine Home", "Harbor & Pine")
  await world.company("Sable Beauty Ltd", "Sable")
  await world.company("Tidewater Pet Supply", "Tidewater")
  const blank = await world.company("Fjord Kitchenware", "Fjord")

  const us = await world.account(nordwind, "Nordwind US", "US")
  const de = await world.account(nordwind, "Nordwind DE", "DE")
  const uk = await world.account(nordwind, "Nordwind UK", "GB")
  const vendor = await world.account(nordwind, "Nordwind US Vendor", "US", "vendor")
  const homeUs = await world.account(harbor, "Harbor & Pine US", "US")
  const homeCa = await world.account(harbor, "Harbor & Pine CA", "CA")

  // Lost consent, and one that is only allowed to look.
  const lost = await world.connect(
    homeUs,
    "amazon-ads",
    profile("amazon-ads", "US", "7710033445566778", { name: "Harbor & Pine US", ownerId: "A7HARBORPINE01" })
  )
  await world.work()
  await run(Effect.flatMap(ProviderScript.ProviderScript, (script) => script.withdraw("A1SELLER")))
  const limitedProfile = onlyViewing(
    profile("amazon-ads", "CA", "8811002233445566", { name: "Harbor & Pine CA", ownerId: "A7HARBORPINE01" })
  )
  const limited = await world.connect(homeCa, "amazon-ads", limitedProfile)
  world.move("4 days")
  await world.work(400)
  const ended = await world.connect(
    homeCa,
    "amazon-sp",
    profile("amazon-sp", "CA", "A7HARBORPINE01", { name: "Harbor & Pine" })
  )
  await world.work()
  // Amazon offers no way to end a consent for selling; a person ends it there and says so here.
  const revokes = (revocation: Grant.Revocation) =>
    run(Effect.flatMap(ProviderScript.ProviderScript, (script) => script.revokes(revocation)))
  await revokes({
    outcome: "not-offered",
    detail:
      "Amazon offers applications no way to end a consent. The account's primary user can end it in Seller Central " +
      '(sellercentral.amazon.ca): Manage Your Apps, "Disable authorization".'
  })
  await world.ask(`/connections/${ended.connectionId}/disconnect`, { as: "ada", form: {} })
  await world.work()
  await revokes({ outcome: "revoked", detail: "The consent was ended." })

  // Complete advertising in Germany.
  const complete = await world.connect(
    de,
    "amazon-ads",
    profile("amazon-ads", "DE", "2200114477885566", { name: "Nordwind DE", ownerId: "A2NORDWIND0001" })
  )
  await world.work(400)

  // A consent that waits for days, with every kind of profile in the list.
  world.move("2 days")
  const authorizations = {
    choice: await world.consent(uk, "amazon-ads", [
      profile("amazon-ads", "DE", "2200114477885599", { name: "Nordwind EU (Germany)", ownerId: "A2NORDWIND0001" }),
      profile("amazon-ads", "GB", "9007199254740993", { name: "Nordwind UK", ownerId: "A2NORDWIND0001" }),
      onlyViewing(profile("amazon-ads", "GB", "9007199254740995", { name: "Trekka UK", ownerId: "A9TREKKA000001" })),
      profile("amazon-ads", "GB", "9007199254740997", {
        name: "Nordwind UK Vendor",
        type: "vendor",
        ownerId: "ENTITY3V0RD"
      })
    ]),
    empty: await world.consent(vendor, "amazon-ads", [])
  }
  world.move("2 days")

  // Advertising in the US is loading.
  await run(
    Effect.flatMap(ProviderScript.ProviderScript, (script) =>
      script.windows((request) =>
        (request.dataClass === "advertising" &&
          request.until < Day.plus(Day.Day.make(new Date().toISOString().slice(0, 10)), 0)) ||
        (request.dataClass === "sales" &&
          request.until < Day.plus(Day.Day.make(new Date().toISOString().slice(0, 10)), -400)) ||
        request.dataClass === "content"
          ? { _tag: "NotReady", ticket: `report-${request.from}`, retryAfterSeconds: 300 }
          : {
              _tag: "Rows",
              rows: Array.from({ length: 40 * Day.between(request.from, request.until) }, (_, index) => ({
                key: `${request.from}/${index}`,
                day: request.from,
                data: { index: String(index) }
              }))
            }
      )
    )
  )
  const usAds = profile("amazon-ads", "US", "4455667788990011", { name: "Nordwind US", ownerId: "A2NORDWIND0001" })
  const loading = await world.connect(us, "amazon-ads", usAds, "ada", 364)
  // The application lacks the role to ask whose a consent for selling is.
  await run(
    Effect.flatMap(ProviderScript.ProviderScript, (script) =>
      script.fail("prove", new Failure.PermissionMissing({ missing: "access", detail: "403" }), Infinity)
    )
  )
  const sales = await world.connect(
    us,
    "amazon-sp",
    profile("amazon-sp", "US", "A2NORDWIND0001", { name: "Nordwind Outdoor" }),
    "mia"
  )
  await world.work(900)

  // Links in each standing.
  const deSp = await world.connectionOf(de, "amazon-sp")
  const ukSp = await world.connectionOf(uk, "amazon-sp")
  const vendorSp = await world.connectionOf(vendor, "amazon-sp")
  const links = {
    open: await world.link(deSp),
    revoked: await world.link(ukSp),
    used: await world.link(vendorSp),
    expired: await world.link(vendorSp, 1)
  }
  await run(
    Effect.gen(function* () {
      const authLinks = yield* AuthLinks.AuthLinks
      yield* authLinks.revoke(caller("ada"), links.revoked.link.id)
      const token = Redacted.make(links.used.path.slice("/link/".length))
      const authorizationRedirect = yield* authLinks.follow(token, undefined)
      const connecting = yield* Connecting.Connecting
      const script = yield* ProviderScript.ProviderScript
      yield* script.consents("by-link", { channel: "amazon-sp", region: "NA", grantor: "A5", candidates: [] })
      yield* connecting.receive(
        "amazon-sp",
        new URLSearchParams({ state: authorizationRedirect.url.searchParams.get("state") ?? "", code: "by-link" }),
        authorizationRedirect.browser
      )
    })
  )
  // Attempts that came to nothing.
  const deAttempt = await world.startAuthorization(deSp)
  await world.receive(
    "amazon-sp",
    new URLSearchParams({ state: deAttempt.url.searchParams.get("state") ?? "", error: "access_denied" }),
    deAttempt.browser
  )
  const failedAttempt = await world.startAuthorization(deSp)
  await world.receive(
    "amazon-sp",
    new URLSearchParams({ state: failedAttempt.url.searchParams.get("state") ?? "", code: "x" }),
    Redacted.make("another browser")
  )
  await run(
    Effect.flatMap(ProviderScript.ProviderScript, (script) =>
      script.fail("exchange", new Failure.ApplicationRejected({ detail: "invalid_client" }))
    )
  )
  await world.receive(
    "amazon-sp",
    new URLSearchParams({ state: failedAttempt.url.searchParams.get("state") ?? "", code: "x" }),
    failedAttempt.browser
  )
  world.move("61 minutes")
  const partners = await seedPartners(world)
  const people = await seedPeople(world, nordwind)
  await setSecret(world, "amazon-sp", "good second")
  await promoteSecret(world, "amazon-sp")
  await setSecret(world, "amazon-ads", "mistyped")
  await setSecret(world, "walmart-connect", "good", "key version 2")

  return {
    partners,
    people,
    companies: { nordwind, harbor, blank },
    accounts: { us, de, uk, vendor, homeUs, homeCa },
    usAds,
    connections: {
      lost: lost.connectionId,
      limited: limited.connectionId,
      ended: ended.connectionId,
      complete: complete.connectionId,
      loading: loading.connectionId,
      sales: sales.connectionId,
      proposed: deSp,
      awaiting: authorizations.choice.connectionId
    },
    authorizations: {
      choice: authorizations.choice.authorizationId,
      empty: authorizations.empty.authorizationId,
      finalised: loading.authorizationId,
      declined: deAttempt.authorizationId,
      failed: failedAttempt.authorizationId
    },
    consents: { claimed: await grantOf(world, sales.connectionId) },
    links
  }
}

export type Seeded = Awaited<ReturnType<typeof seed>>
