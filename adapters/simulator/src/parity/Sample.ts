/** Good requests to operations with rules, one after another: what an answer gave is known to those that follow. */
import type { Caller, Credential } from "./Caller.ts"

/** What earlier answers seen, by a name of ours. */
export type Known = Record<string, string>

type Made<A> = (known: Known, caller: Caller) => A

/** One request. */
export type Sample = {
  readonly who: Credential
  /** Method and template of the operation, such as `GET /orders/v0/orders/{orderId}`. */
  readonly to: string
  /** Where a host other than the usual one of the API is meant. */
  readonly host?: string
  readonly path?: Made<Readonly<Record<string, string>>>
  readonly query?: Made<Readonly<Record<string, string>>>
  readonly headers?: Made<Readonly<Record<string, string>>>
  readonly body?: Made<unknown>
  /** How long provider time runs before the request, in milliseconds. */
  readonly after?: number
  /** Keeps what later requests need. */
  readonly learn?: (answer: unknown, known: Known) => void
}

/** The text at a path of keys and positions in an answer; empty when there is none. */
export const at = (answer: unknown, ...keys: ReadonlyArray<string | number>): string => {
  const value = keys.reduce<unknown>(
    (node, key) =>
      typeof node === "object" && node !== null ? (node as Record<string | number, unknown>)[key] : undefined,
    answer
  )
  return typeof value === "string" || typeof value === "number" ? String(value) : ""
}
