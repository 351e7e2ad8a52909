/** Steps that people take, for scenarios: an organization, an account, a consent, a choice, and a look. */
import { Access, Id, type Marketplace, type Profile } from "@portolan/domain"
import { found, ProviderScript } from "@portolan/memory"
import {
  Accounts,
  Companies,
  Connecting,
  Connections,
  JobHandlers,
  Mailer,
  PendingAuthorizations,
  Scheduler,
  Secrets
} from "@portolan/ports"
import { Database } from "@portolan/postgres"
import { DateTime, Effect } from "effect"
import { sql } from "kysely"

/** The United States. */
export const US = "ATVPDKIKX0DER" as Marketplace.MarketplaceId

/** The key of an advertising profile. */
export const adsKey = (externalId: string): Profile.Key => ({
  channel: "amazon-ads",
  region: "NA",
  marketplaceId: US,
  externalId: externalId as Profile.ExternalId
})

/** Digits that no other scenario uses. */
export const freshDigits = Effect.map(
  Effect.flatMap(Secrets.Secrets, ({ id }) => id("event")),
  (id) =>
    [...id]
      .map((sign) => String(sign.charCodeAt(0) % 10))
      .join("")
      .slice(-16)
)

/** An organization with its owner. */
export const organization = Effect.fnUntraced(function* (name = "Sharp Books") {
  const { id } = yield* Secrets.Secrets
  const [organizationId, personId] = [yield* id("organization"), yield* id("person")]
  const email = `owner-${personId.slice(-8)}@books.example.com`
  yield* found({ organizationId, name, members: [{ personId, name: "Olive", email, role: "owner" }] })
  const caller: Access.Caller = {
    organizationId,
    role: "owner",
    accessScope: Access.everything,
    actor: { _tag: "Person", personId, name: "Olive" }
  }
  return caller
})

/** A company with a seller account; gives the connections for advertising and for the Selling Partner API. */
export const account = Effect.fnUntraced(function* (by: Access.Caller, name = "Harbour US") {
  const { company } = yield* (yield* Companies.Companies).add(by, { name: `${name} Ltd`, brand: name })
  const opened = yield* (yield* Accounts.Accounts).create(by, {
    companyId: company.id,
    name,
    accountType: "seller",
    marketplaces: [US]
  })
  const { items } = yield* (yield* Connections.Connections).list(by, { accountId: opened.id }, { limit: 10 })
  const of = (channel: string) =>
    items.find(({ connection }) => connection.channel === channel)?.connection.id ?? ("" as Id.ConnectionId)
  return { company, account: opened, ads: of("amazon-ads"), sp: of("amazon-sp") }
})

/** Goes to the provider; gives what comes back: the callback's query and the browser. */
export const goAndConsent = Effect.fnUntraced(function* (
  by: Access.Caller,
  connectionId: Id.ConnectionId,
  consent: { readonly grantor: string; readonly candidates: ReadonlyArray<Profile.Candidate> }
) {
  const code = `code-${yield* freshDigits}`
  yield* (yield* ProviderScript.ProviderScript).consents(code, { channel: "amazon-ads", region: "NA", ...consent })
  const { authorizationId, browser, url } = yield* (yield* Connecting.Connecting).authenticateNow(by, connectionId)
  const query = new URLSearchParams({ code, state: url.searchParams.get("state") ?? "" })
  return { authorizationId, browser, query }
})

/** Comes back from the provider. */
export const comeBack = ({ browser, query }: Effect.Success<ReturnType<typeof goAndConsent>>) =>
  Effect.flatMap(Connecting.Connecting, ({ receive }) => receive("amazon-ads", query, browser))

/** An account whose advertising is connected to a profile of its own. */
export const connected = Effect.fnUntraced(function* (by: Access.Caller, grantor?: string) {
  const digits = yield* freshDigits
  const key = adsKey(digits)
  const who = grantor ?? `person-${digits}`
  const opened = yield* account(by, `Harbour ${digits}`)
  const gone = yield* goAndConsent(by, opened.ads, { grantor: who, candidates: [ProviderScript.candidate(key)] })
  yield* comeBack(gone)
  const authorization = yield* (yield* PendingAuthorizations.PendingAuthorizations).select(by, gone.authorizationId, {
    key,
    confirmed: true
  })
  if (authorization._tag !== "Finalised") return yield* Effect.die(`not finalised: ${authorization._tag}`)
  return { ...opened, key, grantor: who, grantId: authorization.grantId, authorizationId: authorization.id }
})

/** How a connection stands. */
export const viewOf = Effect.fnUntraced(function* (by: Access.Caller, id: Id.ConnectionId) {
  return yield* (yield* Connections.Connections).view(by, id)
})

/** How often an event of a connection, or of what belongs to it, is on record. */
export const countEvents = Effect.fnUntraced(function* (by: Access.Caller, tag: string, aggregateId?: string) {
  const { kysely } = yield* Database.Database
  const { rows } = yield* Effect.promise(() =>
    sql<{ readonly count: number }>`select count(*)::int as count from portolan.events
      where organization_id = ${by.organizationId} and event->>'_tag' = ${tag}
      and (${aggregateId ?? null}::text is null or aggregate_id = ${aggregateId ?? null}::text)`.execute(kysely)
  )
  return rows[0]?.count ?? 0
})

/** Makes every waiting job due now, as if its time had come. */
export const makeDue = Effect.gen(function* () {
  const { kysely } = yield* Database.Database
  yield* Effect.promise(() => sql`update portolan.jobs set due_at = now() where status = 'waiting'`.execute(kysely))
  yield* Effect.promise(() => sql`select pg_notify('portolan_jobs', '')`.execute(kysely))
})

/** Works in this process until the scope closes. */
export const working = Effect.gen(function* () {
  const { handle } = yield* JobHandlers.JobHandlers
  yield* (yield* Scheduler.Scheduler).consume(handle, { concurrency: 4 })
})

/** Looks until something holds, for half a minute at most; gives what was seen last. */
export const until = <A, E, R>(look: Effect.Effect<A, E, R>, holds: (seen: A) => boolean, seconds = 30) =>
  Effect.gen(function* () {
    const begun = DateTime.toEpochMillis(yield* DateTime.now)
    for (;;) {
      const seen = yield* look
      if (holds(seen) || DateTime.toEpochMillis(yield* DateTime.now) - begun > seconds * 1000) return seen
      yield* Effect.sleep("50 millis")
    }
  })

/** The subjects of the mails that an organization's members, or the installation's people, got. */
export const mailsOf = (organizationId: Id.OrganizationId) =>
  Effect.map(
    Effect.flatMap(Mailer.Mailer, ({ kept }) => kept(organizationId, { limit: 100 })),
    ({ items }) => items.map((mail) => mail.emailMessage.subject)
  )

/** How often the provider was asked for something. */
export const calls = (operation: string) =>
  Effect.map(
    Effect.flatMap(ProviderScript.ProviderScript, ({ calls }) => calls),
    (all) => all.filter((call) => call.operation === operation).length
  )
