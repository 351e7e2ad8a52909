/**
 * What an upcaster does to JSON, as data. Every step leaves alone what has its later shape already, because records
 * that were written before versions were kept may have any of the earlier shapes.
 *
 * A step copies only what it changes, and never changes what it was given.
 */

/** An object of JSON. */
export type JsonObject = { readonly [key: string]: unknown }

/** Which objects of a payload a step works on. */
interface Place {
  /** Keys from the payload's root; `*` stands for each item of an array. Absent: the payload itself. */
  readonly at?: ReadonlyArray<string>
  /** Only in objects with one of these tags. */
  readonly tags?: ReadonlyArray<string>
}

/** One change to the objects at a place. */
export type Step = Place &
  (
    | {
        /** The field has another name; its value stays. */
        readonly _tag: "RenameField"
        readonly field: string
        readonly to: string
      }
    | {
        /** A field that is required from now on, with the value that it had in effect before. */
        readonly _tag: "DefaultField"
        readonly field: string
        readonly value: unknown
      }
    | {
        /** A field that is required from now on and has the value of another one; `from` are keys from the object. */
        readonly _tag: "CopyField"
        readonly field: string
        readonly from: ReadonlyArray<string>
      }
    | {
        /** The field is no longer kept. */
        readonly _tag: "DropField"
        readonly field: string
      }
    | {
        /** A value of the field has another name. */
        readonly _tag: "RenameValue"
        readonly field: string
        readonly value: string
        readonly to: string
      }
    | {
        /** What no other step can say. Has to be pure, and to leave alone what has the later shape. */
        readonly _tag: "Change"
        readonly change: (value: JsonObject) => JsonObject
      }
  )

/** Whether a value of JSON is an object. */
export const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** Changes the objects at a path. Gives the same value when nothing changed. */
const at = (
  value: unknown,
  [key, ...rest]: ReadonlyArray<string>,
  change: (value: JsonObject) => JsonObject
): unknown => {
  if (key === undefined) return isObject(value) ? change(value) : value
  if (key === "*") {
    if (!Array.isArray(value)) return value
    const items: ReadonlyArray<unknown> = value
    const next = items.map((item) => at(item, rest, change))
    return next.some((item, index) => item !== items[index]) ? next : value
  }
  if (!isObject(value) || !Object.hasOwn(value, key)) return value
  const next = at(value[key], rest, change)
  return next === value[key] ? value : { ...value, [key]: next }
}

const valueAt = (value: unknown, path: ReadonlyArray<string>): unknown =>
  path.reduce<unknown>((part, key) => (isObject(part) && Object.hasOwn(part, key) ? part[key] : undefined), value)

const without = (value: JsonObject, field: string): JsonObject => {
  const { [field]: _, ...rest } = value
  return rest
}

const changed = (step: Step, value: JsonObject): JsonObject => {
  if (step._tag === "Change") return step.change(value)
  const { field } = step
  const has = Object.hasOwn(value, field)
  switch (step._tag) {
    case "RenameField":
      if (!has) return value
      return Object.hasOwn(value, step.to) ? value : { ...without(value, field), [step.to]: value[field] }
    case "DefaultField":
      return has ? value : { ...value, [field]: step.value }
    case "CopyField": {
      const found = has ? undefined : valueAt(value, step.from)
      return found === undefined ? value : { ...value, [field]: found }
    }
    case "DropField":
      return has ? without(value, field) : value
    case "RenameValue":
      return value[field] === step.value ? { ...value, [field]: step.to } : value
  }
}

/** Takes one step. */
export const take = (payload: unknown, step: Step): unknown =>
  at(payload, step.at ?? [], (value) =>
    step.tags === undefined || (typeof value["_tag"] === "string" && step.tags.includes(value["_tag"]))
      ? changed(step, value)
      : value
  )
