/** Access that nobody hands over: advertisers, what is awaited, and the grants they become (rules W-R3 to W-R12). */
import { describe, expect, it } from "@effect/vitest"
import { Advertiser, Awaited, DataClass, Grant, Job, Profile } from "@portolan/domain"
import { Arbitrary, DateTime, Duration, Option, Result } from "effect"
import * as load from "./support/loads.ts"
import * as commands from "./support/commands.ts"
import { after, stories, tell } from "./support/Story.ts"
import { ada, advertiser, advertiserKey, between, hour, id, key, pick } from "./support/values.ts"

const installation = id("organization", 9)
const see = (change: Partial<Profile.Advertiser> = {}, at = 0): Advertiser.Command => ({
  _tag: "See",
  id: id("advertiser"),
  organizationId: installation,
  advertiser: advertiser(0, change),
  at: hour(at)
})
const miss = (at = 1): Advertiser.Command => ({ _tag: "Miss", at: hour(at) })
const assign = (n: number, at = 1): Advertiser.Command => ({
  _tag: "Assign",
  assignment: { tenantId: id("organization", n), tenantName: `Tenant ${n}`, at: hour(at), by: ada }
})
const work = (from: Advertiser.State, ...list: ReadonlyArray<Advertiser.Command>) =>
  tell("advertiser", list, from).flatMap(({ after, events }) =>
    after._tag === "Absent" ? [] : events.flatMap((event) => Job.ofAdvertiser(after, event))
  )
const told = stories("advertiser", commands.directory.creation, commands.directory.any, 20)

