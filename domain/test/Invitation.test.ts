/**
 * Auth links: how long they live, that one consent uses them up, and that nobody can wear them out (rules K-R8, K-R9).
 */
import { describe, expect, it } from "@effect/vitest"
import { Evidence, Job, Invitation } from "@portolan/domain"
import { DateTime, Duration } from "effect"
import * as commands from "./support/commands.ts"
import { after, stories, tell } from "./support/Story.ts"
import { ada, between, hour, id, instants } from "./support/values.ts"

const { any, creation } = commands.invitation
const issue = commands.issue(Invitation.lifetime.standard)
const follow = (n: number, at = 1): Invitation.Command => ({
  _tag: "Follow",
  authorizationId: id("authorization", n),
  at: hour(at)
})
const use = (n: number): Invitation.Command => ({ _tag: "Use", authorizationId: id("authorization", n), at: hour(2) })
const reason = (state: Invitation.State, command: Invitation.Command) =>
  tell("invitation", [command], state)[0]?.refused?.reason

describe("an auth link", () => {
  it.prop("lives between one hour and thirty days", [between(-10, 800)], ([hours]) => {
    expect(reason(Invitation.initial, commands.issue(Duration.hours(hours)))).toBe(
      hours >= 1 && hours <= 720 ? undefined : "contradiction"
    )
  })

  it.prop(
    "succeeds once",
    [stories("invitation", creation, any, 20)],
    ([steps]) => {
      expect(
        steps.flatMap((step) => step.events).filter((event) => event._tag === "LinkUsed").length
      ).toBeLessThanOrEqual(1)
    },
    { arbitrary: { runs: 200 } }
  )

  it("is used by one consent; the same one may be told again, another one is refused", () => {
    const used = after("invitation", issue, follow(0), use(0))
    expect(tell("invitation", [use(0)], used)[0]?.events).toEqual([])
    expect(reason(used, use(1))).toBe("already-used")
    expect(reason(used, follow(1))).toBe("already-used")
    expect(reason(used, { _tag: "Revoke", at: hour(3), by: ada })).toBe("already-used")
  })

  it("that was withdrawn opens nothing, also for whoever is at the provider", () => {
    const revoked = after("invitation", issue, follow(0), { _tag: "Revoke", at: hour(2), by: ada })
    expect(reason(revoked, use(0))).toBe("revoked")
    expect(reason(revoked, follow(1))).toBe("revoked")
    expect(tell("invitation", [{ _tag: "Revoke", at: hour(4), by: ada }], revoked)[0]?.after).toBe(revoked)
  })

  it.prop("expires to the millisecond, whether or not anybody has noticed", [between(-2, 2)], ([offset]) => {
    const open = after("invitation", issue)
    const at = DateTime.add(DateTime.addDuration(hour(0), Invitation.lifetime.standard), { milliseconds: offset })
    expect(reason(open, { _tag: "Follow", authorizationId: id("authorization"), at })).toBe(
      offset < 0 ? undefined : "expired"
    )
    expect(tell("invitation", [{ _tag: "Expire", at }], open)[0]?.after._tag).toBe(offset < 0 ? "Open" : "Expired")
  })

  it("can be followed fifty times and not more", () => {
    const worn = after("invitation", issue, ...Array.from({ length: Invitation.attemptLimit }, (_, n) => follow(n)))
    expect(worn).toMatchObject({ _tag: "Open", attempts: Invitation.attemptLimit })
    expect(reason(worn, follow(77))).toBe("too-many")
  })

  it("counts an attempt once, however often it is told", () => {
    expect(after("invitation", issue, follow(0), follow(0), follow(0))).toMatchObject({ attempts: 1 })
  })

  it("stays usable after a declined attempt, and says how it ended", () => {
    const declined = after("invitation", issue, follow(0), {
      _tag: "EndAttempt",
      authorizationId: id("authorization"),
      outcome: "the person declined",
      at: hour(2)
    })
    expect(declined).toMatchObject({ _tag: "Open", lastAttempt: { outcome: "the person declined" } })
    expect(tell("invitation", [follow(1), use(1)], declined).at(-1)?.after._tag).toBe("Used")
  })

  it.prop("keeps the outcome of every attempt, whichever ends first, and takes each once", [instants], ([at]) => {
    const end = (n: number, outcome: string): Invitation.Command => ({
      _tag: "EndAttempt",
      authorizationId: id("authorization", n),
      outcome,
      at
    })
    const story = tell("invitation", [issue, follow(0), follow(1), end(0, "late"), end(1, "declined"), end(0, "again")])
    const open = story.at(-1)?.after
    expect(open?._tag === "Open" && Invitation.attemptsOf(open).map(({ outcome }) => outcome)).toEqual([
      "late",
      "declined"
    ])
    expect(tell("invitation", [end(7, "of another link")], open)[0]?.after).toBe(open)
  })

  it("says while an attempt is under way how the one before ended", () => {
    const ended: Invitation.Command = {
      _tag: "EndAttempt",
      authorizationId: id("authorization", 0),
      outcome: "the person declined",
      at: hour(2)
    }
    const open = after("invitation", issue, follow(0), ended, follow(1, 3)) as Invitation.Present
    expect(Evidence.ofInvitation(open, hour(4)).reason).toContain("the person declined")
  })

  it("has its expiry written down as work when it is issued", () => {
    const [step] = tell("invitation", [issue])
    expect(step?.events.flatMap((event) => Job.ofInvitation(step.after as Invitation.Present, event))).toEqual([
      {
        dueAt: DateTime.addDuration(hour(0), Invitation.lifetime.standard),
        task: { _tag: "ExpireInvitation", invitationId: id("invitation") }
      }
    ])
  })
})

