/**
 * The few values of ASN.1 that a certificate is made of, in their distinguished encoding
 * (https://www.itu.int/rec/T-REC-X.690).
 */

const sizeOf = (length: number): ReadonlyArray<number> => {
  if (length < 128) return [length]
  const bytes = [length >>> 16, (length >>> 8) & 255, length & 255].filter((_, index, all) =>
    all.slice(0, index + 1).some((byte) => byte > 0)
  )
  return [128 | bytes.length, ...bytes]
}

/** A value of a tag: its bytes are these, one after another. */
export const value = (tag: number, ...parts: ReadonlyArray<Uint8Array>): Buffer => {
  const content = Buffer.concat(parts)
  return Buffer.concat([Buffer.from([tag, ...sizeOf(content.length)]), content])
}

/** Values in order. */
export const sequence = (...parts: ReadonlyArray<Uint8Array>): Buffer => value(0x30, ...parts)
/** Values without order; one of them needs no sorting. */
export const set = (...parts: ReadonlyArray<Uint8Array>): Buffer => value(0x31, ...parts)
/** Bytes. */
export const octets = (bytes: Uint8Array): Buffer => value(0x04, bytes)
/** Bits, all of which count. */
export const bits = (bytes: Uint8Array, unused = 0): Buffer => value(0x03, Buffer.from([unused]), bytes)
/** Text in UTF-8. */
export const text = (words: string): Buffer => value(0x0c, Buffer.from(words, "utf8"))
/** True. */
export const yes: Buffer = value(0x01, Buffer.from([255]))
/** A value that the context gives its meaning by number, with other values inside. */
export const tagged = (number: number, ...parts: ReadonlyArray<Uint8Array>): Buffer => value(0xa0 | number, ...parts)
/** A value that the context gives its meaning by number, in place of its own tag. */
export const implicit = (number: number, bytes: Uint8Array): Buffer => value(0x80 | number, bytes)

/** A whole number that is not negative, from its bytes. */
export const integer = (bytes: Uint8Array): Buffer => {
  const first = bytes.findIndex((byte) => byte !== 0)
  const short = first === -1 ? Buffer.from([0]) : Buffer.from(bytes).subarray(first)
  return value(0x02, (short[0] ?? 0) > 127 ? Buffer.concat([Buffer.from([0]), short]) : short)
}

/** An object identifier written with dots. */
export const oid = (dotted: string): Buffer => {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number)
  const base128 = (number: number): ReadonlyArray<number> => {
    const digits = [number & 127]
    for (let left = Math.floor(number / 128); left > 0; left = Math.floor(left / 128))
      digits.unshift(128 | (left % 128))
    return digits
  }
  return value(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]))
}

/** An instant; certificates write the years before 2050 with two digits. */
export const instant = (at: Date): Buffer => {
  const digits = at.toISOString().replaceAll(/[-:T]|\.\d{3}/g, "")
  return at.getUTCFullYear() < 2050 ? value(0x17, Buffer.from(digits.slice(2))) : value(0x18, Buffer.from(digits))
}