describe("an advertiser of the directory", () => {
  it.prop(
    "is lost after three looks in a row without it, and not before; one look with it starts the count anew",
    [Arbitrary.array(pick<"see" | "miss">("see", "miss"), { maxLength: 30 })],
    ([looks]) => {
      let row = 0
      let lost = false
      let state = after("advertiser", see())
      for (const [turn, look] of looks.entries()) {
        const at = (turn * Advertiser.lookMinutes) / 60
        state = tell("advertiser", [look === "see" ? see({}, at) : miss(at)], state)[0]!.after
        row = look === "see" ? 0 : row + 1
        lost = look === "see" ? false : lost || row >= Advertiser.missesUntilLost
        expect(state._tag).toBe(lost ? "Lost" : "Listed")
      }
    },
    { arbitrary: { runs: 200 } }
  )

  it.prop(
    "is not lost the sooner for being looked for more often: looks of people add no misses to those of the clock",
    [Arbitrary.array(between(0, Advertiser.lookMinutes * 4), { maxLength: 40 }), between(1, Advertiser.lookMinutes)],
    ([pressed, from]) => {
      const clock = [0, 1, 2].map((look) => from + look * Advertiser.lookMinutes)
      const minutes = [...clock, ...pressed.map((minute) => minute + 1)].toSorted((one, other) => one - other)
      let state = after("advertiser", see())
      const counted: Array<number> = []
      for (const minute of minutes) {
        const before = state
        state = tell("advertiser", [miss(minute / 60)], state)[0]!.after
        if (state !== before && before._tag === "Listed") counted.push(minute)
      }
      const gaps = counted.slice(1).map((minute, index) => minute - (counted[index] ?? 0))
      for (const gap of gaps) expect(gap).toBeGreaterThanOrEqual(Advertiser.missMinutes)
      // Looks of our own alone always count.
      expect(
        tell(
          "advertiser",
          clock.map((minute) => miss(minute / 60)),
          after("advertiser", see())
        ).at(-1)?.after._tag
      ).toBe("Lost")
    },
    { arbitrary: { runs: 200 } }
  )

  it.prop(
    "belongs to one organization at a time: whoever is second is refused until it is taken back",
    [told, between(0, 2)],
    ([steps, n]) => {
      const last = steps.at(-1)?.after
      if (last?._tag !== "Listed") return
      const [step] = tell("advertiser", [assign(n)], last)
      const holder = last.assignment?.tenantId
      expect(step?.refused?.reason).toBe(
        holder === undefined || holder === id("organization", n) ? undefined : "profile-taken"
      )
      const [back, mine] = tell("advertiser", [{ _tag: "Unassign", at: hour(2), by: ada }, assign(n)], last)
      expect(back?.refused).toBeUndefined()
      expect(mine?.after).toMatchObject({ assignment: { tenantId: id("organization", n) } })
    },
    { arbitrary: { runs: 200 } }
  )

  it("keeps its assignment while it is lost, and is not assigned then", () => {
    const lost = after("advertiser", see(), assign(1), miss(1), miss(2), miss(3))
    expect(lost).toMatchObject({ _tag: "Lost", assignment: { tenantId: id("organization", 1) } })
    expect(tell("advertiser", [assign(1)], lost)[0]?.refused?.reason).toBe("not-possible-now")
    expect(tell("advertiser", [see({}, 4)], lost)[0]?.after).toMatchObject({
      _tag: "Listed",
      misses: 0,
      assignment: { tenantId: id("organization", 1) }
    })
  })

  it.prop(
    "an older list says nothing: it neither undoes a change nor counts as a miss, nor brings back what was lost",
    [between(0, 4)],
    ([hours]) => {
      const older = [see({ name: "Old" }, hours - 0.1), miss(hours - 0.1)]
      const changed = after("advertiser", see(), see({ name: "New" }, hours))
      const lost = after("advertiser", see(), miss(hours), miss(hours + 1), miss(hours + 2))
      expect(tell("advertiser", older, changed).flatMap(({ events }) => events)).toEqual([])
      expect(tell("advertiser", older, lost).flatMap(({ events }) => events)).toEqual([])
    }
  )

  it("says nothing new when it looks the same; when it was granted is no news", () => {
    const listed = after("advertiser", see())
    expect(
      tell("advertiser", [see({}, 5), see({ grantedAt: hour(3) }, 6)], listed).flatMap((step) => step.events)
    ).toEqual([])
    expect(tell("advertiser", [see({ permission: "view" })], listed)[0]?.events).toMatchObject([
      { _tag: "AdvertiserChanged" }
    ])
  })

  it("is carried into its organization when it is assigned, changed, lost, back or taken away, and nobody hears of one without", () => {
    const listed = after("advertiser", see())
    expect(work(Advertiser.initial, see(), see({ name: "Other" }), miss(1), miss(2), miss(3), see({}, 4))).toEqual([])
    const to = (n: number, assignmentEpoch: number) => ({
      _tag: "ReconcileAdvertiser",
      advertiserId: id("advertiser"),
      tenantId: id("organization", n),
      assignmentEpoch
    })
    expect(
      work(
        listed,
        assign(1),
        see({ permission: "view" }),
        miss(1),
        miss(2),
        miss(3),
        see({}, 4),
        { _tag: "Unassign", at: hour(9), by: ada },
        assign(2)
      ).map((wanted) => wanted.task)
    ).toEqual([to(1, 1), to(1, 1), to(1, 1), to(1, 2), to(1, 2), to(2, 3)])
  })
})

describe("a spell", () => {
  it.prop(
    "is counted for every assignment and every return of what was lost, so that each has a grant of its own",
    [told],
    ([steps]) => {
      for (const { after, before, events } of steps) {
        if (after._tag === "Absent") continue
        const begins = events.some(
          (event) =>
            event._tag === "AdvertiserAssigned" || (event._tag === "AdvertiserReturned" && before._tag === "Lost")
        )
        expect(after.assignmentEpoch).toBe((before._tag === "Absent" ? 0 : before.assignmentEpoch) + (begins ? 1 : 0))
      }
    },
    { arbitrary: { runs: 200 } }
  )
})

describe("what is awaited", () => {
  it("follows what the connection says, back and forth", () => {
    const [waits] = tell("awaited", [{ _tag: "Settle", at: hour(0) }])
    expect(waits?.events).toEqual([])
    const awaited = {
      id: id("awaited"),
      organizationId: installation,
      tenantId: id("organization"),
      tenantName: "North",
      connectionId: id("connection"),
      accountName: "North US",
      marketplaceId: advertiserKey().marketplaceId,
      advertiser: "Olsen",
      requestedBy: "Ada",
      since: hour(0)
    }
    const steps = tell("awaited", [
      { _tag: "Await", awaited },
      { _tag: "Await", awaited },
      { _tag: "Settle", at: hour(1) },
      { _tag: "Settle", at: hour(2) },
      { _tag: "Await", awaited: { ...awaited, since: hour(3) } }
    ])
    expect(steps.map((step) => step.events.length)).toEqual([1, 0, 1, 0, 1])
    expect(steps.at(-1)?.after).toMatchObject({ _tag: "Waiting", since: hour(3) })
    expect(
      Awaited.replay(
        Awaited.initial,
        steps.flatMap((step) => step.events)
      )
    ).toEqual(steps.at(-1)?.after)
  })
})

