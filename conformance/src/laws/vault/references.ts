/** VAULT-26: references do not disturb each other. */
import { DateTime, Effect } from "effect"
import * as fc from "fast-check"
import { core, type Law } from "../../Law.ts"
import { race } from "../../race.ts"
import { must, mustEqual } from "../../Violation.ts"
import { check, clientsOf, outcome, reading, secret, tagOf } from "./support.ts"
import type { VaultInstance } from "./VaultInstance.ts"
import { life } from "./tenantIsolation.ts"

/** References that folding, trimming, joining or decoding would make one. */
const lookAlikes = [
  "grant",
  "Grant",
  "grant ",
  " grant",
  "grant:",
  "grant::",
  ":grant",
  "grant:a",
  "grant/a",
  "grant%3Aa",
  "grant_a",
  "gr%nt",
  "gränt",
  "gra\u0308nt"
] as const

const pair = fc
  .tuple(fc.constantFrom(...lookAlikes), fc.constantFrom(...lookAlikes))
  .filter(([busy, still]) => busy !== still)

/** One reference that is worked on, and others that are written before, or are not there. */
const neighbours = (present: boolean) =>
  fc.record({
    busy: fc.constantFrom(...lookAlikes),
    others: fc.subarray([...lookAlikes], { minLength: 1 }),
    present: fc.constant(present),
    calls: fc.array(fc.constantFrom("put", "swap", "remove", "lease"), { minLength: 1, maxLength: 4 })
  })

/** References do not disturb each other. */
export const vault26: Law<VaultInstance> = {
  id: "VAULT-26",
  title: "Nothing done to one reference changes another, however alike their names",
  rationale: "Two accounts whose tokens share a place end up working on each other's data.",
  checkFirst:
    "Look at how the key of a secret in storage is made: parts joined by a separator that may occur in them, a " +
    "collation that ignores case or accents, and trimming all make two references one.",
  see: ["Reference"],
  level: core,
  parts: [
    check({
      name: "alone",
      kind: "property",
      labels: { "other is absent": 0.1, "other is present": 0.1 },
      input: [neighbours(true), neighbours(false)],
      check: ({ vault, organizations: [organizationId] }, { busy, others, present, calls }, testCase) =>
        Effect.gen(function* () {
          const still = others.filter((each) => each !== busy)
          const before = new Map<string, unknown>()
          for (const each of still) {
            const version = present ? yield* vault.put(organizationId, each, secret(`of ${each}`)) : 0
            before.set(each, present ? { secret: `of ${each}`, version } : "SecretNotFound")
          }
          for (const each of still) {
            yield* mustEqual(`writing ${still.length} references changed ${JSON.stringify(each)} among them`, {
              expected: before.get(each),
              actual: yield* reading(vault, organizationId, each)
            })
          }
          testCase.label(present ? "other is present" : "other is absent")
          let version = yield* vault.put(organizationId, busy, secret("first"))
          for (const call of calls) {
            if (call === "put") version = yield* vault.put(organizationId, busy, secret("next"))
            if (call === "swap") yield* outcome(vault.compareAndSwap(organizationId, busy, version, secret("swapped")))
            if (call === "remove") yield* vault.remove(organizationId, busy)
            if (call === "lease" && vault.features.has("leases")) {
              yield* outcome(vault.acquireLease(organizationId, busy, life))
            }
            testCase.note(`${call} ${JSON.stringify(busy)}`)
          }
          for (const each of still) {
            yield* mustEqual(`work on ${JSON.stringify(busy)} changed ${JSON.stringify(each)}`, {
              expected: before.get(each),
              actual: yield* reading(vault, organizationId, each)
            })
            if (!present || !vault.features.has("leases")) continue
            const lease = yield* outcome(vault.acquireLease(organizationId, each, life))
            yield* mustEqual(`a lease on ${JSON.stringify(busy)} keeps ${JSON.stringify(each)} from being leased`, {
              expected: "ok",
              actual: tagOf(lease)
            })
          }
        })
    }),
    check({
      name: "race",
      kind: "race",
      interleavings: 3,
      input: pair,
      check: (instance, [busy, still], testCase) =>
        Effect.gen(function* () {
          const [organizationId] = instance.organizations
          const clients = yield* clientsOf(instance, 2)
          const version = yield* instance.vault.put(organizationId, still, secret("of the other"))
          const updatedAt = (yield* instance.vault.get(organizationId, still)).updatedAt
          const turns = Array.from({ length: 4 })
          const write = Effect.forEach(turns, (_, turn) => clients(0).put(organizationId, busy, secret(`turn ${turn}`)))
          const read = Effect.forEach(turns, () => reading(clients(1), organizationId, still))
          const [, seen] = yield* race<unknown, unknown>(testCase, [write, read])
          yield* mustEqual(`while ${JSON.stringify(busy)} was written, ${JSON.stringify(still)} changed`, {
            expected: turns.map(() => ({ secret: "of the other", version })),
            actual: seen?.exit._tag === "Success" ? seen.exit.value : seen?.exit
          })
          const after = (yield* instance.vault.get(organizationId, still)).updatedAt
          yield* must(
            DateTime.toEpochMillis(after) === DateTime.toEpochMillis(updatedAt),
            "the time of the last write changed without a write"
          )
        })
    })
  ]
}
