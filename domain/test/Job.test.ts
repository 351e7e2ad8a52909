/** Follow-up work: what waits is moved on, and nothing is lost on the way to a store. */
import { describe, expect, it } from "@effect/vitest"
import { Aggregate, Connection, Job } from "@portolan/domain"
import { Arbitrary } from "effect"
import * as commands from "./support/commands.ts"
import { read, write } from "./support/json.ts"
import { type Step, stories, tell } from "./support/Story.ts"

/** All work that a story calls for. */
const work = <K extends Aggregate.Kind>(kind: K, steps: ReadonlyArray<Step<K>>): ReadonlyArray<Job.JobRequest> =>
  steps.flatMap(({ after, events }) =>
    after._tag === "Absent" ? [] : events.flatMap((event) => Job.of[kind](after as Aggregate.Present<K>, event))
  )

describe("work", () => {
  it.prop(
    "is kept without loss",
    [Arbitrary.schema(Job.Job)],
    ([job]) => {
      expect(write(Job.Job, read(Job.Job, write(Job.Job, job)))).toBe(write(Job.Job, job))
    },
    { arbitrary: { runs: 200 } }
  )

  it.prop(
    "moves on every authorization that waits for somebody at the provider",
    [stories("authorization", commands.authorization.creation, commands.authorization.any)],
    ([steps]) => {
      const state = steps.at(-1)?.after
      if (state === undefined || (state._tag !== "Started" && state._tag !== "Exchanging")) return
      const expiry = work("authorization", steps).find((one) => one.task._tag === "ExpireAuthorization")
      if (expiry === undefined) throw new Error("the authorization never expires")
      expect(tell("authorization", [{ _tag: "Expire", at: expiry.dueAt }], state)[0]?.after._tag).toBe("Expired")
    }
  )

  it.prop(
    "closes every link that stays open",
    [stories("invitation", commands.invitation.creation, commands.invitation.any)],
    ([steps]) => {
      const state = steps.at(-1)?.after
      if (state?._tag !== "Open") return
      const expiries = work("invitation", steps).filter((one) => one.task._tag === "ExpireInvitation")
      expect(
        tell(
          "invitation",
          expiries.map(({ dueAt }) => ({ _tag: "Expire", at: dueAt })),
          state
        ).at(-1)?.after._tag
      ).toBe("Expired")
    }
  )

  it.prop(
    "proves every live connection, and ends every grant that lost its use",
    [stories("connection", commands.connection.creation, commands.connection.any, 25)],
    ([steps]) => {
      const wanted = work("connection", steps).map((one) => one.task)
      for (const { after, before, events } of steps) {
        // One that is kept to fall back to has its use (rule S-R7).
        const isKept = events.some((event) => event._tag === "Renewed" && event.keepsReplaced)
        if (Connection.isLinked(after)) {
          expect(wanted).toContainEqual({
            _tag: "ProveConnection",
            connectionId: after.id,
            grantId: after.link.grantId
          })
        }
        if (
          !isKept &&
          Connection.isLinked(before) &&
          !(Connection.isLinked(after) && after.link.grantId === before.link.grantId)
        ) {
          expect(wanted).toContainEqual(expect.objectContaining({ _tag: "EndGrant", grantId: before.link.grantId }))
        }
      }
    },
    { arbitrary: { runs: 200 } }
  )

  it("is named for every kind of aggregate", () => {
    expect(Object.keys(Job.of).toSorted()).toEqual([...Aggregate.Kind.literals].toSorted())
  })
})
