/**
 * Takes out of a text what looks like a secret, whoever it is of: words of a provider and rows that nobody could read
 * are kept and shown. What is known to be a secret of the request is blotted out by `Wire` before; this finds what an
 * answer may quote of other people's.
 */

const struck = "[secret]"

const patterns: ReadonlyArray<RegExp> = [
  // A credential after the name of its scheme, or in a parameter or field that is named after one.
  /\b(?<name>bearer|basic)\s+[\w.~+/|=-]{6,}/gi,
  /(?<name>[?&;](?:[\w-]*(?:signature|token|secret|credential|password|api-?key|code)[\w-]*)=)[^&\s"'<>]+/gi,
  /(?<name>"(?:[\w-]*(?:signature|token|secret|credential|password|authorization|api[_-]?key)[\w-]*)"\s*:\s*)"[^"]*"/gi,
  // JSON Web Tokens, and the key ids of Amazon Web Services
  // (https://www.rfc-editor.org/rfc/rfc7519,
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html).
  /\beyJ[\w-]{4,}\.[\w-]{4,}(?:\.[\w-]*)?/g,
  /\b(?:AKIA|ASIA)[A-Z0-9]{12,}\b/g,
  // An opaque run as long as no word or id is.
  /[\w+/|~=-]{64,}/g
]

/** The text without what looks like a secret. */
export const strikeOut = (text: string): string =>
  patterns.reduce((clean, pattern) => clean.replaceAll(pattern, (...found) => nameOf(found) + struck), text)

/** What stays of a match: the name before the secret, where the pattern has one. */
const nameOf = (found: ReadonlyArray<unknown>): string => {
  const groups = found.at(-1)
  return typeof groups === "object" && groups !== null && "name" in groups && typeof groups.name === "string"
    ? groups.name.replace(/(?<=\w)$/, " ")
    : ""
}
