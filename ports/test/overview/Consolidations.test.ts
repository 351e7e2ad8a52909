/** Many accounts under one main login (flow F4; rules S-R1 to S-R7). */
import { describe, expect, it } from "@effect/vitest"
import { type Consolidation, type Id, type Profile, type Text } from "@portolan/domain"
import { ProviderScript } from "@portolan/memory"
import {
  Accounts,
  Companies,
  Connections,
  Consolidations,
  Repository,
  Grants,
  Mailer,
  PendingAuthorizations
} from "@portolan/ports"
import { Effect, Redacted } from "effect"
import { TestClock } from "effect/testing"
import { office } from "../support/office.ts"
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
const login = (name: string) => ({ provider: "amazon", name }) as const
const merchant = (id: string) => id as Profile.ExternalId
const idOf = ({ consolidation }: Consolidations.ConsolidationView, name: string): Id.CredentialId => {
  const found = consolidation.credentials.find((one) => one.name === name)
  if (found === undefined) throw new Error(`no login ${name}`)
  return found.id
}
const accountOf = (
  { consolidation }: Consolidations.ConsolidationView,
  name: string
): Consolidation.Open["accounts"][number] => {
  const found = consolidation.accounts.find((one) => one.name === name)
  if (found === undefined) throw new Error(`no account ${name}`)
  return found
}
const seesOf = ({ plan }: Consolidations.ConsolidationView) =>
  plan.visible.map((one) => `${one.account.name}: ${one.role}, ${one.permission}`)

/** Three logins, each the administrator of one account; the third is to see them all (the worked example). */
const threeLogins = Effect.gen(function* () {
  const asked = yield* Consolidations.Consolidations
  const companies = yield* Companies.Companies
  const { company } = yield* companies.add(by, { name: "Harbour Goods", brand: "Harbour" })
  let view = yield* asked.view(by, company.id)
  for (const name of ["A", "B", "M"])
    view = yield* asked.addCredential(by, { companyId: company.id, credential: login(name) })
  const at = [marketplaces.US]
  yield* asked.addAccount(by, {
    companyId: company.id,
    account: {
      id: merchant("VENDOR1"),
      name: "Vendor",
      accountType: "vendor",
      marketplaceIds: at,
      administratorId: idOf(view, "A")
    }
  })
  yield* asked.addAccount(by, {
    companyId: company.id,
    account: {
      id: merchant("SELLER1"),
      name: "Seller",
      accountType: "seller",
      marketplaceIds: at,
      administratorId: idOf(view, "B")
    }
  })
  yield* asked.addAccount(by, {
    companyId: company.id,
    account: {
      id: merchant("SELLER2"),
      name: "Own",
      accountType: "seller",
      marketplaceIds: at,
      administratorId: idOf(view, "M")
    }
  })
  return {
    asked,
    company,
    view: yield* asked.record(by, company.id, { _tag: "ChooseMain", credentialId: idOf(view, "M") })
  }
})

