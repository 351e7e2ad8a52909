/** Closing an organization, taking that back, and what ends when nobody does (rule C14). */
import { describe, expect, it } from "@effect/vitest"
import { Organization } from "@portolan/domain"
import {
  Accounts,
  AccessTokens,
  ApiKeys,
  AuthLinks,
  Callers,
  Connecting,
  Connections,
  DataSink,
  Organizations,
  Repository,
  TokenVault
} from "@portolan/ports"
import { Effect, Redacted } from "effect"
import { TestClock } from "effect/testing"
import { founder, joined, mails, signedUp } from "../support/people.ts"
import { account, adsKey, connected, settle, working, world } from "../support/world.ts"

const failure = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.map(Effect.flip(effect), (error) => {
    const { _tag, reason } = error as { readonly _tag: string; readonly reason?: string }
    return reason ?? _tag
  })

/** An organization with a connected account that is loaded, a key, a link, and a member who owns another one. */
const harbor = Effect.gen(function* () {
  const callers = yield* Callers.Callers
  yield* working
  const ada = yield* founder("Ada", "Blue Harbor")
  const { account: opened, ads, sp } = yield* account(ada.caller)
  yield* connected(ada.caller, ads.id, "code", adsKey("2973802954634317"))
  yield* settle
  const bob = yield* joined(ada.caller, "Bob", "admin")
  const { id: own } = yield* (yield* Organizations.Organizations).create(bob.person, { name: "Bob Traders" })
  const { secret } = yield* (yield* ApiKeys.ApiKeys).create(ada.caller, { name: "Import", scopes: ["read", "connect"] })
  const keyHeaders = new Headers({ authorization: `Bearer ${secret === undefined ? "" : Redacted.value(secret)}` })
  expect((yield* callers.whoIs(keyHeaders)).organizationId).toBe(ada.organization.id)
  const { link } = yield* (yield* AuthLinks.AuthLinks).create(ada.caller, sp.id)
  return { ada, bob, own, opened, connection: ads, sp, keyHeaders, link, id: ada.organization.id }
})

