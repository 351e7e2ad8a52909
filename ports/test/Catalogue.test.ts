/**
 * A provider that the packages do not know is added as rows, and its account is connected and loaded like any other.
 */
import { describe, expect, it } from "@effect/vitest"
import type { Id } from "@portolan/domain"
import { Accounts, Companies, Connections, DataSink, Diagnoses, PendingAuthorizations } from "@portolan/ports"
import { Effect } from "effect"
import { catalogue, market, stall } from "./support/bazaar.ts"
import { caller, consent, sees, settle, working, world, worldWith } from "./support/world.ts"

const by = caller()

/** A company, and an account of the new type in it. */
const opened = Effect.gen(function* () {
  const { company } = yield* (yield* Companies.Companies).add(by, { name: "Lindqvist", brand: "Lanterns" })
  const accounts = yield* Accounts.Accounts
  return yield* accounts.create(by, {
    companyId: company.id,
    name: "Lanterns",
    accountType: "bazaar-stall",
    marketplaces: [market]
  })
})

/** Its one connection. */
const connectionOf = Effect.fnUntraced(function* (accountId: Id.AccountId) {
  const { items } = yield* (yield* Connections.Connections).list(by, { accountId }, { limit: 10 })
  expect(items.map(({ connection }) => [connection.channel, connection._tag])).toEqual([["bazaar-trade", "Proposed"]])
  expect(items[0]?.evidence.reason).toContain("Bazaar Trade API")
  return items[0]!.connection
})

describe("a provider from outside", () => {
  it.effect("is connected by consent, chosen by a person, and loaded", () =>
    Effect.gen(function* () {
      const account = yield* opened
      expect(account).toMatchObject({ provider: "bazaar", region: "bazaar-north" })
      const connection = yield* connectionOf(account.id)

      const { authorizationRedirect } = yield* consent(by, connection.id, "one", sees("lindqvist", stall))
      expect(authorizationRedirect.url.pathname).toBe("/consent/bazaar-trade")
      const pending = yield* PendingAuthorizations.PendingAuthorizations
      const { choices } = yield* pending.view(by, authorizationRedirect.authorizationId)
      expect(choices).toEqual([{ candidate: stall, obstacles: [] }])
      yield* pending.select(by, authorizationRedirect.authorizationId, { key: stall.key, confirmed: false })
      yield* working
      yield* settle

      const view = yield* (yield* Connections.Connections).view(by, connection.id)
      expect(view.connection._tag).toBe("Connected")
      expect(view.backfill?.state).toMatchObject({ _tag: "Complete" })
      expect(view.backfill?.tallies).toMatchObject([{ dataClass: "sales", windows: 1, open: 0 }])
      const rows = yield* (yield* DataSink.DataSink).count(by.organizationId, connection.id)
      expect(rows.get("sales")).toBe(3)
      const diagnosis = yield* (yield* Diagnoses.Diagnoses).view(by, connection.id)
      expect(diagnosis.diagnosis).toBeUndefined()
    }).pipe(Effect.scoped, Effect.provide(worldWith(catalogue)))
  )

  it.effect("is refused in words where the installation does not know it", () =>
    Effect.gen(function* () {
      const refused = yield* Effect.flip(opened)
      expect(refused).toMatchObject({ _tag: "Refused", detail: "No marketplace has the id bazaar-se." })
    }).pipe(Effect.provide(world))
  )

  it.effect("limits what a login that may only view can do, in the words of its table", () =>
    Effect.gen(function* () {
      const connection = yield* connectionOf((yield* opened).id)
      const viewed = { ...stall, permission: "view" } as const
      const { authorizationRedirect } = yield* consent(by, connection.id, "one", sees("lindqvist", viewed))
      const pending = yield* PendingAuthorizations.PendingAuthorizations
      yield* pending.select(by, authorizationRedirect.authorizationId, { key: stall.key, confirmed: true })
      const view = yield* (yield* Connections.Connections).view(by, connection.id)
      expect(view.connection).toMatchObject({ _tag: "Limited", missing: "the right to change prices" })
    }).pipe(Effect.scoped, Effect.provide(worldWith(catalogue)))
  )
})
