/**
 * How many letters an organization may have sent to people outside: whom it asks to connect, invites to join, or mails
 * a plan. A member, or a key that was stolen, must not make this installation a sender of spam, because then nobody's
 * letters arrive.
 *
 * Nothing is counted twice: what was sent stands in the history already, as the events that call for the letters. What
 * the software sends by itself (one reminder, one word that a request was withdrawn) is limited by the request it
 * belongs to and is neither counted nor held back; the same is true of letters about somebody's own sign-in, which
 * belong to no organization.
 */
import { DateTime, Duration, Result } from "effect"
import type { DomainEvent } from "../jobs/Aggregate.ts"
import { groupBy } from "../kernel/groupBy.ts"
import { Refused } from "../kernel/Refused.ts"
import { foldedEmail } from "../kernel/Text.ts"

/** The time that the limits are about. It slides, so there is no midnight at which everything is allowed again. */
export const span = Duration.hours(24)

/**
 * Letters to people outside that an organization may have sent within `span`: two campaigns of the largest size. Our
 * choice.
 */
export const limit = 200

/** Letters to one address within `span`, whoever of the organization sends them. Our choice. */
export const addressLimit = 10

/** A letter that was sent. */
export interface Sent {
  readonly to: string
  readonly at: DateTime.Utc
}

/** A letter that is called for. */
export interface Addressed {
  readonly to: string
  /** The copy of a request for whoever a key names as the one who asks: anybody, and counted unless he is a member. */
  readonly isCopy?: true
}

/**
 * The addresses that an event names and calls for a letter to. Whoever asks in his own name gets his copy uncounted.
 */
export const addressed = (event: DomainEvent): ReadonlyArray<Addressed> => {
  switch (event._tag) {
    case "LinkIssued": {
      const { issuedBy, request } = event
      if (request === undefined || request.carriedBy !== undefined) return []
      return [
        { to: request.owner.email },
        ...(issuedBy._tag === "Person" ? [] : [{ to: request.requester.email, isCopy: true } as const])
      ]
    }
    case "MemberInvited":
      return [{ to: event.email }]
    case "PlanMailed":
      return [{ to: event.mail.to }]
    default:
      return []
  }
}

/** Whether an event calls for a letter to whom the aggregate was addressed before. */
export const repeats = (event: DomainEvent): boolean =>
  event._tag === "RequestMailedAgain" || event._tag === "InvitationMailed"

/** When enough of these will be out of the span for so many more; undefined when there is room now. */
const roomAt = (sent: ReadonlyArray<Sent>, more: number, most: number): DateTime.Utc | undefined => {
  const over = sent.length + more - most
  if (over <= 0) return undefined
  const oldest = sent.map(({ at }) => at).toSorted((one, other) => one.epochMilliseconds - other.epochMilliseconds)
  const last = oldest[Math.min(over, oldest.length) - 1]
  return last === undefined ? undefined : DateTime.addDuration(last, span)
}

const minute = (at: DateTime.Utc): string => {
  // Rounded up, so that whoever comes at the minute that is named is not too early.
  const rounded = DateTime.makeUnsafe(Math.ceil(at.epochMilliseconds / 60_000) * 60_000)
  return `${DateTime.formatIso(rounded).slice(0, 16).replace("T", " ")} UTC`
}

const tooMany = (detail: string, retryAt: DateTime.Utc) =>
  Result.fail(
    new Refused({
      subject: "Postage",
      command: "Send",
      reason: "too-many",
      detail,
      nextStep: `Try again after ${minute(retryAt)}.`,
      retryAt
    })
  )

/**
 * Whether letters to these addresses may be sent now, after what was sent before. Refuses with the instant at which
 * they may.
 */
export const check = (
  sent: ReadonlyArray<Sent>,
  wanted: ReadonlyArray<string>,
  now: DateTime.Utc
): Result.Result<void, Refused> => {
  const groups = groupBy(wanted, foldedEmail)
  if (wanted.length > limit || [...groups.values()].some((own) => own.length > addressLimit)) {
    return Result.fail(
      new Refused({
        subject: "Postage",
        command: "Send",
        reason: "too-many",
        nextStep: "Send fewer at once.",
        detail:
          `At most ${limit} letters can be sent within ${Duration.toHours(span)} hours, ` +
          `${addressLimit} of them to one address.`
      })
    )
  }
  const since = DateTime.subtractDuration(now, span)
  const recent = sent.filter(({ at }) => DateTime.isGreaterThan(at, since))
  const byAddress = groupBy(recent, ({ to }) => foldedEmail(to))
  const hours = Duration.toHours(span)
  const inTheWay = [
    {
      until: roomAt(recent, wanted.length, limit),
      detail: `An organization can send ${limit} letters to other people within ${hours} hours.`
    },
    ...[...groups].map(([address, own]) => ({
      until: roomAt(byAddress.get(address) ?? [], own.length, addressLimit),
      detail: `${address} was sent ${addressLimit} letters within ${hours} hours.`
    }))
  ].flatMap(({ detail, until }) => (until === undefined ? [] : [{ detail, until }]))
  // Of several limits the one that is in the way for longest; a try at the instant that is named succeeds.
  const [last] = inTheWay.toSorted((one, other) => other.until.epochMilliseconds - one.until.epochMilliseconds)
  return last === undefined ? Result.succeed(undefined) : tooMany(last.detail, last.until)
}
