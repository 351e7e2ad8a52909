import { describe, expect, it } from "@effect/vitest"
import { Failure } from "@portolan/domain"
import { ProviderScript } from "@portolan/memory"
import {
  AuthLinks,
  Companies,
  Connecting,
  Connections,
  Repository,
  DataSink,
  PendingAuthorizations,
  TokenVault
} from "@portolan/ports"
import { Effect, Redacted } from "effect"
import { TestClock } from "effect/testing"
import {
  account,
  adsKey,
  caller,
  connected,
  consent,
  cookie,
  sees,
  settle,
  working,
  world,
  worldOffering
} from "./support/world.ts"

const by = caller()
const key = adsKey("2973802954634317")

describe("Authenticate now (K-R8, K-R12, K-R13)", () => {
  it.effect("a consent waits for a person's choice, and the choice connects the account and loads its history", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const pending = yield* PendingAuthorizations.PendingAuthorizations
        const connections = yield* Connections.Connections
        const { ads } = yield* account(by)
        const { arrival, authorizationRedirect } = yield* consent(
          by,
          ads.id,
          "code",
          sees("ada", ProviderScript.candidate(key))
        )
        expect(arrival._tag === "Handled" && arrival.authorization._tag).toBe("AwaitingSelection")
        expect((yield* connections.view(by, ads.id)).evidence.status).toBe("awaiting-selection")
        expect((yield* pending.list(by, { limit: 10 })).items).toHaveLength(1)

        yield* pending.select(by, authorizationRedirect.authorizationId, { key, confirmed: false })
        expect((yield* connections.view(by, ads.id)).evidence.status).toBe("connected")
        expect((yield* pending.list(by, { limit: 10 })).items).toHaveLength(0)

        yield* working
        const { backfill } = yield* connections.view(by, ads.id)
        expect(backfill?.overall).toBe(1)
        const sink = yield* DataSink.DataSink
        expect((yield* sink.count(by.organizationId, ads.id)).get("advertising")).toBe(95)
      })
    ).pipe(Effect.provide(world))
  )

  it.effect("the same return again is told the outcome and changes nothing (F15, F17)", () =>
    Effect.gen(function* () {
      const connecting = yield* Connecting.Connecting
      const script = yield* ProviderScript.ProviderScript
      const { ads } = yield* account(by)
      const { authorizationRedirect, query } = yield* consent(
        by,
        ads.id,
        "code",
        sees("ada", ProviderScript.candidate(key))
      )
      const again = yield* connecting.receive("amazon-ads", query, authorizationRedirect.browser)
      expect(again._tag === "Repeated" && again.authorization._tag).toBe("AwaitingSelection")
      expect((yield* script.calls).filter((call) => call.operation === "exchange")).toHaveLength(1)
    }).pipe(Effect.provide(world))
  )

  it.live("two returns at the same instant exchange the code once", () =>
    Effect.gen(function* () {
      const connecting = yield* Connecting.Connecting
      const script = yield* ProviderScript.ProviderScript
      const { ads } = yield* account(by)
      yield* script.consents("code", sees("ada", ProviderScript.candidate(key)))
      const authorizationRedirect = yield* connecting.authenticateNow(by, ads.id)
      const query = new URLSearchParams({
        code: "code",
        state: authorizationRedirect.url.searchParams.get("state") ?? ""
      })
      const arrivals = yield* Effect.all(
        [1, 2, 3].map(() => connecting.receive("amazon-ads", query, authorizationRedirect.browser)),
        { concurrency: "unbounded" }
      )
      expect((yield* script.calls).filter((call) => call.operation === "exchange")).toHaveLength(1)
      expect(arrivals.every((arrival) => arrival._tag === "Handled" || arrival._tag === "Repeated")).toBe(true)
      const { state } = yield* (yield* Repository.Repository).find(
        "authorization",
        by.organizationId,
        authorizationRedirect.authorizationId
      )
      expect(state._tag).toBe("AwaitingSelection")
    }).pipe(Effect.provide(world))
  )

  it.effect("an unknown, forged or foreign state never reveals whether an authorization exists", () =>
    Effect.gen(function* () {
      const connecting = yield* Connecting.Connecting
      const { ads, sp } = yield* account(by)
      const authorizationRedirect = yield* connecting.authenticateNow(by, ads.id)
      const state = authorizationRedirect.url.searchParams.get("state") ?? ""
      const ask = (text: string, channel: "amazon-ads" | "amazon-sp" = "amazon-ads") =>
        connecting.receive(channel, new URLSearchParams({ code: "c", state: text }), authorizationRedirect.browser)
      expect(yield* ask(`${state}x`)).toEqual({ _tag: "Unknown" })
      expect(yield* ask("")).toEqual({ _tag: "Unknown" })
      expect(yield* ask(state, "amazon-sp")).toEqual({ _tag: "Unknown" })
      expect(yield* connecting.receive("amazon-ads", new URLSearchParams(), authorizationRedirect.browser)).toEqual({
        _tag: "Unknown"
      })
      expect(sp.channel).toBe("amazon-sp")
    }).pipe(Effect.provide(world))
  )

  it.effect("a return in another browser changes nothing, and the right browser can still come back", () =>
    Effect.gen(function* () {
      const connecting = yield* Connecting.Connecting
      const script = yield* ProviderScript.ProviderScript
      const { ads } = yield* account(by)
      yield* script.consents("code", sees("ada", ProviderScript.candidate(key)))
      const authorizationRedirect = yield* connecting.authenticateNow(by, ads.id)
      const query = new URLSearchParams({
        code: "code",
        state: authorizationRedirect.url.searchParams.get("state") ?? ""
      })
      expect(yield* connecting.receive("amazon-ads", query, cookie("another"))).toEqual({ _tag: "BrowserMismatch" })
      const home = yield* connecting.receive("amazon-ads", query, authorizationRedirect.browser)
      expect(home._tag === "Handled" && home.authorization._tag).toBe("AwaitingSelection")
    }).pipe(Effect.provide(world))
  )

  it.effect("a declined consent is on record with its next step, and the account can be tried again", () =>
    Effect.gen(function* () {
      const connecting = yield* Connecting.Connecting
      const { ads } = yield* account(by)
      const authorizationRedirect = yield* connecting.authenticateNow(by, ads.id)
      const query = new URLSearchParams({
        error: "access_denied",
        state: authorizationRedirect.url.searchParams.get("state") ?? ""
      })
      const arrival = yield* connecting.receive("amazon-ads", query, authorizationRedirect.browser)
      expect(arrival._tag === "Handled" && arrival.authorization._tag).toBe("Declined")
      const again = yield* consent(by, ads.id, "code", sees("ada", ProviderScript.candidate(key)))
      expect(again.arrival._tag === "Handled" && again.arrival.authorization._tag).toBe("AwaitingSelection")
    }).pipe(Effect.provide(world))
  )

  it.effect("a closed tab times out by itself, and a late return is told so (Codisto's fifteen minutes, F16)", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const connecting = yield* Connecting.Connecting
        const pending = yield* PendingAuthorizations.PendingAuthorizations
        const { ads } = yield* account(by)
        const authorizationRedirect = yield* connecting.authenticateNow(by, ads.id)
        yield* working
        yield* TestClock.adjust("16 minutes")
        yield* settle
        const { items } = yield* pending.ofConnection(by, ads.id, { limit: 10 })
        expect(items[0]?._tag).toBe("Expired")
        const query = new URLSearchParams({
          code: "late",
          state: authorizationRedirect.url.searchParams.get("state") ?? ""
        })
        const late = yield* connecting.receive("amazon-ads", query, authorizationRedirect.browser)
        expect(late._tag === "Repeated" && late.authorization._tag).toBe("Expired")
      })
    ).pipe(Effect.provide(world))
  )

  it.effect("a code that the provider refuses ends the attempt only", () =>
    Effect.gen(function* () {
      const connecting = yield* Connecting.Connecting
      const connections = yield* Connections.Connections
      const { ads } = yield* account(by)
      const authorizationRedirect = yield* connecting.authenticateNow(by, ads.id)
      const query = new URLSearchParams({
        code: "unknown",
        state: authorizationRedirect.url.searchParams.get("state") ?? ""
      })
      const arrival = yield* connecting.receive("amazon-ads", query, authorizationRedirect.browser)
      expect(
        arrival._tag === "Handled" && arrival.authorization._tag === "Failed" && arrival.authorization.reason
      ).toBe("code-refused")
      expect((yield* connections.view(by, ads.id)).evidence.status).toBe("not-connected")
    }).pipe(Effect.provide(world))
  )

  it.effect("a viewer may not connect, and is told who may", () =>
    Effect.gen(function* () {
      const connecting = yield* Connecting.Connecting
      const { ads } = yield* account(by)
      const refused = yield* Effect.flip(connecting.authenticateNow(caller("viewer"), ads.id))
      expect(refused._tag).toBe("Refused")
      expect(refused.message).toContain("owner or admin or member")
    }).pipe(Effect.provide(world))
  )
})

