/** Rows of tenants as version 0003 kept them, and how they got into its tables. */
import { Id } from "@portolan/domain"
import { sql } from "kysely"
import type { Older } from "./older.ts"

/** The `n`-th id of a kind. */
export const id = <K extends Id.Kind>(kind: K, n: number): Id.ByKind[K] =>
  Id.make(kind, 1_700_000_000_000 + n, new Uint8Array(10).fill(n))

const at = "2026-05-01T10:00:00.000Z"
/** The United States. */
export const US = "ATVPDKIKX0DER"
/** Canada. */
export const CA = "A2EUQ1WTGCTBG2"

/** Names that a splice could fall for: NUL, a lone surrogate, and text that looks like the keys it goes by. */
export const wild = '\0 \ud800 {"marketplaceId":"A2EUQ1WTGCTBG2","expiresAt":"2020-01-01T00:00:00.000Z"} \\'

const person = { _tag: "Person", personId: id("person", 1), name: wild }

/**
 * One tenant as version 0003 kept it: an account in two countries with four connections, an authorization, two links
 * and a grant.
 */
export const rowsOf = (organizationId: string, n: number) => {
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

/** Writes one tenant's rows. */
export const insert = async (
  db: Older,
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