describe("the grant of an advertiser", () => {
  const open: Grant.Command = {
    _tag: "Record",
    grant: {
      id: id("grant"),
      organizationId: id("organization"),
      advertiser: advertiser(),
      channel: "walmart-connect",
      region: "WALMART-US",
      consentedAt: hour(0)
    }
  }
  const responsibleMember = (n: number, at = 1): Grant.Command => ({
    _tag: "HandOver",
    to: { personId: id("person", n), name: `Person ${n}` },
    at: hour(at)
  })

  it("takes over what the provider shows of it, and only where it is a partnership", () => {
    const [seen, same] = tell(
      "grant",
      [
        { _tag: "SeeAdvertiser", advertiser: advertiser(0, { permission: "view" }), at: hour(2) },
        { _tag: "SeeAdvertiser", advertiser: advertiser(0, { permission: "view", grantedAt: hour(1) }), at: hour(3) }
      ],
      after("grant", open)
    )
    expect(seen?.after).toMatchObject({ advertiser: { permission: "view" } })
    expect(same?.events).toEqual([])
    const consent = after("grant", {
      _tag: "Record",
      grant: {
        id: id("grant"),
        organizationId: id("organization"),
        authorizationId: id("authorization"),
        channel: "amazon-ads",
        region: "NA",
        consentedAt: hour(0)
      }
    })
    const seenThere: Grant.Command = { _tag: "SeeAdvertiser", advertiser: advertiser(), at: hour(2) }
    expect(tell("grant", [seenThere], consent)[0]?.events).toEqual([])
  })

  it("keeps what a newer look showed when an older one arrives late", () => {
    const look = (permission: "edit" | "view", at: number): Grant.Command => ({
      _tag: "SeeAdvertiser",
      advertiser: advertiser(0, { permission }),
      at: hour(at)
    })
    const [newer, older, newest] = tell(
      "grant",
      [look("view", 5), look("edit", 4), look("edit", 6)],
      after("grant", open)
    )
    expect(newer?.after).toMatchObject({ advertiser: { permission: "view" }, seenAt: hour(5) })
    expect(older?.events).toEqual([])
    expect(newest?.after).toMatchObject({ advertiser: { permission: "edit" }, seenAt: hour(6) })
    const recorded = after("grant", { ...open, grant: { ...open.grant, seenAt: hour(5) } })
    expect(tell("grant", [look("view", 4)], recorded)[0]?.events).toEqual([])
  })

  it("is handed over to a person, once, also when the responsible member is gone, and not after its end", () => {
    const steps = tell(
      "grant",
      [
        responsibleMember(1),
        responsibleMember(1, 2),
        responsibleMember(2, 3),
        { _tag: "End", end: "disconnected", at: hour(4) },
        responsibleMember(1, 5)
      ],
      after("grant", open)
    )
    expect(steps.map((step) => step.events.length)).toEqual([1, 0, 1, 1, 0])
    expect(steps.at(-1)?.after).toMatchObject({ _tag: "Ended", responsibleMember: { personId: id("person", 2) } })
  })

  it("puts on record what came of asking the provider to end it", () => {
    const revocation = { outcome: "not-offered", detail: "Only the owner can." } as const
    const record = { _tag: "RecordRevocation", revocation, at: hour(2) } as const
    const steps = tell(
      "grant",
      [
        { _tag: "End", end: "disconnected", at: hour(1) },
        record,
        record,
        { _tag: "End", end: "discarded", at: hour(3) }
      ],
      after("grant", open)
    )
    expect(steps.map((step) => step.events.length)).toEqual([1, 1, 0, 0])
    expect(steps.at(-1)?.after).toMatchObject({ end: "disconnected", revocation })
    expect(Result.isFailure(Grant.decide(after("grant", open), record))).toBe(true)
  })
})

