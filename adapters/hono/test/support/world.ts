/** The API over a fresh world in memory: two organizations, people of every role, a provider script. */
import { Access, type Id, type Marketplace, type Profile } from "@portolan/domain"
import { type Belongs, found, IdentityMemory, MemoryAdapters, ProviderScript } from "@portolan/memory"
import { ApiKeys, Connecting, useCases, Deployment, Identity, Scheduler, JobHandlers } from "@portolan/ports"
import { Context, type DateTime, Effect, Layer, Redacted, type Schema, Scope } from "effect"
import { Api } from "../../src/index.ts"
import type { StreamOptions } from "../../src/eventStream.ts"
import { verify } from "./contract.ts"

/** Where the API says that it lives. */
export const origin = "https://portolan.example.com"

/** An id of a given kind that is the same in every run. */
export const fixed = (prefix: string, n: number) => `${prefix}_${String(n).padStart(26, "0")}`

interface Person extends IdentityMemory.Person, Belongs {
  readonly organizationId: Id.OrganizationId
  readonly organizationName: string
}

const member = (n: number, organization: number, role: Access.Role): Person => ({
  personId: fixed("per", n) as Id.PersonId,
  name: `Person ${n}`,
  email: `person${n}@example.com`,
  role,
  password: Redacted.make(`password ${n}`),
  organizationId: fixed("org", organization) as Id.OrganizationId,
  organizationName: `Organization ${organization}`
})

const members = {
  owner: member(1, 1, "owner"),
  admin: member(2, 1, "admin"),
  member: member(3, 1, "member"),
  viewer: member(4, 1, "viewer"),
  other: member(5, 2, "owner"),
  /** Owns another organization, and runs the installation. */
  operator: member(6, 3, "owner")
}

/** Events that a world begins with: the organization is founded, each member joins, each gets a key. */
export const begun = (organization: number): number =>
  1 + 2 * Object.values(members).filter(({ organizationId }) => organizationId === fixed("org", organization)).length

/** Who can ask. */
export type Who = keyof typeof members

/** The United States and Canada. */
export const US = "ATVPDKIKX0DER" as Marketplace.MarketplaceId

/** The key of an advertising profile in the United States. */
export const adsKey = (externalId: string): Profile.Key => ({
  channel: "amazon-ads",
  region: "NA",
  marketplaceId: US,
  externalId: externalId as Profile.ExternalId
})

/** What a test sends. */
export interface Sent {
  readonly as?: Who | undefined
  readonly body?: Schema.Json
  readonly raw?: string | Uint8Array<ArrayBuffer>
  readonly headers?: { readonly [name: string]: string }
}

/** What came back. */
export interface Got {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** The body as JSON; an empty object when there is none. */
  readonly json: Body
}

/** A body that is looked into without a schema. */
export interface Body {
  readonly [field: string]: Schema.Json
}

