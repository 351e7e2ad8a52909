/**
 * Identifiers: a prefix that says the kind, then 26 characters of Crockford's base 32 (48 bits of milliseconds, 80 bits
 * of randomness), so ids sort by creation and a swapped id fails to decode. An id is a name, never a secret.
 */
import * as Schema from "effect/Schema"

const alphabet = "0123456789abcdefghjkmnpqrstvwxyz"

const id = <const Brand extends string>(prefix: string, brand: Brand) =>
  Schema.String.check(Schema.isPattern(new RegExp(`^${prefix}_[${alphabet}]{26}$`, "u"))).pipe(
    Schema.brand<Brand>(brand as never)
  )

/** The tenant. */
export const OrganizationId = id("org", "OrganizationId")
export type OrganizationId = typeof OrganizationId.Type
/** A human member of an organization. */
export const PersonId = id("per", "PersonId")
export type PersonId = typeof PersonId.Type
/** A business whose accounts are connected. */
export const CompanyId = id("com", "CompanyId")
export type CompanyId = typeof CompanyId.Type
/** A brand of a company. */
export const BrandId = id("bra", "BrandId")
export type BrandId = typeof BrandId.Type
/** A seller, vendor or advertiser account. */
export const AccountId = id("acc", "AccountId")
export type AccountId = typeof AccountId.Type
/** One account reached through one channel. */
export const ConnectionId = id("con", "ConnectionId")
export type ConnectionId = typeof ConnectionId.Type
/** One authorization at the provider. */
export const AuthorizationId = id("aut", "AuthorizationId")
export type AuthorizationId = typeof AuthorizationId.Type
/** A link sent to a person. */
export const InvitationId = id("inv", "InvitationId")
export type InvitationId = typeof InvitationId.Type
/** One consent at a provider. */
export const GrantId = id("gra", "GrantId")
export type GrantId = typeof GrantId.Type
/** The first load of one connection. */
export const BackfillId = id("bac", "BackfillId")
export type BackfillId = typeof BackfillId.Type
/** A company's logins at a provider and who may see what with them. */
export const ConsolidationId = id("cns", "ConsolidationId")
export type ConsolidationId = typeof ConsolidationId.Type
/** One login at a provider. A name of ours for it, never the secret it signs in with. */
export const CredentialId = id("crd", "CredentialId")
export type CredentialId = typeof CredentialId.Type
/** Why one connection's account is missing or limited. */
export const DiagnosisId = id("dia", "DiagnosisId")
export type DiagnosisId = typeof DiagnosisId.Type
/** One e-mail address in one organization: invited, a member, or no longer one. */
export const MemberId = id("mem", "MemberId")
export type MemberId = typeof MemberId.Type
/** A key for software that acts for an organization. */
export const ApiKeyId = id("key", "ApiKeyId")
export type ApiKeyId = typeof ApiKeyId.Type
/** An advertiser that let us in as its partner. */
export const AdvertiserId = id("adv", "AdvertiserId")
export type AdvertiserId = typeof AdvertiserId.Type
/** An organization's expectation that an advertiser will let us in. */
export const AwaitedId = id("awa", "AwaitedId")
export type AwaitedId = typeof AwaitedId.Type
/** Trouble that many grants or organizations have at a provider at once. */
export const IncidentId = id("inc", "IncidentId")
export type IncidentId = typeof IncidentId.Type
/** One thing that happened. */
export const EventId = id("evt", "EventId")
export type EventId = typeof EventId.Type
/** One piece of follow-up work. */
export const JobId = id("int", "JobId")
export type JobId = typeof JobId.Type

const prefixes = {
  organization: "org",
  person: "per",
  company: "com",
  brand: "bra",
  account: "acc",
  connection: "con",
  authorization: "aut",
  invitation: "inv",
  grant: "gra",
  backfill: "bac",
  consolidation: "cns",
  credential: "crd",
  diagnosis: "dia",
  member: "mem",
  apiKey: "key",
  advertiser: "adv",
  awaited: "awa",
  incident: "inc",
  event: "evt",
  job: "int"
} as const

/** Every kind of identifier. */
export type Kind = keyof typeof prefixes

/** The identifier type of a kind. */
export interface ByKind {
  readonly organization: OrganizationId
  readonly person: PersonId
  readonly company: CompanyId
  readonly brand: BrandId
  readonly account: AccountId
  readonly connection: ConnectionId
  readonly authorization: AuthorizationId
  readonly invitation: InvitationId
  readonly grant: GrantId
  readonly backfill: BackfillId
  readonly consolidation: ConsolidationId
  readonly credential: CredentialId
  readonly diagnosis: DiagnosisId
  readonly member: MemberId
  readonly apiKey: ApiKeyId
  readonly advertiser: AdvertiserId
  readonly awaited: AwaitedId
  readonly incident: IncidentId
  readonly event: EventId
  readonly job: JobId
}

/**
 * The installation itself, as the tenant of what belongs to no customer: the directory of discovered advertisers, and
 * mails to people who are members of nothing yet. Nobody is a member of it; operators act in it.
 */
export const installation = "org_00000000000000000000000000" as OrganizationId

/**
 * The grant of a record that was written before it named one (`records/upcasters.ts`). No grant has this id, so whoever
 * looks for it finds nothing.
 */
export const unknownGrant = "gra_00000000000000000000000000" as GrantId

/** Number of random bytes that `make` wants. */
export const entropyBytes = 10

/**
 * Builds an id from an instant in epoch milliseconds and ten random bytes. Ids made in different milliseconds sort by
 * time; within one millisecond their order is random.
 */
export const make = <K extends Kind>(kind: K, millis: number, entropy: Uint8Array): ByKind[K] => {
  let text = ""
  let time = Math.max(0, Math.floor(millis))
  for (let index = 0; index < 10; index++) {
    text = alphabet[time % 32] + text
    time = Math.floor(time / 32)
  }
  // 80 bits as sixteen groups of five, read from a rolling buffer.
  let buffer = 0
  let bits = 0
  for (let index = 0; index < entropyBytes; index++) {
    buffer = ((buffer << 8) | (entropy[index] ?? 0)) & 0xfff
    bits += 8
    while (bits >= 5) {
      bits -= 5
      text += alphabet[(buffer >> bits) & 31]
    }
  }
  return `${prefixes[kind]}_${text}` as ByKind[K]
}

/** The instant an id was made from, in epoch milliseconds. */
export const millis = (id: ByKind[Kind]): number =>
  id
    .slice(4, 14)
    .split("")
    .reduce((time, digit) => time * 32 + alphabet.indexOf(digit), 0)
