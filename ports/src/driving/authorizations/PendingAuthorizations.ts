/**
 * Consents that wait for a person's choice (flow F1, step 6; rules K-R11 to K-R14). Consent alone connects nothing: a
 * member chooses the profile, and storage binds it to this account alone (rule C4).
 */
import type { Access, Authorization, Id, Refused } from "@portolan/domain"
import { Context, type Effect, Layer } from "effect"
import type { CallError } from "../../driven/ProviderApi.ts"
import type { InvalidCursor, NotFound, Page, PageRequest } from "../../driven/Repository.ts"
import type { StoreError } from "../../driven/StoreUnavailable.ts"
import type { WriteError, ProfileTaken } from "../../driven/UnitOfWork.ts"
import { bound, type Service } from "../shared/deps.ts"
import { tokenDeps, type TokenError } from "../tokens/AccessTokens.ts"
import type { AuthorizationView } from "./pending/authorizationView.ts"
import * as List from "./pending/list.ts"
import * as Select from "./pending/select.ts"
import * as View from "./pending/view.ts"
import type { ProfileHeld } from "./profiles/ProfileHeld.ts"

export type { AuthorizationView } from "./pending/authorizationView.ts"
export type { Choice } from "./profiles/choices.ts"
export { ProfileHeld } from "./profiles/ProfileHeld.ts"

/** Lists, shows and finishes consents. */
export interface Contract {
  /** The authorizations that wait for a choice, the youngest first, without their choices. */
  readonly list: (
    caller: Access.Caller,
    page: PageRequest
  ) => Effect.Effect<Page<AuthorizationView>, Refused.Refused | InvalidCursor | NotFound | StoreError>

  /** How many authorizations wait for a choice; counting ends at `most`, which is at most a page. */
  readonly count: (caller: Access.Caller, most: number) => Effect.Effect<number, Refused.Refused | StoreError>

  /** The authorizations of one connection, whatever became of them, the youngest first. */
  readonly ofConnection: (
    caller: Access.Caller,
    connectionId: Id.ConnectionId,
    page: PageRequest
  ) => Effect.Effect<Page<Authorization.Present>, Refused.Refused | NotFound | InvalidCursor | StoreError>

  /** One authorization with its choices. */
  readonly view: (
    caller: Access.Caller,
    id: Id.AuthorizationId
  ) => Effect.Effect<AuthorizationView, Refused.Refused | NotFound | StoreError>

  /** Asks the provider again what the consent can see, and remembers it. */
  readonly lookAgain: (
    caller: Access.Caller,
    id: Id.AuthorizationId
  ) => Effect.Effect<AuthorizationView, Refused.Refused | NotFound | WriteError | TokenError | CallError>

  /**
   * Binds the chosen profile to the account and finishes the authorization: the connection is live, its first load is
   * planned. `confirmed` says that the person saw the warnings. Reconnecting must be the same profile (rule C10);
   * `keepsReplaced` leaves the earlier login in place to fall back to (rule S-R7).
   */
  readonly select: (
    caller: Access.Caller,
    id: Id.AuthorizationId,
    selection: Select.SelectProfile
  ) => Effect.Effect<
    Authorization.Present,
    Refused.Refused | NotFound | ProfileHeld | Exclude<WriteError, ProfileTaken>
  >

  /** Drops a consent without using it; its tokens are forgotten. */
  readonly dismiss: (
    caller: Access.Caller,
    id: Id.AuthorizationId,
    because: string
  ) => Effect.Effect<Authorization.Present, Refused.Refused | NotFound | WriteError>
}

const verbs = { ...List, ...View, ...Select }

/** Lists, shows and finishes consents. */
export class PendingAuthorizations extends Context.Service<PendingAuthorizations, Service<Contract, typeof verbs>>()(
  "@portolan/ports/driving/PendingAuthorizations"
) {
  /** The service over the driven ports. */
  static readonly layer = Layer.effect(
    PendingAuthorizations,
    bound(tokenDeps("provider", "repository", "secrets", "unitOfWork"), verbs)
  )
}