describe("Auth links (K-R9)", () => {
  const link = Effect.fnUntraced(function* () {
    const links = yield* AuthLinks.AuthLinks
    const { ads } = yield* account(by)
    const made = yield* links.create(by, ads.id, {})
    const url = made.url === undefined ? "" : Redacted.value(made.url)
    return { ads, links, made, token: Redacted.make(url.slice(url.lastIndexOf("/") + 1)) }
  })

  it.effect(
    "looking consumes nothing; following leads to the provider without an account of ours; one consent uses it up",
    () =>
      Effect.gen(function* () {
        const connecting = yield* Connecting.Connecting
        const script = yield* ProviderScript.ProviderScript
        const { links, made, token } = yield* link()
        for (let visit = 0; visit < 3; visit++) expect((yield* links.look(token)).outcome.label).toBe("Open")
        expect((yield* links.look(token)).accountName).toBe("Harbour US")

        yield* script.consents("code", sees("ada", ProviderScript.candidate(key)))
        const authorizationRedirect = yield* links.follow(token, undefined)
        const query = new URLSearchParams({
          code: "code",
          state: authorizationRedirect.url.searchParams.get("state") ?? ""
        })
        const arrival = yield* connecting.receive("amazon-ads", query, authorizationRedirect.browser)
        expect(arrival._tag === "Handled" && arrival.authorization._tag).toBe("AwaitingSelection")
        expect((yield* links.look(token)).link._tag).toBe("Used")
        expect((yield* Effect.flip(links.follow(token, undefined))).message).toContain("has been used")
        expect((yield* links.view(by, made.link.id)).url).toBeUndefined()
      }).pipe(Effect.provide(world))
  )

  it.live("used twice at once, one consent wins and the other is told (F14)", () =>
    Effect.gen(function* () {
      const connecting = yield* Connecting.Connecting
      const script = yield* ProviderScript.ProviderScript
      const { links, token } = yield* link()
      const authorizations = yield* Effect.forEach(["one", "two"], (code) =>
        Effect.gen(function* () {
          yield* script.consents(code, sees(code, ProviderScript.candidate(key)))
          const authorizationRedirect = yield* links.follow(token, undefined)
          return {
            authorizationRedirect,
            query: new URLSearchParams({ code, state: authorizationRedirect.url.searchParams.get("state") ?? "" })
          }
        })
      )
      const arrivals = yield* Effect.all(
        authorizations.map(({ authorizationRedirect, query }) =>
          connecting.receive("amazon-ads", query, authorizationRedirect.browser)
        ),
        { concurrency: "unbounded" }
      )
      const states = arrivals
        .map((arrival) => (arrival._tag === "Handled" ? arrival.authorization._tag : arrival._tag))
        .toSorted()
      expect(states).toEqual(["AwaitingSelection", "Failed"])
      const lost = arrivals.find((arrival) => arrival._tag === "Handled" && arrival.authorization._tag === "Failed")
      expect(lost?._tag === "Handled" && lost.authorization._tag === "Failed" && lost.authorization.reason).toBe(
        "link-closed"
      )
    }).pipe(Effect.provide(world))
  )

  it.effect("withdrawn while the person is at the provider, the consent is not exchanged", () =>
    Effect.gen(function* () {
      const connecting = yield* Connecting.Connecting
      const script = yield* ProviderScript.ProviderScript
      const { links, made, token } = yield* link()
      yield* script.consents("code", sees("ada", ProviderScript.candidate(key)))
      const authorizationRedirect = yield* links.follow(token, undefined)
      yield* links.revoke(by, made.link.id)
      const query = new URLSearchParams({
        code: "code",
        state: authorizationRedirect.url.searchParams.get("state") ?? ""
      })
      const arrival = yield* connecting.receive("amazon-ads", query, authorizationRedirect.browser)
      expect(
        arrival._tag === "Handled" && arrival.authorization._tag === "Failed" && arrival.authorization.reason
      ).toBe("link-closed")
      expect((yield* script.calls).some((call) => call.operation === "exchange")).toBe(false)
      expect((yield* Effect.flip(links.follow(token, undefined))).message).toContain("withdrawn")
    }).pipe(Effect.provide(world))
  )

  it.effect("none is made for a channel that this installation has no credentials for", () =>
    Effect.gen(function* () {
      const links = yield* AuthLinks.AuthLinks
      const { ads, sp } = yield* account(by)
      const refused = yield* Effect.flip(links.create(by, sp.id, {}))
      expect(refused._tag === "Refused" && refused.reason).toBe("contradiction")
      expect(refused.message).toContain(
        "This installation is not set up for the Amazon Selling Partner API. Ask your operator"
      )
      expect((yield* links.list(by, sp.id, { limit: 10 })).items).toHaveLength(0)
      expect((yield* links.create(by, ads.id, {})).url).toBeDefined()
    }).pipe(Effect.provide(worldOffering("amazon-ads")))
  )

  it.effect("an expired link says so", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const { links, token } = yield* link()
        yield* working
        yield* TestClock.adjust("7 days")
        yield* settle
        expect((yield* links.look(token)).link._tag).toBe("Expired")
        expect((yield* Effect.flip(links.follow(token, undefined))).message).toContain("expired")
      })
    ).pipe(Effect.provide(world))
  )

  it.effect("a declined attempt leaves the link usable", () =>
    Effect.gen(function* () {
      const connecting = yield* Connecting.Connecting
      const { links, token } = yield* link()
      const authorizationRedirect = yield* links.follow(token, undefined)
      const query = new URLSearchParams({
        error: "access_denied",
        state: authorizationRedirect.url.searchParams.get("state") ?? ""
      })
      yield* connecting.receive("amazon-ads", query, authorizationRedirect.browser)
      const view = yield* links.look(token)
      expect(view.link._tag).toBe("Open")
      expect(view.outcome.reason).toContain("declined")
    }).pipe(Effect.provide(world))
  )
})

