/**
 * The hottest question there is, in one reading: which API key is this, what does it belong to, and what is stored for
 * the connection it asks about. It decides nothing: the use case judges who may have the token.
 */
import type { Aggregate, Id } from "@portolan/domain"
import { Context, Effect, Layer } from "effect"
import { Repository } from "./Repository.ts"
import type { StoreError } from "./StoreUnavailable.ts"
import {
  type KeyUnavailable,
  type SecretCorrupted,
  type Stored,
  TokenVault,
  type VaultUnavailable
} from "./TokenVault.ts"
import { using } from "./TokenUse.ts"

/** What one reading gives. */
export interface Reading {
  readonly key: Aggregate.Present<"apiKey">
  /** Absent where organizations are kept elsewhere. */
  readonly organization: Aggregate.Present<"organization"> | undefined
  /** The connection of the key's organization. */
  readonly connection: Aggregate.Present<"connection">
  /** What the vault keeps for the consent that the connection uses. */
  readonly secret: Stored
}

/** Why there may be no reading. */
export type ReadingError = StoreError | KeyUnavailable | SecretCorrupted | VaultUnavailable

/** Reads what a token is handed out by. */
export class TokenReads extends Context.Service<
  TokenReads,
  {
    /**
     * Reads by the digest of an API key (`Secrets.digest`). All of it is of the key's organization and of one moment or
     * later. Nothing when one part of it is not there, when the key is limited to some accounts, or when the connection
     * or the organization is not in use; the ordinary way then finds out why. A reading is recorded as `TokenVault.get`
     * is, with the key as its actor.
     */
    readonly byKey: (
      digest: string,
      connectionId: Id.ConnectionId,
      operation: string
    ) => Effect.Effect<Reading | undefined, ReadingError>
  }
>()("@portolan/ports/driven/TokenReads") {}

/** Over the repository and the vault, with a question for each part. An adapter that can do it in one is faster. */
export const composed: Layer.Layer<TokenReads, never, Repository | TokenVault> = Layer.effect(
  TokenReads,
  Effect.gen(function* () {
    const repository = yield* Repository
    const vault = yield* TokenVault
    const read = Effect.fnUntraced(function* (digest: string, connectionId: Id.ConnectionId, operation: string) {
      const { state: key } = yield* repository.apiKeyByDigest(digest)
      const { organizationId } = key
      if (key._tag !== "Active" || key.accessScope._tag !== "Everything") return undefined
      const organization = yield* repository.find("organization", organizationId, organizationId).pipe(
        Effect.map(({ state }) => state),
        Effect.catchTag("NotFound", () => Effect.succeed(undefined))
      )
      if (organization !== undefined && organization._tag !== "Open") return undefined
      const { state: connection } = yield* repository.find("connection", organizationId, connectionId)
      if (connection._tag !== "Connected" && connection._tag !== "Limited") return undefined
      const actor = { _tag: "ApiKey", keyId: key.id, name: key.name } as const
      const use = { actor, operation, connectionId }
      const secret = yield* using(use, vault.get(organizationId, connection.link.grantId))
      return { key, organization, connection, secret }
    })
    const none = () => Effect.succeed(undefined)
    return TokenReads.of({
      byKey: (digest, connectionId, operation) =>
        Effect.catchTag(read(digest, connectionId, operation), ["NotFound", "SecretNotFound"], none)
    })
  })
)
