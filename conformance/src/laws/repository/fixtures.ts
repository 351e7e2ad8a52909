/** Aggregates, profiles and changes for cases. All ids follow from the case's organizations, so no two cases meet. */
import { createHash } from "node:crypto"
import {
  Access,
  type Account,
  type Actor,
  type Advertiser,
  type Aggregate,
  type ApiKey,
  type Authorization,
  type Awaited,
  type Backfill,
  type Company,
  type Connection,
  type Consolidation,
  type Diagnosis,
  type Grant,
  Id,
  type Job,
  type Invitation,
  Marketplace,
  type Member,
  type Organization,
  Profile,
  Text
} from "@portolan/domain"
import type { UnitOfWork } from "@portolan/ports"
import { DateTime, Schema } from "effect"
import { startsAt } from "../../Simulation.ts"
import type { RepositoryInstance } from "./RepositoryInstance.ts"

type OrganizationId = Id.OrganizationId

/** An instant this many milliseconds after the beginning of all cases. */
export const instant = (millis = 0): DateTime.Utc => DateTime.makeUnsafe(startsAt + millis)

const digest = (...about: ReadonlyArray<string | number>) => createHash("sha256").update(JSON.stringify(about)).digest()

/** Names the `n`-th thing of a kind of an organization: the same id each time, in no particular order. */
export const idOf = <K extends Id.Kind>(kind: K, organizationId: OrganizationId, n: number | string): Id.ByKind[K] =>
  Id.make(kind, startsAt, new Uint8Array(digest(kind, organizationId, n)).slice(0, Id.entropyBytes))

/** A digest as lookups use them, in hexadecimal. */
export const digestOf = (organizationId: OrganizationId, n: number | string) =>
  digest(organizationId, n).toString("hex")

const toExternalId = Schema.decodeUnknownSync(Profile.ExternalId)
const toEmail = Schema.decodeUnknownSync(Text.Email)
const toKey = Schema.decodeUnknownSync(Profile.Key)

/** A profile with this provider's identifier. Text of the case's own has to be part of it: profiles are unique for ever. */
export const keyOf = (externalId: string): Profile.Key =>
  toKey({ channel: "amazon-ads", region: "NA", marketplaceId: "ATVPDKIKX0DER", externalId: toExternalId(externalId) })

/** A marketplace by its id. */
export const marketplaceOf = Schema.decodeUnknownSync(Marketplace.MarketplaceId)

/** The `n`-th profile of a case. */
export const profile = ({ organizations: [organizationId] }: RepositoryInstance, n: number): Profile.Key =>
  keyOf(`${organizationId.slice(-14)}.${n}`)

/** Eight digits that are the case's own, for identifiers that consist of digits. */
export const caseDigits = ({ organizations: [organizationId] }: RepositoryInstance): string =>
  String(digest(organizationId).readUInt32BE(0) % 100_000_000).padStart(8, "0")

/** Who does everything in the cases, unless a law is about who. */
export const actor: Actor.Actor = { _tag: "System", part: "conformance" }

/** A company. */
export const company = (organizationId: OrganizationId, n: number | string, name: string, at = 0): Company.Open => ({
  _tag: "Open",
  id: idOf("company", organizationId, n),
  organizationId,
  name,
  brands: [{ id: idOf("brand", organizationId, n), name: "House brand" }],
  createdAt: instant(at)
})

/** An account of company `of`. */
export const account = (
  organizationId: OrganizationId,
  n: number | string,
  of: number | string,
  at = 0
): Account.Present => ({
  _tag: "Open",
  id: idOf("account", organizationId, n),
  organizationId,
  companyId: idOf("company", organizationId, of),
  name: `Account ${n}`,
  provider: "amazon",
  accountType: "seller",
  region: "NA",
  marketplaces: [keyOf("any").marketplaceId],
  brandIds: [idOf("brand", organizationId, of)],
  defaultBrandId: idOf("brand", organizationId, of),
  createdAt: instant(at)
})

const ofConnection = (organizationId: OrganizationId, n: number | string, of: number | string) => ({
  organizationId,
  companyId: idOf("company", organizationId, of),
  accountId: idOf("account", organizationId, n),
  channel: "amazon-ads" as const,
  marketplaceId: keyOf("any").marketplaceId
})

/** A connection that was proposed for account `n` of company `of`. */
export const proposed = (
  organizationId: OrganizationId,
  n: number | string,
  of: number | string = n,
  at = 0
): Extract<Connection.Present, { readonly _tag: "Proposed" }> => ({
  _tag: "Proposed",
  id: idOf("connection", organizationId, n),
  ...ofConnection(organizationId, n, of),
  optional: false,
  proposedAt: instant(at)
})

