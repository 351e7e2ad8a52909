/** Every status in words: a label, a reason, who must act, and one next step. */
import { describe, expect, it } from "@effect/vitest"
import { Authorization, Backfill, Connection, Evidence, Job, Invitation } from "@portolan/domain"
import { Arbitrary, Effect } from "effect"
import * as commands from "./support/commands.ts"
import { stories } from "./support/Story.ts"
import { ada, candidates, dawn, id, instants, nearby } from "./support/values.ts"

const complete = (outcome: Evidence.Outcome) => {
  expect(outcome.label).toMatch(/^\S.{2,30}$/)
  expect(outcome.reason).toMatch(/\S/)
  expect(["nobody", "member", "account-owner", "operator"]).toContain(outcome.mustAct)
  expect(outcome.nextStep).toMatch(/^\S.+\.$/)
}

describe("evidence", () => {
  it.prop(
    "of any connection is complete, and is proven only by the provider",
    [Arbitrary.map(Arbitrary.schema(Connection.State), nearby)],
    ([state]) => {
      if (state._tag === "Absent") return
      const evidence = Evidence.ofConnection(state)
      complete(evidence)
      expect(evidence.provenAt).toEqual(Connection.isLinked(state) ? state.provenAt : undefined)
      const waits = Connection.pendingOf(state) !== undefined
      const paused = evidence.status === "paused"
      if (waits && !paused) expect(evidence.nextStep).toContain("Pending authorizations")
      expect(evidence.mustAct === "nobody").toBe(state._tag === "Connected" && !waits && !paused)
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
      const without = Evidence.ofConnection(waiting)
      const authorization = pending([])
      const outcome = Evidence.ofAuthorization(authorization)
      const told = Evidence.ofConnection(waiting, authorization)
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
      expect(Evidence.ofConnection(drawn, { ...pending([candidate]), id: own ?? id("authorization") })).toEqual(
        Evidence.ofConnection(drawn)
      )
      if (own !== id("authorization"))
        expect(Evidence.ofConnection(drawn, pending([]))).toEqual(Evidence.ofConnection(drawn))
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
      seen.set(after._tag, Evidence.ofConnection(after).status)
    }
    expect(Object.fromEntries(seen)).toEqual({
      Proposed: "not-connected",
      AwaitingSelection: "awaiting-selection",
      AwaitingAccess: "awaiting-access",
      Connected: "connected",
      Limited: "limited",
      ReauthorizationNeeded: "reauthorization-needed",
      Disconnected: "disconnected"
    })
  })

  it.prop(
    "of a notice says that a load goes on by itself only where it does, and otherwise who must act",
    [Arbitrary.map(Arbitrary.schema(Connection.State), nearby)],
    ([state]) => {
      if (state._tag === "Absent") return
      for (const topic of Job.Topic.literals) {
        const text = Evidence.explain(topic, state, "advertising")
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
      if (state._tag !== "Absent") complete(Evidence.ofAuthorization(state))
    },
    { arbitrary: { runs: 300 } }
  )

  it("of a declined authorization speaks of a link only when it came by one", () => {
    const declined = (origin: Authorization.Origin) =>
      Evidence.ofAuthorization({
        _tag: "Declined",
        ...commands.startedAuthorization(origin),
        declinedAt: dawn,
        detail: ""
      }).nextStep
    expect(declined({ _tag: "ByLink", invitationId: id("invitation") })).toContain("the link stays usable")
    expect(declined({ _tag: "Direct", actor: ada })).not.toContain("link")
  })

  it("of every failure names somebody who can do something", () => {
    for (const reason of Authorization.FailureReason.literals) {
      const outcome = Evidence.ofAuthorization({
        _tag: "Failed",
        ...commands.startedAuthorization(),
        failedAt: dawn,
        reason,
        detail: ""
      })
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
      if (state._tag === "Open") expect(Evidence.ofInvitation(state, state.expiresAt).label).toBe("Expired")
    },
    { arbitrary: { runs: 200 } }
  )

  it.prop(
    "warns of a first load exactly while it is overdue or a missed deadline is owed",
    [stories("backfill", commands.backfill.creation, commands.backfill.any, 25)],
    ([steps]) => {
      for (const { after } of steps) {
        const late =
          after._tag === "Running" &&
          (after.overdueSince !== undefined ||
            after.promises.some((promise) => promise.missedAt !== undefined && promise.completedAt === undefined))
        expect(Evidence.isOverdue(after)).toBe(late)
      }
      expect(Evidence.isOverdue(Backfill.initial)).toBe(false)
    }
  )
})
