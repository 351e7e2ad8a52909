/** Every status in words: a label, a reason, who must act, and one next step. */
import { describe, expect, it } from "@effect/vitest"
import { Authorization, Backfill, Connection, Evidence, Job, Invitation } from "@portolan/domain"
import { Arbitrary, DateTime, Effect } from "effect"
import * as commands from "./support/commands.ts"
import { stories } from "./support/Story.ts"
import { ada, between, candidates, dawn, id, instants, nearby } from "./support/values.ts"

const complete = (outcome: Evidence.Outcome) => {
  expect(outcome.label).toMatch(/^\S.{2,30}$/)
  expect(outcome.reason).toMatch(/\S/)
  expect(["nobody", "member", "account-owner", "operator"]).toContain(outcome.mustAct)
  expect(outcome.nextStep).toMatch(/^\S.+\.$/)
}

/** Whether the consent of a connection has ended by itself. */
const endsBy = (state: Connection.Present, now: DateTime.Utc) =>
  Connection.isLinked(state) &&
  state.link.expiresAt !== undefined &&
  DateTime.isGreaterThanOrEqualTo(now, state.link.expiresAt)

describe("evidence", () => {
  it.prop(
    "says from the end of a consent on that it is over and who must act, and not before",
    [Arbitrary.map(Arbitrary.schema(Connection.State), nearby), instants, between(-3, 400)],
    ([drawn, end, days]) => {
      if (drawn._tag === "Absent" || !Connection.isLinked(drawn)) return
      const state = { ...drawn, link: { ...drawn.link, expiresAt: end } }
      const { expiresAt: _expiresAt, ...endless } = state.link
      const now = DateTime.add(end, { days })
      const evidence = Evidence.ofConnection(state, now)
      complete(evidence)
      if (days < 0) return expect(evidence).toEqual(Evidence.ofConnection({ ...state, link: endless }, now))
      const since = state._tag === "ReauthorizationNeeded" ? state.since : end
      expect(evidence).toMatchObject({ status: "reauthorization-needed", since })
      expect(evidence.mustAct).toBe(state.renewal === undefined ? "account-owner" : "member")
      if (state._tag !== "ReauthorizationNeeded") expect(evidence.reason).toBe("The consent reached its end.")
      for (const topic of Job.Topic.literals) {
        const text = Evidence.explain(topic, state, { detail: "advertising", now })
        expect(text.toLowerCase()).not.toContain("the load goes on")
      }
    },
    { arbitrary: { runs: 300 } }
  )

  it("reads a visit to the provider whose time is over as timed out, before it is recorded", () => {
    const started: Authorization.Present = { _tag: "Started", ...commands.startedAuthorization() }
    const { expiresAt } = started
    expect(Evidence.ofAuthorization(started, DateTime.subtract(expiresAt, { seconds: 1 })).label).not.toBe("Timed out")
    expect(Evidence.ofAuthorization(started, expiresAt)).toMatchObject({ label: "Timed out", mustAct: "member" })
  })

  it.prop(
    "of any connection is complete, and is proven only by the provider",
    [Arbitrary.map(Arbitrary.schema(Connection.State), nearby), instants],
    ([state, now]) => {
      if (state._tag === "Absent") return
      const evidence = Evidence.ofConnection(state, now)
      complete(evidence)
      expect(evidence.provenAt).toEqual(Connection.isLinked(state) ? state.provenAt : undefined)
      const waits = Connection.pendingOf(state) !== undefined
      const paused = evidence.status === "paused"
      if (waits && !paused) expect(evidence.nextStep).toContain("Pending authorizations")
      const isOver = endsBy(state, now)
      const isQuiet = state._tag === "Connected" && !waits && !paused && !isOver
      expect(evidence.mustAct === "nobody").toBe(isQuiet || state._tag === "Withdrawn")
    },
    { arbitrary: { runs: 300 } }
  )

  const pending = (candidates: Authorization.AwaitingSelection["candidates"]): Authorization.AwaitingSelection => ({
    _tag: "AwaitingSelection",
    ...commands.startedAuthorization(),
    grantId: id("grant"),
    consentedAt: dawn,
    candidates,
    candidatesAt: dawn
  })

  it.prop(
    "of a consent that sees no profile agrees with its authorization, and keeps the status",
    [Arbitrary.map(Arbitrary.schema(Connection.State), nearby)],
    ([drawn]) => {
      if (drawn._tag === "Absent") return
      const waiting = Connection.evolve(drawn, {
        _tag: "SelectionAwaited",
        pending: { authorizationId: id("authorization"), since: dawn }
      })
      if (waiting._tag === "Absent") return
      const without = Evidence.ofConnection(waiting, dawn)
      const authorization = pending([])
      const outcome = Evidence.ofAuthorization(authorization, dawn)
      const told = Evidence.ofConnection(waiting, dawn, { pending: authorization })
      expect(told.status).toBe(without.status)
      expect(told).toMatchObject({ mustAct: "account-owner", nextStep: outcome.nextStep })
      expect(told.reason).toContain(outcome.reason)
      if (waiting._tag === "AwaitingSelection") expect(told).toMatchObject(outcome)
      else expect(told.label).toBe(without.label)
    },
    { arbitrary: { runs: 200 } }
  )

  it.prop(
    "of a consent that sees profiles, or of another authorization, says what it said",
    [Arbitrary.map(Arbitrary.schema(Connection.State), nearby), candidates],
    ([drawn, candidate]) => {
      if (drawn._tag === "Absent") return
      const own = Connection.pendingOf(drawn)?.authorizationId
      expect(
        Evidence.ofConnection(drawn, dawn, { pending: { ...pending([candidate]), id: own ?? id("authorization") } })
      ).toEqual(Evidence.ofConnection(drawn, dawn))
      if (own !== id("authorization"))
        expect(Evidence.ofConnection(drawn, dawn, { pending: pending([]) })).toEqual(Evidence.ofConnection(drawn, dawn))
    },
    { arbitrary: { runs: 200 } }
  )

  it("has one status a state", () => {
    const { any, creation } = commands.connection
    const told = Effect.runSync(
      Arbitrary.sampleEffect(stories("connection", creation, any, 25), { count: 300, seed: 7 })
    )
    const seen = new Map<string, string>()
    for (const { after } of told.flat()) {
      if (after._tag === "Absent" || (Connection.isLinked(after) && after.paused !== undefined)) continue
      seen.set(after._tag, Evidence.ofConnection(after, DateTime.subtract(dawn, { days: 1 })).status)
    }
    expect(Object.fromEntries(seen)).toEqual({
      Proposed: "not-connected",
      AwaitingSelection: "awaiting-selection",
      AwaitingAccess: "awaiting-access",
      Connected: "connected",
      Limited: "limited",
      ReauthorizationNeeded: "reauthorization-needed",
      Disconnected: "disconnected",
      Withdrawn: "withdrawn"
    })
  })

  it.prop(
    "of a notice says that a load goes on by itself only where it does, and otherwise who must act",
    [Arbitrary.map(Arbitrary.schema(Connection.State), nearby)],
    ([state]) => {
      if (state._tag === "Absent") return
      for (const topic of Job.Topic.literals) {
        const text = Evidence.explain(topic, state, { detail: "advertising", now: dawn })
        expect(text).toMatch(/^\S.+\.$/s)
        if (!text.includes("the load goes on") && !text.includes("The load goes on")) continue
        expect(["Connected", "Limited"]).toContain(state._tag)
      }
    }
  )

  it.prop(
    "of any authorization is complete",
    [Arbitrary.map(Arbitrary.schema(Authorization.State), nearby)],
    ([state]) => {
      if (state._tag !== "Absent") complete(Evidence.ofAuthorization(state, dawn))
    },
    { arbitrary: { runs: 300 } }
  )

  it("of a declined authorization speaks of a link only when it came by one", () => {
    const declined = (origin: Authorization.Origin) =>
      Evidence.ofAuthorization(
        { _tag: "Declined", ...commands.startedAuthorization(origin), declinedAt: dawn, detail: "" },
        dawn
      ).nextStep
    expect(declined({ _tag: "ByLink", invitationId: id("invitation") })).toContain("the link stays usable")
    expect(declined({ _tag: "Direct", actor: ada })).not.toContain("link")
  })

  it("of every failure names somebody who can do something", () => {
    for (const reason of Authorization.FailureReason.literals) {
      const outcome = Evidence.ofAuthorization(
        { _tag: "Failed", ...commands.startedAuthorization(), failedAt: dawn, reason, detail: "" },
        dawn
      )
      complete(outcome)
      expect(outcome.mustAct).not.toBe("nobody")
    }
  })

  it.prop(
    "of any link is complete, and an open link past its time reads as expired",
    [Arbitrary.map(Arbitrary.schema(Invitation.State), nearby), instants],
    ([state, now]) => {
      if (state._tag === "Absent") return
      const outcome = Evidence.ofInvitation(state, now)
      complete(outcome)
      if (state._tag === "Expired") expect(outcome.label).toBe("Expired")
      expect(outcome.isOpen).toBe(outcome.label === "Open")
      if (state._tag !== "Open") expect(outcome.isOpen).toBe(false)
      if (state._tag === "Open") {
        const atEnd = Evidence.ofInvitation(state, state.expiresAt)
        expect([atEnd.label, atEnd.isOpen]).toEqual(["Expired", false])
        const justBefore = DateTime.subtract(state.expiresAt, { milliseconds: 1 })
        expect(Evidence.ofInvitation(state, justBefore).isOpen).toBe(true)
      }
    },
    { arbitrary: { runs: 200 } }
  )

  it.prop(
    "warns of a first load exactly while it is overdue or a missed deadline is owed",
    [stories("backfill", commands.backfill.creation, commands.backfill.any, 25), instants],
    ([steps, now]) => {
      for (const { after } of steps) {
        const late =
          after._tag === "Running" &&
          (after.overdueSince !== undefined ||
            after.promises.some(
              ({ completedAt, dueAt, missedAt }) =>
                completedAt === undefined &&
                (missedAt !== undefined || dueAt.epochMilliseconds <= now.epochMilliseconds)
            ))
        expect(Evidence.isOverdue(after, now)).toBe(late)
      }
      expect(Evidence.isOverdue(Backfill.initial, now)).toBe(false)
    }
  )
})
