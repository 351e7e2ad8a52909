/**
 * `npm run bench -- scale`: what the routes of the JSON API cost with few and with many accounts of one organization.
 * One server of each size, on a real PostgreSQL; a route takes turns at all sizes, so a busy machine slows all alike.
 */
import { Api } from "@portolan/hono"
import { ProviderScript } from "@portolan/memory"
import { ApiKeys, useCases } from "@portolan/ports"
import { Effect, Layer, Redacted } from "effect"
import { asSuperuser, freshDatabaseOn } from "../../../adapters/postgres/test/support/databases.ts"
import * as Embedded from "../../../adapters/postgres/test/support/embedded.ts"
import { driven } from "../../faults/test/matrix/Installation.ts"
import { connected, organization } from "../../faults/test/matrix/walk.ts"
import { type Case, compare } from "../src/measure.ts"
import { get, listening } from "./http.ts"
import { multiply } from "./multiply.ts"

/** What is measured. */
export interface Options {
  /** Numbers of accounts, the smallest first: the others are compared with it. */
  readonly accounts: ReadonlyArray<number>
  /** Milliseconds of one turn of one route. */
  readonly millis: number
  /** Hears what is being done, and how much of it, from 0 to 1. */
  readonly progress: (what: string, done: number) => void
}

/** One route at one size. */
export interface Scaled {
  readonly accounts: number
  readonly perSecond: number
  /** How many times as long as with the fewest accounts; the smallest and the largest of the rounds beside it. */
  readonly slower: number
  readonly spread: readonly [number, number]
}

type Routes = { readonly [route: string]: string }

const routesOf = (ids: {
  readonly accountId: string
  readonly companyId: string
  readonly connectionId: string
  readonly digits: string
}): Routes => ({
  "access token": `/v1/connections/${ids.connectionId}/access-token`,
  connection: `/v1/connections/${ids.connectionId}`,
  "its history": `/v1/connections/${ids.connectionId}/history?limit=20`,
  "its token reads": `/v1/connections/${ids.connectionId}/token-reads?limit=20`,
  connections: "/v1/connections?limit=50",
  "connections of a company": `/v1/connections?limit=50&companyId=${ids.companyId}`,
  "connections of an account": `/v1/connections?limit=50&accountId=${ids.accountId}`,
  "connections, paused": "/v1/connections?limit=1&paused=true",
  "connections, one status": "/v1/connections?limit=50&status=connected",
  "accounts of a company": `/v1/accounts?limit=50&companyId=${ids.companyId}`,
  companies: "/v1/companies?limit=50",
  "companies, a search for one": `/v1/companies?limit=50&search=${ids.digits}`,
  "companies, a search for all": "/v1/companies?limit=50&search=harbour",
  grants: "/v1/grants?limit=50",
  "pending authorizations": "/v1/pending-authorizations?limit=50",
  "audit log": "/v1/audit?limit=50",
  events: "/v1/events?limit=50&after=20"
})

/** An installation with so many accounts: the addresses of its routes, and the key that opens them. */
const installed = Effect.fnUntraced(function* (admin: string, accounts: number, progress: Options["progress"]) {
  const { url } = yield* freshDatabaseOn(admin)
  const context = yield* Layer.build(Layer.provideMerge(useCases, Layer.fresh(driven(url))))
  const { origin, sample, secret } = yield* Effect.provide(
    Effect.gen(function* () {
      yield* (yield* ProviderScript.ProviderScript).tokens({ accessLife: "10 days" })
      const by = yield* organization()
      const { account, ads, company, key } = yield* connected(by)
      const scopes = ["read", "connect", "administer"] as const
      const { secret } = yield* (yield* ApiKeys.ApiKeys).create(by, { name: "Bench", scopes })
      const app = yield* Api.make({
        sessionCookie: "portolan_session",
        readiness: Effect.die("not asked"),
        rateLimit: { calls: Number.MAX_SAFE_INTEGER, windowSeconds: 60 }
      })
      const { url: origin } = yield* listening(app.fetch)
      const ids = { accountId: account.id, companyId: company.id, connectionId: ads, digits: key.externalId }
      return { origin, secret, sample: { organizationId: by.organizationId, ...ids } }
    }),
    context
  )
  const what = `${accounts.toLocaleString("en-US")} accounts`
  yield* asSuperuser(Redacted.value(url), (sql) => multiply(sql, sample, accounts, (done) => progress(what, done)))
  const headers = { authorization: `Bearer ${secret === undefined ? "" : Redacted.value(secret)}` }
  const routes = Object.entries(routesOf(sample)).map(
    ([route, path]) => [route, get(`${origin}${path}`, headers)] as const
  )
  return { accounts, routes: new Map<string, Case["operation"]>(routes) }
})

const lanes = 2

/** Measures every route at every size. */
export const scale = ({ accounts, millis, progress }: Options) =>
  Effect.gen(function* () {
    const server = yield* Effect.acquireRelease(
      Effect.promise(() => Embedded.start()),
      ({ stop }) => Effect.promise(() => stop())
    )
    const sizes = yield* Effect.forEach(accounts, (count) => installed(server.url, count, progress))
    const names = [...(sizes[0]?.routes.keys() ?? [])]
    const figures: { [route: string]: ReadonlyArray<Scaled> } = {}
    for (const [n, route] of names.entries()) {
      progress("routes", n / names.length)
      const [least, ...more] = sizes.map(({ accounts: count, routes }): Case => ({
        name: String(count),
        operation: routes.get(route) ?? Effect.die(new Error(`no route ${route}`))
      }))
      if (least === undefined) continue
      figures[route] = (yield* compare(least, more, { millis, lanes })).map(({ name, perSecond, ratio, spread }) => ({
        accounts: Number(name),
        perSecond,
        slower: Number((1 / ratio).toFixed(2)),
        spread: [Number((1 / spread[1]).toFixed(2)), Number((1 / spread[0]).toFixed(2))]
      }))
    }
    progress("routes", 1)
    return figures
  }).pipe(Effect.scoped)
