/**
 * What reads cost: the statements that each GET route of the API and each page of the console sends, counted on the
 * wire, with no rows, with 25 and with 100 of everything. `statements.tsv` says the most that each may send. A number
 * that grows fails, and so does a route without a row.
 */
import { readFile, writeFile } from "node:fs/promises"
import { expect, it } from "@effect/vitest"
import { Console } from "@portolan/console"
import type { Access, Id } from "@portolan/domain"
import { Api, type Route, table } from "@portolan/hono"
import { IdentityBetterAuth, IdentitySeed } from "@portolan/identity"
import { found, ProviderScript } from "@portolan/memory"
import { AccessTokens, ApiKeys, AuthLinks, Identity, Repository, Requests, Secrets, useCases } from "@portolan/ports"
import { Database } from "@portolan/postgres"
import { Effect, Layer, Redacted } from "effect"
import { freshDatabase } from "../../../adapters/postgres/test/support/databases.ts"
import * as Tap from "../../bench/test/tap.ts"
import { driven, operatorEmail } from "../../faults/test/matrix/Installation.ts"
import { account, adsKey, comeBack, connected, freshDigits, goAndConsent, US } from "../../faults/test/matrix/walk.ts"
import { copy, remember } from "./support/rows.ts"

const file = new URL("./statements.tsv", import.meta.url)

/** How many rows of everything there are in each column of the file. */
const sizes = [0, 25, 100] as const

const origin = "https://portolan.example.com"
const password = Redacted.make("correct horse battery staple")

const identity = Layer.unwrap(
  Effect.map(Database.Database, ({ kysely }) =>
    IdentityBetterAuth.layer({ kysely, origin, secret: Redacted.make("a secret for sessions in tests, 32 or more") })
  )
)

/** An organization with nothing in it; its owner is signed in and also runs the installation. */
const empty = Effect.gen(function* () {
  const { id } = yield* Secrets.Secrets
  const { personId } = yield* IdentitySeed.ensure({ name: "Olive", email: operatorEmail, password })
  const organizationId = yield* id("organization")
  yield* found({
    organizationId,
    name: "Sharp Books",
    members: [{ personId, name: "Olive", email: operatorEmail, role: "owner" }]
  })
  const by: Access.Caller = {
    organizationId,
    role: "owner",
    accessScope: { _tag: "Everything" },
    actor: { _tag: "Person", personId, name: "Olive" }
  }
  const cookies = yield* (yield* Identity.Identity).signIn(operatorEmail, password, new Headers())
  const made = yield* (yield* ApiKeys.ApiKeys).create(by, {
    name: "Import",
    scopes: ["read", "connect", "administer", "manage-people"]
  })
  return {
    by,
    cookie: cookies.map((one) => one.split(";")[0]).join("; "),
    key: made.secret === undefined ? "" : Redacted.value(made.secret),
    keyId: made.key.id
  }
})

const ownerOf = Effect.fnUntraced(function* ({ organizationId }: Access.Caller) {
  const { items } = yield* (yield* Repository.Repository).members(organizationId, {}, { limit: 1 })
  return items[0]?.id
})

/** One account of each kind of row: connected, with a consent that waits, with a link and with a request. */
const fill = Effect.fnUntraced(function* (by: Access.Caller) {
  const it = yield* connected(by)
  const other = yield* account(by, "Pier US")
  const candidates = [ProviderScript.candidate(adsKey(yield* freshDigits))]
  const gone = yield* goAndConsent(by, other.ads, { grantor: "person-pier", candidates })
  yield* comeBack(gone)
  const { link } = yield* (yield* AuthLinks.AuthLinks).create(by, it.sp)
  const request = yield* (yield* Requests.Requests).send(by, {
    connectionId: other.sp,
    owner: { name: "Pia", email: "pia@pier.example.com" },
    marketplaceId: US
  })
  yield* (yield* AccessTokens.AccessTokens).ofConnection(by, it.ads)
  return {
    companyId: it.company.id,
    accountId: it.account.id,
    connectionId: it.ads,
    grantId: it.grantId,
    authorizationId: gone.authorizationId,
    authLinkId: link.id,
    memberId: yield* ownerOf(by),
    requestId: request.link.id
  }
})

