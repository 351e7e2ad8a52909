/**
 * Access that nobody hands over, from the directory to the organization and back (flow F3; rules W-R3 to W-R12, C15).
 */
import { describe, expect, it } from "@effect/vitest"
import { type Access, Failure, type Id, type Marketplace, type Profile, type Text } from "@portolan/domain"
import { NotifierMemory, ProviderScript } from "@portolan/memory"
import { Accounts, Advertisers, Companies, Connections, Directory, Grants, ProviderApi } from "@portolan/ports"
import { Effect, Exit, type Layer, type Scope } from "effect"
import { TestClock } from "effect/testing"
import { founder } from "../support/people.ts"
import { account, working, world } from "../support/world.ts"

const operator: Access.Operator = {
  actor: { _tag: "Operator", personId: "per_00000000000000000000000099" as Id.PersonId, name: "Opal" }
}
const market = "WALMART_US" as Marketplace.MarketplaceId
const key = (externalId: string): Profile.Key => ({
  channel: "walmart-connect",
  region: "WALMART-US",
  marketplaceId: market,
  externalId: externalId as Profile.ExternalId
})
const advertiser = (n: number, change: Partial<Profile.Advertiser> = {}) =>
  ProviderScript.advertiser(key(`${7_000 + n}`), { name: `Lanterns ${n}`, ...change })
const here = <A, E>(effect: Effect.Effect<A, E, Layer.Success<typeof world> | Scope.Scope>) =>
  Effect.scoped(effect).pipe(Effect.provide(world))
const page = { limit: 50 }
const topics = Effect.map(NotifierMemory.notices, (all) =>
  all.map(({ organizationId, topic }) => `${topic} ${organizationId}`)
)

/** Lets so many minutes pass, with everything that becomes due. */
const pass = Effect.fnUntraced(function* (minutes: number) {
  for (let minute = 0; minute < minutes; minute += 5) {
    yield* TestClock.adjust("5 minutes")
    for (let turn = 0; turn < 300; turn++) yield* Effect.yieldNow
  }
})
const lists = (...advertisers: ReadonlyArray<Profile.Advertiser>) =>
  Effect.flatMap(ProviderScript.ProviderScript, (script) => script.partners("WALMART-US", advertisers))

/** A third-party account at Walmart, and its tile for advertising. */
const shop = Effect.fnUntraced(function* (
  by: Access.Caller,
  name = "Lanterns US",
  accountType: "walmart-3p" | "walmart-1p" = "walmart-3p"
) {
  const { company } = yield* (yield* Companies.Companies).add(by, { name: "Lantern Makers", brand: "Lantern" })
  const opened = yield* (yield* Accounts.Accounts).create(by, {
    companyId: company.id,
    name: name as Text.Name,
    accountType,
    marketplaces: [market]
  })
  const { items } = yield* (yield* Connections.Connections).list(by, { accountId: opened.id }, page)
  const connect = items.find(({ connection }) => connection.channel === "walmart-connect")
  return connect === undefined
    ? yield* Effect.die("a tile was expected")
    : { account: opened, id: connect.connection.id }
})
const evidence = (by: Access.Caller, id: Id.ConnectionId) =>
  Effect.flatMap(Connections.Connections, (all) => Effect.map(all.view(by, id), ({ evidence }) => evidence))
const status = (by: Access.Caller, id: Id.ConnectionId) => Effect.map(evidence(by, id), ({ status }) => status)
const available = (by: Access.Caller, id: Id.ConnectionId) =>
  Effect.flatMap(Advertisers.Advertisers, (all) => all.available(by, id))
const entry = Effect.fnUntraced(function* (name: string) {
  const { items } = yield* (yield* Directory.Directory).advertisers(operator, {}, page)
  const found = items.find(({ advertiser }) => advertiser.name === name)
  return found ?? (yield* Effect.die(`${name} is not in the directory`))
})

