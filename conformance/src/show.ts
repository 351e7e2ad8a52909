import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"

const longest = 240

const text = (value: string): string => {
  const quoted = JSON.stringify(value)
  return quoted.length <= longest
    ? quoted
    : `${quoted.slice(0, longest - 40)}…" (${value.length} characters, ends ${JSON.stringify(value.slice(-12))})`
}

const nameOf = (value: object): string => {
  if (isTagged(value)) return value._tag
  return value instanceof Error ? value.name : ""
}

const isTagged = (value: object): value is { readonly _tag: string } =>
  "_tag" in value && typeof value._tag === "string"

/**
 * Prints a value of a counterexample for a person. Looks inside `Redacted`: the suite's secrets are made up, and a
 * counterexample that hides them explains nothing. Long text is cut in the middle, with its length.
 */
export const show = (value: unknown, depth = 0): string => {
  if (typeof value === "string") return text(value)
  if (typeof value === "bigint") return `${value}n`
  if (value === null || typeof value !== "object") return String(value)
  if (depth > 6) return "…"
  if (Redacted.isRedacted(value)) return `secret ${show(Redacted.value(value), depth + 1)}`
  if (Option.isOption(value)) return Option.isNone(value) ? "none" : `some ${show(value.value, depth + 1)}`
  if (value instanceof Date) return value.toISOString()
  if (value instanceof Uint8Array) return `bytes ${Buffer.from(value).toString("hex").slice(0, longest)}`
  if (Array.isArray(value)) return `[${value.map((each) => show(each, depth + 1)).join(", ")}]`
  if (value instanceof Set) return `{${[...value].map((each) => show(each, depth + 1)).join(", ")}}`
  if (value instanceof Map) {
    return `{${[...value].map(([key, each]) => `${show(key, depth + 1)} -> ${show(each, depth + 1)}`).join(", ")}}`
  }
  const name = nameOf(value)
  const fields = Object.entries(value).filter(([key, each]) => key !== "_tag" && typeof each !== "function")
  if (value instanceof Error && fields.length === 0) return value.message === "" ? name : `${name}(${value.message})`
  const body = fields.map(([key, each]) => `${key}: ${show(each, depth + 1)}`).join(", ")
  if (name === "") return `{ ${body} }`
  return body === "" ? name : `${name}(${body})`
}
