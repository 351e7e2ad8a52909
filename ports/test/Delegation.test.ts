/**
 * Who consents for a seller: the owner, or somebody whose own login the owner gave the right (rules P-R10, P-R11;
 * X-R1), from the mail to the record.
 */
import { describe, expect, it } from "@effect/vitest"
import { type Authorization, type Connection, Profile } from "@portolan/domain"
import { ProviderScript } from "@portolan/memory"
import { Audit, AuthLinks, Connecting, Connections, Grants, PendingAuthorizations, Requests } from "@portolan/ports"
import { Effect, type Layer, Redacted, type Scope } from "effect"
import { mails, office, tokenIn } from "./support/office.ts"
import { account, adsKey, caller, cookie, marketplaces, sees, settle, working, world } from "./support/world.ts"

const by = caller()
const adsProfile = ProviderScript.candidate(adsKey("2973802954634317"))
/** The seller behind the advertising profile, so that nothing but the person differs. */
const merchant = Profile.owner(adsProfile) ?? "A2MERCHANT0001"
const spProfile: Profile.Candidate = {
  _tag: "SellingPartner",
  name: "Harbour",
  countryCode: "US",
  currency: "USD",
  type: "seller",
  isParticipating: true,
  hasSuspendedListings: false,
  key: {
    channel: "amazon-sp",
    region: "NA",
    marketplaceId: marketplaces.US,
    externalId: merchant as Profile.ExternalId
  }
}
const here = <A, E>(effect: Effect.Effect<A, E, Layer.Success<typeof world> | Scope.Scope>) =>
  Effect.scoped(Effect.andThen(working, effect)).pipe(Effect.provide(world))

/** An owner is asked for one connection; whoever opens the mail says in which role they continue, and consents. */
const answered = Effect.fnUntraced(function* (
  connection: Connection.Present,
  profile: Profile.Candidate,
  grantor: string,
  as: Authorization.Consenting | undefined,
  saysFirst?: "not-the-owner"
) {
  const requests = yield* Requests.Requests
  const links = yield* AuthLinks.AuthLinks
  const { link } = yield* requests.send(by, {
    connectionId: connection.id,
    owner: { name: "Olive Owner", email: "olive@harbour.example" },
    marketplaceId: connection.marketplaceId
  })
  yield* settle
  const token = Redacted.make(tokenIn((yield* mails(by.organizationId))[0]?.emailMessage.text ?? ""))
  if (saysFirst !== undefined) yield* requests.object(token, saysFirst)
  yield* (yield* ProviderScript.ProviderScript).consents(connection.channel, { ...sees(grantor, profile) })
  const authorizationRedirect = yield* links.follow(token, cookie("guest"), as)
  const query = new URLSearchParams({
    code: connection.channel,
    state: authorizationRedirect.url.searchParams.get("state") ?? ""
  })
  yield* (yield* Connecting.Connecting).receive(connection.channel, query, authorizationRedirect.browser)
  yield* settle
  const { authorization } = yield* (yield* PendingAuthorizations.PendingAuthorizations).view(
    by,
    authorizationRedirect.authorizationId
  )
  const grantId =
    "grantId" in authorization ? authorization.grantId : yield* Effect.die("it was expected to come to a consent")
  return { authorization, link, consent: (yield* (yield* Grants.Grants).view(by, grantId)).grant }
})

describe("a request that somebody answers for the owner (P-R11)", () => {
  it.effect(
    "continued with the right that the owner gave: it connects without the client, on record as a delegate",
    () =>
      here(
        Effect.gen(function* () {
          yield* office(by)
          const { ads } = yield* account(by)
          const { consent, link, authorization } = yield* answered(
            ads,
            adsProfile,
            "agency-login",
            "delegate",
            "not-the-owner"
          )
          expect(authorization).toMatchObject({
            _tag: "Finalised",
            origin: { _tag: "ByLink", invitationId: link.id, consenting: "delegate" }
          })
          expect(consent).toMatchObject({ _tag: "Active", grantor: "agency-login", consentedAs: "delegate" })
          expect((yield* (yield* Connections.Connections).view(by, ads.id)).evidence.status).toBe("connected")
          const { items } = yield* (yield* Audit.Audit).list(by, {}, { limit: 100 })
          const recorded = items.find(({ event }) => event._tag === "GrantRecorded")
          expect(recorded).toMatchObject({
            actor: { _tag: "Guest", invitationId: link.id },
            event: { consentedAs: "delegate", grantor: "agency-login" }
          })
        })
      )
  )

  it.effect("a link that nobody was asked at says nothing of the role", () =>
    here(
      Effect.gen(function* () {
        yield* office(by)
        const { ads } = yield* account(by)
        expect((yield* answered(ads, adsProfile, "somebody", undefined)).consent).not.toHaveProperty("consentedAs")
      })
    )
  )
})

describe("the two consents of a seller (P-R10)", () => {
  it.effect("from two people are not bound by themselves: the person who chooses is warned, and may confirm", () =>
    here(
      Effect.gen(function* () {
        const pending = yield* PendingAuthorizations.PendingAuthorizations
        yield* office(by)
        const { ads, sp } = yield* account(by)
        expect((yield* answered(ads, adsProfile, "owner-login", "owner")).authorization._tag).toBe("Finalised")
        const { authorization } = yield* answered(sp, spProfile, merchant, "delegate")
        expect(authorization._tag).toBe("AwaitingSelection")
        const [choice] = (yield* pending.view(by, authorization.id)).choices
        expect(choice?.obstacles).toContainEqual({
          weight: "warns",
          detail: "Another person consented for the account's other channel; Amazon expects the same user for both."
        })
        expect(
          yield* Effect.flip(pending.select(by, authorization.id, { key: spProfile.key, confirmed: false }))
        ).toMatchObject({ _tag: "Refused", reason: "needs-confirmation" })
        yield* pending.select(by, authorization.id, { key: spProfile.key, confirmed: true })
        expect((yield* (yield* Connections.Connections).view(by, sp.id)).evidence.status).toBe("connected")
      })
    )
  )

  it.effect("from one delegate for both channels need nobody's confirmation", () =>
    here(
      Effect.gen(function* () {
        yield* office(by)
        const { ads, sp } = yield* account(by)
        yield* answered(ads, adsProfile, "agency-login", "delegate")
        expect((yield* answered(sp, spProfile, merchant, "delegate")).authorization._tag).toBe("Finalised")
      })
    )
  )
})