type Ids = Effect.Success<ReturnType<typeof fill>> & { readonly organizationId: Id.OrganizationId }

/** What stands for a parameter of an address, by the part before it where its name says nothing. */
const parameter = (name: string, before: string, ids: Partial<Ids>): string => {
  const byName: { readonly [name: string]: string | undefined } = {
    ...ids,
    marketplaceId: US,
    marketplace: US,
    channel: "amazon-ads",
    outcome: "connected",
    grant: ids.grantId
  }
  const byPlace: { readonly [before: string]: string | undefined } = {
    companies: ids.companyId,
    accounts: ids.accountId,
    start: ids.accountId,
    connections: ids.connectionId,
    pending: ids.authorizationId,
    requests: ids.requestId,
    members: ids.memberId,
    organizations: ids.organizationId
  }
  return byName[name] ?? (name === "id" ? byPlace[before] : undefined) ?? "none"
}

const address = (path: string, ids: Partial<Ids>): string =>
  path.replace(
    /([a-z-]*)([/=])(?::|\{)([a-zA-Z]+)\}?/g,
    (_, before: string, mark: string, name: string) => before + mark + parameter(name, before, ids)
  )

/** Something that is asked, as its row names it. */
interface Asked {
  readonly name: string
  readonly path: string
  readonly headers: { readonly [name: string]: string }
  readonly send: (request: Request) => Response | Promise<Response>
}

/** What routes want to be told beyond what all take. */
const queries: { readonly [path: string]: string } = {
  "/v1/companies/{companyId}/effects": "command=remove",
  "/v1/accounts/{accountId}/effects": "command=remove",
  "/v1/connections/{connectionId}/effects": "command=pause",
  "/v1/accounts/{accountId}/expansion": "marketplace=A2EUQ1WTGCTBG2",
  "/v1/grants/{grantId}/choices": "connection={connectionId}",
  "/v1/requirements": "channel=amazon-ads&type=seller"
}

const queryOf = ({ path, query }: Route.Route): string => {
  const own = queries[path] ?? ""
  const takesLimit = "fields" in query && "limit" in (query.fields as object)
  return [own, ...(takesLimit ? ["limit=100"] : [])].filter((part) => part !== "").join("&")
}

/** Every GET route and page, each with the credentials that it takes. */
const everything = Effect.fnUntraced(function* ({ cookie, key }: Effect.Success<typeof empty>) {
  const bySession = { cookie }
  const api = yield* Api.make({
    sessionCookie: "portolan.session_token",
    readiness: Effect.die("not asked"),
    rateLimit: { calls: Number.MAX_SAFE_INTEGER, windowSeconds: 60 }
  })
  const pages = yield* Console.make({ secureCookies: true, openMailbox: false })
  const routes = table({ heartbeat: "1 second", lifetime: "1 second", rightsAge: "1 second", perOrganization: 1 })
  const asked = routes
    .filter(({ method, streams }) => method === "GET" && !streams)
    .map((route): Asked => ({
      name: route.path,
      path: `${route.path}?${queryOf(route)}`,
      headers: route.principal === "member" && !route.sessionOnly ? { authorization: `Bearer ${key}` } : bySession,
      send: (request) => api.fetch(request)
    }))
  const shown = pages.routes
    .filter(({ method, path }) => method === "GET" && !path.includes("*") && !path.startsWith("/assets"))
    .map(({ path }): Asked => ({
      name: `page ${path}`,
      path,
      headers: bySession,
      send: (request) => pages.fetch(request)
    }))
  return [...asked, ...shown]
})

/** Repetitions of what costs more than it may: a connection that opens sends a statement of its own. */
const repeats = 3

