/** A consolidation: its logins, accounts and accesses, what happened to it, and what can be asked of it. */
import type { DateTime } from "effect"
import * as Schema from "effect/Schema"
import { AccountId, CompanyId, ConsolidationId, CredentialId, OrganizationId } from "../../kernel/Id.ts"
import type { Permission } from "../../providers/Permission.ts"
import { Look, type Seen } from "../Look.ts"
import * as PlanShare from "../PlanShare.ts"
import { Credential, ProviderAccount, ProviderAccountId, SecondaryAccess } from "../ProviderAccount.ts"

const fields = {
  id: ConsolidationId,
  organizationId: OrganizationId,
  companyId: CompanyId,
  openedAt: Schema.DateTimeUtc
}

/** Absent until opened. */
export const State = Schema.TaggedUnion({
  Absent: {},
  Open: {
    ...fields,
    credentials: Schema.Array(Credential),
    accounts: Schema.Array(ProviderAccount),
    accesses: Schema.Array(SecondaryAccess),
    looks: Schema.Array(Look),
    mainCredentialId: Schema.optionalKey(CredentialId),
    /** The latest address that shows the plan without a sign-in. */
    share: Schema.optionalKey(PlanShare.Share)
  }
})
export type State = typeof State.Type
/** A consolidation with its logins and accounts. */
export type Open = Extract<State, { readonly _tag: "Open" }>
/** The state before the first event. */
export const initial: State = { _tag: "Absent" }

/** Limits of this product, not of a provider. */
export const limits = { credentials: 100, accounts: 1000, accesses: 5000, seen: 5000, unknown: 1000 } as const

const linkedAccountId = Schema.optionalKey(AccountId)

/** What happened. Events that matter to one of our accounts name it in `linkedAccountId`. */
export const Event = Schema.TaggedUnion({
  ConsolidationOpened: fields,
  CredentialAdded: { credential: Credential },
  CredentialCorrected: { credential: Credential },
  /** Its accesses end with it. */
  CredentialRemoved: { credentialId: CredentialId },
  ProviderAccountAdded: { account: ProviderAccount },
  ProviderAccountLinked: { accountId: ProviderAccountId, linkedAccountId: AccountId },
  /** The link was a mistake; both accounts stay. */
  ProviderAccountUnlinked: { accountId: ProviderAccountId, linkedAccountId: AccountId },
  ProviderAccountRemoved: { accountId: ProviderAccountId },
  AdministratorNamed: { accountId: ProviderAccountId, credentialId: CredentialId },
  /**
   * The wrong login was named: `fromId` never administered the account, and keeps nothing by it. Without `toId`, nobody
   * is named until somebody knows.
   */
  AdministratorCorrected: {
    accountId: ProviderAccountId,
    fromId: CredentialId,
    toId: Schema.optionalKey(CredentialId),
    /** What the looks with `fromId` show of the account, which it sees as a secondary user then. */
    seen: Schema.optionalKey(SecondaryAccess)
  },
  /** The former administrator stays as a secondary user (rule C13). */
  AdministrationHandedOver: {
    accountId: ProviderAccountId,
    fromId: CredentialId,
    toId: CredentialId,
    at: Schema.DateTimeUtc,
    linkedAccountId
  },
  /** New, or with another permission than before, or seen after it was only reported. */
  SecondaryAccessGranted: { access: SecondaryAccess, linkedAccountId },
  /** Reported by the administrator or seen at the provider: the login loses the account, its data stay (rule S-R6). */
  SecondaryAccessRemoved: {
    accountId: ProviderAccountId,
    credentialId: CredentialId,
    source: Schema.Literals(["told", "seen"]),
    at: Schema.DateTimeUtc,
    linkedAccountId
  },
  LoginObserved: { look: Look },
  MainAccountChosen: { credentialId: CredentialId },
  ...PlanShare.events
})
export type Event = typeof Event.Type

/** What can be asked. `performerId` is the login that acts at the provider, `at` the caller's now. */
export type Command =
  | { readonly _tag: "Open"; readonly consolidation: Pick<Open, "id" | "organizationId" | "companyId" | "openedAt"> }
  | { readonly _tag: "AddCredential"; readonly credential: Credential }
  | { readonly _tag: "CorrectCredential"; readonly credential: Credential }
  | { readonly _tag: "RemoveCredential"; readonly credentialId: CredentialId }
  | { readonly _tag: "AddProviderAccount"; readonly account: ProviderAccount }
  | { readonly _tag: "LinkProviderAccount"; readonly accountId: ProviderAccountId; readonly linkedAccountId: AccountId }
  /** Takes a link back that was made to the wrong account. */
  | { readonly _tag: "UnlinkProviderAccount"; readonly accountId: ProviderAccountId }
  | { readonly _tag: "RemoveProviderAccount"; readonly accountId: ProviderAccountId }
  /** Names the administrator of an account that has none yet; another one takes over with `HandOver`. */
  | { readonly _tag: "NameAdministrator"; readonly accountId: ProviderAccountId; readonly credentialId: CredentialId }
  /**
   * Takes a name back that was wrong, and names another login, or nobody. Nothing happened at the provider; an
   * administration that moved there is told with `HandOver`.
   */
  | {
      readonly _tag: "CorrectAdministrator"
      readonly accountId: ProviderAccountId
      readonly credentialId?: CredentialId
    }
  | {
      readonly _tag: "HandOver"
      readonly accountId: ProviderAccountId
      readonly performerId: CredentialId
      readonly toId: CredentialId
      readonly at: DateTime.Utc
    }
  | {
      readonly _tag: "Grant"
      readonly accountId: ProviderAccountId
      readonly credentialId: CredentialId
      readonly permission: Permission
      readonly performerId: CredentialId
      readonly at: DateTime.Utc
    }
  | {
      readonly _tag: "Withdraw"
      readonly accountId: ProviderAccountId
      readonly credentialId: CredentialId
      readonly performerId: CredentialId
      readonly at: DateTime.Utc
    }
  | { readonly _tag: "ChooseMain"; readonly credentialId: CredentialId }
  /** The accounts that the provider shows to a login. */
  | ({ readonly _tag: "Observe"; readonly credentialId: CredentialId } & Seen)
  | PlanShare.Command

/** The command with a tag. */
export type CommandOf<Tag extends Command["_tag"]> = Extract<Command, { readonly _tag: Tag }>

/** The event with a tag. */
export type EventOf<Tag extends Event["_tag"]> = Extract<Event, { readonly _tag: Tag }>

/** A login by its id. */
export const credentialOf = (state: Open, id: CredentialId): Credential | undefined =>
  state.credentials.find((one) => one.id === id)

/** A provider's account by its id. */
export const accountOf = (state: Open, id: ProviderAccountId): ProviderAccount | undefined =>
  state.accounts.find((one) => one.id === id)

/** What a login may do with an account as a secondary user. */
export const accessOf = (
  state: Open,
  accountId: ProviderAccountId,
  credentialId: CredentialId
): SecondaryAccess | undefined =>
  state.accesses.find((one) => one.accountId === accountId && one.credentialId === credentialId)