/** Two organizations, and a directory that is looked at. */
const begun = Effect.gen(function* () {
  yield* working
  const { caller: ours, organization } = yield* founder("Ada")
  const { caller: theirs, organization: others } = yield* founder("Bob")
  yield* lists(advertiser(1), advertiser(2))
  yield* (yield* Directory.Directory).begin()
  yield* pass(5)
  return { ours, theirs, us: organization.id, them: others.id }
})

/** An advertiser that is assigned to the first organization and linked to its account. */
const linked = Effect.gen(function* () {
  const world = yield* begun
  const directory = yield* Directory.Directory
  const { id: advertiserId } = yield* entry("Lanterns 1")
  yield* directory.assign(operator, advertiserId, world.us)
  yield* pass(5)
  const { account, id } = yield* shop(world.ours)
  const [one] = yield* available(world.ours, id)
  if (one === undefined) return yield* Effect.die("an advertiser was expected")
  yield* (yield* Advertisers.Advertisers).link(world.ours, id, { grantId: one.grantId, confirmed: false })
  yield* pass(5)
  return { ...world, account, id, advertiserId, grantId: one.grantId }
})

describe("discovery", () => {
  it.effect("finds who lets us in every 15 minutes, and shows it to operators alone until it is assigned", () =>
    here(
      Effect.gen(function* () {
        const { ours, theirs } = yield* begun
        const mine = yield* shop(ours)
        const other = yield* shop(theirs)
        expect(yield* available(ours, mine.id)).toEqual([])
        expect(yield* available(theirs, other.id)).toEqual([])
        expect((yield* entry("Lanterns 1"))._tag).toBe("Listed")
        yield* lists(advertiser(1), advertiser(2), advertiser(3))
        yield* pass(20)
        expect((yield* entry("Lanterns 3"))._tag).toBe("Listed")
      })
    )
  )

  it.effect(
    "an assigned advertiser is there for its organization to link, who is told; no other organization hears of it",
    () =>
      here(
        Effect.gen(function* () {
          const { ours, them, theirs, us } = yield* begun
          const directory = yield* Directory.Directory
          const { id } = yield* entry("Lanterns 1")
          yield* directory.assign(operator, id, us)
          yield* pass(5)
          const mine = yield* shop(ours)
          const other = yield* shop(theirs)
          expect(
            (yield* available(ours, mine.id)).map(({ candidate, obstacles }) => [candidate.name, obstacles])
          ).toEqual([["Lanterns 1", []]])
          expect(yield* available(theirs, other.id)).toEqual([])
          expect(yield* topics).toContain(`advertiser-assigned ${us}`)
          expect((yield* topics).filter((topic) => topic.endsWith(them))).toEqual([])
          const notice = (yield* NotifierMemory.notices).find(({ topic }) => topic === "advertiser-assigned")
          expect(notice?.audience).toBe("members-and-support")
          const taken = yield* Effect.flip(directory.assign(operator, id, them))
          expect(taken).toMatchObject({ _tag: "Refused", reason: "profile-taken" })
          const [{ grantId } = { grantId: "none" as Id.GrantId }] = yield* available(ours, mine.id)
          const links = yield* Advertisers.Advertisers
          expect((yield* Effect.flip(links.link(theirs, other.id, { grantId: grantId, confirmed: true })))._tag).toBe(
            "NotFound"
          )
          expect((yield* Effect.flip((yield* Grants.Grants).view(theirs, grantId)))._tag).toBe("NotFound")
        })
      )
  )

  it.effect("linking connects and loads sixty days; one account holds it (rules W-R9, W-R11)", () =>
    here(
      Effect.gen(function* () {
        const { grantId, id, ours } = yield* linked
        const view = yield* (yield* Connections.Connections).view(ours, id)
        expect(view.evidence.status).toBe("connected")
        expect(view.backfill?.classes.map(({ dataClass, daysTotal }) => [dataClass, daysTotal])).toEqual([
          ["advertising", 60]
        ])
        const second = yield* shop(ours, "Second")
        const links = yield* Advertisers.Advertisers
        expect((yield* available(ours, second.id))[0]?.heldBy).toMatchObject({ accountName: "Lanterns US" })
        expect(yield* Effect.flip(links.link(ours, second.id, { grantId: grantId, confirmed: true }))).toMatchObject({
          _tag: "ProfileHeld",
          holder: { accountName: "Lanterns US" }
        })
        const firstParty = yield* shop(ours, "1P", "walmart-1p")
        expect(
          yield* Effect.flip(links.link(ours, firstParty.id, { grantId: grantId, confirmed: true }))
        ).toMatchObject({ _tag: "Refused", reason: "unfit-profile" })
        expect((yield* Effect.flip(links.available(ours, (yield* account(ours)).ads.id)))._tag).toBe("Refused")
      })
    )
  )

  it.effect("access for reading only is limited, and write access lifts it by itself (rule W-R3)", () =>
    here(
      Effect.gen(function* () {
        const { id, ours } = yield* linked
        yield* lists(advertiser(1, { permission: "view" }), advertiser(2))
        yield* pass(20)
        const limited = (yield* (yield* Connections.Connections).view(ours, id)).evidence
        expect(limited.status).toBe("limited")
        expect(limited.reason).toContain("write access")
        yield* lists(advertiser(1), advertiser(2))
        yield* pass(20)
        expect(yield* status(ours, id)).toBe("connected")
      })
    )
  )
})

