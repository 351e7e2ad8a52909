/** SECR-03, 04 and 06: what follows from what. */
import { createHash } from "node:crypto"
import { Effect, Redacted } from "effect"
import * as fc from "fast-check"
import { core, type Law } from "../../Law.ts"
import { must, mustEqual } from "../../Violation.ts"
import { promised } from "../clients.ts"
import type { SecretsInstance } from "./SecretsInstance.ts"
import { alike, check, derivedFrom, is256Bits, purposes, textOf } from "./support.ts"

const purpose = fc.constantFrom(...purposes)

/** The same again, and nothing else the same. */
export const secr03: Law<SecretsInstance> = {
  id: "SECR-03",
  title: "One purpose and one input always derive one secret, in every process of the installation; any other, another",
  rationale:
    "A link that was mailed must open after a restart, on any server. One that also opens what it was not made for " +
    "hands a stranger's plan to whoever holds an invitation.",
  checkFirst:
    "Look at what goes into the derivation: the deployment secret as the key, then purpose and input with a " +
    "separator " +
    "that the purpose cannot hold, byte for byte as they came: neither trimmed, normalised nor cut.",
  see: ["Secrets.derive", "Purpose"],
  level: core,
  parts: [
    check({
      name: "alone",
      kind: "property",
      input: [
        fc.array(fc.tuple(purpose, derivedFrom), { minLength: 2, maxLength: 6 }),
        fc.tuple(purpose, fc.constantFrom(...alike)).map(([what, pair]) => pair.map((from) => [what, from] as const))
      ],
      check: ({ secrets }, list) =>
        Effect.gen(function* () {
          const seen = new Map<string, string>()
          for (const [what, from] of [...list, ...list]) {
            const secret = textOf(yield* secrets.derive(what, from))
            yield* must(is256Bits(secret), "a derived secret is not 256 bits in base64url", {
              expected: "43 characters of base64url",
              actual: secret
            })
            const place = JSON.stringify([what, from])
            const before = seen.get(secret)
            yield* mustEqual("one secret was derived from two different things, or two from one", {
              expected: place,
              actual: before ?? ([...seen.values()].includes(place) ? "another secret than before" : place)
            })
            seen.set(secret, place)
          }
        })
    }),
    check({
      name: "purposes",
      kind: "property",
      effort: 0.3,
      minimum: 6,
      input: derivedFrom,
      check: ({ secrets }, from) =>
        Effect.gen(function* () {
          const all = yield* Effect.forEach(purposes, (what) => Effect.map(secrets.derive(what, from), textOf))
          yield* mustEqual("two purposes share a secret", { expected: purposes.length, actual: new Set(all).size })
        })
    }),
    check({
      name: "restart",
      kind: "property",
      needs: ["restart"],
      input: fc.tuple(purpose, derivedFrom),
      check: ({ probes, secrets }, [what, from]) =>
        Effect.gen(function* () {
          const other = yield* promised(probes.reopen, "reopen")()
          yield* secrets.token
          const [own, others] = [textOf(yield* secrets.derive(what, from)), textOf(yield* other.derive(what, from))]
          yield* must(own === others && is256Bits(own), "another process of the installation derives another secret", {
            expected: own,
            actual: others
          })
        })
    })
  ]
}

/** Whoever knows the input does not know the secret. */
export const secr06: Law<SecretsInstance> = {
  id: "SECR-06",
  title: "Who has another installation, and knows purpose and input, knows nothing of the secret",
  rationale:
    "Inputs are ids, which people see. If the secret followed from them alone, every link that was ever mailed could " +
    "be written down by anybody.",
  checkFirst:
    "Look at the key: all of the deployment secret has to be in it, so that two secrets that begin alike differ, and " +
    "no digest of public text stands in for it.",
  see: ["Secrets.derive"],
  level: core,
  parts: [
    check({
      name: "foreign",
      kind: "property",
      needs: ["foreign"],
      input: fc.tuple(purpose, derivedFrom),
      check: ({ probes, secrets }, [what, from]) =>
        Effect.gen(function* () {
          const other = yield* promised(probes.foreign, "foreign")()
          const own = textOf(yield* secrets.derive(what, from))
          yield* must(own !== textOf(yield* other.derive(what, from)), "two installations derive the same secret", {
            expected: "two secrets",
            actual: own
          })
        })
    }),
    check({
      name: "alone",
      kind: "property",
      input: fc.tuple(purpose, derivedFrom),
      check: ({ secrets }, [what, from]) =>
        Effect.gen(function* () {
          const own = textOf(yield* secrets.derive(what, from))
          const guesses = [from, `${what}:${from}`, `${what}/${from}`, `${what}${from}`, `${what} ${from}`].map(
            (text) => createHash("sha256").update(text).digest("base64url")
          )
          yield* must(!guesses.includes(own), "a derived secret is the digest of what everybody knows", {
            expected: "a secret that the deployment secret is part of",
            actual: own
          })
        })
    })
  ]
}

const verifiers = fc.oneof(
  fc.stringMatching(/^[A-Za-z0-9._~-]{43,128}$/),
  fc.constantFrom("", " ", "a\0b", "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", "schön", "🧭")
)

/** Digests are those that others compute. */
export const secr04: Law<SecretsInstance> = {
  id: "SECR-04",
  title: "A digest is the SHA-256 of the text's UTF-8 in hexadecimal, and a code challenge the same in base64url",
  rationale:
    "What is stored in place of a token is looked up by it for years, and the provider computes the challenge " +
    "itself: " +
    "with any other digest every consent fails.",
  checkFirst:
    "Look at the encoding on both sides: UTF-8 into the digest; out of it lower case hexadecimal, or base64url " +
    "without padding as PKCE has it.",
  see: ["Secrets.digest", "Secrets.codeChallenge"],
  sources: [
    {
      fact: "The code challenge of the method S256 is the base64url of the verifier's SHA-256.",
      url: "https://www.rfc-editor.org/rfc/rfc7636.html#section-4.2"
    }
  ],
  level: core,
  parts: [
    check({
      name: "alone",
      kind: "property",
      input: verifiers,
      check: ({ secrets }, text) =>
        Effect.gen(function* () {
          const sha256 = createHash("sha256").update(Buffer.from(text, "utf8"))
          const bytes = sha256.digest()
          yield* mustEqual("a digest is not what everybody computes", {
            expected: [bytes.toString("hex"), bytes.toString("base64url")],
            actual: [yield* secrets.digest(Redacted.make(text)), yield* secrets.codeChallenge(Redacted.make(text))]
          })
        })
    })
  ]
}
