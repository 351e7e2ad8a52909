/** Organizations, their one owner, their members and keys (rules C13, P-R5, P-R14 to P-R16, S-R8, X-R6, X-R7). */
import { describe, expect, it } from "@effect/vitest"
import { Access, ApiKey, Job, Member, Organization } from "@portolan/domain"
import { Arbitrary, DateTime, Duration, Schema } from "effect"
import * as commands from "./support/commands.ts"
import { after, stories, tell } from "./support/Story.ts"
import { ada, between, dawn, hour, id, ids, instants, pick } from "./support/values.ts"

const { invite, join } = commands
const accept = (change: Partial<Extract<Member.Command, { readonly _tag: "Accept" }>> = {}): Member.Command => ({
  _tag: "Accept",
  personId: id("person", 1),
  name: "Lin",
  email: "lin@example.com",
  at: hour(1),
  ...change
})
const reason = (state: Member.State, command: Member.Command) => tell("member", [command], state)[0]?.refused?.reason
const limited: Access.AccessScope = {
  _tag: "Limited",
  companies: [],
  brands: [],
  accounts: [{ id: id("account"), right: "read" }]
}
const leave = (isOwner: boolean): Member.Command => ({
  _tag: "Leave",
  because: "removed",
  isOwner,
  by: ada,
  at: hour(2)
})
const told = stories("member", commands.member.creation, commands.member.any, 20)

/** What follows from a story. */
const work = (list: ReadonlyArray<Member.Command>, from: Member.State = Member.initial) =>
  tell("member", list, from).flatMap(({ after, events }) =>
    after._tag === "Absent" ? [] : events.flatMap((event) => Job.ofMember(after, event))
  )