/** Builds a world. */
export const makeWorld = Effect.fnUntraced(function* (
  streams: Partial<StreamOptions> = {},
  more: Partial<Pick<Api.Options, "rateLimit" | "readiness">> = {}
) {
  const layer = useCases.pipe(
    Layer.provideMerge(MemoryAdapters.layer({ people: Object.values(members) })),
    Layer.provideMerge(Layer.succeed(Deployment.Deployment, { origin, operators: [members.operator.email] }))
  )
  const context = yield* Layer.build(layer)
  const identity = Context.get(context, Identity.Identity)
  const ok = { ok: true, detail: "fine" }
  const app = yield* Api.make({
    readiness: Effect.succeed({ ready: true, checks: { database: ok, migrations: ok, worker: ok } }),
    // Tests ask more often than any caller; a test of the limit sets its own.
    rateLimit: { calls: 1_000_000, windowSeconds: 60 },
    ...more,
    sessionCookie: IdentityMemory.cookieName,
    streams
  }).pipe(Effect.provide(context))

  for (const [organizationId, own] of Map.groupBy(Object.values(members), (one) => one.organizationId)) {
    yield* Effect.provide(found({ organizationId, name: own[0]?.organizationName ?? "", members: own }), context)
  }
  const keys = new Map<Who, string>()
  for (const [who, { organizationId, role: own }] of Object.entries(members)) {
    // Keys are made by somebody who may; a key can be anything but an owner.
    const maker =
      Object.values(members).find((one) => one.organizationId === organizationId && one.role === "owner") ??
      members.owner
    const caller: Access.Caller = {
      organizationId,
      role: maker.role,
      accessScope: Access.everything,
      actor: { _tag: "Person", personId: maker.personId, name: maker.name }
    }
    const role = own === "owner" ? "admin" : own
    const scopes = Access.Action.literals.filter((action) => Access.may(role, action)) as [
      Access.Action,
      ...Array<Access.Action>
    ]
    const { secret } = yield* Effect.orDie(
      Context.get(context, ApiKeys.ApiKeys).create(caller, { name: `key of ${who}`, role, scopes })
    )
    keys.set(who as Who, secret === undefined ? "" : Redacted.value(secret))
  }

  const request = (method: string, path: string, { as: who, body, headers, raw }: Sent = {}) =>
    new Request(new URL(path, origin), {
      method,
      headers: {
        ...(who === undefined ? {} : { authorization: `Bearer ${keys.get(who)}` }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers
      },
      ...(raw !== undefined ? { body: raw } : body !== undefined ? { body: JSON.stringify(body) } : {})
    })

  const ask = (method: string, path: string, sent: Sent = {}): Effect.Effect<Got> =>
    Effect.promise(async () => {
      const response = await app.request(request(method, path, sent))
      const text = await response.text()
      verify(method, path, response, text)
      const isJson = /[/+]json/.test(response.headers.get("content-type") ?? "") && text !== ""
      return {
        status: response.status,
        headers: response.headers,
        text,
        json: isJson ? (JSON.parse(text) as Body) : {}
      }
    })

  /** Signs a member in and gives the cookie that a browser would send. */
  const signIn = (who: Who) =>
    Effect.map(
      identity.signIn(members[who].email, members[who].password, new Headers()),
      ([cookie]) => (cookie ?? "").split(";")[0] ?? ""
    )

  return { app, ask, context, keys, request, signIn }
})

/** A world with its helpers. */
export type World = Effect.Success<ReturnType<typeof makeWorld>>

/** Reads a field that must be text. */
export const text = (body: Body, ...path: ReadonlyArray<string | number>): string => String(at(body, ...path))

/** Reads a field, however deep. */
export const at = (body: Schema.Json, ...path: ReadonlyArray<string | number>): Schema.Json =>
  path.reduce<Schema.Json>(
    (value, key) =>
      typeof value === "object" && value !== null
        ? ((value as { readonly [key: string]: Schema.Json })[key] ?? null)
        : null,
    body
  )

/** Items of a page. */
export const items = (body: Body): ReadonlyArray<Body> => body["items"] as ReadonlyArray<Body>

/** A company with one seller account in the United States, through the API. */
export const account = Effect.fnUntraced(function* (world: World, who: Who = "admin", name = "Harbour") {
  const company = yield* world.ask("POST", "/v1/companies", { as: who, body: { name: `${name} Goods`, brand: name } })
  const companyId = text(company.json, "id")
  const opened = yield* world.ask("POST", "/v1/accounts", {
    as: who,
    body: { companyId, name: `${name} US`, accountType: "seller", marketplaces: [US] }
  })
  const accountId = text(opened.json, "id")
  const { json } = yield* world.ask("GET", `/v1/connections?accountId=${accountId}`, { as: who })
  const of = (channel: string) => text(items(json).find((one) => one["channel"] === channel) ?? {}, "id")
  return {
    companyId,
    accountId,
    brandId: text(company.json, "brands", 0, "id"),
    ads: of("amazon-ads"),
    sp: of("amazon-sp")
  }
})

/** Walmart in the United States. */
export const walmartUs = "WALMART_US" as Marketplace.MarketplaceId

/** The key of an advertiser at Walmart in the United States. */
export const advertiserKey = (externalId: string): Profile.Key => ({
  channel: "walmart-connect",
  region: "WALMART-US",
  marketplaceId: walmartUs,
  externalId: externalId as Profile.ExternalId
})

/** A Walmart seller's account with its advertising connection, through the API. */
export const walmartAccount = Effect.fnUntraced(function* (world: World, who: Who = "admin", name = "Lakeside") {
  const company = yield* world.ask("POST", "/v1/companies", { as: who, body: { name: `${name} Goods`, brand: name } })
  const opened = yield* world.ask("POST", "/v1/accounts", {
    as: who,
    body: {
      companyId: text(company.json, "id"),
      name: `${name} Walmart`,
      accountType: "walmart-3p",
      marketplaces: [walmartUs]
    }
  })
  const accountId = text(opened.json, "id")
  const { json } = yield* world.ask("GET", `/v1/connections?accountId=${accountId}&channel=walmart-connect`, {
    as: who
  })
  return { accountId, connectionId: text(items(json)[0] ?? {}, "id") }
})

/** Headers of the operator's browser. */
export const asOperator = (world: World) =>
  Effect.map(world.signIn("operator"), (cookie) => ({ cookie, "sec-fetch-site": "same-origin" }))

/**
 * Lets advertisers list us, looks, and assigns those that are named to an organization. Gives the directory's ids by
 * external id.
 */
export const advertisersFor = Effect.fnUntraced(function* (
  world: World,
  organizationId: string,
  listed: ReadonlyArray<Profile.Advertiser>
) {
  const script = Context.get(world.context, ProviderScript.ProviderScript)
  const headers = yield* asOperator(world)
  yield* script.partners("WALMART-US", listed)
  yield* world.ask("POST", "/v1/operator/look", { headers, body: { region: "WALMART-US" } })
  const { json } = yield* world.ask("GET", "/v1/operator/advertisers?limit=100", { headers })
  const ids = new Map(items(json).map((one) => [text(one, "profile", "key", "externalId"), text(one, "id")]))
  for (const { key } of listed) {
    yield* world.ask("POST", `/v1/operator/advertisers/${ids.get(key.externalId)}/assign`, {
      headers,
      body: { organizationId }
    })
  }
  return ids
})

/** Goes to the provider from a connection and comes back with a consent that sees these profiles. */
export const consent = Effect.fnUntraced(function* (
  world: World,
  connectionId: string,
  candidates: ReadonlyArray<Profile.Candidate>,
  who: Who = "admin",
  code = `code ${connectionId}`,
  expiresAt?: DateTime.Utc
) {
  const authorizationRedirect = yield* world.ask("POST", `/v1/connections/${connectionId}/authorizations`, { as: who })
  const cookie = /portolan_browser=([^;]+)/.exec(authorizationRedirect.headers.get("set-cookie") ?? "")?.[1] ?? ""
  const script = Context.get(world.context, ProviderScript.ProviderScript)
  const connecting = Context.get(world.context, Connecting.Connecting)
  yield* script.consents(code, {
    channel: "amazon-ads",
    region: "NA",
    grantor: `grantor ${who}`,
    candidates,
    ...(expiresAt === undefined ? {} : { expiresAt })
  })
  const state = new URL(text(authorizationRedirect.json, "url")).searchParams.get("state") ?? ""
  yield* connecting.receive("amazon-ads", new URLSearchParams({ code, state }), Redacted.make(cookie))
  return text(authorizationRedirect.json, "authorizationId")
})

/** Connects the advertising channel to a profile, and lets a worker carry out what is due. */
export const connected = Effect.fnUntraced(function* (
  world: World,
  connectionId: string,
  key: Profile.Key,
  who: Who = "admin",
  expiresAt?: DateTime.Utc
) {
  const authorizationId = yield* consent(
    world,
    connectionId,
    [ProviderScript.candidate(key)],
    who,
    undefined,
    expiresAt
  )
  const selected = yield* world.ask("POST", `/v1/authorizations/${authorizationId}/select`, {
    as: who,
    body: { profile: key }
  })
  return { authorizationId, selected }
})

/** Lets a worker carry out what is due until a condition holds; the test's own deadline is the limit. */
export const working = (world: World): Effect.Effect<void, never, Scope.Scope> =>
  Effect.gen(function* () {
    const scheduler = Context.get(world.context, Scheduler.Scheduler)
    const { handle } = Context.get(world.context, JobHandlers.JobHandlers)
    yield* Effect.orDie(scheduler.consume(handle, { concurrency: 4 }))
  })
