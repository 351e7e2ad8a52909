/** What an installation of an earlier version kept is read by this one as if it had been written by it. */
import { describe, expect, it } from "@effect/vitest"
import { Aggregate, Id, Machine } from "@portolan/domain"
import { Repository, EventLog } from "@portolan/ports"
import { DateTime, Effect, Redacted } from "effect"
import { Kysely, sql } from "kysely"
import { PostgresJSDialect } from "kysely-postgres-js"
import { Migrator } from "kysely/migration"
import postgres from "postgres"
import { Migrations } from "../src/index.ts"
import { asSuperuser, freshDatabase } from "./support/databases.ts"
import { client } from "./support/subjects.ts"

const id = <K extends Id.Kind>(kind: K, n: number): Id.ByKind[K] =>
  Id.make(kind, 1_700_000_000_000 + n, new Uint8Array(10).fill(n))

const at = "2026-05-01T10:00:00.000Z"
const US = "ATVPDKIKX0DER"
const CA = "A2EUQ1WTGCTBG2"

/** Names that a splice could fall for: NUL, a lone surrogate, and text that looks like the keys it goes by. */
const wild = '\0 \ud800 {"marketplaceId":"A2EUQ1WTGCTBG2","expiresAt":"2020-01-01T00:00:00.000Z"} \\'

const person = { _tag: "Person", personId: id("person", 1), name: wild }

/** One tenant as version 0003 kept it: an account in two countries with four connections, an authorization, two links and a grant. */
const rowsOf = (organizationId: string, n: number) => {
  const companyId = id("company", n)
  const accountId = id("account", n)
  const brandIds = [id("brand", n), id("brand", n + 1)]
  const base = (k: number, channel: string) => ({
    id: id("connection", 10 * n + k),
    organizationId,
    companyId,
    accountId,
    channel,
    optional: false,
    proposedAt: at
  })
  const link = (marketplaceId: string, externalId: string, expiresAt?: string) => ({
    grantId: id("grant", n),
    permission: "edit",
    linkedAt: at,
    linkedBy: person,
    profile: {
      _tag: "SellingPartner",
      key: { channel: "amazon-sp", region: "NA", marketplaceId, externalId },
      name: wild,
      countryCode: "US",
      currency: "USD",
      type: "seller",
      isParticipating: true,
      hasSuspendedListings: false
    },
    ...(expiresAt === undefined ? {} : { expiresAt })
  })
  const proposed = base(0, "amazon-ads")
  const linked = base(1, "amazon-sp")
  const abroad = base(2, "amazon-sp")
  const gone = base(3, "amazon-ads")
  const first = link(US, `A${n}`, "2027-05-01T10:00:00.000Z")
  const canadian = link(CA, `C${n}`)
  const invitation = (k: number) => ({
    id: id("invitation", 10 * n + k),
    organizationId,
    companyId,
    accountId,
    connectionId: proposed.id,
    channel: "amazon-ads",
    tokenDigest: `digest ${n} ${k}`,
    issuedBy: person,
    issuedAt: at,
    expiresAt: "2026-05-08T10:00:00.000Z"
  })
  const authorization = {
    id: id("authorization", n),
    organizationId,
    companyId,
    accountId,
    connectionId: linked.id,
    channel: "amazon-sp",
    accountType: "seller",
    region: "NA",
    marketplaceId: US,
    origin: { _tag: "Direct", actor: person },
    stateDigest: `state ${n}`,
    browserDigest: "browser",
    startedAt: at,
    expiresAt: "2026-05-01T10:15:00.000Z"
  }
  return {
    accounts: [
      {
        _tag: "Open",
        id: accountId,
        organizationId,
        companyId,
        name: 'Harbour "marketplaces":["X"] US',
        provider: "amazon",
        accountType: "seller",
        region: "NA",
        marketplaces: [US, CA],
        brandIds,
        defaultBrandId: brandIds[0],
        createdAt: at
      }
    ],
    connections: [
      { _tag: "Proposed", ...proposed },
      { _tag: "Limited", ...linked, link: first, provenAt: at, missing: wild, since: at },
      { _tag: "Connected", ...abroad, link: canadian, provenAt: at },
      { _tag: "Disconnected", ...gone, disconnectedAt: at, disconnectedBy: person }
    ],
    authorizations: [{ _tag: "Started", ...authorization }],
    invitations: [
      { _tag: "Open", ...invitation(0), attempts: 2 },
      { _tag: "Revoked", ...invitation(1), revokedAt: at, revokedBy: person }
    ],
    grants: [
      {
        _tag: "Active",
        id: id("grant", n),
        organizationId,
        authorizationId: authorization.id,
        channel: "amazon-sp",
        region: "NA",
        grantor: wild,
        consentedAt: at
      }
    ],
    events: [
      ["connection", proposed.id, { _tag: "ConnectionProposed", ...proposed }],
      ["connection", linked.id, { _tag: "ConnectionProposed", ...linked }],
      [
        "connection",
        linked.id,
        { _tag: "Linked", connectionId: linked.id, accountId, channel: "amazon-sp", link: link(US, `A${n}`) }
      ],
      [
        "connection",
        linked.id,
        {
          _tag: "Renewed",
          connectionId: linked.id,
          accountId,
          channel: "amazon-sp",
          link: first,
          replacedGrantId: id("grant", 90)
        }
      ],
      ["connection", linked.id, { _tag: "LimitFound", missing: wild, at }],
      ["invitation", invitation(0).id, { _tag: "LinkIssued", ...invitation(0) }]
    ] as const
  }
}

