/**
 * Limited access through the use cases: lists are narrowed, what is out of reach does not exist (rules K-R17,
 * S-R9).
 */
import { describe, expect, it } from "@effect/vitest"
import { Access, type Id } from "@portolan/domain"
import { ProviderScript } from "@portolan/memory"
import { Accounts, AuthLinks, Companies, Connecting, Connections, Grants, PendingAuthorizations } from "@portolan/ports"
import { Arbitrary, Effect, Result, Schema } from "effect"
import { account, adsKey, caller, connected, consent, marketplaces, sees, world } from "../support/world.ts"

const by = caller()
const key = adsKey("2973802954634317")
type Chosen = { readonly [K in keyof Omit<Access.Limited, "_tag">]?: Access.Limited[K] }
const limited = (chosen: Chosen, role: Access.Role = "member") =>
  caller(role, 1, { _tag: "Limited", companies: [], brands: [], accounts: [], ...chosen })
const page = { limit: 50 }

/** Two companies with one account each; the first has a consent that waits, and a link. */
const two = Effect.gen(function* () {
  const links = yield* AuthLinks.AuthLinks
  const one = yield* account(by, "One")
  const other = yield* account(by, "Other")
  const { authorizationRedirect } = yield* consent(by, one.ads.id, "code", sees("ada", ProviderScript.candidate(key)))
  const link = yield* links.create(by, one.sp.id, {})
  return { one, other, authorizationId: authorizationRedirect.authorizationId, linkId: link.link.id }
})

/** Everything somebody sees, by name of the list. */
const seen = Effect.fnUntraced(function* (who: Access.Caller) {
  const accounts = yield* (yield* Accounts.Accounts).list(who, {}, page)
  const connections = yield* (yield* Connections.Connections).list(who, {}, page)
  const companies = yield* (yield* Companies.Companies).list(who, {}, page)
  const authorizations = yield* (yield* PendingAuthorizations.PendingAuthorizations).list(who, page)
  return {
    accounts: accounts.items.map(({ id }) => id).toSorted(),
    connections: connections.items.map(({ connection }) => connection.accountId).toSorted(),
    companies: companies.items.map(({ id }) => id).toSorted(),
    authorizations: authorizations.items.map(({ authorization }) => authorization.accountId)
  }
})

const tagOf = <A, E extends { readonly _tag: string }, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.map(Effect.result(effect), (result) => (Result.isFailure(result) ? result.failure._tag : "allowed"))