describe("an invitation to join", () => {
  it.prop(
    "that is over is not mailed again, and the next one takes its place, also before it was ended",
    [between(0, 40)],
    ([days]) => {
      const at = DateTime.add(DateTime.addDuration(hour(0), Member.invitationLife), { days })
      const invited = after("member", invite())
      expect(reason(invited, { _tag: "MailAgain", at })).toBe("expired")
      expect(reason(invited, invite({ round: 1 }, at))).toBe("contradiction")
      const next = tell("member", [invite({ round: 2 }, at)], invited)[0]
      expect(next?.events.map(({ _tag }) => _tag)).toEqual(["MemberLeft", "MemberInvited"])
      expect(next?.after).toMatchObject({ _tag: "Invited", round: 2, mails: 1 })
    }
  )

  it("is mailed once for each time it is asked for", () => {
    const again: Member.Command = { _tag: "MailAgain", at: hour(1) }
    expect(after("member", invite(), again, again)).toMatchObject({ mails: 2 })
  })

  it.prop(
    "is accepted by the invited address only, however it is written",
    [
      pick("lin@example.com", "LIN@Example.COM", " lin@example.com "),
      pick("max@example.com", "lin@example.org", "lin@example.com.evil", "")
    ],
    ([same, other]) => {
      const invited = after("member", invite())
      expect(tell("member", [accept({ email: same })], invited)[0]?.after).toMatchObject({
        _tag: "Active",
        email: "lin@example.com"
      })
      const [refused] = tell("member", [accept({ email: other })], invited)
      expect(refused?.refused).toMatchObject({ reason: "wrong-person" })
      expect(refused?.refused?.detail).toContain("lin@example.com")
      expect(refused?.after).toBe(invited)
      expect(reason(invited, { _tag: "Decline", email: other, by: ada, at: hour(1) })).toBe("wrong-person")
    }
  )

  it.prop(
    "ends after seven days to the millisecond, whether or not anybody has noticed",
    [between(-2, 2)],
    ([offset]) => {
      const invited = after("member", invite())
      const at = DateTime.add(DateTime.addDuration(dawn, Member.invitationLife), { milliseconds: offset })
      expect(reason(invited, accept({ at }))).toBe(offset < 0 ? undefined : "expired")
      expect(tell("member", [{ _tag: "Expire", by: ada, at }], invited)[0]?.after._tag).toBe(
        offset < 0 ? "Invited" : "Gone"
      )
    }
  )

  it("exists once an address: who is invited or a member already is found in the list (flow P13)", () => {
    const again = tell("member", [invite({ tokenDigest: "other" })], after("member", invite()))[0]
    expect(again?.refused).toMatchObject({ reason: "already-exists" })
    expect(again?.refused?.nextStep).toContain("list")
    expect(reason(after("member", invite(), accept()), invite())).toBe("already-exists")
    expect(reason(after("member", invite()), join)).toBe("already-exists")
  })

  it("is accepted once: the same person may say it again, another one is refused", () => {
    const active = after("member", invite(), accept())
    expect(tell("member", [accept()], active)[0]?.events).toEqual([])
    expect(reason(active, accept({ personId: id("person", 2) }))).toBe("already-used")
    expect(reason(active, { _tag: "Withdraw", by: ada, at: hour(2) })).toBe("already-used")
  })

  it("that is over tells which way it ended", () => {
    const invited = after("member", invite())
    const gone = (command: Member.Command) => tell("member", [command], invited)[0]!.after
    expect(reason(gone({ _tag: "Withdraw", by: ada, at: hour(1) }), accept())).toBe("revoked")
    expect(reason(gone({ _tag: "Decline", email: "lin@example.com", by: ada, at: hour(1) }), accept())).toBe(
      "already-used"
    )
    expect(reason(gone({ _tag: "Expire", by: ada, at: hour(24 * 8) }), accept())).toBe("expired")
    expect(reason(after("member", invite(), accept(), leave(false)), accept())).toBe("revoked")
  })

  it("sent anew is a new round, and nothing of an earlier round counts any more", () => {
    const gone = after("member", invite(), { _tag: "Withdraw", by: ada, at: hour(1) })
    expect(Member.nextRound(gone)).toBe(2)
    const [first] = tell("member", [invite()])[0]!.events
    expect(Member.evolve(gone, first!)).toBe(gone)
    expect(reason(gone, invite({ round: 1 }))).toBe("contradiction")
    const anew = tell("member", [invite({ round: 2, tokenDigest: "8f" }, hour(2))], gone)[0]!.after
    expect(anew).toMatchObject({ _tag: "Invited", round: 2, tokenDigest: "8f", mails: 1 })
    expect(tell("member", [accept({ at: hour(3) })], anew)[0]?.after).toMatchObject({ _tag: "Active", round: 2 })
  })

  it("is mailed five times at most, and lives on from each mail", () => {
    const mails = Array.from({ length: 6 }, (_, n): Member.Command => ({ _tag: "MailAgain", at: hour(n + 1) }))
    const steps = tell("member", mails, after("member", invite()))
    expect(steps.map((step) => step.refused?.reason)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      "too-many",
      "too-many"
    ])
    expect(steps.at(-1)?.after).toMatchObject({
      mails: 5,
      expiresAt: DateTime.addDuration(hour(4), Member.invitationLife)
    })
  })

  it("asks for a mail and an end at each mail, numbered, so that no mail is sent twice", () => {
    expect(work([invite(), { _tag: "MailAgain", at: hour(5) }, accept({ at: hour(6) }), leave(false)])).toEqual([
      { dueAt: hour(0), task: { _tag: "MailInvitation", memberId: id("member"), round: 1, mail: 1 } },
      { dueAt: hour(168), task: { _tag: "ExpireMembership", memberId: id("member"), round: 1 } },
      { dueAt: hour(5), task: { _tag: "MailInvitation", memberId: id("member"), round: 1, mail: 2 } },
      { dueAt: hour(173), task: { _tag: "ExpireMembership", memberId: id("member"), round: 1 } }
    ])
    expect(work([join])).toEqual([])
  })
})