type Old = Kysely<Record<string, never>>

const insert = async (
  db: Old,
  organizationId: string,
  { accounts, authorizations, connections, events, grants, invitations }: ReturnType<typeof rowsOf>
) => {
  const head = (
    state: { readonly _tag: string; readonly id: string },
    version = 1
  ) => sql`${organizationId}, ${state.id}, ${version},
    ${state._tag}, ${Date.parse(at)}, ${JSON.stringify(state)}::text::json`
  const columns = sql.raw("organization_id, id, version, tag, at, state")
  for (const each of accounts) {
    await sql`insert into portolan.accounts (${columns}, company_id) values (${head(each)}, ${each.companyId})`.execute(
      db
    )
  }
  for (const each of connections) {
    await sql`insert into portolan.connections (${columns}, company_id, account_id, channel, grant_id) values
      (${head(each)}, ${each.companyId}, ${each.accountId}, ${each.channel}, ${"link" in each ? each.link.grantId : null})`.execute(
      db
    )
  }
  for (const each of authorizations) {
    await sql`insert into portolan.authorizations (${columns}, connection_id, state_digest) values
      (${head(each)}, ${each.connectionId}, ${each.stateDigest})`.execute(db)
  }
  for (const each of invitations) {
    await sql`insert into portolan.invitations (${columns}, connection_id, token_digest) values
      (${head(each)}, ${each.connectionId}, ${each.tokenDigest})`.execute(db)
  }
  for (const each of grants) await sql`insert into portolan.grants (${columns}) values (${head(each)})`.execute(db)
  for (const [index, [kind, aggregateId, event]] of events.entries()) {
    await sql`insert into portolan.events (organization_id, position, id, kind, aggregate_id, version, at, actor, event) values
      (${organizationId}, ${index + 1}, ${id("event", index)}, ${kind}, ${aggregateId}, ${index + 1}, ${Date.parse(at)},
      ${JSON.stringify(person)}::text::json, ${JSON.stringify(event)}::text::json)`.execute(db)
  }
}

const older = Object.fromEntries(Object.entries(Migrations.versions).filter(([name]) => name < "0004"))

/** Brings an empty database to version 0003 and fills it, as a session of the given address. */
const install = (address: string, tenants: ReadonlyArray<string>) =>
  Effect.promise(async () => {
    const db: Old = new Kysely({
      dialect: new PostgresJSDialect({ postgres: postgres(address, { max: 1, onnotice: () => undefined }) })
    })
    await sql`create schema portolan`.execute(db)
    const { error } = await new Migrator({
      db,
      provider: { getMigrations: () => Promise.resolve(older) },
      migrationTableSchema: "portolan",
      migrationTableName: "migrations",
      migrationLockTableName: "migrations_lock"
    }).migrateToLatest()
    if (error !== undefined) throw error
    for (const [index, organizationId] of tenants.entries()) {
      await db.transaction().execute(async (trx) => {
        await sql`select set_config('portolan.organization', ${organizationId}, true)`.execute(trx)
        await insert(trx, organizationId, rowsOf(organizationId, index + 1))
      })
    }
    await db.destroy()
  })

