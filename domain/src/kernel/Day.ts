/**
 * A civil day, `YYYY-MM-DD`, as providers cut their data: in the marketplace's own time zone. Arithmetic is on days, so
 * daylight saving never adds or loses one.
 */
import * as DateTime from "effect/DateTime"
import * as Schema from "effect/Schema"
import { text } from "../messages/Messages.ts"

const dayMillis = 86_400_000

/** A civil day of the proleptic Gregorian calendar. */
export const Day = Schema.String.check(
  Schema.isPattern(/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/u),
  Schema.makeFilter(
    (text) => {
      const millis = Date.parse(`${text}T00:00:00Z`)
      return !Number.isNaN(millis) && new Date(millis).toISOString().slice(0, 10) === text
    },
    { expected: text("input.day") }
  )
).pipe(Schema.brand("Day"))
export type Day = typeof Day.Type

/** Days since 1970-01-01. */
export const toNumber = (day: Day): number => Math.round(Date.parse(`${day}T00:00:00Z`) / dayMillis)

/** The inverse of `toNumber`. */
export const fromNumber = (days: number): Day => new Date(days * dayMillis).toISOString().slice(0, 10) as Day

/** Moves a day by so many days. */
export const plus = (day: Day, days: number): Day => fromNumber(toNumber(day) + days)

/** Days from one day to another; negative when the second lies before. */
export const between = (from: Day, until: Day): number => toNumber(until) - toNumber(from)

/** The instant at which a day begins in a time zone (IANA name); the first one where the clock skips midnight. */
export const startOf = (day: Day, timeZone: string): DateTime.Utc =>
  DateTime.toUtc(
    DateTime.makeZonedUnsafe(`${day}T00:00:00`, {
      timeZone: DateTime.zoneMakeNamedUnsafe(timeZone),
      adjustForTimeZone: true
    })
  )

/** The civil day that an instant falls on in a time zone (IANA name). */
export const at = (instant: DateTime.Utc, timeZone: string): Day =>
  DateTime.formatIsoDate(DateTime.setZone(instant, DateTime.zoneMakeNamedUnsafe(timeZone))) as Day
