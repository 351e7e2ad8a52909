/** What people say about a consolidation. */
import type { Consolidation, Id, Text } from "@portolan/domain"
import type { DateTime } from "effect"
import type { NewProviderAccount } from "./providerAccounts.ts"

type WithoutInstant<C> = C extends { readonly at: DateTime.Utc } ? Omit<C, "at"> : C

type Stated =
  | "RemoveCredential"
  | "LinkProviderAccount"
  | "UnlinkProviderAccount"
  | "RemoveProviderAccount"
  | "NameAdministrator"
  | "CorrectAdministrator"
  | "HandOver"
  | "Grant"
  | "Withdraw"
  | "ChooseMain"

/** What somebody may say about a consolidation that exists; `performerId` is the login that did it at the provider. */
export type Statement = WithoutInstant<Extract<Consolidation.Command, { readonly _tag: Stated }>> | CorrectCredential

/**
 * Another name or address of a login. It stays with its provider, and what the provider calls it is kept unless given.
 */
export interface CorrectCredential {
  readonly _tag: "CorrectCredential"
  readonly credential: Omit<Consolidation.Open["credentials"][number], "provider">
}

/** A login that somebody adds. */
export type NewCredential = Omit<Consolidation.Open["credentials"][number], "id" | "providerUserId">

/** A login for a company's consolidation. */
export interface CredentialInput {
  readonly companyId: Id.CompanyId
  readonly credential: NewCredential
}

/** An account of the provider for a company's consolidation. */
export interface ProviderAccountInput {
  readonly companyId: Id.CompanyId
  readonly account: NewProviderAccount
}

/** Which login to ask about, and with which consent; without one, the one that this login is known to have given. */
export interface Observation {
  readonly credentialId: Id.CredentialId
  readonly grantId?: Id.GrantId | undefined
}

/** A person the plan is mailed to. */
export interface Recipient {
  readonly email: Text.Email
  readonly name?: Text.Name
  readonly message?: string
}
