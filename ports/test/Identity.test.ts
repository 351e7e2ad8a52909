/** Who a consent is of: what a claim may do, what a proof takes, and what is refused as somebody else's. */
import { describe, expect, it } from "@effect/vitest"
import { type Access, Failure, type Identity, type Profile } from "@portolan/domain"
import { ProviderScript } from "@portolan/memory"
import { Connections, Grants, PendingAuthorizations } from "@portolan/ports"
import { Effect, type Layer, type Scope } from "effect"
import { account, caller, consent, marketplaces, settle, world } from "./support/world.ts"

const here = <A, E>(effect: Effect.Effect<A, E, Layer.Success<typeof world> | Scope.Scope>) =>
  Effect.scoped(Effect.andThen(effect, settle)).pipe(Effect.provide(world))

const key: Profile.Key = {
  channel: "amazon-sp",
  region: "NA",
  marketplaceId: marketplaces.US,
  externalId: "A1SELLER" as Profile.ExternalId
}

/** A consent of the seller, whose tokens are of `owner`; null: the provider names nobody. */
const of = (owner: string | null, store = "Harbour Goods"): ProviderScript.Consent => ({
  channel: "amazon-sp",
  region: "NA",
  grantor: "A1SELLER",
  owner,
  candidates: [ProviderScript.candidate(key, { name: store })]
})

const go = Effect.fnUntraced(function* (n: number, given: ProviderScript.Consent, confirmed = false) {
  const by = caller("admin", n)
  const { sp } = yield* account(by)
  return yield* again(n, sp.id, given, confirmed)
})

const again = Effect.fnUntraced(function* (
  n: number,
  connectionId: Parameters<typeof consent>[1],
  given: ProviderScript.Consent,
  confirmed = false
) {
  const by = caller("admin", n)
  const pending = yield* PendingAuthorizations.PendingAuthorizations
  const connections = yield* Connections.Connections
  const { arrival, authorizationRedirect } = yield* consent(
    by,
    connectionId,
    `code-${n}-${connectionId}-${given.candidates[0]?.name}`,
    given
  )
  const selected = yield* Effect.result(pending.select(by, authorizationRedirect.authorizationId, { key, confirmed }))
  const { connection } = yield* connections.view(by, connectionId)
  return { by, arrival, selected, connection, connectionId }
})

const identityOf = ({ connection }: Effect.Success<ReturnType<typeof go>>): Identity.Identity | undefined =>
  "link" in connection ? connection.link.identity : undefined

