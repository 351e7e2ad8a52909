/**
 * A world in memory in which a test walks through the use cases: one organization, its admin, one provider script.
 */
import {
  Access,
  type Account,
  Catalogue,
  type Channel,
  type Id,
  type Marketplace,
  type Profile
} from "@portolan/domain"
import { MemoryAdapters, ProviderScript } from "@portolan/memory"
import {
  Accounts,
  Companies,
  Connecting,
  Connections,
  CurrentCatalogue,
  useCases,
  Deployment,
  PendingAuthorizations,
  Scheduler,
  JobHandlers
} from "@portolan/ports"
import { Effect, Layer, Redacted } from "effect"
import { TestClock } from "effect/testing"

const deployed = (deployment: Deployment.Deployment["Service"], catalogue: Catalogue.Catalogue = Catalogue.standard) =>
  useCases.pipe(
    Layer.provideMerge(MemoryAdapters.layer()),
    Layer.provideMerge(Layer.succeed(Deployment.Deployment, deployment)),
    Layer.provide(Layer.succeed(CurrentCatalogue.CurrentCatalogue, catalogue))
  )
const origin = "https://portolan.example.com"

/** Every use case over a fresh memory. */
export const world = deployed({ origin })

/** The same in an installation that has credentials for some channels only. */
export const worldOffering = (...channels: ReadonlyArray<Channel.Channel>) => deployed({ origin, channels })

/** The same in an installation of one company. */
export const worldOfOneCompany = deployed({ origin, incidentOrganizations: 1 })

/** The same in an installation that deals with other providers. */
export const worldWith = (catalogue: Catalogue.Catalogue) => deployed({ origin }, catalogue)

/** An id of a given kind that is the same in every run; `n` tells them apart. */
const fixed = (prefix: string, n: number) => `${prefix}_${String(n).padStart(26, "0")}`

/** A caller of organization `n`. */
export const caller = (
  role: Access.Role = "admin",
  n = 1,
  accessScope: Access.AccessScope = Access.everything
): Access.Caller => ({
  organizationId: fixed("org", n) as Id.OrganizationId,
  role,
  accessScope,
  actor: { _tag: "Person", personId: fixed("per", n) as Id.PersonId, name: `Person ${n}` }
})

/** United States and Canada. */
export const marketplaces = {
  US: "ATVPDKIKX0DER" as Marketplace.MarketplaceId,
  CA: "A2EUQ1WTGCTBG2" as Marketplace.MarketplaceId
}

/** The key of an advertising profile in a North American marketplace. */
export const adsKey = (externalId: string, country: keyof typeof marketplaces = "US"): Profile.Key => ({
  channel: "amazon-ads",
  region: "NA",
  marketplaceId: marketplaces[country],
  externalId: externalId as Profile.ExternalId
})

/** A company with one seller account, and the account's connection for advertising. */
export const account = Effect.fnUntraced(function* (
  by: Access.Caller,
  name = "Harbour US",
  country: keyof typeof marketplaces = "US"
) {
  const companies = yield* Companies.Companies
  const accounts = yield* Accounts.Accounts
  const connections = yield* Connections.Connections
  const { company } = yield* companies.add(by, { name: "Harbour Goods", brand: "Harbour" })
  const opened: Account.Present = yield* accounts.create(by, {
    companyId: company.id,
    name,
    accountType: "seller",
    marketplaces: [marketplaces[country]]
  })
  const { items } = yield* connections.list(by, { accountId: opened.id }, { limit: 10 })
  const ads = items.find(({ connection }) => connection.channel === "amazon-ads")
  const sp = items.find(({ connection }) => connection.channel === "amazon-sp")
  if (ads === undefined || sp === undefined) return yield* Effect.die("both tiles were expected")
  return { company, account: opened, ads: ads.connection, sp: sp.connection }
})

/** Goes to the provider and comes back with a code that stands for a consent. */
export const consent = Effect.fnUntraced(function* (
  by: Access.Caller,
  connectionId: Id.ConnectionId,
  code: string,
  given: ProviderScript.Consent
) {
  const connecting = yield* Connecting.Connecting
  const script = yield* ProviderScript.ProviderScript
  yield* script.consents(code, given)
  const authorizationRedirect = yield* connecting.authenticateNow(by, connectionId)
  const query = new URLSearchParams({ code, state: authorizationRedirect.url.searchParams.get("state") ?? "" })
  const arrival = yield* connecting.receive(given.channel, query, authorizationRedirect.browser)
  return { arrival, authorizationRedirect, query }
})

/** A consent that sees these profiles; without any, one for advertising in North America. */
export const sees = (grantor: string, ...candidates: ReadonlyArray<Profile.Candidate>): ProviderScript.Consent => ({
  channel: candidates[0]?.key.channel ?? "amazon-ads",
  region: candidates[0]?.key.region ?? "NA",
  grantor,
  candidates
})

/** Connects a channel of an account to a profile. */
export const connected = Effect.fnUntraced(function* (
  by: Access.Caller,
  connectionId: Id.ConnectionId,
  code: string,
  key: Profile.Key,
  grantor = "person-1"
) {
  const pending = yield* PendingAuthorizations.PendingAuthorizations
  const { authorizationRedirect } = yield* consent(by, connectionId, code, sees(grantor, ProviderScript.candidate(key)))
  return yield* pending.select(by, authorizationRedirect.authorizationId, { key, confirmed: false })
})

/** Lets a worker carry out whatever is due, now and for a while. */
export const working = Effect.gen(function* () {
  const scheduler = yield* Scheduler.Scheduler
  const work = yield* JobHandlers.JobHandlers
  yield* scheduler.consume(work.handle, { concurrency: 4 })
  // A worker does not stop in the middle of its work, and work that waits for another attempt waits for the clock of
  // the test.
  yield* Effect.addFinalizer(() => Effect.andThen(settle, settle))
  yield* settle
})

/** Lets everything that is due happen. */
export const settle = Effect.gen(function* () {
  for (let turn = 0; turn < 400; turn++) yield* Effect.yieldNow
  yield* TestClock.adjust("10 seconds")
  for (let turn = 0; turn < 400; turn++) yield* Effect.yieldNow
})

/** A browser's cookie. */
export const cookie = (text: string) => Redacted.make(text)