describe("an organization that its owner closes", () => {
  it.effect("is told about before, refuses everybody, fetches nothing, and is as it was when it is reopened", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const callers = yield* Callers.Callers
        const organizations = yield* Organizations.Organizations
        const { ada, bob, connection, id, keyHeaders, own, sp } = yield* harbor
        expect(yield* failure(organizations.close(bob.caller))).toBe("not-permitted")
        expect(yield* failure(organizations.closingEffects(bob.caller))).toBe("not-permitted")
        const effects = yield* organizations.closingEffects(ada.caller)
        expect(effects.map(({ kind, text }) => `${kind}: ${text}`)).toMatchInlineSnapshot(`
          [
            "ends: Nobody can work in the organization any more, and nothing is fetched. You can reopen it until 31 January 1970, 00:00 UTC.",
            "ends: Its 2 members get a mail and are told so on every page; what they do elsewhere is untouched.",
            "ends: Its API key is refused.",
            "ends: Auth links, requests and shared plans lead nowhere until you reopen it.",
            "ends: On 31 January 1970, 00:00 UTC its live connection is disconnected, and the consent is ended, at the provider too where it offers that.",
            "ends: On 31 January 1970, 00:00 UTC everything loaded is erased, and the keys are revoked. That cannot be taken back.",
            "stays: Until then all stays as it is: members, keys, companies, accounts, consents and data come back when you reopen it.",
            "stays: The history of events stays on record: who did what and when.",
          ]
        `)

        const { organization } = yield* organizations.close(ada.caller)
        expect(organization._tag).toBe("Closing")
        // Twice is once: whoever was admitted before finds it closed already.
        expect((yield* organizations.close(ada.caller)).organization).toEqual(organization)
        yield* settle
        const told = (yield* mails(id)).filter(({ emailMessage }) => emailMessage.subject === "Blue Harbor is closed")
        expect(told.map(({ to }) => to.email).toSorted()).toEqual(["ada@example.com", "bob@example.com"])
        expect(yield* failure(callers.whoIs(ada.headers))).toBe("OrganizationClosing")
        expect(yield* failure(callers.whoIs(keyHeaders))).toBe("OrganizationClosing")
        // Somebody who belongs to another organization goes on there.
        expect((yield* callers.whoIs(bob.headers)).organizationId).toBe(own)
        yield* organizations.choose(bob.headers, id)
        expect(yield* failure(callers.whoIs(bob.headers))).toBe("OrganizationClosing")
        // A host of its own that lets somebody in all the same gives them nothing.
        const tokens = yield* AccessTokens.AccessTokens
        expect(yield* failure(tokens.ofConnection(ada.caller, connection.id))).toBe("not-possible-now")
        const connecting = yield* Connecting.Connecting
        expect(yield* failure(connecting.authenticateNow(ada.caller, sp.id))).toBe("not-possible-now")

        expect(yield* failure(organizations.reopen(bob.person, id))).toBe("not-permitted")
        const stranger = yield* signedUp("Eve")
        expect(yield* failure(organizations.reopen(stranger.person, id))).toBe("NotFound")
        yield* TestClock.adjust("20 days")
        const reopened = yield* organizations.reopen(ada.person, id)
        expect(reopened.organization).toEqual(ada.organization)
        expect((yield* callers.whoIs(ada.headers)).organizationId).toBe(id)
        expect((yield* callers.whoIs(keyHeaders)).organizationId).toBe(id)
        yield* settle
        expect(Object.keys(yield* tokens.ofConnection(ada.caller, connection.id))).not.toEqual([])
        yield* TestClock.adjust("20 days")
        yield* settle
        const { state } = yield* (yield* Repository.Repository).find("organization", id, id)
        expect(state._tag).toBe("Open")
      })
    ).pipe(Effect.provide(world))
  )

  it.effect("ends after thirty days: consents, tokens, keys and data are gone, and its owner can found another", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const callers = yield* Callers.Callers
        const organizations = yield* Organizations.Organizations
        const repository = yield* Repository.Repository
        const sink = yield* DataSink.DataSink
        const vault = yield* TokenVault.TokenVault
        const { ada, bob, connection, id, keyHeaders, own } = yield* harbor
        const before = yield* (yield* Connections.Connections).view(ada.caller, connection.id)
        const grantId = "link" in before.connection ? before.connection.link.grantId : ""
        expect((yield* sink.count(id, connection.id)).size).toBeGreaterThan(0)
        yield* vault.put(id, "left by an unfinished step", Redacted.make("a token"))
        expect(yield* failure(organizations.closeOne(bob.person, id))).toBe("not-permitted")
        expect(yield* failure(organizations.closingEffectsOf(ada.person, own))).toBe("NotFound")
        expect(yield* organizations.closingEffectsOf(ada.person, id)).not.toEqual([])
        yield* organizations.closeOne(ada.person, id)
        yield* TestClock.adjust({ days: Organization.closingDays })
        yield* settle
        yield* settle
        const { state } = yield* repository.find("organization", id, id)
        expect(state._tag).toBe("Closed")
        expect((yield* repository.find("connection", id, connection.id)).state._tag).toBe("Disconnected")
        expect((yield* sink.count(id, connection.id)).size).toBe(0)
        expect((yield* Effect.flip(vault.get(id, grantId)))._tag).toBe("SecretNotFound")
        expect((yield* Effect.flip(vault.get(id, "left by an unfinished step")))._tag).toBe("SecretNotFound")
        expect(yield* failure(callers.whoIs(keyHeaders))).toBe("NotSignedIn")
        expect(yield* failure(callers.whoIs(ada.headers))).toBe("NoOrganization")
        expect((yield* callers.whoIs(bob.headers)).organizationId).toBe(own)
        expect(yield* organizations.mine(ada.person)).toEqual([])
        expect(yield* failure(organizations.reopen(ada.person, id))).toBe("expired")
        expect(yield* failure(organizations.choose(ada.headers, id))).toBe("NotFound")
        const next = yield* organizations.create(ada.person, { name: "Red Harbor" })
        expect((yield* callers.whoIs(ada.headers)).organizationId).toBe(next.id)
        expect(
          (yield* (yield* Accounts.Accounts).list(yield* callers.whoIs(ada.headers), {}, { limit: 10 })).items
        ).toEqual([])
      })
    ).pipe(Effect.provide(world))
  )
})
