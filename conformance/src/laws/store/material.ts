/** Aggregates, profiles and changes for cases. All ids follow from the case's organizations, so no two cases meet. */
import { createHash } from "node:crypto"
import {
  type Account, type Actor, type Aggregate, type Authorization, type Backfill, type Company, type Connection, type Grant,
  Id, type Intent, type Invitation, Profile
} from "@portolan/domain"
import type { UnitOfWork } from "@portolan/ports"
import { DateTime, Schema } from "effect"
import { startsAt } from "../../Simulation.ts"
import type { StoreInstance } from "./StoreInstance.ts"

type OrganizationId = Id.OrganizationId

/** An instant this many milliseconds after the beginning of all cases. */
export const instant = (millis = 0): DateTime.Utc => DateTime.makeUnsafe(startsAt + millis)

const digest = (...about: ReadonlyArray<string | number>) => createHash("sha256").update(JSON.stringify(about)).digest()

/** Names the `n`-th thing of a kind of an organization: the same id each time, in no particular order. */
export const idOf = <K extends Id.Kind>(kind: K, organizationId: OrganizationId, n: number | string): Id.ByKind[K] =>
  Id.make(kind, startsAt, new Uint8Array(digest(kind, organizationId, n)).slice(0, Id.entropyBytes))

/** A digest as lookups use them, in hexadecimal. */
export const digestOf = (organizationId: OrganizationId, n: number | string) => digest(organizationId, n).toString("hex")

const toExternalId = Schema.decodeUnknownSync(Profile.ExternalId)
const toKey = Schema.decodeUnknownSync(Profile.Key)

/** A profile with this provider's identifier. Text of the case's own has to be part of it: profiles are unique for ever. */
export const keyOf = (externalId: string): Profile.Key =>
  toKey({ channel: "amazon-ads", region: "NA", marketplaceId: "ATVPDKIKX0DER", externalId: toExternalId(externalId) })

/** The `n`-th profile of a case. */
export const profile = ({ organizations: [organizationId] }: StoreInstance, n: number): Profile.Key =>
  keyOf(`${organizationId.slice(-14)}.${n}`)

/** Eight digits that are the case's own, for identifiers that consist of digits. */
export const caseDigits = ({ organizations: [organizationId] }: StoreInstance): string =>
  String(digest(organizationId).readUInt32BE(0) % 100_000_000).padStart(8, "0")

/** Who does everything in the cases, unless a law is about who. */
export const actor: Actor.Actor = { _tag: "System", part: "conformance" }

/** A company. */
export const company = (organizationId: OrganizationId, n: number | string, name: string, at = 0): Company.Open => ({
  _tag: "Open", id: idOf("company", organizationId, n), organizationId, name,
  brands: [{ id: idOf("brand", organizationId, n), name: "House brand" }], createdAt: instant(at)
})

/** An account of company `of`. */
export const account = (organizationId: OrganizationId, n: number | string, of: number | string, at = 0): Account.Open => ({
  _tag: "Open", id: idOf("account", organizationId, n), organizationId, companyId: idOf("company", organizationId, of),
  name: `Account ${n}`, provider: "amazon", accountType: "seller", region: "NA",
  marketplaces: [keyOf("any").marketplaceId], brandIds: [idOf("brand", organizationId, of)],
  defaultBrandId: idOf("brand", organizationId, of), createdAt: instant(at)
})

const ofConnection = (organizationId: OrganizationId, n: number | string, of: number | string) => ({
  organizationId, companyId: idOf("company", organizationId, of), accountId: idOf("account", organizationId, n),
  channel: "amazon-ads" as const
})

/** A connection that was proposed for account `n` of company `of`. */
export const proposed = (
  organizationId: OrganizationId, n: number | string, of: number | string = n, at = 0
): Extract<Connection.Present, { readonly _tag: "Proposed" }> => ({
  _tag: "Proposed", id: idOf("connection", organizationId, n), ...ofConnection(organizationId, n, of), optional: false,
  proposedAt: instant(at)
})

/** A connection that lives on grant `grant` and is bound to `key`. */
export const connected = (
  organizationId: OrganizationId, n: number | string, key: Profile.Key, grant: number | string = n, at = 0
): Extract<Connection.Present, { readonly _tag: "Connected" }> => ({
  ...proposed(organizationId, n, n, at), _tag: "Connected", provenAt: instant(at),
  link: {
    grantId: idOf("grant", organizationId, grant), permission: "edit", linkedAt: instant(at), linkedBy: actor,
    profile: {
      _tag: "SellingPartner", key, name: "Shop", countryCode: "US", currency: "USD", type: "seller",
      isParticipating: true, hasSuspendedListings: false
    }
  }
})

