/**
 * Keys for software that acts for an organization. A key is shown once and stored as a digest; it can do no more than
 * its maker, and it ends with the maker's membership.
 */
import type { Access, ApiKey, Id, Refused } from "@portolan/domain"
import { Context, Effect, Layer } from "effect"
import type { InvalidCursor, NotFound, Page, PageRequest } from "../../driven/Repository.ts"
import type { StoreError } from "../../driven/StoreUnavailable.ts"
import type { WriteError } from "../../driven/UnitOfWork.ts"
import { bound, deps, type Service } from "../shared/deps.ts"
import type { IdempotencyKey } from "../shared/idempotency.ts"
import * as Create from "./createApiKey.ts"
import * as List from "./listApiKeys.ts"
import type { KeyInput, MadeKey } from "./newApiKey.ts"
import * as Revoke from "./revokeApiKey.ts"

export type { KeyInput, MadeKey } from "./newApiKey.ts"

/** Makes, lists and revokes keys. For people who manage people, and for keys that were made to do so. */
export interface Contract {
  /**
   * Makes a key. Its role is never stronger than the caller's, and never `owner`: what only an owner may do, they do in
   * person. Refuses a role, a scope or an expiry beyond the caller's own, and an access limited to what the
   * organization does not have.
   */
  readonly create: (
    caller: Access.Caller,
    input: KeyInput,
    idempotencyKey?: IdempotencyKey
  ) => Effect.Effect<MadeKey, Refused.Refused | NotFound | InvalidCursor | WriteError>

  /** Lists keys, the youngest first, revoked ones too. */
  readonly list: (
    caller: Access.Caller,
    page: PageRequest
  ) => Effect.Effect<Page<ApiKey.Present>, Refused.Refused | InvalidCursor | StoreError>

  /**
   * Revokes a key, and the keys that it made; they are refused from the next request on. Revoking twice changes
   * nothing.
   */
  readonly revoke: (
    caller: Access.Caller,
    id: Id.ApiKeyId
  ) => Effect.Effect<ApiKey.Present, Refused.Refused | NotFound | WriteError>
}

const verbs = { ...Create, ...List, ...Revoke }

/** Makes, lists and revokes keys. */
export class ApiKeys extends Context.Service<ApiKeys, Service<Contract, typeof verbs>>()(
  "@portolan/ports/driving/ApiKeys"
) {
  /** The service over the driven ports. */
  static readonly layer = Layer.effect(ApiKeys, bound(deps("repository", "secrets", "unitOfWork"), verbs))
}
