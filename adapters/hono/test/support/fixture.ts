/** One organization in which something of everything exists, and what each route is asked with. */
import { type Id, type Profile } from "@portolan/domain"
import { ProviderScript } from "@portolan/memory"
import { Repository, Scheduler } from "@portolan/ports"
import { Context, DateTime, Effect, type Schema } from "effect"
import type { Route } from "../../src/index.ts"
import {
  account,
  advertiserKey,
  advertisersFor,
  adsKey,
  at,
  connected,
  consent,
  fixed,
  items,
  text,
  US,
  walmartAccount,
  type Who,
  working,
  type World
} from "./world.ts"

/** Waits until something holds; the test's own deadline is the limit. */
export const until = (holds: Effect.Effect<boolean>): Effect.Effect<void> =>
  Effect.gen(function* () {
    while (!(yield* holds)) yield* Effect.sleep("5 millis")
  })

/** A profile that nobody holds, in the authorizations that wait. */
export const free = (n: number): Profile.Key => adsKey(`2000000000000000${n}`)

const owner = { name: "Olive Owner", email: "olive@example.com" }
const requester = { name: "Bea Books", email: "bea@example.com" }

/** A request to connect, as a key sends it. */
export const requestFor = (connectionId: string) => ({
  connectionId,
  marketplaceId: US,
  owner,
  requester,
  message: "For the books."
})

/** Makes something of everything, as one member. */
export const makeFixture = Effect.fnUntraced(function* (world: World, who: Who = "owner", organization = 1) {
  const { ask } = world
  const scheduler = Context.get(world.context, Scheduler.Scheduler)
  const organizationId = fixed("org", organization) as Id.OrganizationId
  const first = yield* account(world, who, "First")
  yield* connected(world, first.ads, adsKey(`1000000000000000000${organization}`), who)
  yield* Effect.scoped(
    Effect.andThen(
      working(world),
      until(
        Effect.map(
          ask("GET", `/v1/connections/${first.ads}`, { as: who }),
          ({ json }) => at(json, "backfill", "overall") === 1
        )
      )
    )
  )
  const second = yield* account(world, who, "Second")
  yield* connected(world, second.ads, adsKey(`3000000000000000000${organization}`), who)
  const stop = scheduler.consume(() => Effect.succeed({ _tag: "DeadLettered", reason: "for the test" }), {
    concurrency: 1
  })
  yield* Effect.scoped(
    Effect.andThen(
      Effect.orDie(stop),
      until(Effect.map(Effect.orDie(scheduler.deadLetters(organizationId)), (deadLetters) => deadLetters.length > 0))
    )
  )
  const [deadLetters] = yield* Effect.orDie(scheduler.deadLetters(organizationId))
  const partner = yield* walmartAccount(world, who, "Partner")
  const directory = yield* advertisersFor(world, organizationId, [
    ProviderScript.advertiser(advertiserKey(`70000${organization}`))
  ])
  const advertiserGrant = Effect.map(
    ask("GET", `/v1/connections/${partner.connectionId}/advertisers`, { as: who }),
    ({ json }) => text(items(json)[0] ?? {}, "grantId")
  )
  yield* Effect.scoped(
    Effect.andThen(working(world), until(Effect.map(advertiserGrant, (id) => id.startsWith("gra_"))))
  )
  const waiting = (name: string, n: number) =>
    Effect.flatMap(account(world, who, name), ({ ads }) =>
      consent(
        world,
        ads,
        [ProviderScript.candidate(free(n)), ProviderScript.candidate(adsKey(`1000000000000000000${organization}`))],
        who
      )
    )
  const link = yield* ask("POST", `/v1/connections/${first.sp}/auth-links`, { as: who })
  const request = yield* ask("POST", "/v1/requests", { as: who, body: requestFor(second.sp) })
  const ending = yield* account(world, who, "Ending")
  yield* connected(
    world,
    ending.ads,
    adsKey(`4000000000000000000${organization}`),
    who,
    DateTime.add(yield* DateTime.now, { days: 30 })
  )
  const key = yield* ask("POST", "/v1/api-keys", { as: who, body: { name: "a key" } })
  const grants = yield* ask("GET", "/v1/grants?state=active", { as: who })
  const grantId = text(items(grants.json).find((one) => text(one, "connections", 0, "id") === first.ads) ?? {}, "id")
  const login = yield* ask("POST", `/v1/companies/${first.companyId}/consolidation/logins`, {
    as: who,
    body: { name: "Main login" }
  })
  const spare = yield* ask("POST", "/v1/companies", { as: who, body: { name: "Spare", brand: "Spare" } })
  const brand = yield* ask("POST", `/v1/companies/${first.companyId}/brands`, { as: who, body: { name: "Spare" } })
  const discarded = yield* waiting("Fifth", 3)
  yield* ask("POST", `/v1/authorizations/${discarded}/dismiss`, { as: who, body: { because: "It was another one." } })
  const over = Effect.map(ask("GET", "/v1/grants?state=ended", { as: who }), ({ json }) => items(json))
  yield* Effect.scoped(Effect.andThen(working(world), until(Effect.map(over, ({ length }) => length > 0))))
  const { members } = Context.get(world.context, Repository.Repository)
  // The first by address is the owner, whose access cannot be changed.
  const member = (yield* Effect.orDie(members(organizationId, { states: ["Active"] }, { limit: 10 }))).items.at(-1)
  return {
    ids: {
      companyId: first.companyId,
      accountId: first.accountId,
      connectionId: first.ads,
      authLinkId: text(link.json, "id"),
      requestId: text(request.json, "id"),
      authorizationId: yield* waiting("Third", 1),
      apiKeyId: text(key.json, "id"),
      jobId: deadLetters?.jobId ?? "",
      advertiserId: directory.get(`70000${organization}`) ?? "",
      grantId,
      brandId: text(brand.json, "brands", 1, "id"),
      credentialId: text(login.json, "logins", 0, "id"),
      memberId: member?.id ?? ""
    } as { readonly [name: string]: string },
    partner: { ...partner, grantId: yield* advertiserGrant },
    brandId: first.brandId,
    endedGrantId: text((yield* over)[0] ?? {}, "id"),
    sp: first.sp,
    ending: ending.ads,
    spareCompanyId: text(spare.json, "id"),
    dismissible: yield* waiting("Fourth", 2),
    profile: free(1)
  }
})

