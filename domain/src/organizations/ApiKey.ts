/**
 * A key for software that acts for an organization: shown once, stored as a digest, limited by role, scopes and access
 * scope, with a known end, revocable at once.
 */
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Schema from "effect/Schema"
import { Action, AccessScope, Role } from "./Access.ts"
import { Actor } from "../kernel/Actor.ts"
import { ApiKeyId, OrganizationId } from "../kernel/Id.ts"
import { decider, fold, happened, nothing } from "../kernel/Machine.ts"
import { Name } from "../kernel/Text.ts"
import { say } from "../messages/Messages.ts"
import { impossible, refuse } from "../messages/Refusal.ts"

/** How long a key lives unless said otherwise, and the most it can. */
export const lifetime = { standard: Duration.days(365), shortest: Duration.hours(1), longest: Duration.days(730) }

const fields = {
  id: ApiKeyId,
  organizationId: OrganizationId,
  name: Name,
  /** First characters of the key, to recognise it by. */
  start: Schema.String,
  /** SHA-256 of the key, hexadecimal. */
  digest: Schema.String,
  /** Never stronger than the role of the member who created it. */
  role: Role,
  /** What it may do; narrows the role. */
  scopes: Schema.NonEmptyArray(Action),
  accessScope: AccessScope,
  createdBy: Actor,
  createdAt: Schema.DateTimeUtc,
  expiresAt: Schema.DateTimeUtc
}

/** Absent, usable until it expires, or revoked. */
export const State = Schema.TaggedUnion({
  Absent: {},
  Active: fields,
  Revoked: { ...fields, revokedAt: Schema.DateTimeUtc, revokedBy: Actor }
})
export type State = typeof State.Type
/** A key that exists. */
export type Present = Exclude<State, { readonly _tag: "Absent" }>
/** The state before the first event. */
export const initial: State = { _tag: "Absent" }

/** What happened to a key. */
export const Event = Schema.TaggedUnion({ ApiKeyCreated: fields, ApiKeyRevoked: { at: Schema.DateTimeUtc, by: Actor } })
export type Event = typeof Event.Type

/** What can be asked of a key. */
export type Command =
  | { readonly _tag: "Create"; readonly key: Omit<Extract<State, { readonly _tag: "Active" }>, "_tag"> }
  | { readonly _tag: "Revoke"; readonly by: Actor; readonly at: DateTime.Utc }

/** Decides what a key's command leads to. Revoking twice changes nothing. */
export const decide = decider<State, Command, Event>(
  {
    Absent: {
      Create: (_, { key }) => {
        const life = DateTime.distance(key.createdAt, key.expiresAt)
        return DateTime.isGreaterThan(key.expiresAt, key.createdAt) &&
          Duration.isGreaterThanOrEqualTo(life, lifetime.shortest) &&
          Duration.isLessThanOrEqualTo(life, lifetime.longest)
          ? happened<Event>({ _tag: "ApiKeyCreated", ...key })
          : refuse("ApiKey", "Create", "contradiction", {
              detail: say("key.lifetime"),
              nextStep: say("link.choose-expiry")
            })
      }
    },
    Active: { Revoke: (_, { at, by }) => happened<Event>({ _tag: "ApiKeyRevoked", at, by }) },
    Revoked: { Revoke: () => nothing }
  },
  impossible("ApiKey", { Absent: say("key.create"), Active: say("key.use-or-revoke"), Revoked: say("key.create-new") })
)

/** Applies a fact. Total. */
export const evolve = (state: State, event: Event): State => {
  switch (event._tag) {
    case "ApiKeyCreated":
      return state._tag === "Absent" ? { ...event, _tag: "Active" } : state
    case "ApiKeyRevoked":
      return state._tag === "Active" ? { ...state, _tag: "Revoked", revokedAt: event.at, revokedBy: event.by } : state
  }
}

/** Folds a history. */
export const replay = fold(evolve)

/** Whether a key can be used now. */
export const isLive = (key: State, now: DateTime.Utc): key is Extract<State, { readonly _tag: "Active" }> =>
  key._tag === "Active" && DateTime.isLessThan(now, key.expiresAt)
