/** Looks for a secret in bytes and in text, in every disguise in which secrets leak. */

/** The shortest run of a secret that counts as a leak, in bytes. */
const runBytes = 12

const runs = (bytes: Buffer): ReadonlyArray<Buffer> =>
  Array.from({ length: Math.max(bytes.length - runBytes + 1, 0) }, (_, start) =>
    bytes.subarray(start, start + runBytes)
  )

/**
 * Base64 of a run depends on where it starts in the encoded text, so the whole secret is encoded at each of three
 * offsets, and the digits that depend on the neighbours are dropped.
 */
const base64Runs = (bytes: Buffer): ReadonlyArray<string> =>
  [0, 1, 2].flatMap((offset) => {
    const digits = bytes.subarray(offset).toString("base64").replace(/=+$/, "")
    return Array.from({ length: Math.max(Math.floor((digits.length - 16) / 4), 0) + 1 }, (_, group) =>
      digits.slice(group * 4, group * 4 + 15)
    )
  })

const disguises = (secret: string): ReadonlyArray<readonly [name: string, needle: string]> => {
  const bytes = Buffer.from(secret)
  const named = (name: string, needles: ReadonlyArray<string>) =>
    needles.filter((needle) => needle.length >= runBytes).map((needle) => [name, needle] as const)
  const base64 = base64Runs(bytes)
  return [
    ...named(
      "in clear",
      runs(bytes).map((run) => run.toString("latin1"))
    ),
    ...named("as base64", base64),
    ...named(
      "as base64url",
      base64.map((digits) => digits.replaceAll("+", "-").replaceAll("/", "_"))
    ),
    ...named(
      "as hexadecimal",
      runs(bytes).map((run) => run.toString("hex"))
    ),
    ...named(
      "as hexadecimal",
      runs(bytes).map((run) => run.toString("hex").toUpperCase())
    ),
    ...named(
      "as UTF-16",
      runs(Buffer.from(secret, "utf16le")).map((run) => run.toString("latin1"))
    ),
    ...named("URL-encoded", [encodeURIComponent(secret)]),
    ...named("escaped as JSON", [JSON.stringify(secret).slice(1, -1)])
  ]
}

/** Says how a secret, or a run of it, shows in bytes; undefined when it does not. */
export const find = (haystack: Uint8Array, secret: string): string | undefined => {
  const text = Buffer.from(haystack).toString("latin1")
  return disguises(secret).find(([, needle]) => text.includes(needle))?.[0]
}
