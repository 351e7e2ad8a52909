/** Requests to connect where callers and workers really run at the same time: what is pressed twice happens once. */
import { describe, expect, it } from "@effect/vitest"
import { Access, type Id, type Marketplace, type Profile } from "@portolan/domain"
import { found, MemoryAdapters, ProviderScript } from "@portolan/memory"
import {
  Accounts,
  AuthLinks,
  Companies,
  Connecting,
  Connections,
  useCases,
  Deployment,
  Mailer,
  PendingAuthorizations,
  Requests,
  Scheduler,
  Secrets,
  JobHandlers
} from "@portolan/ports"
import { DateTime, Effect, Layer, Redacted } from "effect"
import { Database, PostgresAdapters } from "../src/index.ts"
import { freshDatabase } from "./support/databases.ts"
import { options, secrets } from "./support/subjects.ts"

const US = "ATVPDKIKX0DER" as Marketplace.MarketplaceId
const owner = { name: "Olive Owner", email: "olive@harbour.example" }
const key = (externalId: string): Profile.Key => ({
  channel: "amazon-ads",
  region: "NA",
  marketplaceId: US,
  externalId: externalId as Profile.ExternalId
})
const all = { concurrency: "unbounded" } as const

const world = <E>(database: Layer.Layer<Database.Database, E>) =>
  useCases.pipe(
    Layer.provideMerge(Layer.mergeAll(PostgresAdapters.layer(options), secrets)),
    Layer.provideMerge(
      Layer.merge(
        MemoryAdapters.layer(),
        Layer.succeed(Deployment.Deployment, { origin: "https://portolan.example.com" })
      )
    ),
    Layer.provideMerge(database)
  )

/** An organization, its caller, and connections for advertising. */
const begun = Effect.fnUntraced(function* (...names: ReadonlyArray<string>) {
  const { id } = yield* Secrets.Secrets
  const [organizationId, personId] = [yield* id("organization"), yield* id("person")]
  yield* found({
    organizationId,
    name: "Sharp Books",
    members: [{ personId, name: "Bea", email: "bea@books.example", role: "owner" }]
  })
  const by: Access.Caller = {
    organizationId,
    role: "owner",
    accessScope: Access.everything,
    actor: { _tag: "Person", personId, name: "Bea" }
  }
  const { company } = yield* (yield* Companies.Companies).add(by, { name: "Harbour Goods", brand: "Harbour" })
  const ads = yield* Effect.forEach(names, (name) =>
    Effect.gen(function* () {
      const account = yield* (yield* Accounts.Accounts).create(by, {
        companyId: company.id,
        name,
        accountType: "seller",
        marketplaces: [US]
      })
      const { items } = yield* (yield* Connections.Connections).list(by, { accountId: account.id }, { limit: 10 })
      return (
        items.find(({ connection }) => connection.channel === "amazon-ads")?.connection.id ?? ("" as Id.ConnectionId)
      )
    })
  )
  return { by, ads }
})

const kept = (by: Access.Caller) =>
  Effect.map(
    Effect.flatMap(Mailer.Mailer, (mailer) => mailer.kept(by.organizationId, { limit: 100 })),
    ({ items }) => items
  )
/** Looks until something holds; the test's own deadline is the limit. */
const until = <A, E, R>(look: Effect.Effect<A, E, R>, holds: (seen: A) => boolean): Effect.Effect<A, E, R> =>
  Effect.flatMap(look, (seen) =>
    holds(seen) ? Effect.succeed(seen) : Effect.andThen(Effect.sleep("20 millis"), until(look, holds))
  )
const tokenIn = (text: string) => Redacted.make(/\/link\/([A-Za-z0-9_-]+)/.exec(text)?.[1] ?? "")

