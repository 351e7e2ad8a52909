/** Refresh tokens that come without a redirect: of private applications, and from systems that teams leave. */
import { describe, expect, it } from "@effect/vitest"
import { type Access, type Id, Identity, type Profile } from "@portolan/domain"
import { ProviderScript } from "@portolan/memory"
import { Audit, Connecting, Connections, Grants, PendingAuthorizations, ProviderApi, TokenVault } from "@portolan/ports"
import { Effect, type Layer, Redacted, Result, type Scope } from "effect"
import { office } from "./support/office.ts"
import { account, caller, marketplaces, settle, working, world } from "./support/world.ts"

const by = caller()
const rival = caller("admin", 2)
const operator: Access.Operator = {
  actor: { _tag: "Operator", personId: "per_00000000000000000000000009" as Id.PersonId, name: "Opal Keys" }
}
const sp = (externalId: string, country: keyof typeof marketplaces = "US"): Profile.Key => ({
  channel: "amazon-sp",
  region: "NA",
  marketplaceId: marketplaces[country],
  externalId: externalId as Profile.ExternalId
})
const here = <A, E>(effect: Effect.Effect<A, E, Layer.Success<typeof world> | Scope.Scope>) =>
  Effect.scoped(effect).pipe(Effect.provide(world))

interface Seller {
  readonly owner?: string | null
  readonly keys?: ReadonlyArray<Profile.Key>
}

/** A token that the provider gave to another system. */
const tokenOf = Effect.fnUntraced(function* (seller: string, { keys = [sp(seller)], ...more }: Seller = {}) {
  const code = `elsewhere-${seller}`
  const of = { channel: "amazon-sp", region: "NA", grantor: seller } as const
  const candidates = keys.map((key) => ProviderScript.candidate(key))
  yield* (yield* ProviderScript.ProviderScript).consents(code, { ...of, candidates, ...more })
  const { exchange } = yield* ProviderApi.ProviderApi
  const secret = Redacted.make("of another system")
  const there = { ...of, code: Redacted.make(code), redirectUri: "https://elsewhere.example/", codeVerifier: secret }
  return (yield* exchange(there)).refreshToken
})

const takeIn = (token: Connecting.TakeInToken, as = by) =>
  Effect.flatMap(Connecting.Connecting, ({ takeInToken }) => takeInToken(as, token))
const grantsOf = (as = by) =>
  Effect.map(
    Effect.flatMap(Grants.Grants, ({ list }) => list(as, {}, { limit: 100 })),
    ({ items }) => items.map(({ grant }) => grant)
  )