describe("a member", () => {
  it.prop(
    "who is the owner is never removed, never leaves and is never limited",
    [told, ids("person"), pick(...Access.GivenRole.literals)],
    ([steps, , role]) => {
      const last = steps.at(-1)?.after
      if (last?._tag !== "Active") return
      expect(reason(last, leave(true))).toBe("contradiction")
      expect(reason(last, { _tag: "ChangeAccess", role, accessScope: limited, isOwner: true })).toBe("contradiction")
      expect(tell("member", [leave(false)], last)[0]?.after).toMatchObject({
        _tag: "Gone",
        because: "removed",
        personId: last.personId
      })
    },
    { arbitrary: { runs: 200 } }
  )

  it.prop(
    "who is an admin sees everything, whatever is asked (rule S-R8)",
    [told],
    ([steps]) => {
      for (const { after } of steps) {
        if ((after._tag === "Invited" || after._tag === "Active") && after.role === "admin")
          expect(after.accessScope._tag).toBe("Everything")
      }
    },
    { arbitrary: { runs: 300 } }
  )

  it.prop("keeps the address they were invited by, and their organization", [told], ([steps]) => {
    for (const { after } of steps) {
      if (after._tag !== "Absent")
        expect([after.email, after.organizationId, after.id]).toEqual([
          "lin@example.com",
          id("organization"),
          id("member")
        ])
    }
  })

  it("may have their access changed while they are still invited", () => {
    const changed = tell(
      "member",
      [{ _tag: "ChangeAccess", role: "viewer", accessScope: limited, isOwner: false }],
      after("member", invite())
    )[0]!.after
    expect(tell("member", [accept()], changed)[0]?.after).toMatchObject({
      _tag: "Active",
      role: "viewer",
      accessScope: limited
    })
    expect(
      tell("member", [{ _tag: "ChangeAccess", role: "viewer", accessScope: limited, isOwner: false }], changed)[0]
        ?.events
    ).toEqual([])
  })

  it("has the owner's role only while the organization names them", () => {
    const active = after("member", join)
    const organization = after("organization", {
      _tag: "Found",
      organization: {
        id: id("organization"),
        organizationId: id("organization"),
        name: "North",
        ownerId: id("person"),
        foundedAt: dawn
      }
    })
    if (active._tag !== "Active" || organization._tag !== "Open") throw new Error("both were expected")
    expect(Member.roleIn(organization, active)).toBe("owner")
    expect(Member.roleIn({ ...organization, ownerId: id("person", 2) }, active)).toBe("admin")
  })
})

describe("an organization (rule X-R7)", () => {
  const { any, creation } = commands.organization

  it.prop(
    "has exactly one owner, always, and only a member becomes it",
    [stories("organization", creation, any, 25)],
    ([steps]) => {
      for (const { after, before, command } of steps) {
        if (after._tag === "Absent") continue
        expect(Schema.is(Organization.Open.fields.ownerId)(after.ownerId)).toBe(true)
        if (before._tag !== "Open" || before.ownerId === after.ownerId) continue
        // At once by an operator, else when the member accepts what was offered to them.
        if (command._tag === "HandOver") expect(command).toMatchObject({ isMember: true, to: after.ownerId })
        else {
          expect(command).toMatchObject({ _tag: "AcceptOwnership", isMember: true, by: after.ownerId })
          expect(before.offer?.to).toBe(after.ownerId)
        }
      }
    },
    { arbitrary: { runs: 200 } }
  )

  it("puts on record from whom ownership went to whom, and nothing when it stays", () => {
    const founded = after("organization", {
      _tag: "Found",
      organization: {
        id: id("organization"),
        organizationId: id("organization"),
        name: "North",
        ownerId: id("person"),
        foundedAt: dawn
      }
    })
    const to = (n: number, isMember: boolean): Organization.Command => ({
      _tag: "HandOver",
      to: id("person", n),
      isMember,
      at: hour(1)
    })
    expect(tell("organization", [to(1, true)], founded)[0]?.events).toEqual([
      { _tag: "OwnershipHandedOver", from: id("person"), to: id("person", 1), at: hour(1) }
    ])
    expect(tell("organization", [to(0, true)], founded)[0]?.events).toEqual([])
    expect(tell("organization", [to(1, false)], founded)[0]?.refused?.reason).toBe("not-yours")
  })
})