const looksRight = Effect.fnUntraced(function* (organizationId: Id.OrganizationId, n: number) {
  const store = yield* Repository.Repository
  const log = yield* EventLog.EventLog
  const page = { limit: 100 }
  const { items } = yield* store.connections(organizationId, {}, page)
  expect(new Map(items.map((each) => [each.id, each.marketplaceId]))).toEqual(
    new Map([
      [id("connection", 10 * n), US],
      [id("connection", 10 * n + 1), US],
      [id("connection", 10 * n + 2), CA],
      [id("connection", 10 * n + 3), US]
    ])
  )
  const idsOf = (filter: Repository.ConnectionFilter) =>
    Effect.map(store.connections(organizationId, filter, page), (found) => found.items.map((each) => each.id))
  expect(
    yield* idsOf({
      marketplaceId: items.find((each) => each.marketplaceId !== US)?.marketplaceId ?? items[0]!.marketplaceId
    })
  ).toEqual([id("connection", 10 * n + 2)])
  expect(yield* idsOf({ expiresBefore: DateTime.makeUnsafe("2027-05-01T10:00:00.001Z") })).toEqual([
    id("connection", 10 * n + 1)
  ])
  expect(yield* idsOf({ expiresBefore: DateTime.makeUnsafe("2027-05-01T10:00:00.000Z") })).toEqual([])

  // The history leads to the state that was carried over.
  const events = (yield* log.after(organizationId, 0, 100)).filter(
    ({ aggregate }) => aggregate.id === id("connection", 10 * n + 1)
  )
  const { evolve, initial } = Aggregate.machine("connection")
  const replayed = Machine.fold(evolve)(
    initial,
    events.map(({ event }) => event as Aggregate.Types["connection"]["event"])
  )
  expect(replayed).toEqual((yield* store.find("connection", organizationId, id("connection", 10 * n + 1))).state)
  expect(events.some(({ event }) => event._tag === "Renewed" && event.keepsReplaced === false)).toBe(true)
  expect((yield* log.all(organizationId, { actor: "Person", kinds: ["invitation"] }, page)).items).toHaveLength(1)
  expect((yield* log.all(organizationId, { actor: "System" }, page)).items).toHaveLength(0)

  const links = (yield* store.invitations(organizationId, { accountIds: [id("account", n)], requests: false }, page))
    .items
  expect(links.map((each) => (each._tag === "Open" ? each.mails : each._tag)).toSorted()).toEqual([0, "Revoked"])
  expect((yield* store.invitations(organizationId, { requests: true }, page)).items).toHaveLength(0)
  expect((yield* store.authorizations(organizationId, { accountIds: [id("account", n)] }, page)).items).toHaveLength(1)
  const grants = (yield* store.grants(organizationId, { channel: "amazon-sp", region: "NA", states: ["Active"] }, page))
    .items
  expect(grants).toMatchObject([{ id: id("grant", n), grantor: wild }])
  const reached = yield* store.reachable(organizationId, {
    _tag: "Chosen",
    companies: [],
    accounts: [],
    brands: [{ id: id("brand", n + 1), right: "read" }]
  })
  expect(reached).toEqual([
    { id: id("account", n), companyId: id("company", n), brandIds: [id("brand", n), id("brand", n + 1)] }
  ])
  expect((yield* store.accounts(organizationId, {}, page)).items).toHaveLength(1)
})

const tenants = [id("organization", 1), id("organization", 2)] as const

describe("an older installation", () => {
  it.live("is carried over by a superuser", () =>
    Effect.gen(function* () {
      const { url } = yield* freshDatabase
      yield* install(Redacted.value(url), tenants)
      const here = yield* client(url)
      yield* here(looksRight(tenants[0], 1))
      yield* here(looksRight(tenants[1], 2))
    })
  )

  it.live(
    "is carried over by an owner who is bound by row level security himself, and who is bound again afterwards",
    () =>
      Effect.gen(function* () {
        const { name, url } = yield* freshDatabase
        yield* asSuperuser(Redacted.value(url), async (admin) => {
          await admin.unsafe(`create role keeper_${name} login password 'plain' nosuperuser nocreaterole`)
          await admin.unsafe(`grant create on database ${name} to keeper_${name}`)
        })
        const plain = new URL(Redacted.value(url))
        plain.username = `keeper_${name}`
        plain.password = "plain"
        yield* install(plain.href, tenants)
        yield* Effect.scoped(
          Effect.gen(function* () {
            const here = yield* client(Redacted.make(plain.href))
            yield* here(looksRight(tenants[0], 1))
            yield* here(looksRight(tenants[1], 2))
          })
        )
        yield* asSuperuser(Redacted.value(url), async (admin) => {
          const open =
            await admin`select relname from pg_class where relnamespace = 'portolan'::regnamespace and relkind = 'r'
          and not (relrowsecurity and relforcerowsecurity) order by relname`
          expect(open.map((row) => row.relname)).toEqual(["migrations", "migrations_lock"])
          await admin.unsafe(`drop owned by keeper_${name} cascade`)
          await admin.unsafe(`drop role keeper_${name}`)
        })
      })
  )
})