describe("obstacles of an advertiser", () => {
  const account = {
    _tag: "Open",
    id: id("account"),
    organizationId: id("organization"),
    companyId: id("company"),
    name: "North",
    provider: "walmart",
    accountType: "walmart-3p",
    region: "WALMART-US",
    marketplaces: [advertiserKey().marketplaceId],
    brandIds: [id("brand")],
    defaultBrandId: id("brand"),
    createdAt: hour(0)
  } as const
  const weights = (change: Partial<Profile.Advertiser>, owner: Option.Option<string> = Option.none()) =>
    Profile.obstacles(advertiser(0, change), { account, otherOwnerId: owner }).map((obstacle) => obstacle.weight)

  it("are none for the right one, and a warning where it may only be read or has spent what it may", () => {
    expect(weights({})).toEqual([])
    expect(weights({ permission: "view" })).toEqual(["warns"])
    expect(weights({ spendLimitReached: true })).toEqual(["warns"])
    expect(weights({ spendLimitReached: false })).toEqual([])
  })

  it("block first party for third party, and another country", () => {
    expect(weights({ type: "walmart-1p" })).toEqual(["blocks"])
    expect(
      weights({ key: { ...advertiserKey(), marketplaceId: "WALMART_CA" as Profile.Key["marketplaceId"] } })
    ).toEqual(["blocks"])
    expect(
      Profile.obstacles(advertiser(), {
        account: { ...account, accountType: "walmart-1p" },
        otherOwnerId: Option.none()
      }).map((one) => one.detail)
    ).toEqual(["It is a Walmart 3P profile; the account is a Walmart 1P account."])
  })

  it("warn of another seller than the account's marketplace channel has, where Walmart names the seller", () => {
    expect(weights({ sellerId: "S1" }, Option.some("S1"))).toEqual([])
    expect(weights({ sellerId: "S2" }, Option.some("S1"))).toEqual(["warns"])
    expect(weights({}, Option.some("S1"))).toEqual([])
  })

  it("of a consent that leaves something out are warnings that name it", () => {
    const partner: Profile.Candidate = {
      _tag: "SellingPartner",
      key: { ...advertiserKey(), channel: "walmart-marketplace" },
      name: "North",
      countryCode: "US",
      currency: "USD",
      type: "walmart-3p",
      isParticipating: true,
      hasSuspendedListings: false,
      missingScopes: ["orders", "items"]
    }
    expect(Profile.obstacles(partner, { account, otherOwnerId: Option.none() })).toEqual([
      { weight: "warns", detail: "The consent leaves out: orders, items." }
    ])
    expect(Profile.permissionOf(partner)).toBe("edit")
    expect(Profile.permissionOf(advertiser(0, { permission: "view" }))).toBe("view")
    expect(key().channel).toBe("amazon-ads")
  })
})

describe("the first load of an advertiser (rule W-R11)", () => {
  it("reaches back sixty days until yesterday, and is due within 48 hours", () => {
    for (const type of ["walmart-3p", "walmart-1p"] as const) {
      const [source, ...none] = DataClass.sources("walmart-connect", type)
      expect(none).toEqual([])
      expect(source).toMatchObject({ dataClass: "advertising", depthDays: 60, lagDays: 1 })
      expect(source?.due === undefined ? undefined : Duration.toHours(source.due)).toBe(48)
      const steps = load.tell([commands.plan([source!], "2028-02-29" as never, hour(0))])
      const state = steps[0]!.after
      if (state._tag !== "Running") throw new Error("not running")
      const days = state.windows.reduce(
        (sum, one) => sum + (Date.parse(one.until) - Date.parse(one.from)) / 86_400_000,
        0
      )
      expect(days).toBe(60)
      expect(
        state.windows
          .map((one) => one.until)
          .toSorted()
          .at(-1)
      ).toBe("2028-02-29")
      expect(DateTime.toEpochMillis(state.promises[0]!.dueAt)).toBe(DateTime.toEpochMillis(hour(48)))
    }
  })
})