describe("Choosing a profile (K-R13, C4)", () => {
  it.effect("two consents choosing one profile at once: one wins, the other is told by whom it is held", () =>
    Effect.gen(function* () {
      const pending = yield* PendingAuthorizations.PendingAuthorizations
      const first = yield* account(by, "First")
      const second = yield* account(by, "Second")
      const authorizations = yield* Effect.forEach([first.ads.id, second.ads.id], (id, index) =>
        consent(by, id, `code-${index}`, sees(`p${index}`, ProviderScript.candidate(key)))
      )
      const results = yield* Effect.all(
        authorizations.map(({ authorizationRedirect }) =>
          Effect.result(pending.select(by, authorizationRedirect.authorizationId, { key, confirmed: false }))
        ),
        { concurrency: "unbounded" }
      )
      const failures = results.flatMap((result) => (result._tag === "Failure" ? [result.failure] : []))
      expect(failures).toHaveLength(1)
      expect(failures[0]?._tag).toBe("ProfileHeld")
      expect(failures[0]?.message).toMatch(/already connected to the account “(First|Second)”/)
    }).pipe(Effect.provide(world))
  )

  it.effect("another organization is not told who holds it (REPO-07)", () =>
    Effect.gen(function* () {
      const pending = yield* PendingAuthorizations.PendingAuthorizations
      const stranger = caller("admin", 2)
      const mine = yield* account(by)
      yield* connected(by, mine.ads.id, "code", key)
      const theirs = yield* account(stranger)
      const { authorizationRedirect } = yield* consent(
        stranger,
        theirs.ads.id,
        "other",
        sees("bob", ProviderScript.candidate(key))
      )
      const held = yield* Effect.flip(
        pending.select(stranger, authorizationRedirect.authorizationId, { key, confirmed: false })
      )
      expect(held._tag === "ProfileHeld" && held.holder).toBe(undefined)
      expect((yield* pending.view(stranger, authorizationRedirect.authorizationId)).choices[0]?.heldBy).toBeUndefined()
    }).pipe(Effect.provide(world))
  )

  it.effect(
    "an empty list keeps the consent, says why, and is filled by itself when a profile appears (P-R2, F10)",
    () =>
      Effect.scoped(
        Effect.gen(function* () {
          const connections = yield* Connections.Connections
          const pending = yield* PendingAuthorizations.PendingAuthorizations
          const script = yield* ProviderScript.ProviderScript
          const { ads } = yield* account(by)
          const { authorizationRedirect } = yield* consent(by, ads.id, "code", sees("ada"))
          yield* working
          expect((yield* pending.view(by, authorizationRedirect.authorizationId)).choices).toHaveLength(0)
          const { evidence } = yield* connections.view(by, ads.id)
          expect(evidence).toMatchObject({
            status: "awaiting-selection",
            label: "No profile visible yet",
            mustAct: "account-owner"
          })
          const listed = (yield* connections.list(by, { accountId: ads.accountId }, { limit: 10 })).items
          expect(listed.find(({ connection }) => connection.id === ads.id)?.evidence).toEqual(evidence)
          yield* script.shows("ada", [ProviderScript.candidate(key)])
          yield* TestClock.adjust("61 minutes")
          yield* settle
          expect((yield* pending.view(by, authorizationRedirect.authorizationId)).choices).toHaveLength(1)
          expect((yield* connections.view(by, ads.id)).evidence).toMatchObject({
            label: "Waiting for your choice",
            mustAct: "member"
          })
          yield* pending.select(by, authorizationRedirect.authorizationId, { key, confirmed: false })
        })
      ).pipe(Effect.provide(world))
  )

  it.effect("a profile of another country is refused, with the reason, once something is connected here", () =>
    Effect.gen(function* () {
      const pending = yield* PendingAuthorizations.PendingAuthorizations
      const { ads, sp } = yield* account(by)
      yield* connected(by, sp.id, "sp", { ...adsKey("A1SELLER"), channel: "amazon-sp" })
      const canadian = adsKey("1350266456614264", "CA")
      const { authorizationRedirect } = yield* consent(
        by,
        ads.id,
        "code",
        sees("ada", ProviderScript.candidate(canadian))
      )
      const refused = yield* Effect.flip(
        pending.select(by, authorizationRedirect.authorizationId, { key: canadian, confirmed: true })
      )
      expect(refused._tag === "Refused" && refused.reason).toBe("unfit-profile")
      expect(refused.message).toContain("Canada")
    }).pipe(Effect.provide(world))
  )

  it.effect("a dismissed consent forgets its tokens", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const pending = yield* PendingAuthorizations.PendingAuthorizations
        const vault = yield* TokenVault.TokenVault
        const { ads } = yield* account(by)
        const { arrival, authorizationRedirect } = yield* consent(
          by,
          ads.id,
          "code",
          sees("ada", ProviderScript.candidate(key))
        )
        const grantId =
          arrival._tag === "Handled" && arrival.authorization._tag === "AwaitingSelection"
            ? arrival.authorization.grantId
            : ""
        expect((yield* vault.get(by.organizationId, grantId)).version).toBe(1)
        yield* pending.dismiss(by, authorizationRedirect.authorizationId, "Wrong person.")
        yield* working
        expect((yield* Effect.flip(vault.get(by.organizationId, grantId)))._tag).toBe("SecretNotFound")
      })
    ).pipe(Effect.provide(world))
  )
})

