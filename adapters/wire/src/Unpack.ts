/**
 * Unpacks a file: gzip, zip with one entry, or plain, whatever its first bytes say. Some transports have unpacked a
 * gzip already, some pack it twice, and what a field says of it is not always so.
 */
import { promisify } from "node:util"
import { gunzip, inflateRaw } from "node:zlib"
import { Failure } from "@portolan/domain"
import { Effect } from "effect"

const broken = (detail: string) => new Failure.Temporary({ detail, throttled: false })
const tooLarge = (bytes: number) =>
  new Failure.RequestRefused({ detail: `the file is larger than ${bytes} bytes`, beyondRetention: false })

const hasCode = (error: unknown): error is { readonly code: string } =>
  typeof error === "object" && error !== null && "code" in error && typeof error.code === "string"

type Inflate = (bytes: Uint8Array, options: { readonly maxOutputLength: number }) => Promise<Uint8Array>
const gunzipped: Inflate = promisify(gunzip)
const inflated: Inflate = promisify(inflateRaw)

// Length and checksum at the end of a gzip are checked by zlib, so a file that was cut is broken.
const within = (inflate: Inflate, bytes: Uint8Array, limit: number) =>
  Effect.tryPromise({
    try: () => inflate(bytes, { maxOutputLength: limit }),
    catch: (error) =>
      hasCode(error) && error.code === "ERR_BUFFER_TOO_LARGE"
        ? tooLarge(limit)
        : broken("the file's compression is broken, or it was cut")
  })

/** A file within an archive. */
export interface Entry {
  readonly method: number
  readonly bytes: Uint8Array
  /** Its length when unpacked. */
  readonly size: number
}

/**
 * The files of a zip archive, found through its central directory (APPNOTE 4.3.12, 4.3.16), because sizes in the local
 * header may be zero. Folders are passed over. Absent when the archive is broken.
 */
export const entries = (archive: Uint8Array): ReadonlyArray<Entry> | undefined => {
  const view = Buffer.from(archive.buffer, archive.byteOffset, archive.byteLength)
  // The end record has 22 bytes and a comment of at most 65,535.
  const end = view.lastIndexOf("PK\u0005\u0006", view.length, "latin1")
  if (end < 0 || end + 22 > view.length) return undefined
  const found: Array<Entry> = []
  let at = view.readUInt32LE(end + 16)
  for (let left = view.readUInt16LE(end + 10); left > 0; left--) {
    if (at + 46 > view.length || view.readUInt32LE(at) !== 0x02014b50) return undefined
    const nameLength = view.readUInt16LE(at + 28)
    const name = view.toString("utf8", at + 46, at + 46 + nameLength)
    if (!name.endsWith("/")) {
      const local = view.readUInt32LE(at + 42)
      const packed = view.readUInt32LE(at + 20)
      if (local + 30 > view.length || view.readUInt32LE(local) !== 0x04034b50) return undefined
      const start = local + 30 + view.readUInt16LE(local + 26) + view.readUInt16LE(local + 28)
      if (start + packed > view.length) return undefined
      const bytes = view.subarray(start, start + packed)
      found.push({ method: view.readUInt16LE(at + 10), bytes, size: view.readUInt32LE(at + 24) })
    }
    at += 46 + nameLength + view.readUInt16LE(at + 30) + view.readUInt16LE(at + 32)
  }
  return found
}

const plain = (bytes: Uint8Array, limit: number) =>
  bytes.byteLength > limit ? Effect.fail(tooLarge(limit)) : Effect.succeed(bytes)

const fromZip = Effect.fnUntraced(function* (bytes: Uint8Array, limit: number) {
  const [entry, ...more] = entries(bytes) ?? []
  if (entry === undefined) return yield* broken("the archive is broken, or it was cut")
  // Which of several files holds the rows is not known, and one of them alone would be half of the answer.
  if (more.length > 0) return yield* broken(`the archive holds ${more.length + 1} files instead of one`)
  if (entry.method !== 0 && entry.method !== 8) return yield* broken("the archive's compression is not known")
  const whole = yield* entry.method === 0 ? plain(entry.bytes, limit) : within(inflated, entry.bytes, limit)
  return whole.byteLength === entry.size ? whole : yield* broken("the archive is cut")
})

/** How often a file may be packed within itself. */
const layers = 3

/** Unpacks whatever it is, up to a size. */
export const unpack = (
  bytes: Uint8Array,
  limit: number
): Effect.Effect<Uint8Array, Failure.Temporary | Failure.RequestRefused> =>
  Effect.gen(function* () {
    let inside = bytes
    for (let layer = 0; layer < layers; layer++) {
      if (inside[0] === 0x1f && inside[1] === 0x8b) inside = yield* within(gunzipped, inside, limit)
      else if (inside[0] === 0x50 && inside[1] === 0x4b && inside[2] === 0x03) inside = yield* fromZip(inside, limit)
      else return yield* plain(inside, limit)
    }
    return yield* plain(inside, limit)
  })
