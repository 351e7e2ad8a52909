/**
 * The conversation about keys for software that acts for an organization. A key is shown once and kept as a digest; it can do
 * no more than who made it, and it ends with his membership.
 */
import { Access, ApiKey, type Id, Refused, type Text } from "@portolan/domain"
import { Context, DateTime, Duration, Effect, Layer, Redacted } from "effect"
import { Repository, type InvalidCursor, type NotFound, type Page, type PageRequest } from "../../driven/Repository.ts"
import { Secrets } from "../../driven/Secrets.ts"
import type { StoreUnavailable } from "../../driven/StoreUnavailable.ts"
import type { CommitError } from "../../driven/UnitOfWork.ts"
import { apiKeyPrefix } from "./Callers.ts"
import { decide, makeCommit, onConflictAgain } from "../shared/change.ts"
import { makeChosen } from "./chosen.ts"
import { makeIdempotency, type IdempotencyKey, idempotencyRecord } from "../shared/creating.ts"
import { makeLasting } from "./lasting.ts"
import { makeLeaving } from "./leaving.ts"
import { makeAccessScope } from "../shared/reach.ts"

/** What a new key is to be. */
export interface KeyInput {
  readonly name: Text.Name
  /** What it may do; only what its maker may do himself. */
  readonly scopes: readonly [Access.Action, ...ReadonlyArray<Access.Action>]
  /** The strongest role that its scopes are judged by; the maker's own, at most admin, when left out. */
  readonly role?: Access.GivenRole
  /** Everything when left out. */
  readonly accessScope?: Access.AccessScope
  /** How long it lives; `ApiKey.lifetime.standard` when left out. A key that a key makes ends with its maker at the latest. */
  readonly life?: Duration.Duration
}

/** A key that was just made. */
export interface MadeKey {
  readonly key: ApiKey.Present
  /** The key itself. Nobody can read it again; absent when the request repeats an earlier one. */
  readonly secret?: Redacted.Redacted<string>
}

/** Characters of a key that are kept to recognise it by. */
const startLength = apiKeyPrefix.length + 4

/** Makes, lists and revokes keys. For people who manage people, and for keys that were made to. */
export class ApiKeys extends Context.Service<
  ApiKeys,
  {
    /** Makes a key. Its role is never stronger than the caller's, and it can never own: what only an owner may do, he does himself. */
    readonly create: (
      caller: Access.Caller,
      input: KeyInput,
      idempotencyKey?: IdempotencyKey
    ) => Effect.Effect<MadeKey, Refused.Refused | NotFound | InvalidCursor | CommitError>

    /** Lists keys, the youngest first, revoked ones too. */
    readonly list: (
      caller: Access.Caller,
      page: PageRequest
    ) => Effect.Effect<Page<ApiKey.Present>, Refused.Refused | InvalidCursor | StoreUnavailable>

    /** Revokes a key, and the keys that it made; they are refused from the next request on. Revoking twice changes nothing. */
    readonly revoke: (
      caller: Access.Caller,
      id: Id.ApiKeyId
    ) => Effect.Effect<ApiKey.Present, Refused.Refused | NotFound | CommitError>
  }