describe("a request to connect (rules X-R1 to X-R5, X-R13)", () => {
  const week = commands.ask(Duration.days(7))
  const mail = (at: number): Invitation.Command => ({ _tag: "MailAgain", at: hour(at) })
  const remind = (at: number): Invitation.Command => ({ _tag: "Remind", at: hour(at) })
  const objects = (because: Invitation.Objection, at = 3): Invitation.Command => ({
    _tag: "Object",
    because,
    at: hour(at)
  })

  /** What follows from commands. */
  const work = (...list: ReadonlyArray<Invitation.Command>) =>
    tell("invitation", list).flatMap(({ after, events }) =>
      after._tag === "Absent" ? [] : events.flatMap((event) => Job.ofInvitation(after, event))
    )
  const mails = (...list: ReadonlyArray<Invitation.Command>) =>
    work(...list).flatMap(({ task: one }) => (one._tag === "MailRequest" ? [`${one.about} to ${one.to}`] : []))

  it.prop(
    "is mailed to its owner five times at most, whatever is asked, and lives thirty days at most",
    [stories("invitation", creation, any, 25)],
    ([steps]) => {
      for (const { after } of steps) {
        if (after._tag !== "Open") continue
        expect(after.mails).toBeLessThanOrEqual(Invitation.mailLimit)
        expect(Duration.toDays(DateTime.distance(after.issuedAt, after.expiresAt))).toBeLessThanOrEqual(30)
        if (after.request === undefined) expect(after.mails).toBe(0)
      }
    },
    { arbitrary: { runs: 300 } }
  )

  it.prop("never ends earlier for being mailed again, and not at all once it is over", [between(0, 200)], ([at]) => {
    const open = after("invitation", week)
    const [step] = tell("invitation", [mail(at)], open)
    expect(step?.refused?.reason).toBe(at < 168 ? undefined : "expired")
    if (open._tag !== "Open" || step?.after._tag !== "Open" || at >= 168) return
    expect(step.after.expiresAt).toEqual(hour(at + 168))
  })

  it("lives as long after each mail as after the first one", () => {
    expect(after("invitation", week, mail(100), mail(200))).toMatchObject({ expiresAt: hour(200 + 168) })
  })

  it("comes to an end after thirty days, however often it is sent again", () => {
    const long = after("invitation", commands.ask(Duration.days(30)), mail(24 * 20), mail(24 * 29))
    expect(long).toMatchObject({ _tag: "Open", mails: 3, expiresAt: hour(24 * 30) })
  })

  it("is refused a sixth mail, and a link that was passed on by hand a first one", () => {
    const full = after("invitation", week, mail(1), mail(2), mail(3), mail(4))
    expect(full).toMatchObject({ mails: 5 })
    expect(reason(full, mail(5))).toBe("too-many")
    expect(tell("invitation", [remind(24 * 6 + 5)], full)[0]?.events).toEqual([])
    expect(reason(after("invitation", issue), mail(1))).toBe("contradiction")
    expect(reason(after("invitation", issue), objects("not-the-owner"))).toBe("contradiction")
  })

  it.prop(
    "reminds only within two days of its end, and nobody who objected or is mailed by another request",
    [between(0, 200)],
    ([at]) => {
      const reminded = (...list: ReadonlyArray<Invitation.Command>) =>
        tell("invitation", [...list, remind(at)]).at(-1)?.events.length
      expect(reminded(week)).toBe(at >= 168 - Invitation.reminderHours && at < 168 ? 1 : 0)
      expect(reminded(week, objects("not-the-owner", 0))).toBe(0)
      expect(reminded(commands.ask(Duration.days(7), { carriedBy: id("invitation", 1) }))).toBe(0)
      expect(reminded(issue)).toBe(0)
    }
  )

  it("shows the requester that the owner cannot help, once for each mail (rule X-R1)", () => {
    const steps = tell("invitation", [
      week,
      objects("not-the-owner"),
      objects("not-the-owner"),
      objects("not-expected"),
      mail(5),
      objects("not-expected")
    ])
    expect(steps.map((step) => step.events.length)).toEqual([1, 1, 0, 0, 1, 1])
    const outcome = Evidence.ofInvitation(steps[1]!.after as Invitation.Present, hour(4))
    expect(outcome.reason).toContain("somebody else owns the account")
    expect(outcome.nextStep).toContain("Find out who owns the account")
    expect(outcome.mustAct).toBe("member")
  })

  it("whose mail came back says so, reminds nobody, and begins afresh when it is mailed again (flow X3)", () => {
    const bounce = (to: "owner" | "requester", at = 1): Invitation.Command => ({
      _tag: "Bounce",
      to,
      reason: "550 no such user",
      at: hour(at)
    })
    const steps = tell("invitation", [
      week,
      bounce("owner"),
      bounce("owner", 2),
      remind(24 * 6),
      mail(24 * 6),
      remind(24 * 12)
    ])
    expect(steps.map((step) => step.events.length)).toEqual([1, 1, 0, 0, 1, 1])
    const [, bounced] = steps
    const outcome = Evidence.ofInvitation(bounced!.after as Invitation.Present, hour(3))
    expect(outcome).toMatchObject({ mustAct: "member", reason: expect.stringContaining("550 no such user") })
    const told = (to: "owner" | "requester") => tell("invitation", [bounce(to)], after("invitation", week))[0]!
    const mails = ({ after: next, events }: ReturnType<typeof told>) =>
      events.flatMap((event) => Job.ofInvitation(next as Invitation.Present, event)).map(({ task }) => task)
    expect(mails(told("owner"))).toMatchObject([{ _tag: "MailRequest", to: "requester", about: "bounced" }])
    expect(mails(told("requester"))).toEqual([])
    expect(tell("invitation", [bounce("owner")], after("invitation", issue))[0]?.events).toEqual([])
  })

  it("is used by one consent like any link, objection or not", () => {
    const used = after("invitation", week, objects("not-expected"), follow(0), use(0))
    expect(used._tag).toBe("Used")
    expect(reason(used, use(1))).toBe("already-used")
    expect(reason(used, mail(5))).toBe("already-used")
    expect(reason(used, objects("not-the-owner"))).toBe("already-used")
  })

  it("is mailed to both sides when it is sent, and its news go to whoever must know", () => {
    expect(mails(week)).toEqual(["asked to owner", "asked to requester"])
    expect(mails(week, mail(5)).slice(2)).toEqual(["asked to owner"])
    expect(mails(week, remind(150)).slice(2)).toEqual(["reminded to owner"])
    expect(mails(week, objects("not-expected")).slice(2)).toEqual(["objected to requester"])
    expect(mails(week, { _tag: "Revoke", at: hour(4), by: ada }).slice(2)).toEqual(["withdrawn to owner"])
    expect(mails(week, { _tag: "Expire", at: hour(168) }).slice(2)).toEqual(["expired to requester"])
    expect(mails(week, follow(0), use(0)).slice(2)).toEqual([])
  })

  it("that another one's mail carries has no mail of its own, and a link passed on by hand has none at all", () => {
    expect(mails(commands.ask(Duration.days(7), { carriedBy: id("invitation", 1) }))).toEqual([])
    expect(mails(issue, follow(0), { _tag: "Revoke", at: hour(4), by: ada })).toEqual([])
    expect(mails(issue, { _tag: "Expire", at: hour(168) })).toEqual([])
  })

  it("is brought to mind two days before its end when it lives longer than four", () => {
    const reminder = (days: number) =>
      work(commands.ask(Duration.days(days)))
        .filter(({ task: { _tag } }) => _tag === "RemindRequest")
        .map(({ dueAt }) => dueAt)
    expect(reminder(7)).toEqual([hour(120)])
    expect(reminder(4)).toEqual([])
    expect(work(issue).some(({ task: { _tag } }) => _tag === "RemindRequest")).toBe(false)
    expect(
      work(commands.ask(Duration.days(7), { carriedBy: id("invitation", 1) })).some(
        ({ task: { _tag } }) => _tag === "RemindRequest"
      )
    ).toBe(false)
  })
})