const measure = (tap: Tap.Tap, all: ReadonlyArray<Asked>, ids: Partial<Ids>, enough: (name: string) => number) =>
  Effect.promise(async () => {
    const found = new Map<string, { readonly statements: number; readonly status: number }>()
    for (const { headers, name, path, send } of all) {
      let statements = Number.POSITIVE_INFINITY
      let status = 0
      for (let turn = 0; turn < repeats && statements > enough(name); turn++) {
        const before = tap.statements()
        const response = await send(new Request(`${origin}${address(path, ids)}`, { headers }))
        await response.text()
        statements = Math.min(statements, tap.statements() - before)
        status = response.status
      }
      found.set(name, { statements, status })
    }
    return found
  })

const heading = ["route", ...sizes].join("\t")

/** What the file says. */
type Budget = ReadonlyMap<string, ReadonlyArray<number>>

const rowsOf = (text: string): Budget =>
  new Map(
    text
      .split("\n")
      .filter((line) => line !== "" && line !== heading)
      .map((line) => {
        const [name = "", ...numbers] = line.split("\t")
        return [name, numbers.map(Number)] as const
      })
  )

type Measured = Effect.Success<ReturnType<typeof measure>>

const measured = Effect.fnUntraced(function* (budget: Budget) {
  const { url } = yield* freshDatabase
  const tap = yield* Effect.acquireRelease(
    Effect.promise(() => Tap.open(Redacted.value(url))),
    ({ stop }) => Effect.promise(stop)
  )
  const layer = useCases.pipe(Layer.provideMerge(identity), Layer.provideMerge(driven(Redacted.make(tap.url))))
  const context = yield* Layer.build(Layer.fresh(layer))
  return yield* Effect.provide(
    Effect.gen(function* () {
      const start = yield* empty
      const all = yield* everything(start)
      const { organizationId } = start.by
      const within = (column: number) => (name: string) => budget.get(name)?.[column] ?? 0
      const none = yield* measure(tap, all, { organizationId }, within(0))
      const ids = { ...(yield* fill(start.by)), organizationId }
      yield* remember(organizationId)
      yield* copy(1, 24)
      const some = yield* measure(tap, all, ids, within(1))
      yield* copy(25, 99)
      return [none, some, yield* measure(tap, all, ids, within(2))] as const
    }),
    context
  )
})

const textOf = (columns: ReadonlyArray<Measured>) =>
  [
    heading,
    ...[...(columns[0]?.keys() ?? [])].map((name) =>
      [name, ...columns.map((column) => column.get(name)?.statements)].join("\t")
    )
  ].join("\n") + "\n"

/** Addresses that nobody has in this world: they answer that there is nothing. */
const isNowhere = (name: string) =>
  /\{feed\}|\{jobId\}|:token|:outcome|\{advertiserId\}|advertisers|:channel|backfill|freshness|owner$/.test(name)

const complaintsOf = (budget: Budget, columns: ReadonlyArray<Measured>): ReadonlyArray<string> => {
  const names = [...(columns[0]?.keys() ?? [])]
  const grown = names.flatMap((name) => {
    const row = budget.get(name)
    if (row === undefined) return [`${name}: no row in statements.tsv`]
    return columns.flatMap((column, at) => {
      const { statements, status } = column.get(name) ?? { statements: 0, status: 0 }
      if (status >= (at === 0 || isNowhere(name) ? 500 : 400)) return [`${name}: status ${status}`]
      return statements > (row[at] ?? 0) ? [`${name}: ${statements} statements with ${sizes[at]} rows`] : []
    })
  })
  const gone = [...budget.keys()].filter((name) => !names.includes(name))
  return [...grown, ...gone.map((name) => `${name}: no such route or page`)]
}

it.live(
  "sends no more statements for a route or a page than its row says, however many rows it shows",
  () =>
    Effect.gen(function* () {
      const isWritten = process.env["PORTOLAN_WRITE_STATEMENTS"] === "1"
      const budget = isWritten ? new Map() : rowsOf(yield* Effect.promise(() => readFile(file, "utf8")))
      const columns = yield* measured(budget)
      if (isWritten) yield* Effect.promise(() => writeFile(file, textOf(columns)))
      expect(isWritten ? [] : complaintsOf(budget, columns)).toEqual([])
    }),
  180_000
)