describe("a consent", () => {
  it.effect("that the provider names another seller for is refused, and nothing is bound", () =>
    here(
      Effect.gen(function* () {
        const { arrival, connection } = yield* go(1, of("A2OTHER"))
        expect(arrival).toMatchObject({ authorization: { _tag: "Failed", reason: "different-identity" } })
        expect(connection._tag).toBe("Proposed")
      })
    )
  )

  it.effect("that nothing proves works, keeps nobody out, and is kept out by nobody", () =>
    here(
      Effect.gen(function* () {
        const claimed = yield* go(1, of(null))
        expect(identityOf(claimed)).toMatchObject({ _tag: "Claimed", doubt: "not-named" })
        const proven = yield* go(2, of("A1SELLER"))
        expect(identityOf(proven)).toMatchObject({ _tag: "Proven", by: "provider" })
        const late = yield* go(3, of(null))
        expect(late.connection._tag).toBe("Connected")
        const second = yield* go(4, of("A1SELLER"))
        expect(second.selected).toMatchObject({ failure: { _tag: "ProfileHeld" } })
      })
    )
  )

  it.effect("that proves to be the seller takes the profile from a claim of the same organization", () =>
    here(
      Effect.gen(function* () {
        const claimed = yield* go(1, of(null))
        const proven = yield* go(1, of("A1SELLER"), true)
        expect(proven.connection._tag).toBe("Connected")
        const connections = yield* Connections.Connections
        const { connection } = yield* connections.view(claimed.by, claimed.connectionId)
        expect(connection).toMatchObject({ _tag: "ReauthorizationNeeded", loss: "identity-taken" })
      })
    )
  )

  it.effect(
    "of an unproven seller that shows another store is bound to a bound account only when a person confirms",
    () =>
      here(
        Effect.gen(function* () {
          const first = yield* go(1, of(null))
          const other = yield* again(1, first.connectionId, of(null, "Another store"))
          expect(other.selected).toMatchObject({ failure: { reason: "needs-confirmation" } })
          const same = yield* again(1, first.connectionId, of(null))
          expect(same.selected._tag).toBe("Success")
        })
      )
  )

  it.effect("waits while the provider cannot say who it is of, where the account was proven before", () =>
    here(
      Effect.gen(function* () {
        const script = yield* ProviderScript.ProviderScript
        const first = yield* go(1, of("A1SELLER"))
        yield* script.fail("prove", new Failure.Temporary({ detail: "down", throttled: false }))
        const other = yield* again(1, first.connectionId, of("A2OTHER", "Another store"), true)
        expect(other.selected).toMatchObject({ failure: { reason: "unfit-profile" } })
      })
    )
  )

  it.effect("is confirmed by an operator with a reason, and counts for all organizations then", () =>
    here(
      Effect.gen(function* () {
        const grants = yield* Grants.Grants
        const claimed = yield* go(1, of(null))
        const grantId = "link" in claimed.connection ? claimed.connection.link.grantId : undefined
        if (grantId === undefined) return yield* Effect.die("it was linked")
        const operator = {
          actor: { _tag: "Operator", personId: "per_0000000000000000000000000A", name: "Olu" }
        } as Access.Operator
        const { organizationId } = claimed.by
        const bare = yield* Effect.flip(grants.confirmIdentity(operator, { organizationId, grantId, because: " " }))
        expect(bare).toMatchObject({ reason: "contradiction" })
        yield* grants.confirmIdentity(operator, { organizationId, grantId, because: "A letter of the owner." })
        const long = { organizationId, grantId, because: "x".repeat(501) }
        expect(yield* Effect.flip(grants.confirmIdentity(operator, long))).toMatchObject({ reason: "contradiction" })
        const second = yield* go(2, of("A1SELLER"))
        expect(second.selected).toMatchObject({ failure: { _tag: "ProfileHeld" } })

        // Taken back it is a claim again: it works on, and a proof of another organization takes the profile.
        const taken = yield* grants.takeBackIdentity(operator, { organizationId, grantId })
        expect(taken.grant.identity).toMatchObject({ _tag: "Claimed", doubt: "unconfirmed" })
        const connections = yield* Connections.Connections
        const { connection } = yield* connections.view(claimed.by, claimed.connectionId)
        expect(connection).toMatchObject({ _tag: "Connected", link: { identity: { doubt: "unconfirmed" } } })
        const again = yield* Effect.flip(grants.takeBackIdentity(operator, { organizationId, grantId }))
        expect(again).toMatchObject({ reason: "contradiction" })
        expect((yield* go(3, of("A1SELLER"))).connection._tag).toBe("Connected")
      })
    )
  )

  it.effect("that the provider itself names is not for an operator to confirm", () =>
    here(
      Effect.gen(function* () {
        const grants = yield* Grants.Grants
        const { by, connection } = yield* go(1, of("A1SELLER"))
        const grantId = "link" in connection ? connection.link.grantId : yield* Effect.die("it was linked")
        const operator = {
          actor: { _tag: "Operator", personId: "per_0000000000000000000000000A", name: "Olu" }
        } as Access.Operator
        const confirmation = { organizationId: by.organizationId, grantId, because: "A letter." }
        const refused = yield* Effect.flip(grants.confirmIdentity(operator, confirmation))
        expect(refused).toMatchObject({ reason: "contradiction" })
      })
    )
  )
})
