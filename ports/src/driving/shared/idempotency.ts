/**
 * Creations that a caller may repeat under a key of their own (law REPO-23): the second request gets what the first one
 * created.
 */
import type { Access } from "@portolan/domain"
import { Effect } from "effect"
import type { StoreError } from "../../driven/StoreUnavailable.ts"
import type { AlreadyDone, KeyReused } from "../../driven/UnitOfWork.ts"
import type { Deps } from "./deps.ts"

/** The caller's key for a creation, and a digest of the request. */
export interface IdempotencyKey {
  readonly key: string
  readonly fingerprint: string
}

/** How something is created, and how it is shown to a request that comes again. */
export interface Creation<A, E1, E2> {
  /** Creates it and gives what the caller gets. Its commit must carry `idempotencyRecord`. */
  readonly create: Effect.Effect<A, E1>
  /** Reads what an earlier request created, by its id. */
  readonly show: (resource: string) => Effect.Effect<A, E2>
}

/**
 * Creates something, or shows what an earlier request with the same key created. Fails with `KeyReused` when the key
 * belongs to another request. Of two requests at once the slower one may be refused because the faster one has created
 * it; it gets the same answer.
 */
export const withIdempotency = Effect.fnUntraced(function* <A, E1, E2>(
  deps: Deps<"unitOfWork">,
  caller: Pick<Access.Caller, "organizationId">,
  idempotencyKey: IdempotencyKey | undefined,
  creation: Creation<A, E1, E2>
) {
  const earlier = yield* earlierResource(deps, caller, idempotencyKey)
  return yield* createUnless(deps, caller, { idempotencyKey, earlier }, creation)
})

/** A key, and what an earlier request with it created, as `earlierResource` found it. */
export interface Earlier {
  readonly idempotencyKey: IdempotencyKey | undefined
  readonly earlier: string | undefined
}

/** The same, where the earlier request was looked for together with other reads. */
export const createUnless = Effect.fnUntraced(function* <A, E1, E2>(
  deps: Deps<"unitOfWork">,
  caller: Pick<Access.Caller, "organizationId">,
  { earlier, idempotencyKey }: Earlier,
  { create, show }: Creation<A, E1, E2>
): Effect.fn.Return<A, Exclude<E1, AlreadyDone> | E2 | KeyReused | StoreError> {
  if (earlier !== undefined) return yield* show(earlier)
  return yield* Effect.catch(create, (error) =>
    Effect.gen(function* () {
      const other = isAlreadyDone(error) ? error.resource : yield* earlierResource(deps, caller, idempotencyKey)
      return other === undefined ? yield* Effect.fail(error as Exclude<E1, AlreadyDone>) : yield* show(other)
    })
  )
})

/** What an earlier request with a key created; nothing without a key. */
export const earlierResource = (
  { unitOfWork }: Deps<"unitOfWork">,
  { organizationId }: Pick<Access.Caller, "organizationId">,
  idempotencyKey: IdempotencyKey | undefined
): Effect.Effect<string | undefined, KeyReused | StoreError> =>
  idempotencyKey === undefined
    ? Effect.succeed(undefined)
    : unitOfWork.idempotentResource(organizationId, idempotencyKey.key, idempotencyKey.fingerprint)

const isAlreadyDone = (error: unknown): error is AlreadyDone =>
  typeof error === "object" && error !== null && "_tag" in error && error._tag === "AlreadyDone"

/** The part of a change's context that remembers a creation; empty without a key. */
export const idempotencyRecord = (idempotencyKey: IdempotencyKey | undefined, resource: string) =>
  idempotencyKey === undefined
    ? {}
    : { idempotency: { key: idempotencyKey.key, fingerprint: idempotencyKey.fingerprint, resource } }
