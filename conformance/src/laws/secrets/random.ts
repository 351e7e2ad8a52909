/** SECR-01, 02 and 05: what comes from chance. */
import { Id } from "@portolan/domain"
import { Effect, Schema } from "effect"
import * as fc from "fast-check"
import { core, type Law } from "../../Law.ts"
import { race } from "../../race.ts"
import { must, mustEqual } from "../../Violation.ts"
import type { SecretsInstance } from "./SecretsInstance.ts"
import { check, is256Bits, textOf } from "./support.ts"

const kinds = ["organization", "company", "connection", "grant", "job", "event"] as const

const schemas = {
  organization: Id.OrganizationId,
  company: Id.CompanyId,
  connection: Id.ConnectionId,
  grant: Id.GrantId,
  job: Id.JobId,
  event: Id.EventId
} as const satisfies Readonly<Record<(typeof kinds)[number], Schema.Top>>

/** What comes after the prefix: the part that sorts by time. */
const rest = (id: string) => id.slice(id.indexOf("_"))

const mustDiffer = (what: string, all: ReadonlyArray<string>) =>
  mustEqual(`${what} came twice`, { expected: all.length, actual: new Set(all).size })

/** Identifiers name one thing. */
export const secr01: Law<SecretsInstance> = {
  id: "SECR-01",
  title: "An identifier is of the kind that was asked for, comes once, and sorts by the time at which it was made",
  rationale:
    "Two things under one id are one thing: the second company would be written over the first. Lists and cursors " +
    "rely on the order of ids.",
  checkFirst:
    "Look at what an id is made of: the prefix of its kind, the milliseconds of the clock in its first ten " +
    "characters, and 80 random bits that are drawn anew for each id.",
  see: ["Secrets.id"],
  level: core,
  parts: [
    check({
      name: "alone",
      kind: "property",
      needs: ["time"],
      input: fc.array(fc.record({ kind: fc.constantFrom(...kinds), pause: fc.constantFrom(0, 0, 1, 40, 86_400_000) }), {
        minLength: 2,
        maxLength: 12
      }),
      check: ({ secrets }, list, testCase) =>
        Effect.gen(function* () {
          const made: Array<string> = []
          let before = ""
          for (const { kind, pause } of list) {
            if (pause > 0) yield* testCase.advance(pause)
            const id = yield* secrets.id(kind)
            yield* must(Schema.is(schemas[kind])(id), `an id of the kind ${kind} is none`, {
              expected: `an id of the kind ${kind}`,
              actual: id
            })
            if (pause > 0) {
              yield* must(rest(id) > before, "an id that was made later sorts before an earlier one", {
                expected: `after ${before}`,
                actual: rest(id)
              })
            }
            before = rest(id) > before ? rest(id) : before
            made.push(id)
          }
          yield* mustDiffer("an id", made)
        })
    }),
    check({
      name: "many",
      kind: "property",
      effort: 0.2,
      minimum: 5,
      input: fc.constantFrom(2, 5, 300),
      check: ({ secrets }, count) =>
        Effect.gen(function* () {
          const ids = yield* Effect.forEach(Array.from({ length: count }), () => secrets.id("event"))
          yield* mustDiffer("an id of one millisecond", ids)
        })
    })
  ]
}

/** Tokens cannot be guessed. */
export const secr02: Law<SecretsInstance> = {
  id: "SECR-02",
  title: "A token has 256 bits, is safe in an address, and is never given twice",
  rationale:
    "A state or a browser binding that comes again lets one person finish another's consent; a short one can be tried.",
  checkFirst:
    "Look at the source of a token: 32 bytes of the platform's secure randomness, written as base64url without " +
    "padding; neither a counter nor a value that is kept.",
  see: ["Secrets.token"],
  sources: [
    {
      fact: "The value that protects against cross-site request forgery must not be guessable.",
      url: "https://www.rfc-editor.org/rfc/rfc6749.html#section-10.10"
    }
  ],
  level: core,
  parts: [
    check({
      name: "alone",
      kind: "property",
      input: fc.integer({ min: 2, max: 40 }),
      check: ({ secrets }, count) =>
        Effect.gen(function* () {
          const tokens: Array<string> = []
          for (let n = 0; n < count; n++) tokens.push(textOf(yield* secrets.token))
          const odd = tokens.find((token) => !is256Bits(token))
          yield* must(odd === undefined, "a token is not 256 bits in base64url", {
            expected: "43 characters of base64url",
            actual: odd
          })
          yield* mustDiffer("a token", tokens)
          const heads = tokens.map((token) => token.slice(0, 12))
          yield* mustDiffer("the first 72 bits of a token", heads)
        })
    }),
    check({
      name: "race",
      kind: "race",
      interleavings: 4,
      input: fc.integer({ min: 2, max: 6 }),
      check: ({ secrets }, callers, testCase) =>
        Effect.gen(function* () {
          const finishes = yield* race(
            testCase,
            Array.from({ length: callers }, () => secrets.token)
          )
          const tokens = yield* Effect.forEach(finishes, ({ exit }) => exit)
          yield* mustDiffer("a token that several asked for at once", tokens.map(textOf))
        })
    })
  ]
}

/** Waits scatter. */
export const secr05: Law<SecretsInstance> = {
  id: "SECR-05",
  title: "The random number lies from 0 up to but not including 1, and is another one each time",
  rationale:
    "Work that failed together comes back together when its waits are not scattered, and a wait of 1 would be longer " +
    "than promised.",
  checkFirst: "Look at the division: by 2^32 and not by 2^32 - 1, and of a number that is drawn with every call.",
  see: ["Secrets.unit"],
  level: core,
  parts: [
    check({
      name: "alone",
      kind: "property",
      effort: 0.4,
      minimum: 8,
      input: fc.integer({ min: 40, max: 90 }),
      check: ({ secrets }, count) =>
        Effect.gen(function* () {
          const drawn = yield* Effect.forEach(Array.from({ length: count }), () => secrets.unit)
          const outside = drawn.find((unit) => !(unit >= 0 && unit < 1))
          yield* must(outside === undefined, "a random number lies outside", {
            expected: "0 <= unit < 1",
            actual: outside
          })
          // By chance alone, fewer than a third are below a half once in far more than a million cases of 40.
          const low = drawn.filter((unit) => unit < 0.5).length / count
          yield* must(new Set(drawn).size > count / 2 && low > 0.08 && low < 0.92, "random numbers do not scatter", {
            expected: "numbers all over the range",
            actual: drawn.slice(0, 6)
          })
        })
    })
  ]
}
