/**
 * Consents themselves (rules C1, S-R4, S-R7, X-R7): who gave them, who is responsible for them, what they give access
 * to, and using one for a further account or a further country without another authorization.
 */
import type { Access, Aggregate, Id, Refused } from "@portolan/domain"
import { Context, type Effect, Layer } from "effect"
import type { CallError } from "../../driven/ProviderApi.ts"
import type { InvalidCursor, NotFound, Page, PageRequest } from "../../driven/Repository.ts"
import type { StoreError } from "../../driven/StoreUnavailable.ts"
import type { WriteError, ProfileTaken } from "../../driven/UnitOfWork.ts"
import type { Choice } from "../authorizations/profiles/choices.ts"
import type { ProfileHeld } from "../authorizations/profiles/ProfileHeld.ts"
import { bound, type Service } from "../shared/deps.ts"
import { tokenDeps, type TokenError } from "./AccessTokens.ts"
import type { GrantFilter, GrantView } from "./grants/grantView.ts"
import * as ConfirmIdentity from "./grants/confirmIdentity.ts"
import * as ConfirmRevocation from "./grants/confirmRevocation.ts"
import * as FirstSeen from "./grants/firstSeen.ts"
import * as HandOver from "./grants/handOver.ts"
import * as Link from "./grants/link.ts"
import * as List from "./grants/list.ts"

export type { FirstSeen } from "./grants/firstSeen.ts"
export type { GrantView } from "./grants/grantView.ts"

/** Shows, hands over and uses consents. For callers without limits of access: a consent may serve many accounts. */
export interface Contract {
  /** Lists consents, the youngest first; those in use and those that ended unless states are named. */
  readonly list: (
    caller: Access.Caller,
    filter: GrantFilter,
    page: PageRequest
  ) => Effect.Effect<Page<GrantView>, Refused.Refused | InvalidCursor | StoreError>

  /** Reads one consent. */
  readonly view: (
    caller: Access.Caller,
    id: Id.GrantId
  ) => Effect.Effect<GrantView, Refused.Refused | NotFound | StoreError>

  /** Makes another member responsible for a consent. The one before has no part in it and may be gone (rule X-R7). */
  readonly handOver: (
    caller: Access.Caller,
    id: Id.GrantId,
    to: Id.MemberId
  ) => Effect.Effect<GrantView, Refused.Refused | NotFound | WriteError>

  /**
   * Records that somebody ended a consent at the provider by hand, after asking the provider had failed or was not
   * offered (rule C14). What the provider itself carried out stays as it is; a consent that is in use is refused.
   */
  readonly confirmRevocation: (
    caller: Access.Caller,
    id: Id.GrantId
  ) => Effect.Effect<GrantView, Refused.Refused | NotFound | WriteError>

  /** Any organization's consents, the youngest first, for an operator. */
  readonly listFor: (
    operator: Access.Operator,
    of: ConfirmIdentity.GrantsOf,
    page: PageRequest
  ) => Effect.Effect<Page<GrantView>, NotFound | InvalidCursor | StoreError>

  /** One of those. */
  readonly viewFor: (
    operator: Access.Operator,
    organizationId: Id.OrganizationId,
    id: Id.GrantId
  ) => Effect.Effect<GrantView, NotFound | StoreError>

  /** What one of those showed when it was recorded, and whether a person still chooses from it. */
  readonly firstSeenFor: (
    operator: Access.Operator,
    organizationId: Id.OrganizationId,
    id: Id.GrantId
  ) => Effect.Effect<FirstSeen.FirstSeen, NotFound | StoreError>

  /**
   * Puts it on record that an operator checked who a consent is of, where the provider cannot say (vendors, missing
   * roles). Operators act outside every organization, so no role is checked here. Refused without a reason, with one
   * longer than `Identity.becauseLimit`, and where the provider itself says who it is.
   */
  readonly confirmIdentity: (
    operator: Access.Operator,
    confirmation: ConfirmIdentity.ConfirmIdentity
  ) => Effect.Effect<GrantView, Refused.Refused | NotFound | WriteError>

  /** Takes a confirmation back; the consent is a claim again. Refused where no operator confirmed anything. */
  readonly takeBackIdentity: (
    operator: Access.Operator,
    consent: Pick<ConfirmIdentity.ConfirmIdentity, "grantId" | "organizationId">
  ) => Effect.Effect<GrantView, Refused.Refused | NotFound | WriteError>

  /** What a consent can offer to a connection: asks the provider, and says what speaks against each. */
  readonly choices: (
    caller: Access.Caller,
    id: Id.GrantId,
    connectionId: Id.ConnectionId
  ) => Effect.Effect<ReadonlyArray<Choice>, Refused.Refused | NotFound | TokenError | CallError>

  /**
   * Binds a profile that a consent sees to a connection, without another authorization: one login yields many accounts
   * (rule S-R4), and an added country lives under the account's own consent (rule P-R6). Refused for profiles the
   * consent does not see now.
   */
  readonly link: (
    caller: Access.Caller,
    id: Id.GrantId,
    profile: Link.LinkProfile
  ) => Effect.Effect<
    Aggregate.Present<"connection">,
    Refused.Refused | NotFound | ProfileHeld | TokenError | CallError | Exclude<WriteError, ProfileTaken>
  >
}

const verbs = { ...List, ...HandOver, ...ConfirmIdentity, ...ConfirmRevocation, ...FirstSeen, ...Link }

/** Shows, hands over and uses consents. For callers without limits of access: a consent may serve many accounts. */
export class Grants extends Context.Service<Grants, Service<Contract, typeof verbs>>()(
  "@portolan/ports/driving/Grants"
) {
  /** The service over the driven ports. */
  static readonly layer = Layer.effect(
    Grants,
    bound(tokenDeps("eventLog", "provider", "repository", "secrets", "unitOfWork"), verbs)
  )
}
