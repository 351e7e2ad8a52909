/**
 * How many emails an organization may have sent to people outside it: people who are asked to connect, who are invited
 * to join, or who get a plan. The limit keeps a member, or a thief of a key, from sending spam through this
 * installation, because after that mail servers accept nobody's emails from it.
 *
 * There is no counter. The events that call for emails are in the history, and they are counted there. Emails that the
 * software sends by itself (one reminder, one note that a request was withdrawn) are limited by their request, so they
 * are neither counted nor refused. The same is true of emails about a sign-in, which belong to no organization. The
 * daily mail to somebody outside whose consents end is asked for by nobody, so it is counted, and waits when refused.
 */
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Result from "effect/Result"
import type { DomainEvent } from "../jobs/Aggregate.ts"
import type { Refused } from "../kernel/Refused.ts"
import { groupBy } from "../kernel/groupBy.ts"
import { foldedEmail } from "../kernel/Text.ts"
import { type Message, say } from "./Messages.ts"
import { refuse } from "./Refusal.ts"

/** The time that the limits are about. It slides, so there is no midnight at which everything is allowed again. */
export const span = Duration.hours(24)

/**
 * Emails to people outside that an organization may send within `span`: two campaigns of the largest size. A limit of
 * this product, not of a provider.
 */
export const limit = 200

/** Emails that an organization may send to one address within `span`. A limit of this product. */
export const addressLimit = 10

/** An email that was sent. */
export interface Sent {
  readonly to: string
  readonly at: DateTime.Utc
}

/** An email that is called for. */
export interface Addressed {
  readonly to: string
  /** The copy for the requester that an API key named: any address, so it counts unless it is a member's. */
  readonly isCopy?: true
}

/**
 * The addresses that an event names and calls for an email to. The copy for a member who sends a request in their own
 * name does not count.
 */
export const addressed = (event: DomainEvent): ReadonlyArray<Addressed> => {
  switch (event._tag) {
    case "LinkIssued": {
      const { issuedBy, request } = event
      if (request === undefined || request.carriedBy !== undefined || request.renews !== undefined) return []
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

/** Whether an event calls for an email to the address that its aggregate has already. */
export const repeats = (event: DomainEvent): boolean =>
  event._tag === "RequestMailedAgain" || event._tag === "InvitationMailed" || remindsOfEnds(event)

/** Whether an event calls for the daily mail of consents that end, to somebody outside. */
export const remindsOfEnds = (event: DomainEvent): boolean =>
  event._tag === "RequestReminded" && event.renews !== undefined

/** When so many of these have left the span that `more` fit; undefined when they fit now. */
const roomAt = (sent: ReadonlyArray<Sent>, more: number, most: number): DateTime.Utc | undefined => {
  const over = sent.length + more - most
  if (over <= 0) return undefined
  const oldest = sent.map(({ at }) => at).toSorted((one, other) => one.epochMilliseconds - other.epochMilliseconds)
  const last = oldest[Math.min(over, oldest.length) - 1]
  return last === undefined ? undefined : DateTime.addDuration(last, span)
}

const tooMany = (why: { readonly detail: Message; readonly nextStep: Message; readonly retryAt?: DateTime.Utc }) =>
  refuse("MailQuota", "Send", "too-many", why)

/**
 * Whether emails to these addresses may be sent now, after what was sent before. A refusal names the instant from which
 * they may be; it names none when they are too many at once.
 */
export const check = (
  sent: ReadonlyArray<Sent>,
  addresses: ReadonlyArray<string>,
  now: DateTime.Utc
): Result.Result<void, Refused> => {
  const hours = Duration.toHours(span)
  const groups = groupBy(addresses, foldedEmail)
  if (addresses.length > limit || [...groups.values()].some((own) => own.length > addressLimit)) {
    return tooMany({ detail: say("quota.most", { limit, hours, addressLimit }), nextStep: say("quota.fewer") })
  }
  const since = DateTime.subtractDuration(now, span)
  const recent = sent.filter(({ at }) => DateTime.isGreaterThan(at, since))
  const byAddress = groupBy(recent, ({ to }) => foldedEmail(to))
  const reached = [
    { until: roomAt(recent, addresses.length, limit), detail: say("quota.organization", { limit, hours }) },
    ...[...groups].map(([address, own]) => ({
      until: roomAt(byAddress.get(address) ?? [], own.length, addressLimit),
      detail: say("quota.address", { address, limit: addressLimit, hours })
    }))
  ].flatMap(({ detail, until }) => (until === undefined ? [] : [{ detail, until }]))
  // Of several limits the one that lasts longest, so that a try at the instant that is named succeeds.
  const [last] = reached.toSorted((one, other) => other.until.epochMilliseconds - one.until.epochMilliseconds)
  if (last === undefined) return Result.succeed(undefined)
  return tooMany({ detail: last.detail, nextStep: say("quota.retry-after", { at: last.until }), retryAt: last.until })
}
