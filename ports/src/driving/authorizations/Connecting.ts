/**
 * The browser that goes to the provider and comes back (flow F1, steps 4 to 6; rules K-R8, K-R10 to K-R12):
 * "Authenticate now", and the callback that both ways end in.
 */
import type { Access, Channel, Failure, Id, Refused } from "@portolan/domain"
import { Context, type Effect, Layer, type Redacted } from "effect"
import type { CallError, ChannelUnavailable } from "../../driven/ProviderApi.ts"
import type { NotFound } from "../../driven/Repository.ts"
import type { StoreError } from "../../driven/StoreUnavailable.ts"
import type { KeyUnavailable, SecretUnacceptable, VaultUnavailable } from "../../driven/TokenVault.ts"
import type { WriteError } from "../../driven/UnitOfWork.ts"
import type { ProfileHeld } from "./profiles/ProfileHeld.ts"
import { bound, deps, type Service } from "../shared/deps.ts"
import * as AuthenticateNow from "./authenticateNow.ts"
import type { CallbackResult } from "./callbackResult.ts"
import * as LookAtStart from "./marketplace/lookAtStart.ts"
import * as StartAtMarketplace from "./marketplace/startAtMarketplace.ts"
import { type Begun, checkStart, type StartUnacceptable } from "./marketplace/StartUnacceptable.ts"
import * as TakeInToken from "./takeIn/takeInToken.ts"
import * as TakeInTokenFor from "./takeIn/takeInTokenFor.ts"
import * as Receive from "./receive.ts"
import type { AuthorizationRedirect } from "./redirect.ts"

export type { CallbackResult } from "./callbackResult.ts"
export type { StartTarget, StartView } from "./marketplace/lookAtStart.ts"
export { StartUnacceptable } from "./marketplace/StartUnacceptable.ts"
export type { TakeInToken, TakenIn } from "./takeIn/takeInToken.ts"
export type { TakeInTokenFor, TokenTarget, TokenTargets } from "./takeIn/takeInTokenFor.ts"
export type { AuthorizationRedirect } from "./redirect.ts"

/** What taking in a token may fail with. */
export type TakeInError =
  | Refused.Refused
  | NotFound
  | ProfileHeld
  | CallError
  | Failure.GrantRefused
  | KeyUnavailable
  | SecretUnacceptable
  | VaultUnavailable
  | WriteError

/** Sends browsers to the provider, and handles their callbacks. */
export interface Contract {
  /** Starts a consent by the person at the keyboard (rule K-R8). Repeated under a key, it gives the same redirect. */
  readonly authenticateNow: (
    caller: Access.Caller,
    connectionId: Id.ConnectionId,
    options?: AuthenticateNow.AuthenticateNow
  ) => Effect.Effect<AuthorizationRedirect, Refused.Refused | NotFound | ChannelUnavailable | WriteError>

  /**
   * Whether a consent can begin with a query of our log-in address: what can be said before anybody signed in. Nothing
   * is read and nothing changes.
   */
  readonly checkStart: (channel: Channel.Channel, query: URLSearchParams) => Effect.Effect<Begun, StartUnacceptable>

  /**
   * Shows which accounts a consent may be for that began at the marketplace: those that it renews, matched by a proven
   * id, and others. `query` is that of our log-in address, which the provider opened. Changes nothing.
   */
  readonly lookAtStart: (
    caller: Access.Caller,
    channel: Channel.Channel,
    query: URLSearchParams
  ) => Effect.Effect<LookAtStart.StartView, StartUnacceptable | Refused.Refused | NotFound | StoreError>

  /**
   * Starts such a consent for the connection that the person chose, and leads to the provider's confirmation page.
   * Refused for a connection that is bound to another seller.
   */
  readonly startAtMarketplace: (
    caller: Access.Caller,
    start: StartAtMarketplace.StartAtMarketplace
  ) => Effect.Effect<
    AuthorizationRedirect,
    StartUnacceptable | Refused.Refused | NotFound | ChannelUnavailable | WriteError
  >

  /**
   * Takes in a refresh token that was given without a redirect: of a private application, or from a system that a team
   * leaves. The provider is asked first whether it works, whose it is and what it gives access to; one that it refuses
   * leaves nothing behind. The same token again changes nothing; for a further connection it joins the same consent.
   */
  readonly takeInToken: (
    caller: Access.Caller,
    token: TakeInToken.TakeInToken
  ) => Effect.Effect<TakeInToken.TakenIn, TakeInError>

  /** The same by an operator, for a connection of any organization. The history names the operator. */
  readonly takeInTokenFor: (
    operator: Access.Operator,
    token: TakeInTokenFor.TakeInTokenFor
  ) => Effect.Effect<TakeInToken.TakenIn, TakeInError>

  /**
   * The connections of any organization that a token can be taken in for, the oldest first, at most a page of them.
   * `search` narrows them to companies with it in their name or brand.
   */
  readonly tokenTargets: (
    operator: Access.Operator,
    organizationId: Id.OrganizationId,
    search?: string
  ) => Effect.Effect<TakeInTokenFor.TokenTargets, NotFound | StoreError>

  /**
   * Handles a callback. The first callback of an authorization is handled, whatever it says; every later one gets the
   * outcome. The code is exchanged once, and its tokens are in the vault before anything else is written.
   */
  readonly receive: (
    channel: Channel.Channel,
    query: URLSearchParams,
    browser: Redacted.Redacted<string> | undefined
  ) => Effect.Effect<CallbackResult, StoreError | WriteError>
}

const verbs = {
  ...AuthenticateNow,
  checkStart,
  ...LookAtStart,
  ...Receive,
  ...StartAtMarketplace,
  ...TakeInToken,
  ...TakeInTokenFor
}

/** Sends browsers to the provider, and handles their callbacks. */
export class Connecting extends Context.Service<Connecting, Service<Contract, typeof verbs>>()(
  "@portolan/ports/driving/Connecting"
) {
  /** The service over the driven ports. */
  static readonly layer = Layer.effect(
    Connecting,
    bound(deps("auditLog", "deployment", "provider", "repository", "secrets", "unitOfWork", "vault"), verbs)
  )
}
