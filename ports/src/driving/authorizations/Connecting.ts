/**
 * The browser that goes to the provider and comes back (flow F1, steps 4 to 6; rules K-R8, K-R10 to K-R12):
 * "Authenticate now", and the callback that both ways end in.
 */
import type { Access, Channel, Id, Refused } from "@portolan/domain"
import { Context, type Effect, Layer, type Redacted } from "effect"
import type { ChannelUnavailable } from "../../driven/ProviderApi.ts"
import type { NotFound } from "../../driven/Repository.ts"
import type { StoreError } from "../../driven/StoreUnavailable.ts"
import type { WriteError } from "../../driven/UnitOfWork.ts"
import { bound, deps, type Service } from "../shared/deps.ts"
import * as AuthenticateNow from "./authenticateNow.ts"
import type { CallbackResult } from "./callbackResult.ts"
import * as Receive from "./receive.ts"
import type { AuthorizationRedirect } from "./redirect.ts"

export type { CallbackResult } from "./callbackResult.ts"
export type { AuthorizationRedirect } from "./redirect.ts"

/** Sends browsers to the provider, and handles their callbacks. */
export interface Contract {
  /** Starts a consent by the person at the keyboard (rule K-R8). Repeated under a key, it gives the same redirect. */
  readonly authenticateNow: (
    caller: Access.Caller,
    connectionId: Id.ConnectionId,
    options?: AuthenticateNow.AuthenticateNow
  ) => Effect.Effect<AuthorizationRedirect, Refused.Refused | NotFound | ChannelUnavailable | WriteError>

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

const verbs = { ...AuthenticateNow, ...Receive }

/** Sends browsers to the provider, and handles their callbacks. */
export class Connecting extends Context.Service<Connecting, Service<Contract, typeof verbs>>()(
  "@portolan/ports/driving/Connecting"
) {
  /** The service over the driven ports. */
  static readonly layer = Layer.effect(
    Connecting,
    bound(deps("deployment", "provider", "repository", "secrets", "unitOfWork", "vault"), verbs)
  )
}
