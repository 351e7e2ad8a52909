/** VAULT-30: what names a secret, and what does not. */
import { TokenVault } from "@portolan/ports"
import { Duration, Effect, Result } from "effect"
import * as fc from "fast-check"
import { core, type Law } from "../../Law.ts"
import { mustEqual } from "../../Violation.ts"
import { check, describe, outcome, reading, secret, tagOf } from "./support.ts"
import type { Vault, VaultInstance } from "./VaultInstance.ts"

/** A reference of so many characters, and how a secret is stored under it. */
const sized = (...lengths: ReadonlyArray<number>) =>
  fc.record({
    length: fc.constantFrom(...lengths),
    // One unit of UTF-16 each: plain, wider in UTF-8, and such as columns and JSON escape.
    unit: fc.constantFrom("x", "\u00e9", "\u20ac", "\0", '"', "\ud800"),
    how: fc.constantFrom("put", "create")
  })

/** Whatever is asked about a text that names no secret, the answer is that there is none. */
const mustBeAbsent = (vault: Vault, organizationId: Parameters<Vault["get"]>[0], reference: string) =>
  Effect.gen(function* () {
    yield* mustEqual("a text that names no secret was read as if it did", {
      expected: "SecretNotFound",
      actual: yield* reading(vault, organizationId, reference)
    })
    const swapped = yield* outcome(vault.compareAndSwap(organizationId, reference, 1, secret("swapped")))
    yield* mustEqual("a secret without a name was replaced", { expected: "SecretNotFound", actual: tagOf(swapped) })
    yield* mustEqual("a secret without a name was removed", {
      expected: false,
      actual: yield* vault.remove(organizationId, reference)
    })
    if (!vault.features.has("leases")) return
    const lease = yield* outcome(vault.acquireLease(organizationId, reference, Duration.seconds(30)))
    yield* mustEqual("a lease was given on no secret", { expected: "SecretNotFound", actual: tagOf(lease) })
  })

/** A reference has a length, the same one everywhere. */
export const vault30: Law<VaultInstance> = {
  id: "VAULT-30",
  title: "A reference of 1 to 200 characters names a secret; any other is refused and never holds one",
  rationale:
    "What works in memory and dies in the database is found by the first customer, and a name that a column cuts " +
    "makes two secrets one.",
  checkFirst:
    "Check the length with `TokenVault.isReference` before anything is written, in `create` and `put` alike, and " +
    "fail with `ReferenceUnacceptable`, not with a defect. Look at the column: escaping can make a name six times as " +
    "long.",
  see: ["isReference", "ReferenceUnacceptable"],
  level: core,
  parts: [
    check({
      name: "alone",
      kind: "property",
      labels: { refused: 0.2, "just fits": 0.1 },
      input: [
        sized(0),
        sized(TokenVault.referenceLimit + 1),
        sized(TokenVault.referenceLimit),
        sized(TokenVault.referenceLimit * 25),
        sized(1, TokenVault.referenceLimit - 1)
      ],
      check: ({ vault, organizations: [organizationId] }, { length, unit, how }, testCase) =>
        Effect.gen(function* () {
          const reference = unit.repeat(length)
          const fits = length >= 1 && length <= TokenVault.referenceLimit
          testCase.label(fits ? "fits" : "refused")
          if (length === TokenVault.referenceLimit) testCase.label("just fits")
          const result = yield* outcome(vault[how](organizationId, reference, secret("of a name")))
          testCase.note(`${how} under ${length} characters -> ${describe(result)}`)
          yield* mustEqual(`a reference of ${length} characters met the wrong answer`, {
            expected: fits ? "ok" : new TokenVault.ReferenceUnacceptable({ length }),
            actual: Result.isSuccess(result) ? "ok" : result.failure
          })
          if (!fits) return yield* mustBeAbsent(vault, organizationId, reference)
          yield* mustEqual("a secret is not found under its name", {
            expected: { secret: "of a name", version: 1 },
            actual: yield* reading(vault, organizationId, reference)
          })
          const shorter = reference.slice(1)
          if (shorter === "") return
          yield* mustEqual("a name was cut", {
            expected: "SecretNotFound",
            actual: yield* reading(vault, organizationId, shorter)
          })
        })
    })
  ]
}
