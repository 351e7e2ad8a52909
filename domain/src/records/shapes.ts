/** What a stored payload is read and written by: the codec of its part, and the upcasters of its tag. */
import type { Result } from "effect"
import * as Schema from "effect/Schema"
import { type Kind, machines } from "../jobs/Aggregate.ts"
import * as Job from "../jobs/Job.ts"
import { line } from "../kernel/Text.ts"
import { isObject } from "./steps.ts"
import { machines as ofMachines, tasks, type Upcasters } from "./upcasters.ts"

/** The states of a kind, its events, or the tasks. */
export interface Shape {
  readonly kind: Kind | "job"
  readonly part: "state" | "event" | "task"
  readonly tags: ReadonlySet<string>
  readonly decode: (payload: unknown) => Result.Result<unknown, unknown>
  readonly encode: (value: unknown) => unknown
  /** Where a payload does not fit, as a path from its root; `/` for the root. */
  readonly misfit: (payload: unknown) => string
  readonly upcasters: (tag: string) => Upcasters
}

/** The tags of a union of tagged structs, also of unions in it. */
const tagsOf = (schema: object): ReadonlyArray<string> => {
  if ("cases" in schema) return Object.keys(schema.cases as object)
  if ("members" in schema) return (schema.members as ReadonlyArray<object>).flatMap(tagsOf)
  return [(schema as Schema.Struct<{ readonly _tag: Schema.tag<string> }>).fields._tag.schema.literal]
}

/** Says where a value does not fit a codec, as a path from its root; `/` is the root. */
export const misfitOf = (codec: Schema.Codec<unknown, unknown>) => {
  const check = Schema.toStandardSchemaV1(codec)["~standard"].validate
  return (value: unknown): string => {
    const checked = check(value)
    const path = "issues" in checked ? (checked.issues?.[0]?.path ?? []) : []
    return `/${path.map((key) => line(String(typeof key === "object" ? key.key : key), 40)).join("/")}`
  }
}

const shapeOf = (
  { kind, part, upcasters }: Pick<Shape, "kind" | "part" | "upcasters">,
  schema: Schema.Codec<unknown, unknown>
): Shape => {
  const codec = Schema.toCodecJson(schema)
  return {
    kind,
    part,
    upcasters,
    // What is absent is not stored.
    tags: new Set(tagsOf(schema).filter((tag) => tag !== "Absent")),
    decode: Schema.decodeUnknownResult(codec),
    encode: Schema.encodeUnknownSync(codec),
    misfit: misfitOf(codec)
  }
}

const byTag = (table: { readonly [tag: string]: Upcasters }) => (tag: string) =>
  (Object.hasOwn(table, tag) ? table[tag] : undefined) ?? []

const shapesOf = (kind: Kind) => {
  const { events, state } = ofMachines[kind]
  const { Event, State }: { readonly Event: Schema.Codec<unknown>; readonly State: Schema.Codec<unknown> } =
    machines[kind]
  return {
    state: shapeOf({ kind, part: "state", upcasters: () => state }, State),
    event: shapeOf({ kind, part: "event", upcasters: byTag(events) }, Event)
  }
}

/** The shapes of states and events. */
export const shapes = Object.fromEntries(Object.keys(machines).map((kind) => [kind, shapesOf(kind as Kind)])) as {
  readonly [K in Kind]: { readonly state: Shape; readonly event: Shape }
}

/** The shape of tasks. */
export const taskShape: Shape = shapeOf({ kind: "job", part: "task", upcasters: byTag(tasks) }, Job.Task)

/** The version of whatever was written before records carried one. */
export const first = 1

/** The version in which a tag is written today. */
export const currentVersion = ({ upcasters }: Shape, tag: string): number => first + upcasters(tag).length

/** The tag of a payload; empty when it has none. */
export const tagOf = (payload: unknown): string =>
  isObject(payload) && typeof payload["_tag"] === "string" ? payload["_tag"] : ""