describe("a mail about a request", () => {
  const asked = commands.ask(Invitation.lifetime.standard)
  const bounce = (to: Invitation.Bounce["to"], at: number): Invitation.Command => ({
    _tag: "Bounce",
    to,
    reason: `${to} unknown`,
    at: hour(at)
  })
  const remind = (at: number): Invitation.Command => ({ _tag: "Remind", at: hour(at) })
  const object: (at: number) => Invitation.Command = (at) => ({ _tag: "Object", because: "not-expected", at: hour(at) })
  const events = (state: Invitation.State, command: Invitation.Command) =>
    tell("invitation", [command], state)[0]?.events

  it.prop("that came back hides none that came back before, and no reminder follows it", [between(0, 1)], ([first]) => {
    const [one, two] = first === 0 ? (["owner", "requester"] as const) : (["requester", "owner"] as const)
    const open = after("invitation", asked, bounce(one, 1), bounce(two, 2)) as Invitation.Open
    for (const to of [one, two]) expect(Invitation.bounceTo(open, to)?.reason).toBe(`${to} unknown`)
    expect(events(open, remind(130))).toEqual([])
    expect(Evidence.ofInvitation(open, hour(3)).reason).toContain("owner unknown")
    const again = after("invitation", asked, bounce(one, 1), bounce(two, 2), { _tag: "MailAgain", at: hour(3) })
    expect(again).not.toHaveProperty("bounce")
    expect(again).not.toHaveProperty("secondBounce")
  })

  it("is counted once for each time it is asked for", () => {
    const again: Invitation.Command = { _tag: "MailAgain", at: hour(1) }
    const mails = (...list: ReadonlyArray<Invitation.Command>) => after("invitation", asked, ...list)
    expect(mails(again, again, again)).toMatchObject({ mails: 2 })
    expect(mails(remind(130), remind(130))).toMatchObject({ mails: 2 })
    expect(mails(again, { _tag: "MailAgain", at: hour(2) }, again)).toMatchObject({ mails: 3 })
  })

  it("is no longer objected to once somebody follows it, and another objection is reported a day later at most", () => {
    const objected = after("invitation", asked, object(1))
    const visited = after("invitation", asked, object(1), follow(0, 2))
    expect(events(objected, remind(130))).toEqual([])
    expect(visited).not.toHaveProperty("objection")
    expect(events(visited, remind(130))).toMatchObject([{ _tag: "RequestReminded" }])
    expect(events(visited, object(3))).toEqual([])
    expect(events(visited, object(1 + Invitation.objectionHours))).toMatchObject([{ _tag: "RequestObjected" }])
  })
})
