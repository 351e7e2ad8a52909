/** How quantities and instants are written on a page. */
import { DateTime } from "effect"
import { count } from "../messages/en/quantities.ts"
import { words } from "../messages/words.ts"

export { count }

const absoluteFormat = new Intl.DateTimeFormat(words.page.locale, {
  dateStyle: "medium",
  timeStyle: "short",
  timeZone: "UTC"
})
const dayFormat = new Intl.DateTimeFormat(words.page.locale, { dateStyle: "medium", timeZone: "UTC" })

/** An instant in full, in UTC, so that people in several countries read the same. */
export const absolute = (instant: DateTime.Utc): string => `${absoluteFormat.format(DateTime.toDate(instant))} UTC`

/** An instant for machines, as a `datetime` attribute has it. */
export const iso = (instant: DateTime.Utc): string => DateTime.formatIso(instant)

/** The day of an instant, in UTC. */
export const day = (instant: DateTime.Utc): string => dayFormat.format(DateTime.toDate(instant))

const units: ReadonlyArray<readonly [number, keyof typeof words.page.spans]> = [
  [86_400_000 * 365, "year"],
  [86_400_000 * 30, "month"],
  [86_400_000, "day"],
  [3_600_000, "hour"],
  [60_000, "minute"]
]

/** A span in its largest unit, e.g. `3 hours`, rounded as told; less than a minute is `less than a minute`. */
export const span = (millis: number, round: (quantity: number) => number = Math.floor): string => {
  const size = Math.abs(millis)
  // Days are counted up to sixty, because people plan in days there.
  const unit = units.find(([length, name]) => (name === "month" ? size >= length * 2 : size >= length))
  return unit === undefined
    ? words.page.lessThanAMinute
    : words.page.spans[unit[1]]({ quantity: round(size / unit[0]) })
}

/** An instant as seen from now, e.g. `3 hours ago` or `in 2 days`. */
export const relative = (instant: DateTime.Utc, now: DateTime.Utc): string => {
  const millis = DateTime.toEpochMillis(instant) - DateTime.toEpochMillis(now)
  if (Math.abs(millis) < 60_000) return millis <= 0 ? words.page.justNow : words.page.inLessThanAMinute
  // A link that was just made for seven days expires in seven days, not in six.
  return millis < 0 ? words.page.ago({ span: span(millis) }) : words.page.ahead({ span: span(millis, Math.round) })
}

/** A share as whole per cent; 100 only when all is done, so that nothing looks finished before it is. */
export const percent = (fraction: number): number => (fraction >= 1 ? 100 : Math.min(99, Math.floor(fraction * 100)))
