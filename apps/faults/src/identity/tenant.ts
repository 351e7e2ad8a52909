/** What a tenant does in a world: opens an account, sends a browser to Amazon, chooses, and lets the worker look. */
import { Access, type Channel, type Connection, Id, type Marketplace } from "@portolan/domain"
import {
  Accounts,
  AuthLinks,
  Companies,
  Connecting,
  Connections,
  Grants,
  JobHandlers,
  PendingAuthorizations
} from "@portolan/ports"
import { DateTime, Effect, Redacted } from "effect"
import type { World } from "./world.ts"

const US = "ATVPDKIKX0DER" as Marketplace.MarketplaceId

/** A tenant with its account, and what it has seen. */
export interface Tenant {
  readonly caller: Access.Caller
  readonly connections: { readonly "amazon-ads": Connection.Present; readonly "amazon-sp": Connection.Present }
  /** The authorization that waits for this tenant's choice. */
  pending: Id.AuthorizationId | undefined
}

const fixed = (prefix: string, n: number) => `${prefix}_${String(n).padStart(26, "0")}`

/** A member of organization `n` who may do everything. */
export const callerOf = (n: number): Access.Caller => ({
  organizationId: fixed("org", n) as Id.OrganizationId,
  role: "admin",
  accessScope: Access.everything,
  actor: { _tag: "Person", personId: fixed("per", n) as Id.PersonId, name: `Person ${n}` }
})

/** Opens a seller's account in organization `n`. */
export const open = Effect.fnUntraced(function* (n: number) {
  const caller = callerOf(n)
  const companies = yield* Companies.Companies
  const accounts = yield* Accounts.Accounts
  const connections = yield* Connections.Connections
  const { company } = yield* companies.add(caller, { name: "A company", brand: "A brand" })
  const account = yield* accounts.create(caller, {
    companyId: company.id,
    name: "An account",
    accountType: "seller",
    marketplaces: [US]
  })
  const { items } = yield* connections.list(caller, { accountId: account.id }, { limit: 10 })
  const of = (channel: Channel.Channel) => items.find(({ connection }) => connection.channel === channel)?.connection
  const [ads, sp] = [of("amazon-ads"), of("amazon-sp")]
  if (ads === undefined || sp === undefined) return yield* Effect.die("a seller has both channels")
  return { caller, connections: { "amazon-ads": ads, "amazon-sp": sp }, pending: undefined } satisfies Tenant
})

/** Who sits at the browser, and what the callback names instead of the seller. */
export interface Visit {
  readonly channel: keyof Tenant["connections"]
  readonly as: "olga" | "mallory"
  readonly forged?: string
}

const visit = Effect.fnUntraced(function* (
  { simulator }: World,
  redirect: { readonly url: URL; readonly browser: Redacted.Redacted<string> },
  { as, channel, forged }: Visit
) {
  const connecting = yield* Connecting.Connecting
  const back = new URL(yield* Effect.promise(() => simulator.consent({ as, url: redirect.url.href })))
  if (forged !== undefined) back.searchParams.set("selling_partner_id", forged)
  return yield* connecting.receive(channel, back.searchParams, redirect.browser)
})

type Returned = Effect.Success<ReturnType<typeof visit>>

const arrived = (arrival: Returned) => ("authorization" in arrival ? arrival.authorization : undefined)

/** The member authenticates now. */
export const authenticate = Effect.fnUntraced(function* (world: World, tenant: Tenant, how: Visit) {
  const connecting = yield* Connecting.Connecting
  const redirect = yield* connecting.authenticateNow(tenant.caller, tenant.connections[how.channel].id)
  const arrival = yield* visit(world, redirect, how)
  tenant.pending = redirect.authorizationId
  return { tag: arrival._tag, authorization: arrived(arrival) }
})

/** Somebody follows a link that the tenant made for a connection. */
export const follow = Effect.fnUntraced(function* (world: World, tenant: Tenant, how: Visit) {
  const links = yield* AuthLinks.AuthLinks
  const { url } = yield* links.create(tenant.caller, tenant.connections[how.channel].id)
  if (url === undefined) return yield* Effect.die("a new link can be followed")
  const token = Redacted.make(new URL(Redacted.value(url)).pathname.split("/").at(-1) ?? "")
  const redirect = yield* links.follow(token, undefined)
  const arrival = yield* visit(world, redirect, how)
  tenant.pending = redirect.authorizationId
  return { tag: arrival._tag, authorization: arrived(arrival) }
})

/** Chooses the first profile of what waits. `confirmed`: whatever warnings are shown, the person goes on. */
export const choose = Effect.fnUntraced(function* (tenant: Tenant, confirmed: boolean) {
  const pending = yield* PendingAuthorizations.PendingAuthorizations
  if (tenant.pending === undefined) return { tag: "nothing waits" }
  const view = yield* pending.view(tenant.caller, tenant.pending)
  const [choice] = view.choices
  if (choice === undefined) return { tag: "nothing to choose", authorization: view.authorization }
  const selection = yield* Effect.result(
    pending.select(tenant.caller, tenant.pending, { key: choice.candidate.key, confirmed })
  )
  return selection._tag === "Success"
    ? { tag: "chosen", choice, authorization: selection.success }
    : { tag: selection.failure._tag, choice, message: selection.failure.message }
})

/** The worker's daily look at a connection. */
export const look = Effect.fnUntraced(function* (tenant: Tenant, channel: keyof Tenant["connections"]) {
  const { connection } = yield* stateOf(tenant, channel)
  if (!("link" in connection)) return
  const work = yield* JobHandlers.JobHandlers
  const now = yield* DateTime.now
  const { organizationId } = tenant.caller
  const task = { _tag: "ProveConnection", connectionId: connection.id, grantId: connection.link.grantId } as const
  const id = Id.make("job", DateTime.toEpochMillis(now), new Uint8Array(Id.entropyBytes))
  yield* work.handle({ job: { id, organizationId, dueAt: now, task }, failures: 0 })
})

/** A connection as its tenant sees it. */
export const stateOf = Effect.fnUntraced(function* (tenant: Tenant, channel: keyof Tenant["connections"]) {
  const connections = yield* Connections.Connections
  return yield* connections.view(tenant.caller, tenant.connections[channel].id)
})

/** Everything that a tenant can see of its connections and consents. */
export const seenBy = Effect.fnUntraced(function* (tenant: Tenant) {
  const grants = yield* Grants.Grants
  return {
    ads: yield* stateOf(tenant, "amazon-ads"),
    sp: yield* stateOf(tenant, "amazon-sp"),
    consents: yield* grants.list(tenant.caller, {}, { limit: 100 })
  }
})
