/** Records as earlier releases wrote them, made from what is written today by the domain's own upcasters, backwards. */
import { type Aggregate, Stored } from "@portolan/domain"

type JsonObject = { readonly [key: string]: unknown }

const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** Changes the objects at a path of keys. */
const at = (
  value: unknown,
  [key, ...rest]: ReadonlyArray<string>,
  change: (value: JsonObject) => JsonObject
): unknown => {
  if (key === undefined) return isObject(value) ? change(value) : value
  if (key === "*") return Array.isArray(value) ? value.map((item) => at(item, rest, change)) : value
  return isObject(value) && Object.hasOwn(value, key) ? { ...value, [key]: at(value[key], rest, change) } : value
}

const without = (value: JsonObject, field: string): JsonObject =>
  Object.fromEntries(Object.entries(value).filter(([key]) => key !== field))

const undone = (step: Stored.Step, value: JsonObject): JsonObject => {
  switch (step._tag) {
    case "RenameField":
      return Object.hasOwn(value, step.to) ? { ...without(value, step.to), [step.field]: value[step.to] } : value
    case "DefaultField":
    case "CopyField":
      return without(value, step.field)
    case "RenameValue":
      return value[step.field] === step.to ? { ...value, [step.field]: step.value } : value
    // What was dropped is not known any more, and a change in code has no way back.
    case "DropField":
    case "Change":
      return value
  }
}

/** Takes a step back, where it was taken. */
const undo = (payload: unknown, step: Stored.Step): unknown =>
  at(payload, step.at ?? [], (value) =>
    step.tags === undefined || step.tags.includes(String(value["_tag"])) ? undone(step, value) : value
  )

/** The upcasters of a tag, the first one first. */
export const upcastersOf = (kind: Aggregate.Kind | "job", part: Stored.Part, tag: string): Stored.Upcasters => {
  if (kind === "job") return Stored.taskUpcasters[tag] ?? []
  const { events, state } = Stored.machineUpcasters[kind]
  return part === "state" ? state : (events[tag] ?? [])
}

/**
 * Carries JSON of today back to an earlier version, with the first `steps` of that version's own steps taken back and
 * the others left: records without a version may have any of the earlier shapes.
 */
export const olderPayload = (
  payload: unknown,
  upcasters: Stored.Upcasters,
  { version, steps }: { readonly version: number; readonly steps: number }
): unknown =>
  upcasters
    .slice(version - 1)
    .toReversed()
    .reduce<unknown>((value, upcaster, index, { length }) => {
      const taken = index === length - 1 && version === 1 ? upcaster.slice(-Math.max(1, steps)) : upcaster
      return taken.toReversed().reduce(undo, value)
    }, payload)
