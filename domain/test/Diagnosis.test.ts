/** Why an account is missing or limited (rules S-R5, C9, P-R2, P-R3). */
import { describe, expect, it } from "@effect/vitest"
import { Check, Diagnosis, Refused } from "@portolan/domain"
import { Arbitrary, DateTime, Duration, Option, Result, Schema } from "effect"
import { read, write } from "./support/json.ts"
import { actors, ada, between, frozen, hour, id, instants, nearby, oneOf, pick } from "./support/values.ts"

const { Event, State, decide, evaluate, evolve } = Diagnosis
const { all, array, Constant, map } = Arbitrary
const facts = Arbitrary.schema(Check.Facts)
const answers = map(Arbitrary.schema(Check.Answers), nearby)
const checkIds = pick(...Diagnosis.checkIds)

/** Facts that fail one check each, and that check. */
const bad: ReadonlyArray<readonly [Check.CheckId, Check.Facts]> = [
  ["campaign-exists", { campaigns: false }],
  ["campaign-exists", { campaigns: 0 }],
  ["payment-valid", { paymentValid: false }],
  ["campaign-editable", { permission: "view" }],
  ["ad-group-editable", { permission: "view" }],
  ["ad-group-editable", { adGroupPermission: "view" }],
  ["marketplace-enabled", { marketplaceEnabled: false }],
  ["login-used", { advertisingConsent: false }]
]
const bads = map(between(0, bad.length - 1), (n) => bad[n]!)
const good: Check.Facts = {
  campaigns: 3,
  profileVisible: true,
  permission: "edit",
  paymentValid: true,
  advertisingConsent: true,
  marketplaceEnabled: true
}
const said = (holds: boolean): Check.Answer => ({ holds, by: ada, at: hour(0) })
const stateOf = (diagnosis: Diagnosis.Diagnosis, check: Check.CheckId) =>
  diagnosis.checks.find((one) => one.id === check)?.state
const sentence = /^\S.*[.?]$/s

