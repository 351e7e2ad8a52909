/** VAULT-08 and 09: secrets are kept exactly, or refused. */
import { TokenVault } from "@portolan/ports"
import { Effect, Redacted, Result } from "effect"
import * as fc from "fast-check"
import { core, type Law } from "../../Law.ts"
import { mustEqual } from "../../Violation.ts"
import { check, hostileText, outcome, plainSecret, providerToken, secret, tagOf, describe } from "./support.ts"
import type { VaultInstance } from "./VaultInstance.ts"

/** A character of one, two and four bytes. */
const unit = fc.constantFrom("x", "\u00e9", "\u{1f511}")

/** Byte-exact secrets. */
export const vault08: Law<VaultInstance> = {
  id: "VAULT-08",
  title: "Any well-formed text comes back unchanged; text that UTF-8 cannot carry is refused",
  rationale: "A token that lost its last space or changed its accents is another token, and the consent is lost.",
  checkFirst:
    "Look at the column type and at every step on the way to it: no trimming, no Unicode normalisation, no encoding " +
    "but UTF-8. Refuse lone surrogates before encoding, because encoders replace them without a word.",
  sources: [
    {
      fact: "A token is opaque text: the client learns its size and its characters from nobody.",
      url: "https://www.rfc-editor.org/rfc/rfc6749#appendix-A.17"
    }
  ],
  see: ["SecretUnacceptable", "TokenVault.put"],
  level: core,
  parts: [
    check({
      name: "alone",
      kind: "property",
      effort: 2,
      minimum: 40,
      labels: { long: 0.03, refused: 0.03 },
      input: [
        hostileText,
        fc.tuple(fc.constantFrom(255, 256, 2047, 2048), unit).map(([size, each]) => each.repeat(size)),
        providerToken,
        fc.tuple(plainSecret, fc.constantFrom("\ud800", "\udfff")).map((pieces) => pieces.join("")),
        fc.string({ unit: "grapheme", minLength: 1, maxLength: 40 }),
        fc.tuple(fc.constantFrom(1, 2, 254), unit).map(([size, each]) => each.repeat(size))
      ],
      check: ({ vault, organizations: [organizationId] }, text, testCase) =>
        Effect.gen(function* () {
          if (text.length > 200) testCase.label("long")
          if (!text.isWellFormed()) testCase.label("refused")
          const written = yield* outcome(vault.put(organizationId, "grant", secret(text)))
          if (!text.isWellFormed()) {
            return yield* mustEqual("text with a lone surrogate was not refused", {
              expected: new TokenVault.SecretUnacceptable({ reference: "grant", because: "not-encodable" }),
              actual: Result.isSuccess(written) ? "stored" : written.failure
            })
          }
          yield* mustEqual("a well-formed secret was refused", { expected: "ok", actual: tagOf(written) })
          const { secret: kept } = yield* vault.get(organizationId, "grant")
          yield* mustEqual("a secret came back altered", {
            expected: escaped(text),
            actual: escaped(Redacted.value(kept))
          })
        })
    })
  ]
}

/** Shows text so that look-alikes differ: all but plain characters as code points. */
const escaped = (text: string): string =>
  [...text].map((each) => (/[\x21-\x7e]/.test(each) ? each : `<${each.codePointAt(0)?.toString(16)}>`)).join("")

/** A secret of so many bytes, and how it is written. */
const sized = (bytes: number) =>
  fc.record({
    bytes: fc.constant(bytes),
    unit: fc.constantFrom("x", "\u00e9", "\u20ac"),
    how: fc.constantFrom("put", "swap")
  })

/** Size limits refuse, never truncate. */
export const vault09: Law<VaultInstance> = {
  id: "VAULT-09",
  title: "A secret above the limit is refused as too large, and the one before stays readable",
  rationale: "A token cut to the width of a column is stored happily and never works again.",
  checkFirst:
    "Compare `secretLimitBytes` with the width of the column, and look at the unit of the check: the limit counts " +
    "bytes of UTF-8, not characters. It is checked before anything is written, in `put`, `create` and " +
    "`compareAndSwap` alike.",
  see: ["SecretUnacceptable", "secretLimitBytes"],
  level: core,
  parts: [
    check({
      name: "alone",
      kind: "property",
      labels: { "too large": 0.08, "just fits": 0.03 },
      input: [
        sized(TokenVault.secretLimitBytes + 1),
        sized(TokenVault.secretLimitBytes),
        sized(TokenVault.secretLimitBytes - 1),
        sized(TokenVault.secretLimitBytes * 8),
        sized(0)
      ],
      check: ({ vault, organizations: [organizationId] }, { bytes, unit, how }, testCase) =>
        Effect.gen(function* () {
          const width = Buffer.byteLength(unit)
          const text = unit.repeat(Math.floor(bytes / width)) + "x".repeat(bytes % width)
          const before = yield* vault.put(organizationId, "grant", secret("before"))
          const result: Result.Result<number, unknown> =
            how === "put"
              ? yield* outcome(vault.put(organizationId, "grant", secret(text)))
              : yield* outcome(vault.compareAndSwap(organizationId, "grant", before, secret(text)))
          const because = bytes === 0 ? "empty" : "too-large"
          const fits = bytes > 0 && bytes <= TokenVault.secretLimitBytes
          if (bytes === TokenVault.secretLimitBytes) testCase.label("just fits")
          if (bytes > TokenVault.secretLimitBytes) testCase.label("too large")
          testCase.note(`${how} ${bytes} bytes -> ${describe(result)}`)
          yield* mustEqual(`a secret of ${bytes} bytes met the wrong answer`, {
            expected: fits ? "ok" : new TokenVault.SecretUnacceptable({ reference: "grant", because }),
            actual: Result.isSuccess(result) ? "ok" : result.failure
          })
          const kept = Redacted.value((yield* vault.get(organizationId, "grant")).secret)
          yield* mustEqual("a secret was cut, or a refusal changed the one before", {
            expected: fits ? `${bytes} bytes` : "before",
            actual: fits && kept === text ? `${bytes} bytes` : kept
          })
        })
    })
  ]
}
