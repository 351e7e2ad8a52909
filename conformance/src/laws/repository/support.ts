/** What the laws of the repository share: clients, probes, ways to read and to compare. */
import { Effect, Equal, Result } from "effect"
import * as fc from "fast-check"
import { forAll, type Description } from "../../forAll.ts"
import { show } from "../../show.ts"
import { broken, type Comparison } from "../../Violation.ts"
import type { RepositoryInstance, Services } from "./RepositoryInstance.ts"

import { outcome } from "../vault/support.ts"

export { outcome, tagOf, describe } from "../vault/support.ts"

/** Makes a part of a law of the repository. */
export const check = <Input>(description: Description<RepositoryInstance, Input>) => forAll(description)

/**
 * Gives clients that share nothing but the storage, if the subject offers them; else the one instance in several roles,
 * so that sequential laws can be checked everywhere.
 */
export const clientsOf = (instance: RepositoryInstance, count: number) =>
  Effect.gen(function* () {
    const opened = yield* instance.probes.clients?.(count) ?? Effect.succeed([])
    return (index: number): Services => opened[index % Math.max(opened.length, 1)] ?? instance.services
  })

/** Which call to the storage a process dies at: storages that do all in one call, and those that take twenty. */
export const calls = fc.oneof(fc.constantFrom(1, 1, 1, 2, 3), fc.integer({ min: 1, max: 20 }))

/** Gives a probe that the law declared to need; a defect otherwise, since the suite checks needs beforehand. */
export const probe = <Name extends keyof RepositoryInstance["probes"]>(instance: RepositoryInstance, name: Name) => {
  const found = instance.probes[name]
  if (found === undefined) throw new Error(`the probe '${name}' was promised`)
  return found
}

/**
 * Fails the case unless both values are equal in every part. Unlike `mustEqual` it compares the values themselves and
 * not what is printed of them: the order of a record's keys does not count, and nothing is too deep or too long.
 */
export const mustBeSame = (summary: string, { actual, expected }: Comparison) => {
  if (Equal.equals(actual, expected)) return Effect.void
  const [one, other] = [show(expected), show(actual)]
  return broken(summary, one === other ? differing(expected, actual) : { expected, actual })
}

/** Goes down to where two values that print alike differ. */
const differing = (expected: unknown, actual: unknown): Comparison => {
  if (typeof expected !== "object" || typeof actual !== "object" || expected === null || actual === null) {
    return { expected, actual }
  }
  const right = new Map<string, unknown>(Object.entries(actual))
  const found = Object.entries(expected).find(([key, value]) => !right.has(key) || !Equal.equals(value, right.get(key)))
  return found === undefined ? { expected, actual } : differing(found[1], right.get(found[0]))
}

/** What one call shows: its answer, or its error with all its words. */
export const answer = <A, E extends Error>(call: Effect.Effect<A, E>): Effect.Effect<unknown> =>
  Effect.map(outcome(call), (result) =>
    Result.isSuccess(result) ? result.success : { ...result.failure, says: result.failure.message }
  )

/** Text that is the digest of nothing, made from a digest that exists. */
export const unknownDigests: readonly [UnknownDigest, ...ReadonlyArray<UnknownDigest>] = [
  ["none at all", () => ""],
  ["a pattern", () => "%"],
  ["SQL", () => "' or 1=1 --"],
  ["NUL", () => "\0"],
  ["with NUL", (digest) => `${digest}\0`],
  ["with space", (digest) => `${digest} `],
  ["cut", (digest) => digest.slice(0, -1)],
  ["in capitals", (digest) => digest.toUpperCase()],
  ["of another thing", (digest) => digest.split("").toReversed().join("")]
]

/** Its name, and how it is made. */
export type UnknownDigest = readonly [what: string, make: (digest: string) => string]

/** Orders text as the lists of the port do, byte by byte. */
export const byText = (one: string, other: string) => Buffer.from(one).compare(Buffer.from(other))
