/** What people and browsers do with a start: begin at the marketplace, look, go on, come back, choose. */
import type { Access, Connection, Id } from "@portolan/domain"
import { Accounts, Companies, Connecting, Connections, PendingAuthorizations } from "@portolan/ports"
import { Effect, type Redacted } from "effect"
import { callerOf } from "../identity/tenant.ts"
import type { Door, Seller } from "./door.ts"
import type { World } from "./world.ts"

/** An organization, and the connections that were opened for sellers in it. */
export interface Tenant {
  readonly caller: Access.Caller
  /** What a seller landed on; a start of the same seller has to land there again. */
  readonly landed: Map<string, Id.ConnectionId>
}

/** Organization `n`. */
export const tenant = (n: number): Tenant => ({ caller: callerOf(n), landed: new Map() })

/** Opens an account for a seller; gives its connection. */
export const openAccount = Effect.fnUntraced(function* ({ door }: World, { caller }: Tenant, name: string) {
  const { accountType, channel, marketplaceId } = door
  const { company } = yield* (yield* Companies.Companies).add(caller, { name, brand: name })
  const accounts = yield* Accounts.Accounts
  const input = { companyId: company.id, name, accountType, marketplaces: [marketplaceId] } as const
  const { id } = yield* accounts.create(caller, input)
  const { items } = yield* (yield* Connections.Connections).list(caller, { accountId: id }, { limit: 10 })
  const own = items.find(({ connection }) => connection.channel === channel)?.connection
  return own === undefined ? yield* Effect.die("a seller has this channel") : own.id
})

/** A browser at the provider whose person pressed the button; gives what our log-in address is opened with. */
export const begin = Effect.fnUntraced(function* ({ door, idOf, simulator }: World, seller: Seller) {
  const order = { as: seller, account: idOf(seller), ...door.button }
  const { cookie, url } = yield* Effect.promise(() => simulator.begin(order))
  return { cookie, seller, query: new URL(url).searchParams }
})

/** A start that began at the provider. */
export type Begun = Effect.Success<ReturnType<typeof begin>>

/** What a member sees of a start. */
export const look = Effect.fnUntraced(function* ({ channel }: Door, { caller }: Tenant, query: URLSearchParams) {
  const connecting = yield* Connecting.Connecting
  yield* connecting.checkStart(channel, query)
  return yield* connecting.lookAtStart(caller, channel, query)
})

/** Goes on to the provider for a connection; gives what the browser brings back. */
export const goOn = Effect.fnUntraced(function* (
  { door: { channel }, simulator }: World,
  { caller }: Tenant,
  { cookie, query, seller }: Begun,
  connectionId: Id.ConnectionId
) {
  const redirect = yield* (yield* Connecting.Connecting).startAtMarketplace(caller, { channel, query, connectionId })
  const back = yield* Effect.promise(() => simulator.consent({ as: seller, url: redirect.url.href, cookie }))
  return { ...redirect, callback: new URL(back).searchParams }
})

/** What a browser brought back. */
export type Returned = Effect.Success<ReturnType<typeof goOn>>

/** Comes back with a callback. */
export const comeBack = (
  { channel }: Door,
  callback: URLSearchParams,
  browser: Redacted.Redacted<string> | undefined
) => Effect.flatMap(Connecting.Connecting, ({ receive }) => receive(channel, callback, browser))

/** Chooses the only profile of what waits, whatever is warned of. */
export const choose = Effect.fnUntraced(function* ({ caller }: Tenant, id: Id.AuthorizationId) {
  const pending = yield* PendingAuthorizations.PendingAuthorizations
  const { choices } = yield* pending.view(caller, id)
  const [only] = choices
  if (only === undefined) return undefined
  return yield* pending.select(caller, id, { key: only.candidate.key, confirmed: true })
})

/** A connection as it stands. */
export const connectionOf = (
  { caller }: Tenant,
  id: Id.ConnectionId
): Effect.Effect<Connection.Present, unknown, Connections.Connections> =>
  Effect.map(
    Effect.flatMap(Connections.Connections, ({ view }) => view(caller, id)),
    ({ connection }) => connection
  )