const twoOwners = Effect.gen(function* () {
  const requests = yield* Requests.Requests
  const links = yield* AuthLinks.AuthLinks
  const connecting = yield* Connecting.Connecting
  const script = yield* ProviderScript.ProviderScript
  const {
    ads: [connectionId = "" as Id.ConnectionId],
    by
  } = yield* begun("Harbour US")
  const draft = { connectionId, owner, marketplaceId: US }
  const { emailMessage, reference } = yield* requests.preview(by, draft)
  const sent = yield* Effect.all(
    Array.from({ length: 6 }, () => requests.send(by, { ...draft, reference })),
    all
  )
  expect(new Set(sent.map(({ link }) => link.id)).size).toBe(1)
  const { handle } = yield* JobHandlers.JobHandlers
  yield* (yield* Scheduler.Scheduler).consume(handle, { concurrency: 4 })
  const mails = yield* until(kept(by), (found) => found.length >= 2)
  expect(mails).toHaveLength(2)
  for (const mail of mails) expect(mail.emailMessage).toEqual(emailMessage)

  const token = tokenIn(emailMessage.text)
  const authorizations = yield* Effect.forEach(["one", "two", "three"], (code, index) =>
    Effect.gen(function* () {
      yield* script.consents(code, {
        channel: "amazon-ads",
        region: "NA",
        grantor: code,
        candidates: [ProviderScript.candidate(key(`${index + 1}00`))]
      })
      const departure = yield* links.follow(token, Redacted.make(`browser number ${code} of some length`))
      return { departure, query: new URLSearchParams({ code, state: departure.url.searchParams.get("state") ?? "" }) }
    })
  )
  const arrivals = yield* Effect.all(
    authorizations.map(({ departure, query }) => connecting.receive("amazon-ads", query, departure.browser)),
    all
  )
  expect(
    arrivals.map((arrival) => (arrival._tag === "Handled" ? arrival.authorization._tag : arrival._tag)).toSorted()
  ).toEqual(["Failed", "Failed", "Finalised"])
  const told = yield* until(kept(by), (found) => found.length >= 4)
  expect(
    told.map(({ emailMessage: { subject } }) => subject).filter((subject) => subject.endsWith("is connected"))
  ).toHaveLength(2)
})

const campaign = Effect.gen(function* () {
  const requests = yield* Requests.Requests
  const connecting = yield* Connecting.Connecting
  const pending = yield* PendingAuthorizations.PendingAuthorizations
  const script = yield* ProviderScript.ProviderScript
  const { ads, by } = yield* begun(...Array.from({ length: 8 }, (_, index) => `Harbour ${index}`))
  const expiresAt = DateTime.add(yield* DateTime.now, { days: 20 })
  yield* Effect.forEach(ads, (connectionId, index) =>
    Effect.gen(function* () {
      const profile = key(`7${index}`)
      yield* script.consents(`c${index}`, {
        channel: "amazon-ads",
        region: "NA",
        grantor: `g${index}`,
        expiresAt,
        candidates: [ProviderScript.candidate(profile)]
      })
      const departure = yield* connecting.authenticateNow(by, connectionId)
      const query = new URLSearchParams({ code: `c${index}`, state: departure.url.searchParams.get("state") ?? "" })
      yield* connecting.receive("amazon-ads", query, departure.browser)
      yield* pending.select(by, departure.authorizationId, { key: profile, confirmed: true })
    })
  )
  const soon = { expiresBefore: DateTime.add(yield* DateTime.now, { days: 30 }) }
  expect((yield* requests.renewable(by, soon, { limit: 100 })).items).toHaveLength(8)
  const items = ads.map((connectionId) => ({ connectionId, owner }))
  const { mails, reference } = yield* requests.previewCampaign(by, { items })
  const sent = yield* Effect.all(
    Array.from({ length: 4 }, () => requests.campaign(by, { items, reference })),
    all
  )
  expect(new Set(sent.map((views) => views.map(({ link }) => link.id).join())).size).toBe(1)
  const { handle } = yield* JobHandlers.JobHandlers
  yield* (yield* Scheduler.Scheduler).consume(handle, { concurrency: 4 })
  const asked = Effect.map(kept(by), (found) =>
    found.filter(({ emailMessage }) => emailMessage.subject.startsWith("Please renew"))
  )
  const renewals = yield* until(asked, (found) => found.length >= 2)
  expect(renewals.map(({ emailMessage }) => emailMessage)).toEqual([mails[0]?.emailMessage, mails[0]?.emailMessage])
  const again = (yield* requests.renewable(by, soon, { limit: 100 })).items
  expect(again.every(({ openRequest, owner: asks }) => openRequest !== undefined && asks?.email === owner.email)).toBe(
    true
  )
})

const database = Layer.unwrap(Effect.map(freshDatabase, ({ url }) => Database.layerPostgres({ url, poolSize: 4 })))

describe("on a server", () => {
  it.live("a request is sent once, answered once of three at the same instant, and confirmed to both", () =>
    Effect.scoped(twoOwners).pipe(Effect.provide(world(database)), Effect.scoped)
  )

  it.live("a campaign is sent once, with one mail an owner", () =>
    Effect.scoped(campaign).pipe(Effect.provide(world(database)), Effect.scoped)
  )
})