describe("The worked example (S-R1 to S-R4)", () => {
  it.effect("A signs in and grants M, B signs in and grants M; then M sees all three", () =>
    Effect.gen(function* () {
      const { asked, company, view } = yield* threeLogins
      expect(view.plan.steps.map(({ lines }) => lines)).toEqual([
        ["Sign in to Amazon as A.", "Give M access to the account Vendor (Vendor), with permission to edit."],
        ["Sign in to Amazon as B.", "Give M access to the account Seller (Seller), with permission to edit."]
      ])
      expect(seesOf(view)).toEqual(["Own: administrator, edit"])
      for (const [name, performer] of [
        ["Vendor", "A"],
        ["Seller", "B"]
      ] as const) {
        yield* asked.record(by, company.id, {
          _tag: "Grant",
          accountId: accountOf(view, name).id,
          credentialId: idOf(view, "M"),
          permission: "edit",
          performerId: idOf(view, performer)
        })
      }
      const after = yield* asked.view(by, company.id)
      expect(after.plan.steps).toEqual([])
      expect(seesOf(after)).toEqual([
        "Own: administrator, edit",
        "Seller: secondary-user, edit",
        "Vendor: secondary-user, edit"
      ])
    }).pipe(Effect.provide(world))
  )

  it.effect("nobody but the administrator can be the one who grants (S-R2)", () =>
    Effect.gen(function* () {
      const { asked, company, view } = yield* threeLogins
      const refused = yield* Effect.flip(
        asked.record(by, company.id, {
          _tag: "Grant",
          accountId: accountOf(view, "Vendor").id,
          credentialId: idOf(view, "M"),
          permission: "edit",
          performerId: idOf(view, "B")
        })
      )
      expect(refused).toMatchObject({ _tag: "Refused", reason: "not-permitted", nextStep: "Have A sign in and do it." })
    }).pipe(Effect.provide(world))
  )

  it.effect("administration is handed over, and the one who had it stays as a secondary user (C13)", () =>
    Effect.gen(function* () {
      const { asked, company, view } = yield* threeLogins
      const after = yield* asked.record(by, company.id, {
        _tag: "HandOver",
        accountId: accountOf(view, "Vendor").id,
        performerId: idOf(view, "A"),
        toId: idOf(view, "M")
      })
      expect(accountOf(after, "Vendor").administratorId).toBe(idOf(view, "M"))
      expect(
        after.coverage
          .find(({ accountId }) => accountId === merchant("VENDOR1"))
          ?.logins.map(({ credential, role }) => `${credential.name} ${role}`)
      ).toEqual(["M administrator", "A secondary-user"])
    }).pipe(Effect.provide(world))
  )

  it.live("one consolidation a company, begun by whoever tells something first; two at once are one", () =>
    Effect.gen(function* () {
      const asked = yield* Consolidations.Consolidations
      const { company } = yield* (yield* Companies.Companies).add(by, { name: "Harbour Goods", brand: "Harbour" })
      yield* Effect.all(
        [
          asked.addCredential(by, { companyId: company.id, credential: login("A") }),
          asked.addCredential(by, { companyId: company.id, credential: login("B") })
        ],
        { concurrency: 2 }
      )
      const { consolidation } = yield* asked.view(by, company.id)
      expect(consolidation.credentials.map(({ name }) => name).toSorted()).toEqual(["A", "B"])
    }).pipe(Effect.provide(world))
  )

  it.effect("the same creation under one key adds one login (REPO-23)", () =>
    Effect.gen(function* () {
      const asked = yield* Consolidations.Consolidations
      const { company } = yield* (yield* Companies.Companies).add(by, { name: "Harbour Goods", brand: "Harbour" })
      const idempotencyKey = { key: "k", fingerprint: "f" }
      yield* asked.addCredential(by, { companyId: company.id, credential: login("A") }, idempotencyKey)
      expect(
        (yield* asked.addCredential(by, { companyId: company.id, credential: login("A") }, idempotencyKey))
          .consolidation.credentials
      ).toHaveLength(1)
    }).pipe(Effect.provide(world))
  )

  it.effect("a viewer looks and tells nothing; another organization finds nothing", () =>
    Effect.gen(function* () {
      const { asked, company } = yield* threeLogins
      expect((yield* asked.view(caller("viewer"), company.id)).address).toBeUndefined()
      expect(
        yield* Effect.flip(asked.addCredential(caller("viewer"), { companyId: company.id, credential: login("X") }))
      ).toMatchObject({ reason: "not-permitted" })
      expect((yield* Effect.flip(asked.view(caller("admin", 2), company.id)))._tag).toBe("NotFound")
    }).pipe(Effect.provide(world))
  )
})

