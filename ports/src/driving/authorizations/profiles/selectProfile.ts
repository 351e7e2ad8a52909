/** Finishing an authorization with one of its candidates: by a member's choice, or by itself for a request. */
import {
  type Actor,
  type Aggregate,
  type Authorization,
  type Connection,
  Messages,
  Profile,
  Refusal
} from "@portolan/domain"
import { type DateTime, Effect } from "effect"
import type { Versioned } from "../../../driven/Repository.ts"
import { type Decided, type Decision, decideOn } from "../../shared/change.ts"
import type { Deps } from "../../shared/deps.ts"
import { sideBySide } from "../../shared/sideBySide.ts"
import { bindProfile } from "./bindProfile.ts"
import { obstacles } from "./obstacles.ts"
import { type Surroundings, surroundings } from "./surroundings.ts"

/** Which profile is chosen, by whom, and what they have confirmed. */
export interface Selecting {
  readonly key: Profile.Key
  /** Whether the warnings were seen and accepted. */
  readonly confirmed: boolean
  /** Whether an earlier login stays as one to fall back to (rule S-R7). */
  readonly keepsReplaced: boolean
  readonly by: Actor.Actor
  readonly at: DateTime.Utc
}

/** What a choice is decided on. */
export interface Selection {
  readonly authorization: Versioned<Authorization.Present>
  readonly around: Surroundings
  readonly own: Versioned<Connection.Present>
  /** Absent when the authorization waits for no choice. */
  readonly grant: Versioned<Aggregate.Present<"grant">> | undefined
}

/** Reads what a choice is decided on. */
export const readSelection = Effect.fnUntraced(function* (
  deps: Deps<"repository">,
  authorization: Versioned<Authorization.Present>
) {
  const { accountId, connectionId, organizationId, ...state } = authorization.state
  const [around, own, grant] = yield* sideBySide(
    surroundings(deps, organizationId, accountId),
    deps.repository.find("connection", organizationId, connectionId),
    state._tag === "AwaitingSelection"
      ? deps.repository.find("grant", organizationId, state.grantId)
      : Effect.succeed(undefined)
  )
  return { authorization, around, own, grant } satisfies Selection
})

/**
 * Decides all that a choice changes. Nothing is decided when the authorization was finished with this profile before.
 */
export const selectProfile = Effect.fnUntraced(function* (
  deps: Deps<"repository">,
  { around, authorization, grant, own }: Selection,
  { at, by, confirmed, keepsReplaced, key }: Selecting
) {
  const { state } = authorization
  const candidates = state._tag === "AwaitingSelection" ? state.candidates : []
  const profile = candidates.find((candidate) => Profile.sameKey(candidate.key, key))
  const found = profile === undefined ? [] : obstacles(around, own.state, profile, grant?.state)
  const command = { _tag: "Select", key, obstacles: found, confirmed, at, by } as const
  const selected = yield* decideOn("authorization", authorization, command)
  const next = selected.next as Authorization.Present
  if (profile === undefined || grant === undefined || next._tag !== "Finalised") {
    return { decided: [], result: state } satisfies Decision<Authorization.Present>
  }
  // Ended while it waited: the provider refused it, or the account's owner withdrew it there. Bound, it would only look
  // connected.
  if (grant.state._tag !== "Active") return yield* consentOver
  const bound = yield* bindProfile(deps, around, own, { grant, profile, keepsReplaced, at, by })
  const decided: ReadonlyArray<Decided> = [selected, ...bound.decided]
  return { decided, result: next } satisfies Decision<Authorization.Present>
})

const consentOver = Refusal.make("Authorization", "Select", "not-possible-now", {
  detail: Messages.say("authorization.consent-over"),
  nextStep: Messages.say("authorization.dismiss-and-authorize")
})
