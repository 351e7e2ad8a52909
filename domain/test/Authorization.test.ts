/**
 * One authorization at the provider: single use, one browser, in time, and a person's choice (rules K-R8 to K-R14).
 */
import { describe, expect, it } from "@effect/vitest"
import { Authorization, Job, type Profile } from "@portolan/domain"
import { Arbitrary, DateTime, Schema } from "effect"
import * as commands from "./support/commands.ts"
import { after, stories, tell } from "./support/Story.ts"
import { ada, between, candidate, hour, id, instants, key } from "./support/values.ts"

const { any, creation } = commands.authorization
const start: Authorization.Command = { _tag: "Start", authorization: commands.startedAuthorization() }
const goBack = (at = 0.1, browserDigest = "b0"): Authorization.Command => ({
  _tag: "Return",
  browserDigest,
  grantId: id("grant"),
  at: hour(at)
})
const consent = (...found: ReadonlyArray<Profile.Candidate>): Authorization.Command => ({
  _tag: "RecordConsent",
  candidates: found,
  at: hour(0.2)
})
const select = (
  n: number,
  obstacles: ReadonlyArray<Profile.Obstacle> = [],
  confirmed = false
): Authorization.Command => ({ _tag: "Select", key: key(n), obstacles, confirmed, at: hour(1), by: ada })
const waiting = after("authorization", start, goBack(), consent(candidate(0), candidate(1)))
const reason = (state: Authorization.State, command: Authorization.Command) =>
  tell("authorization", [command], state)[0]?.refused?.reason

describe("the way back", () => {
  it.prop(
    "is used once, however often the browser returns",
    [stories("authorization", creation, any, 20)],
    ([steps]) => {
      const received = steps.flatMap((step) => step.events).filter((event) => event._tag === "CallbackReceived")
      expect(received.length).toBeLessThanOrEqual(1)
      const settled = steps.flatMap((step) => step.events).filter((event) => event._tag === "ProfileSelected")
      expect(settled.length).toBeLessThanOrEqual(1)
    },
    { arbitrary: { runs: 300 } }
  )

  it("tells a second return that the first was handled", () => {
    for (const state of [
      after("authorization", start, goBack()),
      waiting,
      after("authorization", start, goBack(), consent(candidate()), select(0))
    ]) {
      expect(reason(state, goBack())).toBe("already-used")
      expect(reason(state, { _tag: "Decline", browserDigest: "b0", detail: "no", at: hour(0.1) })).toBe("already-used")
    }
  })

  it("is closed to another browser, which changes nothing", () => {
    const started = after("authorization", start)
    expect(reason(started, goBack(0.1, "b1"))).toBe("wrong-browser")
    expect(reason(started, { _tag: "Decline", browserDigest: "b1", detail: "no", at: hour(0.1) })).toBe("wrong-browser")
  })

  it.prop("ends at the deadline to the millisecond, and the late person is told so", [between(-2, 2)], ([offset]) => {
    const at = DateTime.add(commands.startedAuthorization().expiresAt, { milliseconds: offset })
    const [returned, expired] = [
      after("authorization", start, { _tag: "Return", browserDigest: "b0", grantId: id("grant"), at }),
      after("authorization", start, { _tag: "Expire", at })
    ]
    expect(returned._tag).toBe(offset < 0 ? "Exchanging" : "Expired")
    expect(expired._tag).toBe(offset < 0 ? "Started" : "Expired")
    expect(reason(after("authorization", start, { _tag: "Expire", at: hour(1) }), goBack())).toBe("expired")
  })
})