describe("a key", () => {
  it.prop(
    "lives between an hour and two years, and to the millisecond",
    [between(-10, 20_000), between(-1, 1)],
    ([hours, offset]) => {
      const [made] = tell("apiKey", [commands.keyFor(Duration.hours(hours))])
      expect(made?.refused?.reason).toBe(hours >= 1 && hours <= 730 * 24 ? undefined : "contradiction")
      if (made?.after._tag !== "Active") return
      expect(ApiKey.isLive(made.after, DateTime.add(made.after.expiresAt, { milliseconds: offset }))).toBe(offset < 0)
    },
    { arbitrary: { runs: 200 } }
  )

  it.prop(
    "that was revoked never works again",
    [stories("apiKey", commands.apiKey.creation, commands.apiKey.any, 10), instants],
    ([steps, at]) => {
      const revoked = steps.findIndex(({ after }) => after._tag === "Revoked")
      if (revoked < 0) return
      for (const { after } of steps.slice(revoked)) expect(ApiKey.isLive(after, at)).toBe(false)
    }
  )
})

it.prop("a member's address is an address", [Arbitrary.schema(Schema.NonEmptyString)], ([text]) => {
  if (Schema.is(Member.State.cases.Invited.fields.email)(text)) expect(text).toMatch(/^[^\s@]+@[^\s@]+\.[^\s@]+$/)
})

