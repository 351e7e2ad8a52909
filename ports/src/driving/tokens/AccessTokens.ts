/**
 * Live access tokens. Grants own tokens, and one refresh serves all who wait: within a process through one shared
 * refresh, across processes through a lease of the vault.
 */
import type { Access, Id, Refused } from "@portolan/domain"
import { Context, Effect, Layer, type Redacted } from "effect"
import { counted } from "../shared/counting.ts"
import { bind, type Deps, deps, type PortName, type Service } from "../shared/deps.ts"
import { tokenReads } from "./metrics.ts"
import * as OfConnection from "./ofConnection.ts"
import * as OfGrant from "./ofGrant.ts"
import * as OfKey from "./ofKey.ts"
import type { TokenError } from "./refresh.ts"
import type { AccessToken } from "./storedTokens.ts"

export type { TokenError } from "./refresh.ts"
export { type AccessToken, margin } from "./storedTokens.ts"

/** Hands out access tokens. */
export interface Contract {
  /**
   * A token of a grant, good for at least `margin`. `refused` names a token that the provider did not accept although
   * it should be good; it is replaced first. Fails with `GrantRefused` when the provider proves the grant dead; by then
   * every connection that lives on it needs reauthorization. Fails with `Temporary` when the provider is silent.
   */
  readonly ofGrant: (
    organizationId: Id.OrganizationId,
    grantId: Id.GrantId,
    refused?: Redacted.Redacted<string>
  ) => Effect.Effect<AccessToken, TokenError>

  /**
   * The token of a connection, for software that calls the provider itself. The caller needs the role to connect, and
   * the right to change every account that the same consent serves: a token is good for all of them. `refused` names
   * the token that the provider did not accept; when it is still the latest one, it is replaced, which also shows
   * whether the consent lives.
   */
  readonly ofConnection: (
    caller: Access.Caller,
    connectionId: Id.ConnectionId,
    refused?: Redacted.Redacted<string>
  ) => Effect.Effect<AccessToken, TokenError | Refused.Refused>

  /**
   * The same for the API key of an `Authorization` header, in one reading of the store (`TokenReads`). Gives a token
   * when there is a good one that the key may have; otherwise, and when something fails, nothing: `Callers.whoIs` and
   * `ofConnection` then refresh, or say why not. `operation` is what the record says that it was read for.
   */
  readonly ofKey: (headers: Headers, connectionId: string, operation?: string) => Effect.Effect<AccessToken | undefined>
}

const verbs = {
  ofGrant: counted(tokenReads, { for: "work" })(OfGrant.ofGrant),
  ofConnection: counted(tokenReads, { for: "software" })(OfConnection.ofConnection),
  ofKey: OfKey.ofKey
}

/** Hands out access tokens. */
export class AccessTokens extends Context.Service<AccessTokens, Service<Contract, typeof verbs>>()(
  "@portolan/ports/driving/AccessTokens"
) {
  /** Tokens over the vault and the provider. */
  static readonly layer = Layer.effect(
    AccessTokens,
    Effect.gen(function* () {
      const refreshes: OfGrant.Refreshes = { scope: yield* Effect.scope, running: new Map() }
      const read = {
        ...(yield* deps("provider", "repository", "secrets", "tokenReads", "unitOfWork", "vault")),
        refreshes
      }
      return {
        ...bind(read, verbs),
        // It logs nothing and makes no span, so there is nothing to bind: nothing is called more often.
        ofKey: (headers: Headers, connectionId: string, operation?: string) =>
          OfKey.ofKey(read, headers, connectionId, operation)
      }
    })
  )
}

/**
 * Driven ports, and the service that hands out access tokens: for functions that call the provider in the name of a
 * grant.
 */
export type TokenDeps<Name extends PortName> = Deps<Name> & { readonly accessTokens: AccessTokens["Service"] }

/** Reads ports and the token service, once, when a layer is built. */
export const tokenDeps = <const Name extends PortName>(...names: ReadonlyArray<Name>) =>
  Effect.map(Effect.all([deps(...names), AccessTokens]), ([read, accessTokens]): TokenDeps<Name> => ({
    ...read,
    accessTokens
  }))
