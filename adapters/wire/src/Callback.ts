/** Reading the query that a browser brings back from a consent page: each parameter once, and not too long. */
import type { ProviderApi } from "@portolan/ports"
import { Redacted } from "effect"

/** Longest code or state that is read, in characters. Providers' codes are far shorter. */
const longest = 2048

/** One parameter: its value, or why it cannot be used. */
export type Field = { readonly kind: "one"; readonly value: string } | { readonly kind: Problem }

/** Why a parameter cannot be used. */
export type Problem = "absent" | "doubled" | "too long"

/** Reads one parameter. */
export const field = (query: URLSearchParams, name: string): Field => {
  // Some proxies repeat a whole query: the same value twice is one value.
  const [first, ...more] = new Set(query.getAll(name))
  if (more.length > 0) return { kind: "doubled" }
  if (first === undefined || first === "") return { kind: "absent" }
  return first.length > longest ? { kind: "too long" } : { kind: "one", value: first }
}

/** A callback whose `state` was read; every later answer carries it. */
export interface Open {
  readonly state: Redacted.Redacted<string>
  /** The callback lacks a parameter, or it is wrong. */
  readonly incomplete: (name: string, problem: string) => ProviderApi.Callback
  /** The provider, or the person, refused. */
  readonly refused: (isDeclined: boolean, detail: string) => ProviderApi.Callback
}

/** Reads `state` and goes on with the rest; without it, the callback is incomplete and belongs to nobody. */
export const withState = (query: URLSearchParams, read: (open: Open) => ProviderApi.Callback): ProviderApi.Callback => {
  const found = field(query, "state")
  if (found.kind !== "one") return { _tag: "Incomplete", detail: `state is ${found.kind}` }
  const state = Redacted.make(found.value)
  return read({
    state,
    incomplete: (name, problem) => ({ _tag: "Incomplete", state, detail: `${name} is ${problem}` }),
    refused: (isDeclined, detail) => ({ _tag: isDeclined ? "Declined" : "Refused", state, detail })
  })
}

/** What an error parameter says, with its `error_description` where there is one. */
export const describeError = (query: URLSearchParams, error: string): string => {
  const description = field(query, "error_description")
  return description.kind === "one" ? `${error}: ${description.value}` : error
}
