/**
 * When a member gets news by mail. What is sent at once waits some seconds for the rest of its burst, and what went
 * well also for three minutes after the last mail, so that a burst is one mail and a long one few. What is collected
 * goes out once a day. Mails about signing in, passwords, invitations, requests to connect to their owner and the
 * ownership are no news: no preference holds them back.
 */
import * as DateTime from "effect/DateTime"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { GrantId } from "../../kernel/Id.ts"
import { text } from "../../messages/Messages.ts"
import { newsSubjectLimit, newsTextLimit } from "../../messages/MailTemplate.ts"

/** How long news that is sent at once waits for more of it, in seconds. */
export const burstSeconds = 10

/** How long news of what went well waits after the last mail, in minutes; the daily mail does not wait for it. */
export const restMinutes = 3

/** The hour of the day, in the time zone that the member chose, at which collected news is mailed. */
export const digestHour = 6

/** The most pieces of news that wait for one mail; the oldest give way, and the mail counts them. */
export const newsLimit = 50

/**
 * The most reminders of consents that end which wait for one mail; it lists every consent that ends, so that more of
 * them would say nothing new.
 */
export const endingLimit = 20

/** The kinds of news. */
export const NewsKind = Schema.Literals(["problems", "requests", "progress"])
/** A kind of news: what somebody must act on, what came of one's requests to connect, and what went well. */
export type NewsKind = typeof NewsKind.Type

const AlwaysMailed = Schema.Literals(["at-once", "daily"])

const timingOf = {
  problems: AlwaysMailed,
  requests: AlwaysMailed,
  progress: Schema.Literals(["at-once", "daily", "never"])
}

/** A name of the IANA time zone database as it is kept; a zone that is no longer known counts as UTC. */
const KeptTimeZone = Schema.String.check(Schema.isMaxLength(60))

/**
 * A time zone that is known here, by its name in the IANA database, e.g. `Europe/Berlin`.
 *
 * @see https://www.iana.org/time-zones
 */
export const TimeZone = KeptTimeZone.check(
  Schema.makeFilter((name: string) => Option.isSome(DateTime.zoneMakeNamed(name)), {
    expected: text("input.time-zone")
  })
)

/**
 * When news of each kind is mailed. News that somebody must act on, or asked for, cannot be switched off. `timeZone`:
 * whose clock the daily mail goes by; UTC when left out.
 */
export const MailPreferences = Schema.Struct({ ...timingOf, timeZone: Schema.optionalKey(KeptTimeZone) })
export type MailPreferences = typeof MailPreferences.Type

/** Preferences as somebody chooses them: their time zone has to be known. */
export const MailPreferencesInput = Schema.Struct({ ...timingOf, timeZone: Schema.optionalKey(TimeZone) })

/** What can be chosen for each kind of news. */
export const timings: { readonly [K in NewsKind]: ReadonlyArray<MailPreferences[K]> } = {
  problems: AlwaysMailed.literals,
  requests: AlwaysMailed.literals,
  progress: MailPreferences.fields.progress.literals
}

/** The preferences of somebody who chose none: everything at once. */
export const defaultPreferences: MailPreferences = { problems: "at-once", requests: "at-once", progress: "at-once" }

/** The end of a consent that news is about, by which it is known whether that still lies ahead. */
export const EndingConsent = Schema.Struct({ grantId: GrantId, expiresAt: Schema.DateTimeUtc })
export type EndingConsent = typeof EndingConsent.Type

/** One piece of news, as it is told. */
export const News = Schema.Struct({
  /** The id of what it reports, by which a second copy is known. */
  id: Schema.String.check(Schema.isMaxLength(200)),
  kind: NewsKind,
  /** One line. */
  subject: Schema.String.check(Schema.isMaxLength(newsSubjectLimit)),
  /** More about it; may be empty. */
  text: Schema.String.check(Schema.isMaxLength(newsTextLimit)),
  /** The page that it is about; none when left out. */
  url: Schema.optionalKey(Schema.String.check(Schema.isMaxLength(500))),
  /**
   * Present on a reminder that a consent ends: whatever the member prefers, it waits for their daily mail, which lists
   * every consent that ends then.
   */
  ending: Schema.optionalKey(EndingConsent)
})
export type News = typeof News.Type

