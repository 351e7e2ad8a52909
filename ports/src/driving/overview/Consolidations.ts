/**
 * Gathering a company's accounts under one main login (flow F4, rules S-R1 to S-R7). It records what people say they
 * did and what a login was really seen to reach; nothing here changes anything at a provider. One consolidation a
 * company: its id follows from the company's, and it begins with the first thing that is said.
 */
import type { Access, Id, Refused } from "@portolan/domain"
import { Context, type Effect, Layer, type Redacted } from "effect"
import type { CallError } from "../../driven/ProviderApi.ts"
import type { NotFound } from "../../driven/Repository.ts"
import type { StoreError } from "../../driven/StoreUnavailable.ts"
import type { WriteError } from "../../driven/UnitOfWork.ts"
import { bound, type Service } from "../shared/deps.ts"
import type { IdempotencyKey } from "../shared/idempotency.ts"
import { type TokenError, tokenDeps } from "../tokens/AccessTokens.ts"
import type { CredentialInput, Observation, ProviderAccountInput, Recipient, Statement } from "./consolidationInput.ts"
import type { ConsolidationView } from "./consolidationView.ts"
import * as ObserveLogin from "./observeLogin.ts"
import type { SharedPlan } from "./planAddress.ts"
import * as RecordStatement from "./recordStatement.ts"
import * as SharePlan from "./sharePlan.ts"

export type * from "./consolidationInput.ts"
export type { Address, Consent, ConsolidationView } from "./consolidationView.ts"
export type { SharedPlan } from "./planAddress.ts"
export type { NewProviderAccount } from "./providerAccounts.ts"

type ChangeError = Refused.Refused | NotFound | WriteError

/** A command on a company's consolidation, and the consolidation as it is then. */
type Change = (caller: Access.Caller, companyId: Id.CompanyId) => Effect.Effect<ConsolidationView, ChangeError>

/**
 * Gathers accounts under one login. For callers with unlimited access: the logins of a company concern all its
 * accounts.
 */
export interface Contract {
  /** Shows a company's consolidation with its plan; an empty one when nobody has begun. */
  readonly view: (
    caller: Access.Caller,
    companyId: Id.CompanyId
  ) => Effect.Effect<ConsolidationView, Refused.Refused | NotFound | StoreError>

  /** Adds a login. */
  readonly addCredential: (
    caller: Access.Caller,
    input: CredentialInput,
    idempotencyKey?: IdempotencyKey
  ) => Effect.Effect<ConsolidationView, ChangeError>

  /** Adds an account of the provider; one that is linked to an account here takes name, type and countries from it. */
  readonly addAccount: (
    caller: Access.Caller,
    input: ProviderAccountInput,
    idempotencyKey?: IdempotencyKey
  ) => Effect.Effect<ConsolidationView, ChangeError>

  /** Records what somebody says: who administers, who was granted what, which login is the main one. */
  readonly record: (
    caller: Access.Caller,
    companyId: Id.CompanyId,
    statement: Statement
  ) => Effect.Effect<ConsolidationView, ChangeError>

  /**
   * Asks the provider what a login sees and records it: accesses gained and lost, accounts nobody has added (rules
   * S-R3, S-R6).
   */
  readonly observe: (
    caller: Access.Caller,
    companyId: Id.CompanyId,
    observation: Observation
  ) => Effect.Effect<ConsolidationView, ChangeError | TokenError | CallError>

  /** Makes an address that shows the plan without a sign-in, for 30 days; an earlier one stops working. */
  readonly share: Change

  /** Withdraws the address. */
  readonly unshare: Change

  /** Mails the address to somebody who has to sign in for the plan; makes one when there is none that works. */
  readonly mail: (
    caller: Access.Caller,
    companyId: Id.CompanyId,
    to: Recipient
  ) => Effect.Effect<ConsolidationView, ChangeError>

  /**
   * The plan behind an address, for anybody who has it. An address that never was and one that a newer one replaced are
   * not found in the same words; the latest one is refused with the reason when its time is over.
   */
  readonly shared: (
    token: Redacted.Redacted<string>
  ) => Effect.Effect<SharedPlan, Refused.Refused | NotFound | StoreError>
}

const verbs = { ...RecordStatement, ...ObserveLogin, ...SharePlan }

/** Gathers accounts under one login. */
export class Consolidations extends Context.Service<Consolidations, Service<Contract, typeof verbs>>()(
  "@portolan/ports/driving/Consolidations"
) {
  /** The service over the driven ports and the access tokens. */
  static readonly layer = Layer.effect(
    Consolidations,
    bound(tokenDeps("deployment", "eventLog", "provider", "repository", "secrets", "unitOfWork"), verbs)
  )
}
