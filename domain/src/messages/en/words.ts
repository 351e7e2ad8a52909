/** How English writes lists, days and instants, and sentences that several messages contain. */
import * as DateTime from "effect/DateTime"

/** `a, b, c` */
export const list = (items: ReadonlyArray<string>): string => items.join(", ")

/** `a or b or c` */
export const alternatives = (items: ReadonlyArray<string>): string => items.join(" or ")

/** A day of the calendar in UTC: `2026-11-28`. */
export const day = (at: DateTime.Utc): string => DateTime.formatIsoDate(at)

/** An instant to the minute, rounded up: at the minute that is named it is never too early. `2026-11-28 09:05 UTC` */
export const minute = (at: DateTime.Utc): string => {
  const rounded = DateTime.makeUnsafe(Math.ceil(at.epochMilliseconds / 60_000) * 60_000)
  return `${DateTime.formatIso(rounded).slice(0, 16).replace("T", " ")} UTC`
}

const months = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December"
]

const twoDigits = (count: number): string => String(count).padStart(2, "0")

/** An instant for people, to the minute: `28 November 2026, 09:05 UTC`. */
export const instant = (at: DateTime.Utc): string => {
  const { day, hour, minute, month, year } = DateTime.toPartsUtc(at)
  return `${day} ${months[month - 1] ?? ""} ${year}, ${twoDigits(hour)}:${twoDigits(minute)} UTC`
}

/** Part of what is said about a request that somebody cannot answer. */
export const linkStays = "The link stays usable until it ends or you withdraw it."

/** Part of what is advised when a permission at a provider has no effect. */
export const addUserAgain = "If it was given and nothing changed, have the user removed and added again."

/** Part of what is said about a load or an advertiser that is overdue. */
export const supportLooks = "Support has been told and looks into it."