/** A trip to the provider that was started for connection `of`. */
export const trip = (
  organizationId: OrganizationId, n: number | string, of: number | string = n, at = 0
): Extract<Authorization.Present, { readonly _tag: "Started" }> => ({
  _tag: "Started", id: idOf("authorization", organizationId, n), ...ofConnection(organizationId, of, of),
  connectionId: idOf("connection", organizationId, of), accountType: "seller", region: "NA",
  marketplaceId: keyOf("any").marketplaceId, origin: { _tag: "Direct", actor },
  stateDigest: digestOf(organizationId, `state ${n}`), browserDigest: digestOf(organizationId, "browser"),
  startedAt: instant(at), expiresAt: instant(at + 900_000)
})

/** A link that was sent for connection `of`. */
export const link = (
  organizationId: OrganizationId, n: number | string, of: number | string = n, at = 0
): Invitation.Open => ({
  _tag: "Open", id: idOf("invitation", organizationId, n), ...ofConnection(organizationId, of, of),
  connectionId: idOf("connection", organizationId, of), tokenDigest: digestOf(organizationId, `token ${n}`),
  issuedBy: actor, issuedAt: instant(at), expiresAt: instant(at + 604_800_000), attempts: 0
})

/** A grant from trip `n`. */
export const grant = (organizationId: OrganizationId, n: number | string, grantor: string): Grant.Active => ({
  _tag: "Active", id: idOf("grant", organizationId, n), organizationId,
  authorizationId: idOf("authorization", organizationId, n), channel: "amazon-ads", region: "NA", grantor,
  consentedAt: instant()
})

/** The first load of connection `n`. */
export const backfill = (
  organizationId: OrganizationId, n: number | string
): Extract<Backfill.Present, { readonly _tag: "Running" }> => ({
  _tag: "Running", id: idOf("backfill", organizationId, n), organizationId,
  connectionId: idOf("connection", organizationId, n), accountId: idOf("account", organizationId, n),
  finalisedAt: instant(), windows: [], promises: [{ dataClass: "advertising", dueAt: instant(86_400_000) }]
})

/** A piece of work. */
export const intent = (organizationId: OrganizationId, n: number | string, millis = 3_600_000): Intent.Intent => ({
  id: idOf("intent", organizationId, n), organizationId, dueAt: instant(millis),
  work: { _tag: "CancelBackfill", connectionId: idOf("connection", organizationId, 0) }
})

/** One aggregate's part of a change; the events get ids that follow from the aggregate and the version it leads to. */
export const write = <K extends Aggregate.Kind>(
  kind: K, next: Aggregate.Present<K>, expected: number, events: ReadonlyArray<Aggregate.Types[K]["event"]>, about = ""
): UnitOfWork.Write => {
  const named = events.map((event, index) => ({
    id: idOf("event", next.organizationId, `${next.id} ${expected + 1} ${index} ${about}`), event
  }))
  // The union pairs kind, state and events; a function over all kinds can only promise that they belong together.
  return { kind, id: next.id, expected, next, events: named } as UnitOfWork.Write
}

/** Writes a company with one event. */
export const writeCompany = (next: Company.Open, expected: number, about = ""): UnitOfWork.Write =>
  write("company", next, expected, [
    expected === 0 ? { _tag: "CompanyAdded", company: next } : { _tag: "CompanyRenamed", name: next.name }
  ], about)

/** A change that holds what is given and nothing else. */
export const change = (
  organizationId: OrganizationId,
  parts: Partial<Omit<UnitOfWork.Change, "organizationId">>
): UnitOfWork.Change => ({ organizationId, actor, at: instant(), writes: [], claims: [], intents: [], ...parts })

/** Binds profile `key` to connection `n`. */
export const hold = (organizationId: OrganizationId, key: Profile.Key, n: number): UnitOfWork.Claim => ({
  _tag: "Hold", key, connectionId: idOf("connection", organizationId, n), accountId: idOf("account", organizationId, n)
})

/** Frees profile `key` of connection `n`. */
export const release = (organizationId: OrganizationId, key: Profile.Key, n: number): UnitOfWork.Claim => ({
  _tag: "Release", key, connectionId: idOf("connection", organizationId, n)
})
