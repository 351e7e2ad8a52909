/** A company that is there twice: off the lists, back, or merged into the other one (rules K-R2, C14). */
import { describe, expect, it } from "@effect/vitest"
import type { Access, Id } from "@portolan/domain"
import { Accounts, Companies, Consolidations } from "@portolan/ports"
import { Effect } from "effect"
import { callerOf, founder, joined } from "../support/people.ts"
import { account, adsKey, caller, connected, working, world } from "../support/world.ts"

const by = caller()
const page = { limit: 20 }
const reason = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.map(Effect.flip(effect), (error) =>
    typeof error === "object" && error !== null && "reason" in error ? error.reason : error
  )

describe("a company that is there twice", () => {
  it.effect("stays while it has an account in use; else it leaves lists and choices, and comes back as it was", () =>
    Effect.gen(function* () {
      const companies = yield* Companies.Companies
      const accounts = yield* Accounts.Accounts
      const { account: opened, company } = yield* account(by)
      expect(yield* reason(companies.remove(by, company.id))).toBe("not-possible-now")
      yield* accounts.remove(by, opened.id)
      const removed = yield* companies.remove(by, company.id)
      expect(removed._tag).toBe("Removed")
      expect((yield* companies.list(by, {}, page)).items).toEqual([])
      expect((yield* companies.list(by, { search: "harbour" }, page)).items).toEqual([])
      expect((yield* companies.list(by, { states: ["Removed"] }, page)).items.map(({ id }) => id)).toEqual([company.id])
      // Twice is once.
      expect(yield* companies.remove(by, company.id)).toEqual(removed)

      const { accountType, marketplaces } = opened
      const input = { companyId: company.id, name: "Again", accountType, marketplaces }
      expect(yield* reason(accounts.create(by, input))).toBe("not-possible-now")
      expect(yield* reason(accounts.restore(by, opened.id))).toBe("not-possible-now")
      expect(yield* reason(companies.addBrand(by, { companyId: company.id, name: "Late" }))).toBe("not-possible-now")
      expect(yield* reason(companies.rename(by, company.id, "Other"))).toBe("not-possible-now")
      const plan = (yield* Consolidations.Consolidations).addAccount(by, {
        companyId: company.id,
        account: { linkedAccountId: opened.id }
      })
      expect(yield* reason(plan)).toBe("not-possible-now")

      expect(yield* companies.restore(by, company.id)).toEqual(company)
      expect((yield* accounts.restore(by, opened.id))._tag).toBe("Open")
    }).pipe(Effect.provide(world))
  )

  it.effect(
    "is merged: every account goes to the other company with its connections, and asking again is harmless",
    () =>
      Effect.gen(function* () {
        const companies = yield* Companies.Companies
        const accounts = yield* Accounts.Accounts
        const { account: opened, ads, company } = yield* account(by)
        yield* connected(by, ads.id, "code", adsKey("2973802954634317"))
        const { company: other, sameNamed } = yield* companies.add(by, { name: "HARBOUR GOODS", brand: "Harbour" })
        expect(sameNamed.map(({ id }) => id)).toEqual([company.id])
        expect(yield* reason(companies.merge(by, company.id, company.id))).toBe("contradiction")
        const told = yield* companies.effects(by, company.id, { command: "remove", into: other.id })
        expect(told.map(({ kind, text }) => `${kind}: ${text}`)).toMatchInlineSnapshot(`
          [
            "ends: The company is taken off every list and choice; no account can be opened in it.",
            "starts: Its account is taken to HARBOUR GOODS, with its connections, consents, data and history.",
            "starts: Each account has brands of HARBOUR GOODS from then on: those of the same names, else its first one.",
            "stays: Its brands, access rights, main account and history; it can be restored with all.",
          ]
        `)
        for (let turn = 0; turn < 2; turn++) {
          expect((yield* companies.merge(by, company.id, other.id))._tag).toBe("Removed")
          expect((yield* accounts.view(by, opened.id)).companyId).toBe(other.id)
        }
        expect((yield* companies.list(by, {}, page)).items.map(({ id }) => id)).toEqual([other.id])
        expect(yield* reason(companies.merge(by, other.id, company.id))).toBe("not-possible-now")
        const nobody = `com_${"0".repeat(26)}` as Id.CompanyId
        expect((yield* Effect.flip(companies.merge(by, other.id, nobody)))._tag).toBe("NotFound")
        // A company of another organization was never there.
        expect((yield* Effect.flip(companies.remove(caller("admin", 2), other.id)))._tag).toBe("NotFound")
      }).pipe(Effect.provide(world))
  )

  it.effect("tells whose access shows nothing any more, and leaves it as it is", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const companies = yield* Companies.Companies
        yield* working
        const ada = yield* founder("Ada")
        const { company } = yield* companies.add(ada.caller, { name: "Twice", brand: "One" })
        const accessScope: Access.AccessScope = {
          _tag: "Limited",
          companies: [],
          brands: [{ id: company.brands[0].id, right: "write" }],
          accounts: []
        }
        const lim = yield* joined(ada.caller, "Lim", "member", accessScope)
        expect((yield* companies.list(lim.caller, {}, page)).items).toEqual([])
        const effects = yield* companies.effects(ada.caller, company.id, { command: "remove" })
        expect(effects.map(({ text }) => text).join(" ")).toContain("One member or key whose access is limited to it")
        yield* companies.remove(ada.caller, company.id)
        expect((yield* callerOf(lim)).accessScope).toEqual(accessScope)
      })
    ).pipe(Effect.provide(world))
  )

  it.live("never holds an account that was opened at the moment of its removal", () =>
    Effect.gen(function* () {
      const companies = yield* Companies.Companies
      const accounts = yield* Accounts.Accounts
      const { account: first } = yield* account(by)
      for (let turn = 0; turn < 10; turn++) {
        const { company } = yield* companies.add(by, { name: `Twice ${turn}`, brand: "One" })
        const { accountType, marketplaces } = first
        const input = { companyId: company.id, name: "At once", accountType, marketplaces }
        yield* Effect.all(
          [Effect.result(accounts.create(by, input)), Effect.result(companies.remove(by, company.id))],
          { concurrency: "unbounded" }
        )
        const { items } = yield* accounts.list(by, { companyId: company.id }, page)
        expect((yield* companies.view(by, company.id))._tag).toBe(items.length === 0 ? "Removed" : "Open")
      }
    }).pipe(Effect.provide(world))
  )
})