describe("choosing", () => {
  it.prop(
    "binds exactly what was chosen, and only what the login can see",
    [Arbitrary.array(between(0, 4), { maxLength: 4 }), between(0, 4)],
    ([seen, wanted]) => {
      const state = after("authorization", start, goBack(), consent(...seen.map((n) => candidate(n))))
      const [step] = tell("authorization", [select(wanted)], state)
      if (!seen.includes(wanted)) {
        expect(step?.refused?.reason).toBe("unknown-profile")
        return
      }
      expect(step?.after).toMatchObject({ _tag: "Finalised", selected: { key: key(wanted) }, finalisedBy: ada })
    }
  )

  it.prop(
    "nothing is chosen by itself, even when one profile is left",
    [stories("authorization", creation, any, 20)],
    ([steps]) => {
      for (const { command, events } of steps) {
        if (events.some((event) => event._tag === "ProfileSelected")) expect(command._tag).toBe("Select")
      }
    }
  )

  it.prop(
    "what blocks refuses; what warns wants a confirmation",
    [Arbitrary.array(Arbitrary.schema(Schema.Literals(["blocks", "warns"])), { maxLength: 3 }), Schema.Boolean],
    ([weights, confirmed]) => {
      const obstacles = weights.map((weight, n) => ({ weight, detail: `Obstacle ${n}.` }))
      const [step] = tell("authorization", [select(0, obstacles, confirmed)], waiting)
      expect(step?.refused?.reason).toBe(
        weights.includes("blocks")
          ? "unfit-profile"
          : weights.length > 0 && !confirmed
            ? "needs-confirmation"
            : undefined
      )
    }
  )

  it("choosing the same again is nothing new; another one is too late", () => {
    const done = after("authorization", start, goBack(), consent(candidate(0), candidate(1)), select(0))
    expect(tell("authorization", [select(0)], done)[0]).toMatchObject({ events: [], after: done })
    expect(reason(done, select(1))).toBe("already-used")
  })

  it("an empty list is no trap: it is looked at again, or dropped", () => {
    const empty = after("authorization", start, goBack(), consent())
    expect(
      tell("authorization", [{ _tag: "FindCandidates", candidates: [candidate(0)], at: hour(5) }, select(0)], empty).at(
        -1
      )?.after._tag
    ).toBe("Finalised")
    expect(
      tell("authorization", [{ _tag: "Dismiss", at: hour(9), by: ada, because: "wrong login" }], empty).at(-1)?.after
        ._tag
    ).toBe("Dismissed")
  })
})

describe("follow-up work", () => {
  const work = (...list: ReadonlyArray<Authorization.Command>) => {
    const step = tell("authorization", list).at(-1)!
    return step.events.flatMap((event) => Job.ofAuthorization(step.after as Authorization.Present, event))
  }

  it("an authorization that started expires by itself", () => {
    expect(work(start)).toEqual([
      {
        dueAt: commands.startedAuthorization().expiresAt,
        task: { _tag: "ExpireAuthorization", authorizationId: id("authorization") }
      }
    ])
  })

  it("a choice that waits is brought to mind three times; an empty list is looked at again after an hour", () => {
    const reminders = [4.2, 24.2, 72.2].map((hours) => ({
      dueAt: hour(hours),
      task: { _tag: "RemindSelection", authorizationId: id("authorization") }
    }))
    expect(work(start, goBack(), consent(candidate()))).toEqual(reminders)
    expect(work(start, goBack(), consent())).toEqual([
      ...reminders,
      { dueAt: hour(1.2), task: { _tag: "FindCandidates", authorizationId: id("authorization") } },
      { dueAt: hour(0.2), task: { _tag: "Diagnose", connectionId: id("connection") } }
    ])
  })

  it.prop(
    "tokens that may have been stored are forgotten when the authorization comes to nothing",
    [instants],
    ([at]) => {
      const forgotten = [{ dueAt: at, task: { _tag: "EndGrant", grantId: id("grant"), end: "discarded" } }]
      expect(work(start, goBack(), { _tag: "Fail", reason: "code-refused", detail: "late", at })).toEqual(forgotten)
      expect(work(start, goBack(), consent(), { _tag: "Dismiss", at, by: ada, because: "" })).toEqual(forgotten)
      expect(work(start, { _tag: "Fail", reason: "provider-error", detail: "late", at })).toEqual([])
    }
  )

  it("an exchange that died half-way expires and forgets what it may have stored", () => {
    expect(work(start, goBack(), { _tag: "Expire", at: hour(0.25) }).map((one) => one.task._tag)).toEqual(["EndGrant"])
  })
})

describe("a look at the profiles of a consent", () => {
  const find = (at: number, ...found: ReadonlyArray<Profile.Candidate>): Authorization.Command => ({
    _tag: "FindCandidates",
    candidates: found,
    at: hour(at)
  })

  it.prop("replaces older ones and no newer one, and counts once", [between(1, 9)], ([at]) => {
    const newest = after("authorization", start, goBack(), consent(candidate(0)), find(at, candidate(1)))
    const late = [find(at - 0.5, candidate(2)), find(at, candidate(1))]
    expect(tell("authorization", late, newest).flatMap(({ events }) => events)).toEqual([])
    expect(tell("authorization", [find(at + 1, candidate(2))], newest)[0]?.after).toMatchObject({
      candidates: [candidate(2)]
    })
  })
})
