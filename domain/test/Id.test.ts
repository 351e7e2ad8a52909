/** Identifiers: their shape, their order, that they differ. */
import { createHash } from "node:crypto"
import { describe, expect, it } from "@effect/vitest"
import { Id } from "@portolan/domain"
import { Arbitrary, Result, Schema } from "effect"
import { between } from "./support/values.ts"

const schemas: { readonly [K in Id.Kind]: Schema.Codec<Id.ByKind[K], string> } = {
  organization: Id.OrganizationId,
  person: Id.PersonId,
  company: Id.CompanyId,
  brand: Id.BrandId,
  account: Id.AccountId,
  connection: Id.ConnectionId,
  authorization: Id.AuthorizationId,
  invitation: Id.InvitationId,
  grant: Id.GrantId,
  backfill: Id.BackfillId,
  consolidation: Id.ConsolidationId,
  credential: Id.CredentialId,
  diagnosis: Id.DiagnosisId,
  member: Id.MemberId,
  apiKey: Id.ApiKeyId,
  advertiser: Id.AdvertiserId,
  awaited: Id.AwaitedId,
  incident: Id.IncidentId,
  event: Id.EventId,
  job: Id.JobId
}
const kinds = Object.keys(schemas) as ReadonlyArray<Id.Kind>
const fits = (kind: Id.Kind, text: string) => Result.isSuccess(Schema.decodeUnknownResult(schemas[kind])(text))
const bytes = Arbitrary.map(Arbitrary.array(between(0, 255), { minLength: 10, maxLength: 10 }), (list) =>
  Uint8Array.from(list)
)
const instants = between(0, 2 ** 48 - 1)

describe("an identifier", () => {
  it.prop("is of its kind and of no other", [instants, bytes], ([millis, entropy]) => {
    for (const made of kinds) {
      const id = Id.make(made, millis, entropy)
      expect(kinds.filter((kind) => fits(kind, id))).toEqual([made])
      expect(id).toMatch(/^[a-z]{3}_[0-9a-hjkmnp-tv-z]{26}$/)
    }
  })

  it.prop(
    "sorts by the millisecond it was made in",
    [instants, instants, bytes, bytes],
    ([one, other, some, more]) => {
      if (one === other) return
      const made = (millis: number, entropy: Uint8Array): string => Id.make("event", millis, entropy)
      expect(made(one, some) < made(other, more)).toBe(one < other)
    },
    { arbitrary: { runs: 300 } }
  )

  it.prop("tells the millisecond it was made from", [instants, bytes], ([millis, entropy]) => {
    expect(Id.millis(Id.make("backfill", millis, entropy))).toBe(millis)
  })

  it.prop(
    "keeps every bit of its randomness",
    [instants, bytes, between(0, 79)],
    ([millis, entropy, bit]) => {
      const flipped = Uint8Array.from(entropy)
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      expect(Id.make("grant", millis, flipped)).not.toBe(Id.make("grant", millis, entropy))
    },
    { arbitrary: { runs: 300 } }
  )

  it("does not collide among a hundred thousand of one millisecond", () => {
    const seen = new Set<string>()
    for (let n = 0; n < 100_000; n++)
      seen.add(Id.make("job", 1_800_000_000_000, createHash("md5").update(`${n}`).digest().subarray(0, 10)))
    expect(seen.size).toBe(100_000)
  })

  it.prop(
    "is refused with a character too many, too few, or of another alphabet",
    [instants, bytes],
    ([millis, entropy]) => {
      const id: string = Id.make("account", millis, entropy)
      for (const wrong of [
        `${id}0`,
        id.slice(0, -1),
        `${id.slice(0, -1)}u`,
        id.toUpperCase(),
        ` ${id}`,
        `${id}\n`,
        id.replace("_", "-")
      ]) {
        expect(fits("account", wrong)).toBe(false)
      }
    }
  )
})
