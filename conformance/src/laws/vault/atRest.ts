/** VAULT-12 to 16: what lies in storage says nothing, and cannot be moved, changed or put back. */
import { Effect, Result } from "effect"
import * as fc from "fast-check"
import { core, extended, type Law } from "../../Law.ts"
import { race } from "../../race.ts"
import { must } from "../../Violation.ts"
import * as Canary from "./canary.ts"
import { check, clientsOf, outcome, probe, providerToken, reference, references, secret, describe } from "./support.ts"
import type { Sealed, Vault, VaultInstance } from "./VaultInstance.ts"

/** A token with 24 characters in the middle that occur nowhere else. */
const canary = fc
  .tuple(
    fc.constantFrom("Atzr|", "Atza|IwEB", ""),
    fc.stringMatching(/^[A-Za-z0-9+/]{24}$/),
    fc.constantFrom("", "==", "%7C")
  )
  .map((parts) => parts.join(""))

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
  level: core,
  parts: [
    check({
      name: "alone",
      kind: "property",
      needs: ["dump"],
      labels: { replaced: 0.1 },
      input: fc.array(fc.record({ call: fc.constantFrom("put", "swap", "remove"), reference, secret: canary }), {
        minLength: 1,
        maxLength: 6
      }),
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

/** Reads what was meddled with: anything but a typed refusal is a violation. */
const mustRefuse = Effect.fnUntraced(function* (
  vault: Vault,
  organizationId: VaultInstance["organizations"][0],
  place: string,
  what: string
) {
  const result = yield* outcome(vault.get(organizationId, place))
  const refused =
    Result.isFailure(result) && (result.failure._tag === "SecretCorrupted" || result.failure._tag === "KeyUnavailable")
  yield* must(refused, what, { expected: "SecretCorrupted or KeyUnavailable", actual: describe(result) })
})

const same = (one: Sealed, other: Sealed, names: ReadonlyArray<string>) =>
  names.every((name) => Buffer.compare(one[name] ?? new Uint8Array(), other[name] ?? new Uint8Array()) === 0)

/** Ciphertext is bound to its place. */
export const vault14: Law<VaultInstance> = {
  id: "VAULT-14",
  title: "A seal that is moved to another reference or organization does not open there",
  rationale: "Whoever can write to the table could otherwise put one customer's tokens into another's account.",
  level: core,
  parts: [
    check({
      name: "alone",
      kind: "property",
      needs: ["tamper"],
      labels: { "other organization": 0.08, "same organization": 0.08 },
      input: fc.record({
        crossing: fc.boolean(),
        to: fc.constantFrom(references[1], references[2]),
        onlySome: fc.boolean(),
        picks: fc.array(fc.nat({ max: 7 }), { minLength: 1, maxLength: 3 })
      }),
      check: (instance, { crossing, to, onlySome, picks }, testCase) =>
        Effect.gen(function* () {
          const { vault, organizations } = instance
          const { read, write } = probe(instance, "tamper")
          const target = organizations[crossing ? 1 : 0]
          const place = crossing ? references[0] : to
          yield* vault.put(organizations[0], references[0], secret("Atzr|of-the-source"))
          yield* vault.put(target, place, secret("Atzr|of-the-target"))
          const source = yield* read(organizations[0], references[0])
          const names = Object.keys(source)
          yield* must(names.length > 0, "the probe 'tamper' shows no sealed bytes of a stored secret")
          const selected = onlySome ? [...new Set(picks.map((pick) => names[pick % names.length] ?? "body"))] : names
          // Parts that are equal on both sides, such as the identifier of a shared key, make no difference.
          if (same(source, yield* read(target, place), selected)) return
          testCase.label(crossing ? "other organization" : "same organization")
          testCase.note(
            `moved ${selected.join(", ")} to ${crossing ? "the same reference of the other organization" : to}`
          )
          yield* write(
            target,
            place,
            Object.fromEntries(selected.map((name) => [name, source[name] ?? new Uint8Array()]))
          )
          yield* mustRefuse(vault, target, place, "a seal opened in a place it was not made for")
        })
    })
  ]
}

/** Tampering is detected. */
export const vault15: Law<VaultInstance> = {
  id: "VAULT-15",
  title: "Changing, cutting or lengthening anything sealed makes the read fail; altered text is never given out",
  rationale: "A flipped bit that goes unnoticed is a token that fails, or a way in for whoever flipped it.",
  level: core,
  parts: [
    check({
      name: "alone",
      kind: "property",
      needs: ["tamper"],
      minimum: 40,
      effort: 2,
      labels: { "bit flipped": 0.1, cut: 0.04, lengthened: 0.04 },
      input: fc.record({
        secret: providerToken,
        part: fc.constantFrom(0, 1, 2, 3),
        change: fc.oneof(
          { weight: 3, arbitrary: fc.record({ how: fc.constant("bit flipped" as const), at: fc.nat({ max: 4096 }) }) },
          {
            weight: 1,
            arbitrary: fc.record({ how: fc.constant("cut" as const), at: fc.integer({ min: 1, max: 16 }) })
          },
          {
            weight: 1,
            arbitrary: fc.record({ how: fc.constant("lengthened" as const), at: fc.integer({ min: 1, max: 16 }) })
          }
        )
      }),
      check: (instance, { secret: text, part, change }, testCase) =>
        Effect.gen(function* () {
          const {
            vault,
            organizations: [organizationId]
          } = instance
          const { read, write } = probe(instance, "tamper")
          yield* vault.put(organizationId, "grant", secret(text))
          const sealed = yield* read(organizationId, "grant")
          const names = Object.keys(sealed)
          const name = names[part % names.length] ?? "body"
          const bytes = sealed[name] ?? new Uint8Array()
          testCase.label(change.how)
          testCase.note(`${name}: ${change.how} at ${change.at}`)
          yield* write(organizationId, "grant", { [name]: changed(bytes, change) })
          yield* mustRefuse(vault, organizationId, "grant", "a seal that was meddled with opened")
        })
    })
  ]
}

const changed = (bytes: Uint8Array, { how, at }: { readonly how: string; readonly at: number }): Uint8Array => {
  if (how === "cut") return bytes.subarray(0, Math.max(bytes.length - at, 0))
  if (how === "lengthened") return Buffer.concat([bytes, new Uint8Array(at)])
  const copy = Uint8Array.from(bytes)
  const place = (at >> 3) % Math.max(copy.length, 1)
  copy[place] = (copy[place] ?? 0) ^ (1 << (at & 7))
  return copy
}

/** Old ciphertext cannot be put back. */
export const vault16: Law<VaultInstance> = {
  id: "VAULT-16",
  title: "An earlier seal of the same secret does not open under the current version",
  rationale: "Putting an old token back makes the next refresh look like theft, and the provider ends the consent.",
  level: extended("rollback-protection"),
  parts: [
    check({
      name: "alone",
      kind: "property",
      needs: ["tamper"],
      input: fc.record({ writes: fc.integer({ min: 2, max: 6 }), pick: fc.nat({ max: 20 }) }),
      check: (instance, { writes, pick }, testCase) =>
        Effect.gen(function* () {
          const {
            vault,
            organizations: [organizationId]
          } = instance
          const { read, write } = probe(instance, "tamper")
          const seals: Array<Sealed> = []
          for (let index = 0; index < writes; index++) {
            yield* vault.put(organizationId, "grant", secret(`Atzr|written-${index}`))
            seals.push(yield* read(organizationId, "grant"))
          }
          const old = pick % (writes - 1)
          testCase.note(`seal of write ${old + 1} put back under write ${writes}`)
          yield* write(organizationId, "grant", seals[old] ?? {})
          yield* mustRefuse(vault, organizationId, "grant", "an earlier seal was put back and opened")
        })
    })
  ]
}
