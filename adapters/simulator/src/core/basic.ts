/** Client credentials in an `Authorization` header. */

/** A client id and its secret. */
export type Pair = readonly [id: string, secret: string]

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text.replaceAll("+", " "))
  } catch {
    return text
  }
}

/**
 * The readings of a Basic header, the likelier first: as it stands, as most clients send it, and with both parts
 * percent-encoded, as https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1 asks. None for another header.
 */
export const readings = (header: string | undefined): ReadonlyArray<Pair> => {
  if (header === undefined || !/^basic /i.test(header)) return []
  const [id = "", ...rest] = Buffer.from(header.slice(6), "base64").toString().split(":")
  const plain: Pair = [id, rest.join(":")]
  const encoded: Pair = [decoded(plain[0]), decoded(plain[1])]
  return encoded[0] === plain[0] && encoded[1] === plain[1] ? [plain] : [plain, encoded]
}
