/** When a member gets news by mail; each person chooses for themselves. */
import { type Access, Member, Messages, Refusal } from "@portolan/domain"
import { Effect } from "effect"
import { change, on } from "../shared/change.ts"
import type { ChangeDeps, Deps } from "../shared/deps.ts"
import { membershipOf } from "./membershipOf.ts"
import { personOf } from "./memberView.ts"

const mine = Effect.fnUntraced(function* (deps: Deps<"repository">, caller: Access.Caller) {
  const personId = personOf(caller)
  const member = personId === undefined ? undefined : yield* membershipOf(deps, caller.organizationId, personId)
  return (
    member ??
    (yield* Refusal.make("Member", "ChangeMailPreferences", "not-permitted", {
      detail: Messages.say("member.mails-are-personal"),
      nextStep: Messages.say("member.sign-in-for-mails")
    }))
  )
})

/** The caller's own preferences; those that everybody starts with when they chose none. */
export const mailPreferences = Effect.fn("Members.mailPreferences")(function* (
  deps: Deps<"repository">,
  caller: Access.Caller
) {
  return (yield* mine(deps, caller)).mailPreferences ?? Member.defaultPreferences
})

/** Changes the caller's own preferences. What waits already is mailed when it was to be. */
export const changeMailPreferences = Effect.fn("Members.changeMailPreferences")(function* (
  deps: ChangeDeps,
  caller: Access.Caller,
  preferences: Member.MailPreferences
) {
  const { id } = yield* mine(deps, caller)
  yield* change(deps, caller, [on("member", id, { _tag: "ChangeMailPreferences", mailPreferences: preferences })])
  return preferences
})