describe("losing an advertiser (rule W-R12)", () => {
  it.effect("takes three complete looks in a row without it; a list that cannot be read counts for nothing", () =>
    here(
      Effect.gen(function* () {
        const script = yield* ProviderScript.ProviderScript
        const { id, ours } = yield* linked
        yield* script.fail("advertisers", new Failure.Temporary({ detail: "503", throttled: false }), Infinity)
        yield* pass(90)
        yield* script.heal("advertisers")
        expect(yield* status(ours, id)).toBe("connected")
        yield* lists(advertiser(2))
        yield* pass(30)
        expect(yield* status(ours, id)).toBe("connected")
        yield* lists(advertiser(1), advertiser(2))
        yield* pass(15)
        yield* lists(advertiser(2))
        yield* pass(30)
        expect(yield* status(ours, id)).toBe("connected")
        yield* pass(20)
        expect(yield* status(ours, id)).toBe("reauthorization-needed")
        const { evidence } = yield* (yield* Connections.Connections).view(ours, id)
        expect(evidence.reason).toContain("no longer lists us")
        expect(yield* available(ours, (yield* shop(ours, "Another")).id)).toEqual([])
      })
    )
  )

  it.effect(
    "goes on looking however long the provider, or our credentials for it, are missing",
    () =>
      here(
        Effect.gen(function* () {
          const script = yield* ProviderScript.ProviderScript
          yield* begun
          yield* script.fail(
            "advertisers",
            new ProviderApi.ChannelUnavailable({ channel: "walmart-connect", detail: "no credentials" }),
            Infinity
          )
          yield* pass(8 * 60)
          yield* script.heal("advertisers")
          yield* lists(advertiser(1), advertiser(2), advertiser(3))
          yield* pass(20)
          expect((yield* entry("Lanterns 3"))._tag).toBe("Listed")
        })
      ),
    20_000
  )

  it.effect("who is listed and cannot be read is not missing, and while anybody may be meant, nobody is", () =>
    here(
      Effect.gen(function* () {
        const { id, ours } = yield* linked
        const script = yield* ProviderScript.ProviderScript
        yield* lists(advertiser(2))
        for (const key of ["7001", undefined]) {
          yield* script.leavesOut([{ reason: "It does not tell the access.", raw: "{}", ...(key ? { key } : {}) }])
          yield* pass(60)
          expect(yield* status(ours, id)).toBe("connected")
        }
        yield* script.leavesOut([{ reason: "It does not tell the access.", raw: "{}", key: "9999" }])
        yield* pass(60)
        expect(yield* status(ours, id)).toBe("reauthorization-needed")
      })
    )
  )

  it.effect("a return heals the connection by itself, on a grant of its own, and the data stays", () =>
    here(
      Effect.gen(function* () {
        const { grantId, id, ours } = yield* linked
        yield* lists(advertiser(2))
        yield* pass(60)
        expect(yield* status(ours, id)).toBe("reauthorization-needed")
        expect((yield* (yield* Grants.Grants).view(ours, grantId)).grant).toMatchObject({
          _tag: "Ended",
          end: "access-removed"
        })
        yield* lists(advertiser(1), advertiser(2))
        yield* pass(30)
        const view = yield* (yield* Connections.Connections).view(ours, id)
        expect(view.evidence.status).toBe("connected")
        expect("link" in view.connection && view.connection.link.grantId).not.toBe(grantId)
        expect(view.backfill?.overall).toBe(1)
        // It was made ready once, by the operator; that it works again is told as such.
        const told = yield* topics
        expect(told.filter((topic) => topic.startsWith("advertiser-assigned"))).toHaveLength(1)
        expect(told.filter((topic) => topic.startsWith("connected"))).toHaveLength(2)
      })
    )
  )

  it.effect("taken back by an operator it is disconnected, and the organization it belongs to can link it", () =>
    here(
      Effect.gen(function* () {
        const directory = yield* Directory.Directory
        const { advertiserId, grantId, id, ours, them, theirs, us } = yield* linked
        yield* directory.unassign(operator, advertiserId)
        yield* directory.assign(operator, advertiserId, them)
        yield* pass(10)
        expect(yield* status(ours, id)).toBe("disconnected")
        expect(yield* available(ours, id)).toEqual([])
        expect((yield* topics).filter((topic) => topic.startsWith("advertiser-unassigned"))).toEqual([
          `advertiser-unassigned ${us}`
        ])
        expect((yield* (yield* Grants.Grants).view(ours, grantId)).grant._tag).toBe("Ended")
        const other = yield* shop(theirs)
        const [one] = yield* available(theirs, other.id)
        if (one === undefined) return yield* Effect.die("an advertiser was expected")
        yield* (yield* Advertisers.Advertisers).link(theirs, other.id, { grantId: one.grantId, confirmed: false })
        expect(yield* status(theirs, other.id)).toBe("connected")
      })
    )
  )

  it.effect("assigned and taken back at once, in whatever order the work is done, nobody is left with it", () =>
    here(
      Effect.gen(function* () {
        const directory = yield* Directory.Directory
        const { ours, us } = yield* begun
        const { id } = yield* entry("Lanterns 1")
        const mine = yield* shop(ours)
        for (let round = 0; round < 5; round++) {
          yield* Effect.all([directory.assign(operator, id, us), Effect.exit(directory.unassign(operator, id))], {
            concurrency: 2
          })
          yield* Effect.exit(directory.unassign(operator, id))
          yield* pass(5)
          expect(yield* available(ours, mine.id)).toEqual([])
        }
      })
    )
  )

  it.effect("unlinked deliberately it stays ours to link again (rule C14)", () =>
    here(
      Effect.gen(function* () {
        const { id, ours } = yield* linked
        yield* (yield* Connections.Connections).disconnect(ours, id)
        yield* pass(5)
        const [again] = yield* available(ours, id)
        expect(again?.heldBy).toBeUndefined()
        if (again === undefined) return yield* Effect.die("it was expected")
        yield* (yield* Advertisers.Advertisers).link(ours, id, { grantId: again.grantId, confirmed: false })
        expect(yield* status(ours, id)).toBe("connected")
      })
    )
  )
})