>()("@portolan/ports/driving/ApiKeys") {
  /** The conversation over the driven ports. */
  static readonly layer = Layer.effect(
    ApiKeys,
    Effect.gen(function* () {
      const store = yield* Repository
      const secrets = yield* Secrets
      const commit = yield* makeCommit
      const withIdempotency = yield* makeIdempotency
      const accessScope = yield* makeAccessScope
      const chosen = yield* makeChosen
      const leaving = yield* makeLeaving
      const rights = yield* makeLasting

      const read = (organizationId: Id.OrganizationId, id: string) =>
        Effect.map(store.find("apiKey", organizationId, id), ({ state }) => state)

      const refused = (detail: string, nextStep: string) =>
        new Refused.Refused({ subject: "ApiKey", asked: "Create", reason: "not-permitted", detail, nextStep })

      /** The role of a new key, unless it would be stronger than the caller's or its scopes would. */
      const roleFor = Effect.fnUntraced(function* (caller: Access.Caller, { role, scopes }: KeyInput) {
        const own: Access.GivenRole = caller.role === "owner" ? "admin" : caller.role
        const given = role ?? own
        if (Access.weaker(given, own) !== given) {
          return yield* refused(
            `As ${caller.role} you cannot make a key with the role ${given}.`,
            `Choose the role ${own} or a weaker one.`
          )
        }
        const beyond = scopes.filter((scope) => !Access.may(given, scope) || !Access.can(caller, scope))
        if (beyond.length > 0) {
          return yield* refused(
            `A key with the role ${given} made by you cannot have the scope ${beyond.join(", ")}.`,
            "Leave the scope out, or choose a stronger role."
          )
        }
        return given
      })

      /** When a new key ends: what was made with a key ends with it, so that a short life cannot be made a long one. */
      const endOf = Effect.fnUntraced(function* (
        { actor, organizationId }: Access.Caller,
        life: Duration.Duration | undefined,
        at: DateTime.Utc
      ) {
        const wanted = DateTime.addDuration(at, life ?? ApiKey.lifetime.standard)
        if (actor._tag !== "ApiKey") return wanted
        const { expiresAt } = yield* read(organizationId, actor.keyId)
        if (!DateTime.isGreaterThan(wanted, expiresAt)) return wanted
        return life === undefined
          ? expiresAt
          : yield* refused(
              "A key cannot make one that outlives it.",
              "Choose an earlier expiry, or make the key as a person."
            )
      })

      return ApiKeys.of({
        create: Effect.fn("ApiKeys.create")(function* (caller, input, idempotencyKey) {
          yield* accessScope.requireUnrestricted(caller, "manage-people")
          const { actor, organizationId } = caller
          const role = yield* roleFor(caller, input)
          const limits = yield* chosen(organizationId, input.accessScope ?? Access.everything)
          let shown: { readonly id: string; readonly secret: Redacted.Redacted<string> } | undefined
          const create = onConflictAgain(
            Effect.gen(function* () {
              const acting = yield* rights.lasting(caller, "manage-people")
              const id = yield* secrets.id("apiKey")
              const createdAt = yield* DateTime.now
              const token = `${apiKeyPrefix}${Redacted.value(yield* secrets.token)}`
              const secret = Redacted.make(token)
              const decided = yield* Effect.fromResult(
                decide("apiKey", id, undefined, {
                  _tag: "Create",
                  key: {
                    id,
                    organizationId,
                    name: input.name,
                    start: token.slice(0, startLength),
                    digest: yield* secrets.digest(secret),
                    role,
                    scopes: [...new Set(input.scopes)] as [Access.Action, ...Array<Access.Action>],
                    accessScope: limits,
                    createdBy: actor,
                    createdAt,
                    expiresAt: yield* endOf(caller, input.life, createdAt)
                  }
                })
              )
              yield* commit({ organizationId, actor, at: createdAt, ...idempotencyRecord(idempotencyKey, id) }, [
                decided,
                ...acting
              ])
              shown = { id, secret }
              return id as string
            })
          )
          return yield* withIdempotency(organizationId, idempotencyKey, create, (id) =>
            Effect.map(read(organizationId, id), (key): MadeKey =>
              shown?.id === id ? { key, secret: shown.secret } : { key }
            )
          )
        }),

        list: Effect.fn("ApiKeys.list")(function* (caller, page) {
          yield* accessScope.requireUnrestricted(caller, "manage-people")
          return yield* store.apiKeys(caller.organizationId, page)
        }),

        revoke: Effect.fn("ApiKeys.revoke")((caller, id) =>
          onConflictAgain(
            Effect.gen(function* () {
              yield* accessScope.requireUnrestricted(caller, "manage-people")
              const { actor, organizationId } = caller
              const found = yield* store.find("apiKey", organizationId, id)
              const at = yield* DateTime.now
              const decided = yield* Effect.fromResult(decide("apiKey", id, found, { _tag: "Revoke", by: actor, at }))
              yield* commit({ organizationId, actor, at }, [
                decided,
                ...(yield* leaving.revokeAll(organizationId, id, actor, at))
              ])
              return yield* read(organizationId, id)
            })
          )
        )
      })
    })
  )
}
