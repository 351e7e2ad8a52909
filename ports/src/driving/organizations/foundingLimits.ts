/** How many organizations one person may found and belong to. */
import { given, type Member, Messages, Refusal } from "@portolan/domain"
import { DateTime, Effect } from "effect"

/** Organizations that a person may belong to when they found a further one. */
export const membershipLimit = 50

/**
 * Organizations that one person may found within a day. Each of them may have emails sent to people outside
 * (`MailQuota`), so without a limit here there would be none there. Our choice.
 */
export const foundingLimit = 5

const tooMany = (detail: Messages.Message, nextStep: Messages.Message, retryAt?: DateTime.Utc) =>
  Refusal.make("Organization", "Found", "too-many", given({ detail, nextStep, retryAt }))

/**
 * Refuses a further organization to a person with these memberships; names the instant from which it is possible again.
 */
export const checkFoundingLimits = Effect.fnUntraced(function* (
  memberships: ReadonlyArray<Member.Active>,
  now: DateTime.Utc
) {
  if (memberships.length >= membershipLimit) {
    return yield* tooMany(
      Messages.say("organization.too-many", { limit: membershipLimit }),
      Messages.say("organization.leave-one")
    )
  }
  // Only a founder joins without an invitation.
  const founded = memberships.filter(
    ({ joinedAt, round }) => round === 0 && DateTime.isGreaterThan(joinedAt, DateTime.subtract(now, { days: 1 }))
  )
  const last = founded.at(-foundingLimit)
  if (last === undefined) return
  return yield* tooMany(
    Messages.say("organization.founded-too-many", { limit: foundingLimit }),
    Messages.say("quota.retry-tomorrow"),
    DateTime.add(last.joinedAt, { days: 1 })
  )
})
