/**
 * Bytes to text by decoders that can fail. A file is UTF-8 when it reads as such; else it has the character set that it
 * says, or the one of the place where the account is. A set in which any bytes are text would make letters of anything,
 * so what it makes is refused when it holds control characters that no text has.
 */

/** Names that are not those of the Encoding standard (https://encoding.spec.whatwg.org/#names-and-labels). */
const aliases: { readonly [label: string]: string } = { cp932: "shift_jis", "windows-932": "shift_jis", cp936: "gbk" }

const attempt = (bytes: Uint8Array, label: string): string | undefined => {
  try {
    return new TextDecoder(aliases[label.toLowerCase()] ?? label, { fatal: true }).decode(bytes)
  } catch {
    // Not this character set, or none that is known.
    return undefined
  }
}

const marks: ReadonlyArray<readonly [ReadonlyArray<number>, string]> = [
  [[0xef, 0xbb, 0xbf], "utf-8"],
  [[0xff, 0xfe], "utf-16le"],
  [[0xfe, 0xff], "utf-16be"]
]

// Single bytes that windows-1252 and its kin leave free come out as C1 controls, which no file has.
const isText = (text: string): boolean => !/[\u0080-\u009f]/.test(text)

/** Every text that the bytes can be: one by their mark or in UTF-8, else one for each set that fits, in their order. */
export const readings = (bytes: Uint8Array, labels: ReadonlyArray<string | undefined>): ReadonlyArray<string> => {
  const mark = marks.find(([start]) => start.every((byte, index) => bytes[index] === byte))
  const sure = attempt(bytes, mark?.[1] ?? "utf-8")
  if (sure !== undefined) return [sure]
  if (mark !== undefined) return []
  return labels.flatMap((label) => {
    const text = label === undefined ? undefined : attempt(bytes, label)
    return text !== undefined && isText(text) ? [text] : []
  })
}

/** Reads a text; nothing when it is in none of the sets. Sets are tried in their order, after UTF-8. */
export const decode = (bytes: Uint8Array, labels: ReadonlyArray<string | undefined>): string | undefined =>
  readings(bytes, labels)[0]