/** A connection that lives on grant `grant` and is bound to `key`. */
export const connected = (
  organizationId: OrganizationId,
  n: number | string,
  key: Profile.Key,
  grant: number | string = n,
  at = 0
): Extract<Connection.Present, { readonly _tag: "Connected" }> => ({
  ...proposed(organizationId, n, n, at),
  _tag: "Connected",
  provenAt: instant(at),
  link: {
    grantId: idOf("grant", organizationId, grant),
    permission: "edit",
    linkedAt: instant(at),
    linkedBy: actor,
    profile: {
      _tag: "SellingPartner",
      key,
      name: "Shop",
      countryCode: "US",
      currency: "USD",
      type: "seller",
      isParticipating: true,
      hasSuspendedListings: false
    }
  }
})

/** An authorization at the provider that was started for connection `of`. */
export const authorization = (
  organizationId: OrganizationId,
  n: number | string,
  of: number | string = n,
  at = 0
): Extract<Authorization.Present, { readonly _tag: "Started" }> => ({
  _tag: "Started",
  id: idOf("authorization", organizationId, n),
  ...ofConnection(organizationId, of, of),
  connectionId: idOf("connection", organizationId, of),
  accountType: "seller",
  region: "NA",
  origin: { _tag: "Direct", actor },
  stateDigest: digestOf(organizationId, `state ${n}`),
  browserDigest: digestOf(organizationId, "browser"),
  startedAt: instant(at),
  expiresAt: instant(at + 900_000)
})

/** A link that was sent for connection `of`. */
export const link = (
  organizationId: OrganizationId,
  n: number | string,
  of: number | string = n,
  at = 0
): Invitation.Open => ({
  _tag: "Open",
  id: idOf("invitation", organizationId, n),
  ...without(ofConnection(organizationId, of, of)),
  connectionId: idOf("connection", organizationId, of),
  tokenDigest: digestOf(organizationId, `token ${n}`),
  issuedBy: actor,
  issuedAt: instant(at),
  expiresAt: instant(at + 604_800_000),
  attempts: 0,
  mails: 0
})

/** A request to connect: a link that was mailed to an account's owner. */
export const request = (organizationId: OrganizationId, n: number | string): Invitation.Open => ({
  ...link(organizationId, n),
  mails: 1,
  request: {
    owner: { name: "Olive Owner", email: toEmail("olive@example.com") },
    requester: { name: "Ada", email: toEmail("ada@example.com") },
    marketplaceId: keyOf("any").marketplaceId
  }
})

const without = <A extends { readonly marketplaceId: unknown }>({ marketplaceId: _marketplaceId, ...rest }: A) => rest

/** A grant from authorization `n`. */
export const grant = (organizationId: OrganizationId, n: number | string, grantor: string): Grant.Active => ({
  _tag: "Active",
  id: idOf("grant", organizationId, n),
  organizationId,
  authorizationId: idOf("authorization", organizationId, n),
  channel: "amazon-ads",
  region: "NA",
  grantor,
  consentedAt: instant()
})

/** A grant that person `keeper` answers for. */
export const keptGrant = (
  organizationId: OrganizationId,
  n: number | string,
  responsibleMember: string,
  at = 0
): Grant.Active => ({
  ...grant(organizationId, n, "grantor"),
  responsibleMember: { personId: idOf("person", organizationId, responsibleMember), name: "Ada" },
  consentedAt: instant(at)
})

/** The first load of connection `n`. */
export const backfill = (
  organizationId: OrganizationId,
  n: number | string
): Extract<Backfill.Present, { readonly _tag: "Running" }> => ({
  _tag: "Running",
  id: idOf("backfill", organizationId, n),
  organizationId,
  connectionId: idOf("connection", organizationId, n),
  accountId: idOf("account", organizationId, n),
  finalisedAt: instant(),
  windows: [],
  promises: [{ dataClass: "advertising", dueAt: instant(86_400_000) }]
})

/** An organization, under its own id. */
export const organization = (organizationId: OrganizationId, name: string, at = 0): Organization.Open => ({
  _tag: "Open",
  id: organizationId,
  organizationId,
  name,
  ownerId: idOf("person", organizationId, 0),
  foundedAt: instant(at)
})

const ofMember = (organizationId: OrganizationId, n: number | string, address: string) => ({
  id: idOf("member", organizationId, n),
  organizationId,
  email: toEmail(address),
  role: "member" as const,
  accessScope: Access.everything,
  round: 1
})

/** Somebody who is a member, under the address given. */
export const member = (
  organizationId: OrganizationId,
  n: number | string,
  address: string,
  personId = idOf("person", organizationId, n),
  at = 0
): Member.Active => ({
  _tag: "Active",
  ...ofMember(organizationId, n, address),
  personId,
  name: `Person ${n}`,
  joinedAt: instant(at)
})

/** Somebody who is invited to join, under the address given. */
export const invited = (
  organizationId: OrganizationId,
  n: number | string,
  address: string,
  at = 0
): Extract<Member.Present, { readonly _tag: "Invited" }> => ({
  _tag: "Invited",
  ...ofMember(organizationId, n, address),
  tokenDigest: digestOf(organizationId, `joins ${n}`),
  invitedBy: actor,
  invitedAt: instant(at),
  expiresAt: instant(at + 604_800_000),
  mails: 1
})