describe("an evaluation", () => {
  it.prop(
    "is total: six checks in the order of the rule, each with words, whatever is known",
    [facts, answers],
    ([known, given]) => {
      frozen([known, given])
      const diagnosis = evaluate(known, given)
      expect(diagnosis.checks.map((one) => one.id)).toEqual([
        "campaign-exists",
        "payment-valid",
        "campaign-editable",
        "ad-group-editable",
        "marketplace-enabled",
        "login-used"
      ])
      for (const one of diagnosis.checks) {
        expect(one.title).toMatch(/^[A-Z]/)
        expect(one.question).toMatch(/^[A-Z].+\?$/)
        expect(one.explanation).toMatch(sentence)
        expect(one.nextStep).toMatch(sentence)
        expect(one.mustAct === "nobody").toBe(one.state === "passed" || one.state === "unknown")
      }
      expect(diagnosis.summary).toMatch(sentence)
      expect(diagnosis.nextStep).toMatch(sentence)
      expect(evaluate(known, given)).toEqual(diagnosis)
    },
    { arbitrary: { runs: 300 } }
  )

  it.prop(
    "never passes a check that a fact fails, whatever else is known or said",
    [facts, answers, bads],
    ([known, given, [check, fact]]) => {
      expect(stateOf(evaluate({ ...known, ...fact }, given), check)).toBe("failed")
    },
    { arbitrary: { runs: 300 } }
  )

  it.prop(
    "passes no check that did not pass before when a fact turns bad",
    [facts, answers, bads],
    ([known, given, [, fact]]) => {
      const before = evaluate(known, given)
      const after = evaluate({ ...known, ...fact }, given)
      const passed = (diagnosis: Diagnosis.Diagnosis) =>
        diagnosis.checks.filter((one) => one.state === "passed").map((one) => one.id)
      expect(passed(before)).toEqual(expect.arrayContaining(passed(after)))
    },
    { arbitrary: { runs: 300 } }
  )

  it.prop(
    "has facts beat answers, and answers count only where facts are silent",
    [facts, answers],
    ([known, given]) => {
      const alone = evaluate(known)
      evaluate(known, given).checks.forEach((check, index) => {
        const byFact = Check.judge(check.id, known)
        if (byFact !== undefined) expect(check).toEqual(alone.checks[index])
        else
          expect(check.state).toBe(
            { true: "passed", false: "failed", undefined: alone.checks[index]?.state }[`${given[check.id]?.holds}`]
          )
        expect(check.answer !== undefined).toBe(byFact === undefined && given[check.id] !== undefined)
      })
    },
    { arbitrary: { runs: 300 } }
  )

  it.prop(
    "has the first failing check as its headline, and before all a login that was never used",
    [facts, answers],
    ([known, given]) => {
      const { checks, headline, remarks, verdict } = evaluate(known, given)
      const failed = checks.filter((one) => one.state === "failed")
      expect(headline).toEqual(failed.find((one) => one.id === "login-used") ?? failed[0])
      expect(verdict === "failing").toBe(failed.length > 0 || remarks.length > 0)
      expect(verdict === "well").toBe(checks.every((one) => one.state === "passed") && remarks.length === 0)
    },
    { arbitrary: { runs: 300 } }
  )

  it.prop(
    "puts nothing to a person that the provider has told",
    [facts],
    ([known]) => {
      for (const one of evaluate(known).checks) {
        expect(one.state === "unanswered" || one.state === "unknown").toBe(Check.judge(one.id, known) === undefined)
        if (one.state === "unanswered") expect(one).toMatchObject({ answeredBy: "person", mustAct: "member" })
      }
    },
    { arbitrary: { runs: 200 } }
  )

  it("is well when all facts are good", () => {
    expect(evaluate(good)).toMatchObject({ verdict: "well", mustAct: "nobody", summary: "All checks pass." })
    expect(evaluate(good).lookAgainAfter).toBeUndefined()
  })

  it("looks by itself where it can, and asks where the provider cannot or did not tell", () => {
    expect(evaluate({}).checks.map((one) => one.state)).toEqual(Array.from({ length: 6 }, () => "unknown"))
    expect(evaluate({ advertisingConsent: false, marketplaceEnabled: true }).checks.map((one) => one.state)).toEqual([
      "unanswered",
      "unanswered",
      "unanswered",
      "unanswered",
      "passed",
      "failed"
    ])
    const { paymentValid: _, ...silent } = good
    expect(stateOf(evaluate(silent), "payment-valid")).toBe("unknown")
    expect(stateOf(evaluate({ ...silent, notReported: ["payment-valid"] }), "payment-valid")).toBe("unanswered")
    expect(evaluate({ ...silent, notReported: ["payment-valid"] }).nextStep).toMatch(/^Please answer: /)
  })

  it("tells of a new campaign how long it takes, and looks again by itself", () => {
    const { headline, lookAgainAfter } = evaluate({ ...good, campaigns: 0 })
    expect(headline).toMatchObject({ id: "campaign-exists", mustAct: "account-owner" })
    expect(headline?.nextStep).toContain("up to 24 hours")
    expect(lookAgainAfter).toEqual(Duration.hours(6))
  })

  it("says of rights that were given and not noticed what helps", () => {
    expect(evaluate({ ...good, permission: "view" }).nextStep).toContain("removed and added again")
  })

  it("takes from the right to edit campaigns that ad groups follow only while that is assumed", () => {
    const strict = { adGroupsFollowCampaigns: false }
    expect(stateOf(evaluate(good), "ad-group-editable")).toBe("passed")
    expect(stateOf(evaluate(good, {}, strict), "ad-group-editable")).toBe("unknown")
    expect(
      stateOf(evaluate({ ...good, permission: "view", adGroupPermission: "edit" }, {}, strict), "ad-group-editable")
    ).toBe("failed")
  })

  it("remarks on what is none of the six checks", () => {
    expect(evaluate({ ...good, profileVisible: false, participating: false, suspendedListings: true })).toMatchObject({
      verdict: "failing",
      summary: "The login does not see the advertising profile of this account.",
      remarks: [{ id: "profile-not-visible" }, { id: "not-participating" }, { id: "suspended-listings" }]
    })
  })
})

const diagnosis = {
  id: id("diagnosis"),
  organizationId: id("organization"),
  companyId: id("company"),
  accountId: id("account"),
  connectionId: id("connection"),
  channel: "amazon-ads",
  openedAt: hour(0)
} as const
const open: Diagnosis.Command = { _tag: "Open", diagnosis }
const observe = (known: Check.Facts, at: number): Diagnosis.Command => ({ _tag: "Observe", facts: known, at: hour(at) })
const answer = (check: Check.CheckId, holds: boolean, at: number): Diagnosis.Command => ({
  _tag: "Answer",
  check,
  holds,
  by: ada,
  at: hour(at)
})
const commands = oneOf<Diagnosis.Command>(
  Constant(open),
  all({
    _tag: Constant("Observe"),
    facts: pick<Check.Facts>(good, {}, { campaigns: 0 }, { permission: "view" }),
    at: instants
  }),
  all({ _tag: Constant("Answer"), check: checkIds, holds: pick(true, false), by: actors, at: instants })
)
const tell = (list: ReadonlyArray<Diagnosis.Command>, from: Diagnosis.State = Diagnosis.initial) => {
  let state = from
  return list.map((command) => {
    const before = state
    const decision = decide(before, command)
    const events = Result.isSuccess(decision) ? decision.success : []
    state = Diagnosis.replay(before, events)
    return { before, command, events, after: state }
  })
}
const after = (...list: ReadonlyArray<Diagnosis.Command>): Diagnosis.Open => {
  const last = tell([open, ...list]).at(-1)?.after
  if (last?._tag !== "Open") throw new Error("impossible: it was opened")
  return last
}
const stories = map(array(commands, { maxLength: 20 }), (rest) => tell([open, ...rest]))

