/** VAULT-01, 02, 08, 09: what is written can be read, exactly, and nothing else can. */
import { TokenVault } from "@portolan/ports"
import { Effect, Redacted, Result } from "effect"
import * as fc from "fast-check"
import { core, type Law } from "../../Law.ts"
import { race } from "../../race.ts"
import { show } from "../../show.ts"
import { must, mustEqual } from "../../Violation.ts"
import { commands, walk } from "./commandGenerator.ts"
import {
  check,
  clientsOf,
  hostileText,
  outcome,
  plainSecret,
  providerToken,
  reading,
  secret,
  tagOf,
  describe
} from "./support.ts"
import type { VaultInstance } from "./VaultInstance.ts"

const readOfStep = (result: Result.Result<unknown, { readonly _tag: string }>) => {
  if (Result.isFailure(result)) return result.failure._tag
  const { success } = result
  if (typeof success !== "object" || success === null) return success
  if (!("secret" in success) || !("version" in success)) return success
  const { secret: kept, version } = success
  return { secret: Redacted.isRedacted(kept) ? Redacted.value(kept) : kept, version }
}

/** Read your write. */
export const vault01: Law<VaultInstance> = {
  id: "VAULT-01",
  title: "After a write is acknowledged, every later read gives exactly that secret and version",
  rationale: "A worker that reads a token from before the last refresh spends one that the provider has withdrawn.",
  level: core,
  parts: [
    check({
      name: "alone",
      kind: "model",
      labels: { "read after a write": 0.1 },
      input: commands({ get: 5, remove: 1, put: 3, create: 2, swap: 2 }),
      check: (instance, list, testCase) =>
        walk(instance, list, testCase, ({ command, before, result }) => {
          if (command.call !== "get" || before === undefined) return Effect.void
          testCase.label("read after a write")
          return mustEqual("a read did not give the last acknowledged write", {
            expected: before,
            actual: readOfStep(result)
          })
        })
    }),
    check({
      name: "race",
      kind: "race",
      interleavings: 4,
      input: fc.array(plainSecret, { minLength: 1, maxLength: 5 }),
      check: (instance, texts, testCase) =>
        Effect.gen(function* () {
          const [organizationId] = instance.organizations
          const clients = yield* clientsOf(instance, 2)
          let acknowledged = yield* clients(0).put(organizationId, "grant", secret("first"))
          const write = Effect.forEach(texts, (text) =>
            Effect.map(clients(0).put(organizationId, "grant", secret(text)), (version) => {
              acknowledged = version
            })
          )
          const read = Effect.gen(function* () {
            for (let turn = 0; turn <= texts.length; turn++) {
              const atLeast = acknowledged
              const seen = yield* clients(1).get(organizationId, "grant")
              testCase.note(`acknowledged ${atLeast}, another client then read version ${seen.version}`)
              const summary = "a read gave something older than an acknowledged write of another client"
              yield* must(seen.version >= atLeast, summary, {
                expected: `version ${atLeast} or later`,
                actual: `version ${seen.version}`
              })
            }
          })
          const finishes = yield* race<unknown, unknown>(testCase, [write, read])
          yield* Effect.forEach(finishes, ({ exit }) => exit)
        })
    })
  ]
}

const family = ["grant", "grant:", "grant:a", "grant:a:b", "gran", "Grant", "grant ", "grant%3Aa"] as const

const race02 = check({
  name: "race",
  kind: "race",
  interleavings: 4,
  input: plainSecret,
  check: (instance, text, testCase) =>
    Effect.gen(function* () {
      const [organizationId] = instance.organizations
      const clients = yield* clientsOf(instance, 2)
      yield* instance.vault.put(organizationId, "grant", secret(text))
      const [seen] = yield* race<unknown, unknown>(testCase, [
        reading(clients(0), organizationId, "grant"),
        clients(1).remove(organizationId, "grant")
      ])
      const answer = seen !== undefined && seen.exit._tag === "Success" ? seen.exit.value : seen?.exit
      testCase.note(`read during a deletion -> ${show(answer)}`)
      const old = show({ secret: text, version: 1 })
      yield* must(
        answer === "SecretNotFound" || show(answer).startsWith(old.slice(0, old.indexOf("version"))),
        "a read during a deletion gave neither the old secret nor SecretNotFound",
        { expected: `${show(text)} or SecretNotFound`, actual: answer }
      )
    })
})