describe("Looking with a login (S-R3, S-R6)", () => {
  const seller = (externalId: string, ownerId: string) =>
    ProviderScript.candidate(adsKey(externalId), { ownerId, name: ownerId })

  it.effect("what was carried out at the provider is seen, without anybody telling it here", () =>
    Effect.gen(function* () {
      const { asked, company, view } = yield* threeLogins
      const script = yield* ProviderScript.ProviderScript
      const { ads } = yield* account(by)
      yield* consent(by, ads.id, "code", sees("amzn1.M", seller("1", "SELLER2")))
      const [given] = (yield* asked.view(by, company.id)).consents
      const first = yield* asked.observe(by, company.id, { credentialId: idOf(view, "M"), grantId: given?.grant.id })
      expect(seesOf(first)).toEqual(["Own: administrator, edit"])
      // The consent is known to be this login's from now on.
      expect(first.consents[0]?.credentialId).toBe(idOf(view, "M"))

      yield* script.shows("amzn1.M", [
        seller("1", "SELLER2"),
        seller("2", "SELLER1"),
        { ...seller("3", "VENDOR1"), type: "vendor" },
        seller("4", "STRANGER")
      ])
      yield* TestClock.adjust("1 minute")
      const second = yield* asked.observe(by, company.id, { credentialId: idOf(view, "M") })
      expect(second.plan.steps).toEqual([])
      expect(seesOf(second)).toEqual([
        "Own: administrator, edit",
        "Seller: secondary-user, edit",
        "Vendor: secondary-user, edit"
      ])
      expect(second.consolidation.looks[0]?.unknown).toMatchObject([{ id: "STRANGER" }])

      // Withdrawn at the provider: the account is lost to this login, and is in the plan again.
      yield* script.shows("amzn1.M", [seller("1", "SELLER2"), seller("2", "SELLER1")])
      yield* TestClock.adjust("1 minute")
      const third = yield* asked.observe(by, company.id, { credentialId: idOf(view, "M") })
      expect(third.plan.steps.map(({ login: { name } }) => name)).toEqual(["A"])
    }).pipe(Effect.provide(world))
  )

  it.effect("an account linked to one here is recognised by what that one is connected to", () =>
    Effect.gen(function* () {
      const asked = yield* Consolidations.Consolidations
      const { account: own, ads, company } = yield* account(by)
      const before = yield* asked.addAccount(by, { companyId: company.id, account: { linkedAccountId: own.id } })
      expect(before.consolidation.accounts).toMatchObject([{ id: own.id, name: own.name, accountType: "seller" }])
      yield* connected(by, ads.id, "code", adsKey("7"), "amzn1.M")
      const withLogin = yield* asked.addCredential(by, { companyId: company.id, credential: login("M") })
      const [given] = withLogin.consents
      const looked = yield* asked.observe(by, company.id, {
        credentialId: idOf(withLogin, "M"),
        grantId: given?.grant.id
      })
      expect(looked.coverage).toMatchObject([
        { accountId: own.id, logins: [{ credential: { name: "M" }, role: "secondary-user" }] }
      ])
    }).pipe(Effect.provide(world))
  )

  it.effect("a login that gave no consent is told how to; another login's consent is refused", () =>
    Effect.gen(function* () {
      const { asked, company, view } = yield* threeLogins
      expect(yield* Effect.flip(asked.observe(by, company.id, { credentialId: idOf(view, "M") }))).toMatchObject({
        _tag: "Refused",
        reason: "not-possible-now"
      })
      const { ads } = yield* account(by)
      yield* consent(by, ads.id, "code", sees("amzn1.M", seller("1", "SELLER2")))
      const grantId = (yield* asked.view(by, company.id)).consents[0]?.grant.id
      yield* asked.observe(by, company.id, { credentialId: idOf(view, "M"), grantId })
      expect(
        yield* Effect.flip(asked.observe(by, company.id, { credentialId: idOf(view, "A"), grantId }))
      ).toMatchObject({ _tag: "Refused", reason: "already-exists" })
      yield* asked.record(by, company.id, {
        _tag: "CorrectCredential",
        credential: { name: "A", id: idOf(view, "A"), providerUserId: merchant("amzn1.A") }
      })
      expect(
        yield* Effect.flip(asked.observe(by, company.id, { credentialId: idOf(view, "A"), grantId }))
      ).toMatchObject({ _tag: "Refused", reason: "different-identity" })
    }).pipe(Effect.provide(world))
  )

  it.effect("an account of another company is not linked", () =>
    Effect.gen(function* () {
      const { asked, company } = yield* threeLogins
      const { account: foreign } = yield* account(by)
      expect(
        yield* Effect.flip(asked.addAccount(by, { companyId: company.id, account: { linkedAccountId: foreign.id } }))
      ).toMatchObject({ reason: "not-yours" })
      expect(
        yield* Effect.flip(
          asked.record(by, company.id, {
            _tag: "LinkProviderAccount",
            accountId: merchant("VENDOR1"),
            linkedAccountId: foreign.id
          })
        )
      ).toMatchObject({ reason: "not-yours" })
    }).pipe(Effect.provide(world))
  )
})

