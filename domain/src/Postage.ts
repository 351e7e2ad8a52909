/**
 * How many letters an organization may have sent to people outside: whom it asks to connect, invites to join, or mails a plan. A
 * member, or a key that was stolen, must not make this installation a sender of spam, because then nobody's letters arrive.
 *
 * Nothing is counted twice: what was sent stands in the history already, as the events that call for the letters. What the
 * software sends by itself (one reminder, one word that a request was withdrawn) is limited by the request it belongs to and is
 * neither counted nor held back; the same is true of letters about somebody's own sign-in, which belong to no organization.
 */
import { DateTime, Duration, Result } from "effect"
import type { DomainEvent } from "./Aggregate.ts"
import { Refused } from "./Refused.ts"
import { foldedEmail } from "./Text.ts"

/** The time that the limits are about. It slides, so there is no midnight at which everything is allowed again. */
export const span = Duration.hours(24)

/** Letters to people outside that an organization may have sent within `span`: two campaigns of the largest size. Our choice. */
export const limit = 200

/** Letters to one address within `span`, whoever of the organization sends them. Our choice. */
export const addressLimit = 10

/** A letter that was sent. */
export interface Sent {
  readonly to: string
  readonly at: DateTime.Utc
}

/**
 * The addresses that an event names and calls for a letter to. Whoever asks in his own name gets his copy uncounted; a key names
 * a requester who may be anybody.
 */
export const addressed = (event: DomainEvent): ReadonlyArray<string> => {
  switch (event._tag) {
    case "LinkIssued": {
      const { issuedBy, request } = event
      if (request === undefined || request.carriedBy !== undefined) return []
      return [request.owner.email, ...(issuedBy._tag === "Person" ? [] : [request.requester.email])]
    }
    case "MemberInvited": return [event.email]
    case "PlanMailed": return [event.mail.to]
    default: return []
  }
}

/** Whether an event calls for a letter to whom the aggregate was addressed before. */
export const repeats = (event: DomainEvent): boolean => event._tag === "RequestMailedAgain" || event._tag === "InvitationMailed"

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
  Result.fail(new Refused({
    subject: "Postage", asked: "Send", reason: "too-many", detail, nextStep: `Try again after ${minute(retryAt)}.`, retryAt
  }))

/** Whether letters to these addresses may be sent now, after what was sent before. Refuses with the instant of the next try. */
export const check = (
  sent: ReadonlyArray<Sent>, wanted: ReadonlyArray<string>, now: DateTime.Utc
): Result.Result<void, Refused> => {
  const recent = sent.filter(({ at }) => DateTime.isGreaterThan(DateTime.addDuration(at, span), now))
  const full = roomAt(recent, wanted.length, limit)
  if (full !== undefined) {
    return tooMany(`An organization can send ${limit} letters to other people within ${Duration.toHours(span)} hours.`, full)
  }
  for (const [address, own] of Map.groupBy(wanted, foldedEmail)) {
    const crowded = roomAt(recent.filter(({ to }) => foldedEmail(to) === address), own.length, addressLimit)
    if (crowded !== undefined) {
      return tooMany(`${address} was sent ${addressLimit} letters within ${Duration.toHours(span)} hours.`, crowded)
    }
  }
  return Result.succeed(undefined)
}
