/** Finishing an authorization with one of its candidates: what a member's choice, and a request that finishes by itself, have in common. */
import { type Actor, type Authorization, Profile, Refused } from "@portolan/domain"
import { type DateTime, Effect } from "effect"
import type { Repository, Versioned } from "../../driven/Repository.ts"
import { type Decided, decide } from "../shared/change.ts"
import type { makeSelecting } from "./selecting.ts"

/** Who chooses, when, and what he has confirmed. */
export interface Choosing {
  /** Whether the warnings were seen and accepted. */
  readonly confirmed: boolean
  /** Whether an earlier login stays as one to fall back to (rule S-R7). */
  readonly keepsReplaced: boolean
  readonly by: Actor.Actor
  readonly at: DateTime.Utc
}

/** Decides on everything that a choice changes. Nothing is decided when the authorization was finished with this profile before. */
export const selectProfile = Effect.fnUntraced(function* (
  selecting: Effect.Success<typeof makeSelecting>,
  store: Repository["Service"],
  read: Versioned<Authorization.Present>,
  key: Profile.Key,
  { at, by, confirmed, keepsReplaced }: Choosing
) {
  const { id, organizationId } = read.state
  const around = yield* selecting.surroundings(organizationId, read.state.accountId)
  const own = yield* store.find("connection", organizationId, read.state.connectionId)
  const candidate =
    read.state._tag === "AwaitingSelection"
      ? read.state.candidates.find((one) => Profile.sameKey(one.key, key))
      : undefined
  const obstacles =
    candidate === undefined || read.state._tag !== "AwaitingSelection"
      ? []
      : selecting.obstacles(
          around,
          own.state,
          candidate,
          (yield* store.find("grant", organizationId, read.state.grantId)).state
        )
  const selected = yield* Effect.fromResult(
    decide("authorization", id, read, { _tag: "Select", key, obstacles, confirmed, at, by })
  )
  if (candidate === undefined || selected.next._tag !== "Finalised") {
    return { authorization: read.state, decided: [] as ReadonlyArray<Decided> }
  }
  const grant = yield* store.find("grant", organizationId, selected.next.grantId)
  // Ended while it waited: the provider refused it, or somebody withdrew it there. Bound, it would only look connected.
  if (grant.state._tag !== "Active") {
    return yield* new Refused.Refused({
      subject: "Authorization",
      asked: "Select",
      reason: "not-possible-now",
      detail: "This consent is over.",
      nextStep: "Dismiss it, and authorize again."
    })
  }
  const bound = yield* selecting.bind(around, own, { grant, profile: candidate, keepsReplaced, at, by })
  return {
    authorization: selected.next as Authorization.Present,
    decided: [selected, ...bound] as ReadonlyArray<Decided>
  }
})