describe("a token that comes without a redirect", () => {
  it.effect("is asked about first, connects by its proven seller, and changes nothing when it comes again", () =>
    here(
      Effect.gen(function* () {
        yield* working
        const made = yield* account(by)
        const refreshToken = yield* tokenOf("A1")
        const token = { connectionId: made.sp.id, grantor: "A1", refreshToken }
        const both = yield* Effect.all([Effect.result(takeIn(token)), Effect.result(takeIn(token))], {
          concurrency: "unbounded"
        })
        const first = both.find(Result.isSuccess)?.success
        expect(first).toMatchObject({ outcome: "connected", isRepeated: false, connection: { _tag: "Connected" } })
        // Of two at once one does it; the other one is told to come again, or finds it done.
        const passing = new Set(["VersionConflict", "Temporary"])
        expect(both.every((one) => Result.isSuccess(one) || passing.has(one.failure._tag))).toBe(true)
        expect(Identity.isExclusive(first?.grant.identity)).toBe(true)
        const again = yield* takeIn(token)
        expect(again).toMatchObject({ outcome: "connected", isRepeated: true, grant: { id: first?.grant.id } })
        yield* settle
        expect(yield* grantsOf()).toHaveLength(1)
        // The token works from the vault on, and stands in no record.
        const vault = yield* TokenVault.TokenVault
        const { secret } = yield* vault.get(by.organizationId, again.grant.id)
        expect(Redacted.value(secret)).toContain(Redacted.value(refreshToken))
        const { items } = yield* (yield* Audit.Audit).list(by, {}, { limit: 100 })
        expect(items.length).toBeGreaterThan(3)
        expect(JSON.stringify([items, first, again])).not.toContain(Redacted.value(refreshToken))
      })
    )
  )

  it.effect("joins a further country to the same consent", () =>
    here(
      Effect.gen(function* () {
        const us = yield* account(by)
        const ca = yield* account(by, "Harbour CA", "CA")
        const refreshToken = yield* tokenOf("A1", { keys: [sp("A1"), sp("A1", "CA")] })
        const one = yield* takeIn({ connectionId: us.sp.id, grantor: "A1", refreshToken })
        const other = yield* takeIn({ connectionId: ca.sp.id, grantor: "A1", refreshToken })
        expect(other).toMatchObject({ outcome: "connected", grant: { id: one.grant.id } })
        expect(yield* grantsOf()).toHaveLength(1)
      })
    )
  )

  it.effect("leaves nothing behind where the provider refuses it, or says that it is of somebody else", () =>
    here(
      Effect.gen(function* () {
        const made = yield* account(by)
        const nonsense = Redacted.make("Atzr|nonsense-that-nobody-gave")
        const refused = yield* Effect.flip(takeIn({ connectionId: made.sp.id, grantor: "A1", refreshToken: nonsense }))
        expect(refused._tag).toBe("GrantRefused")
        expect(JSON.stringify([refused, refused.message])).not.toContain("nonsense")
        const refreshToken = yield* tokenOf("A1")
        const forged = yield* Effect.flip(takeIn({ connectionId: made.sp.id, grantor: "A2", refreshToken }))
        expect(forged).toMatchObject({ _tag: "Refused", reason: "different-identity" })
        expect(yield* grantsOf()).toEqual([])
        const { items } = yield* (yield* PendingAuthorizations.PendingAuthorizations).ofConnection(by, made.sp.id, {
          limit: 10
        })
        expect(items).toEqual([])
        // The mistake is put right, with the same token.
        expect((yield* takeIn({ connectionId: made.sp.id, grantor: "A1", refreshToken })).outcome).toBe("connected")
      })
    )
  )

  it.effect("stays a claim, and waits for a person, where nothing proves whose it is and the store is another", () =>
    here(
      Effect.gen(function* () {
        const made = yield* account(by)
        const refreshToken = yield* tokenOf("A1", { owner: null })
        const taken = yield* takeIn({ connectionId: made.sp.id, grantor: "A1", refreshToken })
        expect(taken.grant.identity).toMatchObject({ _tag: "Claimed" })
        expect(taken.outcome).toBe("connected")
        // It excludes nobody: another organization that proves to be the seller gets it.
        const theirs = yield* account(rival)
        const proven = yield* tokenOf("A1")
        const got = yield* takeIn({ connectionId: theirs.sp.id, grantor: "A1", refreshToken: proven }, rival)
        expect(got.outcome).toBe("connected")
        expect(Identity.isExclusive(got.grant.identity)).toBe(true)
      })
    )
  )

  it.effect("is taken in by an operator for an organization, whose history names them", () =>
    here(
      Effect.gen(function* () {
        yield* working
        yield* office(caller("owner"), "owner@books.example")
        const made = yield* account(by)
        const theirs = yield* account(rival, "Theirs")
        const { firstSeenFor } = yield* Grants.Grants
        const { takeInTokenFor, tokenTargets } = yield* Connecting.Connecting
        const { organizationId } = by
        const listed = (yield* tokenTargets(operator, organizationId)).items.map(({ connection }) => connection.id)
        expect(listed).toContain(made.sp.id)
        expect(listed).not.toContain(theirs.sp.id)
        expect((yield* tokenTargets(operator, organizationId, "nobody has this name")).items).toEqual([])
        const token = { organizationId, grantor: "A1", refreshToken: yield* tokenOf("A1") }
        const forged = yield* Effect.flip(takeInTokenFor(operator, { ...token, connectionId: theirs.sp.id }))
        expect(forged._tag).toBe("NotFound")
        const taken = yield* takeInTokenFor(operator, { ...token, connectionId: made.sp.id })
        expect(taken).toMatchObject({ outcome: "connected", isRepeated: false })
        expect(taken.grant.responsibleMember).toBeUndefined()
        expect(yield* firstSeenFor(operator, organizationId, taken.grant.id)).toMatchObject({
          candidates: [{ key: sp("A1") }],
          awaitsChoice: false
        })
        expect((yield* Effect.flip(firstSeenFor(operator, rival.organizationId, taken.grant.id)))._tag).toBe("NotFound")
        // A member who takes in the same token finds what the operator did.
        expect(yield* takeIn({ ...token, connectionId: made.sp.id })).toMatchObject({ isRepeated: true })
        yield* settle
        const { items } = yield* (yield* Audit.Audit).list(by, {}, { limit: 100 })
        const linked = items.find(({ event }) => event._tag === "Linked")
        expect(linked?.actor).toEqual(operator.actor)
      })
    )
  )

  it.effect("is refused in neutral words for a seller of another organization, and its tokens are forgotten", () =>
    here(
      Effect.gen(function* () {
        yield* working
        const [ours, theirs] = [yield* account(by, "Ours"), yield* account(rival, "Theirs")]
        yield* takeIn({ connectionId: theirs.sp.id, grantor: "A1", refreshToken: yield* tokenOf("A1") }, rival)
        const refreshToken = yield* tokenOf("A1")
        const token = { connectionId: ours.sp.id, grantor: "A1", refreshToken }
        const held = yield* Effect.flip(takeIn(token))
        expect(held._tag).toBe("ProfileHeld")
        expect(JSON.stringify(held)).not.toMatch(/Theirs|org_/)
        yield* settle
        const [grant, ...more] = yield* grantsOf()
        expect(grant).toMatchObject({ _tag: "Ended" })
        expect(more).toEqual([])
        const vault = yield* TokenVault.TokenVault
        expect(yield* Effect.flip(vault.get(by.organizationId, grant?.id ?? ""))).toMatchObject({
          _tag: "SecretNotFound"
        })
        const connections = yield* Connections.Connections
        expect((yield* connections.view(by, ours.sp.id)).connection._tag).not.toBe("AwaitingSelection")
        // Nor does it come by asking for the connection of others.
        expect((yield* Effect.flip(takeIn(token, rival)))._tag).toBe("NotFound")
        expect((yield* Effect.flip(takeIn(token, caller("viewer"))))._tag).toBe("Refused")
      })
    )
  )
})