describe("Reconnecting (C10, K-R16)", () => {
  it.effect("another profile than before is refused and the old consent is kept", () =>
    Effect.gen(function* () {
      const pending = yield* PendingAuthorizations.PendingAuthorizations
      const connections = yield* Connections.Connections
      const { ads } = yield* account(by)
      yield* connected(by, ads.id, "one", key)
      const other = adsKey("999")
      const { authorizationRedirect } = yield* consent(by, ads.id, "two", sees("eve", ProviderScript.candidate(other)))
      const refused = yield* Effect.flip(
        pending.select(by, authorizationRedirect.authorizationId, { key: other, confirmed: true })
      )
      expect(refused._tag === "Refused" && refused.reason).toBe("different-identity")
      const { connection } = yield* connections.view(by, ads.id)
      expect(connection._tag === "Connected" && connection.link.profile.key.externalId).toBe(key.externalId)
    }).pipe(Effect.provide(world))
  )

  it.effect("a withdrawn consent is proven before anybody is bothered, and renewing keeps binding and history", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const script = yield* ProviderScript.ProviderScript
        const connections = yield* Connections.Connections
        const sink = yield* DataSink.DataSink
        const { ads } = yield* account(by)
        yield* connected(by, ads.id, "one", key, "ada")
        yield* working
        yield* script.withdraw("ada")
        yield* TestClock.adjust("25 hours")
        yield* settle
        const lost = yield* connections.view(by, ads.id)
        expect(lost.evidence.status).toBe("reauthorization-needed")
        expect(lost.evidence.mustAct).toBe("account-owner")
        yield* connected(by, ads.id, "two", key, "ada-again")
        yield* settle
        const back = yield* connections.view(by, ads.id)
        expect(back.evidence.status).toBe("connected")
        expect((yield* sink.count(by.organizationId, ads.id)).get("advertising")).toBeGreaterThanOrEqual(95)
      })
    ).pipe(Effect.provide(world))
  )

  it.effect("temporary trouble never ends a connection (F5), nor does a rejected application (F8)", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const script = yield* ProviderScript.ProviderScript
        const connections = yield* Connections.Connections
        const { ads } = yield* account(by)
        yield* connected(by, ads.id, "one", key, "ada")
        yield* script.fail("load", new Failure.Temporary({ detail: "503", throttled: false }), 3)
        yield* script.fail("refresh", new Failure.ApplicationRejected({ detail: "invalid_client" }), 2)
        yield* working
        expect((yield* connections.view(by, ads.id)).evidence.status).toBe("connected")
        yield* TestClock.adjust("1 days")
        yield* settle
        const view = yield* connections.view(by, ads.id)
        expect(view.evidence.status).toBe("connected")
        expect(view.backfill?.overall).toBe(1)
      })
    ).pipe(Effect.provide(world))
  )
})

describe("Creations under a key", () => {
  it.effect("two requests at once with one key create one company (REPO-23)", () =>
    Effect.gen(function* () {
      const companies = yield* Companies.Companies
      const idempotencyKey = { key: "k", fingerprint: "f" }
      const made = yield* Effect.all(
        [1, 2, 3].map(() => companies.add(by, { name: "Twice", brand: "B" }, idempotencyKey)),
        { concurrency: "unbounded" }
      )
      expect(new Set(made.map(({ company }) => company.id)).size).toBe(1)
      expect((yield* companies.list(by, { search: "twice" }, { limit: 10 })).items).toHaveLength(1)
      const reused = yield* Effect.flip(companies.add(by, { name: "Else", brand: "B" }, { key: "k", fingerprint: "g" }))
      expect(reused._tag).toBe("KeyReused")
    }).pipe(Effect.provide(world))
  )
})
