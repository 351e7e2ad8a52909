/**
 * How often the main path reads the repository. A verb reads an aggregate once; it reads again only when its change
 * conflicts.
 */
import { expect, it } from "@effect/vitest"
import { Access, type Id } from "@portolan/domain"
import { ProviderScript } from "@portolan/memory"
import {
  AccessTokens,
  ApiKeys,
  AuthLinks,
  Callers,
  Connecting,
  Connections,
  Grants,
  PendingAuthorizations,
  Requests
} from "@portolan/ports"
import { Effect, Redacted } from "effect"
import { mails, office, tokenIn } from "./support/office.ts"
import { reading, worldWithReads } from "./support/reads.ts"
import { account, adsKey, caller, connected, marketplaces, sees, working } from "./support/world.ts"

const by = caller()
const key = adsKey("2973802954634317")

/** The browser comes back with the consent of one login. */
const comesBack = Effect.fnUntraced(function* ({ browser, url }: Connecting.AuthorizationRedirect, code: string) {
  const { receive } = yield* Connecting.Connecting
  const script = yield* ProviderScript.ProviderScript
  yield* script.consents(code, sees("ada", ProviderScript.candidate(key)))
  const query = new URLSearchParams({ code, state: url.searchParams.get("state") ?? "" })
  return yield* reading(receive("amazon-ads", query, browser))
})

const linkToken = Effect.fnUntraced(function* (connectionId: Id.ConnectionId) {
  const { create } = yield* AuthLinks.AuthLinks
  const { reads, result } = yield* reading(create(by, connectionId))
  const token = Redacted.value(result.url ?? (yield* Effect.die("an open link has an address"))).split("/")
  return { reads, token: Redacted.make(token.at(-1) ?? "") }
})

it.effect("a member's own consent: one read of the connection, of the authorization and of the grant a verb", () =>
  Effect.gen(function* () {
    const connecting = yield* Connecting.Connecting
    const pending = yield* PendingAuthorizations.PendingAuthorizations
    const connections = yield* Connections.Connections
    const { ofConnection } = yield* AccessTokens.AccessTokens
    const { ads } = yield* account(by)

    const started = yield* reading(connecting.authenticateNow(by, ads.id))
    expect(started.reads).toEqual({ "find connection": 1, "find account": 1, "find organization": 1 })

    const received = yield* comesBack(started.result, "one")
    expect(received.reads).toEqual({
      authorizationByState: 1,
      "find connection": 1,
      memberships: 1,
      "find organization": 1
    })

    const listed = yield* reading(pending.list(by, { limit: 10 }))
    expect(listed.reads).toEqual({ authorizations: 1, "find company": 1, "find account": 1 })

    const { authorizationId } = started.result
    const selected = yield* reading(pending.select(by, authorizationId, { key, confirmed: false }))
    expect(selected.reads).toEqual({
      "find authorization": 1,
      "find account": 1,
      connections: 1,
      "find connection": 1,
      "find grant": 1
    })

    const around = { "find connection": 1, "find account": 1, "find company": 1, backfillOf: 1, incidents: 1 }
    const detail = { ...around, tallies: 1 }
    // A page reads the connection and what is around it side by side; an adapter may answer both at once.
    expect((yield* reading(connections.view(by, ads.id))).reads).toEqual({ ...around, "find connection": 2 })
    expect((yield* reading(connections.pause(by, ads.id))).reads).toEqual(detail)
    yield* connections.resume(by, ads.id)
    expect((yield* reading(ofConnection(by, ads.id))).reads).toEqual({ "find connection": 1, "find organization": 1 })
  }).pipe(Effect.provide(worldWithReads))
)

