/**
 * Calendar days and time zones, as far as reports need them. A day is a text such as `2026-03-01`; instants are
 * milliseconds since 1970.
 */

const DAY_MS = 86_400_000

const formatters = new Map<string, Intl.DateTimeFormat>()

const formatter = (timeZone: string): Intl.DateTimeFormat => {
  const known = formatters.get(timeZone)
  if (known !== undefined) return known
  const made = new Intl.DateTimeFormat("en-CA", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit"
  })
  if (formatters.size < 100) formatters.set(timeZone, made)
  return made
}

/** Whether the platform knows a time zone by this name. */
export const isTimeZone = (timeZone: string): boolean => {
  if (timeZone.length === 0 || timeZone.length > 60) return false
  try {
    formatter(timeZone)
    return true
  } catch {
    return false
  }
}

/** How far a zone is ahead of UTC at an instant, in minutes. */
export const offsetMinutes = (timeZone: string, at: number): number => {
  const part: Record<string, number> = {}
  for (const { type, value } of formatter(timeZone).formatToParts(at)) part[type] = Number(value)
  const local = Date.UTC(
    part.year ?? 1970,
    (part.month ?? 1) - 1,
    part.day ?? 1,
    part.hour ?? 0,
    part.minute ?? 0,
    part.second ?? 0
  )
  return Math.round((local - Math.floor(at / 1000) * 1000) / 60_000)
}

/** The calendar day in a zone at an instant. */
export const dayIn = (timeZone: string, at: number): string =>
  new Date(at + offsetMinutes(timeZone, at) * 60_000).toISOString().slice(0, 10)

/** Whether a text is a real calendar day. */
export const isDay = (text: unknown): text is string => {
  if (typeof text !== "string" || !/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const at = Date.parse(`${text}T00:00:00Z`)
  return Number.isFinite(at) && new Date(at).toISOString().startsWith(text)
}

const stamp = (day: string): number => Date.parse(`${day}T00:00:00Z`)

/** The day a number of days later; earlier when negative. */
export const addDays = (day: string, days: number): string =>
  new Date(stamp(day) + days * DAY_MS).toISOString().slice(0, 10)

/** How many days lie between two days; 0 for the same day. */
export const daysBetween = (from: string, to: string): number => Math.round((stamp(to) - stamp(from)) / DAY_MS)

/** Every day from one to another, both included. Empty when they are the wrong way round. */
export const days = (from: string, to: string): ReadonlyArray<string> =>
  Array.from({ length: Math.max(0, daysBetween(from, to) + 1) }, (_, index) => addDays(from, index))

/** The instant at which a day begins in a zone. */
export const startOf = (timeZone: string, day: string): number => {
  const guess = stamp(day)
  const first = offsetMinutes(timeZone, guess)
  return guess - offsetMinutes(timeZone, guess - first * 60_000) * 60_000
}

/** An instant as the clocks of a zone show it, written `2026-03-01T00:00-08:00`. */
export const label = (timeZone: string, at: number): string => {
  const offset = offsetMinutes(timeZone, at)
  const size = Math.abs(offset)
  const two = (n: number) => String(n).padStart(2, "0")
  const local = new Date(at + offset * 60_000).toISOString().slice(0, 16)
  return `${local}${offset < 0 ? "-" : "+"}${two(Math.floor(size / 60))}:${two(size % 60)}`
}

/** Parses an ISO 8601 instant that names its offset, or a bare date-time taken as UTC. Undefined when it is neither. */
export const instant = (text: string): number | undefined => {
  if (!/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})?)?$/.test(text)) return undefined
  const zoned = /(Z|[+-]\d{2}:?\d{2})$/.test(text.slice(10)) || text.length === 10 ? text : `${text}Z`
  const at = Date.parse(zoned)
  return Number.isFinite(at) ? at : undefined
}
