/** What the laws of the vault share: generators, clients, and ways to read an outcome. */
import type { Id } from "@portolan/domain"
import { Effect, Redacted, Result } from "effect"
import * as fc from "fast-check"
import { forAll, type Description } from "../../forAll.ts"
import { show } from "../../show.ts"
import type { Vault, VaultInstance } from "./VaultInstance.ts"

/** Makes a part of a law of the vault. */
export const check = <Input>(description: Description<VaultInstance, Input>) => forAll(description)

/** Wraps made-up text as a secret. */
export const secret = (text: string) => Redacted.make(text)

/** Gives an outcome as a value, so that refusals can be looked at. */
export const outcome = <A, E>(call: Effect.Effect<A, E>) => Effect.result(call)

/** Prints an outcome for the story of a counterexample. */
export const describe = <A, E>(result: Result.Result<A, E>) =>
  Result.isSuccess(result) ? show(result.success) : `refused: ${show(result.failure)}`

/** Names the error of an outcome, or `ok`. */
export const tagOf = <A, E extends { readonly _tag: string }>(result: Result.Result<A, E>): "ok" | E["_tag"] =>
  Result.isSuccess(result) ? "ok" : result.failure._tag

/** What a read tells, in words that can be compared: the secret and its version, or the name of the error. */
export const reading = (vault: Vault, organizationId: Id.OrganizationId, reference: string) =>
  Effect.map(outcome(vault.get(organizationId, reference)), (result) =>
    Result.isSuccess(result)
      ? { secret: Redacted.value(result.success.secret), version: result.success.version }
      : result.failure._tag
  )

/**
 * Gives clients that share nothing but the storage, if the subject offers them; else the one vault in several roles, so
 * that sequential laws can be checked everywhere.
 */
export const clientsOf = (instance: VaultInstance, count: number) =>
  Effect.gen(function* () {
    const opened = yield* instance.probes.clients?.(count) ?? Effect.succeed([])
    return (index: number): Vault => opened[index % Math.max(opened.length, 1)] ?? instance.vault
  })

/** Gives a probe that the law declared to need; a defect otherwise, since the suite checks needs beforehand. */
export const probe = <Name extends keyof VaultInstance["probes"]>(instance: VaultInstance, name: Name) => {
  const found = instance.probes[name]
  if (found === undefined) throw new Error(`the probe '${name}' was promised`)
  return found
}

/** Short text that is easy to tell apart in a counterexample. */
export const plainSecret = fc.stringMatching(/^[a-z]{1,6}$/)

/** References that share prefixes and separators, the better to be mixed up. */
export const references = ["grant", "grant:a", "grant:a:b"] as const

/** Draws one of few references, mostly the first: things have to happen to one secret more than once. */
export const reference = fc.constantFrom(references[0], references[0], references[0], references[1], references[2])

/** Draws one of the two organizations, mostly the first. */
export const organization = fc.constantFrom<0 | 1>(0, 0, 0, 1)

/** Draws one of two clients. */
export const client = fc.constantFrom<0 | 1>(0, 1)

/** Text shaped like the tokens of providers: a prefix, a bar, a long base64 tail. */
export const providerToken = fc
  .tuple(
    fc.constantFrom("Atzr|", "Atza|", "Atc|MQEB", "eyJhbGciOiJSUzI1NiJ9."),
    fc.base64String({ minLength: 8, maxLength: 64 })
  )
  .map(([prefix, tail]) => prefix + tail)

/** Text that storage likes to alter: spaces, NUL, combining marks, quotes, percent signs, emoji. */
export const hostileText = fc
  .array(
    fc.constantFrom(
      "|",
      "+",
      "/",
      "=",
      "%00",
      "%7C",
      "\0",
      " ",
      "\t",
      "\n",
      "\r\n",
      "'",
      '"',
      "\\",
      "${x}",
      "\u00e9",
      "e\u0301",
      "\u{1f511}",
      "\u{1f468}\u200d\u{1f469}",
      "\u0130",
      "\ufeff",
      "\u202e",
      "null",
      "a",
      "Z",
      "0"
    ),
    { minLength: 1, maxLength: 12 }
  )
  .map((pieces) => pieces.join(""))
