/**
 * Text that people type. Limits are in characters (UTF-16 code units); control characters, line separators and lone
 * surrogates are refused, because they break mails, logs and some databases.
 */
import * as Schema from "effect/Schema"
import * as SchemaGetter from "effect/SchemaGetter"
import * as Messages from "../messages/Messages.ts"

// Written as code points so that the source itself carries no control characters.
const isReadable = (text: string): boolean => {
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0
    if (code < 0x20 || (code >= 0x7f && code < 0xa0) || (code >= 0xd800 && code <= 0xdfff)) return false
    if (code === 0x2028 || code === 0x2029) return false
    // Bidirectional overrides let one name imitate another.
    if ((code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069) || code === 0xfeff) return false
  }
  return true
}

/** A check for text without control characters, lone surrogates and bidirectional overrides. */
export const readable = Schema.makeFilter(isReadable, { expected: Messages.text("input.readable") })

/** A name that a person gave to something: 1 to 120 characters, no surrounding space, no control characters. */
export const Name = Schema.String.check(Schema.isMaxLength(120), Schema.isMinLength(1), Schema.isTrimmed(), readable)
export type Name = typeof Name.Type

/**
 * An e-mail address as far as it can be judged without sending to it: one `@`, no white space, at most 254 characters,
 * the longest path of SMTP without its brackets. Whether the address works is known only after an email was answered.
 *
 * @see https://www.rfc-editor.org/rfc/rfc5321#section-4.5.3.1.3
 */
export const Email = Schema.String.check(
  Schema.isMaxLength(254),
  Schema.isPattern(/^[^\s@<>()[\]\\,;:"]{1,64}@[^\s@<>()[\]\\,;:"]+\.[^\s@<>()[\]\\,;:"]+$/u),
  readable
).pipe(Schema.brand("Email"))
export type Email = typeof Email.Type

// Fillers and blanks that are letters, marks or symbols to Unicode, and show nothing.
const blank = "\\u034f\\u115f\\u1160\\u2800\\u3164\\uffa0\\p{Variation_Selector}"
const hidden = new RegExp(`[\\p{C}${blank}]`, "u")
const shown = new RegExp(`[^\\p{C}\\p{Z}\\p{M}${blank}]`, "u")

/**
 * Whether every character of an address can be seen, and its domain is words between plain dots. Mail servers drop
 * invisible characters and read a wide dot or letter as a plain one, so without this check one mailbox would have many
 * addresses here, each with limits of its own.
 *
 * @see https://www.unicode.org/reports/tr46/#Processing
 */
const isPlainAddress = (text: string): boolean => {
  const domain = text.slice(text.lastIndexOf("@") + 1).normalize("NFC")
  return (
    !hidden.test(text) &&
    domain.normalize("NFKC") === domain &&
    /^[\p{L}\p{M}\p{N}-]+(?:\.[\p{L}\p{M}\p{N}-]+)+$/u.test(domain)
  )
}

/** The same for input: surrounding white space is removed, and letters are made small, before the checks. */
export const EmailInput = Schema.Trim.check(
  Schema.makeFilter(isPlainAddress, { expected: Messages.text("input.address-visible") })
).pipe(
  Schema.decodeTo(Email, {
    decode: SchemaGetter.transform((text) => text.toLowerCase()),
    encode: SchemaGetter.passthrough()
  })
)

/**
 * The same for input: surrounding white space is removed before the checks, and something of the name can be seen. It
 * is no web address, which mail programs would make a link of in an email that bears our name.
 */
export const NameInput = Schema.Trim.check(
  Schema.isMaxLength(120),
  Schema.isMinLength(1),
  readable,
  Schema.makeFilter((text: string) => !text.includes("://"), { expected: Messages.text("input.no-web-address") }),
  Schema.makeFilter((text: string) => shown.test(text), { expected: Messages.text("input.name-visible") })
)

/**
 * Text that came from a provider and is shown to people: anything goes in, at most 300 readable characters come out.
 */
export const fromProvider = (text: string): string => {
  let kept = ""
  for (const character of cut(text, 600).trim()) {
    if (kept.length + character.length > 300) break
    if (isReadable(character)) kept += character
  }
  return kept.trim()
}

/**
 * The beginning of a text, at most `limit` UTF-16 code units. A character outside the basic plane is kept whole or left
 * out, never halved: half of one can be neither encoded nor stored. A half that was there before becomes U+FFFD.
 *
 * @see https://www.unicode.org/glossary/#surrogate_pair
 */
export const cut = (text: string, limit: number): string => {
  const whole = text.toWellFormed()
  const kept = whole.slice(0, limit)
  return kept.isWellFormed() ? kept : kept.slice(0, -1)
}

/**
 * One line for an email's subject, a name beside an address, or a word in a sentence: anything goes in, at most `limit`
 * readable characters come out. Line breaks and control characters become spaces, so nothing that was typed can begin a
 * mail header of its own; what was cut ends in an ellipsis.
 *
 * @see https://www.rfc-editor.org/rfc/rfc5322#section-2.2
 */
export const line = (text: string, limit: number): string => {
  // Runs of space shrink to one, so more is read than is kept, but never all of a text without end.
  const clean = Array.from(cut(text, limit * 8), (character) => (isReadable(character) ? character : " "))
    .join("")
    .replace(/\s+/gu, " ")
    .trim()
  if (clean.length <= limit) return clean
  let kept = ""
  for (const character of clean) {
    if (kept.length + character.length > limit - 1) break
    kept += character
  }
  return `${kept.trimEnd()}…`
}

/** What people compare names by: case, width and surrounding space do not count (rule K-R2, duplicate names warn). */
export const folded = (text: string): string => text.normalize("NFKC").trim().toLowerCase().replace(/\s+/g, " ")

/**
 * An address as it is compared: in small letters and otherwise as it is written, because look-alikes are other
 * mailboxes.
 */
export const foldedEmail = (email: string): string => email.trim().toLowerCase()

/** Whether two addresses are one. */
export const sameEmail = (one: string, other: string): boolean => foldedEmail(one) === foldedEmail(other)
