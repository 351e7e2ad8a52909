/** VAULT-01 and 02: what is written can be read, and nothing else can. */
import { TokenVault } from "@portolan/ports"
import { Effect, Redacted, Result } from "effect"
import * as fc from "fast-check"
import { core, type Law } from "../../Law.ts"
import { race } from "../../race.ts"
import { show } from "../../show.ts"
import { must, mustEqual } from "../../Violation.ts"
import { commandsAfter, first, walk } from "./commandGenerator.ts"
import { check, clientsOf, outcome, plainSecret, reading, secret, describe } from "./support.ts"
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
  checkFirst:
    "Look for a cache or a read replica behind `get`: a write by one client has to be seen by the next read of any " +
    "other. If only the version differs, compare the number that the write returned with the one in its row.",
  sources: [
    {
      fact: "A provider may end a consent when a refresh token that was replaced is used again.",
      url: "https://www.rfc-editor.org/rfc/rfc9700#section-4.14"
    }
  ],
  see: ["TokenVault.get", "TokenVault.put"],
  level: core,
  parts: [
    check({
      name: "alone",
      kind: "model",
      labels: { "read after a write": 0.1 },
      input: commandsAfter([first.put, first.get], { get: 5, remove: 1, put: 3, create: 2, swap: 2 }),
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

/** Some of the references, at least the first `certain` of them. */
const some = (all: typeof family, certain = 0) =>
  fc
    .subarray(all.slice(certain), { minLength: 0, maxLength: 4 })
    .map((others): ReadonlyArray<string> => [...all.slice(0, certain), ...others])

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
  checkFirst:
    "Look at what `get` does when its query finds no row: it fails with SecretNotFound and names the reference that " +
    "was asked for. If deleted secrets stay as marked rows, `get` has to leave them out.",
  see: ["TokenVault.get", "SecretNotFound"],
  level: core,
  parts: [
    check({
      name: "alone",
      kind: "property",
      labels: { deleted: 0.05 },
      // In every other case the first reference is written and deleted.
      input: [
        fc.record({ written: some(family, 1), deleted: some(family, 1) }),
        fc.record({ written: some(family), deleted: some(family) })
      ],
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