describe("a caller with limited access", () => {
  it.effect("sees in every list what was chosen and nothing else", () =>
    Effect.gen(function* () {
      const { one, other } = yield* two
      const nothing = { accounts: [], connections: [], companies: [], authorizations: [] }
      expect(yield* seen(limited({}))).toEqual(nothing)
      const first = {
        accounts: [one.account.id],
        connections: [one.account.id, one.account.id],
        companies: [one.company.id],
        authorizations: [one.account.id]
      }
      expect(yield* seen(limited({ accounts: [{ id: one.account.id, right: "read" }] }))).toEqual(first)
      expect(yield* seen(limited({ companies: [{ id: one.company.id, right: "read" }] }))).toEqual(first)
      expect(yield* seen(limited({ brands: [{ id: one.account.defaultBrandId, right: "write" }] }))).toEqual(first)
      expect(yield* seen(limited({ accounts: [{ id: other.account.id, right: "write" }] }))).toEqual({
        accounts: [other.account.id],
        connections: [other.account.id, other.account.id],
        companies: [other.company.id],
        authorizations: []
      })
      expect((yield* seen(by)).accounts).toHaveLength(2)
    }).pipe(Effect.provide(world))
  )

  it.effect("does not widen it by a filter that names what is hidden", () =>
    Effect.gen(function* () {
      const { one, other } = yield* two
      const who = limited({ accounts: [{ id: other.account.id, right: "write" }] })
      const connections = yield* Connections.Connections
      expect((yield* connections.list(who, { accountId: one.account.id }, page)).items).toEqual([])
      expect(
        (yield* connections.list(who, { accountIds: [one.account.id] }, page)).items.map(
          ({ connection }) => connection.accountId
        )
      ).not.toContain(one.account.id)
      expect((yield* (yield* Accounts.Accounts).list(who, { companyId: one.company.id }, page)).items).toEqual([])
    }).pipe(Effect.provide(world))
  )

  it.effect("finds nothing behind any deep link, in the words for what never existed", () =>
    Effect.gen(function* () {
      const { linkId, one, other, authorizationId } = yield* two
      const who = limited({ accounts: [{ id: other.account.id, right: "write" }] })
      const accounts = yield* Accounts.Accounts
      const connections = yield* Connections.Connections
      const pending = yield* PendingAuthorizations.PendingAuthorizations
      const connecting = yield* Connecting.Connecting
      const links = yield* AuthLinks.AuthLinks
      const { id } = one.account
      expect(
        yield* Effect.all([
          tagOf(accounts.view(who, id)),
          tagOf(accounts.expansion(who, id, { marketplaceId: marketplaces.CA, accountType: "seller" })),
          tagOf(connections.view(who, one.ads.id)),
          tagOf(connections.history(who, one.ads.id, page)),
          tagOf(pending.view(who, authorizationId)),
          tagOf(pending.lookAgain(who, authorizationId)),
          tagOf(pending.select(who, authorizationId, { key, confirmed: true })),
          tagOf(pending.dismiss(who, authorizationId, "")),
          tagOf(pending.ofConnection(who, one.ads.id, page)),
          tagOf(connecting.authenticateNow(who, one.ads.id)),
          tagOf(links.create(who, one.sp.id, {})),
          tagOf(links.revoke(who, linkId)),
          tagOf((yield* Companies.Companies).view(who, one.company.id))
        ])
      ).toEqual(Array.from({ length: 13 }, () => "NotFound"))
      const hidden = yield* Effect.flip(accounts.view(who, id))
      const never = yield* Effect.flip(accounts.view(who, "acc_00000000000000000000000009" as Id.AccountId))
      expect(hidden.message.replace(id, "x")).toBe(never.message.replace("acc_00000000000000000000000009", "x"))
    }).pipe(Effect.provide(world))
  )

  it.effect("with the right to read sees, and is refused every change in words", () =>
    Effect.gen(function* () {
      const { one, authorizationId } = yield* two
      const who = limited({ accounts: [{ id: one.account.id, right: "read" }] })
      const pending = yield* PendingAuthorizations.PendingAuthorizations
      expect((yield* pending.view(who, authorizationId)).choices).toHaveLength(1)
      const refused = yield* Effect.flip(pending.select(who, authorizationId, { key, confirmed: false }))
      expect(refused).toMatchObject({
        _tag: "Refused",
        reason: "not-permitted",
        detail: "Your access to this account is limited to reading."
      })
      expect(yield* tagOf((yield* Connecting.Connecting).authenticateNow(who, one.ads.id))).toBe("Refused")
      const writer = limited({ accounts: [{ id: one.account.id, right: "write" }] })
      expect((yield* pending.select(writer, authorizationId, { key, confirmed: false }))._tag).toBe("Finalised")
    }).pipe(Effect.provide(world))
  )

  it.effect("is not told which account out of reach holds a profile, only that one does", () =>
    Effect.gen(function* () {
      const pending = yield* PendingAuthorizations.PendingAuthorizations
      const { one, other, authorizationId } = yield* two
      yield* connected(by, other.ads.id, "other", key)
      expect((yield* pending.view(by, authorizationId)).choices[0]?.heldBy).toMatchObject({ accountName: "Other" })
      const who = limited({ accounts: [{ id: one.account.id, right: "write" }] })
      const [choice] = (yield* pending.view(who, authorizationId)).choices
      expect(choice?.heldBy).toBeUndefined()
      expect(choice?.obstacles).toContainEqual({ weight: "blocks", detail: "It is connected to another account." })
      const held = yield* Effect.flip(pending.select(who, authorizationId, { key, confirmed: true }))
      expect(held._tag).toBe("ProfileHeld")
      expect(held.message).not.toContain("Other")
      expect((yield* Effect.flip(pending.select(by, authorizationId, { key, confirmed: true }))).message).toContain(
        "Other"
      )
    }).pipe(Effect.provide(world))
  )

  it.effect("has no say about consents, which may serve accounts out of reach", () =>
    Effect.gen(function* () {
      const { one } = yield* two
      const grants = yield* Grants.Grants
      const who = limited({ accounts: [{ id: one.account.id, right: "write" }] })
      expect(yield* tagOf(grants.list(who, {}, page))).toBe("Refused")
      expect(yield* tagOf(grants.list(by, {}, page))).toBe("allowed")
      expect(
        yield* tagOf(
          (yield* Accounts.Accounts).create(who, {
            companyId: one.company.id,
            name: "New",
            accountType: "seller",
            marketplaces: [marketplaces.US]
          })
        )
      ).toBe("Refused")
    }).pipe(Effect.provide(world))
  )
})

describe("any reach", () => {
  it.effect("agrees, in every list and behind every deep link, with what the domain says of each account", () =>
    Effect.gen(function* () {
      const { one, other } = yield* two
      const all = [one.account, other.account]
      const accounts = yield* Accounts.Accounts
      const rights = Arbitrary.schema(Access.Right)
      const some = <A>(...ids: ReadonlyArray<A>) =>
        Arbitrary.map(
          Arbitrary.array(
            Arbitrary.all([Arbitrary.schema(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 1 }))), rights]),
            { maxLength: 2 }
          ),
          (drawn) =>
            drawn.flatMap(([index, right]) => {
              const id = ids[index % ids.length]
              return id === undefined ? [] : [{ id, right }]
            })
        )
      const reaches = Arbitrary.map(
        Arbitrary.all([
          some(one.company.id, other.company.id),
          some(one.account.defaultBrandId, other.account.defaultBrandId),
          some(one.account.id, other.account.id)
        ]),
        ([companies, brands, accounts]): Access.Limited => ({ _tag: "Limited", companies, brands, accounts })
      )
      for (const accessScope of yield* Arbitrary.sampleEffect(reaches, { count: 60, seed: 5 })) {
        const who = caller("member", 1, accessScope)
        const visible = all
          .filter((account) => Access.canSee(accessScope, account))
          .map(({ id }) => id)
          .toSorted()
        expect((yield* seen(who)).accounts).toEqual(visible)
        expect([...new Set((yield* seen(who)).connections)].toSorted()).toEqual(visible)
        for (const account of all) {
          expect(yield* tagOf(accounts.view(who, account.id))).toBe(
            visible.includes(account.id) ? "allowed" : "NotFound"
          )
        }
      }
    }).pipe(Effect.provide(world))
  )
})
