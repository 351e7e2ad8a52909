/**
 * E-mail addresses as they are compared here: without surrounding space, in small letters, otherwise as they are typed.
 */
import { Text } from "@portolan/domain"
import { Option, Schema } from "effect"

/**
 * Longest e-mail: https://www.rfc-editor.org/rfc/rfc5321#section-4.5.3.1.3 allows a path of 256 octets with its
 * brackets.
 */
export const maxLength = 254

const isSearchable = Schema.is(Schema.String.check(Schema.isMinLength(1), Schema.isMaxLength(maxLength), Text.readable))
const parse = Schema.decodeUnknownOption(Text.EmailInput)

// Cut first: what follows looks at every character more than once.
const isShort = (text: string): boolean => text.length <= maxLength * 4

/**
 * What to look somebody up by, or undefined when nobody can have it. Wider than `toKeep`: earlier installations may
 * hold addresses such as `owner@localhost`.
 */
export const toFind = (text: string): string | undefined => {
  const address = isShort(text) ? text.trim().toLowerCase() : ""
  return isSearchable(address) ? address : undefined
}

/** An address that a person may be made with, or undefined. */
export const toKeep = (text: string): Text.Email | undefined =>
  isShort(text) ? Option.getOrUndefined(parse(text)) : undefined
