/**
 * Text that people type. Limits are in characters (UTF-16 code units); control characters, line separators and lone
 * surrogates are refused, because they break mails, logs and some databases.
 */
import { Schema } from "effect"

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
export const readable = Schema.makeFilter(isReadable, { expected: "text without control characters" })

/** A name that a person gave to something: 1 to 120 characters, no surrounding space, no control characters. */
export const Name = Schema.String.check(Schema.isMaxLength(120), Schema.isMinLength(1), Schema.isTrimmed(), readable)
/** A name that a person gave to something. */
export type Name = typeof Name.Type

/** The same for input: surrounding white space is removed before the checks. */
export const NameInput = Schema.Trim.check(Schema.isMaxLength(120), Schema.isMinLength(1), readable)

/** Text that came from a provider and is shown to people: anything goes in, at most 300 readable characters come out. */
export const fromProvider = (text: string): string => {
  let kept = ""
  for (const character of text.slice(0, 600).trim()) {
    if (kept.length + character.length > 300) break
    if (isReadable(character)) kept += character
  }
  return kept.trim()
}

/** What people compare names by: case, width and surrounding space do not count (rule K-R2, duplicate names warn). */
export const folded = (text: string): string => text.normalize("NFKC").trim().toLowerCase().replace(/\s+/g, " ")
