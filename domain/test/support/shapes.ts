/**
 * The shapes of what is stored, as text that can be compared: one line a field, by its path. A line changes when
 * anything does that a stored record would notice: a name, a type, a check, whether the field is required.
 */
import { Aggregate, Job } from "@portolan/domain"
import { Schema, SchemaAST } from "effect"

/** What is expected of each field, by path. */
export type Fields = { readonly [path: string]: string }

/** What a record holds. */
export type Part = "state" | "event" | "task"

/** A tag of a part of a machine, with its schema. */
export interface Tagged {
  readonly kind: Aggregate.Kind | "job"
  readonly part: Part
  readonly tag: string
  readonly schema: Schema.Codec<{ readonly _tag: string }, unknown>
}

/** A tagged struct: a schema that also shows its fields. */
type Case = Tagged["schema"] & { readonly fields: { readonly _tag: { readonly schema: { readonly literal: string } } } }

/** The cases of a union of tagged structs, by tag. */
const casesOf = (union: object): ReadonlyArray<readonly [string, Tagged["schema"]]> => {
  if ("cases" in union) return Object.entries(union.cases as Record<string, Tagged["schema"]>)
  if ("members" in union) return (union.members as ReadonlyArray<object>).flatMap(casesOf)
  const struct = union as Case
  return [[struct.fields._tag.schema.literal, struct]]
}

const kinds = Object.keys(Aggregate.machines) as ReadonlyArray<Aggregate.Kind>

/** Everything that a store keeps of the machines, and the tasks. */
export const everything: ReadonlyArray<Tagged> = [
  ...kinds.flatMap((kind) =>
    (["state", "event"] as const).flatMap((part) =>
      casesOf(Aggregate.machines[kind][part === "state" ? "State" : "Event"])
        .filter(([tag]) => tag !== "Absent")
        .map(([tag, schema]): Tagged => ({ kind, part, tag, schema }))
    )
  ),
  ...casesOf(Job.Task).map(([tag, schema]): Tagged => ({ kind: "job", part: "task", tag, schema }))
]

/** How a tag is called: `connection event Linked`. */
export const nameOf = ({ kind, part, tag }: Omit<Tagged, "schema">): string => `${kind} ${part} ${tag}`

interface Annotations {
  readonly expected?: unknown
  readonly arbitraryConstraint?: unknown
}

/** What a check expects, with its pattern: words may stay the same while a pattern changes. */
const checkOf = ({ arbitraryConstraint, expected }: Annotations): string => {
  const { patterns = [] } = (arbitraryConstraint ?? {}) as { readonly patterns?: ReadonlyArray<{ source: string }> }
  const sources = patterns.map(({ source }) => `/${source}/`)
  const words = typeof expected === "string" && !expected.startsWith("a string matching the RegExp") ? [expected] : []
  return [...words, ...sources].join(" ")
}

const checksOf = (ast: SchemaAST.AST): ReadonlyArray<string> =>
  (ast.checks ?? []).map((check) => checkOf((check.annotations ?? {}) as Annotations))

const literalOf = (ast: SchemaAST.AST): string | undefined =>
  ast._tag === "Literal" ? JSON.stringify(ast.literal) : undefined

const tagIn = (ast: SchemaAST.AST): string | undefined => {
  if (ast._tag !== "Objects") return undefined
  const type = ast.propertySignatures.find(({ name }) => name === "_tag")?.type
  return type?._tag === "Literal" ? String(type.literal) : undefined
}

const names: { readonly [tag: string]: string } = { Objects: "object", Arrays: "array" }

const worded = (ast: SchemaAST.AST): string => {
  const type = literalOf(ast) ?? names[ast._tag] ?? ast._tag.toLowerCase()
  const checks = checksOf(ast)
  return checks.length === 0 ? type : `${type}: ${checks.join("; ")}`
}

const describe = (ast: SchemaAST.AST, path: string, fields: Record<string, string>): void => {
  switch (ast._tag) {
    case "Objects":
      if (path !== "") fields[path] = worded(ast)
      for (const { name, type } of ast.propertySignatures) {
        const optional = type.context?.isOptional === true ? "?" : ""
        describe(type, `${path}${path === "" ? "" : "."}${String(name)}${optional}`, fields)
      }
      for (const { type } of ast.indexSignatures) describe(type, `${path}{}`, fields)
      return
    case "Arrays":
      fields[path] = worded(ast)
      for (const [index, item] of ast.elements.entries()) describe(item, `${path}[${index}]`, fields)
      for (const item of ast.rest) describe(item, `${path}[]`, fields)
      return
    case "Union": {
      fields[path] = ast.types
        .map((type) => literalOf(type) ?? tagIn(type) ?? type._tag.toLowerCase())
        .toSorted()
        .join(" | ")
      for (const type of ast.types) {
        if (literalOf(type) === undefined) describe(type, `${path}<${tagIn(type) ?? type._tag}>`, fields)
      }
      return
    }
    default:
      fields[path] = worded(ast)
  }
}

/** The fields of what is stored for a schema. */
export const fieldsOf = (schema: Schema.Codec<unknown, unknown>): Fields => {
  const fields: Record<string, string> = {}
  describe(SchemaAST.toEncoded(Schema.toCodecJson(schema).ast), "", fields)
  return fields
}

const bare = (path: string) => path.replaceAll("?", "")

const parentOf = (path: string) => path.slice(0, Math.max(0, ...[...".<[{"].map((mark) => path.lastIndexOf(mark))))

/**
 * What keeps records of an earlier shape from being read, or what they would lose: one line a field. A field that is
 * new and optional keeps nothing from being read; neither does a further choice.
 */
export const differences = (earlier: Fields, today: Fields): ReadonlyArray<string> => {
  const now = new Map(Object.entries(today).map(([path, type]) => [bare(path), { path, type }]))
  const before = new Set(Object.keys(earlier).map(bare))
  const known = (path: string, fields: { has: (path: string) => boolean }) => path === "" || fields.has(bare(path))
  const changed = Object.entries(earlier).flatMap(([path, type]) => {
    const found = now.get(bare(path))
    if (found === undefined) return known(parentOf(path), now) ? [`${path} is gone`] : []
    if (path.endsWith("?") && !found.path.endsWith("?")) return [`${found.path} is required`]
    const choices = found.type.split(" | ")
    return type.split(" | ").every((choice) => choices.includes(choice))
      ? []
      : [`${path} was "${type}" and is "${found.type}"`]
  })
  const added = Object.keys(today).flatMap((path) =>
    before.has(bare(path)) || /[?>\]}]$/.test(path) || !known(parentOf(path), before)
      ? []
      : [`${path} is new and required`]
  )
  return [...changed, ...added]
}
