/** What a new key may be: its role, its scopes and its expiry are never beyond those of the caller who makes it. */
import { Access, ApiKey, Messages, Refusal, type Text } from "@portolan/domain"
import { DateTime, type Duration, Effect, type Redacted } from "effect"
import type { Deps } from "../shared/deps.ts"

/** What a new key is to be. */
export interface KeyInput {
  readonly name: Text.Name
  /** What it may do; only what its maker may do. */
  readonly scopes: readonly [Access.Action, ...ReadonlyArray<Access.Action>]
  /** The strongest role that its scopes are judged by; the maker's own, at most admin, when left out. */
  readonly role?: Access.GivenRole
  /** Everything when left out. */
  readonly accessScope?: Access.AccessScope
  /**
   * How long it lives; `ApiKey.lifetime.standard` when left out. A key that a key makes ends with its maker at the
   * latest.
   */
  readonly life?: Duration.Duration
}

/** A key that was just made. */
export interface MadeKey {
  readonly key: ApiKey.Present
  /** The key itself. Nobody can read it again; absent when the request repeats an earlier one. */
  readonly secret?: Redacted.Redacted<string>
}

const refused = (detail: Messages.Message, nextStep: Messages.Message) =>
  Refusal.make("ApiKey", "Create", "not-permitted", { detail, nextStep })

/** The role of a new key. Refuses one that is stronger than the caller's, and scopes that are beyond it. */
export const newKeyRole = Effect.fnUntraced(function* (caller: Access.Caller, { role, scopes }: KeyInput) {
  const own: Access.GivenRole = caller.role === "owner" ? "admin" : caller.role
  const given = role ?? own
  if (Access.weaker(given, own) !== given) {
    return yield* refused(
      Messages.say("key.role-beyond-yours", { role: caller.role, requested: given }),
      Messages.say("key.choose-weaker-role", { role: own })
    )
  }
  const beyond = scopes.filter((scope) => !Access.may(given, scope) || !Access.can(caller, scope))
  if (beyond.length > 0) {
    return yield* refused(
      Messages.say("key.scope-beyond-role", { role: given, scopes: beyond }),
      Messages.say("key.leave-scope-out")
    )
  }
  return given
})

/** When a new key ends: one that a key makes ends with its maker, so that a short life cannot be made a long one. */
export const newKeyEnd = Effect.fnUntraced(function* (
  { repository }: Deps<"repository">,
  { actor, organizationId }: Access.Caller,
  life: Duration.Duration | undefined,
  at: DateTime.Utc
) {
  const end = DateTime.addDuration(at, life ?? ApiKey.lifetime.standard)
  if (actor._tag !== "ApiKey") return end
  const { expiresAt } = (yield* repository.find("apiKey", organizationId, actor.keyId)).state
  if (!DateTime.isGreaterThan(end, expiresAt)) return end
  return life === undefined
    ? expiresAt
    : yield* refused(Messages.say("key.outlives-maker"), Messages.say("key.choose-earlier-expiry"))
})