/** Absence is a typed answer. */
export const vault02: Law<VaultInstance> = {
  id: "VAULT-02",
  title: "Reading what was never written or was deleted fails with SecretNotFound",
  rationale: "An empty secret in place of an error is sent to the provider, which then counts a failed login.",
  level: core,
  parts: [
    check({
      name: "alone",
      kind: "property",
      labels: { deleted: 0.05 },
      input: fc.record({
        written: fc.subarray([...family], { minLength: 0, maxLength: 5 }),
        deleted: fc.subarray([...family], { minLength: 0, maxLength: 4 })
      }),
      check: ({ vault, organizations: [organizationId] }, { written, deleted }, testCase) =>
        Effect.gen(function* () {
          for (const reference of written) yield* vault.put(organizationId, reference, secret(`of ${reference}`))
          for (const reference of deleted) yield* vault.remove(organizationId, reference)
          if (written.some((reference) => deleted.includes(reference))) testCase.label("deleted")
          for (const reference of family) {
            if (written.includes(reference) && !deleted.includes(reference)) continue
            const result = yield* outcome(vault.get(organizationId, reference))
            testCase.note(`get ${reference} -> ${describe(result)}`)
            yield* mustEqual("a secret that is not there was answered otherwise than by SecretNotFound", {
              expected: new TokenVault.SecretNotFound({ reference }),
              actual: Result.isSuccess(result) ? result.success : result.failure
            })
          }
        })
    }),
    race02
  ]
}

/** Byte-exact secrets. */
export const vault08: Law<VaultInstance> = {
  id: "VAULT-08",
  title: "Any well-formed text comes back unchanged; text that UTF-8 cannot carry is refused",
  rationale: "A token that lost its last space or changed its accents is another token, and the consent is lost.",
  level: core,
  parts: [
    check({
      name: "alone",
      kind: "property",
      effort: 2,
      minimum: 40,
      labels: { long: 0.03, refused: 0.03 },
      input: fc.oneof(
        { weight: 4, arbitrary: hostileText },
        { weight: 3, arbitrary: providerToken },
        { weight: 2, arbitrary: fc.string({ unit: "grapheme", minLength: 1, maxLength: 40 }) },
        {
          weight: 3,
          arbitrary: fc
            .tuple(fc.constantFrom(1, 2, 255, 256, 2047, 2048), fc.constantFrom("x", "\u00e9", "\u{1f511}"))
            .map(([size, unit]) => unit.repeat(size))
        },
        {
          weight: 2,
          arbitrary: fc.tuple(plainSecret, fc.constantFrom("\ud800", "\udfff")).map((parts) => parts.join(""))
        }
      ),
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

/** Size limits refuse, never truncate. */
export const vault09: Law<VaultInstance> = {
  id: "VAULT-09",
  title: "A secret above the limit is refused as too large, and the one before stays readable",
  rationale: "A token cut to the width of a column is stored happily and never works again.",
  level: core,
  parts: [
    check({
      name: "alone",
      kind: "property",
      labels: { "too large": 0.08, "just fits": 0.03 },
      input: fc.record({
        bytes: fc.constantFrom(
          0,
          TokenVault.secretLimitBytes - 1,
          TokenVault.secretLimitBytes,
          TokenVault.secretLimitBytes + 1,
          TokenVault.secretLimitBytes * 8
        ),
        unit: fc.constantFrom("x", "\u00e9", "\u20ac"),
        how: fc.constantFrom("put", "swap")
      }),
      check: ({ vault, organizations: [organizationId] }, { bytes, unit, how }, testCase) =>
        Effect.gen(function* () {
          const width = Buffer.byteLength(unit)
          const text = unit.repeat(Math.floor(bytes / width)) + "x".repeat(bytes % width)
          const before = yield* vault.put(organizationId, "grant", secret("before"))
          const call =
            how === "put"
              ? vault.put(organizationId, "grant", secret(text))
              : vault.compareAndSwap(organizationId, "grant", before, secret(text))
          const result = yield* outcome(call)
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
