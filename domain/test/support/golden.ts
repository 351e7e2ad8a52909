/**
 * Golden files: one record of every shape that was ever stored, and how it reads today. `test/golden` has a file a
 * machine, a record a line, and the shapes of today in `shapes.json`.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { type Aggregate, Stored } from "@portolan/domain"
import { Arbitrary, Effect, Result } from "effect"
import { differences, everything, type Fields, fieldsOf, nameOf, type Tagged } from "./shapes.ts"
import { nearby } from "./values.ts"

/** A record as it was stored once. */
export interface Golden {
  readonly part: Tagged["part"]
  readonly tag: string
  /** Absent in what was written before records carried a version. */
  readonly schemaVersion?: number
  readonly payload: unknown
  /** What is stored today for the same; absent when it is the same. */
  readonly today?: unknown
}

/** The shape of a tag and the version that has it. */
export interface Snapshot {
  readonly version: number
  readonly fields: Fields
}

/** Golden records by kind. */
export type Goldens = { readonly [kind: string]: ReadonlyArray<Golden> }

/** Shapes by name. */
export type Snapshots = { readonly [name: string]: Snapshot }

const folder = new URL("../golden/", import.meta.url)

/** Every kind that has records. */
export const kinds: ReadonlyArray<Tagged["kind"]> = [...new Set(everything.map(({ kind }) => kind))]

const parsed = (file: string): unknown => JSON.parse(readFileSync(new URL(file, folder), "utf8"))

/** The golden records as they are committed; a machine that is new has none yet. */
export const goldens = (): Goldens =>
  Object.fromEntries(
    kinds.map((kind) => [
      kind,
      existsSync(new URL(`${kind}.json`, folder)) ? (parsed(`${kind}.json`) as ReadonlyArray<Golden>) : []
    ])
  )

/** The shapes as they are committed. */
export const snapshots = (): Snapshots => parsed("shapes.json") as Snapshots

/** Writes golden records and shapes. */
export const write = (golden: Goldens, shapes: Snapshots): void => {
  mkdirSync(folder, { recursive: true })
  for (const [kind, records] of Object.entries(golden)) {
    const lines = records.map((record) => JSON.stringify(record)).join(",\n")
    writeFileSync(new URL(`${kind}.json`, folder), `[\n${lines}\n]\n`)
  }
  writeFileSync(new URL("shapes.json", folder), `${JSON.stringify(shapes, undefined, 1)}\n`)
}

/** Reads a stored record by the domain's reader. */
export const read = (
  kind: Tagged["kind"],
  part: Tagged["part"],
  stored: Stored.Stored
): Result.Result<unknown, Stored.Unreadable> => {
  if (kind === "job") return Stored.readTask(stored)
  return part === "state" ? Stored.readState(kind, stored) : Stored.readEvent(kind, stored)
}

/** Writes what was read as it is stored today. */
export const written = (kind: Tagged["kind"], part: Tagged["part"], value: unknown): Stored.Written => {
  // What was read as a part of a kind is that part of the kind.
  if (kind === "job") return Stored.writeTask(value as Parameters<typeof Stored.writeTask>[0])
  return part === "state"
    ? Stored.writeState(kind, value as Aggregate.Present<typeof kind>)
    : Stored.writeEvent(kind, value as Aggregate.Types[typeof kind]["event"])
}

/** What is stored today for a golden record; a sentence when it cannot be read. */
export const today = (stored: Tagged["kind"], { part, payload, schemaVersion, tag }: Golden): unknown => {
  const kind = stored !== "job" && part === "event" ? (Stored.movedEvents[stored]?.[tag] ?? stored) : stored
  const found = read(kind, part, { payload, ...(schemaVersion === undefined ? {} : { schemaVersion }) })
  return Result.isSuccess(found) ? written(kind, part, found.success).payload : found.failure.message
}

/** Values of a tag, encoded as they are stored today. */
export const samplesOf = ({ kind, part, schema }: Tagged, count: number, seed = 7): ReadonlyArray<Stored.Written> =>
  Effect.runSync(Arbitrary.sampleEffect(Arbitrary.schema(schema), { count, seed })).map((value) =>
    written(kind, part, nearby(value))
  )

const pathsOf = (value: unknown, path = ""): ReadonlyArray<string> =>
  typeof value === "object" && value !== null
    ? Object.entries(value).flatMap(([key, inner]) => [
        path,
        ...pathsOf(inner, `${path}/${Array.isArray(value) ? "*" : key}`)
      ])
    : [path]

