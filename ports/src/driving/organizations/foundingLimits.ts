/** How many organizations one person may found and belong to. */
import { given, type Member, Refused } from "@portolan/domain"
import { DateTime, Effect } from "effect"

/** Organizations that a person may belong to when they found a further one. */
export const membershipLimit = 50

/**
 * Organizations that one person may found within a day. Each of them may have emails sent to people outside
 * (`Postage`), so without a limit here there would be none there. Our choice.
 */
export const foundingLimit = 5

const tooMany = (detail: string, nextStep: string, retryAt?: DateTime.Utc) =>
  new Refused.Refused({
    subject: "Organization",
    asked: "Found",
    reason: "too-many",
    ...given({ detail, nextStep, retryAt })
  })

/**
 * Refuses a further organization to a person with these memberships; names the instant from which it is possible again.
 */
export const checkFoundingLimits = Effect.fnUntraced(function* (
  memberships: ReadonlyArray<Member.Active>,
  now: DateTime.Utc
) {
  if (memberships.length >= membershipLimit) {
    return yield* tooMany(`You belong to ${membershipLimit} organizations already.`, "Leave one first.")
  }
  // Only a founder joins without an invitation.
  const founded = memberships.filter(
    ({ joinedAt, round }) => round === 0 && DateTime.isGreaterThan(joinedAt, DateTime.subtract(now, { days: 1 }))
  )
  const last = founded.at(-foundingLimit)
  if (last === undefined) return
  return yield* tooMany(
    `You founded ${foundingLimit} organizations within a day.`,
    "Try again tomorrow.",
    DateTime.add(last.joinedAt, { days: 1 })
  )
})
