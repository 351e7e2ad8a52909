/**
 * A file of landed rows: its name, and its lines. A file holds one landing of one window, gzipped, a row a line, and is
 * never changed. Its name says its place among the landings of its class, its window, and what is in it:
 * `0000000007-sales_2026-05-01_2026-06-01-3f2a9c0b1d4e.ndjson.gz`.
 *
 * @see https://github.com/ndjson/ndjson-spec
 */
import { createHash } from "node:crypto"
import { createReadStream } from "node:fs"
import { createInterface } from "node:readline"
import { promisify } from "node:util"
import { createGunzip, gzip } from "node:zlib"
import { Profile, type Window } from "@portolan/domain"
import type { DataSink, ProviderApi } from "@portolan/ports"
import { Schema } from "effect"

/** What a name says. */
export interface Name {
  /** The place among the landings of a class; of two with one place, the later name counts as the later landing. */
  readonly place: number
  /** The window, with `_` for `/`. */
  readonly window: string
  /** The beginning of the SHA-256 of the lines, in hexadecimal. */
  readonly digest: string
}

const pattern = /^(\d{10})-([a-z0-9_-]+)-([0-9a-f]{12})\.ndjson\.gz$/

/** Reads a name; undefined for a file that is none of ours. */
export const nameOf = (file: string): Name | undefined => {
  const [, place, window, digest] = pattern.exec(file) ?? []
  return place === undefined || window === undefined || digest === undefined
    ? undefined
    : { place: Number(place), window, digest }
}

/** Writes a name. */
export const fileOf = ({ digest, place, window }: Name): string =>
  `${String(place).padStart(10, "0")}-${window}-${digest}.ndjson.gz`

/** The part of a name for a window. */
export const windowPart = (windowId: Window.WindowId): string => windowId.replaceAll("/", "_")

/** A line of a file. */
export const Line = Schema.Struct({
  /** Whose row it is, as `Profile.keyText` writes it. */
  profile: Schema.String,
  accountId: Schema.String,
  key: Schema.String,
  /** The day in the marketplace. */
  day: Schema.String,
  /** The provider's fields; numbers that are identifiers or money are text. */
  data: Schema.Record(Schema.String, Schema.Json)
})
/** A line of a file. */
export type Line = typeof Line.Type

// Half of a surrogate pair can be neither encoded nor stored: it becomes U+FFFD.
const wellFormed = (_name: string, value: unknown): unknown =>
  typeof value === "string" && !value.isWellFormed() ? value.toWellFormed() : value

/** The lines of a landing: of two rows with one key the later counts; sorted by key. */
export const linesOf = ({ accountId, profile, rows }: DataSink.Landing): string => {
  const byKey = new Map(rows.map((row): readonly [string, ProviderApi.Row] => [row.key, row]))
  const text = Profile.keyText(profile)
  return [...byKey.values()]
    .toSorted((one, other) => (one.key < other.key ? -1 : 1))
    .map(({ data, day, key }) => `${JSON.stringify({ profile: text, accountId, key, day, data }, wellFormed)}\n`)
    .join("")
}

/** The part of a name for what is in a file. */
export const digestOf = (lines: string): string => createHash("sha256").update(lines).digest("hex").slice(0, 12)

/** Lines as they lie in a file. */
export const compressed: (lines: string) => Promise<Buffer> = promisify(gzip)

const decodeLine = Schema.decodeUnknownSync(Schema.fromJsonString(Line))

/** Reads a file line by line. Fails on a file that is cut, or has a line that is none of ours. */
export const read = async function* (path: string): AsyncGenerator<Line> {
  const source = createReadStream(path)
  const text = createGunzip()
  source.on("error", (cause) => text.destroy(cause))
  for await (const line of createInterface({ input: source.pipe(text), crlfDelay: Number.POSITIVE_INFINITY })) {
    yield decodeLine(line)
  }
}
