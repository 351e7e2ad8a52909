/** VAULT-12 and 13: what lies in storage says nothing. */
import { Effect } from "effect"
import * as fc from "fast-check"
import { core, type Law } from "../../Law.ts"
import { race } from "../../race.ts"
import { must } from "../../Violation.ts"
import * as Canary from "./canary.ts"
import { check, clientsOf, probe, reference, secret } from "./support.ts"
import type { Sealed, VaultInstance } from "./VaultInstance.ts"

/** A token with 24 characters in the middle that occur nowhere else. */
const canary = fc
  .tuple(
    fc.constantFrom("Atzr|", "Atza|IwEB", ""),
    fc.stringMatching(/^[A-Za-z0-9+/]{24}$/),
    fc.constantFrom("", "==", "%7C")
  )
  .map((parts) => parts.join(""))

/** One call that changes what is stored. */
export const write = (...calls: ReadonlyArray<"put" | "swap" | "remove">) =>
  fc.record({ call: fc.constantFrom(...calls), reference, secret: canary })

const leaks = Effect.fnUntraced(function* (instance: VaultInstance, secrets: ReadonlyArray<string>) {
  const chunks = yield* probe(instance, "dump")()
  yield* must(chunks.length > 0, "the dump is empty, though secrets are stored")
  for (const { where, bytes } of chunks) {
    for (const each of secrets) {
      const how = Canary.find(bytes, each)
      yield* must(how === undefined, `a secret lies in storage ${how}`, { expected: "no trace of it", actual: where })
    }
  }
})

/** Nothing readable at rest. */
export const vault12: Law<VaultInstance> = {
  id: "VAULT-12",
  title: "No stored bytes hold a secret, or twelve bytes of one, in any common encoding",
  rationale: "Backups, replicas and logs of the database are read by more people than the database is.",
  checkFirst:
    "Look at the place that the report names: history columns, logs, outbox rows and temporary files are stored " +
    "bytes too. Base64 and hexadecimal are no encryption.",
  see: ["TokenVault"],
  level: core,
  parts: [
    check({
      name: "alone",
      kind: "property",
      needs: ["dump"],
      labels: { replaced: 0.1 },
      input: [
        fc
          .tuple(write("swap"), fc.array(write("put", "swap", "remove"), { maxLength: 5 }))
          .map((lists) => lists.flat()),
        fc.array(write("put", "swap", "remove"), { minLength: 1, maxLength: 6 })
      ],
      check: (instance, calls, testCase) =>
        Effect.gen(function* () {
          const {
            vault,
            organizations: [organizationId]
          } = instance
          // Something stays stored, so that an empty dump is noticed.
          yield* vault.put(organizationId, "stays", secret("Atzr|a-secret-that-stays-here"))
          for (const { call, reference, secret: text } of calls) {
            if (call === "put") yield* vault.put(organizationId, reference, secret(text))
            if (call === "remove") yield* vault.remove(organizationId, reference)
            if (call === "swap") {
              testCase.label("replaced")
              const version = yield* vault.put(organizationId, reference, secret(text))
              yield* vault.compareAndSwap(organizationId, reference, version, secret(text))
            }
          }
          yield* leaks(instance, ["Atzr|a-secret-that-stays-here", ...calls.map((each) => each.secret)])
        })
    }),
    check({
      name: "race",
      kind: "race",
      needs: ["overlap", "dump"],
      interleavings: 2,
      input: canary,
      check: (instance, text, testCase) =>
        Effect.gen(function* () {
          const [organizationId] = instance.organizations
          yield* instance.vault.put(organizationId, "grant", secret("Atzr|a-secret-that-stays-here"))
          const clients = yield* clientsOf(instance, 2)
          const finishes = yield* race<unknown, unknown>(testCase, [
            clients(0).put(organizationId, "grant", secret(text)),
            clients(1).put(organizationId, "grant", secret(text)),
            leaks(instance, [text])
          ])
          yield* Effect.forEach(finishes, ({ exit }) => exit)
        })
    })
  ]
}

/** The ways in which a seal begins: its nonce if that is kept apart, and the first bytes of what is sealed. */
const beginnings = (sealed: Sealed): ReadonlyArray<string> =>
  [sealed["nonce"], sealed["body"]?.subarray(0, 12)].flatMap((bytes) =>
    bytes === undefined ? [] : [Buffer.from(bytes).toString("hex")]
  )

/** Fresh randomness per encryption. */
export const vault13: Law<VaultInstance> = {
  id: "VAULT-13",
  title: "Sealing the same secret twice gives different bytes, and nonces never repeat",
  rationale: "Two messages under one nonce give away both, and the key that authenticates them (NIST SP 800-38D, 8).",
  checkFirst:
    "Look at where the nonce comes from: it is drawn at random for each write. A counter must not begin again when " +
    "the process does.",
  sources: [
    { fact: "A nonce is unique for each message under one key.", url: "https://doi.org/10.6028/NIST.SP.800-38D" }
  ],
  see: ["TokenVault.put"],
  level: core,
  parts: [
    check({
      name: "alone",
      kind: "property",
      needs: ["tamper"],
      input: fc.record({ secret: canary, writes: fc.array(reference, { minLength: 2, maxLength: 12 }) }),
      check: (instance, { secret: text, writes }, testCase) =>
        Effect.gen(function* () {
          const [organizationId] = instance.organizations
          const seen = new Set<string>()
          let { vault } = instance
          for (const [index, place] of writes.entries()) {
            // A restart between writes: nonces that are counted must not start again.
            if (index === Math.floor(writes.length / 2) && instance.probes.reopen !== undefined) {
              vault = yield* instance.probes.reopen()
            }
            yield* vault.put(organizationId, place, secret(text))
            const starts = beginnings(yield* probe(instance, "tamper").read(organizationId, place))
            yield* must(starts.length > 0, "the probe 'tamper' shows no sealed bytes of a stored secret")
            for (const start of starts) {
              yield* must(!seen.has(start), `write ${index + 1} of one secret was sealed like one before`, {
                expected: "bytes never seen",
                actual: "a nonce, or the beginning of a ciphertext, seen before"
              })
              seen.add(start)
            }
            testCase.note(`sealed for ${place}`)
          }
        })
    })
  ]
}