describe("news for a member", () => {
  const news = (name: string, kind: Member.NewsKind = "progress"): Member.News => ({
    id: name,
    kind,
    subject: name,
    text: ""
  })
  const collect = (one: Member.News, at = hour(1)): Member.Command => ({ _tag: "CollectNews", news: one, at })
  const prefer = (change: Partial<Member.MailPreferences>): Member.Command => ({
    _tag: "ChangeMailPreferences",
    mailPreferences: { ...Member.defaultPreferences, ...change }
  })
  const soon = DateTime.add(hour(1), { seconds: Member.burstSeconds })
  const minutes = (count: number) => DateTime.add(hour(1), { minutes: count })
  const jobs = (list: ReadonlyArray<Member.Command>) => work(list).filter(({ task }) => task._tag === "MailNews")
  const waiting = (...list: ReadonlyArray<Member.Command>) => {
    const state = after("member", join, ...list)
    return state._tag === "Active" ? (state.news ?? []) : []
  }

  it.prop("of a burst goes out as one mail, some seconds after its first", [between(1, 20)], ([count]) => {
    const burst = Array.from({ length: count }, (_, n) =>
      collect(news(`n${n}`), DateTime.add(hour(1), { milliseconds: n * 500 }))
    )
    expect(jobs([join, ...burst])).toEqual([{ dueAt: soon, task: { _tag: "MailNews", memberId: id("member") } }])
    expect(waiting(...burst)).toHaveLength(count)
  })

  it("comes with the daily mail when they prefer that, each kind as it was chosen, and what is never wanted never", () => {
    const daily = prefer({ problems: "daily", progress: "never" })
    const [problem, request, ...others] = waiting(
      daily,
      collect(news("p", "problems")),
      collect(news("r", "requests")),
      collect(news("q", "progress"))
    )
    expect(problem?.dueAt).toEqual(Member.nextDigest(hour(1)))
    expect(request?.dueAt).toEqual(soon)
    expect(others).toEqual([])
  })

  it.prop("is collected until the next digest, which is always later and at most a day away", [instants], ([at]) => {
    const next = Member.nextDigest(at)
    expect(DateTime.isGreaterThan(next, at)).toBe(true)
    expect(DateTime.isLessThanOrEqualTo(next, DateTime.add(at, { days: 1 }))).toBe(true)
    expect(DateTime.toPartsUtc(next)).toMatchObject({ hour: Member.digestHour, minute: 0, second: 0 })
  })

  it.prop(
    "is collected until the digest's hour on the member's own clock, also where the clock is changed",
    [instants, pick("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Apia", "America/Sao_Paulo")],
    ([at, zone]) => {
      const next = Member.nextDigest(at, zone)
      expect(DateTime.isGreaterThan(next, at)).toBe(true)
      expect(DateTime.isLessThanOrEqualTo(next, DateTime.add(at, { hours: 25 }))).toBe(true)
      const local = DateTime.toParts(DateTime.setZoneNamedUnsafe(next, zone))
      expect(local).toMatchObject({ hour: Member.digestHour, minute: 0, second: 0 })
    }
  )

  it("comes at six in Berlin in summer and in winter, and at six UTC for a zone that nobody knows any more", () => {
    const next = (at: string, zone: string) => DateTime.formatIso(Member.nextDigest(DateTime.makeUnsafe(at), zone))
    expect(next("2026-07-01T03:59:59Z", "Europe/Berlin")).toBe("2026-07-01T04:00:00.000Z")
    expect(next("2026-07-01T04:00:00Z", "Europe/Berlin")).toBe("2026-07-02T04:00:00.000Z")
    expect(next("2026-12-01T04:30:00Z", "Europe/Berlin")).toBe("2026-12-01T05:00:00.000Z")
    // The clock goes forward in the night to 29 March.
    expect(next("2026-03-28T06:00:00Z", "Europe/Berlin")).toBe("2026-03-29T04:00:00.000Z")
    expect(next("2026-12-01T04:30:00Z", "Atlantis/Poseidonis")).toBe("2026-12-01T06:00:00.000Z")
    const daily = prefer({ problems: "daily", timeZone: "Asia/Kolkata" })
    expect(waiting(daily, collect(news("p", "problems")))[0]?.dueAt).toEqual(Member.nextDigest(hour(1), "Asia/Kolkata"))
  })

  it("is told once, and what came while its mail was made gets one of its own", () => {
    const told: Member.Command = { _tag: "MarkNewsMailed", ids: ["a"], at: minutes(4) }
    expect(waiting(collect(news("a")), collect(news("a")))).toHaveLength(1)
    expect(waiting(collect(news("a")), collect(news("b")), told).map((one) => one.id)).toEqual(["b"])
    expect(jobs([join, collect(news("a")), collect(news("b")), told, told]).map(({ dueAt }) => dueAt)).toEqual([
      soon,
      minutes(4)
    ])
  })

  it("rests between two mails, so that a long burst is few", () => {
    const told: Member.Command = { _tag: "MarkNewsMailed", ids: ["a"], at: minutes(1) }
    const next = (at: DateTime.Utc) => waiting(collect(news("a")), told, collect(news("b"), at))[0]?.dueAt
    expect(next(minutes(2))).toEqual(minutes(1 + Member.restMinutes))
    expect(waiting(collect(news("a")), told, collect(news("p", "problems"), minutes(2)))[0]?.dueAt).toEqual(
      DateTime.add(minutes(2), { seconds: Member.burstSeconds })
    )
    expect(next(minutes(9))).toEqual(DateTime.add(minutes(9), { seconds: Member.burstSeconds }))
  })

  it("never grows beyond its limit, and counts what gave way", () => {
    const many = Array.from({ length: Member.newsLimit + 3 }, (_, n) => collect(news(`n${n}`)))
    const full = after("member", join, ...many)
    expect(full).toMatchObject({ newsLeftOut: 3 })
    expect(waiting(...many)).toHaveLength(Member.newsLimit)
    const told: Member.Command = { _tag: "MarkNewsMailed", ids: waiting(...many).map((one) => one.id), at: minutes(4) }
    expect(after("member", join, ...many, told)).not.toHaveProperty("newsLeftOut")
  })

  it("is not for somebody who may see less now, has left, or has not joined", () => {
    const lessened: Member.Command = { _tag: "ChangeAccess", role: "viewer", accessScope: limited, isOwner: false }
    expect(waiting(collect(news("p", "problems")), collect(news("r", "requests")), lessened)).toMatchObject([
      { id: "r" }
    ])
    expect(after("member", join, collect(news("p")), leave(false))).not.toHaveProperty("news")
    expect(after("member", invite(), collect(news("p")))).not.toHaveProperty("news")
  })
})
