/** What mails and calendars say about consents that end. Pages have sentences of their own. */
import { DateTime } from "effect"

/** A count with its noun: `1 day`, `3 days`. */
const counted = (count: number, noun: string): string => `${Math.trunc(count)} ${noun}${count === 1 ? "" : "s"}`

/** A day of the calendar in UTC: `2026-11-28`. */
const day = (at: DateTime.Utc): string => DateTime.formatIsoDate(at)

/** When a consent ends: `within a day`, `in 3 days`. */
const inDays = (days: number): string => (days <= 0 ? "within a day" : `in ${counted(days, "day")}`)

/** The sentences, in English. */
export const words = {
  /** The subject of a notice about one consent. */
  endsTitle: (account: string, days: number) => `${account}: the consent ends ${inDays(days)}`,
  /** What to do about one consent that ends. */
  ends: (channel: string, at: DateTime.Utc) =>
    `The consent for the ${channel} ends on ${day(at)} (UTC). Authorize again as the same seller before that ` +
    "day; nothing is lost. If somebody else owns the account, ask that person under Requests.",
  /** The subject of a mail that lists consents which end. */
  digestTitle: (logins: number, days: number | undefined) =>
    days === undefined
      ? `${counted(logins, "consent")} must be given again`
      : `${logins === 1 ? "A consent ends" : `${counted(logins, "consent")} end, the first`} ${inDays(days)}`,
  /** How such a mail begins. */
  digest: (connections: number, days: number) =>
    `${counted(connections, "connection")} lose their access within ${counted(days, "day")}, or have lost it, unless ` +
    "somebody gives the consent again. One renewal answers for all connections of the same login.",
  /** One login of such a mail. */
  login: (accounts: string, channel: string, when: string) => `${accounts} (${channel}): ${when}`,
  /** A consent that ends. */
  endsOn: (at: DateTime.Utc, days: number) => `ends on ${day(at)} (UTC), ${inDays(days)}.`,
  /** A consent that ended by itself. */
  endedOn: (at: DateTime.Utc) => `ended on ${day(at)} (UTC).`,
  /** A consent that the provider refuses. */
  lost: "has to be authorized again.",
  /** The first accounts of a login, when there are more. */
  andMore: (names: string, more: number) => `${names} and ${Math.trunc(more)} more`,
  /** What a mail has no room for. */
  moreLogins: (more: number) => `${counted(more, "more login")}: see the page.`,
  /** Why a key has no address of a calendar. */
  feedIsPersonal: "The address of a calendar belongs to a person, and a key is none.",
  /** What to do then. */
  feedBySession: "Sign in and make it on the page Renewals, or read /v1/renewals.ics with the key.",
  /** The subject when another consent of the same login took over. */
  goesOn: (account: string, channel: string) => `${account}: ${channel} goes on with another consent`,
  /** The same, in full. */
  goesOnSame: "The consent in use ended, and another consent of the same login took over. There is nothing to do.",
  /** The button below the list. */
  seeAll: "See what ends, and renew"
} as const
