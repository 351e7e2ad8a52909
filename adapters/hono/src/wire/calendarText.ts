/**
 * A calendar as text (RFC 5545): lines end in CRLF and are folded at 75 octets, text is escaped, and each entry keeps
 * its UID for as long as what it is about exists, so that a program moves the entry when the instant moves.
 *
 * @see https://www.rfc-editor.org/rfc/rfc5545
 */
import { Text } from "@portolan/domain"
import type { DateTime } from "effect"

/** An entry: something that happens at an instant. */
export interface Entry {
  /** The same for the same thing, also after its instant moved. */
  readonly uid: string
  readonly at: DateTime.Utc
  /** When what the entry says was last changed; a later change has a higher sequence number. */
  readonly changedAt: DateTime.Utc
  readonly summary: string
  readonly description: string
  readonly url: string
}

/** A calendar with its name. */
export interface Calendar {
  readonly name: string
  readonly entries: ReadonlyArray<Entry>
}

/** The most octets of a line, without its end (https://www.rfc-editor.org/rfc/rfc5545#section-3.1). */
const lineOctets = 75

const octets = (text: string): number => new TextEncoder().encode(text).length

/** Folds a line: what is too long goes on in the next one, after a space. No character is cut in two. */
export const fold = (line: string): string => {
  const lines: Array<string> = []
  let current = ""
  let size = 0
  for (const character of line) {
    const more = octets(character)
    if (size + more > lineOctets) {
      lines.push(current)
      current = " "
      size = 1
    }
    current += character
    size += more
  }
  return [...lines, current].join("\r\n")
}

/** The longest text of a property, in characters. */
const textLimit = 1000

/**
 * Escapes a text (https://www.rfc-editor.org/rfc/rfc5545#section-3.3.11): names are what people typed, and become one
 * line.
 */
export const escape = (text: string): string =>
  Text.line(text, textLimit).replaceAll("\\", "\\\\").replaceAll(";", "\\;").replaceAll(",", "\\,")

/** `20261128T090500Z` */
const instant = (at: DateTime.Utc): string =>
  `${new Date(at.epochMilliseconds).toISOString().slice(0, 19).replaceAll("-", "").replaceAll(":", "")}Z`

/** A number that grows with each change: minutes since 1970, which a 32-bit integer holds. */
const sequence = ({ changedAt }: Entry): number => Math.max(0, Math.floor(changedAt.epochMilliseconds / 60_000))

const event = (entry: Entry): ReadonlyArray<string> => [
  "BEGIN:VEVENT",
  `UID:${entry.uid}`,
  `DTSTAMP:${instant(entry.changedAt)}`,
  `LAST-MODIFIED:${instant(entry.changedAt)}`,
  `SEQUENCE:${sequence(entry)}`,
  `DTSTART:${instant(entry.at)}`,
  `SUMMARY:${escape(entry.summary)}`,
  `DESCRIPTION:${escape(entry.description)}`,
  `URL:${entry.url}`,
  "TRANSP:TRANSPARENT",
  "END:VEVENT"
]

/**
 * Writes a calendar. Programs are asked to read it again twice a day
 * (https://www.rfc-editor.org/rfc/rfc7986#section-5.7).
 */
export const calendarText = ({ entries, name }: Calendar): string =>
  [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//Portolan//Renewals//EN",
    "CALSCALE:GREGORIAN",
    "METHOD:PUBLISH",
    `NAME:${escape(name)}`,
    `X-WR-CALNAME:${escape(name)}`,
    "REFRESH-INTERVAL;VALUE=DURATION:PT12H",
    "X-PUBLISHED-TTL:PT12H",
    ...entries.flatMap(event),
    "END:VCALENDAR"
  ]
    .map((line) => `${fold(line)}\r\n`)
    .join("")
