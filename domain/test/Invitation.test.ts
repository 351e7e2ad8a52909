/** Auth links: how long they live, that one consent uses them up, and that nobody can wear them out (rules K-R8b, K-R9). */
import { describe, expect, it } from "@effect/vitest"
import { Intent, Invitation } from "@portolan/domain"
import { DateTime, Duration } from "effect"
import * as commands from "./support/commands.ts"
import { after, stories, tell } from "./support/Story.ts"
import { ada, between, hour, id, instants } from "./support/values.ts"

const { any, creation } = commands.invitation
const issue = commands.issue(Invitation.lifetime.standard)
const follow = (n: number, at = 1): Invitation.Command => ({ _tag: "Follow", authorizationId: id("authorization", n), at: hour(at) })
const use = (n: number): Invitation.Command => ({ _tag: "Use", authorizationId: id("authorization", n), at: hour(2) })
const reason = (state: Invitation.State, command: Invitation.Command) => tell("invitation", [command], state)[0]?.refused?.reason

describe("an auth link", () => {
  it.prop("lives between one hour and thirty days", [between(-10, 800)], ([hours]) => {
    expect(reason(Invitation.initial, commands.issue(Duration.hours(hours)))).toBe(hours >= 1 && hours <= 720 ? undefined : "contradiction")
  })

  it.prop("succeeds once", [stories("invitation", creation, any, 20)], ([steps]) => {
    expect(steps.flatMap((step) => step.events).filter((event) => event._tag === "LinkUsed").length).toBeLessThanOrEqual(1)
  }, { arbitrary: { runs: 200 } })

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
    expect(reason(open, { _tag: "Follow", authorizationId: id("authorization"), at })).toBe(offset < 0 ? undefined : "expired")
    expect(tell("invitation", [{ _tag: "Expire", at }], open)[0]?.after._tag).toBe(offset < 0 ? "Open" : "Expired")
  })

  it("can be followed fifty times and not more", () => {
    const worn = after("invitation", issue, ...Array.from({ length: Invitation.attemptLimit }, (_, n) => follow(n % 2)))
    expect(worn).toMatchObject({ _tag: "Open", attempts: Invitation.attemptLimit })
    expect(reason(worn, follow(7))).toBe("too-many")
  })

  it("counts an attempt once, however often it is told", () => {
    expect(after("invitation", issue, follow(0), follow(0), follow(0))).toMatchObject({ attempts: 1 })
  })

  it("stays usable after a declined attempt, and says how it ended", () => {
    const declined = after("invitation", issue, follow(0),
      { _tag: "EndAttempt", authorizationId: id("authorization"), outcome: "the person declined", at: hour(2) })
    expect(declined).toMatchObject({ _tag: "Open", lastAttempt: { outcome: "the person declined" } })
    expect(tell("invitation", [follow(1), use(1)], declined).at(-1)?.after._tag).toBe("Used")
  })

  it.prop("does not take the outcome of an attempt that is not the latest", [instants], ([at]) => {
    const open = after("invitation", issue, follow(0), follow(1))
    expect(tell("invitation", [{ _tag: "EndAttempt", authorizationId: id("authorization", 0), outcome: "late", at }], open)[0]?.after).toBe(open)
  })

  it("has its expiry written down as work when it is issued", () => {
    const [step] = tell("invitation", [issue])
    expect(step?.events.flatMap((event) => Intent.ofInvitation(step.after as Invitation.Present, event))).toEqual([{
      dueAt: DateTime.addDuration(hour(0), Invitation.lifetime.standard),
      work: { _tag: "ExpireInvitation", invitationId: id("invitation") }
    }])
  })
})