describe("the machine", () => {
  const states = map(Arbitrary.schema(State), nearby)
  const events = map(Arbitrary.schema(Event), nearby)

  it.prop(
    "answers every command, and makes of every event a state that can be kept",
    [states, commands, events],
    ([state, command, event]) => {
      frozen([state, event])
      const decision = decide(state, command)
      if (Result.isFailure(decision)) {
        expect(decision.failure).toBeInstanceOf(Refused.Refused)
        expect(decision.failure).toMatchObject({ subject: "Diagnosis", command: command._tag })
        expect(decision.failure.detail).toMatch(sentence)
        expect(decision.failure.nextStep).toMatch(sentence)
      }
      const next = evolve(state, event)
      expect(write(State, read(State, write(State, next)))).toBe(write(State, next))
    },
    { arbitrary: { runs: 300 } }
  )

  it.prop(
    "is the fold of its events, also from a store, and the same asked again changes nothing",
    [stories],
    ([steps]) => {
      let state = Diagnosis.initial
      for (const step of steps) {
        for (const event of step.events) state = evolve(state, read(Event, write(Event, event)))
        expect(write(State, state)).toBe(write(State, step.after))
        expect(write(State, tell([step.command], step.after)[0]!.after)).toBe(write(State, step.after))
      }
      expect(evolve(steps.at(-1)!.after, steps[0]!.events[0]!)).toBe(steps.at(-1)!.after)
    },
    { arbitrary: { runs: 200 } }
  )

  it.prop(
    "knows what the newest look told, whatever order they come in",
    [array(instants, { minLength: 1, maxLength: 8 })],
    ([looks]) => {
      const state = after(
        ...looks.map((at, n): Diagnosis.Command => ({ _tag: "Observe", facts: { campaigns: n }, at }))
      )
      const newest = looks.reduce((one, other) => (DateTime.isGreaterThan(other, one) ? other : one))
      expect(state.facts).toEqual({ campaigns: looks.findIndex((at) => DateTime.Equivalence(at, newest)) })
      expect(state.checkedAt).toEqual(newest)
    }
  )

  it("has events when something changed, and otherwise confirms at most every five minutes", () => {
    const state = after(observe(good, 1))
    expect(tell([observe({ ...good }, 1.05)], state)[0]?.events).toEqual([])
    expect(tell([observe({ ...good }, 1.1)], state)[0]?.events).toEqual([{ _tag: "FactsConfirmed", at: hour(1.1) }])
    expect(tell([observe({ campaigns: 0 }, 1.05)], state)[0]?.events).toMatchObject([
      { _tag: "FactsObserved", connectionId: id("connection") }
    ])
    expect(after(observe(good, 1), observe(good, 9))).toMatchObject({ checkedAt: hour(9), changedAt: hour(1) })
  })

  it("keeps the latest answer of a person, with who and when", () => {
    expect(
      after(answer("payment-valid", true, 1), answer("payment-valid", false, 3), answer("payment-valid", true, 2))
        .answers
    ).toEqual({ "payment-valid": { holds: false, by: ada, at: hour(3) } })
    expect(tell([answer("payment-valid", true, 5)], after(answer("payment-valid", true, 1)))[0]?.events).toEqual([])
  })

  it("looks again at once, then after the wait of its checks, until nothing has changed for two weeks", () => {
    expect(Diagnosis.lookAgainAt(after())).toEqual(Option.some(hour(0)))
    expect(Diagnosis.lookAgainAt(after(observe({ ...good, campaigns: 0 }, 1)))).toEqual(Option.some(hour(7)))
    expect(Diagnosis.lookAgainAt(after(observe(good, 1)))).toEqual(Option.none())
    const waiting = after(observe({ ...good, campaigns: 0 }, 1), observe({ ...good, campaigns: 0 }, 1 + 24 * 14 - 6))
    expect(Option.isSome(Diagnosis.lookAgainAt(waiting))).toBe(true)
    expect(Diagnosis.lookAgainAt(after(observe({ campaigns: 0 }, 1), observe({ campaigns: 0 }, 2 + 24 * 14)))).toEqual(
      Option.none()
    )
  })

  it("is Amazon's, and opened once", () => {
    const walmart = decide(Diagnosis.initial, { _tag: "Open", diagnosis: { ...diagnosis, channel: "walmart-connect" } })
    expect(Result.isFailure(walmart) && walmart.failure.reason).toBe("contradiction")
    const again = decide(after(), open)
    expect(Result.isFailure(again) && again.failure.reason).toBe("already-exists")
    expect(Schema.is(State)(after())).toBe(true)
    expect(Diagnosis.ofOpen(after(answer("login-used", false, 1))).headline?.answer).toEqual({
      ...said(false),
      at: hour(1)
    })
  })
})