describe("expecting an advertiser (rules W-R4, W-R10)", () => {
  it.effect(
    "operators see who waits for what, and it is reported once when a day has passed",
    () =>
      here(
        Effect.gen(function* () {
          const { ours, us } = yield* begun
          const links = yield* Advertisers.Advertisers
          const directory = yield* Directory.Directory
          const mine = yield* shop(ours)
          yield* links.expect(ours, mine.id, "Lanterns 2")
          yield* pass(5)
          const {
            items: [waiting, ...others]
          } = yield* directory.waiting(operator, page)
          expect(others).toEqual([])
          expect(waiting?.awaited).toMatchObject({
            tenantId: us,
            tenantName: "Ada Traders",
            advertiser: "Lanterns 2",
            accountName: "Lanterns US"
          })
          expect(waiting?.mayBe.map(({ advertiser }) => advertiser.name)).toContain("Lanterns 2")
          expect(yield* status(ours, mine.id)).toBe("awaiting-access")
          yield* pass(25 * 60)
          expect((yield* topics).filter((topic) => topic.startsWith("access-overdue"))).toEqual([
            `access-overdue ${us}`
          ])
          expect((yield* NotifierMemory.notices).find(({ topic }) => topic === "access-overdue")?.audience).toBe(
            "members-and-support"
          )
          yield* directory.assign(operator, (yield* entry("Lanterns 2")).id, us)
          yield* pass(5)
          // It is here: nobody is told to wait any more, the member is told to link it, and operators have nothing left
          // to do.
          expect(yield* evidence(ours, mine.id)).toMatchObject({ label: "Ready to be linked", mustAct: "member" })
          expect((yield* directory.waiting(operator, page)).items).toEqual([])
          const [one] = yield* available(ours, mine.id)
          if (one === undefined) return yield* Effect.die("an advertiser was expected")
          yield* links.link(ours, mine.id, { grantId: one.grantId, confirmed: false })
          yield* pass(5)
          expect((yield* directory.waiting(operator, page)).items).toEqual([])
        })
      ),
    20_000
  )

  it.effect(
    "one that is here already is ready at once; one that was taken back is waited for again",
    () =>
      here(
        Effect.gen(function* () {
          const { ours, us } = yield* begun
          const links = yield* Advertisers.Advertisers
          const directory = yield* Directory.Directory
          const { id } = yield* entry("Lanterns 2")
          yield* directory.assign(operator, id, us)
          yield* pass(5)
          const mine = yield* shop(ours)
          yield* links.expect(ours, mine.id, "lanterns 2")
          expect(yield* evidence(ours, mine.id)).toMatchObject({ label: "Ready to be linked", mustAct: "member" })
          yield* pass(26 * 60)
          expect((yield* topics).filter((topic) => topic.startsWith("access-overdue"))).toEqual([])
          yield* directory.unassign(operator, id)
          yield* pass(5)
          expect(yield* evidence(ours, mine.id)).toMatchObject({ label: "Access is overdue", mustAct: "operator" })
          expect((yield* directory.waiting(operator, page)).items).toHaveLength(1)
        })
      ),
    20_000
  )

  it.effect(
    "stops when somebody says so, and nobody is told about it a day later",
    () =>
      here(
        Effect.gen(function* () {
          const { ours } = yield* begun
          const links = yield* Advertisers.Advertisers
          const mine = yield* shop(ours)
          yield* links.expect(ours, mine.id, "Somebody")
          yield* pass(5)
          yield* links.stopExpecting(ours, mine.id)
          yield* pass(25 * 60)
          expect((yield* (yield* Directory.Directory).waiting(operator, page)).items).toEqual([])
          expect((yield* topics).filter((topic) => topic.startsWith("access-overdue"))).toEqual([])
          const removed = yield* shop(ours, "Lanterns US two")
          yield* links.expect(ours, removed.id, "Somebody else")
          yield* pass(5)
          yield* (yield* Accounts.Accounts).remove(ours, removed.account.id)
          yield* pass(5)
          expect((yield* (yield* Directory.Directory).waiting(operator, page)).items).toEqual([])
          const { ads } = yield* account(ours)
          expect(Exit.isFailure(yield* Effect.exit(links.expect(ours, ads.id, "Somebody")))).toBe(true)
        })
      ),
    20_000
  )
})
