/** VAULT-14 to 16: a seal cannot be moved, changed or put back. */
import { Effect, Result } from "effect"
import * as fc from "fast-check"
import { turnOf } from "../../inTurn.ts"
import { core, extended, type Law } from "../../Law.ts"
import { must } from "../../Violation.ts"
import { check, outcome, probe, providerToken, references, secret, describe } from "./support.ts"
import type { Sealed, Vault, VaultInstance } from "./VaultInstance.ts"

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

/** Which seal is moved where: all of it, or some of its parts. */
const move = (how: { readonly crossing: fc.Arbitrary<boolean>; readonly onlySome: fc.Arbitrary<boolean> }) =>
  fc.record({
    ...how,
    to: fc.constantFrom(references[1], references[2]),
    picks: fc.array(fc.nat({ max: 7 }), { minLength: 1, maxLength: 3 })
  })

/** Two references, and how often each is written: their parts give the same text when nothing stands between them. */
const joined = [
  [
    ["grant", 11],
    ["grant1", 1]
  ],
  [
    ["grant", 12],
    ["grant1", 2]
  ],
  [
    ["grant", 11],
    ["1grant", 1]
  ],
  [
    ["grant", 1],
    ["Grant", 1]
  ],
  [
    ["gr\u00e4nt", 1],
    ["gra\u0308nt", 1]
  ],
  [
    ["grant", 1],
    ["grant ", 1]
  ]
] as const

/** Ciphertext is bound to its place. */
export const vault14: Law<VaultInstance> = {
  id: "VAULT-14",
  title: "A seal that is moved to another reference or organization does not open there",
  rationale: "An attacker who can write to the table could otherwise put one customer's tokens into another's account.",
  checkFirst:
    "Look at the associated data of the cipher: organization and reference belong into it, spelled so that no two " +
    "places give the same bytes.",
  see: ["SecretCorrupted"],
  level: core,
  parts: [
    check({
      name: "alone",
      kind: "property",
      needs: ["tamper"],
      labels: { "other organization": 0.08, "same organization": 0.08 },
      input: [
        move({ crossing: fc.constant(true), onlySome: fc.constant(false) }),
        move({ crossing: fc.constant(false), onlySome: fc.constant(false) }),
        move({ crossing: fc.boolean(), onlySome: fc.boolean() })
      ],
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
    }),
    check({
      name: "joined",
      kind: "property",
      needs: ["tamper"],
      minimum: joined.length * 2,
      effort: 0.3,
      input: turnOf(joined, (pair) => fc.record({ pair: fc.constant(pair), swapped: fc.boolean() })),
      check: (instance, { pair, swapped }, testCase) =>
        Effect.gen(function* () {
          const {
            vault,
            organizations: [organizationId]
          } = instance
          const { read, write } = probe(instance, "tamper")
          for (const [place, writes] of pair) {
            for (let count = 0; count < writes; count++) yield* vault.put(organizationId, place, secret(`of ${place}`))
          }
          const [[from], [to]] = swapped ? [pair[1], pair[0]] : pair
          testCase.note(`moved from ${JSON.stringify(from)} to ${JSON.stringify(to)}`)
          yield* write(organizationId, to, yield* read(organizationId, from))
          yield* mustRefuse(vault, organizationId, to, "a seal opened in a place whose parts join to the same text")
        })
    })
  ]
}

/** Which part of a seal is changed, how and where. */
const tampering = (how: "bit flipped" | "cut" | "lengthened", at: fc.Arbitrary<number>) =>
  fc.record({
    secret: providerToken,
    part: fc.constantFrom(0, 1, 2, 3),
    change: fc.record({ how: fc.constant(how), at })
  })

/** Tampering is detected. */
export const vault15: Law<VaultInstance> = {
  id: "VAULT-15",
  title: "Changing, cutting or lengthening anything sealed makes the read fail; altered text is never given out",
  rationale: "A flipped bit that goes unnoticed is a token that fails, or a way in for an attacker.",
  checkFirst:
    "Look at the cipher: it has to authenticate (AES-GCM, ChaCha20-Poly1305) with the whole tag. A nonce or key " +
    "identifier that makes no sense ends in SecretCorrupted or KeyUnavailable, not in a defect.",
  see: ["SecretCorrupted"],
  level: core,
  parts: [
    check({
      name: "alone",
      kind: "property",
      needs: ["tamper"],
      minimum: 40,
      effort: 2,
      labels: { "bit flipped": 0.1, cut: 0.04, lengthened: 0.04 },
      input: [
        tampering("bit flipped", fc.nat({ max: 4096 })),
        tampering("cut", fc.integer({ min: 1, max: 16 })),
        tampering("bit flipped", fc.nat({ max: 4096 })),
        tampering("lengthened", fc.integer({ min: 1, max: 16 })),
        tampering("bit flipped", fc.nat({ max: 4096 }))
      ],
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
  checkFirst:
    "Look at the associated data of the cipher: the version belongs into it, and a read takes the version from the " +
    "row and not from the seal.",
  sources: [
    {
      fact: "A provider may end a consent when a refresh token that was replaced is used again.",
      url: "https://www.rfc-editor.org/rfc/rfc9700#section-4.14"
    }
  ],
  see: ["SecretCorrupted", "VaultFeature"],
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
