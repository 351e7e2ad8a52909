/** What the laws of secrets share. */
import type { Secrets } from "@portolan/ports"
import { Redacted } from "effect"
import * as fc from "fast-check"
import { forAll, type Description } from "../../forAll.ts"
import type { SecretsInstance } from "./SecretsInstance.ts"

/** Makes a part of a law of secrets. */
export const check = <Input>(description: Description<SecretsInstance, Input>) => forAll(description)

/** The text of a secret. */
export const textOf = (secret: Redacted.Redacted<string>) => Redacted.value(secret)

/** 256 bits in base64url, without padding (https://www.rfc-editor.org/rfc/rfc4648#section-5). */
export const is256Bits = (text: string) => /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/.test(text)

/** Every purpose there is. */
export const purposes = [
  "link-token",
  "join-token",
  "plan-token",
  "api-key",
  "code-verifier",
  "state",
  "browser",
  "cursor-seal",
  "session",
  "preview",
  "typed-text"
] as const satisfies ReadonlyArray<Secrets.Purpose>

/** Pairs of texts that differ by as little as can be. */
export const alike: ReadonlyArray<readonly [string, string]> = [
  ["a", " a"],
  ["é", "e\u0301"],
  ["a", "A"],
  ["a", "a\0"],
  ["", "\0"],
  ["x".repeat(300), `${"x".repeat(299)}y`]
]

/** Text that things are derived from: ids, separators, nothing, and what only looks like nothing. */
export const derivedFrom = fc.oneof(
  fc.constantFrom("", " ", "0", "a", "a:", ":a", "a:b", "a/b", "\0", "a\0", "é", "e\u0301", "A"),
  fc.string({ maxLength: 12, unit: "binary" }),
  fc.string({ minLength: 60, maxLength: 300 })
)
