/** A marketplace that was added by mistake: out of the account, and back with what it had (rules P-R6, C14). */
import { describe, expect, it } from "@effect/vitest"
import type { Marketplace } from "@portolan/domain"
import { ProviderScript } from "@portolan/memory"
import { Accounts, AuthLinks, Connecting, Connections, PendingAuthorizations, TokenVault } from "@portolan/ports"
import { Effect } from "effect"
import {
  account,
  adsKey,
  caller,
  connected,
  consent,
  marketplaces,
  sees,
  settle,
  working,
  world
} from "../support/world.ts"

const by = caller()
const page = { limit: 20 }
const { CA, US } = marketplaces
const reason = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.map(Effect.flip(effect), (error) =>
    typeof error === "object" && error !== null && "reason" in error ? error.reason : error
  )

/** An account in the United States to which Canada was added, and its connection for advertising there. */
const withCanada = Effect.gen(function* () {
  const accounts = yield* Accounts.Accounts
  const connections = yield* Connections.Connections
  const { account: opened, ads } = yield* account(by)
  yield* accounts.addMarketplace(by, opened.id, CA)
  const { items } = yield* connections.list(by, { accountId: opened.id, marketplaceId: CA }, page)
  const there = items.find(({ connection }) => connection.channel === "amazon-ads")
  if (there === undefined) return yield* Effect.die("the tile for Canada was expected")
  return { id: opened.id, home: ads, there: there.connection }
})

describe("a marketplace that was added by mistake", () => {
  it.effect("leaves the account with its connections, and comes back with the same ones", () =>
    Effect.gen(function* () {
      const accounts = yield* Accounts.Accounts
      const connections = yield* Connections.Connections
      const { id, there } = yield* withCanada
      const removed = yield* accounts.removeMarketplace(by, id, CA)
      expect(removed.marketplaces).toEqual([US])
      const listed = yield* connections.list(by, { accountId: id }, page)
      expect(listed.items.map(({ connection }) => connection.marketplaceId)).toEqual([US, US])
      expect((yield* connections.view(by, there.id)).evidence.status).toBe("withdrawn")
      // Twice is once.
      expect((yield* accounts.removeMarketplace(by, id, CA)).marketplaces).toEqual([US])
      const history = (yield* connections.history(by, there.id, page)).items.map(({ event }) => event._tag)
      expect(history).toEqual(["ConnectionWithdrawn", "ConnectionProposed"])

      expect((yield* accounts.addMarketplace(by, id, CA)).marketplaces).toEqual([US, CA])
      const back = yield* connections.list(by, { accountId: id, marketplaceId: CA }, page)
      expect(back.items.map(({ connection }) => connection.id)).toContain(there.id)
      expect(back.items).toHaveLength(2)
      expect((yield* connections.view(by, there.id)).evidence.status).toBe("not-connected")
    }).pipe(Effect.provide(world))
  )

  it.effect("is never the first one, nor one that the account never had", () =>
    Effect.gen(function* () {
      const accounts = yield* Accounts.Accounts
      const { id } = yield* withCanada
      expect(yield* reason(accounts.removeMarketplace(by, id, US))).toBe("contradiction")
      const mexico = "A1AM78C64UM0Y8" as Marketplace.MarketplaceId
      expect(yield* reason(accounts.removeMarketplace(by, id, mexico))).toBe("does-not-exist")
      expect(yield* reason(accounts.removeMarketplace(caller("viewer"), id, CA))).toBe("not-permitted")
      const stranger = accounts.removeMarketplace(caller("admin", 2), id, CA)
      expect((yield* Effect.flip(stranger))._tag).toBe("NotFound")
    }).pipe(Effect.provide(world))
  )

  it.effect("stays while a connection there is live; disconnected, it comes back disconnected", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const accounts = yield* Accounts.Accounts
        const connections = yield* Connections.Connections
        const { id, there } = yield* withCanada
        yield* connected(by, there.id, "code", adsKey("2973802954634317", "CA"))
        expect(yield* reason(accounts.removeMarketplace(by, id, CA))).toBe("not-possible-now")
        yield* connections.disconnect(by, there.id)
        yield* working
        yield* accounts.removeMarketplace(by, id, CA)
        yield* accounts.addMarketplace(by, id, CA)
        expect((yield* connections.view(by, there.id)).evidence.status).toBe("disconnected")
      })
    ).pipe(Effect.provide(world))
  )

  it.effect("tells what ends, and ends it: a waiting consent with its tokens, links, a visit that is under way", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const accounts = yield* Accounts.Accounts
        const connections = yield* Connections.Connections
        const connecting = yield* Connecting.Connecting
        const pending = yield* PendingAuthorizations.PendingAuthorizations
        const links = yield* AuthLinks.AuthLinks
        const script = yield* ProviderScript.ProviderScript
        const { id, there } = yield* withCanada
        const candidate = ProviderScript.candidate(adsKey("2973802954634317", "CA"))
        const { arrival } = yield* consent(by, there.id, "first", sees("ada", candidate))
        if (arrival._tag !== "Handled" || arrival.authorization._tag !== "AwaitingSelection") {
          return yield* Effect.die("a choice was expected")
        }
        const { link } = yield* links.create(by, there.id)
        yield* script.consents("late", sees("ada", candidate))
        const visit = yield* connecting.authenticateNow(by, there.id)

        const effects = yield* accounts.marketplaceEffects(by, id, CA)
        expect(effects.map(({ kind, text }) => `${kind}: ${text}`)).toMatchInlineSnapshot(`
          [
            "ends: Canada is taken off the account; its connections are off every list, and nobody can connect them.",
            "ends: A consent that waits for a choice of profile is dropped, and its tokens are forgotten.",
            "ends: A visit to the provider that is under way for it comes to nothing.",
            "ends: An open auth link or request to connect for it is withdrawn; whoever opens it is told so.",
            "stays: The account, its other marketplaces and their connections, what was loaded, and the history.",
            "stays: It can be added again at any time; its connections come back with their history, not connected.",
          ]
        `)
        yield* accounts.removeMarketplace(by, id, CA)
        yield* working
        yield* settle
        expect((yield* pending.list(by, page)).items).toEqual([])
        const vault = yield* TokenVault.TokenVault
        const { grantId } = arrival.authorization
        expect((yield* Effect.flip(vault.get(by.organizationId, grantId)))._tag).toBe("SecretNotFound")
        expect((yield* links.view(by, link.id)).link._tag).toBe("Revoked")
        const query = new URLSearchParams({ code: "late", state: visit.url.searchParams.get("state") ?? "" })
        const late = yield* connecting.receive("amazon-ads", query, visit.browser)
        expect(late).toMatchObject({ _tag: "Handled", authorization: { _tag: "Failed" } })
        expect((yield* connections.view(by, there.id)).evidence.status).toBe("withdrawn")
        expect(yield* reason(connecting.authenticateNow(by, there.id))).toBe("not-possible-now")
        expect(yield* reason(links.create(by, there.id))).toBe("not-possible-now")
      })
    ).pipe(Effect.provide(world))
  )
})