/** A key for software. */
export const apiKey = (
  organizationId: OrganizationId,
  n: number | string,
  at = 0
): Extract<ApiKey.Present, { readonly _tag: "Active" }> => ({
  _tag: "Active",
  id: idOf("apiKey", organizationId, n),
  organizationId,
  name: `Key ${n}`,
  start: "pk_1234",
  digest: digestOf(organizationId, `key ${n}`),
  role: "viewer",
  scopes: ["read"],
  accessScope: Access.everything,
  createdBy: actor,
  createdAt: instant(at),
  expiresAt: instant(at + 604_800_000)
})

/** The `n`-th advertiser that a case saw, kept where it is written: in the installation, or wherever a law puts it. */
export const advertiser = (
  home: OrganizationId,
  of: OrganizationId,
  n: number | string,
  name: string
): Extract<Advertiser.Present, { readonly _tag: "Listed" }> => ({
  _tag: "Listed",
  id: idOf("advertiser", of, n),
  organizationId: home,
  firstSeenAt: instant(),
  misses: 0,
  assignmentEpoch: 0,
  advertiser: {
    _tag: "Advertiser",
    name,
    countryCode: "US",
    currency: "USD",
    type: "walmart-3p",
    permission: "edit",
    key: toKey({ channel: "walmart-connect", region: "WALMART-US", marketplaceId: "WALMART_US", externalId: `${n}` })
  }
})

/** What a case's organization told the installation to expect. */
export const awaited = (
  home: OrganizationId,
  of: OrganizationId,
  n: number | string,
  at = 0
): Extract<Awaited.Present, { readonly _tag: "Waiting" }> => ({
  _tag: "Waiting",
  id: idOf("awaited", of, n),
  organizationId: home,
  tenantId: of,
  tenantName: "Acme",
  connectionId: idOf("connection", of, n),
  accountName: `Account ${n}`,
  marketplaceId: keyOf("any").marketplaceId,
  advertiser: "Acme",
  requestedBy: "Ada",
  since: instant(at)
})

/** The logins of company `n`. */
export const consolidation = (organizationId: OrganizationId, n: number | string): Consolidation.Open => ({
  _tag: "Open",
  id: idOf("consolidation", organizationId, n),
  organizationId,
  companyId: idOf("company", organizationId, n),
  openedAt: instant(),
  credentials: [],
  accounts: [],
  accesses: [],
  looks: []
})

/** What keeps connection `n` from working. */
export const diagnosis = (organizationId: OrganizationId, n: number | string): Diagnosis.Open => ({
  _tag: "Open",
  id: idOf("diagnosis", organizationId, n),
  ...without(ofConnection(organizationId, n, n)),
  connectionId: idOf("connection", organizationId, n),
  openedAt: instant(),
  facts: {},
  answers: {},
  changedAt: instant()
})

/** A piece of work. */
export const job = (organizationId: OrganizationId, n: number | string, millis = 3_600_000): Job.Job => ({
  id: idOf("job", organizationId, n),
  organizationId,
  dueAt: instant(millis),
  task: { _tag: "CancelBackfill", connectionId: idOf("connection", organizationId, 0) }
})

/** One aggregate's part of a change; the events get ids that follow from the aggregate and the version it leads to. */
export const write = <K extends Aggregate.Kind>(
  kind: K,
  next: Aggregate.Present<K>,
  expected: number,
  events: ReadonlyArray<Aggregate.Types[K]["event"]>,
  about = ""
): UnitOfWork.Write => {
  const named = events.map((event, index) => ({
    id: idOf("event", next.organizationId, `${next.id} ${expected + 1} ${index} ${about}`),
    event
  }))
  // The union pairs kind, state and events; a function over all kinds can only promise that they belong together.
  return { kind, id: next.id, expected, next, events: named } as UnitOfWork.Write
}

/** Writes a company with one event. */
export const writeCompany = (next: Company.Open, expected: number, about = ""): UnitOfWork.Write =>
  write(
    "company",
    next,
    expected,
    [expected === 0 ? { _tag: "CompanyAdded", company: next } : { _tag: "CompanyRenamed", name: next.name }],
    about
  )

/** A change that holds what is given and nothing else. */
export const change = (
  organizationId: OrganizationId,
  parts: Partial<Omit<UnitOfWork.Change, "organizationId">>
): UnitOfWork.Change => ({ organizationId, actor, at: instant(), writes: [], claims: [], jobs: [], ...parts })

/** Binds profile `key` to connection `n`. */
export const hold = (organizationId: OrganizationId, key: Profile.Key, n: number): UnitOfWork.Claim => ({
  _tag: "Hold",
  key,
  connectionId: idOf("connection", organizationId, n),
  accountId: idOf("account", organizationId, n)
})

/** Frees profile `key` of connection `n`. */
export const release = (organizationId: OrganizationId, key: Profile.Key, n: number): UnitOfWork.Claim => ({
  _tag: "Release",
  key,
  connectionId: idOf("connection", organizationId, n)
})