/** News that waits for its mail, and when that is sent. */
export const WaitingNews = Schema.Struct({ ...News.fields, dueAt: Schema.DateTimeUtc })
export type WaitingNews = typeof WaitingNews.Type

const zoned = (at: DateTime.Utc, timeZone = "UTC"): DateTime.Zoned =>
  DateTime.setZone(
    at,
    Option.getOrElse(DateTime.zoneMakeNamed(timeZone), () => DateTime.zoneMakeOffset(0))
  )

/**
 * The next instant at which collected news is mailed, later than the given one: the digest's hour on the clock of a
 * time zone, of UTC when it is left out or not known. Days on which the clock is changed are 23 or 25 hours long.
 */
export const nextDigest = (at: DateTime.Utc, timeZone = "UTC"): DateTime.Utc => {
  const midnight = DateTime.startOf(zoned(at, timeZone), "day")
  const on = (day: DateTime.Zoned) => DateTime.toUtc(DateTime.setParts(day, { hour: digestHour }))
  const today = on(midnight)
  return DateTime.isGreaterThan(today, at) ? today : on(DateTime.add(midnight, { days: 1 }))
}

/** What a mail's time depends on: what waits already, and when the last mails were made. */
interface Mailbox {
  readonly mailPreferences?: MailPreferences
  readonly news?: ReadonlyArray<WaitingNews>
  readonly newsMailedAt?: DateTime.Utc
  readonly endingsMailedAt?: DateTime.Utc
}

/** The end of a member's day: midnight in the time zone that they chose, of UTC when none is known. */
export const endOfDay = ({ mailPreferences }: Mailbox, at: DateTime.Utc): DateTime.Utc =>
  DateTime.toUtc(DateTime.add(DateTime.startOf(zoned(at, mailPreferences?.timeZone), "day"), { days: 1 }))

/**
 * The first instant from which reminders of consents that end may be mailed to a member again: one mail a person and
 * day. Undefined when none was mailed.
 */
export const endingsFrom = (mailbox: Mailbox): DateTime.Utc | undefined =>
  mailbox.endingsMailedAt === undefined ? undefined : endOfDay(mailbox, mailbox.endingsMailedAt)

/** When a reminder that a consent ends is mailed: with the next daily mail, of a day on which none was mailed yet. */
export const endingDueAt = (mailbox: Mailbox, at: DateTime.Utc): DateTime.Utc =>
  nextDigest(DateTime.max(at, endingsFrom(mailbox) ?? at), mailbox.mailPreferences?.timeZone)

/**
 * When news of a kind is mailed: with what is about to be mailed anyway, else after its own wait. Only what went well
 * keeps the rest after the last mail; what asks somebody to act does not wait for it.
 */
export const dueAt = (
  kind: NewsKind,
  timing: Exclude<MailPreferences[NewsKind], "never">,
  { mailPreferences, news = [], newsMailedAt }: Mailbox,
  at: DateTime.Utc
): DateTime.Utc => {
  if (timing === "daily") return nextDigest(at, mailPreferences?.timeZone)
  const soonest = DateTime.add(at, { seconds: burstSeconds })
  const waitsLonger = kind === "progress" && newsMailedAt !== undefined
  const latest = waitsLonger ? DateTime.max(soonest, DateTime.add(newsMailedAt, { minutes: restMinutes })) : soonest
  const soon = news
    .map((one) => one.dueAt)
    .filter((due) => DateTime.isGreaterThanOrEqualTo(due, at) && DateTime.isLessThanOrEqualTo(due, latest))
  return soon.reduce((first, due) => DateTime.min(first, due), latest)
}