describe("Sharing the plan", () => {
  const tokenOf = ({ address }: Consolidations.ConsolidationView) =>
    Redacted.make(Redacted.value(address?.url ?? Redacted.make("")).split("/plan/")[1] ?? "")

  it.effect("an address shows the steps to anybody who has it, for 30 days, and nothing else", () =>
    Effect.gen(function* () {
      const { asked, company } = yield* threeLogins
      const view = yield* asked.share(by, company.id)
      const plan = yield* asked.shared(tokenOf(view))
      expect(plan).toMatchObject({
        company: "Harbour Goods",
        sharedBy: "Person 1",
        mainLogin: "M",
        done: ["Own"],
        open: [],
        steps: [{ login: "A" }, { login: "B" }]
      })
      expect(JSON.stringify(plan)).not.toMatch(/(org|com|crd|acc)_/)
      yield* TestClock.adjust("31 days")
      expect(yield* Effect.flip(asked.shared(tokenOf(view)))).toMatchObject({ _tag: "Refused", reason: "expired" })
    }).pipe(Effect.provide(world))
  )

  it.effect("a new address ends the one before; a withdrawn one says so; a guess finds nothing", () =>
    Effect.gen(function* () {
      const { asked, company } = yield* threeLogins
      const first = tokenOf(yield* asked.share(by, company.id))
      const second = tokenOf(yield* asked.share(by, company.id))
      expect((yield* Effect.flip(asked.shared(first)))._tag).toBe("NotFound")
      expect((yield* asked.shared(second)).mainLogin).toBe("M")
      for (const guess of [
        "",
        "x",
        `${Redacted.value(second).slice(0, -1)}~`,
        Redacted.value(second).replace(/.{43}$/, "A".repeat(43))
      ]) {
        expect((yield* Effect.flip(asked.shared(Redacted.make(guess))))._tag).toBe("NotFound")
      }
      const withdrawn = yield* asked.unshare(by, company.id)
      expect(withdrawn.address?.url).toBeUndefined()
      expect(yield* Effect.flip(asked.shared(second))).toMatchObject({ _tag: "Refused", reason: "revoked" })
    }).pipe(Effect.provide(world))
  )

  it.effect("it is mailed to whoever has to sign in, once, with the address that works", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const { asked, company } = yield* threeLogins
        yield* office(by)
        const mailer = yield* Mailer.Mailer
        const view = yield* asked.mail(by, company.id, {
          email: "ada@example.com" as Text.Email,
          name: "Ada",
          message: "Thank you"
        })
        yield* working
        const { items } = yield* mailer.kept(by.organizationId, { limit: 10 })
        expect(items.map(({ to }) => to)).toEqual([{ name: "Ada", email: "ada@example.com" }])
        expect(items[0]?.emailMessage.text).toContain(Redacted.value(view.address?.url ?? Redacted.make("missing")))
        expect(items[0]?.emailMessage.text).toContain("2 grants are still missing")
        yield* asked.mail(by, company.id, { email: "bo@example.com" as Text.Email })
        yield* settle
        const all = yield* mailer.kept(by.organizationId, { limit: 10 })
        expect(all.items).toHaveLength(2)
        expect((yield* asked.view(by, company.id)).address?.share.round).toBe(1)
      })
    ).pipe(Effect.provide(world))
  )
})

