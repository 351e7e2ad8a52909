/**
 * Takes a body that fits its schema to the letter, and refuses any other with the place, what is wrong there, and the
 * name that was probably meant: a part that nobody reads is a part that does not do what its sender believes.
 */
import { Exit, Result, Schema, type SchemaAST, type SchemaIssue } from "effect"
import { hint } from "./nearest.ts"

/** A request of a control call that is not understood. The message says what to send instead. */
export class NotUnderstood extends RangeError {
  override readonly name = "NotUnderstood"
}

/** A schema without services, whose values are what JSON says. */
export type Body<A> = Schema.Codec<A, unknown>

type Path = ReadonlyArray<PropertyKey>

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const at = (whole: unknown, path: Path): unknown =>
  path.reduce<unknown>(
    (node, key) =>
      typeof node === "object" && node !== null ? (node as Record<PropertyKey, unknown>)[key] : undefined,
    whole
  )

const place = (path: Path): string => (path.length === 0 ? "the body" : path.map(String).join("."))

const keysOf = (ast: SchemaAST.AST): ReadonlyArray<string> =>
  ast._tag === "Objects" ? ast.propertySignatures.map(({ name }) => String(name)) : []

/** The texts that a schema allows, where it allows only certain ones. */
const literalsOf = (ast: SchemaAST.AST): ReadonlyArray<string> | undefined => {
  if (ast._tag === "Literal") return [String(ast.literal)]
  if (ast._tag === "Null") return ["null"]
  if (ast._tag !== "Union") return undefined
  const parts = ast.types.map(literalsOf)
  return parts.every((one) => one !== undefined) ? parts.flat() : undefined
}

const words: Readonly<Record<string, string>> = {
  String: "a text",
  Number: "a number",
  Boolean: "true or false",
  Null: "null",
  Arrays: "a list",
  Objects: "an object"
}

const expected = (ast: SchemaAST.AST): string => {
  const literals = literalsOf(ast)
  if (literals !== undefined) return literals.length === 1 ? (literals[0] ?? "") : `one of ${literals.join(", ")}`
  if (ast._tag === "Union") return [...new Set(ast.types.map(expected))].join(" or ")
  return words[ast._tag] ?? "something else"
}

const wrongValue = (whole: unknown, path: Path, ast: SchemaAST.AST): string => {
  if (ast._tag === "Never") return `${place(path)} is not known: nothing is taken here`
  const value = at(whole, path)
  const literals = literalsOf(ast)
  if (typeof value === "string" && literals !== undefined && literals.length > 1) {
    return `${place(path)} is not ${value.slice(0, 60)}: ${hint(value, literals)}`
  }
  return `${place(path)} has to be ${expected(ast)}`
}

/** The kinds of a union whose members are told apart by `kind`. */
const kindsOf = (ast: SchemaAST.Union): ReadonlyArray<string> =>
  ast.types.flatMap((one) =>
    one._tag === "Objects"
      ? one.propertySignatures.flatMap(({ name, type }) => (name === "kind" ? (literalsOf(type) ?? []) : []))
      : []
  )

const wrongKind = (whole: unknown, path: Path, ast: SchemaAST.Union): string => {
  const kinds = kindsOf(ast)
  const value = at(whole, path)
  if (kinds.length === 0 || !isRecord(value)) return wrongValue(whole, path, ast)
  const { kind } = value
  const where = place([...path, "kind"])
  return typeof kind === "string"
    ? `${where} is not ${kind.slice(0, 60)}: ${hint(kind, kinds)}`
    : `${where} is missing: one of ${kinds.join(", ")}`
}

/** The first thing that is wrong, as a sentence; the deepest of a union's members that its `kind` chose. */
const sentence = (issue: SchemaIssue.Issue, whole: unknown, path: Path): string => {
  switch (issue._tag) {
    case "Pointer":
      return issue.issue._tag === "UnexpectedKey"
        ? unexpected(String(issue.path.at(-1)), [...path, ...issue.path.slice(0, -1)], issue.issue.ast)
        : sentence(issue.issue, whole, [...path, ...issue.path])
    case "Composite":
      return sentence(issue.issues[0], whole, path)
    case "AnyOf":
      return issue.issues.length === 1 && issue.issues[0] !== undefined
        ? sentence(issue.issues[0], whole, path)
        : wrongKind(whole, path, issue.ast)
    case "MissingKey":
      return `${place(path)} is missing`
    case "UnexpectedKey":
      return unexpected("", path, issue.ast)
    case "InvalidType":
      return wrongValue(whole, path, issue.ast)
    case "Filter":
    case "Encoding":
      return sentence(issue.issue, whole, path)
    case "InvalidValue":
      return `${place(path)} ${String(issue.annotations?.message ?? "has a value that is out of bounds")}`
    case "OneOf":
    case "Forbidden":
      return `${place(path)} is not understood`
  }
}

const unexpected = (name: string, path: Path, ast: SchemaAST.AST): string => {
  const about = path.length === 0 ? "" : ` in ${place(path)}`
  const known = keysOf(ast)
  const meant = known.length === 0 ? "nothing is taken here" : hint(name, known)
  return `${name.slice(0, 60)} is not known${about}: ${meant}`
}

const options = { onExcessProperty: "error" } as const

/** Takes a value; throws `NotUnderstood` for one that does not fit. */
export const accept = <A>(schema: Body<A>, value: unknown): A => {
  const result = Schema.decodeUnknownResult(schema)(value, options)
  if (Result.isSuccess(result)) return result.success
  const { issue } = result.failure
  throw new NotUnderstood(sentence(issue, value, []))
}

/** Whether a value fits. */
export const fits = <A>(schema: Body<A>, value: unknown): boolean =>
  Exit.isSuccess(Schema.decodeUnknownExit(schema)(value, options))