/** Of many values the one that has most of what there can be, and of several such the shortest. */
const fullest = (payloads: ReadonlyArray<unknown>): unknown => {
  const measured = payloads.map((payload) => ({
    payload,
    paths: new Set(pathsOf(payload)).size,
    length: JSON.stringify(payload).length
  }))
  const [best] = measured.toSorted((one, other) => other.paths - one.paths || one.length - other.length)
  return best?.payload
}

/** The version in which a tag is written today. */
export const versionOf = (tagged: Tagged): number => samplesOf(tagged, 1)[0]?.schemaVersion ?? 1

/** Today's shapes. */
export const currentSnapshots = (): Snapshots =>
  Object.fromEntries(
    everything.map((tagged) => [nameOf(tagged), { version: versionOf(tagged), fields: fieldsOf(tagged.schema) }])
  )

/** Whether a golden record is of a version of a tag. */
const isOf =
  ({ part, tag }: Tagged, version: number) =>
  (record: Golden): boolean =>
    record.part === part && record.tag === tag && (record.schemaVersion ?? 1) === version

/** Versions of a tag of which no golden record tells. */
export const missing = (tagged: Tagged, records: ReadonlyArray<Golden>): ReadonlyArray<number> =>
  Array.from({ length: versionOf(tagged) }, (_, index) => index + 1).filter(
    (version) => !records.some(isOf(tagged, version))
  )

/** What to do when a shape changed in a way that stored records would notice. */
const howTo = (name: string, version: number) =>
  `Records of version ${version} are stored with the earlier shape. Add an upcaster for "${name}" to ` +
  "domain/src/records/upcasters.ts, which raises its version, then run: npm run golden"

/** Whether an upcaster leads from a tag to another one. */
const isRetagged = (name: string): boolean => {
  const [kind = "", part, tag = ""] = name.split(" ")
  const events = kind === "job" ? Stored.taskUpcasters : Stored.machineUpcasters[kind as Aggregate.Kind]?.events
  return part !== "state" && Object.hasOwn(events ?? {}, tag)
}

/** The name of a shape today: an event may have become one of another kind. */
const nameToday = (name: string): string => {
  const [kind = "", part, tag = ""] = name.split(" ")
  const moved = part === "event" ? Stored.movedEvents[kind as Aggregate.Kind]?.[tag] : undefined
  return moved === undefined ? name : `${moved} event ${tag}`
}

/** What is wrong between the committed shapes and today's: a sentence each, with what to do. */
export const problems = (committed: Snapshots, now: Snapshots = currentSnapshots()): ReadonlyArray<string> => {
  const before = Object.fromEntries(Object.entries(committed).map(([name, shape]) => [nameToday(name), shape]))
  const gone = Object.keys(before)
    .filter((name) => now[name] === undefined && !isRetagged(name))
    .map((name) => `"${name}" is gone, and stored records have it. Keep its schema, or retag it by an upcaster.`)
  const changed = Object.entries(now).flatMap(([name, { fields, version }]) => {
    const known = before[name]
    if (known === undefined) return []
    if (version < known.version) return [`"${name}" went back from version ${known.version} to ${version}.`]
    const found = version > known.version ? [] : differences(known.fields, fields)
    return found.length === 0 ? [] : [`You changed "${name}": ${found.join("; ")}. ${howTo(name, version)}`]
  })
  return [...gone, ...changed]
}

/** A golden record of each version of a tag that has none; a tag that is new to its machine's states has one shape. */
const added = (tagged: Tagged, known: ReadonlyArray<Golden>): ReadonlyArray<Golden> => {
  const versions = missing(tagged, known)
  if (versions.length === 0) return []
  const payload = fullest(samplesOf(tagged, 40).map((sample) => sample.payload))
  return versions.map((schemaVersion) => ({ part: tagged.part, tag: tagged.tag, schemaVersion, payload }))
}

/** The golden records with one of each version that has none, and with what older ones read as today. */
export const completed = (records: Goldens): Goldens =>
  Object.fromEntries(
    kinds.map((kind) => {
      const known = records[kind] ?? []
      const news = everything.filter((tagged) => tagged.kind === kind).flatMap((tagged) => added(tagged, known))
      return [kind, [...known, ...news].map((record) => withToday(kind, record))]
    })
  )

const withToday = (kind: Tagged["kind"], { today: _, ...record }: Golden): Golden => {
  const now = today(kind, record)
  return JSON.stringify(now) === JSON.stringify(record.payload) ? record : { ...record, today: now }
}
