/**
 * Unpacks a file as Walmart Connect sends it: gzip, zip with one entry, or plain
 * (https://developer.walmart.com/advertising-partners-search/docs/advertiser-attributes-snapshot-overview).
 */
import { promisify } from "node:util"
import { gunzip, inflateRaw } from "node:zlib"
import { Failure } from "@portolan/domain"
import { Effect } from "effect"

const broken = () => new Failure.Temporary({ detail: "the file's compression is broken", throttled: false })
const tooLarge = (bytes: number) =>
  new Failure.RequestRefused({ detail: `the file is larger than ${bytes} bytes`, beyondRetention: false })

const hasCode = (error: unknown): error is { readonly code: string } =>
  typeof error === "object" && error !== null && "code" in error && typeof error.code === "string"

type Inflate = (bytes: Uint8Array, options: { readonly maxOutputLength: number }) => Promise<Uint8Array>
const gunzipped: Inflate = promisify(gunzip)
const inflated: Inflate = promisify(inflateRaw)

const within = (inflate: Inflate, bytes: Uint8Array, limit: number) =>
  Effect.tryPromise({
    try: () => inflate(bytes, { maxOutputLength: limit }),
    catch: (error) => (hasCode(error) && error.code === "ERR_BUFFER_TOO_LARGE" ? tooLarge(limit) : broken())
  })

interface Entry {
  readonly method: number
  readonly bytes: Uint8Array
}

/**
 * The first file of a zip archive, found through its central directory (APPNOTE 4.3.12, 4.3.16), because sizes in the
 * local header may be zero. Folders are passed over. Absent when the archive is broken or has none.
 */
export const firstEntry = (archive: Uint8Array): Entry | undefined => {
  const view = Buffer.from(archive.buffer, archive.byteOffset, archive.byteLength)
  // The end record has 22 bytes and a comment of at most 65,535.
  const end = view.lastIndexOf("PK\u0005\u0006", view.length, "latin1")
  if (end < 0 || end + 22 > view.length) return undefined
  let at = view.readUInt32LE(end + 16)
  for (let left = view.readUInt16LE(end + 10); left > 0; left--) {
    if (at + 46 > view.length || view.readUInt32LE(at) !== 0x02014b50) return undefined
    const nameLength = view.readUInt16LE(at + 28)
    const name = view.toString("utf8", at + 46, at + 46 + nameLength)
    if (!name.endsWith("/")) {
      const local = view.readUInt32LE(at + 42)
      const size = view.readUInt32LE(at + 20)
      if (local + 30 > view.length || view.readUInt32LE(local) !== 0x04034b50) return undefined
      const start = local + 30 + view.readUInt16LE(local + 26) + view.readUInt16LE(local + 28)
      return start + size > view.length
        ? undefined
        : { method: view.readUInt16LE(at + 10), bytes: view.subarray(start, start + size) }
    }
    at += 46 + nameLength + view.readUInt16LE(at + 30) + view.readUInt16LE(at + 32)
  }
  return undefined
}

const plain = (bytes: Uint8Array, limit: number) =>
  bytes.byteLength > limit ? Effect.fail(tooLarge(limit)) : Effect.succeed(bytes)

/**
 * Unpacks whatever it is, up to a size. The first bytes decide, not what a field says: some transports have unpacked
 * a gzip already, and which format is sent is not confirmed.
 */
export const unpack = (
  bytes: Uint8Array,
  limit: number
): Effect.Effect<Uint8Array, Failure.Temporary | Failure.RequestRefused> => {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return within(gunzipped, bytes, limit)
  if (bytes[0] !== 0x50 || bytes[1] !== 0x4b || bytes[2] !== 0x03) return plain(bytes, limit)
  const entry = firstEntry(bytes)
  if (entry === undefined) return Effect.fail(broken())
  if (entry.method === 0) return plain(entry.bytes, limit)
  return entry.method === 8 ? within(inflated, entry.bytes, limit) : Effect.fail(broken())
}