/** Something of everything. */
export type Fixture = Effect.Success<ReturnType<typeof makeFixture>>

/** A route's path with its parameters filled in. */
export const filled = (route: Route.Route, ids: { readonly [name: string]: string }): string =>
  route.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => ids[name] ?? name) + queryFor(route.operationId, ids)

/** Routes that are about advertisers let in by a partnership want a connection of such a channel. */
const ofPartner = new Set(["listAvailableAdvertisers", "linkAdvertiser", "expectAdvertiser", "stopExpectingAdvertiser"])

const ofSpareCompany = new Set(["mergeCompany", "removeCompany", "restoreCompany"])
const ofMarketplace = new Set(["getMarketplaceEffects", "removeMarketplace"])

/** The ids that a route is asked with. */
export const idsFor = (
  operationId: string,
  fixture: Pick<Fixture, "ids" | "dismissible" | "endedGrantId" | "partner" | "spareCompanyId">
): Fixture["ids"] => {
  const { dismissible, endedGrantId, ids, partner, spareCompanyId } = fixture
  // It has no account in use.
  if (ofSpareCompany.has(operationId)) return { ...ids, companyId: spareCompanyId }
  if (operationId === "dismissAuthorization") return { ...ids, authorizationId: dismissible }
  if (operationId === "confirmRevocation") return { ...ids, grantId: endedGrantId }
  // Canada: the account has it once "addMarketplace" was asked.
  if (ofMarketplace.has(operationId)) return { ...ids, marketplaceId: "A2EUQ1WTGCTBG2" }
  return ofPartner.has(operationId) ? { ...ids, connectionId: partner.connectionId } : ids
}