it.effect("a guest's consent: the link is read once a verb, and so is the authorization", () =>
  Effect.gen(function* () {
    const links = yield* AuthLinks.AuthLinks
    const pending = yield* PendingAuthorizations.PendingAuthorizations
    const { ads } = yield* account(by)

    const { reads, token } = yield* linkToken(ads.id)
    expect(reads).toEqual({ "find connection": 1, "find account": 1 })

    const followed = yield* reading(links.follow(token, undefined))
    expect(followed.reads).toEqual({
      invitationByToken: 1,
      "find connection": 1,
      "find account": 1,
      "find organization": 1
    })

    const received = yield* comesBack(followed.result, "one")
    expect(received.reads).toEqual({
      authorizationByState: 1,
      "find invitation": 1,
      "find connection": 1,
      "find organization": 1
    })

    const { authorizationId } = followed.result
    const lookedAgain = yield* reading(pending.lookAgain(by, authorizationId))
    expect(lookedAgain.reads).toEqual({
      "find authorization": 1,
      "find grant": 2,
      "find company": 1,
      "find account": 1,
      connections: 1,
      holders: 1
    })
    const dismissed = yield* reading(pending.dismiss(by, authorizationId, "The wrong login."))
    expect(dismissed.reads).toEqual({ "find authorization": 1, "find connection": 1 })
  }).pipe(Effect.provide(worldWithReads))
)

it.effect("a request that finishes by itself reads nothing twice", () =>
  Effect.gen(function* () {
    yield* office(by)
    const requests = yield* Requests.Requests
    const links = yield* AuthLinks.AuthLinks
    const { ads } = yield* account(by)
    const owner = { name: "Olive Owner", email: "olive@harbour.example" }
    yield* requests.send(by, { connectionId: ads.id, owner, marketplaceId: marketplaces.US })
    // The worker mails the request, and stops before reads are counted.
    yield* Effect.scoped(working)
    const token = Redacted.make(tokenIn((yield* mails(by.organizationId))[0]?.emailMessage.text ?? ""))
    const received = yield* comesBack(yield* links.follow(token, undefined), "one")
    expect(received.result).toMatchObject({ _tag: "Handled", authorization: { _tag: "Finalised" } })
    expect(received.reads).toEqual({
      authorizationByState: 1,
      "find invitation": 1,
      "find connection": 1,
      "find account": 1,
      "find organization": 1,
      connections: 1,
      holders: 1
    })
  }).pipe(Effect.provide(worldWithReads))
)

it.effect("a further account under a consent: consent, connection and surroundings are read once", () =>
  Effect.gen(function* () {
    const grants = yield* Grants.Grants
    const first = yield* account(by)
    const second = yield* account(by, "Harbour CA", "CA")
    const script = yield* ProviderScript.ProviderScript
    const ca = adsKey("1350266456614264", "CA")
    const authorization = yield* connected(by, first.ads.id, "one", key)
    const grantId =
      authorization._tag === "Finalised" ? authorization.grantId : yield* Effect.die("it was expected to be finalised")
    yield* script.shows("person-1", [ProviderScript.candidate(key), ProviderScript.candidate(ca)])
    const profile = { connectionId: second.ads.id, key: ca, confirmed: false }
    const { reads } = yield* reading(grants.link(by, grantId, profile))
    expect(reads).toEqual({ "find connection": 1, "find grant": 1, "find account": 1, connections: 1 })
  }).pipe(Effect.provide(worldWithReads))
)

it.effect("a key's request for a token reads the key and the connection once; its organization at both doors", () =>
  Effect.gen(function* () {
    const callers = yield* Callers.Callers
    const { create } = yield* ApiKeys.ApiKeys
    const { ofConnection } = yield* AccessTokens.AccessTokens
    yield* office(by)
    const { ads } = yield* account(by)
    yield* connected(by, ads.id, "one", key)
    const { secret } = yield* create(by, { name: "Sync", scopes: ["connect"], accessScope: Access.everything })
    const headers = new Headers({ authorization: `Bearer ${secret === undefined ? "" : Redacted.value(secret)}` })

    const { reads, result } = yield* reading(
      Effect.gen(function* () {
        const caller = yield* callers.whoIs(headers)
        return { caller, token: yield* ofConnection(caller, ads.id) }
      })
    )
    expect(reads).toEqual({ apiKeyByDigest: 1, "find organization": 2, "find connection": 1 })

    const named = yield* reading(callers.withOrganizationName(result.caller))
    expect(named.result.organizationName).toBe("Sharp Books")
    expect(named.reads).toEqual({ "find organization": 1 })
    expect((yield* reading(callers.withOrganizationName(named.result))).reads).toEqual({})
  }).pipe(Effect.provide(worldWithReads))
)