describe("Several consents for one account (S-R7), and one consent for several (S-R4)", () => {
  it.effect("losing one of two consents that see a profile falls back to the other, and nobody is asked", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const connections = yield* Connections.Connections
        const pending = yield* PendingAuthorizations.PendingAuthorizations
        const script = yield* ProviderScript.ProviderScript
        const grants = yield* Grants.Grants
        const { ads } = yield* account(by)
        const key = adsKey("7")
        yield* connected(by, ads.id, "one", key, "ada")
        yield* TestClock.adjust("1 minute")
        const { authorizationRedirect } = yield* consent(by, ads.id, "two", sees("bo", ProviderScript.candidate(key)))
        yield* pending.select(by, authorizationRedirect.authorizationId, { key, confirmed: true, keepsReplaced: true })
        yield* working
        const both = yield* grants.list(by, { states: ["Active"] }, { limit: 10 })
        expect(both.items.map(({ connections: users, grant: { grantor } }) => [grantor, users.length])).toEqual([
          ["bo", 1],
          ["ada", 0]
        ])
        yield* script.withdraw("bo")
        yield* TestClock.adjust("25 hours")
        yield* settle
        yield* settle
        const { connection } = yield* connections.view(by, ads.id)
        const after = yield* grants.list(by, { states: ["Active"] }, { limit: 10 })
        expect(after.items.map(({ grant: { grantor } }) => grantor)).toEqual(["ada"])
        expect(connection).toMatchObject({ _tag: "Connected", link: { grantId: after.items[0]?.grant.id } })
      })
    ).pipe(Effect.provide(world))
  )

  it.effect(
    "a further country that the consent lists joins the account, and is linked without another consent (P-R6)",
    () =>
      Effect.gen(function* () {
        const accounts = yield* Accounts.Accounts
        const connections = yield* Connections.Connections
        const grants = yield* Grants.Grants
        const { account: own, ads } = yield* account(by)
        const script = yield* ProviderScript.ProviderScript
        yield* connected(by, ads.id, "one", adsKey("7"), "ada")
        yield* script.shows("ada", [ProviderScript.candidate(adsKey("7")), ProviderScript.candidate(adsKey("8", "CA"))])
        const wanted = { marketplaceId: marketplaces.CA, accountType: "seller" } as const
        expect(yield* accounts.expansion(by, own.id, wanted)).toMatchObject({
          decision: "add-marketplace",
          needsConsent: false
        })
        const grown = yield* accounts.addMarketplace(by, own.id, marketplaces.CA)
        expect(grown.marketplaces).toEqual([marketplaces.US, marketplaces.CA])
        const { items } = yield* connections.list(
          by,
          { accountId: own.id, marketplaceId: marketplaces.CA },
          { limit: 10 }
        )
        expect(items.map(({ connection: { channel } }) => channel).toSorted()).toEqual(["amazon-ads", "amazon-sp"])
        const added = items.find(({ connection: { channel } }) => channel === "amazon-ads")?.connection
        const grantId = (yield* grants.list(by, {}, { limit: 1 })).items[0]?.grant.id
        if (added === undefined || grantId === undefined) return yield* Effect.die("both were expected")
        const choices = yield* grants.choices(by, grantId, added.id)
        expect(
          choices.map(({ candidate, heldBy, obstacles }) => [
            candidate.key.externalId,
            heldBy !== undefined,
            obstacles.length > 0
          ])
        ).toEqual([
          ["7", true, true],
          ["8", false, false]
        ])
        expect(
          yield* grants.link(by, grantId, { connectionId: added.id, key: adsKey("8", "CA"), confirmed: false })
        ).toMatchObject({ _tag: "Connected", link: { grantId } })
        const authorizations = yield* (yield* Repository.Repository).authorizations(
          by.organizationId,
          {},
          { limit: 10 }
        )
        expect(authorizations.items).toHaveLength(1)
      }).pipe(Effect.provide(world))
  )

  it.effect("Japan, Australia and Singapore need accounts of their own, and are refused as added countries", () =>
    Effect.gen(function* () {
      const accounts = yield* Accounts.Accounts
      const companies = yield* Companies.Companies
      const { company } = yield* companies.add(by, { name: "Harbour", brand: "Harbour" })
      const far = { JP: "A1VC38T7YXB528", AU: "A39IBJ37TRP1C6", SG: "A19VAU5U5O7RUS" } as const
      const open = (id: string) =>
        accounts.create(by, { companyId: company.id, name: id, accountType: "seller", marketplaces: [id as Account] })
      type Account = Parameters<typeof accounts.addMarketplace>[2]
      for (const [home, others] of [
        ["JP", ["AU", "SG"]],
        ["AU", ["JP", "SG"]],
        ["SG", ["JP", "AU"]]
      ] as const) {
        const own = yield* open(far[home])
        for (const other of others) {
          const decided = yield* accounts.expansion(by, own.id, {
            marketplaceId: far[other] as Account,
            accountType: "seller"
          })
          expect([home, other, decided.decision]).toEqual([home, other, "add-account"])
          expect(decided.explanation).toMatch(/account of its own/)
          expect(yield* Effect.flip(accounts.addMarketplace(by, own.id, far[other] as Account))).toMatchObject({
            _tag: "Refused",
            reason: "contradiction"
          })
        }
      }
    }).pipe(Effect.provide(world))
  )
})
