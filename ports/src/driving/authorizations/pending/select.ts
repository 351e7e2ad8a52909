import type { Access, Id, Profile } from "@portolan/domain"
import { Effect } from "effect"
import * as AccessScope from "../../shared/AccessScope.ts"
import { decideAndCommit } from "../../shared/change.ts"
import type { ChangeDeps } from "../../shared/deps.ts"
import { failHeld } from "../profiles/ProfileHeld.ts"
import { readSelection, selectProfile } from "../profiles/selectProfile.ts"
import { dismissConsent } from "./dismissConsent.ts"

/** The profile that a person chooses. */
export interface SelectProfile {
  readonly key: Profile.Key
  /** Whether the person saw the warnings and accepts them. */
  readonly confirmed: boolean
  /** Whether an earlier login stays as one to fall back to (rule S-R7); it does not when left out. */
  readonly keepsReplaced?: boolean
}

/** Binds the chosen profile to the account and finishes the authorization. */
export const select = Effect.fn("PendingAuthorizations.select")(function* (
  deps: ChangeDeps,
  caller: Access.Caller,
  id: Id.AuthorizationId,
  { confirmed, keepsReplaced = false, key }: SelectProfile
) {
  return yield* decideAndCommit(deps, caller, ({ actor: by, at }) =>
    Effect.gen(function* () {
      const read = yield* AccessScope.authorization(deps, caller, "connect", id)
      return yield* selectProfile(deps, yield* readSelection(deps, read), { key, confirmed, keepsReplaced, by, at })
    })
  ).pipe(Effect.catchTag("ProfileTaken", (taken) => failHeld(deps, caller, taken)))
})

/** Drops a consent without using it; its tokens are forgotten. */
export const dismiss = Effect.fn("PendingAuthorizations.dismiss")(function* (
  deps: ChangeDeps,
  caller: Access.Caller,
  id: Id.AuthorizationId,
  because: string
) {
  return yield* decideAndCommit(deps, caller, (context) =>
    Effect.gen(function* () {
      const read = yield* AccessScope.authorization(deps, caller, "connect", id)
      return yield* dismissConsent(deps, context, read, because)
    })
  )
})