/** What a route's query must say, where it must say something. */
const queryFor = (operationId: string, ids: { readonly [name: string]: string }): string => {
  switch (operationId) {
    case "getConnectionEffects":
      return "?command=pause"
    case "getCompanyEffects":
    case "getAccountEffects":
      return "?command=remove"
    case "getExpansion":
      return "?marketplace=A2EUQ1WTGCTBG2"
    case "listGrantChoices":
      return `?connection=${ids["connectionId"] ?? fixed("con", 404)}`
    case "listRequirements":
      return "?channel=amazon-ads&type=seller"
    default:
      return ""
  }
}

/** A body that a route takes, when it takes one. */
export const bodyFor = (
  operationId: string,
  fixture: Pick<Fixture, "ids" | "brandId" | "profile" | "sp" | "ending"> & Partial<Pick<Fixture, "partner">>
): Schema.Json | undefined => {
  const { brandId, ending, ids, profile, sp } = fixture
  const marketplaces = ["ATVPDKIKX0DER"]
  switch (operationId) {
    case "addCompany":
      return { name: "New", brand: "Brand" }
    case "mergeCompany":
      return { into: ids["companyId"] ?? fixed("com", 404) }
    case "renameCompany":
      return { name: "Renamed" }
    case "changeMailPreferences":
      return { problems: "at-once", requests: "at-once", progress: "daily" }
    case "changeAccountCompany":
      return { companyId: ids["companyId"] ?? fixed("com", 404) }
    case "renameBrand":
      return { name: "Renamed brand" }
    case "addBrand":
      return { name: "Another brand" }
    case "openAccount":
      return { companyId: ids["companyId"] ?? "", name: "New", accountType: "seller", marketplaces }
    case "renameAccount":
      return { name: "Renamed" }
    case "assignBrands":
      return { brandIds: [brandId], defaultBrandId: brandId }
    case "createAuthLink":
      return { lifeHours: 24 }
    case "sendRequest":
    case "previewRequest":
      return requestFor(sp)
    case "previewRenewalCampaign":
    case "sendRenewalCampaign":
      return { items: [{ connectionId: ending, owner }], requester }
    case "selectProfile":
      return { profile, confirmed: true }
    case "dismissAuthorization":
      return { because: "It was the wrong seller." }
    case "createApiKey":
      return { name: "another key" }
    case "renameOrganization":
      return { name: "Renamed" }
    case "inviteMember":
      return { email: "invited@example.com", role: "viewer" }
    case "changeMemberAccess":
      return { role: "viewer" }
    case "offerOwnership":
      return { memberId: ids["memberId"] ?? fixed("mem", 404) }
    case "lookAtInvitation":
    case "acceptInvitation":
    case "declineInvitation":
    case "verifyEmail":
      return { token: "made-up-made-up-made-up" }
    case "linkAdvertiser":
      return { grantId: fixture.partner?.grantId ?? fixed("gra", 404) }
    case "expectAdvertiser":
      return { advertiser: "Lakeside Garden" }
    case "assignAdvertiser":
      return { organizationId: fixed("org", 1) }
    case "lookForAdvertisers":
      return { region: "WALMART-US" }
    case "createOrganization":
      return { name: "Another organization" }
    case "addLogin":
      return { name: "Another login" }
    case "addProviderAccount":
      return { name: "New", accountType: "seller", marketplaces }
    case "tellConsolidation":
      return { kind: "choose-main", credentialId: ids["credentialId"] ?? fixed("crd", 404) }
    case "lookWithLogin":
      return { credentialId: ids["credentialId"] ?? fixed("crd", 404), grantId: ids["grantId"] ?? fixed("gra", 404) }
    case "mailPlan":
      return { email: "olive@example.com" }
    case "addMarketplace":
      return { marketplaceId: "A2EUQ1WTGCTBG2" }
    case "answerCheck":
      return { check: "payment-valid", holds: true }
    case "linkFromGrant":
      return {
        connectionId: ids["connectionId"] ?? fixed("con", 404),
        profile: adsKey("10000000000000000001"),
        confirmed: true
      }
    case "takeInToken":
      // What the scripted provider gave with its first consent.
      return { connectionId: ids["connectionId"] ?? fixed("con", 404), refreshToken: "refresh.1.0", confirmed: true }
    case "handOverGrant":
      return { memberId: ids["memberId"] ?? fixed("mem", 404) }
    default:
      return undefined
  }
}
